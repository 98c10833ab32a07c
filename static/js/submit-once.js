// A form that is on its way is not sent a second time; coming back to the page frees it again.
// Forms that bring a file ([data-download]) leave the page standing: they can be sent again.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-delete], [data-hx-post], [data-download]")) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  form.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    sent.delete(form);
    form.removeAttribute("aria-busy");
  }
});
