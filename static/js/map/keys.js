// Keys that change the map, and the list of all of them. Single keys can be turned off.
import { announce, canEdit, map, redo, text, undo } from "./core.js";
import { board, kbd, make } from "./dom.js";
import * as act from "./actions.js";
import { editCard, newCard, rename, renameMap, typeInto } from "./edit.js";
import { enter, itemOf } from "./grid.js";
import * as at from "./places.js";
import * as select from "./select.js";
import { choices } from "./words.js";

const STORE = "cxm-single-keys";
const single = () => { try { return localStorage.getItem(STORE) !== "off"; } catch { return true; } };

const typing = (target) => Boolean(target.closest?.("input, textarea, select, [contenteditable], dialog"));
const modal = () => document.querySelector("dialog[open], .map-menu");

function editHere(target, item) {
  if (target.matches(".mcard")) return editCard(target);
  if (target.matches(".team-point")) return;
  if (item.matches("[data-cell]")) return editCell(item);
  if (item.dataset.phase || item.matches(".step-head, .lane-head")) return rename(item);
  if (item.matches('[role="columnheader"]')) renameMap();
}

function editCell(cell) {
  const cards = at.cardsOf(cell);
  if (cards.length > 1 || (!cards.length && !at.holdsCards(at.laneOf(cell)))) {
    const kind = at.kindOf(at.laneOf(cell));
    if (kind === "touchpoints" && !cell.querySelector(".chip")) return pickTouchpoint(cell);
    if (!enter(cell)) announce(text("no_cards_here"));
    return;
  }
  if (cards.length) editCard(cards[0]);
  else newCard(cell);
}

const pickTouchpoint = (cell) => document.dispatchEvent(new CustomEvent("map:pick-touchpoint", { detail: { step: at.stepOf(cell), anchor: cell } }));

function removeHere(target, item) {
  if (select.isSelected()) return select.clearCells();
  if (target.matches(".mcard")) return act.removeCards([target]);
  if (target.matches(".chip[data-touchpoint]")) return document.dispatchEvent(new CustomEvent("map:chip-removed", { detail: target }));
  if (item.matches("[data-cell]")) return at.cardsOf(item).length ? act.removeCards(at.cardsOf(item)) : announce(text("empty"));
  if (item.matches(".step-head")) return act.remove("step", at.id(item, "step"));
  if (item.matches(".lane-head")) return act.remove("lane", at.id(item, "lane"));
  if (item.dataset.phase) return act.remove("phase", at.id(item, "phase"));
}

function duplicateHere(target, item) {
  if (target.matches(".mcard")) return act.duplicateCards([target]);
  if (item.matches("[data-cell]")) return act.duplicateCards(at.cardsOf(item));
  if (item.matches(".step-head")) return act.duplicate("step", at.id(item, "step"));
  if (item.matches(".lane-head")) return act.duplicate("lane", at.id(item, "lane"));
  if (item.dataset.phase) return act.duplicate("phase", at.id(item, "phase"));
}

function stepAfter(item) {
  if (item.dataset.phase && !item.matches(".step-head")) return act.addStep(at.id(item, "phase"));
  const step = at.stepOf(item) ?? at.id([...board().querySelectorAll(".step-head[data-step]")].at(-1), "step");
  return step ? act.addStepAfter(step) : at.phaseIds().length ? act.addStep(at.phaseIds().at(-1)) : act.addPhase();
}

const askLane = (item) => document.dispatchEvent(new CustomEvent("map:add-lane", { detail: { below: at.laneOf(item) ?? at.laneIds().at(-1), anchor: item } }));

const isPlus = (event) => event.key === "+" || (event.altKey && event.code === "Equal") || (event.shiftKey && event.code === "BracketRight" && event.key === "*");

// Shift + is a key of its own where + stands alone on one; where + needs Shift already, Alt + asks for a lane.
function plus(event, item) {
  const lane = event.altKey || event.key === "*" || (event.shiftKey && event.code !== "Equal");
  if (lane) askLane(item);
  else stepAfter(item);
}

