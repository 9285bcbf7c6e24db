// What becomes of clauses at other prices, by hand, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDecimal, showDecimal } from "../src/encoding/decimal.ts";
import { Refused } from "../src/encoding/refused.ts";
import { parseCertificates, printCertificates } from "../src/repricing/certificate.ts";
import { type Proved, figuresThere } from "../src/repricing/figures.ts";
import { movedPrice, parseMove, parsePrices, typedPrices } from "../src/repricing/prices-file.ts";
import type { Policy } from "../src/rules/schema.ts";
import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, write } from "./forge.ts";
import { pricesFile, provedFile, provedOf } from "./proved.ts";

/** 3 BTC against 250 USDC; 100 USDC; 20 USDC of the fund. Reserves: 2.5 BTC and 120 USDC. */
const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
const book = (change: (attestation: any) => void = () => {}) =>
  provedOf(
    write(forge({ book: FUND, holds: ALICE_IN_FUND, counted, attestation: change }).attestation),
  );
const proved = book();

function under(policy: Partial<Policy>, of = proved): Proved {
  const { rules } = of.book;
  return {
    ...of,
    book: { ...of.book, rules: { ...rules, policy: { ...rules.policy, ...policy } } },
  };
}

const at = (btc: string, usdc = "1.00") => pricesFile("USD", { BTC: btc, USDC: usdc });

function standing(of: Proved, btc: string): string[] {
  const { clauses, verdict } = figuresThere(of, at(btc));
  return [...clauses.map((one) => `${one.name} ${one.standing} ${one.restsOn}`), verdict];
}

function refuses(run: () => void, reason: string | RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof Refused, String(error));
    if (typeof reason === "string") assert.equal(error.message, reason);
    else assert.match(error.message, reason);
    return true;
  });
}

test("bounds, reserves and certificates at lower prices are those by hand", () => {
  const { bounds, backing, certificates } = figuresThere(proved, at("80"));
  const units = (bound: object) =>
    Object.values(bound)
      .slice(1)
      .map((n) => Number(n) / 10_000);
  // In maintenance 2 BTC count for 90 each: 20 more than they are worth, and nobody lacks anything.
  // In the crash at 48 Alice lacks 106, which is what it proves at 60, and 12 more for each of 3.
  assert.deepEqual(bounds.map(units), [
    [130, 110, 20, 0],
    [120, 14, 106, 0],
    [100, 0, 106, 6],
  ]);
  assert.deepEqual([...certificates.get("mark")!], [["maintenance", 10n ** 9n]]);
  assert.deepEqual(
    backing.map((one) => [one.bound.scenario, one.customers, one.coverageAtLeast, one.fundAtLeast]),
    [
      ["mark", 3_200_000n, 24615n, undefined],
      ["crash", 2_400_000n, 20000n, 1_400_000n],
    ],
  );
});

test("every clause says whether it holds, and on what that rests", () => {
  const rest = [
    "max_distance.prices holds proof",
    "max_distance.reserves holds proof",
    "left_out.accounts holds proof",
    "left_out.assets holds proof",
  ];
  assert.deepEqual(standing(proved, "80"), [
    "min_coverage holds repriced",
    "coverage.crash holds repriced",
    "per_asset.USDC holds any_price",
    "bad_debt.crash holds repriced",
    ...rest,
    "holds",
  ]);
  // Reserves of 320 over at most 130 and at least 110.
  for (const [least, said, verdict] of [
    ["2.46", "holds", "holds"],
    ["2.47", "unknown", "unknown"],
    ["2.9", "unknown", "unknown"],
    ["2.91", "cannot_hold", "does_not_hold"],
  ] as const) {
    const got = standing(under({ minCoverage: parseDecimal(least) }), "80");
    assert.equal(got[0], `min_coverage ${said} repriced`);
    assert.equal(got.at(-1), verdict);
  }
  // At most 106 is lacking in the crash, and at most 20 at mark; the least is nothing.
  const limits = (mark: string, crash: string) =>
    under({
      badDebt: new Map([
        ["mark", parseDecimal(mark)],
        ["crash", parseDecimal(crash)],
      ]),
    });
  const amounts = (mark: string, crash: string) => {
    const of = limits(mark, crash);
    const clauses = ["mark", "crash"].map((name) => {
      return { ...of.summary.clauses[0]!, name: `bad_debt.${name}` };
    });
    return standing({ ...of, summary: { ...of.summary, clauses } }, "80");
  };
  assert.deepEqual(amounts("20", "105.9"), [
    "bad_debt.mark holds repriced",
    "bad_debt.crash unknown repriced",
    "unknown",
  ]);
  // At 20 USD all accounts together lack 70, so some do.
  const fallen = figuresThere(limits("69.9999", "0"), at("20"));
  assert.equal(fallen.bounds[0]!.badDebtAtLeast, 700_000n);
});

