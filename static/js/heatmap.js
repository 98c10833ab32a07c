// The heatmap: arrow keys go from cell to cell (one tab stop), and one popover says what a cell is.
const table = document.getElementById("heat-table");
const tip = document.getElementById("heat-tip");

if (table) {
  // Only with this script can cells be walked, so only then is the table a grid.
  table.setAttribute("role", "grid");
  const rows = [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("td.c")]).filter((cells) => cells.length);
  let current = rows[0]?.[0];
  for (const cell of rows.flat()) cell.tabIndex = cell === current ? 0 : -1;

  const place = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return [row, rows[row].indexOf(cell)];
  };
  let column = 0;

  function go(cell) {
    current.tabIndex = -1;
    current = cell;
    current.tabIndex = 0;
    current.focus();
    current.scrollIntoView({ block: "nearest", inline: "nearest" });
    show(current);
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td.c");
    if (event.key === "Escape") return hide();
    if (!cell || event.altKey || event.metaKey) return;
    const [row, at] = place(cell);
    if (rows[row].length > 1) column = at;
    const last = rows[row].length - 1;
    const clamp = (cells) => cells?.[Math.min(column, cells.length - 1)];
    const next = {
      ArrowRight: () => rows[row][at + 1],
      ArrowLeft: () => rows[row][at - 1],
      ArrowDown: () => clamp(rows[row + 1]),
      ArrowUp: () => clamp(rows[row - 1]),
      Home: () => (event.ctrlKey ? rows[0][0] : rows[row][0]),
      End: () => (event.ctrlKey ? rows.at(-1).at(-1) : rows[row][last]),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const found = next();
    if (found) go(found);
  });

  table.addEventListener("focusin", (event) => show(event.target.closest("td.c")));
  table.addEventListener("focusout", hide);
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td.c");
    if (cell) show(cell);
    else if (!table.contains(document.activeElement)) hide();
  });
  table.addEventListener("pointerleave", () => {
    const focused = document.activeElement?.closest?.("#heat-table td.c");
    focused ? show(focused) : hide();
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td.c");
    if (cell) go(cell);
  });
  // The popover stays with a focused cell, which the arrow keys may have scrolled into view.
  addEventListener("scroll", () => show(document.activeElement?.closest("#heat-table td.c")), { passive: true, capture: true });
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

function show(cell) {
  if (!cell?.dataset.tip) return hide();
  const parts = cell.dataset.tip.split("\n");
  for (const element of tip.querySelectorAll("[data-part]")) element.textContent = parts[element.dataset.part] ?? "";
  const verdict = parts[4] ?? "";
  const [proven, open] = tip.querySelectorAll(".proof");
  tip.querySelector("[data-verdict]").hidden = !verdict;
  proven.hidden = !verdict.startsWith("+");
  open.hidden = !verdict.startsWith("-");
  tip.hidden = false;
  const box = cell.getBoundingClientRect();
  const right = box.right + 8 + tip.offsetWidth < innerWidth;
  const below = box.bottom + 6 + tip.offsetHeight < innerHeight;
  const left = right ? box.right + 8 : Math.max(8, box.left - tip.offsetWidth - 8);
  tip.style.left = `${Math.min(left, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - tip.offsetHeight - 6)}px`;
}

function hide() {
  if (tip) tip.hidden = true;
}

// Plotly is large: it is fetched when somebody wants the picture.
document.getElementById("picture")?.addEventListener("toggle", () => import("./charts.js"), { once: true });
