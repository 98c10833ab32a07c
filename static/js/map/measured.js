// What customers say comes after the map itself: fetched once it is there, and put into its places.
// A cell that is drawn anew after an edit has its place for answers empty; it is filled from here.
const map = document.querySelector("[data-map]");
const kept = new Map();

const board = () => document.getElementById("board");
const placeIn = (cell) => cell.querySelector(":scope > [data-measured]");

function keep() {
  for (const cell of board()?.querySelectorAll("[data-cell]:has(> [data-measured])") ?? []) {
    const place = placeIn(cell);
    if (place.childNodes.length) kept.set(cell.dataset.cell, place.innerHTML);
  }
}

function refill() {
  for (const cell of board()?.querySelectorAll("[data-cell]:has(> [data-measured]:empty)") ?? []) {
    const words = kept.get(cell.dataset.cell);
    if (words) placeIn(cell).innerHTML = words;
  }
}

function put(page) {
  const focused = document.activeElement?.closest?.("[data-cell]")?.dataset.cell;
  const onPoint = document.activeElement?.matches?.(".team-point");
  for (const fresh of page.querySelectorAll("[data-emotion], [data-cell], [data-swap]")) {
    if (!fresh.matches("[data-emotion]") && fresh.closest("[data-emotion]")) continue;
    if (fresh.matches("[data-emotion]")) {
      const lane = fresh.querySelector("[data-lane]")?.dataset.lane;
      const old = lane && board().querySelector(`[role="row"][data-lane="${lane}"] [data-emotion]`);
      const first = old?.querySelector('.cell[tabindex="0"]')?.dataset.cell;
      old?.replaceWith(document.adoptNode(fresh));
      if (first) fresh.querySelector(`[data-cell="${first}"]`)?.setAttribute("tabindex", "0");
    } else if (fresh.dataset.swap) {
      const old = document.getElementById(fresh.id);
      if (old && old.innerHTML !== fresh.innerHTML) old.replaceWith(document.adoptNode(fresh));
    } else {
      const old = board().querySelector(`[data-cell="${fresh.dataset.cell}"]`);
      const [from, to] = [placeIn(fresh), old && placeIn(old)];
      if (from && to) to.replaceChildren(...[...from.childNodes].map((node) => document.adoptNode(node)));
    }
  }
  keep();
  document.dispatchEvent(new CustomEvent("map:emotion"));
  if (focused && !board().contains(document.activeElement)) {
    const cell = board().querySelector(`[data-cell="${focused}"]`);
    (onPoint ? cell?.querySelector(".team-point") : cell)?.focus({ preventScroll: true });
  }
}

async function load() {
  try {
    const response = await fetch(map.dataset.emotionUrl, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    put(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    const place = document.querySelector(".wait-measured");
    if (place?.dataset.failed) place.textContent = place.dataset.failed;
  }
}

document.addEventListener("map:news", refill);
document.addEventListener("map:board", () => {
  keep();
  if (board()?.querySelector('[data-measured-layer="false"]')) load();
});
document.addEventListener("map:emotion-stale", load);
if (map && document.querySelector(".wait-measured")) load();
else keep();
