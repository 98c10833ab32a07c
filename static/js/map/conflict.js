// Two people wrote the same card: both texts, differences marked, and a merge that can be edited.
import { announce, conflicts, map, post, settle, text } from "./core.js";
import { cardOf, cellOf, icon, make } from "./dom.js";
import { difference, merge } from "./diff.js";
import * as at from "./places.js";
import { clock } from "./words.js";

let dialog = null;

// A question that an earlier page left open is asked again.
if (map) setTimeout(next);
document.addEventListener("map:conflict", next);

function next() {
  if (dialog) return;
  const entry = conflicts()[0];
  if (entry) ask(entry);
}

function marked(from, to) {
  const line = make("p", { class: "ver-text" });
  for (const [kind, words] of difference(from, to)) {
    if (kind === "same") line.append(words);
    else line.append(make(kind, {}, words));
  }
  return line;
}

function version(name, who, when, from, to, checked) {
  const radio = make("input", { type: "radio", name: "version", value: name, checked });
  return make("label", { class: "ver" }, make("span", { class: "hd" }, radio, make("b", {}, who), make("span", { class: "muted" }, when)), marked(from, to));
}

function ask(entry) {
  const theirs = entry.answer.text;
  const mine = entry.args.text;
  const base = entry.args.seen ?? "";
  const who = entry.answer.who || text("somebody");
  const cell = cellOf(...(entry.show?.cell ?? "0-0").split("-")) ?? cardOf(entry.args.card)?.closest("[data-cell]");
  const place = cell ? text("place", { n: at.stepNumber(at.stepOf(cell)), step: at.stepName(at.stepOf(cell)), lane: at.laneName(at.laneOf(cell)) }) : "";
  const field = make("textarea", { class: "inp", rows: 2, id: "conflict-merge", maxlength: 4000 });
  field.value = merge(base, mine, theirs);
  const shut = make("button", { type: "button", class: "btn quiet icon", onclick: () => dialog.close(), "aria-label": text("decide_later") }, icon("x"));
  const button = (css, words, run) => make("button", { type: "button", class: `btn ${css}`, onclick: run }, words);
  dialog = make("dialog", { class: "dialog conflict", "aria-labelledby": "conflict-title" },
    make("header", {}, make("div", {}, make("h2", { id: "conflict-title" }, text("conflict_title")), make("p", { class: "muted" }, text("conflict_place", { place, who, time: entry.answer.at }))), shut),
    make("fieldset", { class: "vs" }, make("legend", { class: "vh" }, text("which_version")), version("mine", text("mine"), clock(entry.at), base, mine, true), version("theirs", who, entry.answer.at, base, theirs, false)),
    make("div", { class: "mrg" }, make("label", { class: "lbl", for: "conflict-merge" }, make("b", {}, text("merged")), ` ${text("merged_hint")}`), field),
    make("footer", {}, button("primary", text("take_merged"), () => choose(entry, field.value.trim())), button("", text("take_mine"), () => choose(entry, mine)), button("", text("take_theirs", { who }), () => choose(entry, theirs)), make("span", { class: "sp" }), make("span", { class: "muted" }, text("n_of_m", { n: 1, m: conflicts().length }))),
    make("p", { class: "note" }, text("other_stays")));
  dialog.addEventListener("change", (event) => {
    if (event.target.name === "version") field.value = event.target.value === "mine" ? mine : theirs;
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => { dialog.remove(); dialog = null; });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  announce(text("conflict_title"));
}

// The version that is not taken was written too: it goes into the history before the chosen one.
function choose(entry, chosen) {
  const { card, text: mine } = entry.args;
  const theirs = entry.answer.text;
  settle(entry);
  dialog.close();
  const show = (words) => ({ ...entry.show, text: words });
  if (chosen !== mine) post("card-written", { card, text: mine, seen: theirs }, show(mine));
  post("card-written", { card, text: chosen, seen: chosen === mine ? theirs : mine }, show(chosen));
  const cell = cardOf(card)?.closest("[data-cell]");
  cell?.focus();
  setTimeout(next);
}

// Put off: the cell says that two versions wait, and a click on it asks again.
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".clashing .kept-note, #saved[data-state=conflict]")) next();
});
