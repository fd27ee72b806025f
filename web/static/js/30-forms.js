// Forms: Enter goes to the next field, unsaved changes warn, a draft survives a closed tab until it is sent or the user signs out.
const draftKey = (form) => "draft:" + form.dataset.draft;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !field.disabled && field.type !== "hidden" && field.offsetParent);
const kept = (field) => field.name && !/^(password|file|hidden|submit|button)$/.test(field.type) && field.dataset.private === undefined;

function saveDraft(form) {
  const values = [...form.elements].filter(kept).map((field) => [field.name, /^(checkbox|radio)$/.test(field.type) ? field.value : null, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value]);
  try { sessionStorage.setItem(draftKey(form), JSON.stringify(values)); } catch { /* a full storage loses the draft, not the form */ }
}

function restoreDraft(form) {
  const saved = sessionStorage.getItem(draftKey(form));
  if (!saved || one("[aria-invalid]", form)) return; // a refused form comes back with what was sent
  let changed = false;
  for (const [name, choice, value] of JSON.parse(saved)) {
    for (const field of [...form.elements].filter((f) => f.name === name && kept(f))) {
      if (choice === null && field.value !== value) { field.value = value; changed = true; }
      if (choice !== null && field.value === choice && field.checked !== value) { field.checked = value; changed = true; }
    }
  }
  if (changed) { form.dataset.dirty = ""; showToast(word("draftKept")); }
}

function dropDrafts() {
  Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")).forEach((key) => sessionStorage.removeItem(key));
}

// A form that was sent leaves its key behind; when the next page is not that form again, the draft has done its work.
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !all("form[data-draft]").some((form) => draftKey(form) === sent && one("[aria-invalid]", form))) sessionStorage.removeItem(sent);
all("form[data-draft]").forEach(restoreDraft);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft === undefined) return;
  form.dataset.dirty = "";
  saveDraft(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.signOut !== undefined) dropDrafts();
  if (form.dataset.draft !== undefined) sessionStorage.setItem("sent", draftKey(form));
  delete form.dataset.dirty;
});
addEventListener("beforeunload", (event) => {
  if (one("form[data-dirty]")) { event.preventDefault(); event.returnValue = word("dirty"); }
});

document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || event.isComposing || form?.dataset.enterNext === undefined) return;
  if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); return; }
  if (!/^(INPUT|SELECT)$/.test(event.target.tagName) || /^(submit|button|file)$/.test(event.target.type)) return;
  const fields = fieldsOf(form).filter((field) => field.tagName !== "BUTTON");
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) { event.preventDefault(); next.focus(); next.select?.(); }
});

// What a drop zone was given stands in it: its own box, which would say so, lies invisible over it.
document.addEventListener("change", (event) => {
  const said = event.target.closest(".q-drop")?.querySelector("[data-chosen]");
  if (!said) return;
  said.dataset.chosen ||= said.textContent;
  said.textContent = [...event.target.files].map((file) => file.name).join("、") || said.dataset.chosen;
});