test("what did not hold by the proof alone does not hold at any other prices", () => {
  const failing = book((a) => (a.header.accounts_left_out = 1));
  const got = standing(failing, "100");
  assert.ok(got.includes("left_out.accounts cannot_hold proof"));
  assert.equal(got.at(-1), "does_not_hold");
  const nothing = { ...proved, summary: { ...proved.summary, clauses: [] } };
  assert.deepEqual(standing(nothing, "100"), ["does_not_hold"]);
});

test("a poor certificate makes nothing hold and nothing fall", () => {
  const of = under({ minCoverage: parseDecimal("2.46") });
  const all = (text: string) => figuresThere(of, at("80"), parseCertificates(text));
  const poor = all('{"mark": {"crash": "1000000"}}');
  assert.equal(poor.clauses[0]!.standing, "unknown");
  assert.equal(all("{}").clauses[0]!.standing, "unknown");
  assert.equal(all('{"mark": {"maintenance": "1"}}').clauses[0]!.standing, "holds");
  const low = under({ minCoverage: parseDecimal("2.91") });
  const tight = figuresThere(low, at("80"), parseCertificates('{"mark": {"maintenance": "1"}}'));
  assert.equal(tight.clauses[0]!.standing, "cannot_hold");
});

test("credit and margins are as of the proof", () => {
  const { proved: rich } = provedFile("test/native/rich.attestation.json");
  const { clauses } = figuresThere(rich, rich.attestation.prices);
  const of = (name: string) => clauses.find((one) => one.name === name)!.restsOn;
  assert.equal(of("bad_debt.initial"), "proof");
  assert.equal(of("bad_debt.2020-03-12"), "repriced");
  assert.equal(of("coverage.moon"), "repriced");
  assert.equal(of("open_interest_matched.BTC-PERP"), "any_price");
  const credit = figuresThere(under({ perAssetCredit: true }, rich), rich.attestation.prices);
  assert.equal(credit.clauses.find(({ name }) => name === "per_asset.BTC")!.restsOn, "proof");
});

test("a price of an asset that was left out of the book is not used", () => {
  const left = { asset: "LUNC", lines: 2, accounts: 1, deposits: "5", borrows: "0" };
  const reserve = { asset: "LUNC", amount: "1000000", chain: "terra", address: "a", evidence: "b" };
  const of = book((a) => {
    a.header.left_out = [left];
    a.reserves.reserves.push({ ...reserve, purpose: "customers" });
    a.rules = a.rules.replace(
      "[assets.BTC]",
      '[asset_default]\ndecimals = 2\nmaintenance = "0"\n$&',
    );
  });
  const there = figuresThere(of, pricesFile("USD", { BTC: "80", USDC: "1", LUNC: "5" }));
  assert.deepEqual(there.book.ignored, ["LUNC"]);
  assert.equal(there.backing[0]!.customers, 3_200_000n);
});

test("prices that say nothing of what is held are refused", () => {
  refuses(
    () => figuresThere(proved, pricesFile("EUR", { BTC: "1", USDC: "1" })),
    "these prices are in `EUR`, and the book is in USD",
  );
  refuses(
    () => figuresThere(proved, pricesFile("USD", { USDC: "1" })),
    "the book holds `deposit BTC tier 1`, for which these prices have none",
  );
  refuses(
    () => figuresThere(proved, at("80.123")),
    /the price 80.123 of BTC must have at most 2 dec/,
  );
  // The same rules count in one unit; these were changed.
  const { rules } = proved.book;
  const btc = { ...rules.assets.get("BTC")!, decimals: 3 };
  const assets = new Map([...rules.assets, ["BTC", btc] as const]);
  refuses(
    () =>
      figuresThere({ ...proved, book: { ...proved.book, rules: { ...rules, assets } } }, at("80")),
    "`deposit BTC tier 1` is counted with 3 decimals at these prices, and with 2 in the proof",
  );
  const other = { ...proved.book, rules: { ...rules, valueDecimals: 5 } };
  refuses(() => figuresThere({ ...proved, book: other }, at("80")), /in another currency or unit/);
});

test("reserves that these prices leave out count as nothing, and are told", () => {
  const cash = [INSURANCE_IN_FUND, BOB_IN_FUND].flat();
  const of = provedOf(write(forge({ book: FUND, holds: BOB_IN_FUND, counted: cash }).attestation));
  const there = figuresThere(of, pricesFile("USD", { USDC: "1" }));
  assert.deepEqual([there.unpriced, there.backing[0]!.customers], [["BTC"], 1_200_000n]);
});

