// The sheet: from finding to finding and from cell to cell, edits in place; the source follows.
import { isForDesk, send } from "./common.js";
import { highlight, listen, meant } from "./source.js";
import { dragging } from "./drag.js";
import { addition, input, isShaping, shape, wasShaping } from "./shape.js";

const work = document.getElementById("work");
const say = document.getElementById("say");
const source = document.getElementById("source");
const address = location.pathname;
let current = null; // the key of the cell, kept over redraws
let item = 0;
let taken = null; // the cell that is being moved by key

const cells = () => [...work.querySelectorAll(isShaping(work) ? ".cell" : ".cell:not(.label), .cell.here")];
const at = (key) => (key ? document.getElementById(key) : null);
const items = () => [...work.querySelectorAll("#items > li")];
const base = () => work.querySelector(".work").dataset.base;
const json = (text) => (text ? JSON.parse(text) : null);
const placeOf = (cell) => json(cell.closest("tr[data-place]")?.dataset.place);

function tell(text) {
  say.textContent = text ?? "";
}

/** Makes a cell the one that keys are about. */
function choose(cell, { quiet = false, focus = true } = {}) {
  if (!cell) return;
  for (const other of work.querySelectorAll(".here")) other.classList.remove("here");
  cell.classList.add("here");
  for (const other of work.querySelectorAll(".cell")) other.tabIndex = other === cell ? 0 : -1;
  current = cell.id;
  if (focus) cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!quiet) highlight(placeOf(cell));
}

/** Makes a finding the one that keys are about, and shows its cell on both sides. */
function pick(number, { focus = true } = {}) {
  const every = items();
  item = Math.min(Math.max(number, 0), every.length - 1);
  every.forEach((one, n) => one.classList.toggle("current", n === item));
  const one = every[item];
  if (!one) return;
  one.scrollIntoView({ block: "nearest" });
  choose(at(one.dataset.cell), { quiet: true, focus });
  highlight(json(one.dataset.place));
  if (one.dataset.clip) showCell(one);
}

/** What stands in the source, close up, where the finding is about what it looks like. */
function showCell(one) {
  const place = json(one.dataset.place);
  if (!place?.box || one.querySelector(".clip")) return;
  const image = document.createElement("img");
  image.className = "clip";
  image.alt = one.dataset.clip;
  image.addEventListener("error", () => image.remove());
  image.src = `/page/${address.split("/")[2]}/${place.page}?box=${place.box.join(",")}`;
  one.append(image);
}

function redraw(answer) {
  if (!answer.html) return tell(answer.said);
  work.innerHTML = answer.html;
  work.dataset.next = answer.next;
  document.getElementById("left").textContent = answer.left;
  document.getElementById("signed").textContent = answer.signed;
  taken = null;
  if (items().length) {
    item = Math.min(item, items().length - 1);
    items().forEach((one, n) => one.classList.toggle("current", n === item));
  }
  choose(at(current) ?? cells()[0]);
  tell(answer.said);
}

async function act(what) {
  const answer = await send(address, { base: base(), ...what });
  redraw(answer);
  return answer.status === 200;
}

const indices = (cell) => (cell.dataset.rows ? cell.dataset.rows.split(",").map(Number) : [null]);
const puts = (cell, after) =>
  indices(cell).map((index) => ({ part: cell.dataset.part || null, index, field: cell.dataset.field, after: after || null }));

function edit(cell) {
  if (!cell || cell.querySelector("textarea, select")) return;
  choose(cell);
  const was = cell.dataset.text;
  const shown = cell.textContent;
  const field = input(cell);
  let over = false;
  const end = async (save) => {
    if (over) return;
    over = true;
    const now = field.value.trim();
    cell.replaceChildren(shown);
    if (save && now !== was) {
      if (!(await act(changed(cell, now)))) edited(at(current), now);
    } else choose(cell);
  };
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      end(true);
    } else if (event.key === "Escape") {
      event.preventDefault();
      end(false);
    }
    event.stopPropagation();
  });
  field.addEventListener("blur", () => end(true));
  if (cell.dataset.choices) field.addEventListener("click", (event) => event.target.closest("option") && end(true));
}

/** What is sent for another text of a cell; a head that is not printed is added with it. */
function changed(cell, now) {
  if (cell.dataset.part !== "columns" || cell.dataset.rows) return { do: "change", puts: puts(cell, now) };
  return { ...json(cell.dataset.add), puts: [{ field: "text", after: now }] };
}

