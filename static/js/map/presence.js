// Who else is on the map: faces in the toolbar, a ring and a name where each of them works.
import { announce, map } from "./core.js";
import { board, cellOf, make } from "./dom.js";

const MOST = 5;
const THROTTLE = 300;
const ALIVE = 10_000;
const SETTLING = 5000;

export const tab = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");

const place = document.getElementById("presence");
const words = place?.dataset ?? {};
const me = Number(map?.dataset.me);
const people = new Map();
let since = 0;
let streaming = false;
let cell = "";

// Without a stream nobody is seen, and telling where one is would be of no use.
export function streams(open) {
  streaming = open;
  if (!open) hearPeople({ all: true, here: [], gone: [] });
}

export const peopleHere = () => people.size;

const filled = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// { all, here: [{ id, name, initials, colour, cell }], gone: [id] }, as the stream tells it.
export function hearPeople({ all, here, gone }) {
  if (all) {
    since = performance.now();
    people.clear();
  }
  // After a stream opened everybody comes again; nobody needs to hear that.
  const known = performance.now() - since > SETTLING;
  for (const person of here) {
    if (person.id === me) continue;
    if (known && !people.has(person.id)) announce(filled(words.joined, person));
    people.set(person.id, person);
  }
  for (const id of gone) {
    if (known && people.has(id)) announce(filled(words.left, people.get(id)));
    people.delete(id);
  }
  draw();
}

function draw() {
  faces();
  marks();
}

function faces() {
  if (!place) return;
  const shown = [...people.values()].slice(0, MOST);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.person : null;
  place.replaceChildren(...shown.map((person) => make("button", {
    type: "button", class: `avatar c${person.colour}`, title: person.name, "data-person": person.id,
    "aria-label": filled(words.go, person), onclick: () => go(person.id),
  }, person.initials)));
  const more = people.size - shown.length;
  if (more > 0) {
    const names = [...people.values()].slice(MOST).map((person) => person.name).join(", ");
    place.append(make("span", { class: "avatar more", role: "img", title: names, "aria-label": names }, `+${more}`));
  }
  if (focused) place.querySelector(`[data-person="${focused}"]`)?.focus();
}

function marks() {
  for (const old of board()?.querySelectorAll("[data-here]") ?? []) {
    old.classList.remove("here", "p-1", "p-2", "p-3");
    delete old.dataset.here;
  }
  for (const { name, colour, cell: key } of people.values()) {
    const found = key ? cellOf(...key.split("-")) : null;
    if (!found) continue;
    const first = name.split(" ")[0];
    if (found.dataset.here) found.dataset.here += `, ${first}`;
    else {
      found.dataset.here = first;
      found.classList.add("here", `p-${colour}`);
    }
  }
}

function go(id) {
  const key = people.get(id)?.cell;
  const found = key ? cellOf(...key.split("-")) : null;
  if (!found) return announce(filled(words.nowhere, people.get(id) ?? {}));
  found.scrollIntoView({ block: "center", inline: "center" });
  found.focus({ preventScroll: true });
}

// ---------- telling where I am ----------

let timer = 0;
let told = 0;

const token = () => {
  try { return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"]; } catch { return ""; }
};

export function sayPresent() {
  if (timer || !words.address || !streaming) return;
  timer = setTimeout(() => {
    timer = 0;
    told = performance.now();
    const body = new URLSearchParams({ tab, cell });
    // Nobody waits for it, and silence says that somebody has left.
    fetch(words.address, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => {});
  }, Math.max(0, told + THROTTLE - performance.now()));
}

// Whoever types into a field beside the cell, or looks into the toolbar, is still at the cell.
document.addEventListener("focusin", (event) => {
  const now = event.target.closest?.("#board [data-cell]")?.dataset.cell;
  if (!now || now === cell) return;
  cell = now;
  sayPresent();
});

setInterval(sayPresent, ALIVE);
for (const name of ["map:news", "map:board", "map:emotion"]) document.addEventListener(name, marks);
