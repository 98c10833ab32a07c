// What a clipboard holds: a table of texts, or one text.

function html(source) {
  const table = source && new DOMParser().parseFromString(source, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [];
  const held = new Map();
  [...table.rows].forEach((row, y) => {
    const line = [];
    let x = 0;
    for (const cell of row.cells) {
      while (held.has(`${y}:${x}`)) line[x++] = "";
      for (const br of cell.querySelectorAll("br")) br.replaceWith("\n");
      line[x] = cell.textContent.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
      // Merged cells: their text stands once, the other places stay as they are.
      for (let dy = 0; dy < Math.min(cell.rowSpan, 200); dy++) {
        for (let dx = 0; dx < Math.min(cell.colSpan, 200); dx++) if (dx || dy) held.set(`${y + dy}:${x + dx}`, true);
      }
      x++;
    }
    while (held.has(`${y}:${x}`)) line[x++] = "";
    rows.push(Array.from(line, (words) => words ?? ""));
  });
  return rows;
}

// RFC 4180 with any separator; quotes inside a field that did not begin with one are text.
function separated(source, by) {
  const rows = [[]];
  let field = "";
  let quoted = false;
  let begun = false;
  const take = () => { rows.at(-1).push(field); field = ""; begun = false; };
  for (let n = 0; n < source.length; n++) {
    const sign = source[n];
    if (quoted) {
      if (sign === '"' && source[n + 1] === '"') { field += '"'; n++; }
      else if (sign === '"') quoted = false;
      else field += sign;
    } else if (sign === '"' && !begun) { quoted = true; begun = true; }
    else if (sign === by) take();
    else if (sign === "\n") { take(); rows.push([]); }
    else if (sign !== "\r") { field += sign; begun = true; }
  }
  if (field || rows.at(-1).length) take();
  else rows.pop();
  return rows.map((row) => row.map((words) => words.trim()));
}

const even = (rows) => rows.length > 1 && rows[0].length > 1 && rows.every((row) => row.length === rows[0].length);

// { rows, plain } or null; plain: the text could be one card as well.
export function tableOf(data) {
  const text = data.getData("text/plain").replaceAll("\u0000", "");
  const table = html(data.getData("text/html"));
  let rows = table;
  let plain = false;
  if (!rows && text.includes("\t")) rows = separated(text, "\t");
  for (const by of [";", ","]) {
    if (rows || !text.includes(by) || text.length > 500_000) continue;
    const found = separated(text.trim(), by);
    if (even(found)) { rows = found; plain = true; }
  }
  if (!rows) return null;
  const width = Math.max(...rows.map((row) => row.length));
  rows = rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
  return rows.length * width > 1 ? { rows, plain, text } : null;
}
