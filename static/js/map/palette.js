// Ctrl K: first what can be done with the selection, then what is found, then what can be made.
import { canEdit, map, redo, text, undo } from "./core.js";
import { board, cardText, icon, kbd, laneHead, laneRows, make, nameOf, phaseHead, phases, steps } from "./dom.js";
import * as act from "./actions.js";
import { isOpen } from "./editor.js";
import { go, here } from "./grid.js";
import { showKeys } from "./keys.js";
import { itemsFor } from "./menu-rows.js";
import * as at from "./places.js";
import * as select from "./select.js";
import { can, urls } from "./words.js";

let dialog = null;
let hits = [];
let current = 0;
let asked = 0;
let from = null;

const has = (words, typed) => words.toLowerCase().includes(typed.toLowerCase());

function marked(words, typed) {
  const place = typed ? words.toLowerCase().indexOf(typed.toLowerCase()) : -1;
  if (place < 0) return [words];
  return [words.slice(0, place), make("mark", {}, words.slice(place, place + typed.length)), words.slice(place + typed.length)];
}

// ---------- what there is ----------

function onSelection(typed) {
  if (!canEdit) return [];
  if (select.isSelected()) {
    const n = select.selectedCells().length;
    const found = [
      { label: text("set_evidence"), icon: "circle", keys: ["B"], run: select.askEvidence },
      { label: text("copy_table"), icon: "copy", keys: [text("key_ctrl"), "C"], run: select.copyBlock },
      { label: text("clear_cells"), icon: "trash-2", keys: [text("key_delete")], run: select.clearCells },
    ];
    return group(text("with_cells", { n }), found);
  }
  const item = here() ?? from?.closest?.('[role="gridcell"], [role="columnheader"], [role="rowheader"]');
  if (!item?.isConnected) return [];
  const on = from?.closest?.(".mcard, .chip[data-touchpoint]") ?? item;
  const { rows: found, label } = itemsFor(on, item);
  const fitting = found.filter((one) => one?.label && has(one.label, typed)).slice(0, typed ? 6 : 5);
  return group(text("with_this", { name: label.length > 60 ? `${label.slice(0, 60)}…` : label }), fitting);
}

const group = (name, list) => (list.length ? [{ group: name }, ...list] : []);

function onMap(typed) {
  if (!map || typed.length < 2) return [];
  const jump = text("jump_here");
  const found = [];
  for (const head of steps()) if (has(nameOf(head), typed)) found.push({ label: text("step_n", { n: at.stepNumber(at.id(head, "step")), name: nameOf(head) }), icon: "map", end: jump, run: () => go(head) });
  for (const head of phases()) if (has(nameOf(head), typed)) found.push({ label: text("phase_n", { name: nameOf(head) }), icon: "map", end: jump, run: () => go(phaseHead(at.id(head, "phase"))) });
  for (const row of laneRows()) if (has(at.laneName(at.id(row, "lane")), typed)) found.push({ label: text("lane_n", { name: at.laneName(at.id(row, "lane")) }), icon: "rows-3", end: jump, run: () => go(laneHead(at.id(row, "lane"))) });
  for (const card of board().querySelectorAll(".mcard")) {
    if (found.length > 7) break;
    const words = cardText(card).trim();
    if (has(words, typed)) found.push({ label: around(words, typed), icon: "square", end: text("place_short", { n: at.stepNumber(at.stepOf(card)), lane: at.laneName(at.laneOf(card)) }), run: () => act.focusCard(card) });
  }
  return found;
}

function around(words, typed) {
  const start = Math.max(0, words.toLowerCase().indexOf(typed.toLowerCase()) - 20);
  return `${start ? "…" : ""}${words.slice(start, start + 70)}${words.length > start + 70 ? "…" : ""}`;
}

const ICONS = { map: "map", journey: "map", persona: "user", touchpoint: "shapes", comment: "message-square", step: "map", phase: "map", card: "square", survey: "clipboard-list" };

