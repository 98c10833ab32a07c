// Moving through the map with keys: one tab stop, arrows between cells, Enter goes in, Esc comes out.
import { announce, map } from "./core.js";
import { board, nameOf } from "./dom.js";
import * as at from "./places.js";
import { text } from "./words.js";

const ITEMS = '[role="columnheader"], [role="rowheader"], [role="gridcell"]';
let current = null;

const shown = (element) => element.getClientRects().length > 0;
export const rows = () => [...(board()?.querySelectorAll('[role="row"]') ?? [])].map((row) => [...row.querySelectorAll(ITEMS)].filter(shown)).filter((row) => row.length);

export const itemOf = (element) => (board()?.contains(element) ? element.closest(ITEMS) : null);
export const here = () => itemOf(document.activeElement);

export function go(item) {
  if (!item) return announce(text("edge"));
  item.focus();
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function stop(item) {
  for (const old of board().querySelectorAll('[tabindex="0"]')) {
    if (old !== item && old.matches(ITEMS)) old.tabIndex = -1;
  }
  item.tabIndex = 0;
}

function wordsOf(item) {
  if (item.matches("[data-cell]")) return at.cellWords(item);
  if (item.matches(".step-head")) return text("step_n", { n: at.stepNumber(at.id(item, "step")), name: nameOf(item) });
  if (item.matches(".lane-head")) return text("lane_n", { name: nameOf(item) });
  if (item.dataset.phase) return text("phase_n", { name: nameOf(item) });
  return item.textContent.replace(/\s+/g, " ").trim();
}

document.addEventListener("focusin", (event) => {
  const item = itemOf(event.target);
  if (!item) return;
  stop(item);
  const lane = at.laneOf(item);
  const step = at.stepOf(item);
  const card = event.target.closest(".mcard");
  const key = `${lane}-${step}-${item.dataset.phase ?? ""}-${card?.dataset.card ?? ""}`;
  if (key === current) return;
  current = key;
  document.dispatchEvent(new CustomEvent("map:focus", { detail: { lane, step, card: at.cardId(card) } }));
  announce(card && event.target === card ? `${text("card")}: ${card.innerText.replace(/\s+/g, " ").trim()}` : wordsOf(item));
});

// ---------- arrows ----------

const centre = (element) => {
  const box = element.getBoundingClientRect();
  return (box.left + box.right) / 2;
};

export function place(item) {
  const all = rows();
  const row = all.findIndex((items) => items.includes(item));
  return { all, row, column: all[row]?.indexOf(item) ?? -1 };
}

// Headers may span columns, so up and down go by what stands above and below.
function nearest(items, x) {
  const over = items.find((item) => {
    const box = item.getBoundingClientRect();
    return box.left <= x && x <= box.right;
  });
  return over ?? items.reduce((best, item) => (Math.abs(centre(item) - x) < Math.abs(centre(best) - x) ? item : best));
}

export function neighbour(item, dx, dy) {
  const { all, row, column } = place(item);
  if (row < 0) return null;
  if (dx) return all[row][column + dx] ?? null;
  const target = all[Math.max(0, Math.min(all.length - 1, row + dy))];
  if (target === all[row]) return null;
  return column === 0 && item.matches('[role="rowheader"]') ? target[0] : nearest(target, centre(item));
}

function jump(item, key, whole) {
  const { all, row } = place(item);
  if (key === "Home") return whole ? all[0][0] : all[row][0];
  return whole ? all.at(-1).at(-1) : all[row].at(-1);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [0, -5], PageDown: [0, 5] };
export const arrow = (event) => ARROWS[event.key];

// Inside of a cell up and down choose a card or a chip; past its ends, and sideways, they leave it.
function within(event, target) {
  const inside = [...target.closest(ITEMS).querySelectorAll(".mcard, .chip[data-touchpoint]")];
  const [dx, dy] = ARROWS[event.key];
  const next = Math.abs(dy) === 1 ? inside[inside.indexOf(target) + dy] : null;
  if (!next) return go(neighbour(itemOf(target), dx, dy));
  next.tabIndex = -1;
  next.focus();
}

export function enter(item) {
  const inside = item.querySelector(".team-point") ?? item.querySelector(".mcard, .chip[data-touchpoint]");
  if (!inside) return false;
  if (!inside.matches("button")) inside.tabIndex = -1;
  inside.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  const item = itemOf(target);
  if (!item || event.defaultPrevented || event.altKey || event.metaKey) return;
  if (target.matches("input, textarea, select, [contenteditable]")) return;
  const slider = target.matches(".team-point");
  if (event.key === "Escape" && target !== item) {
    event.preventDefault();
    return go(item);
  }
  if (event.key === "Home" || event.key === "End") {
    event.preventDefault();
    return go(jump(item, event.key, event.ctrlKey));
  }
  if (!ARROWS[event.key] || event.shiftKey || event.ctrlKey) return;
  if (slider && !ARROWS[event.key][0]) return;
  event.preventDefault();
  if (target.matches(".mcard, .chip")) return within(event, target);
  go(neighbour(item, ...ARROWS[event.key]));
});

// A click on a card or a chip takes it, not only its cell.
document.addEventListener("pointerdown", (event) => {
  const inside = board()?.contains(event.target) && event.target.closest(".mcard, .chip[data-touchpoint]");
  if (inside) inside.tabIndex = -1;
}, true);

// ---------- after the map was drawn anew ----------

function ready() {
  const items = rows().flat();
  for (const item of items) if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
  if (items.length && !items.some((item) => item.tabIndex === 0)) (items.find((item) => item.matches("[data-cell]")) ?? items[0]).tabIndex = 0;
  const [lane, step] = (current ?? "").split("-");
  const again = lane && step && board().querySelector(`[data-cell="${lane}-${step}"]`);
  if (again) stop(again);
}

if (map) {
  ready();
  document.addEventListener("map:board", ready);
}
