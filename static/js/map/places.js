// Where things stand on the map: which step is next, what phase it belongs to, and how to say it.
import { board, cardText, laneHead, laneRows, nameOf, phases, stepHead, steps } from "./dom.js";
import { text } from "./words.js";

export const id = (element, name) => Number(element?.dataset[name]) || null;

export const stepOf = (element) => id(element?.closest?.("[data-step]"), "step");
export const laneOf = (element) => id(element?.closest?.("[data-lane]"), "lane");

const middle = (element) => {
  const box = element.getBoundingClientRect();
  return (box.left + box.right) / 2;
};

export function phaseOf(step) {
  const head = stepHead(step);
  if (!head) return null;
  if (head.dataset.phase) return Number(head.dataset.phase);
  const at = middle(head);
  const found = phases().find((phase) => {
    const box = phase.getBoundingClientRect();
    return box.left <= at && at <= box.right;
  });
  return id(found, "phase");
}

export const stepsOf = (phase) => steps().map((head) => id(head, "step")).filter((step) => phaseOf(step) === phase);
export const phaseIds = () => phases().map((head) => id(head, "phase"));
export const laneIds = () => laneRows().map((row) => id(row, "lane"));

export function after(list, one) {
  const at = list.indexOf(one);
  return at >= 0 ? list[at + 1] ?? null : null;
}

export const before = (list, one) => list[list.indexOf(one) - 1] ?? null;

// Lanes whose cells show what steps, catalogue or answers say, and lines across the map.
const DERIVED = new Set(["touchpoints", "channels", "emotion", "indicators", "interaction", "visibility", "internal"]);

export const kindOf = (lane) => board()?.querySelector(`[role="row"][data-lane="${lane}"]`)?.dataset.kind ?? "";
export const holdsCards = (lane) => lane !== null && !DERIVED.has(kindOf(lane));
export const cardsOf = (cell) => [...(cell?.querySelectorAll(".mcard") ?? [])];
export const cardId = (card) => {
  const value = card?.dataset.card ?? null;
  return value === null ? null : /^\d+$/.test(value) ? Number(value) : value;
};

export const stepNumber = (step) => steps().findIndex((head) => id(head, "step") === step) + 1;
export const stepName = (step) => nameOf(stepHead(step));
export const laneName = (lane) => nameOf(laneHead(lane));

// "Step 4, Customer action: Looks for the counter, 2 cards"
export function cellWords(cell) {
  const step = stepOf(cell);
  const lane = laneOf(cell);
  const cards = cardsOf(cell);
  const place = text("place", { n: stepNumber(step), step: stepName(step), lane: laneName(lane) });
  if (!cards.length) {
    const inside = holdsCards(lane) ? "" : cell.textContent.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
    return `${place}: ${inside || text("empty")}`;
  }
  const first = cardText(cards[0]).trim() || text("card");
  return `${place}: ${first}${cards.length > 1 ? `, ${text("cards", { n: cards.length })}` : ""}`;
}

// The card in front of which one lands that is dropped at a height; null is "as the last".
export function cardBelow(cell, y, except) {
  return cardsOf(cell).find((card) => {
    if (card === except) return false;
    const box = card.getBoundingClientRect();
    return y < (box.top + box.bottom) / 2;
  }) ?? null;
}