async function elsewhere(typed) {
  if (!urls.search || typed.length < 2) return [];
  const response = await fetch(`${urls.search}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
  if (!response.ok) return [];
  const answer = await response.json();
  const list = Array.isArray(answer) ? answer : (answer.hits ?? answer.results ?? answer.found ?? []);
  return list.filter((hit) => !map || !["map", "step", "phase", "card"].includes(hit.kind) || !hit.url.startsWith(location.pathname)).slice(0, 10).map((hit) => ({
    label: hit.label ?? hit.title ?? hit.name ?? hit.text, icon: hit.icon ?? ICONS[hit.kind] ?? "search", end: hit.where || hit.action || text("opens_page"), run: () => location.assign(hit.url),
  }));
}

function toMake(typed) {
  if (!canEdit) return [];
  const list = [
    { label: text("add_step"), icon: "plus", keys: ["+"], run: () => { const step = at.stepOf(from); return step ? act.addStepAfter(step) : act.addStep(at.phaseIds().at(-1)); } },
    { label: text("add_phase"), icon: "plus", run: () => act.addPhase() },
    { label: text("add_lane"), icon: "rows-3", keys: ["Alt", "+"], run: () => document.dispatchEvent(new CustomEvent("map:add-lane", { detail: { below: at.laneOf(from) ?? at.laneIds().at(-1), anchor: here() ?? board() } })) },
  ].filter((one) => has(one.label, typed) || !typed);
  const item = from?.closest?.("[data-cell]");
  if (typed && item && at.holdsCards(at.laneOf(item))) list.unshift({ label: text("create_card", { name: typed }), icon: "plus", end: text("place_short", { n: at.stepNumber(at.stepOf(item)), lane: at.laneName(at.laneOf(item)) }), run: () => act.addCard(at.laneOf(item), at.stepOf(item), typed) });
  if (typed && can.catalogue && at.stepOf(from)) list.push({ label: text("create_touchpoint", { name: typed }), icon: "plus", run: () => document.dispatchEvent(new CustomEvent("map:pick-touchpoint", { detail: { step: at.stepOf(from), anchor: item ?? from } })) });
  return list;
}

function commands(typed) {
  const list = [
    canEdit && { label: text("undo"), icon: "undo-2", keys: [text("key_ctrl"), "Z"], run: undo },
    canEdit && { label: text("redo"), icon: "redo-2", keys: [text("key_ctrl"), "⇧", "Z"], run: redo },
    document.querySelector("#present") && { label: text("present"), icon: "presentation", keys: ["P"], run: () => document.querySelector("#present").click() },
    { label: text("keys_title"), icon: "keyboard", keys: ["?"], run: showKeys },
  ].filter(Boolean);
  return list.filter((one) => typed ? has(one.label, typed) : true);
}

// ---------- the window ----------

function draw(list, found, typed, remote) {
  const lines = [...onSelection(typed), ...group(text("found"), [...found, ...remote]), ...group(text("create"), toMake(typed)), ...group(text("commands"), commands(typed))];
  hits = lines.filter((line) => !line.group);
  let n = 0;
  list.replaceChildren(...lines.map((line) => {
    if (line.group) return make("div", { class: "g", role: "presentation" }, line.group);
    const place = n++;
    return make("div", { class: `mi${line.bad ? " bad" : ""}`, role: "option", id: `cmd-${place}`, onclick: () => run(place) }, icon(line.icon), make("span", {}, ...marked(line.label, typed)), make("span", { class: "end" }, line.end ?? "", ...(line.keys ? kbd(...line.keys) : [])));
  }));
  if (!hits.length) list.replaceChildren(make("p", { class: "note none" }, text("nothing_found")));
  const first = typed && (found.length || remote.length) ? hits.findIndex((hit) => found[0] === hit || remote[0] === hit) : 0;
  choose(Math.max(0, first));
  dialog.querySelector("[data-count]").textContent = text("hits_and_commands", { hits: found.length + remote.length, commands: hits.length - found.length - remote.length });
}

function choose(n) {
  current = hits.length ? (n + hits.length) % hits.length : 0;
  const options = [...dialog.querySelectorAll("[role=option]")];
  options.forEach((one, place) => {
    one.classList.toggle("cur", place === current);
    one.setAttribute("aria-selected", String(place === current));
  });
  dialog.querySelector("input").setAttribute("aria-activedescendant", options[current]?.id ?? "");
  options[current]?.scrollIntoView({ block: "nearest" });
}

function run(n) {
  const hit = hits[n];
  dialog.close();
  from?.isConnected && from.focus();
  hit?.run();
}

async function search(input, list) {
  const typed = input.value.trim();
  const mine = ++asked;
  const found = onMap(typed);
  draw(list, found, typed, []);
  await new Promise((done) => { setTimeout(done, 150); });
  if (mine !== asked || !dialog) return;
  const remote = await elsewhere(typed).catch(() => []);
  if (mine === asked && dialog && remote.length) draw(list, found, typed, remote);
}

function openPalette() {
  if (dialog) return;
  from = document.activeElement;
  const list = make("div", { class: "menu", role: "listbox", id: "cmd-list", "aria-label": text("commands") });
  const input = make("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "cmd-list", "aria-label": text("search_or_command"), placeholder: text("search_or_command"), autocomplete: "off", spellcheck: "false" });
  dialog = make("dialog", { class: "dialog cmd", "aria-label": text("commands") },
    make("div", { class: "q" }, icon("search"), input, ...kbd("Esc")), list,
    make("footer", {}, ...kbd("↑", "↓"), ` ${text("choose")} `, ...kbd("Enter"), ` ${text("run")}`, make("span", { class: "sp" }), make("span", { class: "muted", "data-count": true, role: "status" })));
  input.addEventListener("input", () => search(input, list));
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const to = { ArrowDown: current + 1, ArrowUp: current - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); choose(to); }
    else if (event.key === "Enter") { event.preventDefault(); run(current); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); dialog = null; });
  document.body.append(dialog);
  dialog.showModal();
  search(input, list);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && !isOpen()) {
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) openPalette();
  }
});

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-palette], [data-search]")) { event.preventDefault(); openPalette(); } });
