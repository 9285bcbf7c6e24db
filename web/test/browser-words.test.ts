// The web page in every language: nothing that it says itself stays English.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import { COVERED, COVERED_LOAN, ALL } from "./forms.ts";
import { type Files, type Opened, checked, give, open, skip, snap, useBrowser } from "./pages.ts";

useBrowser();

const LANGUAGES = ["de", "es", "zh"];
const key = keyOf(987654321n);
const header = { setup: "a ceremony", key: keyDigest(key) };
const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
const fund = { book: FUND, tau: 987654321n, header, holds: ALICE_IN_FUND, counted };
const holder = { ...forge(fund), key };
const covered = {
  ...forge({
    book: COVERED,
    tau: 987654321n,
    header: { ...header, accounts: ALL.length },
    holds: [...COVERED_LOAN],
    counted: ALL.flat(),
  }),
  key,
};
const later = forge({ ...fund, header: { ...header, sequence: 4, previous: header.key } });

const CASES: readonly (readonly [string, Files & { more?: object }, Opened])[] = [
  ["a holder", holder, { digest: keyDigest(key) }],
  ["a covered account", covered, {}],
  ["an insecure setup", forge(), {}],
  ["a refused statement", forge({ page: 30 }), {}],
  ["a proof that is not checked", holder, { proofs: "not checked" }],
  ["a venue", { attestation: holder.attestation, key }, {}],
  ["a record", { attestation: holder.attestation, more: later.attestation, key }, {}],
  ["a missing key", { attestation: holder.attestation, statement: holder.statement }, {}],
];

/**
 * All texts that the web page says itself, names for screen readers included: not those of files,
 * nor code, nor what is marked as English.
 */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const apart = "code, pre, bdi, [lang=en], option, textarea, script, style, noscript, .by";
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: parent, textContent: text } = walker.currentNode;
      if (parent?.closest(apart)) continue;
      texts.push(text!.trim());
    }
    for (const one of document.querySelectorAll("[aria-label], [data-label], [title]")) {
      for (const name of ["aria-label", "data-label", "title"]) {
        texts.push(one.getAttribute(name) ?? "");
      }
    }
    return texts;
  });
}

async function shown(files: Files & { more?: object }, opened: Opened): Promise<Page> {
  const page = await open(1200, opened);
  const named = Object.entries(files).map(([name, file]) => [`${name}.json`, write(file)] as const);
  await give(page, Object.fromEntries(named));
  await checked(page);
  return page;
}

/** Shows bounds at other prices, where they can be asked for. */
async function ask(page: Page): Promise<void> {
  if ((await page.locator("#other-prices form").count()) === 0) return;
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  await page.locator("#other-prices button[type=submit]").click();
  await page.locator("#bounds table").waitFor();
}

for (const [name, files, opened] of CASES) {
  test(`${name}: nothing that the page says stays English`, { skip }, async () => {
    const page = await shown(files, opened);
    await ask(page);
    const said = new Set(await textsOf(page));
    for (const language of LANGUAGES) {
      await page.locator("#language").selectOption(language);
      await ask(page);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      const words = (text: string) => (text.match(/\p{L}{3,}/gu) ?? []).length;
      const left = (await textsOf(page)).filter((text) => said.has(text) && words(text) > 0);
      // Names of scenarios, assets and clauses, and what the page itself is called.
      const names = /^(mark|crash|maintenance|initial|cover|customer|insurance|USDC?|BTC|Setup|Stress|Long|Short|Número|[a-z_]+\.[A-Za-z.]+)( \([PRW]\))?$/;
      const leftovers = [...new Set(left)].filter((text) => !names.test(text));
      assert.deepEqual(leftovers, [], language);
      await snap(page, `${name.replaceAll(" ", "-")}-${language}`);
    }
    await page.context().close();
  });
}

test("a reader's choice of language is kept, and changes everything at once", { skip }, async () => {
  const page = await shown(holder, { digest: keyDigest(key) });
  await page.getByLabel("Language").selectOption("de");
  assert.equal(await page.title(), "Pacioli: Ihr Konto prüfen, oder einen Handelsplatz");
  assert.match(await page.locator("#verdict").innerText(), /^IM BUCH\s+alice\s+Ihr Konto steht in/);
  assert.match(await page.locator("#verdict").innerText(), /1\. Januar 2026 um 00:00 UTC/);
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.context().close();
});
