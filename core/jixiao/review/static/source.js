// The left side of the desk: shows where something stands in the source, and tells where somebody pointed.
// The source is in <div id="source">; review/source.py says what its elements carry.

const MARK = "source-here";

const root = () => document.getElementById("source");

/** Highlights a place {page, table, row, col, box}, all of which may be absent, and brings it into view. */
export function highlight(place) {
  const source = root();
  if (!source) return;
  for (const old of source.querySelectorAll("." + MARK)) {
    if (old.classList.contains("source-mark")) old.remove();
    else old.classList.remove(MARK);
  }
  const found = place ? cellsAt(source, place) : [];
  for (const cell of found) cell.classList.add(MARK);
  const target = found[0] ?? (place && markOnPage(source, place));
  if (found[0]) focusable(source, found[0]);
  if (target) bringIntoView(source, target);
}

/** Which of `places` (null for none) a pick means: the nearest on its page, or that of its row; -1 for none. */
export function meant(pick, places) {
  if (pick.page !== undefined) return nearest(pick, places);
  const near = places.map((p, n) => [p, n]).filter(([p]) => p && (p.table ?? 0) === pick.table);
  const exact = near.find(([p]) => p.row === pick.row);
  return exact ? exact[1] : -1;
}

function nearest(pick, places) {
  let best = -1;
  let least = Infinity;
  places.forEach((place, n) => {
    if (!place || place.page !== pick.page || !place.box) return;
    const [x0, top, x1, bottom] = place.box;
    if (pick.y < top || pick.y > bottom) return;
    const away = Math.max(x0 - pick.x, pick.x - x1, 0);
    if (away < least) [best, least] = [n, away];
  });
  return best;
}

function cellsAt(source, place) {
  const wanted = [];
  if (place.row) {
    wanted.push(`[data-table="${Number(place.table ?? 0)}"][data-row="${Number(place.row)}"]`);
    if (place.col) wanted[0] += `[data-col="${Number(place.col)}"]`;
  } else if (place.page && place.box) {
    wanted.push(`[data-page="${Number(place.page)}"][data-box="${place.box.map(python).join(",")}"]`);
  }
  return wanted.length ? [...source.querySelectorAll(wanted[0])] : [];
}

/** A number as the server prints it: 3 points are "3.0". */
function python(number) {
  return Number.isInteger(number) ? `${number}.0` : `${Number(number)}`;
}

function markOnPage(source, place) {
  const page = source.querySelector(`.source-page[data-page="${Number(place.page)}"]`);
  if (!page || !place.box) return page;
  const [x0, top, x1, bottom] = place.box;
  const { width, height } = page.dataset;
  const mark = document.createElement("span");
  mark.className = `source-mark ${MARK}`;
  mark.style.left = `${(100 * x0) / width}%`;
  mark.style.top = `${(100 * top) / height}%`;
  mark.style.width = `${(100 * (x1 - x0)) / width}%`;
  mark.style.height = `${(100 * (bottom - top)) / height}%`;
  page.append(mark);
  return mark;
}

/** Scrolls the source alone: the other side stays where it is. */
function bringIntoView(source, target) {
  const inner = target.getBoundingClientRect();
  const outer = source.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    source.scrollTop += inner.top - outer.top - Math.max((outer.height - inner.height) / 2, 0);
  }
  if (inner.left < outer.left || inner.right > outer.right) {
    source.scrollLeft += inner.left - outer.left - Math.max((outer.width - inner.width) / 2, 0);
  }
}

/** One cell of the tables can be reached by Tab, the others from it by the arrow keys. */
function focusable(source, cell) {
  for (const old of source.querySelectorAll("[data-row][tabindex]")) old.removeAttribute("tabindex");
  cell.tabIndex = 0;
}

function pickOf(target, event) {
  const cell = target.closest("[data-row]");
  if (cell?.dataset.box) {
    const [x0, top, x1, bottom] = cell.dataset.box.split(",").map(Number);
    return { page: Number(cell.dataset.page), x: (x0 + x1) / 2, y: (top + bottom) / 2 };
  }
  if (cell) {
    const { table, row, col } = cell.dataset;
    return { table: Number(table), row: Number(row), col: Number(col) };
  }
  const page = target.closest(".source-page");
  if (!page) return null;
  const edges = page.getBoundingClientRect();
  const x = ((event.clientX - edges.left) / edges.width) * page.dataset.width;
  const y = ((event.clientY - edges.top) / edges.height) * page.dataset.height;
  return { page: Number(page.dataset.page), x, y };
}

function tell(source, pick) {
  if (pick) source.dispatchEvent(new CustomEvent("jixiao:pick", { bubbles: true, detail: pick }));
}

function move(source, cell, key) {
  const all = [...source.querySelectorAll("[data-row]")];
  const at = all.indexOf(cell);
  if (key === "ArrowRight") return all[at + 1];
  if (key === "ArrowLeft") return all[at - 1];
  const here = cell.getBoundingClientRect();
  const middle = here.left + here.width / 2;
  const over = (other) => {
    const edges = other.getBoundingClientRect();
    return edges.left <= middle && middle <= edges.right;
  };
  if (key === "ArrowDown") {
    return all.slice(at + 1).find((o) => over(o) && o.getBoundingClientRect().top >= here.bottom - 2);
  }
  return all.slice(0, at).reverse().find((o) => over(o) && o.getBoundingClientRect().bottom <= here.top + 2);
}

/** Listens to the source; to be called once for each #source that is put into the page. */
export function listen() {
  const source = root();
  if (!source || source.dataset.listens) return;
  source.dataset.listens = "yes";
  const first = source.querySelector("[data-row]");
  if (first) focusable(source, first);
  source.addEventListener("click", (event) => tell(source, pickOf(event.target, event)));
  source.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-row]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      tell(source, pickOf(cell, event));
    } else if (["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      const next = move(source, cell, event.key);
      if (next) {
        focusable(source, next);
        next.focus();
      }
    }
  });
}

listen();
