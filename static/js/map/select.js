// A block of cells: Shift and arrows, or Shift and a click; what can be done with it stands below.
import { announce, canEdit, map, post, toast, undoable } from "./core.js";
import { board, cardText, cellOf, kbd, make } from "./dom.js";
import { arrow, itemOf, neighbour } from "./grid.js";
import * as at from "./places.js";
import { text } from "./words.js";

let anchor = null;
let head = null;
let bar = null;

const keyOf = (cell) => cell?.dataset.cell ?? null;
const cellAt = (key) => (key ? cellOf(...key.split("-")) : null);

export const isSelected = () => anchor !== null;

// Rows of cells, as they stand on the map; without a selection the focused cell alone.
export function block() {
  const first = cellAt(anchor) ?? itemOf(document.activeElement);
  if (!first?.dataset.cell) return [];
  const last = cellAt(head) ?? first;
  const lanes = range(at.laneIds().filter((lane) => cellOf(lane, at.stepOf(first))), at.laneOf(first), at.laneOf(last));
  const all = [...board().querySelectorAll(".step-head[data-step]")].map((one) => at.id(one, "step"));
  const steps = range(all, at.stepOf(first), at.stepOf(last));
  return lanes.map((lane) => steps.map((step) => cellOf(lane, step)).filter(Boolean));
}

function range(list, a, b) {
  const [from, to] = [list.indexOf(a), list.indexOf(b)].sort((x, y) => x - y);
  return from < 0 ? [] : list.slice(from, to + 1);
}

export const selectedCells = () => block().flat();
export const selectedCards = () => selectedCells().flatMap(at.cardsOf);

function clearSelection(say = true) {
  if (!anchor) return false;
  anchor = head = null;
  paint();
  if (say) announce(text("selection_off"));
  return true;
}

function extend(from, to) {
  if (!from?.dataset.cell || !to?.dataset.cell) return;
  anchor ??= keyOf(from);
  head = keyOf(to);
  paint();
  announce(text("selected", { n: selectedCells().length }));
}

function paint() {
  for (const old of board().querySelectorAll(".sel")) {
    old.classList.remove("sel", "sel-t", "sel-b", "sel-l", "sel-r");
    old.removeAttribute("aria-selected");
  }
  const cells = anchor ? block() : [];
  cells.forEach((row, y) => row.forEach((cell, x) => {
    cell.classList.add("sel");
    cell.setAttribute("aria-selected", "true");
    cell.classList.toggle("sel-t", y === 0);
    cell.classList.toggle("sel-b", y === cells.length - 1);
    cell.classList.toggle("sel-l", x === 0);
    cell.classList.toggle("sel-r", x === row.length - 1);
  }));
  drawBar(cells);
}

function drawBar(cells) {
  bar?.remove();
  bar = null;
  const n = cells.flat().length;
  if (!n) return;
  const numbers = cells[0].map((cell) => at.stepNumber(at.stepOf(cell)));
  const button = (words, keys, run) => make("button", { type: "button", onclick: run }, words, ...kbd(...keys));
  bar = make("div", { class: "selbar", role: "toolbar", "aria-label": text("selection") },
    make("b", {}, text("cells", { n })), make("span", {}, text("steps_from_to", { from: numbers[0], to: numbers.at(-1) })),
    canEdit && button(text("set_evidence"), ["B"], askEvidence),
    button(text("copy"), [], copyBlock),
    canEdit && button(text("clear"), [], clearCells),
    make("button", { type: "button", onclick: () => clearSelection() }, "Esc"));
  map.append(bar);
}

export const askEvidence = () => document.dispatchEvent(new CustomEvent("map:evidence", { detail: { cards: selectedCards(), anchor: bar ?? document.activeElement } }));

export function clearCells() {
  const cards = selectedCards();
  if (!cards.length) return announce(text("empty"));
  const ids = cards.map(at.cardId);
  post("card-removed", { cards: ids }, { gone: ids });
  undoable(text("cards_removed", { n: ids.length }));
}

// ---------- copying as a table ----------

const lineOf = (cell) => {
  const cards = at.cardsOf(cell);
  return cards.length ? cards.map((card) => cardText(card).trim()).join("\n") : cell.innerText.replace(/\s+/g, " ").trim();
};
const quoted = (words) => (/[\t\n"]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);

function asTable() {
  const rows = block().map((row) => row.map(lineOf));
  const table = make("table", {}, make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((words) => make("td", {}, words))))));
  return { plain: rows.map((row) => row.map(quoted).join("\t")).join("\n"), html: table.outerHTML };
}

async function copyBlock() {
  const { plain, html } = asTable();
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": new Blob([plain], { type: "text/plain" }), "text/html": new Blob([html], { type: "text/html" }) })]);
    toast(text("copied", { n: selectedCells().length }));
  } catch {
    toast(text("copy_failed"), { bad: true });
  }
}

export { copyBlock };

function oncopy(event) {
  const item = itemOf(document.activeElement);
  if (!item?.dataset.cell || String(getSelection() ?? "")) return;
  const card = document.activeElement.closest(".mcard");
  const { plain, html } = asTable();
  event.preventDefault();
  const alone = card && !isSelected();
  event.clipboardData.setData("text/plain", alone ? cardText(card) : plain);
  if (!alone) event.clipboardData.setData("text/html", html);
  if (!isSelected()) {
    // Another map takes the cards themselves over, with their marks and evidence.
    const cards = (card ? [card] : at.cardsOf(item)).map(at.cardId).filter(Number.isInteger);
    if (cards.length) event.clipboardData.setData("application/x-cxm-cards", JSON.stringify(cards));
  }
  toast(text("copied", { n: alone ? 1 : selectedCells().length }));
  if (event.type === "cut" && canEdit) clearCells();
}

document.addEventListener("copy", oncopy);
document.addEventListener("cut", oncopy);

// ---------- choosing ----------

document.addEventListener("keydown", (event) => {
  const item = itemOf(event.target);
  if (!item || event.target.matches("input, textarea, select, .team-point")) return;
  if (event.key === "Escape" && event.target === item && clearSelection()) return event.preventDefault();
  if (!event.shiftKey || !arrow(event) || event.ctrlKey || event.altKey || !item.dataset.cell) return;
  event.preventDefault();
  const from = cellAt(head) ?? item;
  const to = neighbour(from, ...arrow(event));
  if (to?.dataset.cell) {
    extend(item, to);
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});

document.addEventListener("mousedown", (event) => {
  const cell = board()?.contains(event.target) ? event.target.closest("[data-cell]") : null;
  if (!cell || event.button || event.target.closest("button, a, input")) return;
  if (event.shiftKey) {
    event.preventDefault();
    extend(itemOf(document.activeElement) ?? cell, cell);
  } else clearSelection(false);
});

if (map) for (const name of ["map:news", "map:board"]) document.addEventListener(name, () => anchor && (cellAt(anchor) ? paint() : clearSelection(false)));
