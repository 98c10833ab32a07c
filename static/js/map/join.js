// Drawing an arrow: from one card, then a click or Enter on the card that it leads to.
import { announce, canEdit, map, post, text } from "./core.js";
import { board, cardOf, make } from "./dom.js";
import { focusCard } from "./actions.js";
import * as at from "./places.js";

let from = null;
let note = null;

function begin(card) {
  stop();
  from = at.cardId(card);
  note = make("p", { class: "map-tip map-join-tip", "aria-hidden": "true" }, text("arrow_to"));
  document.body.append(note);
  document.body.classList.add("map-joining");
  focusCard(card);
  announce(text("arrow_to"));
}

function stop() {
  from = null;
  note?.remove();
  document.body.classList.remove("map-joining");
}

async function join(card) {
  const [tail, head] = [from, at.cardId(card)];
  stop();
  if (tail === head) return announce(text("stays"));
  const answer = await post("arrow-set", { tail, head, both_ways: false });
  if (answer) announce(text("arrow_set"));
  const there = cardOf(head);
  if (there) focusCard(there);
}

const chosen = (target) => {
  const cell = board()?.contains(target) ? target.closest("[data-cell]") : null;
  return target.closest?.(".mcard") ?? at.cardsOf(cell)[0] ?? null;
};

if (map && canEdit) {
  document.addEventListener("map:arrow-from", (event) => begin(event.detail));
  document.addEventListener("click", (event) => {
    const card = from !== null && chosen(event.target);
    if (!card) return;
    event.preventDefault();
    event.stopPropagation();
    join(card);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (from === null || !["Enter", "Escape"].includes(event.key)) return;
    const card = event.key === "Enter" ? chosen(event.target) : null;
    event.preventDefault();
    event.stopPropagation();
    if (card) join(card);
    else { stop(); announce(text("stays")); }
  }, true);
}
