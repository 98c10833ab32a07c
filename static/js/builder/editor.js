// The editor saves by itself: its save button is for pages without script. Menus follow what is chosen.
document.documentElement.dataset.saves = "";

// What a rule compares with is said on the button as soon as it is ticked.
document.addEventListener("change", (event) => {
  const menu = event.target.closest("details.drop:has(> summary[data-chosen])");
  if (!menu) return;
  const chosen = [...menu.querySelectorAll("input:checked")].map((box) => box.nextElementSibling.textContent);
  menu.querySelector("summary").textContent = chosen.join(", ") || "…";
});

// A new question goes after the one that is open, and its text is what one writes first.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-add]");
  if (!form) return;
  form.querySelector("[data-after]").value = document.querySelector("#rows > .on")?.dataset.question ?? "";
  form.closest("details").open = false;
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  const from = event.detail.requestConfig?.elt;
  if (!from?.matches?.("form[data-add]")) return;
  const text = document.querySelector("#question-form textarea");
  text?.focus();
  text?.select();
});

// Where list and editor stand below each other, choosing a question leads to it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.verb === "get" && event.detail.target?.id === "editor" && matchMedia("(max-width: 899.98px)").matches) document.getElementById("editor").scrollIntoView();
});
