// What can be done to the map, said once for keys, menus and the command menu.
import { addCard, announce, made, post, undoable } from "./core.js";
import { board, cardOf, cardText, cellOf, laneHead, nameOf, phaseHead, stepHead } from "./dom.js";
import * as at from "./places.js";
import { text } from "./words.js";

const short = (words) => (words.length > 40 ? `${words.slice(0, 40)}…` : words);

// ---------- cards ----------

export function removeCards(cards) {
  const ids = cards.map(at.cardId).filter(Boolean);
  if (!ids.length) return;
  const cell = cards[0].closest("[data-cell]");
  for (const card of cards) card.classList.add("leaving");
  post("card-removed", { cards: ids }, { gone: ids });
  const words = cards.length === 1 ? text("card_removed", { name: short(cardText(cards[0]).trim()) }) : text("cards_removed", { n: cards.length });
  undoable(words);
  announce(words);
  cell?.focus();
}

export async function duplicateCards(cards) {
  const cell = cards[0]?.closest("[data-cell]");
  if (!cell) return;
  const answer = await post("card-copied", { cards: cards.map(at.cardId), lane: at.laneOf(cell), step: at.stepOf(cell) });
  if (answer) cardOf(made(answer, "card"))?.focus();
}

export const copyCards = (ids, lane, step) => post("card-copied", { cards: ids, lane, step });

// Everything goes through here that moves a card, so that it is always said where it went.
export async function moveCard(card, lane, step, before = null) {
  const id = at.cardId(card);
  const answer = await post("card-moved", { card: id, lane, step, ...(before ? { before } : {}) });
  if (!answer) return;
  const there = cardOf(id);
  if (there) focusCard(there);
  if (answer.made) announce(text("moved_to", { place: at.cellWords(cellOf(lane, step)) }));
}

export function focusCard(card) {
  card.tabIndex = -1;
  card.focus();
}

export const splitCard = (card) => post("card-split", { card: at.cardId(card) });

export async function mergeCards(cards) {
  const first = at.cardId(cards[0]);
  const answer = await post("card-merged", { cards: cards.map(at.cardId) });
  if (!answer) return;
  undoable(text("cards_merged", { n: cards.length }));
  cardOf(first)?.focus();
}

export { addCard };

// ---------- steps, phases, lanes ----------

const NEW = { phase: "new_phase", step: "new_step" };
const HEAD = { phase: phaseHead, step: stepHead, lane: laneHead };

// The new row's name opens at once, as text to type over.
async function begun(kind, what, args) {
  const answer = await post(what, args);
  if (!answer?.made) return;
  const head = HEAD[kind](made(answer, kind));
  if (!head) return;
  head.scrollIntoView({ block: "nearest", inline: "nearest" });
  head.focus();
  document.dispatchEvent(new CustomEvent("map:rename", { detail: { head, fresh: true } }));
}

export async function addStep(phase, before = null) {
  if (!phase) return addPhase();
  return begun("step", "step-added", { phase, name: text(NEW.step), ...(before ? { before } : {}) });
}

export const addStepAfter = (step) => addStep(at.phaseOf(step), at.after(at.stepsOf(at.phaseOf(step)), step));
export const addStepBefore = (step) => addStep(at.phaseOf(step), step);
export const addPhase = (before = null) => begun("phase", "phase-added", { name: text(NEW.phase), ...(before ? { before } : {}) });

export async function addLane(kind, below = null, name = "") {
  const before = below ? at.after(at.laneIds(), below) : null;
  const answer = await post("lane-added", { kind, name, ...(before ? { before } : {}) });
  if (!answer?.made) return;
  const head = laneHead(made(answer, "lane"));
  head?.scrollIntoView({ block: "nearest" });
  head?.focus();
  announce(text("lane_added", { name: nameOf(head) }));
}

export async function remove(kind, id) {
  const name = nameOf(HEAD[kind](id));
  const neighbour = { phase: at.phaseIds, step: () => at.stepsOf(at.phaseOf(id)), lane: at.laneIds }[kind]();
  const next = at.after(neighbour, id) ?? at.before(neighbour, id);
  const answer = await post(`${kind}-removed`, { [kind]: id });
  if (!answer) return;
  undoable(text(`${kind}_removed`, { name }));
  (HEAD[kind](next) ?? board().querySelector('[tabindex="0"]'))?.focus();
}

export async function duplicate(kind, id) {
  const answer = await post(`${kind}-duplicated`, { [kind]: id });
  if (answer) HEAD[kind](made(answer, kind))?.focus();
}

export async function movePhase(phase, before) {
  const answer = await post("phase-moved", { phase, ...(before ? { before } : {}) });
  if (answer?.made) said("phase", phase, text("phase_moved", { name: nameOf(phaseHead(phase)), n: at.phaseIds().indexOf(phase) + 1 }));
}

