/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What a report does beyond standing there: it filters rules, shows all that one rests on, and
 * enlarges the map of files. Everything that it adds is text; markup is read only of the page's own
 * <noscript>, which a browser without a script reads alike. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);

  /* An element with attributes, and with texts or elements in it. */
  const make = (name, attributes, ...content) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  };
  const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const time = (ms) => (ms > 0 ? new Date(ms).toISOString().replace(/\.\d+Z$/, "Z") : "");

  /* --- groups that wait: in a page of many rules, those far down are text in <noscript> ---------- */

  const groups = [...document.querySelectorAll("details.group")];
  const waiting = (group) => group.querySelector(":scope > noscript");
  const fill = (group) => {
    const text = waiting(group);
    if (text) text.outerHTML = text.textContent;
  };
  /* A group a turn: what somebody does meanwhile is answered between two. */
  const fillAll = async (turn) => {
    for (const group of groups) {
      if (!waiting(group)) continue;
      await new Promise(turn);
      fill(group);
    }
  };
  const soon = (go) => setTimeout(go);
  const idle = (go) => (window.requestIdleCallback ? requestIdleCallback(go, { timeout: 500 }) : setTimeout(go, 50));
  addEventListener("load", () => fillAll(idle));

  /* --- what a rule rests on: a button in its row, once its group is open ------------------------- */

  const list = (seen, all) => {
    const items = seen.map((one) =>
      make("li", {}, make("code", {}, one.what), ` ${count(one.events, "event")}, ${time(one.first)} to ${time(one.last)}`));
    if (all > seen.length) items.push(make("li", {}, `and ${all - seen.length} more: aa-learn show --why tells them`));
    return make("ul", {}, ...items);
  };
  const addButton = (row, seen) => {
    const cell = row.cells[1];
    const all = parseInt((cell.textContent.match(/(\d+) (file|access)/) || ["", "0"])[1], 10);
    const button = make("button", { type: "button", "aria-expanded": "false" }, "evidence");
    let shown = null;
    button.addEventListener("click", () => {
      if (shown === null) cell.append((shown = list(seen, all)));
      else shown.hidden = !shown.hidden;
      button.setAttribute("aria-expanded", String(!shown.hidden));
    });
    button.setAttribute("aria-label", `evidence of ${row.cells[0].textContent}`);
    cell.append(" ", button);
  };
  const dress = (group) => {
    if (group.dataset.dressed) return;
    fill(group);
    group.dataset.dressed = "yes";
    for (const row of group.querySelectorAll("tbody > tr")) {
      const [part, rule] = row.id.match(/^p(\d+)-r(\d+)$/).slice(1).map(Number);
      const seen = data.parts[part - 1].seen[rule];
      if (seen.length > 0) addButton(row, seen);
    }
  };
  for (const group of groups) {
    if (group.open) dress(group);
    group.addEventListener("toggle", () => group.open && dress(group));
  }

  /* --- the filter -------------------------------------------------------------------------------- */

  const addFilter = (place) => {
    const section = place.parentElement;
    const own = [...section.querySelectorAll("details.group")];
    let rows = null; /* read when something is looked for: a page of thousands opens sooner */
    let texts = null;
    const before = own.map((group) => group.open);
    const input = make("input", { type: "search", id: `${section.id}-find`, autocomplete: "off", spellcheck: "false" });
    const status = make("p", { role: "status", class: "remark" });
    const find = () => {
      rows ??= own.map((group) => [...group.querySelectorAll("tbody > tr")]);
      texts ??= rows.map((part) => part.map((row) => row.textContent.toLowerCase()));
      const words = input.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
      let found = 0;
      own.forEach((group, i) => {
        let here = 0;
        rows[i].forEach((row, k) => {
          const hit = words.every((word) => texts[i][k].includes(word));
          if (row.hidden === hit) row.hidden = !hit;
          here += hit ? 1 : 0;
        });
        found += here;
        group.hidden = here === 0;
        group.open = words.length > 0 ? here > 0 && found <= 600 : before[i];
      });
      status.textContent = words.length > 0 ? `${count(found, "rule")} found` : "";
    };
    let typing = 0;
    input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => fillAll(soon).then(find), 120);
    });
    const all = make("button", { type: "button" }, "Open all groups");
    all.addEventListener("click", () => {
      const open = own.some((group) => !group.open && !group.hidden);
      for (const group of own) group.open = open;
      all.textContent = open ? "Close all groups" : "Open all groups";
    });
    place.append(make("div", {}, make("label", { for: input.id }, "Find rules: words that each must have"), input), all, status);
  };
  for (const place of document.querySelectorAll(".filter")) addFilter(place);

  /* A link to a rule opens the group that it is in. */
  const reveal = () => {
    const id = location.hash.slice(1);
    const waits = /^p\d+-r\d+$/.test(id) && groups.find((group) => waiting(group)?.textContent.includes(` id="${id}"`));
    if (waits) fill(waits);
    const target = document.getElementById(id);
    const around = target && target.closest("details");
    if (!around) return;
    around.open = true;
    if (waits) location.replace(location.href); /* only now is there something to be the :target */
    target.scrollIntoView({ behavior: "instant" }); /* what moves meanwhile would be missed */
  };
  addEventListener("hashchange", reveal);
  reveal();

  /* --- the map ----------------------------------------------------------------------------------- */

  const addZoom = (map) => {
    const whole = map.getAttribute("viewBox");
    const shape = whole.split(" ").map(Number);
    const status = make("p", { role: "status", class: "remark" });
    const back = make("button", { type: "button" }, "Whole tree");
    let current = map.querySelector("g.dir");
    map.setAttribute("role", "group");
    back.hidden = true;
    /* Only what is directly in the one that is shown takes the keyboard. */
    const show = (group, focus) => {
      for (const old of map.querySelectorAll("[tabindex]"))
        for (const name of ["tabindex", "role", "aria-label"]) old.removeAttribute(name);
      current = group;
      for (const child of group.children) {
        if (!child.matches("g.dir")) continue;
        const frame = child.querySelector(":scope > .frame");
        frame.setAttribute("tabindex", "0");
        frame.setAttribute("role", "button");
        frame.setAttribute("aria-label", child.dataset.name);
      }
      const box = group.querySelector(":scope > .frame").getBBox();
      const scale = Math.max(box.width / shape[2], box.height / shape[3]);
      const width = shape[2] * scale;
      const height = shape[3] * scale;
      map.setAttribute("viewBox", `${box.x - (width - box.width) / 2} ${box.y - (height - box.height) / 2} ${width} ${height}`);
      const top = group.parentElement === map;
      if (top) map.setAttribute("viewBox", whole);
      back.hidden = top;
      status.textContent = group.dataset.name;
      const next = map.querySelector("[tabindex]");
      if (focus && next) next.focus({ preventScroll: true });
      else if (focus && !top) back.focus({ preventScroll: true });
    };
    const inside = (node) => {
      let group = node.closest("g.dir");
      while (group && group !== current && group.parentElement !== current) group = group.parentElement.closest("g.dir");
      return group === current ? null : group;
    };
    map.addEventListener("click", (event) => {
      const group = inside(event.target);
      if (group) show(group, false);
    });
    map.addEventListener("keydown", (event) => {
      const group = inside(event.target);
      if ((event.key === "Enter" || event.key === " ") && group) {
        event.preventDefault();
        show(group, true);
      } else if (event.key === "Escape" && current.parentElement !== map) {
        show(current.parentElement.closest("g.dir"), true);
      }
    });
    map.addEventListener("focusin", (event) => {
      const group = event.target.closest("g.dir");
      if (group) status.textContent = group.dataset.name;
    });
    map.addEventListener("mouseover", (event) => {
      const group = event.target.closest("g.dir");
      if (group) status.textContent = group.dataset.name;
    });
    back.addEventListener("click", () => show(map.querySelector("g.dir"), true));
    map.parentElement.after(make("div", { class: "filter" }, back, status));
    show(current, false);
  };
  for (const map of document.querySelectorAll("svg.tree-map")) addZoom(map);

  /* --- paper: what is folded is printed ---------------------------------------------------------- */

  let opened = [];
  addEventListener("beforeprint", () => {
    for (const group of groups) fill(group);
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
