// Comments on the map: pins in the cells, the threads of one place beside it, the panel with all.
import { announce } from "./core.js";
import { board, cellOf, laneHead, make, stepHead } from "./dom.js";
import { lay, openPop } from "./pop.js";

const button = document.getElementById("comments-button");
const drafts = new Map();
let pins = null;
let box = null;
let anchor = null;
let query = "";

// ----- pins -----

async function refreshPins() {
  try {
    const answer = await fetch(button.dataset.pins, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) return;
    pins = await answer.json();
    placePins();
  } catch {
    // Without the server the pins stay as they are.
  }
}

function placePins() {
  if (!pins || !board()) return;
  const total = button.querySelector("[data-comments-total]");
  total.textContent = String(pins.total);
  total.hidden = !pins.total;
  for (const old of board().querySelectorAll(".pin")) old.remove();
  for (const [key, n] of Object.entries(pins.cells)) pin(cellOf(...key.split("-")), n);
  for (const [id, n] of Object.entries(pins.steps)) pin(stepHead(id), n);
  for (const [id, n] of Object.entries(pins.lanes)) pin(laneHead(id), n);
}

// Out of the tab order: on a focused cell the key C opens the same.
function pin(place, n) {
  place?.append(make("button", { type: "button", class: "pin", tabindex: "-1", "data-comments": n, "aria-label": `${button.dataset.words}: ${n}` }, String(n)));
}

// Before the grid takes the press for one on the cell.
for (const kind of ["pointerdown", "click"]) {
  document.addEventListener(kind, (event) => {
    const found = event.target.closest?.(".pin");
    if (!found) return;
    event.stopPropagation();
    event.preventDefault();
    const { lane, step } = found.parentElement.dataset;
    if (kind === "click") openPlace({ lane, step }, found.parentElement);
  }, true);
}

// ----- one place -----

const number = (value) => (/^\d+$/.test(String(value ?? "")) ? String(value) : null);

function openPlace({ lane, step, card }, at) {
  const values = Object.entries({ lane, step, card }).filter(([, value]) => number(value));
  return open(new URLSearchParams(values).toString(), at);
}

const openThread = (id) => open(`thread=${id}`, null);

async function open(wanted, at) {
  if (box?.isConnected && query === wanted) return box.querySelector("textarea")?.focus();
  let place;
  try {
    const answer = await fetch(`${button.dataset.place}?${wanted}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    place = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("talk-place");
  } catch {
    return document.dispatchEvent(new CustomEvent("cxm:say", { detail: { text: button.dataset.failed, bad: true } }));
  }
  show(document.adoptNode(place), wanted, at);
}

function show(place, wanted, at) {
  const { lane, step } = place.dataset;
  anchor = at ?? ((lane && step && cellOf(lane, step)) || (step && stepHead(step)) || (lane && laneHead(lane)) || button);
  if (!at && anchor !== button) anchor.scrollIntoView({ block: "center", inline: "center" });
  const from = anchor.matches('[role="gridcell"], [role="columnheader"], [role="rowheader"]') ? anchor : document.activeElement;
  const title = place.querySelector("h2").textContent.trim();
  box = openPop(anchor, title, place, { css: "talk-pop", focus: "textarea", from, onclose: keepDraft });
  query = wanted;
  const field = box.querySelector("textarea");
  if (field && drafts.has(wanted)) field.value = drafts.get(wanted);
  window.htmx?.process(box);
  lay(box, anchor);
  markRead(place);
}

function keepDraft() {
  const field = [...(box?.querySelectorAll("textarea") ?? [])].find((one) => one.value.trim());
  if (field) drafts.set(query, field.value);
  else drafts.delete(query);
  box = null;
}

// What is open before one's eyes waits no longer at the bell.
function markRead(place) {
  if (!document.querySelector("[data-bell] .count")) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const all = [...place.querySelectorAll("[data-thread]")].map((thread) =>
    fetch(`${button.getAttribute("href")}${thread.dataset.thread}/reading/`, { method: "POST", headers: { "X-CSRFToken": token } }));
  Promise.allSettled(all).then(() => document.dispatchEvent(new CustomEvent("map:talk")));
}

document.addEventListener("map:comment", (event) => openPlace(event.detail, event.detail.anchor?.closest?.("[data-cell], .step-head, .lane-head") ?? null));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-show-thread]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openThread(link.dataset.showThread);
});

// ----- the panel -----

const panel = () => document.querySelector("#panel[data-comments-panel]");

function closePanel() {
  const gone = make("div", { id: "panel", hidden: true });
  panel()?.replaceWith(gone);
  button.removeAttribute("aria-pressed");
  button.focus();
}

// The button opens, and closes what is open; before htmx asks for it again.
document.addEventListener("click", (event) => {
  const closes = event.target.closest?.("[data-close-comments]") || (event.target.closest?.("#comments-button") && panel());
  if (!closes) return;
  event.preventDefault();
  event.stopPropagation();
  closePanel();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !panel()?.contains(event.target) || event.defaultPrevented) return;
  event.preventDefault();
  closePanel();
});

// ----- what was said -----

const idle = (place) => ![...place.querySelectorAll("textarea")].some((field) => field.value.trim()) && !place.querySelector(".say.edit");

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target?.id === "panel") {
    button.removeAttribute("aria-pressed");
    if (panel()) {
      button.setAttribute("aria-pressed", "true");
      document.getElementById("comments-h").focus({ preventScroll: true });
    }
    return;
  }
  if (!box?.isConnected && !panel()) return;
  const place = box?.isConnected ? box : panel();
  if (document.activeElement === document.body) refocus(place, target);
  if (box?.isConnected && anchor) lay(box, anchor);
});

function refocus(place, target) {
  const again = (target?.id && document.getElementById(target.id)) || place;
  (again.querySelector("textarea") ?? place.querySelector("textarea, button, a"))?.focus({ preventScroll: true });
}

document.addEventListener("map:talk", (event) => {
  if (event.target === document) return;
  drafts.delete(query);
  announce(button.dataset.saved);
  refreshPins();
});

document.addEventListener("map:news", (event) => {
  placePins();
  if (!event.detail?.talk) return;
  refreshPins();
  if (!event.detail.events?.some((one) => !one.mine)) return;
  if (box?.isConnected && idle(box)) window.htmx.ajax("GET", `${button.dataset.place}?${query}`, { target: "#talk-place", swap: "outerHTML" });
  const list = panel();
  if (list && idle(list)) {
    const chosen = list.querySelector('.seg [aria-current]')?.getAttribute("href") ?? button.href;
    window.htmx.ajax("GET", chosen, { target: "#talk-list", swap: "outerHTML" });
  }
});
for (const kind of ["map:board", "map:emotion"]) document.addEventListener(kind, placePins);

if (button) {
  refreshPins();
  const wanted = new URLSearchParams(location.search).get("comment");
  if (number(wanted)) openThread(wanted);
}
