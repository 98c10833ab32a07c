// One text field that lies over the place it edits, so that nothing drawn anew can take it away.
import { holdOpen, map } from "./core.js";
import { kbd, make } from "./dom.js";
import { text } from "./words.js";

let open = null;

export const isOpen = () => open !== null;
export const editing = () => open;
export const close = (save = true) => open?.finish(save);

// at(): the element to lie over, found anew each time. save(value, key) and cancel() end it.
export function edit({ at, value, select = false, lines = true, limit, label, save, cancel, about = {} }) {
  close();
  const field = make("textarea", { class: "map-editor-text", "aria-label": label, rows: 1, maxlength: limit, spellcheck: "true" });
  field.value = value;
  const note = make("p", { class: "map-editor-note", role: "status", hidden: true });
  const hint = make("p", { class: "map-editor-hint" }, ...kbd("Enter"), ` ${text("save")} `, ...kbd("Esc"), ` ${text("leave")}`);
  const box = make("div", { class: "map-editor" }, field, note, hint);
  map.append(box);
  holdOpen(true);

  const lay = () => {
    const place = at();
    if (!place) return;
    const edge = place.getBoundingClientRect();
    box.style.left = `${Math.max(4, Math.min(edge.left, innerWidth - edge.width - 4))}px`;
    box.style.top = `${Math.max(4, Math.min(edge.top, innerHeight - 90))}px`;
    box.style.width = `${Math.max(edge.width, 120)}px`;
    box.style.minHeight = `${edge.height}px`;
    field.style.height = "0";
    field.style.height = `${Math.max(field.scrollHeight, Math.min(edge.height - 26, 64))}px`;
  };

  const finish = (keep, key = "") => {
    if (open !== state) return;
    open = null;
    holdOpen(false);
    for (const name of ["scroll", "resize"]) removeEventListener(name, lay, true);
    for (const name of ["map:news", "map:board"]) document.removeEventListener(name, lay);
    const words = field.value.replaceAll("\u00ad", "").trim();
    box.remove();
    if (keep) save(lines ? words : words.replace(/\s*\n\s*/g, " "), key);
    else cancel?.();
  };

  const state = { field, finish, lay, about, say(words) { note.textContent = words; note.hidden = !words; lay(); } };
  open = state;

  field.addEventListener("input", lay);
  field.addEventListener("blur", () => setTimeout(() => { if (open === state && document.activeElement !== field && document.hasFocus()) finish(true, "blur"); }));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter" && !(lines && event.shiftKey)) { event.preventDefault(); finish(true, "Enter"); }
    else if (event.key === "Escape") { event.preventDefault(); finish(false); }
    else if (event.key === "Tab") { event.preventDefault(); finish(true, event.shiftKey ? "Shift+Tab" : "Tab"); }
  });
  for (const name of ["scroll", "resize"]) addEventListener(name, lay, true);
  for (const name of ["map:news", "map:board"]) document.addEventListener(name, lay);
  lay();
  field.focus({ preventScroll: true });
  if (select) field.select();
  else field.setSelectionRange(field.value.length, field.value.length);
  return state;
}