test("a certificate that is none is refused", () => {
  const read = (text: string) => figuresThere(proved, at("80"), parseCertificates(text));
  const number = (text: string) => read(`{"mark": {"crash": ${text}}}`);
  const wrong = (text: string) =>
    `the multiplier of \`crash\` is \`${text}\`: expected a number from 0 to 1000000 with at most 9 decimals`;
  for (const text of [
    "-1",
    "-0.000000001",
    "0.1234567891",
    "1000000.000000001",
    "1e5",
    "",
    "-0",
    "01",
  ]) {
    refuses(() => number(`"${text}"`), wrong(text));
  }
  for (const text of ["0", "1000000", "0.000000001", "0.500000000"]) number(`"${text}"`);
  refuses(() => number("1"), "the multiplier of `crash` must be a number in quotes");
  refuses(
    () => read('{"mark": {"crash": "1", "crash": "1"}}'),
    /^the file of certificates could not be read: duplicate key `crash` at character \d+$/,
  );
  refuses(() => read('{"mark": {}, "mark": {}}'), /duplicate key `mark`/);
  refuses(() => read('{"mark": {"crash": 0.5}}'), /expected a whole number/);
  refuses(() => read("[]"), "the file of certificates must be an object");
  refuses(() => read('{"mark": []}'), "the certificate of `mark` must be an object");
  refuses(
    () => read('{"mark": {"moon": "1"}}'),
    "the certificate names the scenario `moon`, which the proof does not have",
  );
  for (const name of ["maintenance", "cover", "moon"]) {
    refuses(
      () => read(`{"${name}": {"crash": "1"}}`),
      `the certificate of \`${name}\` is for none of the priced scenarios: mark, crash, crash~insurance`,
    );
  }
});

test("certificates are written as they are read", () => {
  const { certificates } = figuresThere(proved, at("83.21"));
  assert.deepEqual(parseCertificates(printCertificates(certificates)), certificates);
});

test("a prices file is read whatever the order of its fields", () => {
  const file = {
    prices: { USDC: "1.00", BTC: "80" },
    open_interest: { "X-PERP": "1" },
    vols: { BTC: {} },
    method: "close",
    quote: "USD",
    as_of: "2026-02-01T00:00:00Z",
  };
  const { prices, asOf } = parsePrices(JSON.stringify(file));
  assert.deepEqual([...prices.keys(), asOf], ["BTC", "USDC", "2026-02-01T00:00:00Z"]);
  const changed = (change: object) => parsePrices(JSON.stringify({ ...file, ...change }));
  const unread = "the prices file could not be read: ";
  refuses(() => changed({ more: "1" }), `${unread}prices: unexpected field \`more\``);
  refuses(() => changed({ quote: undefined }), /`quote` is missing or misplaced/);
  refuses(() => changed({ prices: { BTC: "-1" } }), `${unread}the price of BTC is negative`);
  refuses(() => changed({ prices: { USD: "2" } }), /the price of the quote currency USD must be 1/);
  refuses(() => changed({ prices: { BTC: "1e3" } }), /`1e3` is not a decimal number/);
  refuses(() => changed({ as_of: "yesterday" }), /is not a UTC time/);
  const twice = '{"prices": {"BTC": "1", "BTC": "2"}}';
  refuses(() => parsePrices(twice), /duplicate key `BTC`/);
});

test("typed prices and moves are exact", () => {
  const own = at("100");
  const typed = typedPrices(
    own,
    new Map([
      ["BTC", " 99.5 "],
      ["USDC", ""],
    ]),
  );
  assert.deepEqual(
    [...typed.prices].map(([n, p]) => `${n} ${showDecimal(p)}`),
    ["BTC 99.5"],
  );
  refuses(
    () => typedPrices(own, new Map([["BTC", "abc"]])),
    "the price of BTC cannot be read: `abc` is not a decimal number",
  );
  refuses(() => typedPrices(own, new Map([["BTC", "-1"]])), "the price of BTC is negative");
  const moved = (price: string, move: string, decimals = 8) =>
    showDecimal(movedPrice(parseDecimal(price), parseMove(move), decimals));
  assert.equal(moved("100", "-5"), "95");
  assert.equal(moved("100.10", "\u22125 %"), "95.095");
  assert.equal(moved("100.10", "+2.5%"), "102.6025");
  assert.equal(moved("100.11", "-5", 2), "95.1");
  assert.equal(moved("100", "-100"), "0");
  refuses(() => parseMove("-100.1"), "no price can fall by more than 100 percent");
  for (const text of ["", "x", "5 % %", "--5", "1e1"]) {
    refuses(() => parseMove(text), "a move is a number of percent, such as -5 or 2.5");
  }
});
