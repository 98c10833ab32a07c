// Where something that is dragged would land: the line that shows it, the words that say it.
import { board, cardText, cellOf, laneRows, nameOf, phaseHead, phases, stepHead, steps } from "./dom.js";
import * as act from "./actions.js";
import * as at from "./places.js";
import { text } from "./words.js";

const THICK = 3;
const box = (element) => element.getBoundingClientRect();
const short = (words) => (words.length > 28 ? `${words.slice(0, 28)}…` : words);

function under(x, y, selector) {
  for (const element of document.elementsFromPoint(x, y)) {
    const found = board().contains(element) && element.closest(selector);
    if (found) return found;
  }
  return null;
}

function forCard(card, x, y) {
  const cell = under(x, y, "[data-cell]");
  const [lane, step] = [at.laneOf(cell), at.stepOf(cell)];
  if (!cell || !at.holdsCards(lane)) return null;
  const next = at.cardBelow(cell, y, card);
  const others = at.cardsOf(cell).filter((one) => one !== card);
  const edge = box(cell);
  const top = next ? box(next).top - 4 : others.length ? box(others.at(-1)).bottom + 2 : edge.top + 6;
  const n = at.stepNumber(step);
  const words = next ? text("drop_above", { n, lane: at.laneName(lane), name: short(cardText(next).trim()) }) : text("drop_in", { n, lane: at.laneName(lane) });
  return {
    words, line: { left: edge.left + 5, top, width: edge.width - 10, height: THICK },
    drop: () => act.moveCard(card, lane, step, next ? at.cardId(next) : null),
  };
}

function forChip(chip, x, y) {
  const step = at.stepOf(under(x, y, "[data-step]"));
  const from = at.stepOf(chip);
  if (!step) return null;
  const cell = cellOf(at.laneOf(chip), step);
  const edge = box(cell ?? stepHead(step));
  return {
    words: text("drop_on_step", { n: at.stepNumber(step), name: at.stepName(step) }),
    line: { left: edge.left + 5, top: edge.bottom - 6, width: edge.width - 10, height: THICK },
    drop: step === from ? null : () => act.moveChip(at.id(chip, "touchpoint"), from, step),
  };
}

const upright = (x) => {
  const grid = box(board());
  const room = box(board().closest(".map-scroll") ?? board());
  const top = Math.max(grid.top, room.top);
  return { left: x - 1, top, width: THICK, height: Math.min(grid.bottom, room.bottom) - top };
};

function forStep(head, x, y) {
  const id = at.id(head, "step");
  const over = steps().find((one) => box(one).left <= x && x < box(one).right);
  if (!over) {
    const phase = phases().find((one) => box(one).left <= x && x < box(one).right);
    if (!phase || phase.matches(".is-fold") || y < 0) return null;
    const to = at.id(phase, "phase");
    return { words: text("drop_in_phase", { phase: nameOf(phase) }), line: upright(box(phase).left + 4), drop: () => act.moveStep(id, to, null) };
  }
  const edge = box(over);
  const left = x < (edge.left + edge.right) / 2;
  const step = at.id(over, "step");
  const phase = at.phaseOf(step);
  const before = left ? step : at.after(at.stepsOf(phase), step);
  return {
    words: text(left ? "drop_before" : "drop_after", { name: short(nameOf(over)) }), line: upright(left ? edge.left : edge.right),
    drop: step === id ? null : () => act.moveStep(id, phase, before === id ? at.after(at.stepsOf(phase), id) : before),
  };
}

function forPhase(head, x) {
  const id = at.id(head, "phase");
  const over = phases().find((one) => box(one).left <= x && x < box(one).right);
  if (!over) return null;
  const edge = box(over);
  const left = x < (edge.left + edge.right) / 2;
  const phase = at.id(over, "phase");
  const before = left ? phase : at.after(at.phaseIds(), phase);
  return {
    words: text(left ? "drop_before" : "drop_after", { name: short(nameOf(phaseHead(phase))) }), line: upright(left ? edge.left : edge.right),
    drop: phase === id || before === id ? null : () => act.movePhase(id, before),
  };
}

function forLane(head, x, y) {
  const id = at.id(head, "lane");
  const heads = laneRows().map((row) => row.querySelector(".lane-head"));
  const over = heads.find((one) => box(one).top <= y && y < box(one).bottom);
  if (!over) return null;
  const edge = box(over);
  const above = y < (edge.top + edge.bottom) / 2;
  const lane = at.id(over, "lane");
  const before = above ? lane : at.after(at.laneIds(), lane);
  const room = box(board().closest(".map-scroll") ?? board());
  return {
    words: text(above ? "drop_over" : "drop_below", { name: short(nameOf(over)) }), line: { left: room.left, top: above ? edge.top - 1 : edge.bottom - 1, width: room.width, height: THICK },
    drop: lane === id || before === id ? null : () => act.moveLane(id, before),
  };
}

export const TARGETS = { card: forCard, chip: forChip, step: forStep, phase: forPhase, lane: forLane };
