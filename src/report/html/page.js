"use strict";
(() => {
  const table = document.querySelector("table.machines");
  const form = document.querySelector("form.controls");
  const search = document.getElementById("search");
  const state = document.getElementById("state");
  const reason = document.getElementById("reason");
  const shown = document.getElementById("shown");
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const machines = [...table.tBodies].map((body) => {
    const cells = [...body.rows[0].cells].map((cell) => cell.textContent.trim());
    return { body, cells, text: cells.join(" ").toLowerCase(), reasons: body.dataset.reasons.split(" ") };
  });
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const machine of machines) {
      const fits = words.every((word) => machine.text.includes(word))
        && (!state.value || machine.body.dataset.state === state.value)
        && (!reason || !reason.value || machine.reasons.includes(reason.value));
      machine.body.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${machines.length} shown`;
  };
  const sort = (header, column) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    // What is empty stands last, whichever way the rest is sorted.
    machines.sort((a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      if (!x || !y) return (x ? 0 : 1) - (y ? 0 : 1);
      return down ? order.compare(y, x) : order.compare(x, y);
    });
    const rows = document.createDocumentFragment();
    for (const machine of machines) rows.append(machine.body);
    table.append(rows);
  };
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", () => sort(header, column));
    header.replaceChildren(button);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const control of [search, state, reason]) control?.addEventListener("input", filter);
  // A link from another page leads to one machine: open it.
  const linked = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  linked?.querySelector("details")?.setAttribute("open", "");
  if (machines.length > 1) { form.hidden = false; filter(); }
})();
