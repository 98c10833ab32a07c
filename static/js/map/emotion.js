// The team's points on the emotion lane: drag or arrow keys, the curve follows, one change at the end.
import { announce, canEdit, map, post, text } from "./core.js";
import { board, kbd, make } from "./dom.js";
import { go } from "./grid.js";
import * as queue from "./queue.js";
import { signed } from "./words.js";

const LOW = -2, HIGH = 2;
const pending = new Map();
let drag = null;
let tip = null;
let timer = 0;

const laneOf = (point) => point.closest("[data-emotion]");
const nameOf = (point) => `${point.dataset.step}:${point.dataset.persona ?? ""}`;
const pointOf = (name) => [...(board()?.querySelectorAll(".team-point[data-step]") ?? [])].find((one) => nameOf(one) === name);
const valueOf = (point) => (point.dataset.value === "" || point.dataset.value === undefined ? null : Number(point.dataset.value));
const clamp = (value) => Math.max(LOW, Math.min(HIGH, value));
const round = (value, to = 0.1) => Number((Math.round(value / to) * to).toFixed(2));

function space(point) {
  const { top = 20, bottom = 204 } = laneOf(point)?.dataset ?? {};
  return { top: Number(top), bottom: Number(bottom) };
}

function yOf(point, value) {
  const { top, bottom } = space(point);
  return top + ((HIGH - value) / (HIGH - LOW)) * (bottom - top);
}

// ---------- showing a value ----------

