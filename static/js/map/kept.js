// What is not on the server yet, shown in its cells as if it were, with a word where it waits.
import { board, cardOf, cellOf, icon, make } from "./dom.js";
import * as queue from "./queue.js";
import { clock, text } from "./words.js";

// offline: nothing can be sent just now, which the cells then say.
export function paintKept(offline) {
  for (const old of board()?.querySelectorAll(".kept, .clashing") ?? []) {
    old.classList.remove("kept", "clashing");
    for (const note of old.querySelectorAll(".kept-note")) note.remove();
  }
  for (const entry of queue.all()) if (entry.show && entry.state !== "refused") painted(entry, offline);
}

function painted(entry, offline) {
  const { cell: key, card: id, text: words, gone } = entry.show;
  const cell = key ? cellOf(...key.split("-")) : null;
  let card = id ? cardOf(id) : null;
  if (gone) {
    for (const one of gone) cardOf(one)?.classList.add("leaving");
  } else if (words !== undefined && cell) {
    if (!card && String(id).startsWith("new:")) card = drawn(cell, entry.show);
    const place = card?.querySelector(".mcard-text");
    if (place && place.textContent !== words) place.textContent = words;
  }
  const marked = cell ?? card?.closest("[data-cell]");
  if (!marked || (!offline && entry.state === "waiting")) return;
  if (marked.classList.contains("clashing") || marked.querySelector(".kept-note")) return;
  const clash = entry.state === "conflict";
  marked.classList.add(clash ? "clashing" : "kept");
  marked.append(make("p", { class: "kept-note" }, icon(clash ? "git-compare" : "archive", "xs"), clash ? text("two_versions") : text("kept_here", { time: clock(entry.at) })));
}

function drawn(cell, { card: id, text: words, before }) {
  const card = make("div", { class: "mcard fresh", "data-card": id, "data-evidence": "assumption", "data-mark": "", tabindex: "-1" }, make("div", { class: "mcard-text" }, words));
  const next = before ? cardOf(before) : null;
  const last = [...cell.querySelectorAll(".mcard")].at(-1);
  if (next) next.before(card);
  else if (last) last.after(card);
  else cell.prepend(card);
  return card;
}
