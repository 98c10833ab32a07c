// Choosing from lists: a touchpoint for a step, a map that a step opens, the kind of a new lane.
import { announce, canEdit, map, post, text, toast, undoable } from "./core.js";
import { board, cellOf, laneHead } from "./dom.js";
import { laneRows } from "./menu-rows.js";
import { openMenu } from "./menus.js";
import * as at from "./places.js";
import { closePop, combobox, openPop } from "./pop.js";
import { can, urls } from "./words.js";

const SPACE = "http://www.w3.org/2000/svg";

function poe(kind) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("class", `poe ${kind[0]}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SPACE, "use");
  use.setAttribute("href", `#poe-${kind}`);
  svg.append(use);
  return svg;
}

async function rows(address, words) {
  const response = await fetch(`${address}?q=${encodeURIComponent(words)}`);
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.querySelectorAll("[data-id]")].map((row) => ({ ...row.dataset }));
}

const chipsOf = (step) => [...board().querySelectorAll(`[data-step="${step}"] .chip[data-touchpoint]`)].map((chip) => chip.dataset.touchpoint);

function pickTouchpoint({ step, anchor }) {
  const find = async (words) => {
    const there = new Set(chipsOf(step));
    const found = (await rows(urls.touchpoints, words)).map((one) => ({
      id: Number(one.id), label: one.name, mark: poe(one.kind), end: there.has(one.id) ? text("on_step") : one.channel, there: there.has(one.id),
    }));
    const exact = found.some((one) => one.label.toLowerCase() === words.toLowerCase());
    if (can.catalogue && words && !exact) {
      for (const [kind, label] of can.kinds) found.push({ create: words, kind, label: text("create_touchpoint", { name: words }), mark: poe(kind), end: label });
    }
    return found;
  };
  const take = async (row) => {
    const id = row.create ? await quick(row) : row.id;
    if (!id) return;
    const what = row.there ? "touchpoint-removed" : "touchpoint-added";
    const answer = await post(what, { step, touchpoint: id });
    if (answer) announce(text(row.there ? "touchpoint_off" : "touchpoint_on", { name: row.create ?? row.label, step: at.stepName(step) }));
    combo.input.select();
    combo.refresh();
  };
  const combo = combobox({ label: text("touchpoints"), placeholder: text("find_touchpoint"), find, take, empty: text("nothing_found") });
  const lane = at.laneIds().find((one) => at.kindOf(one) === "touchpoints");
  openPop(anchor, text("touchpoints_of", { step: at.stepName(step) }), combo.box, { from: cellOf(lane, step) ?? document.activeElement });
}

async function quick(row) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  try {
    const response = await fetch(urls.quick, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ name: row.create, media_type: row.kind }) });
    const answer = await response.json();
    if (response.ok) return answer.id;
    toast(answer.error ?? text("failed"), { bad: true });
  } catch {
    toast(text("no_line"), { bad: true });
  }
  return null;
}

function pickMap({ step, anchor }) {
  const find = async (words) => {
    const found = (await rows(urls.maps, words)).filter((one) => one.id !== map.dataset.journey).map((one) => ({ id: Number(one.id), label: one.name, icon: "map" }));
    return words ? found : [{ id: null, label: text("opens_none"), icon: "ban" }, ...found];
  };
  const take = async (row) => {
    closePop();
    const answer = await post("step-opens", { step, map: row.id });
    if (answer) announce(row.id ? text("opens_now", { name: row.label }) : text("opens_none"));
  };
  openPop(anchor, text("opens_map"), combobox({ label: text("opens_map"), placeholder: text("find_map"), find, take, empty: text("nothing_found") }).box);
}

if (map && canEdit) {
  document.addEventListener("map:pick-touchpoint", (event) => pickTouchpoint(event.detail));
  document.addEventListener("map:opens", (event) => pickMap(event.detail));
  document.addEventListener("map:add-lane", (event) => {
    const { below, anchor } = event.detail;
    openMenu(laneRows(below), anchor ?? laneHead(below) ?? board(), text("add_lane"));
  });
  document.addEventListener("map:chip-removed", async (event) => {
    const chip = event.detail;
    const [step, name] = [at.stepOf(chip), chip.textContent.trim()];
    const cell = chip.closest("[data-cell]").dataset.cell;
    const answer = await post("touchpoint-removed", { step, touchpoint: at.id(chip, "touchpoint") });
    if (!answer) return;
    undoable(text("touchpoint_off", { name, step: at.stepName(step) }));
    cellOf(...cell.split("-"))?.focus();
  });
  // Plain buttons that do one change: data-change="lane-collapsed" data-args='{"lane": 3, …}'.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-change]");
    if (button) post(button.dataset.change, JSON.parse(button.dataset.args ?? "{}"));
    const pick = event.target.closest?.("[data-pick-touchpoint]");
    if (pick) pickTouchpoint({ step: at.stepOf(pick), anchor: pick });
  });
}