const SINGLES = {
  c: (item, target) => document.dispatchEvent(new CustomEvent("map:comment", { detail: { lane: at.laneOf(item), step: at.stepOf(item), card: at.cardId(target.closest(".mcard")), anchor: target } })),
  e: (item, target) => canEdit && editHere(target, item),
  b: () => canEdit && select.askEvidence(),
};

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (!map || event.defaultPrevented || typing(target) || modal()) return;
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && !event.altKey && ["z", "y"].includes(event.key.toLowerCase()) && canEdit) {
    event.preventDefault();
    return event.key.toLowerCase() === "y" || event.shiftKey ? redo() : undo();
  }
  if (event.key === "?" && single() && !ctrl) { event.preventDefault(); return showKeys(); }
  if (event.key === "p" && single() && !ctrl && !event.altKey) {
    const link = document.querySelector("#present, [data-present]");
    if (link) { event.preventDefault(); return link.click(); }
  }
  const item = itemOf(target);
  if (!item) return;
  handle(event, target, item, ctrl);
});

function handle(event, target, item, ctrl) {
  const slider = target.matches(".team-point");
  const does = (run) => { event.preventDefault(); run(); };
  if (isPlus(event) && !ctrl && canEdit && (single() || event.altKey)) return does(() => plus(event, item));
  if (event.altKey && event.key.startsWith("Arrow") && canEdit) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    return does(() => act.shift(target.matches(".mcard, .chip") ? target : item, dx, dy));
  }
  if (event.altKey || slider || target.closest("button, a")) return;
  if (ctrl && event.key.toLowerCase() === "d" && canEdit) return does(() => duplicateHere(target, item));
  if (ctrl) return;
  if ((event.key === "Enter" && !event.shiftKey) || event.key === "F2") return does(() => (canEdit ? editHere(target, item) : enter(item)));
  if (event.key === "Delete" || event.key === "Backspace") return canEdit && does(() => removeHere(target, item));
  if (single() && SINGLES[event.key] && (event.key !== "b" || select.isSelected() || target.matches(".mcard"))) return does(() => SINGLES[event.key](item, target));
  if (event.key.length === 1 && event.key !== " " && !(event.key === "/" && single()) && canEdit) startText(event, target, item);
}

// A character begins a text, as in a spreadsheet. Small c, e, p and b are keys of their own while
// single keys are on; a text that begins with one of them starts with Enter.
function startText(event, target, item) {
  const open = { "[data-cell]": () => (target.matches(".mcard") ? editCard(target, event.key) : typeInto(item, event.key)), ".step-head, .lane-head, [data-phase]": () => rename(item, { start: event.key }) };
  const found = Object.entries(open).find(([selector]) => item.matches(selector));
  if (!found) return;
  event.preventDefault();
  found[1]();
}

// ---------- the list of keys ----------

function showKeys() {
  document.getElementById("map-keys")?.remove();
  const toggle = make("input", { type: "checkbox", class: "check", id: "single-keys" });
  toggle.checked = single();
  toggle.addEventListener("change", () => { try { localStorage.setItem(STORE, toggle.checked ? "on" : "off"); } catch { /* for this page only */ } });
  const groups = (choices.keys ?? []).map((group) => make("section", {}, make("h3", {}, group.name), make("dl", { class: "keys" },
    ...group.rows.flatMap(([keys, words]) => [make("dt", {}, ...kbd(...keys)), make("dd", {}, words)]))));
  const dialog = make("dialog", { class: "dialog map-keys", id: "map-keys", "aria-labelledby": "map-keys-title" },
    make("header", {}, make("h2", { id: "map-keys-title" }, text("keys_title"))),
    make("div", { class: "body" }, ...groups),
    make("footer", {}, make("label", {}, toggle, ` ${text("single_keys")}`), make("span", { class: "sp" }), make("button", { type: "button", class: "btn primary", onclick: () => dialog.close() }, text("close"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const on = event.target.closest?.("[data-keys], [data-add-step], [data-add-phase], [data-add-lane]");
  if (!on) return;
  if (on.matches("[data-keys]")) return showKeys();
  if (!canEdit) return;
  const { addStep, addPhase, addLane } = on.dataset;
  if (addPhase !== undefined) act.addPhase(Number(addPhase) || null);
  else if (addStep !== undefined) act.addStep(Number(addStep) || at.phaseIds().at(-1));
  else if (addLane !== undefined) document.dispatchEvent(new CustomEvent("map:add-lane", { detail: { below: Number(addLane) || at.laneIds().at(-1) || null, anchor: on } }));
});

export { showKeys };
