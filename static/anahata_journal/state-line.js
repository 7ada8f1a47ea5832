/* Shows how saving stands: `autosave.js` says it in events, the words and their translations are the page's own. */

function stateLine(form) {
  const line = form.querySelector("[data-state]"), time = form.querySelector("[data-time]"), live = form.querySelector("[data-live]");
  let said = line.dataset.state;

  function showTime(at) {
    const moment = new Date(at), isToday = moment.toDateString() === new Date().toDateString();
    time.dateTime = at;
    time.textContent = moment.toLocaleString([], isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  }

  function show({ kind, savedAt, current }) {
    line.dataset.state = kind;
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== kind;
    if (savedAt) showTime(savedAt);
    if (current !== undefined) form.querySelector("[data-other]").textContent = current;
    // A voice that says "Saving, saved" at every pause keeps nobody company: only a change of the outcome is spoken.
    if (kind === "saving" || kind === said) return;
    said = kind;
    live.textContent = line.querySelector(`[data-when="${kind}"]`).textContent;
  }

  form.addEventListener("autosave", (event) => show(event.detail));
  if (time.dateTime) showTime(time.dateTime);
}

for (const form of document.querySelectorAll("form[data-autosave]")) stateLine(form);
