// Charts: the tip over a day, a cursor on the line.
function showTip(chart, hit) {
  const cursor = one(".q-cursor", chart), line = one("line", cursor), dot = one("circle", cursor);
  const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value));
  set(line, { x1: hit.dataset.x, x2: hit.dataset.x, y1: hit.getAttribute("y"), y2: +hit.getAttribute("y") + +hit.getAttribute("height") });
  set(dot, { cx: hit.dataset.x, cy: hit.dataset.y });
  cursor.removeAttribute("hidden");
  const tip = one(".q-tip") || document.body.appendChild(Object.assign(document.createElement("div"), { className: "q-tip" }));
  tip.replaceChildren(...hit.dataset.tip.split("|").map((text, i) => Object.assign(document.createElement(i ? "span" : "b"), { textContent: text })));
  const point = line.getBoundingClientRect();
  const right = point.left + 14 + tip.offsetWidth > innerWidth - 8;
  tip.style.left = scrollX + (right ? point.left - 14 - tip.offsetWidth : point.left + 14) + "px";
  tip.style.top = scrollY + point.top + 20 + "px";
}

function hideTip(chart) {
  one(".q-cursor", chart).setAttribute("hidden", "");
  one(".q-tip")?.remove();
}

document.addEventListener("pointerover", (event) => {
  const hit = event.target.closest?.(".q-hit");
  if (hit) showTip(hit.closest("[data-chart]"), hit);
});
document.addEventListener("pointerout", (event) => {
  const chart = event.target.closest?.("[data-chart]");
  if (chart && !chart.contains(event.relatedTarget)) hideTip(chart);
});
