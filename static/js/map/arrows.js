// Arrows of a service blueprint: from card to card, drawn over the grid where both are shown.
const NS = "http://www.w3.org/2000/svg";
const HEAD = 4;

function board() {
  return document.getElementById("board");
}

function shape(d) {
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", d);
  return path;
}

const head = (x, y, way) => ({
  down: `M${x - HEAD} ${y - HEAD - 1}L${x} ${y}L${x + HEAD} ${y - HEAD - 1}`,
  up: `M${x - HEAD} ${y + HEAD + 1}L${x} ${y}L${x + HEAD} ${y + HEAD + 1}`,
  right: `M${x - HEAD - 1} ${y - HEAD}L${x} ${y}L${x - HEAD - 1} ${y + HEAD}`,
  left: `M${x + HEAD + 1} ${y - HEAD}L${x} ${y}L${x + HEAD + 1} ${y + HEAD}`,
})[way];

const opposite = { down: "up", up: "down", left: "right", right: "left" };

// A straight line where the cards stand over each other or side by side, else a line with one bend.
function route(a, b) {
  const overlap = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  if (overlap > 16) {
    const x = Math.round(Math.max(a.left, b.left) + overlap * 0.5) + 0.5;
    return a.bottom <= b.top
      ? { d: `M${x} ${a.bottom}V${b.top}`, from: [x, a.bottom], to: [x, b.top], way: "down" }
      : { d: `M${x} ${a.top}V${b.bottom}`, from: [x, a.top], to: [x, b.bottom], way: "up" };
  }
  const right = b.left >= a.right;
  const [x1, x2] = right ? [a.right, b.left] : [a.left, b.right];
  const level = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const way = right ? "right" : "left";
  if (level > 8) {
    const y = Math.round(Math.max(a.top, b.top) + level / 2) + 0.5;
    return { d: `M${x1} ${y}H${x2}`, from: [x1, y], to: [x2, y], way };
  }
  const [y1, y2] = [Math.round((a.top + a.bottom) / 2) + 0.5, Math.round((b.top + b.bottom) / 2) + 0.5];
  const middle = Math.round((x1 + x2) / 2) + 0.5;
  return { d: `M${x1} ${y1}H${middle}V${y2}H${x2}`, from: [x1, y1], to: [x2, y2], way };
}

const DRAWN = ["emotion", "channels"];

// Arrows are of the cards: in front of curves and tracks they would read as one of them.
function gaps(grid, svg, edge) {
  const mask = document.createElementNS(NS, "mask");
  mask.id = "arrow-lanes";
  mask.setAttribute("maskUnits", "userSpaceOnUse");
  const box = (top, height, fill) => {
    const rect = document.createElementNS(NS, "rect");
    const sizes = { x: 0, y: top, width: grid.scrollWidth, height, fill };
    for (const [name, value] of Object.entries(sizes)) rect.setAttribute(name, value);
    mask.append(rect);
  };
  for (const [name, value] of Object.entries({ x: 0, y: 0, width: grid.scrollWidth, height: grid.scrollHeight })) mask.setAttribute(name, value);
  box(0, grid.scrollHeight, "white");
  for (const row of grid.querySelectorAll(DRAWN.map((kind) => `[role="row"][data-kind="${kind}"]`).join())) {
    const { top, height } = row.getBoundingClientRect();
    if (height) box(top - edge.top, height, "black");
  }
  const all = document.createElementNS(NS, "g");
  all.setAttribute("mask", "url(#arrow-lanes)");
  svg.append(mask, all);
  return all;
}

export function draw() {
  const grid = board();
  const svg = grid?.querySelector("svg.arrows");
  if (!svg) return;
  svg.replaceChildren();
  for (const card of grid.querySelectorAll("[data-arrow]")) card.removeAttribute("data-arrow");
  const edge = grid.getBoundingClientRect();
  const box = (card) => {
    const found = card.getBoundingClientRect();
    return { left: found.left - edge.left, right: found.right - edge.left, top: found.top - edge.top, bottom: found.bottom - edge.top };
  };
  const pairs = [];
  for (const [tail, tip, both] of JSON.parse(grid.dataset.arrows || "[]")) {
    const [a, b] = [tail, tip].map((id) => grid.querySelector(`.mcard[data-card="${id}"]`));
    if (!a?.getClientRects().length || !b?.getClientRects().length) continue;
    for (const card of [a, b]) card.setAttribute("data-arrow", "");
    pairs.push([a, b, both]);
  }
  // Marked cards are boxes and may be taller: measured only after all of them are marked.
  const lines = pairs.length ? gaps(grid, svg, edge) : svg;
  for (const [a, b, both] of pairs) {
    const line = route(box(a), box(b));
    lines.append(shape(line.d), shape(head(...line.to, line.way)));
    if (both) lines.append(shape(head(...line.from, opposite[line.way])));
  }
  svg.setAttribute("width", grid.scrollWidth);
  svg.setAttribute("height", grid.scrollHeight);
}

let asked = 0;
function later() {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(draw);
}

for (const name of ["map:news", "map:board", "map:emotion"]) document.addEventListener(name, later);
addEventListener("resize", later);
document.fonts?.ready.then(later);
if (board()) later();
