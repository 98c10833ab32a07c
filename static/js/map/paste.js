// A table pasted into the map: shown in the cells first, old struck, new marked; then inserted.
import { addCard, announce, canEdit, map, post, text, toast, undoable } from "./core.js";
import { cardText, cellOf, kbd, make, steps } from "./dom.js";
import { copyCards } from "./actions.js";
import { isOpen } from "./editor.js";
import { go, itemOf } from "./grid.js";
import * as at from "./places.js";
import { tableOf } from "./tables.js";

const MAX_CELLS = 2000;
let shown = null;

function onpaste(event) {
  const item = itemOf(document.activeElement);
  if (!item?.dataset.cell || isOpen() || !canEdit) return;
  if (event.target.closest?.("input, textarea, dialog")) return;
  const [lane, step] = [at.laneOf(item), at.stepOf(item)];
  event.preventDefault();
  if (!at.holdsCards(lane)) return announce(text("no_cards_here"));
  const file = event.clipboardData.files[0];
  if (file && !event.clipboardData.getData("text/plain")) return document.dispatchEvent(new CustomEvent("map:file", { detail: { lane, step, file } }));
  const own = event.clipboardData.getData("application/x-cxm-cards");
  if (own) return copied(JSON.parse(own), lane, step);
  const found = tableOf(event.clipboardData);
  if (found) return preview(found, lane, step);
  const words = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n").trim();
  if (words.length > 4000) return toast(text("text_too_long", { n: words.length }), { bad: true });
  if (words) addCard(lane, step, words);
}

async function copied(ids, lane, step) {
  const answer = await copyCards(ids.filter(Number.isInteger), lane, step);
  if (answer?.made) undoable(text("cards_pasted", { n: ids.length }));
}

function preview(found, lane, step) {
  const rows = found.rows.filter((row) => row.some(Boolean));
  const empty = found.rows.length - rows.length;
  const cells = rows.length * (rows[0]?.length ?? 0);
  if (cells > MAX_CELLS) return toast(text("too_many_cells", { n: cells, max: MAX_CELLS }), { bad: true });
  if (!cells) return announce(text("empty"));
  shown = { ...found, rows, empty, lane, step, from: document.activeElement };
  paint();
  shown.bar.querySelector(".primary").focus();
}

function targets() {
  const { rows, lane, step } = shown;
  const lanes = at.laneIds();
  const into = lanes.slice(lanes.indexOf(lane)).filter((one) => at.holdsCards(one)).slice(0, rows.length);
  const columns = steps().map((head) => at.id(head, "step"));
  const columnIds = columns.slice(columns.indexOf(step)).slice(0, rows[0].length);
  return { into, columnIds, newLanes: rows.length - into.length, newSteps: rows[0].length - columnIds.length };
}

function paint() {
  clearViews();
  const { into, columnIds, newLanes, newSteps } = targets();
  const count = { new: 0, replaced: 0, same: 0 };
  shown.rows.forEach((row, y) => row.forEach((words, x) => {
    const cell = into[y] && columnIds[x] ? cellOf(into[y], columnIds[x]) : null;
    if (!words) return;
    const old = cell && at.cardsOf(cell)[0];
    const before = old ? cardText(old).trim() : "";
    const kind = !old ? "new" : before === words.trim() ? "same" : "replaced";
    count[kind]++;
    if (cell) view(cell, kind, before, words);
  }));
  drawBar(count, newLanes, newSteps);
}

function view(cell, kind, before, words) {
  cell.classList.add("pasting");
  cell.append(make("div", { class: "paste-view" },
    kind === "replaced" && make("del", {}, before), kind === "same" ? make("span", {}, words) : make("ins", {}, words),
    kind === "same" && make("small", { class: "muted" }, text("same_stays"))));
}

function drawBar(count, newLanes, newSteps) {
  const { rows, lane, step, empty, plain } = shown;
  const grows = [newSteps > 0 && text("adds_steps", { n: newSteps }), newLanes > 0 && text("adds_lanes", { n: newLanes })].filter(Boolean);
  const notes = [count.new && text("n_new", { n: count.new }), count.replaced && text("n_replaced", { n: count.replaced }), count.same && text("n_same", { n: count.same }), ...grows, empty && text("rows_left_out", { n: empty })].filter(Boolean);
  const bar = make("section", { class: "pop map-pastebar", role: "dialog", "aria-label": text("paste_table") },
    make("div", {}, make("b", {}, text("from_table", { n: rows.length * rows[0].length, lane: at.laneName(lane), step: at.stepNumber(step) })), make("p", { class: "muted" }, `${notes.join(", ")}.`)),
    plain && make("button", { type: "button", class: "btn", onclick: asOne }, text("as_one_card")),
    make("button", { type: "button", class: "btn", onclick: () => insert(true) }, text("as_new_lane")),
    make("button", { type: "button", class: "btn quiet", onclick: discard }, text("discard"), " ", ...kbd("Esc")),
    make("button", { type: "button", class: "btn primary", onclick: () => insert(false) }, text("insert"), " ", ...kbd("Enter")));
  bar.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { event.preventDefault(); discard(); }
  });
  const focused = shown.bar?.contains(document.activeElement);
  shown.bar?.remove();
  shown.bar = bar;
  document.body.append(bar);
  if (focused) bar.querySelector(".primary").focus();
  announce(`${bar.querySelector("b").textContent}. ${notes.join(", ")}`);
}

function clearViews() {
  for (const cell of document.querySelectorAll(".pasting")) cell.classList.remove("pasting");
  for (const one of document.querySelectorAll(".paste-view")) one.remove();
}

function close() {
  const { bar, lane, step } = shown;
  shown = null;
  clearViews();
  bar?.remove();
  const cell = cellOf(lane, step);
  if (cell) go(cell);
}

function discard() {
  close();
  announce(text("discarded"));
}

function asOne() {
  const { lane, step, text: words } = shown;
  close();
  addCard(lane, step, words.trim());
}

async function insert(asLane) {
  const { rows, lane, step } = shown;
  close();
  const place = asLane ? { lane: null, lane_name: "" } : { lane };
  const answer = await post("block-pasted", { ...place, step, block: rows });
  if (answer?.made) undoable(text("pasted", { n: rows.flat().filter(Boolean).length }));
}

if (map) {
  document.addEventListener("paste", onpaste);
  for (const name of ["map:news", "map:board"]) document.addEventListener(name, () => shown && (cellOf(shown.lane, shown.step) ? paint() : discard()));
}
