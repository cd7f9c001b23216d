// Cells of the form dragged onto others.
export function dragging(work, move) {
  let from = null;
  work.addEventListener("dragstart", (event) => {
    from = event.target.closest?.(".cell[draggable]");
    if (!from || from.querySelector("textarea")) return event.preventDefault();
    event.dataTransfer.setData("text/plain", from.dataset.text);
    event.dataTransfer.effectAllowed = "move";
  });
  const target = (event) => {
    const cell = event.target.closest?.(".cell[draggable]");
    return from && cell && cell !== from ? cell : null;
  };
  work.addEventListener("dragover", (event) => {
    for (const old of work.querySelectorAll(".over")) old.classList.remove("over");
    const cell = target(event);
    if (!cell) return;
    cell.classList.add("over");
    event.preventDefault();
  });
  work.addEventListener("drop", (event) => {
    const cell = target(event);
    if (!cell) return;
    event.preventDefault();
    const moved = from;
    from = null;
    move(moved, cell);
  });
  work.addEventListener("dragend", () => {
    from = null;
    for (const old of work.querySelectorAll(".over")) old.classList.remove("over");
  });
}
