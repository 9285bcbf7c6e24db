// What becomes of clauses at other prices, by hand, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDecimal } from "../src/encoding/decimal.ts";
import { parseCertificates } from "../src/repricing/certificate.ts";
import { type FiguresThere, figuresThere } from "../src/repricing/figures.ts";
import { BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, write } from "./forge.ts";
import {
  bookInFund as book,
  pricesAt as at,
  pricesFile,
  provedFile,
  provedOf,
  refuses,
  standing,
  under,
} from "./proved.ts";

const proved = book();

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
    "max_distance.prices holds any_price",
    "max_distance.reserves holds any_price",
    "left_out.accounts holds any_price",
    "left_out.assets holds any_price",
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
    ["2.91", "cannot_hold", "cannot_hold"],
  ] as const) {
    const got = standing(under(proved, { minCoverage: parseDecimal(least) }), "80");
    assert.equal(got[0], `min_coverage ${said} repriced`);
    assert.equal(got.at(-1), verdict);
  }
  // At most 106 is lacking in the crash, and at most 20 at mark; the least is nothing.
  const limits = (mark: string, crash: string) =>
    under(proved, {
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

test("what no price changes and did not hold does not hold at any other prices", () => {
  const failing = book((a) => (a.header.accounts_left_out = 1));
  const got = standing(failing, "100");
  assert.ok(got.includes("left_out.accounts cannot_hold any_price"));
  assert.equal(got.at(-1), "cannot_hold");
  const nothing = { ...proved, summary: { ...proved.summary, clauses: [] } };
  assert.deepEqual(standing(nothing, "100"), ["cannot_hold"]);
});

test("a poor certificate makes nothing hold and nothing fall", () => {
  const of = under(proved, { minCoverage: parseDecimal("2.46") });
  const all = (text: string) => figuresThere(of, at("80"), parseCertificates(text));
  const poor = all('{"mark": {"crash": "1000000"}}');
  assert.equal(poor.clauses[0]!.standing, "unknown");
  assert.equal(all("{}").clauses[0]!.standing, "unknown");
  assert.equal(all('{"mark": {"maintenance": "1"}}').clauses[0]!.standing, "holds");
  const low = under(proved, { minCoverage: parseDecimal("2.91") });
  const tight = figuresThere(low, at("80"), parseCertificates('{"mark": {"maintenance": "1"}}'));
  assert.equal(tight.clauses[0]!.standing, "cannot_hold");
});

test("coverage at most is rounded up", () => {
  const { backing } = figuresThere(proved, at("80"));
  // 320 over 110 is 2.90909, and over 130 is 2.46153.
  assert.deepEqual([backing[0]!.coverageAtLeast, backing[0]!.coverageAtMost], [24615n, 29091n]);
});

test("a market that had its own price needs it", () => {
  const { proved: rich, json } = provedFile("test/native/rich.attestation.json");
  const { "BTC-PERP": _, ...without } = json.prices.prices;
  refuses(
    () => figuresThere(rich, pricesFile("EUR", without)),
    "`long BTC-PERP tier 1` has the price of `BTC-PERP` in the proof, and the other prices have " +
      "none: that of another name would stand in for it",
  );
  // A market that had its underlying's may have its own now.
  figuresThere(rich, pricesFile("EUR", { ...json.prices.prices, "SOL-PERP": "101.002" }));
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
  assert.deepEqual(there.book.uncounted, ["LUNC"]);
  assert.equal(there.backing[0]!.customers, 3_200_000n);
});

test("prices that say nothing of what is held are refused", () => {
  refuses(
    () => figuresThere(proved, pricesFile("EUR", { BTC: "1", USDC: "1" })),
    "these prices are in `EUR`, and the book is in USD",
  );
  refuses(
    () => figuresThere(proved, pricesFile("USD", { USDC: "1" })),
    "the book holds `deposit BTC tier 1`, for which the other prices have none",
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
    "`deposit BTC tier 1` is counted with 3 decimals at the other prices, and with 2 in the proof",
  );
  const other = { ...proved.book, rules: { ...rules, valueDecimals: 5 } };
  refuses(() => figuresThere({ ...proved, book: other }, at("80")), /in another currency or unit/);
});

test("reserves that these prices leave out are refused, and what nobody needs is not", () => {
  const cash = [INSURANCE_IN_FUND, BOB_IN_FUND].flat();
  const forged = (change: (attestation: any) => void) =>
    provedOf(
      write(
        forge({ book: FUND, holds: BOB_IN_FUND, counted: cash, attestation: change }).attestation,
      ),
    );
  refuses(
    () =>
      figuresThere(
        forged(() => {}),
        pricesFile("USD", { USDC: "1" }),
      ),
    "there are reserves of `BTC`, for which the other prices have none",
  );
  const noBtc = forged((a) => {
    a.reserves.reserves = a.reserves.reserves.filter((one: any) => one.asset !== "BTC");
  });
  const there = figuresThere(noBtc, pricesFile("USD", { USDC: "1" }));
  assert.deepEqual(
    there.backing.map(({ customers, asProved }) => [customers, asProved]),
    [
      [1_200_000n, true],
      [1_200_000n, true],
    ],
  );
  // With more decimals than the rules have for it.
  figuresThere(noBtc, pricesFile("USD", { USDC: "1", BTC: "0.123456789" }));
});

test("where all that is held is worth what it was, the proof decides, whatever the bounds", () => {
  const poor = parseCertificates("{}");
  const same = figuresThere(proved, at("100"), poor);
  assert.deepEqual(
    same.backing.map((one) => one.asProved),
    [true, true],
  );
  assert.ok(same.bounds[0]!.badDebtAtMost > proved.summary.figures.scenarios[0]!.badDebt);
  same.clauses.forEach(({ standing, detail, name, restsOn }, i) => {
    const own = proved.summary.clauses[i]!;
    assert.deepEqual([standing, detail, name], ["holds", own.detail, own.name]);
    assert.equal(restsOn === "repriced", /coverage|bad_debt/.test(name));
  });
  const broken = book((a) => (a.reserves.reserves = [a.reserves.reserves[0]]));
  const { clauses } = broken.summary;
  const [first] = clauses.filter(({ holds }) => !holds);
  const there = figuresThere(broken, at("100"), poor);
  const standing = there.clauses.find(({ name }) => name === first!.name)!;
  assert.deepEqual([standing.standing, standing.detail], ["cannot_hold", first!.detail]);
  // One price more or less, of what is held or backs it, and bounds decide.
  for (const there of [at("100.10"), at("100", "1.01")]) {
    assert.ok(figuresThere(proved, there).backing.every(({ asProved }) => !asProved));
  }
});

test("prices of what nobody holds and nothing backs change nothing", () => {
  const { proved: rich, json } = provedFile("test/native/rich.attestation.json");
  const own: Record<string, string> = json.prices.prices;
  const at = (change: (prices: Record<string, string>) => void) => {
    const prices = { ...own };
    change(prices);
    return figuresThere(rich, pricesFile("EUR", prices));
  };
  const isAsProved = ({ backing }: FiguresThere) => backing.every(({ asProved }) => asProved);
  // Nobody has DAI; a short of SOL-PERP needs the price of SOL.
  assert.ok(isAsProved(at(() => {})));
  assert.ok(isAsProved(at((prices) => delete prices.DAI)));
  assert.ok(isAsProved(at((prices) => (prices.DAI = "0.00000000000009"))));
  assert.ok(isAsProved(at((prices) => (prices["OTHER-PERP"] = "5"))));
  assert.ok(!isAsProved(at((prices) => (prices.SOL = "101.002"))));
  assert.ok(!isAsProved(at((prices) => (prices["BTC-PERP"] = "60200.11"))));
  // An asset without a price in the proof backs nothing, though a market's price may need it.
  const { compiled } = rich.book;
  const without = {
    ...compiled,
    assets: compiled.assets.filter(({ name }) => name !== "SOL"),
  };
  const { reserves } = rich.attestation;
  const sol = { ...reserves!.reserves[0]!, asset: "SOL" };
  const of = {
    ...rich,
    attestation: {
      ...rich.attestation,
      reserves: { ...reserves!, reserves: [...reserves!.reserves, sol] },
    },
    book: { ...rich.book, compiled: without },
  };
  const there = figuresThere(of, rich.attestation.prices);
  assert.deepEqual(there.book.uncounted, ["SOL"]);
  assert.deepEqual(
    there.backing.map(({ customers }) => customers),
    at(() => {}).backing.map(({ customers }) => customers),
  );
});
