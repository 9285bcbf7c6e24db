// How the web page looks and reads: axe finds nothing, nothing is wider than its screen, keys reach
// everything, and paper has it all.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import { checked, give, open, overflow, skip, snap, useBrowser } from "./pages.ts";

useBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const key = keyOf(987654321n);
const digest = keyDigest(key);
const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
const header = { setup: "a ceremony", key: digest };
const fund = { book: FUND, tau: 987654321n, header, holds: ALICE_IN_FUND, counted };
const { attestation, statement } = forge(fund);
const { attestation: later } = forge({ ...fund, header: { ...header, sequence: 4, previous: digest } });

const LOOKS: readonly (readonly [name: string, width: number, context: BrowserContextOptions])[] = [
  ["wide", 1280, {}],
  ["phone", 390, { hasTouch: true }],
  ["small", 320, {}],
  ["dark", 1280, { colorScheme: "dark" }],
  ["dark-phone", 390, { colorScheme: "dark" }],
  ["forced", 1280, { forcedColors: "active" }],
  ["german-phone", 390, { locale: "de-DE" }],
  ["chinese", 390, { locale: "zh-CN" }],
];

const CASES: readonly (readonly [name: string, files: Record<string, object>])[] = [
  ["empty", {}],
  ["holder", { attestation, key, statement }],
  ["venue", { attestation, later, key }],
  ["damaged", { attestation, key, statement: { ...statement, account: "bob" } }],
];

async function shown(width: number, files: Record<string, object>, context: BrowserContextOptions) {
  // What the page forbids is not to be forbidden to axe.
  const page = await open(width, { digest, context: { ...context, bypassCSP: true } });
  const named = Object.entries(files).map(([name, file]) => [`${name}.json`, write(file)] as const);
  if (named.length > 0) {
    await give(page, Object.fromEntries(named));
    await checked(page);
  }
  return page;
}

/** What axe finds, with everything open and with everything folded. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const run = () =>
    page.evaluate(async () => {
      const { violations } = await (window as any).axe.run({ resultTypes: ["violations"] });
      const told = (nodes: any[]) => nodes.slice(0, 3).map(({ html }) => html).join(" ");
      return violations.map(({ id, nodes }: any) => `${id}: ${told(nodes)}`);
    });
  const folded = await run();
  await openAll(page);
  return [...folded, ...(await run())];
}

function openAll(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
}

for (const [name, width, context] of LOOKS) {
  test(`${name}: axe finds nothing, and nothing is too wide`, { skip }, async () => {
    for (const [kind, files] of CASES) {
      const page = await shown(width, files, context);
      await snap(page, `${kind}-${name}`);
      assert.deepEqual(await violations(page), [], kind);
      assert.ok((await overflow(page)) <= 0, `${kind}: too wide`);
      await page.context().close();
    }
  });
}

test("at 200 % of the letters' size nothing is too wide or cut off", { skip }, async () => {
  const page = await shown(640, { attestation, key, statement }, {});
  await page.addStyleTag({ content: "html { font-size: 200%; }" });
  await openAll(page);
  assert.ok((await overflow(page)) <= 0);
  const cut = await page.evaluate(() => {
    const all = [...document.querySelectorAll("#verdict *, #form *")] as HTMLElement[];
    return all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
      && getComputedStyle(one).overflowX === "hidden").map((one) => one.outerHTML.slice(0, 80));
  });
  assert.deepEqual(cut, []);
  await snap(page, "holder-zoom");
  await page.context().close();
});

test("keys alone reach every place, and what came of it is told", { skip }, async () => {
  const page = await open(1280, { digest });
  const names: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press("Tab");
    names.push(await page.evaluate(() => document.activeElement?.id ?? ""));
  }
  const order = ["language", "file-attestation", "file-key", "digest", "remember", "file-statement", "id", "reset"];
  // The page began in the field that was typed last.
  const start = [...names, ...names];
  for (const id of order) assert.ok(start.includes(id), `${id} is not reached: ${names}`);
  const outlined = await page.locator("#file-key").evaluate((one) => {
    one.focus();
    return getComputedStyle(one.parentElement!).outlineStyle;
  });
  assert.equal(outlined, "solid", "the place with the focus is seen");
  await give(page, { a: write(attestation), k: write(key), s: write(statement) });
  await checked(page);
  assert.equal(await page.getByRole("status").first().innerText(), "Result: IN THE BOOK.");
  await page.getByRole("link", { name: "To the result" }).press("Enter");
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  assert.equal(focused, "H2");
  await page.context().close();
});

test("a screen reader has a name for everything", { skip }, async () => {
  const page = await shown(1280, { attestation, key, statement }, {});
  for (const name of [
    "1. The attestation, which is public",
    "2. The key file",
    "3. Your statement, which is private",
    "The key’s digest, from somebody you trust, not from the venue",
    "Your account id at the venue (optional)",
    "Remember this digest on this device",
    "Language",
  ]) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  for (const name of ["Remove attestation.json", "Save this result", "Print", "Start again"]) {
    assert.equal(await page.getByRole("button", { name }).count(), 1, name);
  }
  await page.context().close();
});

test("on paper everything is open, and the form is not there", { skip }, async () => {
  const page = await shown(794, { attestation, key, statement }, {});
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#form").isVisible(), false);
  assert.equal(await page.locator("details:not([open])").count(), 0);
  assert.ok((await overflow(page)) <= 0);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets = pdf.toString("latin1").match(/\/Type \/Page\b/g)!.length;
  assert.ok(sheets >= 2 && sheets <= 14, `${sheets} sheets`);
  if (process.env.PICTURES) writeFileSync(`${process.env.PICTURES}/holder.pdf`, pdf);
  // Printing ended, and with it what was opened for it.
  assert.notEqual(await page.locator("details:not([open])").count(), 0, "folded again");
  await page.context().close();
});
