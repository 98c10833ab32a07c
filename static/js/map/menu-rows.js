// Which rows the menu of each place has: everything that keys and dragging can do stands here too.
import { canEdit, post, text } from "./core.js";
import { board, cardOf, cardText, nameOf } from "./dom.js";
import * as act from "./actions.js";
import { editCard, newCard, rename } from "./edit.js";
import * as at from "./places.js";
import { isSelected, selectedCards } from "./select.js";
import { choices, urls } from "./words.js";

const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const row = (label, iconName, run, more = {}) => ({ label: text(label), icon: iconName, run, ...more });
const bad = (label, run, n) => ({ label: text(label), icon: "trash-2", bad: true, run, end: n ? text("cards", { n }) : undefined, keys: n ? undefined : [text("key_delete")] });

const comment = (element) => row("comment", "message-square-plus", () => say("map:comment", { lane: at.laneOf(element), step: at.stepOf(element), card: at.cardId(element.closest(".mcard")), anchor: element }), { keys: ["C"] });

export function itemsFor(on, item) {
  const label = on.matches(".mcard") ? text("card") : nameOf(item) || text("cell");
  if (!canEdit) return { rows: [], label };
  if (on.matches(".mcard")) return { rows: ofCard(on), label };
  if (on.matches(".chip")) return { rows: ofChip(on), label: on.textContent.trim() };
  if (item.matches(".step-head")) return { rows: ofStep(item), label };
  if (item.matches(".lane-head")) return { rows: ofLane(item), label };
  if (item.matches("[data-cell]")) return { rows: ofCell(item), label: at.cellWords(item) };
  if (item.dataset.phase) return { rows: ofPhase(item), label };
  return { rows: [row("rename_map", "pencil", () => say("map:rename-map")), row("add_phase", "plus", () => act.addPhase()), row("add_lane", "rows-3", () => say("map:add-lane", { below: at.laneIds().at(-1), anchor: item }))], label: text("map") };
}

function ofCard(card) {
  const cell = card.closest("[data-cell]");
  const cards = at.cardsOf(cell);
  const chosen = isSelected() && selectedCards().includes(card) ? selectedCards() : cards;
  const lines = cardText(card).split("\n").filter((line) => line.trim()).length;
  const place = cards.indexOf(card);
  return [
    row("edit", "pencil", () => editCard(card), { keys: ["Enter"] }),
    row("details", "sliders-horizontal", () => say("map:details", { card }), { keep: true }),
    row("set_evidence", "circle", () => say("map:evidence", { cards: [card], anchor: card }), { keys: ["B"], keep: true }),
    comment(card),
    "-",
    row("card_above", "plus", () => newCard(cell, "", at.cardId(card))),
    row("duplicate", "copy", () => act.duplicateCards([card]), { keys: [text("key_ctrl"), "D"] }),
    lines > 1 && row("split", "split", () => act.splitCard(card)),
    chosen.length > 1 && { ...row("merge", "git-merge", () => act.mergeCards(chosen)), label: text("merge_n", { n: chosen.length }) },
    row("draw_arrow", "route", () => say("map:arrow-from", card)),
    ...arrowsOf(card),
    "-",
    row("move_left", "arrow-left", () => act.shift(card, -1, 0), { keys: ["Alt", "←"] }),
    row("move_right", "arrow-right", () => act.shift(card, 1, 0), { keys: ["Alt", "→"] }),
    row(place > 0 ? "move_up" : "move_lane_up", "arrow-up", () => act.shift(card, 0, -1), { keys: ["Alt", "↑"] }),
    row(place < cards.length - 1 ? "move_down" : "move_lane_down", "arrow-down", () => act.shift(card, 0, 1), { keys: ["Alt", "↓"] }),
    "-",
    bad("delete_card", () => act.removeCards([card])),
  ];
}

function arrowsOf(card) {
  const id = at.cardId(card);
  const all = JSON.parse(board().dataset.arrows || "[]").filter(([tail, head]) => tail === id || head === id);
  return all.map(([tail, head]) => {
    const name = cardText(cardOf(tail === id ? head : tail)).trim();
    return { label: text(tail === id ? "arrow_off_to" : "arrow_off_from", { name: name.length > 24 ? `${name.slice(0, 24)}…` : name }), icon: "x", run: () => post("arrow-removed", { tail, head }) };
  });
}

function ofChip(chip) {
  const step = at.stepOf(chip);
  const touchpoint = at.id(chip, "touchpoint");
  const page = urls.touchpoint?.replace(/0\/?$/, `${touchpoint}/`);
  return [
    page && row("open_touchpoint", "external-link", () => location.assign(page)),
    row("move_left", "arrow-left", () => act.shift(chip, -1, 0), { keys: ["Alt", "←"] }),
    row("move_right", "arrow-right", () => act.shift(chip, 1, 0), { keys: ["Alt", "→"] }),
    row("touchpoints", "shapes", () => say("map:pick-touchpoint", { step, anchor: chip }), { keep: true }),
    "-",
    bad("remove_touchpoint", () => say("map:chip-removed", chip)),
  ];
}

