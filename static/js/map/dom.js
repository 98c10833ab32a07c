// Making elements without HTML strings, and finding the places of the map in the page.
import { urls } from "./words.js";

export const map = document.querySelector("[data-map]");
export const canEdit = map?.dataset.canEdit === "true";
export const board = () => document.getElementById("board");

// make("button", { class: "btn", type: "button", onclick }, "words", child, …)
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name, css = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `i ${css}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${urls.icons ?? "/static/icons.svg"}#${name}`);
  svg.append(use);
  return svg;
}

export const kbd = (...keys) => keys.map((key) => make("span", { class: "kbd" }, key));

// Soft hyphens are the server's help for narrow columns, not part of what somebody wrote.
export const plain = (element) => (element?.textContent ?? "").replaceAll("\u00ad", "").trim();

export const cellOf = (lane, step) => board()?.querySelector(`[data-cell="${lane}-${step}"]`) ?? null;
export const cardOf = (id) => board()?.querySelector(`.mcard[data-card="${CSS.escape(String(id))}"]`) ?? null;
export const cardText = (card) => (card?.querySelector(".mcard-text")?.textContent ?? "").replaceAll("\u00ad", "");
export const stepHead = (step) => board()?.querySelector(`.step-head[data-step="${step}"]`) ?? null;
export const laneHead = (lane) => board()?.querySelector(`.lane-head[data-lane="${lane}"]`) ?? null;
export const phaseHead = (phase) => board()?.querySelector(`[role="columnheader"][data-phase="${phase}"]:not([data-step])`) ?? null;
export const steps = () => [...(board()?.querySelectorAll(".step-head[data-step]") ?? [])];
export const phases = () => [...(board()?.querySelectorAll('[role="columnheader"][data-phase]:not([data-step])') ?? [])];
export const laneRows = () => [...(board()?.querySelectorAll('[role="row"][data-lane]') ?? [])];

// What a header is called: its own words, without numbers, marks and buttons around them.
export function nameOf(head) {
  if (!head) return "";
  if (head.dataset.name !== undefined) return head.dataset.name;
  return plain(head.querySelector(".step-name, .phase-name, .lane-name, .fold-name") ?? head);
}

const PLACES = [".team-point", ".chip", ".mcard", "[data-cell]", ".step-head", ".lane-head", '[role="columnheader"]'];

// A selector that finds the same place again after the server has drawn it anew.
export function placeOf(element) {
  const found = element?.closest?.(PLACES.join(","));
  if (!found || !board()?.contains(found)) return null;
  const { cell, card, step, lane, phase, touchpoint, persona } = found.dataset;
  if (found.matches(".team-point")) return `.team-point[data-step="${step}"]${persona ? `[data-persona="${persona}"]` : ""}`;
  if (card) return `.mcard[data-card="${CSS.escape(card)}"]`;
  if (touchpoint && !cell) return `${placeOf(found.parentElement) ?? ""} .chip[data-touchpoint="${touchpoint}"]`;
  if (cell) return `[data-cell="${cell}"]`;
  if (found.matches(".step-head")) return `.step-head[data-step="${step}"]`;
  if (lane) return `.lane-head[data-lane="${lane}"]`;
  return phase ? `[role="columnheader"][data-phase="${phase}"]` : null;
}
