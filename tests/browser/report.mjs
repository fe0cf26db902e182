// SPDX-License-Identifier: GPL-2.0-or-later
// Reports in a real browser: content, keyboard, filter, themes, narrow and printed, without a script; nothing leaves them.
// report.mjs DIR: the pages web, odd, markup, changed, node and large .html, and show.json of web, are in DIR.
import { readFileSync } from "node:fs";
import { check, finish, note, objections, open, picture, same, start, tabTo } from "./browser.mjs";

const dir = process.argv[2];
const file = (name) => `${dir}/${name}.html`;
const browser = await start();

const openAll = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
const visibleRules = (page) =>
  page.$$eval("details.group tbody > tr", (rows) => rows.filter((row) => row.checkVisibility()).map((row) => row.textContent));

// --- every page, in both themes -------------------------------------------------------------------------------------------

for (const name of ["web", "odd", "markup", "changed", "node"]) {
  for (const colorScheme of ["light", "dark"]) {
    const { context, page, said } = await open(browser, file(name), { colorScheme });
    same(`${name}, ${colorScheme}: axe has no objection`, await objections(page), "");
    await openAll(page);
    same(`${name}, ${colorScheme}: nor with all of it open`, await objections(page), "");
    await picture(page, `${name}-${colorScheme}`);
    same(`${name}, ${colorScheme}: nothing is asked for, said or thrown`, said, []);
    await context.close();
  }
  const { context, page } = await open(browser, file(name), { viewport: { width: 360, height: 740 } });
  check(`${name}: fits a phone`, (await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  await picture(page, `${name}-phone`);
  await context.close();
}

// --- content --------------------------------------------------------------------------------------------------------------

{
  const state = JSON.parse(readFileSync(`${dir}/show.json`, "utf8")).states[0];
  const { context, page } = await open(browser, file("web"));
  same("the label is the heading", await page.textContent("h1"), `Profile ${state.label}`);
  const rows = await page.$$eval("details.group tbody > tr", (all) => all.map((row) => row.querySelector("th code").textContent));
  same("every rule of the state has a row", rows.sort(), state.rules.map((rule) => rule.rule).sort());
  same("what it may do comes first", await page.textContent("main section:first-of-type h2"), "What it may do");
  check("what was lost is in plain sight", (await page.textContent(".cards")).includes("Events lostnonein 1 recording"));
  check("a colour of the map is a part of the policy", (await page.$$("svg.tree-map .cell.write")).length > 0);
  await context.close();
}

// --- names that are markup ------------------------------------------------------------------------------------------------

{
  const { context, page, said } = await open(browser, file("markup"));
  const tags = await page.evaluate(() => [...new Set([...document.querySelectorAll("body *")].map((one) => one.localName))].sort());
  const foreign = tags.filter((tag) => ["img", "base", "b", "i", "iframe", "object", "embed", "link", "form", "style"].includes(tag));
  same("no name became an element", foreign, []);
  same("two scripts, of which one is data", await page.$$eval("script", (all) => all.map((one) => one.type)), ["application/json", ""]);
  check("a name is read as it is", (await page.textContent("main")).includes('"/tmp/<script>alert(1)</script>" r,'));
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.foreign = 1";
    document.body.append(script);
  });
  check("a script that is not ours is not run", (await page.evaluate(() => window.foreign)) === undefined);
  check("which the browser says, and nothing else", said.length === 1 && said[0].includes("Content Security Policy"), said.join("\n"));
  await context.close();
}

// --- keyboard -------------------------------------------------------------------------------------------------------------

