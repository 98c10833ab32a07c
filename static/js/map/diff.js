// Comparing two texts word by word, and joining two versions of one text.

export const words = (line) => line.match(/\s+|[\p{L}\p{N}\p{M}_'’-]+|[^\s\p{L}\p{N}\p{M}_]/gu) ?? [];

// Longest common run of words; texts of a card are short, so the plain table is quick enough.
function table(a, b) {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      rows[i][j] = a[i] === b[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
    }
  }
  return rows;
}

// [["same" | "del" | "ins", text], …] from a to b.
export function difference(from, to) {
  const [a, b] = [words(from), words(to)];
  if (a.length * b.length > 4_000_000) return [["del", from], ["ins", to]];
  const rows = table(a, b);
  const found = [];
  const push = (kind, word) => {
    if (found.at(-1)?.[0] === kind) found.at(-1)[1] += word;
    else found.push([kind, word]);
  };
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { push("same", a[i]); i++; j++; }
    else if (j >= b.length || (i < a.length && rows[i + 1][j] >= rows[i][j + 1])) push("del", a[i++]);
    else push("ins", b[j++]);
  }
  return found;
}

// Where a version replaces words of the text both started from: [start, end, words].
function edits(base, version) {
  const [a, b] = [base, words(version)];
  const rows = table(a, b);
  const found = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { i++; j++; continue; }
    const [start, from] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j >= b.length || (i < a.length && rows[i + 1][j] >= rows[i][j + 1])) i++;
      else j++;
    }
    found.push([start, i, b.slice(from, j)]);
  }
  return found;
}

// Both versions in one: what each changed is taken over; where both changed the same words, both
// stand there, one after the other.
export function merge(base, mine, theirs) {
  const start = words(base);
  if (start.length * Math.max(words(mine).length, words(theirs).length) > 4_000_000) return mine;
  const all = [...edits(start, mine), ...edits(start, theirs)].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const joined = [];
  for (const [from, to, put] of all) {
    const last = joined.at(-1);
    if (last && (from < last[1] || (from === last[0] && to === last[1]))) {
      last[1] = Math.max(last[1], to);
      if (last[2].join("") !== put.join("")) last[2] = [...last[2], ...(put.length && last[2].length ? [" "] : []), ...put];
    } else joined.push([from, to, [...put]]);
  }
  let at = 0;
  const out = [];
  for (const [from, to, put] of joined) {
    out.push(...start.slice(at, from), ...put);
    at = to;
  }
  return [...out, ...start.slice(at)].join("").replace(/[ \t]{2,}/g, " ").trim();
}
