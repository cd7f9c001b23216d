// The form itself: labels, kinds and heads that are shown to be corrected, and rows that are asked for.

const KEY = "jixiao-labels";
const dialog = document.getElementById("add");

/** Whether labels, kinds and heads can be corrected like cells. */
export const isShaping = (work) => work.classList.contains("shaping");

/** Shows them, or not; kept from sheet to sheet. */
export function shape(work, on) {
  work.classList.toggle("shaping", on);
  document.getElementById("shape").setAttribute("aria-pressed", String(on));
  sessionStorage.setItem(KEY, on ? "on" : "");
}

export const wasShaping = () => sessionStorage.getItem(KEY) === "on";

/** Puts into a cell the field in which its text is corrected, and gives it. */
export function input(cell) {
  const field = cell.dataset.choices ? list(cell) : lines();
  field.value = cell.dataset.text;
  field.setAttribute("aria-label", cell.dataset.name);
  cell.replaceChildren(field);
  cell.removeAttribute("tabindex"); // the field is what is reached now, until another cell is chosen
  field.dispatchEvent(new Event("input"));
  field.focus();
  field.select?.();
  return field;
}

function list(cell) {
  const field = document.getElementById(`choices-${cell.dataset.choices}`).content.firstElementChild.cloneNode(true);
  field.size = field.options.length;
  return field;
}

function lines() {
  const field = document.createElement("textarea");
  field.rows = 1;
  field.addEventListener("input", () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  });
  return field;
}

/** Asks for the name of a new row and what else is known of it; null where that is given up. */
export function addition(part, below) {
  const said = document.getElementById("add-below");
  said.textContent = below ? said.dataset.below.replace("{text}", below) : said.dataset.top;
  for (const group of dialog.querySelectorAll("fieldset")) {
    group.disabled = group.hidden = group.dataset.part !== part;
    for (const field of group.querySelectorAll("input")) field.value = "";
  }
  dialog.returnValue = "";
  dialog.showModal();
  const group = dialog.querySelector("fieldset:enabled");
  group.querySelector("input").focus();
  return new Promise((resolve) => {
    const closed = () => {
      const [name, text] = [...group.querySelectorAll("input")].map((field) => field.value.trim());
      const puts = text ? [{ field: group.dataset.field, after: text }] : [];
      resolve(dialog.returnValue && name ? { name, puts } : null);
    };
    dialog.addEventListener("close", closed, { once: true });
  });
}
