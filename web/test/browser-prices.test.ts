// The web page at other prices: typed, moved and dropped, and with somebody's certificates.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import { give, given, open, picture, requests, page_, skip, tone, useBrowser } from "./pages.ts";

useBrowser();

const key = keyOf(987654321n);
const digest = keyDigest(key);

/** 3 BTC against 250 USDC, 100 USDC, and 20 USDC of the fund: standing.test.ts has the numbers. */
function files(options: object = {}) {
  const header = { setup: "a ceremony", key: digest };
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  const forged = { book: FUND, tau: 987654321n, header, holds: ALICE_IN_FUND, counted };
  return { attestation: forge({ ...forged, ...options }).attestation, key };
}

const bytes = (file: object) => write(file);
const prices = (btc: string, more: object = {}) => ({
  as_of: "2026-02-01T00:00:00Z",
  quote: "USD",
  method: "close",
  prices: { BTC: btc, USDC: "1.00", ...more },
});

const results = (page: Page) => page.locator("#bounds");
const ask = (page: Page) => page.getByRole("button", { name: "Show what follows" }).click();
const btc = (page: Page) => page.getByLabel("BTC", { exact: true });

for (const width of [1200, 390]) {
  test(`prices that a reader types bound what is owed, ${width} wide`, { skip }, async () => {
    const { page } = await given(files(), width, { digest });
    assert.equal(await results(page).innerText(), "");
    await btc(page).fill("80");
    await ask(page);
    const said = await results(page).innerText();
    for (const part of [
      /^At these prices the venue’s own policy holds for certain\./,
      /1 of the attestation’s 2 prices differs\./,
      /Holds for certain: min_coverage, reserves for customers are worth 320 USD and from 110 to 130 USD is owed: coverage from 2\.4615 to 2\.9091, at least 1 required\. W/,
      /Holds, at any price: per_asset\.USDC/,
      /Holds, at any price: max_distance\.prices/,
      /bounds over the book of 1 January 2026 at 00:00 UTC: nothing deposited, withdrawn, traded or liquidated since is in it/,
      /No bound follows for margins, nor for what rounding changed: clauses about them held or failed in the proof/,
      /rests on the venue’s totals, and so on its proofs/,
    ]) {
      assert.match(said, part);
    }
    if (width === 1200) {
      assert.match(said, /mark\s+130\s+110\s+320\s+2\.4615\s+20\s/);
      assert.match(said, /crash\s+120\s+14\s+240\s+2\.0000\s+106\s+140/);
    }
    assert.equal(await page.locator("#bounds strong").getAttribute("class"), "good");
    assert.equal(await tone(page), "good");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
    await page.getByText("The certificates, for others to check").click();
    const certificates = JSON.parse(await page.getByLabel("Certificates").inputValue());
    assert.deepEqual(certificates.mark, { maintenance: "1" });
    await picture(page, `prices-${width}`);
  });
}

test("all prices move together, but for those that stresses leave alone", { skip }, async () => {
  const { page } = await given(files());
  await page.getByLabel("Move all prices by").fill("-20 %");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  assert.equal(await btc(page).inputValue(), "80");
  assert.equal(await page.getByLabel("USDC", { exact: true }).inputValue(), "1.00");
  assert.match(await results(page).innerText(), /mark\s+130\s+110\s+320/);
  // From the attestation's prices again, not from where the last move ended.
  await page.getByLabel("Move all prices by").fill("-10");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  assert.equal(await btc(page).inputValue(), "90");
  await page.getByLabel("Move all prices by").fill("-20");
  await page.keyboard.press("Enter");
  assert.equal(await btc(page).inputValue(), "80");
  assert.match(await results(page).innerText(), /mark\s+130\s+110\s+320/);
  await page.getByLabel("Move all prices by").fill("ten");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  assert.match(
    await results(page).innerText(),
    /^Nothing can be said at these prices\. A move is a number of percent, such as -5 or 2\.5\.$/,
  );
  await page.context().close();
});

test(
  "a prices file is used wherever it is dropped, before or after the others",
  { skip },
  async () => {
    const page = await open(1200);
    await give(page, { "today.json": bytes(prices("80", { DOGE: "0.123456789" })) });
    await page.locator(".given").getByText("today.json: other prices").waitFor();
    assert.equal(await page.locator("#said").innerText(), "Still missing: attestation.");
    const { attestation } = files();
    await give(page, {
      "a.json": bytes(attestation),
      "k.json": bytes(key),
    });
    await results(page).getByText("today.json").waitFor();
    const said = await results(page).innerText();
    assert.match(
      said,
      /The prices are of today\.json, as of 1 February 2026 at 00:00 UTC\. 1 of the attestation’s 2 prices/,
    );
    assert.match(said, /mark\s+130\s+110\s+320/);
    assert.equal(await btc(page).inputValue(), "80");
    const verdict = await page.locator("#verdict").innerText();
    await page
      .getByLabel("A prices file")
      .setInputFiles([
        { name: "later.json", mimeType: "", buffer: Buffer.from(bytes(prices("100"))) },
      ]);
    await results(page).getByText("later.json").waitFor();
    assert.match(await results(page).innerText(), /mark\s+170\s+170\s+370/);
    const list = await page.locator('[data-place="attestation"] .given').innerText();
    assert.match(list, /later\.json: other prices/);
    assert.doesNotMatch(list, /today\.json/);
    assert.equal(await page.locator("#verdict").innerText(), verdict);
    await page.context().close();
  },
);

