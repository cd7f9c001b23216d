"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const config = JSON.parse(byId("config").textContent);
  const rows = [...document.querySelectorAll("script.rows")].flatMap((s) => JSON.parse(s.textContent));
  const [NUMBER, SOURCE, OUTCOME, ERRORS, WARNINGS, CODES, NAMES, ENDED] = [0, 1, 2, 3, 4, 5, 6, 7];
  const words = config.words, PAGE = 50;
  const wanted = { outcomes: new Set(), code: "", text: "", only: false, page: 0 };
  let found = rows;

  const make = (name, attributes = {}, ...inner) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(key, value);
    }
    node.append(...inner);
    return node;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const detailOf = (row) => byId(`d${row[NUMBER]}`);
  const asJson = (text) => JSON.stringify(text).slice(1, -1).replaceAll("<", "\\u003c");

  const fits = (row) => {
    if (wanted.outcomes.size && ![row[OUTCOME], row[ENDED]].some((k) => wanted.outcomes.has(config.outcomes[k]))) return false;
    if (wanted.code && !row[CODES].some((k) => config.codes[k] === wanted.code)) return false;
    if (!wanted.text) return true;
    if (`${row[SOURCE]}\n${row[NAMES]}`.toLowerCase().includes(wanted.text)) return true;
    const detail = detailOf(row);
    return detail !== null && detail.textContent.toLowerCase().includes(asJson(wanted.text));
  };

  const filter = () => {
    found = rows.filter(fits);
    wanted.page = 0;
    for (const tile of document.querySelectorAll("[data-outcome]")) {
      tile.setAttribute("aria-pressed", wanted.outcomes.has(tile.dataset.outcome));
    }
    for (const bar of document.querySelectorAll("[data-code]")) {
      bar.setAttribute("aria-pressed", bar.dataset.code === wanted.code);
    }
    byId("code").value = wanted.code;
    render();
  };

  const render = () => {
    const last = Math.max(1, Math.ceil(found.length / PAGE));
    const from = wanted.page * PAGE;
    document.querySelector("#inputs > tbody").replaceChildren(...found.slice(from, from + PAGE).map(tr));
    byId("count").textContent = fill(words.count, { shown: found.length, total: rows.length });
    byId("page").textContent = fill(words.page, { page: wanted.page + 1, pages: last });
    byId("back").disabled = wanted.page === 0;
    byId("next").disabled = wanted.page + 1 >= last;
  };

  const tr = (row) => {
    const kind = config.outcomes[row[OUTCOME]];
    const open = make("button", { type: "button", class: "open", "aria-expanded": "false" }, row[SOURCE]);
    const codes = row[CODES].map((k) => make("div", { title: config.codes[k] }, config.names[k]));
    const earlier = row[ENDED] === row[OUTCOME] ? [] : [make("div", { class: "code" }, words[config.outcomes[row[ENDED]]])];
    const line = make("tr", {},
      make("td", {}, open, make("div", { class: "code" }, row[NAMES])),
      make("td", { class: kind }, words[kind], ...earlier),
      make("td", { class: "num" }, String(row[ERRORS])),
      make("td", { class: "num" }, String(row[WARNINGS])),
      make("td", { class: "code" }, ...codes));
    open.addEventListener("click", () => {
      const shown = open.getAttribute("aria-expanded") === "true";
      open.setAttribute("aria-expanded", String(!shown));
      if (shown) line.nextSibling.remove();
      else line.after(make("tr", { class: "detail" }, make("td", { colspan: 5 }, detail(row))));
    });
    return line;
  };

  const detail = (row) => {
    const held = detailOf(row);
    if (held === null) return make("p", {}, words.elsewhere);
    const data = JSON.parse(held.textContent);
    const parts = [];
    if (data.said) parts.push(make("p", { class: "error" }, data.said));
    const pictures = JSON.parse(byId(`p${row[NUMBER]}`)?.textContent ?? "[]");
    if (data.findings.length) parts.push(list(data.findings, pictures));
    data.sheets.forEach((sheet, k) => parts.push(...sheetParts(sheet, k + 1, pictures)));
    if (!parts.length) parts.push(make("p", {}, words.nothing));
    const all = document.createDocumentFragment();
    all.append(...parts);
    return all;
  };

  const sheetParts = (sheet, number, pictures) => {
    const of = (k) => sheet.findings.filter((f) => f[3] === k);
    const body = sheet.rows.map((cells, k) => [cells, of(k), k]).filter(([, said]) => !wanted.only || said.length);
    const table = make("table", {},
      make("thead", {}, make("tr", {}, ...config.heads.map((h) => make("th", {}, h)))),
      make("tbody", {}, ...body.map(([cells, said, k]) => make("tr", {},
        make("td", { class: "num" }, String(k + 1)),
        make("td", {}, cells[0]),
        make("td", {}, cells[1]),
        make("td", { class: "source" }, cells[2]),
        make("td", { class: "source" }, cells[3]),
        make("td", {}, said.length ? list(said, pictures) : "")))));
    const loose = of(null);
    return [make("h3", {}, `${number}. ${sheet.name}`), ...(loose.length ? [list(loose, pictures)] : []),
      ...(body.length ? [make("div", { class: "scroll" }, table)] : [])];
  };

  const list = (findings, pictures) => make("ul", {}, ...findings.map(([severity, code, message, , k, text]) =>
    make("li", { class: severity }, `${message} `, make("span", { class: "code" }, code),
      ...(k in pictures ? [make("img", { class: "clip", src: pictures[k], alt: fill(words.clip, { text }) })] : []))));

  const press = (node, act) => {
    node.addEventListener("click", act);
    if (node.tagName !== "BUTTON") {
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); }
      });
    }
  };
  for (const tile of document.querySelectorAll("[data-outcome]")) {
    press(tile, () => {
      const kind = tile.dataset.outcome;
      if (!wanted.outcomes.delete(kind)) wanted.outcomes.add(kind);
      filter();
    });
  }
  for (const bar of document.querySelectorAll("[data-code]")) {
    press(bar, () => { wanted.code = wanted.code === bar.dataset.code ? "" : bar.dataset.code; filter(); });
  }
  let waiting = 0;
  byId("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { wanted.text = event.target.value.trim().toLowerCase(); filter(); }, 150);
  });
  byId("code").addEventListener("change", (event) => { wanted.code = event.target.value; filter(); });
  byId("only").addEventListener("change", (event) => { wanted.only = event.target.checked; render(); });
  byId("clear").addEventListener("click", () => {
    Object.assign(wanted, { outcomes: new Set(), code: "", text: "", only: false });
    byId("search").value = "";
    byId("only").checked = false;
    filter();
  });
  byId("back").addEventListener("click", () => { wanted.page -= 1; render(); });
  byId("next").addEventListener("click", () => { wanted.page += 1; render(); });
  filter();
  if (rows.length === 1) document.querySelector(".open").click();
})();
