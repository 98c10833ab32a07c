// What colleagues change arrives by itself: a stream says that something is new, the page then asks
// for it as itself. Where no stream can be had it asks every few seconds.
import { applyNews, map } from "./core.js";
import { seq } from "./news.js";
import { hearPeople, peopleHere, sayPresent, streams, tab } from "./presence.js";
import { saved } from "./say.js";

const EVERY = 4000;
const AGAIN = 30_000;
const HIDDEN = 5 * 60_000;
const LOST = 8000;
// A browser opens six connections to a server; streams of many tabs must leave some for pages.
const SLOTS = 4;

const { news, live } = map?.dataset ?? {};
// A past state stays as it was.
const past = new URLSearchParams(location.search).has("at");

let source = null;
let leaveSlot = null;
let connecting = false;
let failures = 0;
let over = false;

// ---------- asking what is new ----------

let wanted = 0;
let timer = 0;
let asking = false;
let pause = 0;

function hear(number) {
  wanted = Math.max(wanted, number);
  soon();
}

// One's own change usually answers for itself before this; many people do not ask all at once.
const moment = () => 30 + Math.random() * Math.min(300, 6 * peopleHere());

function soon() {
  if (!timer && !asking && !over && wanted > seq()) timer = setTimeout(ask, Math.max(pause, moment()));
}

async function ask() {
  timer = 0;
  if (asking || over) return;
  asking = true;
  const before = seq();
  try {
    const response = await fetch(`${news}?since=${before}`, { headers: { Accept: "application/json" } });
    if (response.redirected || [401, 403, 404].includes(response.status)) return stop();
    if (!response.ok) throw new Error(`news ${response.status}`);
    const answer = await response.json();
    await applyNews(answer);
    wanted = Math.max(wanted, answer.seq);
    found();
  } catch {
    lost();
  } finally {
    asking = false;
  }
  // Where it led nowhere it is tried again, but not at once.
  pause = seq() > before || wanted <= before ? 0 : Math.min(15_000, (pause || 1000) * 2);
  soon();
}

setInterval(() => {
  if (!source && !document.hidden) ask();
}, EVERY);

function stop() {
  over = true;
  close();
}

// ---------- the stream ----------

async function slot() {
  if (!navigator.locks) return () => {};
  for (let number = 1; number <= SLOTS; number += 1) {
    const release = await new Promise((found) => {
      navigator.locks.request(`cxm-live-${number}`, { ifAvailable: true }, (lock) => (
        lock ? new Promise((end) => found(end)) : found(null)
      )).catch(() => found(null));
    });
    if (release) return release;
  }
  return null;
}

async function connect() {
  if (source || connecting || over || !live || !window.EventSource) return;
  connecting = true;
  leaveSlot = await slot();
  connecting = false;
  if (!leaveSlot) return void setTimeout(connect, AGAIN);
  if (over) return close();
  const stream = new EventSource(`${live}?since=${seq()}&tab=${tab}`);
  source = stream;
  stream.onmessage = (event) => hear(JSON.parse(event.data).seq);
  stream.addEventListener("presence", (event) => {
    const told = JSON.parse(event.data);
    hearPeople(told);
    if (told.all) sayPresent();
  });
  stream.onopen = () => {
    failures = 0;
    streams(true);
    found();
  };
  stream.onerror = () => {
    lost();
    failures += 1;
    if (stream.readyState !== EventSource.CLOSED && failures < 5) return;
    close();
    setTimeout(connect, AGAIN);
  };
}

function close() {
  source?.close();
  source = null;
  streams(false);
  leaveSlot?.();
  leaveSlot = null;
}

// ---------- the tab ----------

let hiding = 0;

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(close, HIDDEN);
  } else {
    connect();
    ask();
  }
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
addEventListener("online", () => { connect(); ask(); });

// ---------- a line that is gone, in words ----------

let silent = 0;
let shown = null;

function lost() {
  if (silent || shown) return;
  silent = setTimeout(() => {
    const place = document.getElementById("saved");
    const words = document.getElementById("presence")?.dataset.lost;
    if (!place || !words || place.dataset.state === "offline") return;
    shown = { words: place.textContent.trim(), state: place.dataset.state ?? "" };
    saved(words, "offline");
  }, LOST);
}

function found() {
  clearTimeout(silent);
  silent = 0;
  if (!shown) return;
  const place = document.getElementById("saved");
  if (place.textContent.trim() === document.getElementById("presence").dataset.lost) saved(shown.words, shown.state);
  shown = null;
}

if (document.hidden) hiding = setTimeout(close, HIDDEN);
if (news && !past) connect();
else over = true;