export async function moveStep(step, phase, before) {
  const answer = await post("step-moved", { step, phase, ...(before ? { before } : {}) });
  if (answer?.made) said("step", step, text("step_moved", { name: at.stepName(step), n: at.stepNumber(step), phase: nameOf(phaseHead(phase)) }));
}

export async function moveLane(lane, before) {
  const answer = await post("lane-moved", { lane, ...(before ? { before } : {}) });
  if (answer?.made) said("lane", lane, text("lane_moved", { name: at.laneName(lane), n: at.laneIds().indexOf(lane) + 1 }));
}

function said(kind, id, words) {
  HEAD[kind](id)?.focus();
  announce(words);
}

export async function setLane(lane, what, value) {
  const name = at.laneName(lane);
  const field = { "lane-collapsed": "collapsed", "lane-hidden": "hidden" }[what];
  const answer = await post(what, { lane, [field]: value });
  if (answer && what === "lane-hidden" && value) undoable(text("lane_hidden", { name }));
}

export async function setMoment(step, value) {
  const answer = await post("step-moment", { step, is_moment: value });
  if (answer) announce(text(value ? "is_moment" : "no_moment", { name: at.stepName(step) }));
}

export async function mergeSteps(step, into) {
  const name = at.stepName(step);
  const answer = await post("step-merged", { step, into });
  if (answer) undoable(text("step_merged", { name }));
}

// One place to the left, right, up or down, for whatever has the focus.
export function shift(element, dx, dy) {
  if (element.matches(".mcard")) return shiftCard(element, dx, dy);
  if (element.matches(".chip")) return shiftChip(element, dx);
  if (element.matches("[data-cell]")) return at.cardsOf(element)[0] && shiftCard(at.cardsOf(element)[0], dx, dy);
  if (element.matches(".step-head") && dx) return shiftStep(at.id(element, "step"), dx);
  if (element.matches(".lane-head") && dy) return shiftLane(at.id(element, "lane"), dy);
  if (element.matches("[data-phase]") && dx) return shiftPhase(at.id(element, "phase"), dx);
}

function shiftCard(card, dx, dy) {
  const lane = at.laneOf(card);
  const step = at.stepOf(card);
  if (dx) {
    const next = neighbourStep(step, dx);
    return next && cellOf(lane, next) ? moveCard(card, lane, next) : announce(text("edge"));
  }
  const cards = at.cardsOf(card.closest("[data-cell]"));
  const place = cards.indexOf(card);
  if (dy < 0 && place > 0) return moveCard(card, lane, step, at.cardId(cards[place - 1]));
  if (dy > 0 && place < cards.length - 1) return moveCard(card, lane, step, at.cardId(cards[place + 2]) ?? null);
  const lanes = at.laneIds().filter((one) => at.holdsCards(one) && cellOf(one, step));
  const next = dy < 0 ? at.before(lanes, lane) : at.after(lanes, lane);
  return next ? moveCard(card, next, step) : announce(text("edge"));
}

function neighbourStep(step, dx) {
  const all = [...board().querySelectorAll(".step-head[data-step]")].map((head) => at.id(head, "step"));
  return dx < 0 ? at.before(all, step) : at.after(all, step);
}

export async function moveChip(touchpoint, step, to) {
  const answer = await post("touchpoint-moved", { step, touchpoint, to });
  if (answer?.made) announce(text("moved_to", { place: text("step_n", { n: at.stepNumber(to), name: at.stepName(to) }) }));
  board().querySelector(`[data-cell$="-${to}"] .chip[data-touchpoint="${touchpoint}"]`)?.focus();
}

function shiftChip(chip, dx) {
  const step = at.stepOf(chip);
  const next = dx ? neighbourStep(step, dx) : null;
  return next ? moveChip(at.id(chip, "touchpoint"), step, next) : announce(text("edge"));
}

function shiftStep(step, dx) {
  const phase = at.phaseOf(step);
  const inside = at.stepsOf(phase);
  if (dx < 0 && at.before(inside, step)) return moveStep(step, phase, at.before(inside, step));
  if (dx > 0 && at.after(inside, step)) return moveStep(step, phase, inside[inside.indexOf(step) + 2] ?? null);
  const next = dx < 0 ? at.before(at.phaseIds(), phase) : at.after(at.phaseIds(), phase);
  if (!next) return announce(text("edge"));
  return moveStep(step, next, dx > 0 ? at.stepsOf(next)[0] ?? null : null);
}

function shiftPhase(phase, dx) {
  const all = at.phaseIds();
  const place = all.indexOf(phase);
  if (dx < 0 ? place <= 0 : place >= all.length - 1) return announce(text("edge"));
  return movePhase(phase, dx < 0 ? all[place - 1] : all[place + 2] ?? null);
}

function shiftLane(lane, dy) {
  const all = at.laneIds();
  const place = all.indexOf(lane);
  if (dy < 0 ? place <= 0 : place >= all.length - 1) return announce(text("edge"));
  return moveLane(lane, dy < 0 ? all[place - 1] : all[place + 2] ?? null);
}
