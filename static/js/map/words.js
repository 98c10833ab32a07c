// The words, choices and addresses that the server wrote into the page for the map's modules.
const source = document.getElementById("map-words");
const given = source ? JSON.parse(source.textContent) : {};

export const choices = given.choices ?? {};
export const urls = given.urls ?? {};
export const can = given.can ?? {};

// text("cells", { n: 2 }): a word with forms takes the one that fits n; {names} are filled in.
export function text(key, values = {}) {
  const found = given.words?.[key] ?? key;
  const words = Array.isArray(found) ? found[values.n === 1 ? 0 : 1] : found;
  return words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

const language = document.documentElement.lang || "en";

export function signed(value, digits = 1) {
  const size = Math.abs(value).toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const rounded = Number(value.toFixed(digits));
  return `${rounded > 0 ? "+" : rounded < 0 ? "\u2212" : ""}${size}`;
}

export function clock(time) {
  return new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
