// #panel beside a list: the row it shows is marked, Esc closes it and gives the focus back.
document.addEventListener("htmx:afterSwap", (event) => {
  const panel = document.getElementById("panel");
  const link = event.detail.requestConfig?.elt;
  if (event.detail.target?.id !== "panel" || !panel || !link?.closest("tr")) return;
  for (const row of document.querySelectorAll("tr.on")) row.classList.remove("on");
  for (const old of document.querySelectorAll("tr a[aria-current]")) old.removeAttribute("aria-current");
  link.closest("tr").classList.add("on");
  link.setAttribute("aria-current", "true");
  panel.querySelector("h2")?.focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.target.closest("input, textarea, select, details[open], dialog")) return;
  document.querySelector("#panel [data-close-panel]")?.click();
});
