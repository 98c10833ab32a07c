// textarea[data-mentions]: "@" offers the members of the workspace; Enter sends, Shift Enter breaks the line.
const names = new Map();
let list = null;
let field = null;
let at = 0;

async function people(place) {
  const address = place.closest("[data-people]")?.dataset.people;
  if (!address) return [];
  if (!names.has(address)) {
    names.set(address, fetch(address, { headers: { "X-Requested-With": "fetch" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : { people: [] }))
      .then((answer) => answer.people)
      .catch(() => { names.delete(address); return []; }));
  }
  return names.get(address);
}

// What stands between "@" and the cursor, or null.
const begun = (area) => area.value.slice(0, area.selectionStart).match(/(?:^|[^\p{L}\p{N}_@.])@([^@\n]{0,60})$/u)?.[1] ?? null;

const fits = (name, start) => {
  const wish = start.toLocaleLowerCase();
  const low = name.toLocaleLowerCase();
  return low.startsWith(wish) || low.split(/\s+/).some((word) => word.startsWith(wish));
};

function close() {
  list?.remove();
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
  list = field = null;
}

async function offer(area) {
  const start = begun(area);
  if (start === null) return close();
  const found = (await people(area)).filter((name) => fits(name, start)).slice(0, 8);
  if (!found.length || begun(area) !== start || document.activeElement !== area) return close();
  close();
  field = area;
  list = document.createElement("ul");
  list.className = "pop offer";
  list.id = "offered-names";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "@");
  list.append(...found.map((name, n) => {
    const row = document.createElement("li");
    row.id = `offered-${n}`;
    row.setAttribute("role", "option");
    row.textContent = name;
    return row;
  }));
  area.closest(".say").append(list);
  area.setAttribute("aria-controls", list.id);
  mark(0);
}

function mark(to) {
  at = (to + list.children.length) % list.children.length;
  [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
  field.setAttribute("aria-activedescendant", list.children[at].id);
  list.children[at].scrollIntoView({ block: "nearest" });
}

function take(row) {
  const area = field;
  const end = area.selectionStart;
  area.setRangeText(`@${row.textContent} `, end - begun(area).length - 1, end, "end");
  close();
  area.focus();
}

document.addEventListener("input", (event) => event.target.matches?.("[data-mentions]") && offer(event.target));
document.addEventListener("focusout", (event) => event.target === field && close());
// Pressing a name must not take the focus from the field before it is chosen.
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.(".offer li");
  if (!row) return;
  event.preventDefault();
  take(row);
}, true);

// While it is caught on its way down, no window around the field takes Escape for itself.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-mentions]") || event.isComposing) return;
  const does = (run) => { event.preventDefault(); event.stopPropagation(); run(); };
  if (list && field === event.target) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return does(() => mark(at + (event.key === "ArrowDown" ? 1 : -1)));
    if (event.key === "Enter" || event.key === "Tab") return does(() => take(list.children[at]));
    if (event.key === "Escape") return does(close);
  }
  if (event.key !== "Enter" || event.shiftKey || (matchMedia("(pointer: coarse)").matches && !event.ctrlKey)) return;
  does(() => event.target.value.trim() && event.target.form.requestSubmit());
}, true);
