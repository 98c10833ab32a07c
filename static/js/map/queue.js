// Every change waits here until the server has it: kept in the browser, sent in order, each with a
// key of its own, so that sending it twice does it once. Closing the page does not lose it.
import { map } from "./dom.js";

const prefix = map ? `cxm-map:${map.dataset.journey}:${map.dataset.me}:` : "";
const entries = [];

function stored(entry) {
  try {
    const { key, what, args, show, at, order, state, answer } = entry;
    localStorage.setItem(prefix + key, JSON.stringify({ key, what, args, show, at, order, state, answer }));
  } catch {
    // A full or forbidden store: the change still waits in this page, which warns before it closes.
    entry.unstored = true;
  }
}

function read() {
  const found = [];
  try {
    for (let n = 0; n < localStorage.length; n++) {
      const name = localStorage.key(n);
      if (prefix && name.startsWith(prefix)) found.push(JSON.parse(localStorage.getItem(name)));
    }
  } catch {
    return found;
  }
  return found.sort((a, b) => a.order - b.order);
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export const waiting = () => entries.filter((entry) => entry.state === "waiting");
export const open = () => entries.filter((entry) => entry.state !== "waiting");
export const all = () => entries;

// show: { cell: "lane-step", card, text } where the change is seen at once.
export function add(what, args, show) {
  const now = Date.now();
  const order = Math.max(now, ...entries.map((entry) => entry.order + 1));
  const entry = { key: uuid(), what, args, show, at: now, order, state: "waiting" };
  entry.promise = new Promise((resolve) => { entry.resolve = resolve; });
  entries.push(entry);
  stored(entry);
  return entry;
}

export function put(entry, state, answer) {
  entry.state = state;
  entry.answer = answer;
  stored(entry);
}

export function drop(entry) {
  const at = entries.indexOf(entry);
  if (at >= 0) entries.splice(at, 1);
  try { localStorage.removeItem(prefix + entry.key); } catch { /* nothing was kept */ }
}

// What an earlier page of this map could not send.
export function restore() {
  for (const kept of read()) {
    if (entries.some((entry) => entry.key === kept.key)) continue;
    kept.promise = new Promise((resolve) => { kept.resolve = resolve; });
    entries.push(kept);
  }
  entries.sort((a, b) => a.order - b.order);
}

// A card that was new while its first text waited has its number now.
export function renamed(from, to) {
  for (const entry of entries) {
    const before = JSON.stringify([entry.args, entry.show]);
    const after = before.replaceAll(`"${from}"`, String(to));
    if (before === after) continue;
    [entry.args, entry.show] = JSON.parse(after);
    stored(entry);
  }
}