/** What could not be saved stays in the field, so that it can be sent again. */
function edited(cell, text) {
  const said = say.textContent;
  edit(cell);
  const field = cell?.querySelector("textarea, select");
  if (field) field.value = text;
  tell(said);
}

/** The text of one cell goes to another, whose text comes back: together, or not at all. */
function move(from, to) {
  if (!from || !to || from === to) return;
  const isLevel = to.dataset.field === "level1" || to.dataset.field === "level2";
  if (isLevel && from.dataset.field === "level3" && to.dataset.text) return relevel(indices(from)[0], to);
  const one = (cell, other) => ({ ...puts(cell, other.dataset.text)[0], index: indices(cell)[0] });
  current = to.id;
  act({ do: "change", puts: [one(from, to), one(to, from)] });
}

/** An indicator dropped on a level goes under it, with the level above. */
function relevel(index, to) {
  const row = indices(to)[0];
  const above = to.dataset.field === "level2" ? covering("level1", row) : null;
  const wanted = [{ part: "indicators", index, field: to.dataset.field, after: to.dataset.text }];
  if (above) wanted.unshift({ part: "indicators", index, field: "level1", after: above.dataset.text });
  act({ do: "change", puts: wanted });
}

const covering = (field, row) =>
  cells().find((c) => c.dataset.part === "indicators" && c.dataset.field === field && indices(c).includes(row));

function beside(cell, key) {
  const here = cell.getBoundingClientRect();
  const across = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best = null;
  let least = Infinity;
  for (const other of cells()) {
    if (other === cell) continue;
    const there = other.getBoundingClientRect();
    const gap = across
      ? sign > 0 ? there.left - here.right : here.left - there.right
      : sign > 0 ? there.top - here.bottom : here.top - there.bottom;
    if (gap < -2) continue;
    const off = across
      ? Math.max(there.top - here.bottom, here.top - there.bottom, -1) + 1 && Math.abs(there.top - here.top) / 50
      : Math.abs(there.left - here.left) / 4;
    const overlaps = across
      ? there.top < here.bottom - 1 && there.bottom > here.top + 1
      : there.left < here.right - 1 && there.right > here.left + 1;
    const away = gap + off + (overlaps ? 0 : 2000);
    if (away < least) [best, least] = [other, away];
  }
  return best;
}

function takeUp(cell) {
  if (!cell) return;
  if (taken && taken !== cell.id) {
    const from = at(taken);
    from.classList.remove("taken");
    taken = null;
    return move(from, cell);
  }
  taken = taken ? null : cell.id;
  cell.classList.toggle("taken", Boolean(taken));
  tell(taken ? work.querySelector(".form").dataset.moved.replace("{text}", cell.dataset.text) : "");
}

const levels = document.getElementById("levels");
function chooseLevel() {
  const cell = at(current);
  if (cell?.dataset.part !== "indicators") return;
  const index = indices(cell)[0];
  document.getElementById("levels-of").textContent = covering("level3", index)?.dataset.text ?? "";
  levels.dataset.index = index;
  levels.showModal();
}
levels.addEventListener("click", (event) => {
  const button = event.target.closest("[data-level2]");
  if (!button) return;
  levels.close();
  const index = Number(levels.dataset.index);
  const put = (field, after) => ({ part: "indicators", index, field, after });
  act({ do: "change", puts: [put("level1", button.dataset.level1), put("level2", button.dataset.level2)] });
});

/** Asks for a new row of that part below an item, and sends it. */
async function add(part, index) {
  const below = index < 0 ? "" : rowText(part, index);
  const given = await addition(part, below);
  if (!given) return choose(at(current), { quiet: true });
  const done = await act({ do: "add", part, index, ...given });
  const made = done && at(`${part}-${index + 1}-${part === "indicators" ? "level3" : part === "lines" ? "label" : "text"}`);
  if (made) choose(made);
}

function rowText(part, index) {
  const field = part === "indicators" ? "level3" : "label";
  return at(`${part}-${index}-${field}`)?.textContent ?? "";
}

/** Below the row of the cell; below all, where the cell is of a list and not of a row. */
function addBelow(cell) {
  const part = cell?.dataset.part;
  const rows = cell ? indices(cell) : [];
  if (!part || part === "columns" || rows[0] === null) return tell(form().dataset.noPlace);
  add(part, rows.at(-1));
}

const form = () => work.querySelector(".form");
const last = (part) => Math.max(-1, ...[...work.querySelectorAll(`.cell[data-part="${part}"]`)].flatMap(indices));

