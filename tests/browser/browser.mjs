// SPDX-License-Identifier: GPL-2.0-or-later
// A browser without a window, and TAP: what the tests of pages share.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.env.AAKIT_BROWSER_MODULES}/`));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let count = 0;
let failed = 0;

export const note = (text) => console.log(`# ${text}`);

export function check(name, passed, why = "") {
  count += 1;
  console.log(`${passed ? "ok" : "not ok"} ${count} - ${name}`);
  if (passed) return;
  failed += 1;
  for (const line of String(why).split("\n").slice(0, 40)) note(line);
}

export const same = (name, got, wanted) =>
  check(name, JSON.stringify(got) === JSON.stringify(wanted), `got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);

export function finish() {
  console.log(`1..${count}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

export const start = () =>
  chromium.launch({
    executablePath: process.env.AAKIT_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });

// Opens the page in a context of its own, at the fragment `hash` and after the function `first` was run in it. What it says, asks
// for and throws is kept in `said`; `loaded` is how many milliseconds the load event took.
export async function open(browser, file, { hash = "", first = null, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const said = [];
  const url = pathToFileURL(file).href;
  page.setDefaultTimeout(120000);
  if (first) await page.addInitScript(first);
  page.on("console", (message) => said.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => request.url().split("#")[0] !== url && said.push(`request: ${request.url()}`));
  await page.goto(url + hash, { timeout: 120000 });
  const loaded = await page.evaluate(() => Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd));
  return { context, page, said, loaded };
}

// What axe-core objects to, a line each.
export async function objections(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return result.violations
    .map((one) => `${one.id}: ${one.nodes.length} times, ${one.nodes[0].target.join(" ")}: ${one.nodes[0].failureSummary.replace(/\s+/g, " ")}`)
    .join("\n");
}

// The page as a picture, one file for each height of 12000 at most.
export async function picture(page, name) {
  const dir = process.env.AAKIT_PICTURES;
  mkdirSync(dir, { recursive: true });
  const [width, height] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollHeight]);
  await page.screenshot({ path: `${dir}/${name}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, 12000) } });
}

// Presses Tab until what has the focus fits the selector; how often, or -1.
export async function tabTo(page, selector, most = 400) {
  for (let n = 1; n <= most; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return n;
  }
  return -1;
}
