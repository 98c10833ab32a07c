// Telling people what happened: the line at the bottom, the polite voice, the saved state.
import { icon, make } from "./dom.js";
import { text } from "./words.js";

const voice = make("div", { class: "vh", "aria-live": "polite", role: "status" });
document.body.append(voice);

// A changed text is read out; the same words twice need a difference to be read again.
export function announce(words) {
  voice.textContent = voice.textContent === words ? `${words}\u00a0` : words;
}

// One line, one way back: { undo: function } or { action: { label, run } }; bad lines stay.
export function toast(words, { undo, action, bad = false, onclose } = {}) {
  const region = document.getElementById("messages");
  if (!region) return announce(words);
  const line = make("p", { class: bad ? "toast bad" : "toast" }, make("span", {}, words));
  const done = () => { line.remove(); onclose?.(); };
  const offered = undo ? { label: text("undo"), run: undo } : action;
  for (const way of [offered].flat().filter(Boolean)) {
    line.append(make("button", { type: "button", onclick: () => { way.run(); if (!way.stays) done(); } }, way.label));
  }
  const close = make("button", { type: "button", class: "x", onclick: done }, icon("x"), make("span", { class: "vh" }, text("close")));
  line.append(close);
  for (const old of region.querySelectorAll(".toast:not(.bad)")) old.remove();
  region.append(line);
  if (!bad) setTimeout(() => line.isConnected && done(), offered ? 10_000 : 6000);
  return line;
}

const SIGNS = { offline: "circle-alert", saving: "upload", conflict: "git-compare" };

export function saved(words, state) {
  const place = document.getElementById("saved");
  if (!place) return;
  const words_ = place.querySelector("[data-saved-text]") ?? place;
  if (words_.textContent !== words) words_.textContent = words;
  const sign = place.querySelector("use");
  sign?.setAttribute("href", sign.getAttribute("href").replace(/#.*/, `#${SIGNS[state] ?? "circle-check"}`));
  place.dataset.state = state;
}