function show(point, value) {
  const x = (point.getAttribute("transform")?.match(/translate\(([-\d.]+)/) ?? [])[1] ?? 0;
  point.setAttribute("transform", `translate(${x} ${yOf(point, value ?? 0)})`);
  point.classList.toggle("unset", value === null);
  point.dataset.value = value === null ? "" : String(value);
  point.setAttribute("aria-valuenow", String(value ?? 0));
  point.setAttribute("aria-valuetext", value === null ? text("not_assumed") : signed(value));
  redraw(laneOf(point));
}

// The same monotone cubic as the server draws (Fritsch & Butland 1984).
function slopes(xs, ys) {
  const widths = xs.slice(1).map((x, n) => x - xs[n]);
  const rises = widths.map((width, n) => (ys[n + 1] - ys[n]) / width);
  if (rises.length < 2) return xs.map(() => rises[0] ?? 0);
  const inner = rises.slice(1).map((next, n) => {
    const rise = rises[n];
    if (rise * next <= 0) return 0;
    const a = 2 * widths[n + 1] + widths[n], b = widths[n + 1] + 2 * widths[n];
    return (a + b) / (a / rise + b / next);
  });
  return [end(widths[0], widths[1], rises[0], rises[1]), ...inner, end(widths.at(-1), widths.at(-2), rises.at(-1), rises.at(-2))];
}

function end(near, far, rise, next) {
  const slope = ((2 * near + far) * rise - near * next) / (near + far);
  if (slope * rise <= 0) return 0;
  return rise * next < 0 && Math.abs(slope) > 3 * Math.abs(rise) ? 3 * rise : slope;
}

function redraw(lane) {
  const line = lane?.querySelector("[data-team]");
  if (!line) return;
  const origin = line.ownerSVGElement.getBoundingClientRect().left;
  const found = [...lane.querySelectorAll(".team-point")].filter((point) => valueOf(point) !== null).map((point) => {
    const box = point.closest("[data-cell]").getBoundingClientRect();
    return [(box.left + box.right) / 2 - origin, yOf(point, valueOf(point))];
  });
  const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
  if (xs.length < 2) return line.setAttribute("d", "");
  const tangents = slopes(xs, ys);
  const parts = [`M${xs[0].toFixed(1)} ${ys[0].toFixed(1)}`];
  for (let n = 0; n < xs.length - 1; n++) {
    const third = (xs[n + 1] - xs[n]) / 3;
    parts.push(`C${(xs[n] + third).toFixed(1)} ${(ys[n] + third * tangents[n]).toFixed(1)} ${(xs[n + 1] - third).toFixed(1)} ${(ys[n + 1] - third * tangents[n + 1]).toFixed(1)} ${xs[n + 1].toFixed(1)} ${ys[n + 1].toFixed(1)}`);
  }
  line.setAttribute("d", parts.join(""));
}

function showTip(point) {
  hideTip();
  const value = valueOf(point);
  tip = make("div", { class: "map-tip emo-tip", "aria-hidden": "true" }, make("b", {}, value === null ? text("not_assumed") : signed(value)), ` ${text("drag_or")} `, ...kbd("↑", "↓"));
  document.body.append(tip);
  const box = point.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(innerWidth - size.width - 4, box.right + 8))}px`;
  tip.style.top = `${Math.max(4, box.top - size.height - 2)}px`;
}

function hideTip() {
  tip?.remove();
  tip = null;
}

// ---------- sending ----------

async function send(name) {
  const value = pending.get(name);
  const [step, persona] = name.split(":");
  const answer = await post("step-assumed", { step: Number(step), value, ...(persona ? { persona: Number(persona) } : {}) });
  if (pending.get(name) === value) pending.delete(name);
  return answer;
}

function set(point, value, now = false) {
  const name = nameOf(point);
  pending.set(name, value);
  show(point, value);
  showTip(point);
  clearTimeout(timer);
  if (now) send(name);
  else timer = setTimeout(() => send(name), 400);
}

// What is on its way is shown again on a lane that was drawn anew meanwhile.
function again() {
  for (const entry of queue.all()) {
    if (entry.what === "step-assumed") pending.set(`${entry.args.step}:${entry.args.persona ?? ""}`, entry.args.value);
  }
  for (const [name, value] of pending) {
    const point = pointOf(name);
    if (point) show(point, value);
  }
}

// ---------- keys ----------

const KEYS = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };

function onkey(event) {
  const point = event.target.closest?.(".team-point[role=slider]");
  if (!point || event.altKey || event.ctrlKey || event.metaKey) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    event.stopPropagation();
    set(point, clamp(round((valueOf(point) ?? 0) + KEYS[event.key])));
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    event.stopPropagation();
    set(point, null, true);
    announce(text("not_assumed"));
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const all = [...laneOf(point).querySelectorAll(".team-point[role=slider]")];
    const next = all[all.indexOf(point) + (event.key === "ArrowRight" ? 1 : -1)];
    event.preventDefault();
    event.stopPropagation();
    if (next) next.focus();
    else announce(text("edge"));
  } else if (event.key === "Escape" && drag) {
    event.preventDefault();
    event.stopPropagation();
    stop(false);
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(point.closest("[data-cell]"));
  }
}

// ---------- dragging ----------

function start(event) {
  const point = event.target.closest?.(".team-point[role=slider]");
  if (!point || event.button) return;
  event.preventDefault();
  point.focus({ preventScroll: true });
  const room = point.ownerSVGElement.getBoundingClientRect();
  drag = { name: nameOf(point), before: valueOf(point), offset: event.clientY - room.top - yOf(point, valueOf(point) ?? 0), pointer: event.pointerId, moved: false };
  point.classList.add("dragging");
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const point = pointOf(drag.name);
  if (!point) return;
  const { top, bottom } = space(point);
  const y = event.clientY - point.ownerSVGElement.getBoundingClientRect().top - drag.offset;
  const value = clamp(round(HIGH - ((y - top) / (bottom - top)) * (HIGH - LOW), event.shiftKey ? 0.05 : 0.1));
  if (!drag.moved && value === (drag.before ?? 0)) return;
  drag.moved = true;
  show(point, value);
  showTip(point);
}

function stop(keep) {
  const { name, before, moved } = drag;
  const point = pointOf(name);
  drag = null;
  point?.classList.remove("dragging");
  if (!point || !moved) return;
  if (keep && valueOf(point) !== before) {
    set(point, valueOf(point), true);
    announce(signed(valueOf(point)));
  } else {
    show(point, before);
    announce(text("stays"));
  }
}

if (map && canEdit) {
  document.addEventListener("keydown", onkey, true);
  document.addEventListener("pointerdown", start);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", (event) => drag && event.pointerId === drag.pointer && stop(true));
  document.addEventListener("pointercancel", () => drag && stop(false));
  document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  document.addEventListener("focusin", (event) => (event.target.matches?.(".team-point[role=slider]") ? showTip(event.target) : hideTip()));
  addEventListener("scroll", hideTip, true);
  for (const name of ["map:emotion", "map:board", "map:news"]) document.addEventListener(name, again);
  document.addEventListener("map:assume", (event) => {
    const point = pointOf(`${event.detail.step}:`) ?? board().querySelector(`.team-point[data-step="${event.detail.step}"]`);
    if (point) set(point, event.detail.value, true);
  });
  again();
}
