// The map's one way to the server: changes are shown at once, queued, sent in order, and answered.
import { map, canEdit, cardOf, cellOf, placeOf } from "./dom.js";
import { applyNews, reloadBoard, seq } from "./news.js";
import { paintKept } from "./kept.js";
import * as queue from "./queue.js";
import { announce, saved, toast } from "./say.js";
import { clock, text } from "./words.js";

export { map, canEdit, announce, toast, text, applyNews, reloadBoard };

let sending = false;
let offline = false;
let tries = 0;
let timer = 0;
let editing = 0;
let savedAt = 0;
let signedOut = false;

// Modules that hold a text which is not posted yet say so; the page then warns before it closes.
export function holdOpen(held) {
  editing = Math.max(0, editing + (held ? 1 : -1));
}

// post("card-written", { card, text, seen }, { cell, card, text }) → the answer, or null where the
// change was refused or clashed, which is then said in words here. Never throws.
export function post(what, args = {}, show = null) {
  if (!canEdit) return Promise.resolve(null);
  const entry = queue.add(what, args, show);
  paint();
  // Changes of one turn of the event loop go one after the other, so the first may start at once.
  queueMicrotask(send);
  return entry.promise;
}

export async function undo() {
  const answer = await post("undone");
  if (answer) toast(text(answer.made ? "taken_back" : "nothing_to_take_back"), answer.made ? { action: { label: text("redo"), run: redo } } : {});
}

export async function redo() {
  const answer = await post("redone");
  if (answer) toast(text(answer.made ? "brought_back" : "nothing_to_bring_back"), answer.made ? { undo } : {});
}

export const undoable = (words) => toast(words, { undo });

export const made = (answer, kind) => answer?.made?.changes.find(([name]) => name === kind)?.[1] ?? null;

export const conflicts = () => queue.open().filter((entry) => entry.state === "conflict");

// Both texts are known, and somebody has chosen: the kept one may go.
export function settle(entry) {
  queue.drop(entry);
  paint();
}

const token = () => {
  try { return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"]; } catch { return ""; }
};

async function send() {
  if (sending || !queue.waiting().length) return;
  sending = true;
  clearTimeout(timer);
  state();
  try {
    while (queue.waiting().length) {
      const entry = queue.waiting()[0];
      if (!(await sent(entry))) return later();
      tries = 0;
      offline = false;
      state();
    }
  } finally {
    sending = false;
    state();
  }
}

// True where the server has answered for good, whatever it said.
async function sent(entry) {
  let response, answer;
  try {
    const body = JSON.stringify({ ...entry.args, what: entry.what, key: entry.key, since: seq() });
    response = await fetch(map.dataset.changes, {
      method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    });
    answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  } catch {
    return false;
  }
  if (response.status === 200 && answer) return accepted(entry, answer);
  if (response.redirected) return leftOut(response.url);
  if (response.status === 403 && !entry.renewed) {
    // Whoever signed in again has a new token; the page has the old one.
    const page = await renewed();
    if (page === null) return false;
    if (page.redirected) return leftOut(page.url);
    entry.renewed = true;
    return sent(entry);
  }
  signedOut = false;
  if ([429, 502, 503, 504].includes(response.status)) return false;
  if (response.status >= 500) {
    entry.failed = (entry.failed ?? 0) + 1;
    if (entry.failed < 4) return false;
  }
  refused(entry, response.status, answer);
  return true;
}

// To the sign-in page: nothing is lost, and it goes on as soon as somebody has signed in.
function leftOut(address) {
  const run = () => open(address, "_blank", "noopener");
  if (!signedOut) toast(text("signed_out"), { bad: true, action: { label: text("sign_in"), stays: true, run } });
  signedOut = true;
  return false;
}

async function renewed() {
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const headers = page.body.getAttribute("hx-headers");
    if (headers && !response.redirected) document.body.setAttribute("hx-headers", headers);
    return response;
  } catch {
    return null;
  }
}

