// Answers go one by one, in order, and are kept on the phone until the server has them. Sending
// one twice counts once, so whatever is in doubt is simply sent again.
const main = document.getElementById("answer");
const store = `cxm-answer:${location.pathname.split("/").slice(2, 3)}`;
const FRAGMENT = { "X-Answer": "1" };
const waits = [1, 2, 4, 8, 15, 30]; // seconds between tries

let queue = read();
let sending = false;
let refused = false; // the first of the queue was sent back to be corrected
let tries = 0;
let timer = 0;
let address = location.pathname + location.search; // of the page that is shown
let ahead = new Map(); // address → the pages that follow, for a lost connection

document.documentElement.classList.add("js");

function read() {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (queue.length) localStorage.setItem(store, JSON.stringify(queue));
    else localStorage.removeItem(store);
  } catch {
    // No room or no right to keep anything: the page itself still has it.
  }
  const note = main.querySelector("[data-kept]");
  if (note) note.hidden = !(queue.length && tries);
}

main.addEventListener("submit", (event) => {
  const form = event.target.closest("form.q");
  if (!form || !form.action) return;
  event.preventDefault();
  if (sending && !tries) return; // pressed twice
  const body = new URLSearchParams(new FormData(form, event.submitter)).toString();
  const entry = { url: form.getAttribute("action"), body };
  const place = queue.findIndex((other) => other.url === entry.url);
  if (place >= 0) queue[place] = entry;
  else if (refused) queue.unshift(entry);
  else queue.push(entry);
  refused = false;
  main.setAttribute("aria-busy", "true");
  keep();
  if (tries) goOnAlone(form);
  deliver();
});

async function deliver() {
  if (sending || refused || !queue.length) return;
  sending = true;
  clearTimeout(timer);
  try {
    let answer;
    while (queue.length && !refused) {
      const { url, body } = queue[0];
      answer = await fetch(url, {
        method: "POST",
        body,
        headers: { ...FRAGMENT, "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
      });
      if (answer.status >= 500 || answer.status === 429) throw new TypeError("the server is away");
      const html = await answer.text();
      if (!queue.length || queue[0].url !== url) continue;
      if (queue[0].body !== body) continue; // changed while it was under way: the newer one goes
      queue.shift();
      if (ahead.get(url)?.decides !== false) ahead.clear();
      refused = answer.status === 422 && queue.length > 0;
      tries = 0;
      keep();
      if (!queue.length || !answer.ok) show(html, answer.headers.get("X-Address"), !answer.ok);
    }
  } catch {
    tries += 1;
    keep();
    timer = setTimeout(deliver, 1000 * waits[Math.min(tries, waits.length) - 1]);
    if (tries === 1) goOnAlone(main.querySelector("form.q"));
  } finally {
    sending = false;
    main.removeAttribute("aria-busy");
  }
}

// Without a connection: to the next page, where what was said here cannot change which one it is.
function goOnAlone(form) {
  const here = [...ahead.values()].find((page) => page.address === form?.getAttribute("action"));
  const next = here && !here.decides && ahead.get(here.next);
  const silent = queue.at(-1)?.body.includes("silent=");
  const said = silent || form?.querySelector(":checked:not(option)") || form?.querySelector("textarea")?.value.trim();
  if (next && (said || !here.required)) show(next.html, next.address);
}

function show(html, where, isError = false) {
  if (!where) return location.reload();
  if (where === address && !isError && main.querySelector("form.q")) return; // already there
  main.innerHTML = html;
  if (where !== address) history.pushState({}, "", where);
  address = where;
  const title = main.querySelector("h1");
  document.title = title ? title.textContent : document.title;
  scrollTo(0, 0);
  dress();
  (main.querySelector(".err") ?? title)?.focus({ preventScroll: !isError });
}

async function go(where, push = true) {
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(where, { headers: FRAGMENT });
    const html = await answer.text();
    const found = answer.headers.get("X-Address");
    if (!found) return location.assign(where);
    if (!push) address = found;
    main.innerHTML = "";
    show(html, found);
  } catch {
    const known = ahead.get(where);
    if (known) show(known.html, known.address);
  } finally {
    main.removeAttribute("aria-busy");
  }
}

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-back]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

addEventListener("popstate", () => go(location.pathname + location.search, false));
addEventListener("online", deliver);
addEventListener("visibilitychange", () => document.visibilityState === "visible" && deliver());
addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});

// 1 to 5 choose, Enter goes on.
addEventListener("keydown", (event) => {
  const form = main.querySelector("form.q");
  if (!form || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, select, button, a, summary, input:not([type=radio], [type=checkbox])")) return;
  if (event.key === "Enter" && !event.target.closest("input")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (/^\d$/.test(event.key)) {
    const choices = [...form.querySelectorAll("input[name=value]")];
    const numbered = form.querySelector(".n, .nums");
    const choice = numbered ? choices.find((one) => one.value === event.key) : choices[event.key - 1];
    if (!choice) return;
    event.preventDefault();
    choice.click();
    choice.focus();
  }
});

main.addEventListener("input", (event) => {
  if (event.target.name === "other" && event.target.value) {
    const other = main.querySelector("[data-other]");
    if (other) other.checked = true;
  }
  if (event.target.matches("[data-counter]")) count(event.target);
  const said = main.querySelector("[data-answered]");
  if (said) said.textContent = main.querySelectorAll(".mr :checked").length;
});

function count(text) {
  const left = text.maxLength - text.value.length;
  const note = text.parentNode.querySelector(".count");
  note.textContent = left <= 400 ? text.dataset.counter.replace("{n}", left) : "";
}

// What a page gets once it is there.
function dress() {
  for (const text of main.querySelectorAll("[data-counter]")) {
    const note = document.createElement("span");
    note.className = "count";
    note.setAttribute("aria-live", "polite");
    text.after(note);
    count(text);
  }
  const ranking = main.querySelector("[data-rank]");
  if (ranking) import("./rank.js").then((rank) => rank.dress(ranking));
  const back = main.querySelector("[data-return]");
  if (back) setTimeout(() => back.isConnected && location.replace(back.dataset.return), 20_000);
  keep();
  lookAhead();
}

// The following pages, fetched while there is a connection; again when an answer changed the way.
async function lookAhead() {
  const source = main.querySelector("form.q")?.dataset.ahead;
  const here = ahead.get(address);
  if (!source || (here && (!here.next || ahead.has(here.next)))) return;
  try {
    const answer = await fetch(source);
    if (!answer.ok) return;
    const { pages } = await answer.json();
    ahead = new Map(pages.map((page) => [page.address, page]));
  } catch {
    // Then there is nothing to go on with; what is typed is kept all the same.
  }
}

dress();
if (queue.length) {
  tries = 1;
  keep();
  deliver();
}
