"use strict";
// What the frame adds when there is JavaScript: theme without a reload, drawers, menus, dialogs, search keys, toasts.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const word = (name) => document.body.dataset[name] || "";
const typing = (target) => target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type));

document.documentElement.classList.add("q-js");

// A toast stays eight seconds, longer while it is pointed at or holds the focus.
function keepToast(toast) {
  let timer;
  const start = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), 8000); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

// showToast says something at the foot of the page; undo, if given, is run by its button.
function showToast(text, undo) {
  const toast = document.createElement("div");
  toast.className = "q-toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: word("undo") });
    button.addEventListener("click", () => { toast.remove(); undo(); });
    toast.append(button);
  }
  one("#toasts").append(toast);
  keepToast(toast);
}
all(".q-toast").forEach(keepToast);
for (const kind of ["htmx:error", "htmx:response:error"]) document.addEventListener(kind, () => showToast(word("failed")));

let drawerOpener;
function openDrawer(link) {
  const drawer = one(link.getAttribute("href"));
  drawerOpener = link;
  drawer.classList.add("is-open");
  drawer.focus();
}
function closeDrawers() {
  all(".q-drawer.is-open").forEach((drawer) => drawer.classList.remove("is-open"));
  if (drawerOpener) drawerOpener.focus();
  drawerOpener = null;
}

function setTheme(button) {
  const form = button.form;
  document.documentElement.dataset.theme = button.value;
  const data = new FormData(form);
  data.set(button.name, button.value);
  fetch(form.action, { method: "POST", body: new URLSearchParams(data), redirect: "manual", keepalive: true }).catch(() => {});
  const other = one(button.value === "dark" ? "[data-theme-to=light]" : "[data-theme-to=dark]", form);
  if (other) other.focus();
}

async function copyText(id) {
  const source = document.getElementById(id);
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard on plain http: choose the text, so that one key copies it
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (!document.execCommand("copy")) return;
  }
  showToast(word("copied"));
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  let found;
  if ((found = at("[data-theme-to]"))) { event.preventDefault(); setTheme(found); }
  else if ((found = at("[data-drawer]"))) { event.preventDefault(); openDrawer(found); }
  else if (at(".q-drawer-close, .q-drawer-veil") && one(".q-drawer.is-open")) { event.preventDefault(); closeDrawers(); }
  else if ((found = at("[data-open]"))) {
    const dialog = document.getElementById(found.dataset.open);
    if (dialog) { event.preventDefault(); dialog.showModal(); }
  }
  else if ((found = at("[data-copy]"))) copyText(found.dataset.copy);
  else if (at("[data-print]")) print();
  if (event.target.matches("dialog[open]")) event.target.close(); // a click on the backdrop
  const menu = at("[data-menu]");
  all("[data-menu][open]").forEach((other) => { if (other !== menu) other.open = false; });
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  if ((event.key === "/" && !command && !event.altKey && !typing(event.target)) || (event.key.toLowerCase() === "k" && command)) {
    const box = one(".q-listing [data-search]") || one("[data-search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape") {
    closeDrawers();
    const menu = one("[data-menu][open]");
    if (menu) { menu.open = false; one("summary", menu).focus(); }
  }
});

const problems = one("[data-focus]");
if (problems) problems.focus();
