/* Saves what is typed by itself, says honestly how that stands, and never writes into the field.
   The server tells a late or repeated send from another page by this page's name and count: see journal/writing.py. */

const IDLE = 800, LONGEST = 5000, PATIENCE = 20000, SOONEST = 2000, LATEST = 30000;

const pageName = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function csrfToken(form) {
  // Read at each send: signing in again, in another tab, changes the cookie.
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(`${form.dataset.csrfCookie}=`));
  return cookie ? cookie.slice(cookie.indexOf("=") + 1) : form.elements.csrfmiddlewaretoken.value;
}

function autosave(form) {
  const { text: field, revision, ticket } = form.elements, name = pageName();
  let saved = "unsaved" in form.dataset ? null : field.value, refused = null, count = 0, confirmed = 0;
  let pending = null, isOver = false, failures = 0, since = 0, timer = 0;

  const tell = (kind, more = {}) => form.dispatchEvent(new CustomEvent("autosave", { detail: { kind, ...more } }));
  const isUnsaved = () => !isOver && field.value !== saved;
  const after = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

  function plan() {
    if (field.value === refused) return;
    since ||= performance.now();
    if (pending || failures) return; // the reply, or the next attempt, plans what follows
    after(Math.max(0, Math.min(IDLE, since + LONGEST - performance.now())));
  }

  function retry(kind, wait) {
    failures += 1;
    tell(kind);
    after(Math.max(wait, Math.min(LATEST, SOONEST * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random())));
  }

  function save() {
    if (!pending && isUnsaved()) pending = send().finally(() => { pending = null; if (isUnsaved() && !failures) plan(); });
    return pending;
  }

  async function send(isLeaving = false) {
    const text = field.value, seq = ++count;
    let reply = null, told = {};
    clearTimeout(timer);
    since = 0;
    tell("saving");
    try {
      reply = await fetch(form.dataset.url, {
        method: "PUT", body: text, keepalive: isLeaving, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
        headers: {
          "Content-Type": "text/plain; charset=utf-8", "If-Match": `"${revision.value}"`, "X-Writer": name, "X-Seq": String(seq),
          "X-Ticket": ticket.value, "X-CSRFToken": csrfToken(form), Accept: "application/json",
        },
      });
      told = await reply.json();
    } catch { /* no reply, or none in JSON: not saved */ }
    settle(reply, told ?? {}, text, seq);
  }

  function settle(reply, told, text, seq) {
    const status = reply?.status ?? 0, isNewest = seq > confirmed;
    const isSaved = status === 200 && Number.isInteger(told.revision), isKept = status === 409 && "kept" in told;
    if (isSaved || isKept) {
      failures = 0;
      if (isNewest) [confirmed, saved] = [seq, text];
      if (isSaved) revision.value = Math.max(revision.value, told.revision);
      if (isKept) tell("conflict", { current: told.current });
      else tell(isUnsaved() ? "saving" : "saved", { savedAt: told.saved_at });
    } else if (status === 403 && told.access_ended) {
      field.readOnly = isOver = true;
      tell("read_only");
    } else if (status === 413) {
      [failures, refused] = [0, text]; // the next attempt comes with the next change
      tell("too_long");
    } else if (isNewest) {
      const kind = [401, 404].includes(status) ? "signed_out" : navigator.onLine ? "retrying" : "offline";
      retry(kind, 1000 * (reply?.headers.get("Retry-After") || 0));
    }
  }

  const again = () => { if (failures) { failures = 0; save(); } };
  const leave = () => { if (isUnsaved()) send(true); };
  field.addEventListener("input", () => { if (!failures) tell("saving"); plan(); });
  addEventListener("online", again);
  addEventListener("offline", () => { if (isUnsaved()) tell("offline"); });
  addEventListener("pagehide", leave);
  addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : again()));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failures = 0;
    await pending;
    await save();
    if (event.submitter?.name === "done" && !isUnsaved()) location.assign(form.dataset.done);
  });
  if (isUnsaved()) plan();
}

for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
