// The persona menu puts the workspace's personas onto the map and takes them off again.
import { announce, canEdit, map, post, text, toast, undoable } from "./core.js";

const PLACES = ["#persona-menu", ".persona-head"];
const MINE = new Set(["persona-added", "persona-removed", "undone", "redone"]);

// Who is chosen has to be on the map; without, the page shows everyone.
function everyone() {
  const address = new URL(location.href);
  address.searchParams.delete("persona");
  return address;
}

// The menu and the heads above the map, as the server shows them now.
async function refresh() {
  const response = await fetch(location.href);
  if (response.status === 404) return location.assign(everyone());
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const place of PLACES) {
    const [old, fresh] = [document.querySelector(place), page.querySelector(place)];
    if (!old || !fresh) continue;
    // The finding is of the layer of answers, which knows itself when it is old.
    const finding = old.querySelector("#finding");
    if (finding) fresh.querySelector("#finding")?.replaceWith(finding);
    if (old.open) fresh.setAttribute("open", "");
    const focused = old.contains(document.activeElement);
    old.replaceWith(document.adoptNode(fresh));
    if (focused) fresh.querySelector("summary, a")?.focus();
  }
}

async function change(button) {
  const on = button.dataset.personaOn;
  const persona = Number(on ?? button.dataset.personaOff);
  const { name } = button.dataset;
  button.disabled = true;
  const answer = await post(on ? "persona-added" : "persona-removed", { persona });
  button.disabled = false;
  if (!answer?.made) return;
  const words = text(on ? "persona_added" : "persona_removed", { name });
  if (on) toast(words);
  else undoable(words);
  announce(words);
}

if (map && canEdit) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-persona-on], [data-persona-off]");
    if (button) change(button);
  });
  document.addEventListener("map:news", ({ detail }) => {
    if (detail?.board && detail.events?.some(({ what }) => MINE.has(what))) refresh().catch(() => {});
  });
}
