// Fetches the comment form where its link stands; without this module the link leads to a page with the same form.

const fetchForm = async (link) => {
  const url = new URL(link.href);
  url.searchParams.set("fragment", "");
  const response = await fetch(url, { credentials: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(`The form answered ${response.status}.`);
  return response.text();
};

const open = async (link) => {
  const slot = document.getElementById(link.dataset.commentForm);
  link.setAttribute("aria-busy", "true");
  try {
    slot.innerHTML = await fetchForm(link);
  } catch {
    window.location.assign(link.href);
    return;
  }
  link.removeAttribute("aria-busy");
  link.hidden = link.closest("h2") === null;
  link.removeAttribute("href");
  slot.querySelector("input:not([type=hidden], [tabindex='-1']), textarea").focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-comment-form][href]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!link.hasAttribute("aria-busy")) open(link);
});