{
  const { context, page, said } = await open(browser, file("web"));
  await page.keyboard.press("Tab");
  same("the first stop skips to the report", await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  same("and goes there", await page.evaluate(() => location.hash), "#main");

  check("the map can be reached", (await tabTo(page, "svg.tree-map [role=button]")) > 0);
  const whole = await page.getAttribute("svg.tree-map", "viewBox");
  await page.keyboard.press("Enter");
  check("Enter enlarges a directory", (await page.getAttribute("svg.tree-map", "viewBox")) !== whole);
  same("axe has no objection to that", await objections(page), "");
  await picture(page, "web-enlarged");
  await page.keyboard.press("Escape");
  same("Escape goes back", await page.getAttribute("svg.tree-map", "viewBox"), whole);

  check("the filter can be reached", (await tabTo(page, "input[type=search]")) > 0);
  await page.keyboard.type("nginx /etc");
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll("#p1-rules tbody > tr")].filter((row) => row.checkVisibility());
    return shown.every((row) => row.textContent.includes("nginx") && row.textContent.includes("/etc"));
  });
  const found = await visibleRules(page);
  check("the filter leaves what has all words", found.length > 0 && found.every((row) => row.includes("nginx") && row.includes("/etc")), found.join("\n"));
  same("and says how many", await page.textContent("#p1-rules .filter [role=status]"), `${found.length} rules found`);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("there is no such rule");
  await page.waitForFunction(() => document.querySelector("#p1-rules .filter [role=status]").textContent === "0 rules found");
  same("nothing is left of a word that no rule has", await visibleRules(page), []);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => document.querySelector("#p1-rules .filter [role=status]").textContent === "");
  check("without words all are there again", (await visibleRules(page)).length > found.length);

  check("the evidence can be reached", (await tabTo(page, "td > button")) > 0);
  await page.keyboard.press("Enter");
  same("Enter shows it", await page.evaluate(() => document.activeElement.getAttribute("aria-expanded")), "true");
  check("each access with its events and times", /\d+ events?, \d{4}-\d\d-\d\dT/.test(await page.evaluate(() => document.activeElement.nextElementSibling.textContent)));
  same("axe has no objection to that either", await objections(page), "");
  same("nothing was asked for, said or thrown", said, []);
  await context.close();
}

// --- paper, and no script -------------------------------------------------------------------------------------------------

{
  const { context, page, said } = await open(browser, file("odd"));
  check("it can be printed", (await page.pdf({ format: "A4" })).length > 10000);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  same("on paper nothing is folded", await page.$$eval("details:not([open])", (all) => all.length), 0);
  check("and there are no controls", await page.$$eval("button, input, nav", (all) => all.every((one) => !one.checkVisibility())));
  await picture(page, "odd-printed");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  check("then it is folded again", (await page.$$eval("details:not([open])", (all) => all.length)) > 0);
  same("nothing was asked for, said or thrown meanwhile", said, []);
  await context.close();
}

{
  const { context, page } = await open(browser, file("odd"), { javaScriptEnabled: false });
  same("without a script: the heading", await page.textContent("h1"), "Profile k8s-odd");
  check("no control that does nothing", (await page.locator("button:visible, input:visible").count()) === 0);
  const folded = page.locator("#p1-exposure details");
  await folded.locator("summary").click();
  check("what is folded opens", await folded.locator("table").isVisible());
  check("the rules are there with their numbers", (await page.locator("details.group tbody > tr:visible").count()) > 20);
  await picture(page, "odd-no-script");
  await context.close();
}

// --- ten thousand ---------------------------------------------------------------------------------------------------------
// Most groups of that page wait, as text in <noscript>, until the browser has nothing else to do; with `busy` it never has that.

const busy = () => (window.requestIdleCallback = () => 0);
const rowsThere = (page) => page.$$eval("details.group tbody > tr", (all) => all.length);
const allThere = (page) => page.waitForFunction(() => document.querySelectorAll("details.group tbody > tr").length === 10000);
const markup = "/</noscript><script>window.foreign=1</script><img src=x onerror=window.foreign=2>\" r,";
const search = async (page, words, says) => {
  await page.fill("input[type=search]", words);
  await page.waitForFunction((text) => document.querySelector("#p1-rules .filter [role=status]").textContent === text, says);
};
const landsOn = async (page, id) => {
  await page.waitForFunction((wanted) => {
    const box = document.getElementById(wanted)?.getBoundingClientRect();
    return box && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
  }, id);
  return page.evaluate((wanted) => document.getElementById(wanted).matches("details[open] :target"), id);
};

