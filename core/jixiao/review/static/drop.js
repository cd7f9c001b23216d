// Files dropped on the page: each is sent by itself, a few at a time, and its result is put on top.
const AT_A_TIME = 2;
const drop = document.getElementById("drop");
const files = document.getElementById("files");
const results = document.getElementById("results");
const progress = document.getElementById("progress");
let done = 0;
let total = 0;

function tell() {
  const text = done < total ? progress.dataset.working : progress.dataset.done;
  progress.textContent = text.replace("{done}", done).replace("{total}", total);
}

async function convert(file) {
  const asked = new URLSearchParams({ name: file.name, to: to.value, profile: profile.value });
  let html = "";
  let said = document.body.dataset.failed;
  try {
    const answer = await fetch(`/drop?${asked}`, { method: "POST", body: file });
    ({ html, said } = await answer.json());
  } catch {
    html = "";
  }
  const made = document.createElement("template");
  if (html) made.innerHTML = html;
  else {
    const line = document.createElement("li");
    line.textContent = `${file.name}: ${said}`;
    made.content.append(line);
  }
  results.prepend(made.content);
  document.getElementById("all").hidden = !results.querySelector("a");
  done += 1;
  tell();
}

const waiting = [];
let busy = 0;
function go() {
  while (busy < AT_A_TIME && waiting.length) {
    busy += 1;
    convert(waiting.shift()).finally(() => {
      busy -= 1;
      go();
    });
  }
}

function take(list) {
  waiting.push(...list);
  total += list.length;
  tell();
  go();
}

const to = document.getElementById("to");
const profile = document.getElementById("profile");
files.addEventListener("change", () => {
  take([...files.files]);
  files.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => event.relatedTarget ?? drop.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