test("somebody's certificates are checked instead of finding some", { skip }, async () => {
  const { page } = await given(files());
  await btc(page).fill("80");
  await ask(page);
  await give(page, { "theirs.json": new TextEncoder().encode('{"mark": {"crash": "1"}}') });
  await results(page).getByText("theirs.json").waitFor();
  const said = await results(page).innerText();
  // In the crash at 60 Alice lacks 70, and nothing there is worth more than at 80.
  assert.match(said, /mark\s+180\s+110\s+320\s+1\.7777\s+70\s/);
  assert.match(said, /The bounds are what the certificates in theirs\.json show/);
  await page.getByRole("button", { name: "Find certificates here instead" }).click();
  assert.match(await results(page).innerText(), /mark\s+130\s+110\s+320/);
  const report = { certificates: { mark: { crash: "1" } }, holds: null, prices: prices("80") };
  await give(page, { "report.json": bytes({ ...report, certificates_given: false }) });
  await results(page).getByText("report.json").waitFor();
  assert.match(await results(page).innerText(), /mark\s+180\s+110\s+320/);
  await give(page, { "bad.json": new TextEncoder().encode('{"mark": {"crash": "-1"}}') });
  await results(page).getByText("Nothing can be said").waitFor();
  assert.match(
    await results(page).innerText(),
    /The certificate's multiplier of `crash` is `-1`: expected a number from 0 to 1000000 with at most 9 decimals\.$/,
  );
  await page.context().close();
});

test("prices that say nothing of the book are refused in plain words", { skip }, async () => {
  const { page } = await given(files());
  const says = async (file: object, reason: RegExp) => {
    await give(page, { "p.json": bytes(file) });
    await results(page).getByText(reason).waitFor();
    assert.doesNotMatch(await results(page).innerText(), /mark/);
  };
  await says(
    { ...prices("80"), quote: "EUR" },
    /These prices are in `EUR`, and the book is in USD\./,
  );
  await says(
    { ...prices("80"), prices: { USDC: "1" } },
    /The book holds `deposit BTC tier 1`, for which the other prices have none\./,
  );
  await says({ prices: { BTC: "x" } }, /The prices file could not be read: /);
  await says(prices("-80"), /the price of BTC is negative/);
  await page.context().close();
});

test("a good answer about other prices improves nothing that was said", { skip }, async () => {
  // Nobody vouches for the key: amber, and no green word about the whole policy.
  const unknown = await given(files());
  await ask(unknown.page);
  assert.match(await results(unknown.page).innerText(), /holds for certain/);
  assert.equal(await unknown.page.locator("#bounds strong").getAttribute("class"), "");
  assert.equal(await tone(unknown.page), "warn");
  await unknown.page.context().close();
  // The policy does not hold at the attestation's own prices: reserves of 370 are too little.
  const book = {
    ...FUND,
    reserves: { ...FUND.reserves, reserves: [(FUND.reserves as any).reserves[0]] },
  };
  const broken = await given(files({ book }), 1200, { digest });
  assert.equal(await tone(broken.page), "bad");
  await btc(broken.page).fill("800");
  await ask(broken.page);
  const said = await results(broken.page).innerText();
  assert.match(said, /does NOT hold\. Cannot hold: .*per_asset\.USDC/);
  assert.match(said, /At the attestation’s own prices it does not hold, and no others mend that/);
  assert.equal(await tone(broken.page), "bad");
  await picture(broken.page, "prices-broken-1200");
  // What does not hold, or could not be checked, has no such section.
  const refused = await given(forge({ page: 30 }));
  assert.equal(await refused.page.locator("#other-prices").count(), 0);
  await refused.page.context().close();
});

