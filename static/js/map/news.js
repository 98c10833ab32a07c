// Bringing the page up to date with what the server says is new, without losing focus.
import { board, cellOf, map, placeOf } from "./dom.js";

export const seq = () => Number(map.dataset.seq || 0);

// "board" of an address that keeps the page's own filters (persona, segment).
function fragment(address) {
  return address.includes("?") ? address : address + location.search;
}

async function fetched(address) {
  const response = await fetch(fragment(address), { headers: { "X-Requested-With": "fetch" } });
  if (!response.ok || response.redirected) throw new Error(`fragment ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export async function reloadBoard() {
  const fresh = (await fetched(map.dataset.board)).getElementById("board");
  if (!fresh) return;
  const place = placeOf(document.activeElement);
  const scrolled = [board().scrollLeft, board().scrollTop];
  board().replaceWith(document.adoptNode(fresh));
  [board().scrollLeft, board().scrollTop] = scrolled;
  if (fresh.dataset.seq) map.dataset.seq = String(Math.max(seq(), Number(fresh.dataset.seq)));
  document.dispatchEvent(new CustomEvent("map:board"));
  refocus(place);
}

function refocus(place) {
  if (place && !board().contains(document.activeElement)) board().querySelector(place)?.focus({ preventScroll: true });
}

// One after the other: two boards that arrive at once would otherwise overwrite each other.
let line = Promise.resolve();

// answer as changes-create and news-read give it. Older news than the page knows is left alone.
export function applyNews(answer) {
  line = line.then(() => applied(answer)).catch(() => {});
  return line;
}

async function applied(answer) {
  if (answer.seq <= seq()) return document.dispatchEvent(new CustomEvent("map:news", { detail: answer }));
  // Arrows are told with the grid that they are drawn over.
  if (answer.board || answer.arrows) await reloadBoard();
  else {
    const place = placeOf(document.activeElement);
    for (const [key, html] of Object.entries(answer.cells ?? {})) {
      const cell = cellOf(...key.split("-"));
      if (!cell) continue;
      const parsed = new DOMParser().parseFromString(html, "text/html");
      cell.replaceChildren(...[...parsed.body.childNodes].map((node) => document.adoptNode(node)));
    }
    refocus(place);
    // What customers say is drawn with the team's points: its own module asks for both again.
    if (answer.emotion) document.dispatchEvent(new CustomEvent("map:emotion-stale"));
  }
  map.dataset.seq = String(Math.max(seq(), answer.seq));
  count(answer.evidence);
  document.dispatchEvent(new CustomEvent("map:news", { detail: answer }));
}

// How many cards rest on what, in the toolbar.
function count(evidence = {}) {
  for (const [kind, words] of Object.entries(evidence)) {
    const place = document.querySelector(`[data-evidence-count="${kind}"]`);
    if (place) place.textContent = words;
  }
}