{
  const { context, page, said, loaded } = await open(browser, file("large"));
  note(`10000 rules: the load event came after ${loaded} ms (which nothing depends on)`);
  const begin = performance.now();
  await allThere(page);
  note(`all of them were there ${Math.round(performance.now() - begin)} ms later`);
  same("10000 rules are there after a while", await rowsThere(page), 10000);
  same("and no text waits", await page.$$eval("noscript", (all) => all.length), 0);
  await search(page, "file-4321", "1 rule found");
  const found = await visibleRules(page);
  check("one of them is found", found.length === 1 && found[0].includes("file-4321"), found.join("\n"));
  const filter = await page.evaluate(() => {
    const input = document.querySelector("input[type=search]");
    const begin = performance.now();
    input.value = "xyz/file";
    input.dispatchEvent(new Event("input"));
    return new Promise((done) => setTimeout(() => done(Math.round(performance.now() - begin)), 150));
  });
  note(`a search among them: ${filter} ms, 120 of which it waits for more letters`);
  await page.fill("input[type=search]", "");
  await picture(page, "large");
  same("nothing is asked for, said or thrown by that", said, []);
  await context.close();
}

{
  const { context, page, said } = await open(browser, file("large"), { first: busy });
  const early = await rowsThere(page);
  check("a page that opens has some hundred of them", early >= 300 && early < 1000, early);
  await page.focus("details.group:last-of-type > summary");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("details.group:last-of-type tbody > tr")?.checkVisibility());
  check("a group that is opened has its rows", (await rowsThere(page)) > early);
  same("axe has no objection to them", await objections(page), "");
  await search(page, "file-4321", "1 rule found");
  const found = await visibleRules(page);
  check("a search finds what waits", found.length === 1 && found[0].includes("file-4321"), found.join("\n"));
  await search(page, "file-", "9999 rules found");
  await search(page, "noscript", "1 rule found");
  check("markup that waited is text", (await visibleRules(page))[0].includes(markup), (await visibleRules(page)).join("\n"));
  same("of which nothing became an element", await page.$$eval("img, script", (all) => all.map((one) => one.type)), ["application/json", ""]);
  check("and nothing was run", (await page.evaluate(() => window.foreign)) === undefined);
  same("nothing is asked for, said or thrown by what waits", said, []);
  await context.close();
}

{
  const { context, page, said } = await open(browser, file("large"), { first: busy, hash: "#p1-r9000" });
  check("a link to a rule that waits lands on it", await landsOn(page, "p1-r9000"));
  await page.evaluate(() => (location.hash = "#p1-r5000"));
  check("a link within the page does", await landsOn(page, "p1-r5000"));
  check("and no more groups than these are made", (await rowsThere(page)) < 1500);
  await page.evaluate(() => (location.hash = "#p1-r9001"));
  check("so does one to a rule that is there", await landsOn(page, "p1-r9001"));
  await page.evaluate(() => (location.hash = '#%"nothing'));
  same("nothing is asked for, said or thrown by links", said, []);
  await context.close();
}

{
  const { context, page, said } = await open(browser, file("large"), { first: busy });
  const begin = performance.now();
  const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type \/Page\b/g).length;
  note(`10000 rules on paper: ${sheets} sheets, in ${Math.round(performance.now() - begin)} ms (which nothing depends on)`);
  same("all of them are printed", await rowsThere(page), 10000);
  check("which takes paper", sheets > 100, sheets);
  same("nothing is asked for, said or thrown by printing", said, []);
  await context.close();
}

{
  const { context, page } = await open(browser, file("large"), { javaScriptEnabled: false });
  same("without a script all of them are there", await rowsThere(page), 10000);
  const last = page.locator("details.group").last();
  await last.locator("summary").click();
  check("and a group opens", await last.locator("tbody > tr").last().isVisible());
  check("markup is text", (await page.locator("#p1-rules tr", { hasText: "</noscript>" }).textContent()).includes(markup));
  same("and no element", await page.locator("img, script").count(), 2);
  await page.emulateMedia({ media: "print" });
  same("on paper they are not folded", (await visibleRules(page)).length, 10000);
  await context.close();
}

await browser.close();
finish();