function takeOut(cell) {
  const rows = cell ? indices(cell) : [];
  if (!cell?.dataset.part || rows.length !== 1 || rows[0] === null) return tell(form().dataset.noRow);
  act({ do: "remove", part: cell.dataset.part, index: rows[0] });
}

function toggleShape() {
  const on = !isShaping(work);
  shape(work, on);
  const here = at(current);
  choose(here?.classList.contains("label") && !on ? cells()[0] : here, { quiet: true });
}

const answer = (what) => {
  const one = items()[item];
  if (one) act({ do: what, finding: Number(one.dataset.k), code: one.dataset.code });
};

async function sign(withdraw) {
  const who = document.getElementById("who").value.trim();
  if (!withdraw && !who) {
    tell(document.body.dataset.enterName);
    document.getElementById("who").focus();
    return;
  }
  redraw(await send(`${address}/sign`, { base: base(), who, withdraw }));
}

const onward = () => location.assign(work.dataset.next || "/signed");
const undo = (entry) => act({ do: "undo", entry });
const help = document.getElementById("help");

const KEYS = {
  n: () => (item + 1 < items().length ? pick(item + 1) : onward()),
  p: () => pick(item - 1),
  N: onward,
  a: () => items()[item]?.querySelector("[data-do=accept]") && answer("accept"),
  1: () => items()[item]?.querySelector("[data-do=other]") && answer("other"),
  e: () => edit(at(current)),
  Enter: () => edit(at(current)),
  F2: () => edit(at(current)),
  u: () => undo(null),
  m: () => takeUp(at(current)),
  l: chooseLevel,
  "+": () => addBelow(at(current)),
  "-": () => takeOut(at(current)),
  f: toggleShape,
  s: () => sign(false),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (!isForDesk(event)) return;
  if (event.target instanceof Element && event.target.closest("button, a, summary") && event.key === "Enter") return;
  const here = at(current);
  if (event.key.startsWith("Arrow") && here && work.contains(document.activeElement)) {
    const next = beside(here, event.key);
    if (next && event.altKey) move(here, next);
    else if (next) choose(next);
  } else if (!event.altKey && KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

work.addEventListener("click", (event) => {
  const found = (selector) => event.target.closest(selector);
  if (found("textarea, select")) return;
  if (found("#sign")) sign(false);
  else if (found("#withdraw")) sign(true);
  else if (found("#onward")) onward();
  else if (found("[data-add]")) add(found("[data-add]").dataset.add, last(found("[data-add]").dataset.add));
  else if (found("[data-offer]")) act(json(found("p").querySelector("select").value));
  else if (found("[data-undo]")) undo(Number(found("[data-undo]").dataset.undo));
  else if (found("#items > li")) {
    pick(items().indexOf(found("#items > li")));
    const wanted = found("[data-do]")?.dataset.do;
    if (wanted === "edit") edit(at(current));
    else if (wanted) answer(wanted);
  } else if (found(".cell")) choose(found(".cell"));
});
work.addEventListener("dblclick", (event) => edit(event.target.closest(".cell")));
dragging(work, move);
document.getElementById("help-button").addEventListener("click", () => help.showModal());
document.getElementById("print").addEventListener("click", () => print());
document.getElementById("add-row").addEventListener("click", () => addBelow(at(current)));
document.getElementById("remove-row").addEventListener("click", () => takeOut(at(current)));
document.getElementById("shape").addEventListener("click", toggleShape);

document.addEventListener("jixiao:pick", (event) => {
  const rows = [...work.querySelectorAll("tr[data-place]")];
  const number = meant(event.detail, rows.map((row) => json(row.dataset.place)));
  if (number < 0) return;
  choose(rows[number].querySelector(".cell[data-field=level3]"), { focus: false });
});

/** Which finding the address names: that of the queue that was clicked. */
function wanted() {
  const name = decodeURIComponent(location.hash.slice(1));
  const found = items().findIndex(
    (one) => name === one.dataset.code + (one.dataset.indicator ? `-${one.dataset.indicator}` : ""),
  );
  return Math.max(found, 0);
}

shape(work, wasShaping());
choose(cells()[0], { quiet: true, focus: false });
pick(wanted());
fetch(source.dataset.from)
  .then((found) => found.text())
  .then((html) => {
    source.innerHTML = html;
    listen();
    if (items().length) highlight(json(items()[item].dataset.place));
  });