async function accepted(entry, answer) {
  queue.drop(entry);
  savedAt = Date.now();
  if (answer.made) canUndo(entry.what);
  const id = made(answer, "card");
  if (entry.show?.card?.startsWith?.("new:") && id) {
    queue.renamed(entry.show.card, id);
    const shown = cardOf(entry.show.card);
    const focused = shown && placeOf(document.activeElement) === placeOf(shown);
    if (shown) shown.dataset.card = id;
    document.dispatchEvent(new CustomEvent("map:card-named", { detail: { from: entry.show.card, to: id } }));
    if (focused) shown.focus();
  }
  await applyNews(answer);
  paint();
  entry.resolve(answer);
  return true;
}

// A change can be undone; what was undone can come back until the next change.
function canUndo(what) {
  const [back, forth] = ["undo", "redo"].map((id) => document.getElementById(id));
  if (back && what !== "undone") back.disabled = false;
  if (forth) forth.disabled = !["undone", "redone"].includes(what);
}

function refused(entry, status, answer) {
  if (status === 409 && answer?.conflict) {
    queue.put(entry, "conflict", answer.conflict);
    paint();
    document.dispatchEvent(new CustomEvent("map:conflict", { detail: entry }));
  } else {
    const words = answer?.error ?? text(status === 403 ? "no_right" : status === 404 ? "map_gone" : "failed");
    if (entry.args.text || entry.args.name) {
      queue.put(entry, "refused", { words });
      offer(entry);
    } else {
      queue.drop(entry);
      toast(words, { bad: true });
    }
    if (status === 410 || entry.show) reloadBoard().catch(() => {}).then(paint);
  }
  entry.resolve(null);
}

// A text that has no place any more is offered back; it stays in the browser until somebody says so.
function offer(entry) {
  const typed = entry.args.text ?? entry.args.name;
  const ways = [{ label: text("copy_text"), stays: true, run: () => navigator.clipboard?.writeText(typed) }];
  const [lane, step] = (entry.show?.cell ?? "").split("-").map(Number);
  if (entry.args.text && cellOf(lane, step)) {
    ways.unshift({ label: text("as_new_card"), run: () => { queue.drop(entry); addCard(lane, step, typed); } });
  }
  toast(`${entry.answer.words} “${typed.length > 80 ? `${typed.slice(0, 80)}…` : typed}”`, {
    bad: true, action: ways, onclose: () => { queue.drop(entry); state(); },
  });
}

export function addCard(lane, step, words, before = null) {
  const card = `new:${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return { card, answer: post("card-added", { lane, step, text: words, ...(before ? { before } : {}) }, { cell: `${lane}-${step}`, card, text: words, before }) };
}

function later() {
  offline = true;
  const wait = Math.min(30_000, 1000 * 2 ** tries++);
  timer = setTimeout(send, wait);
  paint();
}

addEventListener("online", () => { tries = 0; send(); });
addEventListener("offline", () => { if (queue.waiting().length) { offline = true; paint(); } });

addEventListener("beforeunload", (event) => {
  if (queue.waiting().length || queue.open().length || editing) event.preventDefault();
});

// ---------- what is on its way, in the cells and in words ----------

function paint() {
  paintKept(offline);
  state();
}

function state() {
  const n = queue.waiting().length;
  if (n && offline) saved(text("offline", { n }), "offline");
  else if (n) saved(text("saving"), "saving");
  else if (conflicts().length) saved(text("needs_decision", { n: conflicts().length }), "conflict");
  else if (savedAt) saved(text("saved", { time: clock(savedAt) }), "saved");
}

for (const name of ["map:news", "map:board"]) document.addEventListener(name, paint);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-undo], [data-redo]");
  if (button && canEdit) (button.matches("[data-undo]") ? undo : redo)();
});

if (map && canEdit) {
  queue.restore();
  paint();
  for (const entry of queue.open().filter((one) => one.state === "refused")) offer(entry);
  setTimeout(send);
}
