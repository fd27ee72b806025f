// Lists marked data-list: j and k go down and up, x chooses, Enter opens; the bulk bar counts what is chosen.
const rowsOf = (list) => all("tbody tr", list);
const boxOf = (row) => one("[data-row]", row);

function goTo(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-at"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  rows.forEach((row) => row.classList.toggle("is-at", row === next));
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function countChosen() {
  const boxes = all("[data-row]");
  const chosen = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
  all("[data-row-all]").forEach((box) => {
    box.checked = chosen.length > 0 && chosen.length === boxes.length;
    box.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  });
  all("[data-bulk]").forEach((bar) => bar.classList.toggle("is-on", chosen.length > 0));
  all("[data-bulk-count]").forEach((count) => { count.textContent = chosen.length; });
}

function choose(boxes, on) {
  boxes.forEach((box) => { box.checked = on; });
  countChosen();
}

document.addEventListener("keydown", (event) => {
  const list = one("[data-list]");
  if (!list || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  const row = one("tr.is-at", list);
  if (event.key === "j") goTo(list, 1);
  else if (event.key === "k") goTo(list, -1);
  else if (event.key === "x" && row && boxOf(row)) choose([boxOf(row)], !boxOf(row).checked);
  else if (event.key === "Enter" && row && event.target === row) (one("[data-row-link]", row) || one("a", row))?.click();
  else return;
  event.preventDefault();
});

// In the capture phase, so that choosing a row does not send the filter form around the list.
for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches("[data-row-all]")) { event.stopPropagation(); choose(all("[data-row]"), event.target.checked); }
    else if (event.target.matches("[data-row]")) { event.stopPropagation(); countChosen(); }
  }, true);
}
document.addEventListener("click", (event) => { if (event.target.closest("[data-bulk-none]")) choose(all("[data-row]"), false); });
document.addEventListener("htmx:after:swap", countChosen);
countChosen();
