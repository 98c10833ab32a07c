// A small window beside a place of the map: Esc and a click outside close it, focus goes back.
import { icon, make } from "./dom.js";
import { text } from "./words.js";

let open = null;

export function closePop(back = true) {
  if (!open) return;
  const { box, from, onclose } = open;
  open = null;
  box.remove();
  onclose?.();
  if (back && from?.isConnected) from.focus();
}

export function openPop(anchor, title, content, { css = "", focus, onclose, from = document.activeElement } = {}) {
  closePop(false);
  const id = "map-pop-title";
  const box = make("div", { class: `pop map-pop ${css}`, role: "dialog", "aria-labelledby": id },
    make("header", { role: "none" }, make("h2", { id }, title), make("button", { type: "button", class: "btn quiet icon", "aria-label": text("close"), onclick: () => closePop() }, icon("x"))), content);
  document.body.append(box);
  open = { box, from, onclose };
  lay(box, anchor);
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { event.preventDefault(); closePop(); }
    if (event.key === "Tab") keepInside(event, box);
  });
  (box.querySelector(focus ?? "input, select, textarea") ?? box.querySelector("button"))?.focus();
  return box;
}

export function lay(box, anchor) {
  const edge = (anchor?.isConnected ? anchor : document.activeElement).getBoundingClientRect();
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(edge.left, innerWidth - size.width - 8))}px`;
  const under = edge.bottom + 6 + size.height < innerHeight - 8;
  box.style.top = `${under ? edge.bottom + 6 : Math.max(8, Math.min(edge.top - size.height - 6, innerHeight - size.height - 8))}px`;
}

function keepInside(event, box) {
  const all = [...box.querySelectorAll("button, input, select, textarea, a[href]")].filter((one) => !one.disabled && one.getClientRects().length && one.tabIndex >= 0);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.box.contains(event.target) && !event.target.closest(".map-menu, dialog")) closePop(false);
}, true);

// A list one can type in: rows from find(words), Enter or a click takes one. For pickers.
export function combobox({ label, placeholder, find, take, empty }) {
  const list = make("div", { class: "menu", role: "listbox", id: "map-combo-list", "aria-label": label });
  const input = make("input", { class: "inp", type: "text", role: "combobox", autocomplete: "off", "aria-label": label, placeholder, "aria-expanded": "true", "aria-controls": "map-combo-list", "aria-autocomplete": "list" });
  const status = make("p", { class: "note", role: "status" });
  let rows = [];
  let at = 0;
  let asked = 0;

  const mark = (to) => {
    at = rows.length ? (to + rows.length) % rows.length : 0;
    [...list.children].forEach((row, n) => {
      row.classList.toggle("cur", n === at);
      row.setAttribute("aria-selected", String(n === at));
    });
    input.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };

  const refresh = async () => {
    const mine = ++asked;
    let found;
    try { found = await find(input.value.trim()); } catch { found = null; }
    if (mine !== asked) return;
    rows = found ?? [];
    status.textContent = found === null ? text("failed") : rows.length ? "" : empty;
    list.replaceChildren(...rows.map((row, n) => make("div", { class: "mi", role: "option", id: `map-combo-${n}`, onclick: () => take(row) },
      row.mark ?? icon(row.icon ?? "circle"), make("span", {}, row.label), make("span", { class: "end" }, row.end ?? ""))));
    mark(0);
  };

  input.addEventListener("input", refresh);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(at + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "Enter") { event.preventDefault(); if (rows[at]) take(rows[at]); }
  });
  refresh();
  return { box: make("div", { class: "map-combo" }, input, list, status), refresh, input };
}