test("a real book with its native prices file is bounded in its browser", { skip }, async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}`));
  const page = await open(1200, { proofs: "checked" });
  await give(page, {
    "a.json": read("rich.attestation.json"),
    "k.json": read("rich.key.json"),
  });
  await page.getByLabel("Move all prices by").fill("-3");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const said = await results(page).innerText();
  assert.match(said, /does NOT hold\. Cannot hold: .*\. Failed in the proof: bad_debt\.initial\./);
  assert.match(said, /Failed in the proof: bad_debt\.initial, bad debt is 542,340\.3565505 EUR/);
  assert.match(said, /mark\s+[0-9,]+\.[0-9]{2}\s/);
  assert.equal(await cutOff(page), 0);
  await picture(page, "prices-rich-1200");
});

/** By how many pixels the table of bounds is wider than its place. */
function cutOff(page: Page): Promise<number> {
  return results(page)
    .locator(".wide")
    .evaluate((one) => one.scrollWidth - one.clientWidth);
}

test("where margins alone are missing, that is said in plain words", { skip }, async () => {
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
  await btc(page).fill("80");
  await ask(page);
  const said = await results(page).innerText();
  assert.match(
    said,
    /^At these prices it is unknown whether the venue’s own policy holds: its margins cannot be told\. All else holds for certain\. Held in the proof, and unknown here: bad_debt\.maintenance\.\n/,
  );
  assert.match(said, /Holds for certain: min_coverage/);
  assert.match(said, /Held in the proof: bad_debt\.maintenance, /);
  assert.equal(await page.locator("#bounds strong").getAttribute("class"), "warn");
  // Hundredths of a coin for a cent: in the crash nothing can be said.
  await btc(page).fill("0.01");
  await ask(page);
  const coarse = await results(page).innerText();
  assert.match(coarse, /There are no figures for crash: units of value are too coarse/);
  assert.doesNotMatch(coarse, /crash\s+[0-9]/);
  await picture(page, "prices-margins-1200");
});

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
  await page.context().close();
});

test("a price that the form does not show is said to differ", { skip }, async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}`));
  const page = await open(1200, { proofs: "checked" });
  await give(page, {
    "a.json": read("rich.attestation.json"),
    "k.json": read("rich.key.json"),
  });
  await ask(page);
  const own = await results(page).locator("table").innerText();
  const { prices: theirs } = JSON.parse(new TextDecoder().decode(read("rich.attestation.json")));
  // In the proof this market has the price of SOL.
  const file = { ...theirs, prices: { ...theirs.prices, "SOL-PERP": "0.001" } };
  await give(page, { "p.json": write(file) });
  await results(page).getByText("p.json").waitFor();
  assert.notEqual(await results(page).locator("table").innerText(), own);
  assert.match(
    await results(page).innerText(),
    /The prices are of p\.json, as of .* UTC\. 1 of the attestation’s 7 prices differs\. Markets with a price of their own here, and that of their underlying in the proof: SOL-PERP 0\.001\./,
  );
  // It is there to be changed, and is gone where the attestation's prices are.
  const perp = page.getByLabel("SOL-PERP", { exact: true });
  assert.equal(await perp.inputValue(), "0.001");
  await perp.fill("");
  await ask(page);
  assert.equal(await results(page).locator("table").innerText(), own);
  assert.match(
    await results(page).innerText(),
    /Typed over those of p\.json, as of .* UTC: SOL-PERP\. 0 of the attestation’s 7 prices/,
  );
  await page.getByLabel("Move all prices by").fill("0");
  await page.keyboard.press("Enter");
  assert.equal(await perp.count(), 0);
  await page.context().close();
});

test("typed prices are not those of the file that they replaced", { skip }, async () => {
  const { page } = await given(files(), 1200, { digest });
  await give(page, { "today.json": bytes(prices("20")) });
  await results(page).getByText("today.json").waitFor();
  await btc(page).fill("100");
  await ask(page);
  const said = await results(page).innerText();
  assert.match(said, /^At these prices the venue’s own policy holds for certain/);
  assert.doesNotMatch(said, /The prices are of today\.json/);
  assert.match(
    said,
    /\nTyped over those of today\.json, as of 1 February 2026 at 00:00 UTC: BTC\. 0 of the attestation’s 2 prices differ\./,
  );
  await page.context().close();
});

test("an answer does not stay beside prices that it is not of", { skip }, async () => {
  const { page } = await given(files(), 1200, { digest });
  await btc(page).fill("80");
  await ask(page);
  assert.match(await results(page).innerText(), /holds for certain/);
  await btc(page).fill("0.10");
  await btc(page).blur();
  const outdated = "A price was changed since: ask again for what follows.";
  assert.equal(await results(page).innerText(), outdated);
  await ask(page);
  assert.match(await results(page).innerText(), /1 of the attestation’s 2 prices differs/);
  await page.context().close();
});

test("the web page asks nobody for prices", { skip }, () => {
  assert.deepEqual([...new Set(requests)].filter((url) => !url.endsWith("/stubbed.html")), [page_]);
});
