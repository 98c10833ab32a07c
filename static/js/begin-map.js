// New map: the title is suggested by what the map begins from; a chosen map chooses its own way.
const form = document.querySelector("[data-begin-map]");
const title = form?.querySelector("[name=title]");
const suggest = () => {
  title.placeholder = form.querySelector("[name=start]:checked")?.dataset.title ?? "";
};
form?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && event.target.value) {
    form.querySelector(`[value="${event.target.name.replace("_of", "")}"]`).checked = true;
  }
  suggest();
});
if (form) suggest();
