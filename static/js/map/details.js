// Everything about a card beside its text: mark, colour, owner, status, due, evidence, link, file.
import { announce, canEdit, made, map, post, text, toast } from "./core.js";
import { board, cardOf, make } from "./dom.js";
import { focusCard } from "./actions.js";
import * as at from "./places.js";
import { closePop, openPop } from "./pop.js";
import { choices, urls } from "./words.js";

const field = (label, control) => make("label", { class: "map-field" }, make("span", { class: "lbl" }, label), control);
const input = (name, type, value, more = {}) => make("input", { class: "inp", name, type, value: value ?? "", ...more });

function pick(name, rows, value) {
  const select = make("select", { class: "inp", name }, ...rows.map(([key, label]) => make("option", { value: key }, label)));
  select.value = value ?? "";
  return select;
}

function radios(name, rows, value) {
  return make("fieldset", { class: "seg" }, make("legend", { class: "vh" }, text("evidence")),
    ...rows.map(([key, label]) => make("label", {}, make("input", { type: "radio", name, value: key, checked: key === value }), label)));
}

function evidenceFields(data) {
  return [
    radios("evidence", choices.evidence ?? [], data.evidence || "assumption"),
    make("div", { class: "row3" }, field(text("source"), input("source", "text", data.source, { maxlength: 200 })), field("n", input("n", "number", data.n, { min: 0, max: 1_000_000_000, step: 1 })), field(text("as_of"), input("on", "date", data.on))),
  ];
}

const buttons = (words) => make("footer", { class: "btns" }, make("button", { class: "btn primary" }, words), make("button", { type: "button", class: "btn quiet", onclick: () => closePop() }, text("cancel")));

const evidenceOf = (form) => ({ evidence: form.get("evidence"), source: form.get("source"), n: form.get("n") || null, on: form.get("on") || null });
const sameEvidence = (data, now) => now.evidence === (data.evidence || "assumption") && now.source === (data.source ?? "") && String(now.n ?? "") === (data.n ?? "") && (now.on ?? "") === (data.on ?? "");

function details(card) {
  const id = at.cardId(card);
  const data = { ...card.dataset };
  const file = make("input", { type: "file", class: "vh", name: "file", id: "map-file" });
  const chosen = make("span", { class: "muted" }, data.upload ? text("file_kept") : text("no_file"));
  file.addEventListener("change", () => { chosen.textContent = file.files[0]?.name ?? ""; });
  const remove = data.upload && make("label", {}, make("input", { type: "checkbox", class: "check", name: "without" }), text("remove_file"));
  const form = make("form", { class: "map-form", novalidate: true },
    make("div", { class: "row2" }, field(text("mark"), pick("mark", choices.marks ?? [], data.mark)), field(text("colour"), pick("tag", choices.tags ?? [], data.tag))),
    make("div", { class: "row3" }, field(text("owner"), input("owner", "text", data.owner, { maxlength: 80 })), field(text("status"), pick("status", choices.statuses ?? [], data.status)), field(text("due"), input("due", "date", data.due))),
    make("h3", {}, text("evidence")), ...evidenceFields(data),
    field(text("link"), input("url", "url", data.url, { maxlength: 500, placeholder: "https://" })),
    make("div", { class: "map-file" }, make("label", { class: "btn", for: "map-file" }, text("choose_file")), file, chosen, remove || null),
    buttons(text("save_all")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saveDetails(id, data, new FormData(form));
  });
  openPop(card, text("details_of"), form, { css: "wide", focus: "select" });
}

async function saveDetails(id, data, form) {
  const changed = {};
  for (const name of ["mark", "tag", "owner", "status", "due", "url"]) {
    if (form.get(name) !== (data[name] ?? "")) changed[name] = form.get(name);
  }
  const evidence = evidenceOf(form);
  closePop();
  if (form.get("without")) changed.upload = null;
  if (form.get("file")?.size) {
    const upload = await sendFile(form.get("file"));
    if (upload) changed.upload = upload;
  }
  const posts = [];
  if (Object.keys(changed).length) posts.push(post("card-set", { card: id, ...changed }));
  if (!sameEvidence(data, evidence)) posts.push(post("card-evidence", { cards: [id], ...evidence }));
  const answers = await Promise.all(posts);
  if (answers.some(Boolean)) announce(text("details_saved"));
  const card = cardOf(id);
  if (card) focusCard(card);
}

// One evidence for several cards, as from a selection.
function evidence({ cards, anchor }) {
  const ids = cards.map(at.cardId).filter(Number.isInteger);
  if (!ids.length) return announce(text("empty"));
  const form = make("form", { class: "map-form", novalidate: true }, ...evidenceFields(cards.length === 1 ? cards[0].dataset : {}), buttons(text("save_all")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = evidenceOf(new FormData(form));
    closePop();
    post("card-evidence", { cards: ids, ...values }).then((answer) => answer && announce(text("evidence_set", { n: ids.length })));
  });
  openPop(anchor, `${text("evidence")}: ${text("cards", { n: ids.length })}`, form, { focus: "input:checked" });
}

// ---------- files ----------

async function sendFile(file, only = "") {
  const body = new FormData();
  body.append("file", file);
  if (only) body.append("only", only);
  try {
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
    const response = await fetch(urls.upload, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const answer = await response.json();
    if (response.ok) return answer.id;
    toast(answer.error ?? text("failed"), { bad: true });
  } catch {
    toast(text("upload_failed"), { bad: true });
  }
  return null;
}

async function fileCard(lane, step, file) {
  const upload = await sendFile(file, at.kindOf(lane) === "storyboard" ? "picture" : "");
  if (!upload) return;
  const answer = await post("card-added", { lane, step, text: "", upload });
  const card = answer && cardOf(made(answer, "card"));
  if (card) focusCard(card);
}

function chooseFile({ lane, step }) {
  const choose = make("input", { type: "file", class: "vh", "data-map-upload": true, accept: at.kindOf(lane) === "storyboard" ? "image/*" : null });
  choose.addEventListener("change", () => { if (choose.files[0]) fileCard(lane, step, choose.files[0]); choose.remove(); });
  document.body.append(choose);
  choose.click();
}

if (map && canEdit) {
  document.addEventListener("map:details", (event) => details(event.detail.card));
  document.addEventListener("map:evidence", (event) => evidence(event.detail));
  document.addEventListener("map:file", ({ detail }) => fileCard(detail.lane, detail.step, detail.file));
  document.addEventListener("map:upload", (event) => chooseFile(event.detail));
  // A file dropped from the desktop onto a cell.
  document.addEventListener("dragover", (event) => {
    const cell = board()?.contains(event.target) && event.target.closest?.("[data-cell]");
    if (cell && event.dataTransfer?.types.includes("Files") && at.holdsCards(at.laneOf(cell))) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const cell = board()?.contains(event.target) && event.target.closest?.("[data-cell]");
    const file = event.dataTransfer?.files[0];
    if (!cell || !file || !at.holdsCards(at.laneOf(cell))) return;
    event.preventDefault();
    fileCard(at.laneOf(cell), at.stepOf(cell), file);
  });
}
