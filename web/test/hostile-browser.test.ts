// What a hostile reader found in a browser: each of these fails.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import { give, given, open, skip, useBrowser } from "./pages.ts";

useBrowser();

const key = keyOf(987654321n);
const digest = keyDigest(key);
const results = (page: Page) => page.locator("#bounds");
const ask = (page: Page) => page.getByRole("button", { name: "Show what follows" }).click();
const btc = (page: Page) => page.getByLabel("BTC", { exact: true });
const prices = (btc: string) =>
  write({
    as_of: "2026-02-01T00:00:00Z",
    quote: "USD",
    method: "close",
    prices: { BTC: btc, USDC: "1.00" },
  });

function files(options: object = {}) {
  const header = { setup: "a ceremony", key: digest };
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  const forged = { book: FUND, tau: 987654321n, header, holds: ALICE_IN_FUND, counted };
  return { ...forge({ ...forged, ...options }), key };
}

test("at the proof's own prices margins are told, and nothing says that they are not", { skip }, async () => {
  const policy = `[policy]
min_coverage = "1"
bad_debt = { crash = "insurance", maintenance = "0" }
`;
  const clauses = [
    [0, 0, 1, 0],
    [3, 2, 0, 0],
    [2, 1, 0, 0],
  ];
  const book = { ...FUND, rules: FUND.rules.replace(/\[policy\][^]*/, policy), clauses };
  const { page } = await given(files({ book }), 1200, { digest });
  await ask(page);
  const said = await results(page).innerText();
  assert.match(said, /Holds for certain: bad_debt\.maintenance/);
  assert.doesNotMatch(said, /not known whether they hold at these prices/);
  await page.close();
});

test("a price that the form does not show is said to differ", { skip }, async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}`));
  const page = await open(1200);
  await give(page, {
    "a.json": read("rich.attestation.json"),
    "s.json": read("bob.statement.json"),
    "k.json": read("rich.key.json"),
  });
  await ask(page);
  const own = await results(page).locator("table").innerText();
  const { prices } = JSON.parse(new TextDecoder().decode(read("rich.attestation.json")));
  // In the proof this market has the price of SOL.
  const file = { ...prices, prices: { ...prices.prices, "SOL-PERP": "0.001" } };
  await give(page, { "p.json": write(file) });
  await results(page).getByText("p.json").waitFor();
  assert.notEqual(await results(page).locator("table").innerText(), own);
  assert.doesNotMatch(await results(page).innerText(), /0 of the 7 prices of the attestation differ/);
  await page.close();
});

test("typed prices are not those of the file that they replaced", { skip }, async () => {
  const { page } = await given(files(), 1200, { digest });
  await give(page, { "today.json": prices("20") });
  await results(page).getByText("today.json").waitFor();
  await btc(page).fill("100");
  await ask(page);
  const said = await results(page).innerText();
  assert.match(said, /^At these prices the venue’s own policy holds for certain/);
  assert.doesNotMatch(said, /The prices are of today\.json, as of 2026-02-01T00:00:00Z\./);
  await page.close();
});

test("an answer does not stay beside prices that it is not of", { skip }, async () => {
  const { page } = await given(files(), 1200, { digest });
  await btc(page).fill("80");
  await ask(page);
  assert.match(await results(page).innerText(), /holds for certain/);
  await btc(page).fill("0.10");
  await btc(page).blur();
  assert.doesNotMatch(await results(page).innerText(), /At these prices .* holds for certain/);
  await page.close();
});
