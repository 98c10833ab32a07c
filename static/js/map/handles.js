// What shows itself at the place under the pointer or focus: ⋯ for its menu, + for what comes next.
import { canEdit, map, text } from "./core.js";
import { board, icon, make, placeOf } from "./dom.js";
import * as act from "./actions.js";
import { newCard } from "./edit.js";
import * as at from "./places.js";

const more = make("button", { type: "button", class: "map-handle map-more", tabindex: "-1", hidden: true }, icon("ellipsis", "sm"), make("span", { class: "vh" }, text("menu")));
const plus = make("button", { type: "button", class: "map-handle map-plus", tabindex: "-1", hidden: true }, icon("plus", "sm"), make("span", { class: "vh" }));
let on = null;
let adds = null;
let pointer = null;
let timer = 0;

function hide() {
  on = null;
  more.hidden = plus.hidden = true;
}

// After scrolling or drawing anew something else may lie under a pointer that did not move.
function again() {
  hide();
  clearTimeout(timer);
  timer = setTimeout(() => {
    const under = pointer && document.elementFromPoint(pointer.clientX, pointer.clientY);
    if (under && board()?.contains(under)) show(under);
  }, 80);
}

function put(handle, x, y) {
  const room = (board().closest(".map-scroll") ?? board()).getBoundingClientRect();
  handle.hidden = x < room.left - 12 || x > room.right || y < room.top - 2 || y > room.bottom;
  handle.style.left = `${x}px`;
  handle.style.top = `${y}px`;
}

function show(target) {
  const card = target.closest(".mcard");
  const cell = target.closest("[data-cell]");
  const element = card ?? target.closest(".step-head, .lane-head") ?? target.closest('[role="columnheader"][data-phase]') ?? cell;
  if (!element || element === on) return;
  on = element;
  const edge = element.getBoundingClientRect();
  more.dataset.mapMore = placeOf(element) ?? "";
  const low = card && at.cardsOf(cell).at(-1) === card;
  const box = cell?.getBoundingClientRect();
  if (low) put(more, box.right - 54, box.bottom - 26);
  else put(more, edge.right - 26, card ? edge.bottom - 25 : edge.top + 2);
  more.hidden ||= element === cell;
  const next = after(element, cell, edge);
  adds = next?.run;
  if (!next) return void (plus.hidden = true);
  plus.querySelector(".vh").textContent = text(next.words);
  plus.title = text(next.words);
  put(plus, next.x - 12, next.y - 12);
}

function after(element, cell, edge) {
  if (element.matches(".step-head")) return { x: edge.right, y: edge.top + 12, words: "step_after", run: () => act.addStepAfter(at.id(element, "step")) };
  if (element.matches(".lane-head")) return { x: edge.left + 14, y: edge.bottom, words: "lane_below", run: () => document.dispatchEvent(new CustomEvent("map:add-lane", { detail: { below: at.id(element, "lane"), anchor: plus } })) };
  if (element.dataset.phase) return { x: edge.right, y: edge.top + 13, words: "phase_after", run: () => act.addPhase(at.after(at.phaseIds(), at.id(element, "phase"))) };
  if (!cell) return null;
  const box = cell.getBoundingClientRect();
  const lane = at.laneOf(cell);
  if (at.kindOf(lane) === "touchpoints") return { x: box.right - 14, y: box.bottom - 14, words: "add_touchpoint", run: () => document.dispatchEvent(new CustomEvent("map:pick-touchpoint", { detail: { step: at.stepOf(cell), anchor: cell } })) };
  if (!at.holdsCards(lane)) return null;
  return { x: box.right - 14, y: box.bottom - 14, words: "new_card", run: () => newCard(cell) };
}

if (map && canEdit) {
  document.body.append(more, plus);
  document.addEventListener("pointerover", (event) => {
    if (document.body.classList.contains("map-dragging")) return hide();
    if (board()?.contains(event.target)) show(event.target);
    else if (event.target !== more && event.target !== plus && !event.target.closest?.(".map-handle")) hide();
  });
  document.addEventListener("focusin", (event) => { if (board()?.contains(event.target)) show(event.target); });
  plus.addEventListener("click", () => adds?.());
  document.addEventListener("pointermove", (event) => { pointer = event; }, { passive: true });
  for (const name of ["map:news", "map:board", "scroll"]) addEventListener(name, again, true);
}
