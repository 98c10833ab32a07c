// Ctrl K searches, unless the page has a command menu of its own that took the keys already.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const link = document.querySelector("[data-search]");
  if (!link || event.defaultPrevented || document.querySelector("[data-map][data-can-edit]")) return;
  event.preventDefault();
  const field = document.querySelector(".search-form input");
  if (field) field.select();
  else link.click();
});
