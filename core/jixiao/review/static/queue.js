// The queue by keyboard: n and p go from finding to finding, Enter opens as on any link.
import { isForDesk } from "./common.js";

const items = [...document.querySelectorAll("a.item")];
const step = (by) => {
  const at = items.indexOf(document.activeElement);
  items[Math.min(Math.max(at + by, 0), items.length - 1)]?.focus();
};
document.addEventListener("keydown", (event) => {
  if (!isForDesk(event) || event.altKey) return;
  if (event.key === "n" || event.key === "ArrowDown") step(1);
  else if (event.key === "p" || event.key === "ArrowUp") step(-1);
  else return;
  event.preventDefault();
});

// A batch that is still being looked through is shown anew, as long as nobody has begun to work here.
const AGAIN = 700; // milliseconds
let touched = false;
for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, () => (touched = true), { once: true });
if (document.getElementById("unfinished")) setTimeout(() => touched || location.reload(), AGAIN);