function ofCell(cell) {
  const [lane, step] = [at.laneOf(cell), at.stepOf(cell)];
  const cards = at.cardsOf(cell);
  const holds = at.holdsCards(lane);
  const kind = at.kindOf(lane);
  return [
    cards.length === 1 && row("edit", "pencil", () => editCard(cards[0]), { keys: ["Enter"] }),
    holds && row("new_card", "plus", () => newCard(cell), cards.length ? {} : { keys: ["Enter"] }),
    holds && row("add_file", "upload", () => say("map:upload", { lane, step, anchor: cell }), { keep: true }),
    ["touchpoints", "channels"].includes(kind) && row("touchpoints", "shapes", () => say("map:pick-touchpoint", { step, anchor: cell }), { keep: true }),
    kind === "emotion" && row("not_assumed", "ban", () => say("map:assume", { step, value: null })),
    comment(cell),
    cards.length > 0 && row("set_evidence", "circle", () => say("map:evidence", { cards, anchor: cell }), { keys: ["B"], keep: true }),
    cards.length > 1 && { ...row("merge", "git-merge", () => act.mergeCards(cards)), label: text("merge_n", { n: cards.length }) },
    "-",
    row("step_after", "plus", () => act.addStepAfter(step), { keys: ["+"] }),
    row("lane_below", "rows-3", () => say("map:add-lane", { below: lane, anchor: cell }), { keys: ["Alt", "+"], keep: true }),
    cards.length > 0 && "-",
    cards.length > 0 && bad("clear_cell", () => act.removeCards(cards), cards.length),
  ];
}

const count = (selector) => document.querySelectorAll(`#board ${selector}`).length;

function ofStep(head) {
  const step = at.id(head, "step");
  const moment = head.dataset.moment === "true";
  const next = at.after(at.stepsOf(at.phaseOf(step)), step);
  return [
    row("rename", "pencil", () => rename(head), { keys: ["F2"] }),
    row(moment ? "unset_moment" : "set_moment", moment ? "star-off" : "star", () => act.setMoment(step, !moment)),
    row("touchpoints", "shapes", () => say("map:pick-touchpoint", { step, anchor: head }), { keep: true }),
    row("opens_map", "map", () => say("map:opens", { step, anchor: head }), { keep: true }),
    urls.ask && row("ask_step", "circle-question-mark", () => location.assign(urls.ask.replace("/0/", `/${step}/`))),
    comment(head),
    "-",
    row("step_before", "plus", () => act.addStepBefore(step)),
    row("step_after", "plus", () => act.addStepAfter(step), { keys: ["+"] }),
    next && row("merge_next", "git-merge", () => act.mergeSteps(next, step)),
    row("duplicate", "copy", () => act.duplicate("step", step), { keys: [text("key_ctrl"), "D"] }),
    row("move_left", "arrow-left", () => act.shift(head, -1, 0), { keys: ["Alt", "←"] }),
    row("move_right", "arrow-right", () => act.shift(head, 1, 0), { keys: ["Alt", "→"] }),
    "-",
    bad("delete_step", () => act.remove("step", step), count(`[data-cell$="-${step}"] .mcard`)),
  ];
}

function ofPhase(head) {
  const phase = at.id(head, "phase");
  const folded = head.matches(".is-fold");
  const inside = at.stepsOf(phase);
  return [
    !folded && row("rename", "pencil", () => rename(head), { keys: ["F2"] }),
    row(folded ? "unfold" : "fold", folded ? "chevron-right" : "columns-2", () => post("phase-collapsed", { phase, collapsed: !folded })),
    row("add_step", "plus", () => act.addStep(phase), { keys: ["+"] }),
    row("phase_before", "plus", () => act.addPhase(phase)),
    row("phase_after", "plus", () => act.addPhase(at.after(at.phaseIds(), phase))),
    "-",
    row("duplicate", "copy", () => act.duplicate("phase", phase), { keys: [text("key_ctrl"), "D"] }),
    row("move_left", "arrow-left", () => act.shift(head, -1, 0), { keys: ["Alt", "←"] }),
    row("move_right", "arrow-right", () => act.shift(head, 1, 0), { keys: ["Alt", "→"] }),
    "-",
    { ...bad("delete_phase", () => act.remove("phase", phase)), end: inside.length ? text("steps", { n: inside.length }) : undefined },
  ];
}

function ofLane(head) {
  const lane = at.id(head, "lane");
  const line = head.closest('[role="row"]');
  const folded = line.matches(".thin");
  return [
    row("rename", "pencil", () => rename(head), { keys: ["F2"] }),
    row("move_up", "arrow-up", () => act.shift(head, 0, -1), { keys: ["Alt", "↑"] }),
    row("move_down", "arrow-down", () => act.shift(head, 0, 1), { keys: ["Alt", "↓"] }),
    row("lane_below", "rows-3", () => say("map:add-lane", { below: lane, anchor: head }), { keys: ["Alt", "+"], keep: true }),
    row("duplicate", "copy", () => act.duplicate("lane", lane), { keys: [text("key_ctrl"), "D"] }),
    "-",
    !line.matches(".line") && row(folded ? "unfold" : "fold", "chevrons-up-down", () => act.setLane(lane, "lane-collapsed", !folded)),
    row("hide_lane", "eye-off", () => act.setLane(lane, "lane-hidden", true)),
    "-",
    bad("delete_lane", () => act.remove("lane", lane), count(`[data-cell^="${lane}-"] .mcard`)),
  ];
}

export function laneRows(below) {
  return (choices.lanes ?? []).flatMap((group) => [{ group: group.name }, ...group.kinds.map(([kind, name]) => ({ label: name, icon: "rows-3", run: () => act.addLane(kind, below) }))]);
}
