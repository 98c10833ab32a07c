// Editing in place: cards, the names of steps, phases and lanes, and the map's title.
import { addCard, announce, canEdit, post, text } from "./core.js";
import { board, cardOf, cardText, cellOf, laneHead, nameOf, phaseHead, stepHead } from "./dom.js";
import { editing, edit } from "./editor.js";
import { go, neighbour } from "./grid.js";
import * as at from "./places.js";
import { focusCard, removeCards } from "./actions.js";

const MAX_CARD = 4000;

function onwards(cell, key) {
  const now = cellOf(...cell.dataset.cell.split("-")) ?? cell;
  if (key === "Tab" || key === "Shift+Tab") return go(neighbour(now, key === "Tab" ? 1 : -1, 0) ?? now);
  if (key !== "blur") go(now);
}

// A card alone in its cell is edited in all of the cell; one of several where it stands.
function placeFor(id, key) {
  const cell = cellOf(...key.split("-"));
  const card = cardOf(id);
  return card && (at.cardsOf(cell).length > 1 || card.dataset.look) ? card : cell ?? card;
}

export function editCard(card, start = null) {
  if (!canEdit) return;
  let id = at.cardId(card);
  const cell = card.closest("[data-cell]");
  const key = cell.dataset.cell;
  const seen = cardText(card);
  const named = (event) => { if (event.detail.from === id) id = event.detail.to; };
  document.addEventListener("map:card-named", named);
  const done = () => document.removeEventListener("map:card-named", named);
  edit({
    at: () => placeFor(id, key),
    value: start ?? seen, label: at.cellWords(cell), limit: MAX_CARD, about: { card: () => id, seen },
    save(value, how) {
      done();
      const now = cardOf(id);
      if (!value && !now?.querySelector("img, a[href]")) { if (now) removeCards([now]); }
      else if (value !== seen) {
        post("card-written", { card: id, text: value, seen }, { cell: now?.closest("[data-cell]")?.dataset.cell ?? key, card: id, text: value });
      }
      const place = cardOf(id);
      if (how === "Enter" && place && at.cardsOf(place.closest("[data-cell]")).length > 1) focusCard(place);
      else onwards(cell, how);
    },
    cancel() {
      done();
      onwards(cell, "");
    },
  });
}

export function newCard(cell, start = "", before = null) {
  const lane = at.laneOf(cell);
  const step = at.stepOf(cell);
  if (!canEdit) return;
  if (!at.holdsCards(lane)) return announce(text("no_cards_here"));
  const last = at.cardsOf(cell).at(-1);
  edit({
    at: () => {
      const now = cellOf(lane, step);
      return now && last ? { getBoundingClientRect: () => below(now) } : now;
    },
    value: start, label: `${text("new_card")}, ${at.cellWords(cell)}`, limit: MAX_CARD,
    save(value, how) {
      if (value) addCard(lane, step, value, before);
      onwards(cell, how);
    },
    cancel: () => onwards(cell, ""),
  });
}

function below(cell) {
  const box = cell.getBoundingClientRect();
  const last = at.cardsOf(cell).at(-1)?.getBoundingClientRect();
  const top = Math.min(last ? last.bottom : box.top, innerHeight - 90);
  return { left: box.left, top, width: box.width, height: 56 };
}

// Typing over a cell replaces its first card's text, as in a spreadsheet; a new one where it is empty.
export function typeInto(cell, character) {
  const first = at.cardsOf(cell)[0];
  if (first && at.cardsOf(cell).length === 1) editCard(first, character);
  else newCard(cell, character);
}

const NAMES = {
  step: { find: stepHead, what: "step-renamed", limit: 120 },
  phase: { find: phaseHead, what: "phase-renamed", limit: 120 },
  lane: { find: laneHead, what: "lane-renamed", limit: 80 },
};

const kindOfHead = (head) => (head.matches(".step-head") ? "step" : head.matches(".lane-head") ? "lane" : "phase");

export function rename(head, { fresh = false, start = null } = {}) {
  if (!canEdit || !head) return;
  const kind = kindOfHead(head);
  const id = at.id(head, kind);
  const { find, what, limit } = NAMES[kind];
  const old = nameOf(head);
  edit({
    at: () => find(id), value: start ?? old, select: start === null, lines: false, limit, label: text(`rename_${kind}`),
    save(value, how) {
      if (value !== old && (value || kind === "lane")) {
        showName(find(id), value);
        post(what, { [kind]: id, name: value });
      }
      const now = find(id);
      if (!now || how === "blur") return;
      go(how === "Tab" ? neighbour(now, 1, 0) ?? now : how === "Shift+Tab" ? neighbour(now, -1, 0) ?? now : now);
    },
    cancel: () => { if (find(id)) go(find(id)); },
  });
  if (fresh) announce(text("name_it"));
}

function showName(head, name) {
  const place = head?.querySelector(".step-name, .phase-name, .lane-name");
  if (place && name) place.textContent = name;
}

const title = () => document.querySelector("[data-map-title]") ?? document.querySelector(".crumb h1");

export function renameMap() {
  const head = title();
  if (!canEdit || !head) return;
  const old = head.textContent.replaceAll("\u00ad", "").trim();
  edit({
    at: title, value: old, select: true, lines: false, limit: 160, label: text("rename_map"),
    save(value) {
      if (!value || value === old) return;
      title().textContent = value;
      post("journey-renamed", { title: value });
    },
  });
}

document.addEventListener("map:rename", (event) => rename(event.detail.head, event.detail));
document.addEventListener("map:rename-map", renameMap);

// ---------- by mouse: a card, a name or an empty cell opens on double click, a new card by "Add" ----------

document.addEventListener("dblclick", (event) => {
  if (!canEdit || event.target.closest("button, a, input, summary")) return;
  if (event.target.closest("[data-map-title], .crumb h1")) return renameMap();
  if (!board()?.contains(event.target)) return;
  const card = event.target.closest(".mcard");
  if (card) return editCard(card);
  const head = event.target.closest(".step-head, .lane-head") ?? event.target.closest('[role="columnheader"][data-phase]');
  if (head) return rename(head);
  const cell = event.target.closest("[data-cell]");
  if (cell && at.holdsCards(at.laneOf(cell))) newCard(cell);
});

document.addEventListener("click", (event) => {
  const add = canEdit && event.target.closest?.("[data-add-card]");
  if (add) newCard(add.closest("[data-cell]"));
});

// ---------- somebody else writes the card that is open here ----------

document.addEventListener("map:news", (event) => {
  const open = editing();
  if (!open?.about.card) return;
  const card = cardOf(open.about.card());
  const others = (event.detail.events ?? []).filter((one) => !one.mine).map((one) => one.who).filter(Boolean);
  if (!card) open.say(text("removed_meanwhile"));
  else if (cardText(card).trim() !== open.about.seen.trim()) open.say(text("changed_meanwhile", { who: others.at(-1) ?? text("somebody") }));
});
