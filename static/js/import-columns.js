// Rows of the import page come back from the server after each change: what was open stays open.
let open = "";

document.body.addEventListener("htmx:beforeSwap", (event) => {
  open = event.detail.target.querySelector?.("details[open]")?.id ?? "";
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (open) document.getElementById(open)?.setAttribute("open", "");
});
const hide = () => { for (const button of document.querySelectorAll("[data-apply]")) button.hidden = true; };
document.body.addEventListener("htmx:afterSettle", hide);
hide();
