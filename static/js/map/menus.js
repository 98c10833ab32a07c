// The menu of a card, cell, step, phase or lane: right click, the ⋯ button, Shift+F10.
import { canEdit, map } from "./core.js";
import { board, icon, kbd, make } from "./dom.js";
import { itemOf } from "./grid.js";
import { itemsFor } from "./menu-rows.js";

let open = null;

function closeMenu(back = true) {
  if (!open) return;
  const { box, from } = open;
  open = null;
  box.remove();
  if (back && from?.isConnected) from.focus();
}

function row(item) {
  if (item === "-") return make("hr", { role: "separator" });
  if (item.group) return make("div", { class: "g", role: "presentation" }, item.group);
  const end = item.end ?? (item.keys ? make("span", { class: "end" }, ...kbd(...item.keys)) : "");
  return make("button", {
    type: "button", role: item.checked === undefined ? "menuitem" : "menuitemradio", tabindex: "-1", class: `mi${item.bad ? " bad" : ""}`,
    "aria-checked": item.checked === undefined ? null : String(item.checked), "aria-disabled": item.off ? "true" : null,
    onclick: () => { if (item.off) return; closeMenu(!item.keep); item.run(); },
  }, item.checked === undefined ? icon(item.icon ?? "circle") : icon(item.checked ? "check" : item.icon ?? "circle"), make("span", {}, item.label), make("span", { class: "end num" }, end));
}

// at: { x, y } or an element; from: what gets the focus back.
export function openMenu(items, at, label, from = document.activeElement) {
  closeMenu(false);
  const rows = items.filter(Boolean);
  if (!rows.length) return;
  const box = make("div", { class: "pop menu map-menu", role: "menu", "aria-label": label }, ...rows.map(row));
  map.append(box);
  const edge = at instanceof Element ? at.getBoundingClientRect() : { left: at.x, bottom: at.y, top: at.y };
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(edge.left, innerWidth - size.width - 8))}px`;
  const under = edge.bottom + 4 + size.height < innerHeight - 8;
  box.style.top = `${under ? edge.bottom + 4 : Math.max(8, Math.min(edge.top - size.height - 4, innerHeight - size.height - 8))}px`;
  open = { box, from };
  box.addEventListener("keydown", move);
  box.querySelector("button")?.focus();
}

function move(event) {
  const rows = [...open.box.querySelectorAll("button")];
  const at = rows.indexOf(document.activeElement);
  event.stopPropagation();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + rows.length, Home: 0, End: rows.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    rows[to % rows.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    closeMenu();
  } else if (event.key.length === 1) {
    const letter = event.key.toLowerCase();
    [...rows.slice(at + 1), ...rows].find((one) => one.textContent.trim().toLowerCase().startsWith(letter))?.focus();
  }
}

function menuOf(target, at) {
  const item = itemOf(target);
  if (!item) return false;
  const on = target.closest(".mcard, .chip[data-touchpoint]") ?? item;
  const { rows, label } = itemsFor(on, item);
  if (!rows.length) return false;
  openMenu(rows, at ?? on, label, on.matches(".team-point") ? item : on);
  return true;
}

if (map && canEdit) {
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.box.contains(event.target)) closeMenu(false);
  }, true);
  document.addEventListener("focusin", (event) => {
    if (open && !open.box.contains(event.target)) closeMenu(false);
  });
  document.addEventListener("contextmenu", (event) => {
    if (!board()?.contains(event.target) || event.target.closest("a[href], input, textarea")) return;
    const keyed = event.button !== 2;
    event.target.closest("[tabindex]")?.focus();
    if (menuOf(event.target, keyed ? null : { x: event.clientX, y: event.clientY })) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
    if (menuOf(event.target, null)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const more = event.target.closest?.("[data-map-more]");
    if (more) menuOf(document.querySelector(more.dataset.mapMore) ?? more, more);
  });
}
