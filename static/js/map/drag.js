// Dragging cards, touchpoints, steps, phases and lanes with any pointer; keys and menus do the same.
import { announce, canEdit, map } from "./core.js";
import { board, kbd, make } from "./dom.js";
import { TARGETS } from "./drop.js";
import { text } from "./words.js";

const FAR = 5;
const HOLD = 350;
const EDGE = 48;

let held = null;
let drag = null;

const KINDS = [["card", ".mcard"], ["chip", ".chip[data-touchpoint]"], ["step", ".step-head[data-step]"], ["phase", '[role="columnheader"][data-phase]:not([data-step])'], ["lane", ".lane-head[data-lane]"]];

function liftable(target) {
  if (!board()?.contains(target) || target.closest("button, a, input, textarea, .team-point")) return null;
  for (const [kind, selector] of KINDS) {
    const element = target.closest(selector);
    if (element && !String(element.dataset.card ?? "").startsWith("new:")) return { kind, element };
  }
  return null;
}

function hold(event) {
  if (event.button || event.shiftKey || drag) return;
  const found = liftable(event.target);
  if (!found) return;
  held = { ...found, x: event.clientX, y: event.clientY, pointer: event.pointerId, touch: event.pointerType !== "mouse" };
  if (held.touch) held.timer = setTimeout(() => held && lift(held.x, held.y), HOLD);
}

function letGo() {
  clearTimeout(held?.timer);
  held = null;
}

function lift(x, y) {
  const { kind, element, pointer } = held;
  letGo();
  const box = element.getBoundingClientRect();
  const ghost = element.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.removeAttribute("tabindex");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("lifted", "map-ghost");
  ghost.style.width = `${Math.min(box.width, 260)}px`;
  ghost.style.height = `${Math.min(box.height, 160)}px`;
  const mark = make("div", { class: "insert map-mark", hidden: true, "aria-hidden": "true" });
  const tip = make("p", { class: "map-tip", "aria-hidden": "true" });
  document.body.append(ghost, mark, tip);
  document.body.classList.add("map-dragging");
  element.classList.add("slot");
  drag = { kind, element, pointer, ghost, mark, tip, dx: Math.min(x - box.left, 240), dy: Math.min(y - box.top, 120), x, y, target: null };
  announce(text("lifted"));
  follow();
  drag.frame = requestAnimationFrame(scroll);
}

function follow() {
  const { ghost, tip, mark, kind, element, x, y } = drag;
  ghost.style.left = `${x - drag.dx}px`;
  ghost.style.top = `${y - drag.dy}px`;
  drag.target = TARGETS[kind](element, x, y);
  const { line, words } = drag.target ?? {};
  mark.hidden = !line;
  if (line) {
    mark.classList.toggle("upright", line.width < line.height);
    for (const side of ["left", "top", "width", "height"]) mark.style[side] = `${line[side]}px`;
  }
  tip.replaceChildren(words ?? text("not_here"), " ", ...kbd("Esc"), ` ${text("back")}`);
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = `${Math.min(y + 22, innerHeight - 30)}px`;
}

// Near the edges of the map it scrolls by itself, the quicker the nearer.
function scroll() {
  if (!drag) return;
  const room = board().closest(".map-scroll") ?? board();
  const box = room.getBoundingClientRect();
  const pull = (value, low, high) => (value < low + EDGE ? value - low - EDGE : value > high - EDGE ? value - high + EDGE : 0) / 4;
  const [left, top] = [room.scrollLeft, room.scrollTop];
  room.scrollBy(pull(drag.x, box.left, box.right), pull(drag.y, box.top, box.bottom));
  if (room.scrollLeft !== left || room.scrollTop !== top) follow();
  drag.frame = requestAnimationFrame(scroll);
}

function end(keep) {
  const { ghost, mark, tip, element, target, frame } = drag;
  cancelAnimationFrame(frame);
  drag = null;
  for (const one of [ghost, mark, tip]) one.remove();
  document.body.classList.remove("map-dragging");
  element.classList.remove("slot");
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  if (keep && target?.drop) target.drop();
  else announce(text("stays"));
}

const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };

if (map && canEdit) {
  document.addEventListener("pointerdown", hold);
  document.addEventListener("pointermove", (event) => {
    if (drag && event.pointerId === drag.pointer) {
      [drag.x, drag.y] = [event.clientX, event.clientY];
      follow();
    } else if (held && event.pointerId === held.pointer && Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR) {
      if (held.touch) letGo();
      else {
        getSelection()?.removeAllRanges();
        lift(held.x, held.y);
      }
    }
  });
  document.addEventListener("pointerup", () => (drag ? end(true) : letGo()));
  document.addEventListener("pointercancel", () => (drag ? end(false) : letGo()));
  document.addEventListener("keydown", (event) => {
    if (!drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, true);
  document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  document.addEventListener("dragstart", (event) => { if (board()?.contains(event.target)) event.preventDefault(); });
  document.addEventListener("map:board", () => drag && end(false));
}
