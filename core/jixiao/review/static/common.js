// What every page of the desk has: who sits there, in which language, and how something is sent.

/** Sends JSON to the desk; {status, ...answer}, status 0 where it does not answer. */
export async function send(address, what) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(what),
    });
    const told = answer.headers.get("content-type")?.includes("json") ? await answer.json() : { said: await answer.text() };
    return { status: answer.status, ...told };
  } catch {
    return { status: 0, said: document.body.dataset.failed };
  }
}

/** Whether a key is meant for the desk, and not for a field that is being written in. */
export function isForDesk(event) {
  const at = event.target;
  const writing = at instanceof Element && at.closest("input, textarea, select, dialog, [contenteditable=true]");
  return !writing && !event.ctrlKey && !event.metaKey;
}

const who = document.getElementById("who");
who?.addEventListener("change", () => send("/me", { who: who.value }));
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", async () => {
    await send("/me", { language: button.dataset.language });
    location.reload();
  });
}
