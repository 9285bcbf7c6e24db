// Reports and a site in a browser, from the file system, as the program writes them: nothing is fetched, axe
// finds nothing, nothing is wider than its screen, an old report is not green, and paper has whole tables.
//
// PACIOLI names the program, by default that of `cargo build`; CHROMIUM the browser; PICTURES a folder to fill.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const skip = existsSync(executablePath) ? false : `there is no browser at ${executablePath}; CHROMIUM names one`;
const program = resolve(process.env.PACIOLI ?? "../../../target/debug/pacioli");
const pictures = process.env.PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FRESH = "2026-01-03T06:00:00Z";
const OLD = "2027-01-03T06:00:00Z";

let folder, browser;
const pacioli = (...args) => {
  try {
    return execFileSync(program, ["--quiet", ...args], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    // 1 is a verdict.
    if (error.status !== 1) throw error;
    return error.stdout;
  }
};

before(() => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "pacioli-report-"));
  pacioli("init", "venue");
  const from = (name) => join("venue", name);
  pacioli("setup", "insecure", "--k", "11", "--out", "setup");
  mkdirSync(join(folder, "days"));
  for (let day = 1; day <= 3; day++) {
    const book = ["--snapshot", from("snapshot.csv"), "--rules", from("rules.toml"), "--prices", from("prices.json")];
    const before = ["--venue", "A venue", ...(day > 1 ? ["--previous", `days/${day - 1}.json`] : [])];
    const as_of = `2026-01-0${day}T00:00:00Z`;
    const run = ["--reserves", from("reserves.json"), "--as-of", as_of, "--setup", "setup", "--out", `run${day}`];
    pacioli("prove", ...book, ...run, ...before);
    writeFileSync(join(folder, `days/${day}.json`), readFileSync(join(folder, `run${day}/attestation.json`)));
  }
  const given = ["--accept-insecure-setup", "--history", "days", "--now", FRESH, "--by", "An allocator"];
  const asked = ["--require", "min_coverage=1,bad_debt=insurance,max_age=25h"];
  writeFileSync(join(folder, "mine.json"), readFileSync(join(folder, "venue/prices.json")));
  pacioli("report", "days/3.json", ...given, ...asked, "--second-prices", "mine.json", "--out", "report.html");
  pacioli("report", ...given, "--site", "site");
});
before(async () => {
  if (skip) return;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath, args });
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

const files = () => ({
  report: join(folder, "report.html"),
  index: join(folder, "site/index.html"),
  page: join(folder, "site/reports", readdirSync(join(folder, "site/reports"))[0]),
});

/** A page at this time of the reader's clock, that asks for nothing but itself. */
async function open(file, { width = 1280, at = FRESH, ...context } = {}) {
  const tab = await browser.newContext({ viewport: { width, height: 900 }, ...context });
  const page = await tab.newPage();
  const url = pathToFileURL(file).href;
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => assert.fail(message.text()));
  page.on("request", (request) => assert.equal(request.url(), url));
  if (context.javaScriptEnabled !== false) await page.clock.setFixedTime(at);
  await page.goto(url);
  return page;
}

const LOOKS = [
  { name: "wide", width: 1280 },
  { name: "tablet", width: 800 },
  { name: "phone", width: 390 },
  { name: "small", width: 320 },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "dark-phone", width: 390, colorScheme: "dark" },
  { name: "forced", width: 1280, forcedColors: "active" },
];

for (const which of ["report", "index", "page"]) {
  for (const { name, ...look } of LOOKS) {
    test(`${which}, ${name}: axe finds nothing, nothing is too wide`, { skip }, async () => {
      // What the page forbids is not to be forbidden to axe.
      const page = await open(files()[which], { ...look, bypassCSP: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${which}-${name}.png`), fullPage: true });
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
      assert.deepEqual(told, []);
      await page.context().close();
    });
  }
}

test("age is counted when a report is opened, and an old one says so", { skip }, async () => {
  const young = await open(files().report);
  assert.match(await young.locator("#age").innerText(), /^Age: the snapshot was 2 d|^Age: the snapshot was 6 h/);
  const old = await open(files().report, { at: OLD });
  assert.match(await old.locator("#age").innerText(), /^TOO OLD: the snapshot was 365 d 6 h old/);
  const first = await old.locator("#verdict > :first-child").getAttribute("id");
  assert.equal(first, "age", "before the verdict");
  const wrong = await open(files().report, { at: "2025-01-01T00:00:00Z" });
  assert.match(await wrong.locator("#age").innerText(), /^AGE NOT KNOWN/);
});

test("nothing is green but what is fresh", { skip }, async () => {
  // A report that would be green: only the program decides that, so the page is told that it did.
  const file = join(folder, "green.html");
  writeFileSync(file, readFileSync(files().report, "utf8").replace(/data-tone="[a-z]+"/, 'data-tone="good"').replace(/verdict tone-[a-z]+/, "verdict tone-unaged"));
  const tone = async (options) => {
    const page = await open(file, options);
    const name = await page.locator("#verdict").getAttribute("class");
    const green = await page.evaluate(() => {
      const good = getComputedStyle(document.documentElement).getPropertyValue("--good").trim();
      const probe = document.createElement("span");
      probe.style.color = good;
      document.body.append(probe);
      const colour = getComputedStyle(probe).color;
      return [...document.querySelectorAll("main *")].filter((one) => getComputedStyle(one).color === colour).length;
    });
    return [name, green > 0];
  };
  assert.deepEqual(await tone({}), ["verdict tone-good", true]);
  assert.deepEqual(await tone({ at: OLD }), ["verdict tone-warn", false]);
  assert.deepEqual(await tone({ at: "2025-01-01T00:00:00Z" }), ["verdict tone-warn", false]);
  const page = await open(file, { javaScriptEnabled: false });
  assert.equal(await page.locator("#verdict").getAttribute("class"), "verdict tone-unaged");
  assert.match(await page.locator("#age").innerText(), /No script counted its age for you: after 2026-01-04T01:00:00Z/);
});

test("it prints on A4, with the fourteen points and who made it on the first sheet", { skip }, async () => {
  const page = await open(files().report);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets = pdf.toString("latin1").match(/\/Type \/Page\b/g).length;
  assert.ok(sheets >= 3 && sheets <= 12, `${sheets} sheets`);
  // The height of a sheet less its margins, in the pixels of a page that prints.
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: Math.floor(((210 - 26) / 25.4) * 96), height: 1000 });
  const end = await page.locator("#made").evaluate((one) => one.getBoundingClientRect().bottom + scrollY);
  const sheet = ((297 - 24) / 25.4) * 96;
  assert.ok(end <= sheet, `the first page ends ${Math.round(end - sheet)} pixels below the first sheet`);
  if (pictures) writeFileSync(join(pictures, "report.pdf"), pdf);
});

test("the feed is Atom that a parser takes", { skip }, async () => {
  const page = await browser.newPage();
  const feed = readFileSync(join(folder, "site/feed.xml"), "utf8");
  const told = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "application/xml");
    const all = (name, of = document) => [...of.getElementsByTagNameNS("http://www.w3.org/2005/Atom", name)];
    const entries = all("entry").map((entry) => ["id", "title", "updated", "summary"].map((name) => all(name, entry).length));
    const ids = all("id").map((id) => id.textContent);
    return { wrong: document.querySelector("parsererror")?.textContent, entries, ids };
  }, feed);
  assert.equal(told.wrong, undefined);
  assert.deepEqual(told.entries, [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]);
  assert.equal(new Set(told.ids).size, told.ids.length, told.ids.join(" "));
  for (const id of told.ids) assert.match(id, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
