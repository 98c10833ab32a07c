// Menus made of <details class="drop">: one open at a time, Esc and a click outside close, arrows move.
const open = () => [...document.querySelectorAll("details.drop[open]")];
const rows = (menu) => [...menu.querySelectorAll(".pop :is(a, button, input, select, label[tabindex])")].filter((row) => !row.disabled && row.type !== "hidden");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.drop") || !menu.open) return;
  for (const other of open()) if (other !== menu && !other.contains(menu)) other.open = false;
  keepInView(menu.querySelector(":scope > .pop"));
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.drop") ?? open()[0];
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return;
    move(menu, event);
  }
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.drop[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

function move(menu, event) {
  if (!menu.contains(event.target)) return;
  event.preventDefault();
  menu.open = true;
  const list = rows(menu);
  const at = list.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length]?.focus();
}

function keepInView(pop) {
  if (!pop) return;
  const edge = pop.getBoundingClientRect();
  if (edge.right > document.documentElement.clientWidth - 4) pop.parentElement.classList.add("end");
}
