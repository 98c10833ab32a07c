// form[data-autosubmit]: a changed filter loads at once; without script its button does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  // A search that loads while typing has loaded already; leaving it must not load once more.
  if (form && !(form.hasAttribute("hx-get") && event.target.type === "search")) form.requestSubmit();
});
for (const button of document.querySelectorAll("form[data-autosubmit] [data-apply]")) button.hidden = true;
