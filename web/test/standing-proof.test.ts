// Clauses at other prices that have no figures there: about margins, in stresses whose units are
// too coarse, and those of which the proof has none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Decimal, brief, compareDecimals, parseDecimal } from "../src/encoding/decimal.ts";
import { parseCertificates } from "../src/repricing/certificate.ts";
import { figuresThere } from "../src/repricing/figures.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { standingOf } from "../src/repricing/standing.ts";
import { reprice } from "../src/repricing/values.ts";
import { compileTable } from "../src/rules/compile.ts";
import type { Prices } from "../src/rules/prices.ts";
import type { Policy } from "../src/rules/schema.ts";
import {
  asked,
  bookInFund as book,
  pricesAt as at,
  pricesFile,
  provedFile,
  refuses,
  standing,
} from "./proved.ts";

const proved = book();

test("clauses about margins held or failed in the proof, and are not known elsewhere", () => {
  const limits = (maintenance: string) => ({
    badDebt: new Map([["maintenance", parseDecimal(maintenance)]]),
  });
  const bad = (holds: boolean, more: string, btc: string) =>
    standing(
      asked(proved, limits(more), { "bad_debt.maintenance": holds, min_coverage: true }),
      btc,
    );
  const rest = "min_coverage holds repriced";
  // Whatever the prices, also those of the proof.
  for (const btc of ["80", "100"]) {
    assert.deepEqual(bad(true, "0", btc), ["bad_debt.maintenance held proof", rest, "unknown"]);
    assert.deepEqual(bad(false, "0", btc), [
      "bad_debt.maintenance failed proof",
      rest,
      "cannot_hold",
    ]);
  }
  // At 20 USD 70 is lacking at mark for certain, and so no less of any margin.
  const fallen = asked(proved, limits("69.9999"), { "bad_debt.maintenance": true });
  const { clauses, verdict } = figuresThere(fallen, at("20"));
  assert.deepEqual(clauses, [
    {
      name: "bad_debt.maintenance",
      standing: "cannot_hold",
      restsOn: "repriced",
      detail:
        "bad debt at mark is 70 USD at least, no less is lacking here, and the limit is 69.9999 USD",
      by: proved.summary.clauses[0]!.by,
    },
  ]);
  assert.equal(verdict, "cannot_hold");
  const allowed = asked(proved, limits("70"), { "bad_debt.maintenance": true });
  assert.deepEqual(standing(allowed, "20"), ["bad_debt.maintenance held proof", "unknown"]);
  // Certain failures are worse than what is unknown.
  const both = asked(proved, { ...limits("0"), minCoverage: parseDecimal("2.5") }, {
    "bad_debt.maintenance": false,
    min_coverage: true,
  });
  assert.deepEqual(standing(both, "80"), [
    "bad_debt.maintenance failed proof",
    "min_coverage unknown repriced",
    "cannot_hold",
  ]);
});

test("rounding is below so much at the prices of the proof, and is not known elsewhere", () => {
  const { proved, json } = provedFile("test/native/rich.attestation.json");
  // At most 0.0001 GOLD and 0.000001 USDC: 0.2 EUR in the proof, of 0.3 that are allowed.
  const { rounding } = json.header;
  assert.deepEqual(
    rounding.instruments.map((one: any) => [one.instrument, one.bound]),
    [
      ["deposit GOLD", "0.0001"],
      ["deposit USDC", "0.000001"],
    ],
  );
  const gold = "19999.999999";
  const there = pricesFile("EUR", { ...json.prices.prices, GOLD: gold });
  // 0.0001 times 20,000 is 2.
  assert.ok(compareDecimals(parseDecimal("1.99"), parseDecimal("0.3")) > 0);
  const own: Prices = proved.attestation.prices;
  for (const [prices, standings] of [
    [there, ["held", "failed"]],
    // The same, a second later.
    [{ ...own, asOf: "2024-03-01T00:00:00Z" }, ["held", "failed"]],
    [own, ["holds", "cannot_hold"]],
  ] as const) {
    const found = [true, false].map((holds) => {
      const of = asked(proved, {}, { "left_out.rounding": holds, "left_out.accounts": holds });
      const [rounding, accounts] = figuresThere(of, prices).clauses;
      assert.equal(accounts!.restsOn, "any_price");
      return [rounding!.standing, rounding!.restsOn];
    });
    assert.deepEqual(found, standings.map((standing) => [standing, "proof"]));
  }
});

const SMILE = { "2026-12-25T08:00:00Z": { strikes: { "100": "0.5" } } };

for (const more of [
  { open_interest: { "BTC-PERP": "1000000" } },
  { vols: { BTC: { expiries: SMILE } } },
]) {
  test(`prices with ${Object.keys(more)[0]} are not those of the proof, which has none`, () => {
    const { proved, json } = provedFile("test/native/rich.attestation.json");
    const there = figuresThere(proved, parsePrices(JSON.stringify({ ...json.prices, ...more })));
    assert.equal(there.book.ownPrices, false);
    const none = Object.fromEntries(Object.keys(more).map((name) => [name, {}]));
    const same = figuresThere(proved, parsePrices(JSON.stringify({ ...json.prices, ...none })));
    assert.equal(same.book.ownPrices, true);
  });
}

test("what cannot be evaluated is unknown, by what the proof said of it", () => {
  const policy = {
    coverage: new Map([["moon", parseDecimal("1")]]),
    badDebt: new Map<string, Decimal | "insurance">([
      ["moon", parseDecimal("1")],
      ["maintenance", "insurance"],
      ["mark", "insurance"],
    ]),
    perAssetCredit: false,
  };
  const names = [
    "coverage.moon",
    "bad_debt.moon",
    "bad_debt.nowhere",
    "bad_debt.maintenance",
    "bad_debt.mark",
    "per_asset.ETH",
  ];
  const of = asked(proved, policy, Object.fromEntries(names.map((name) => [name, false])));
  const { clauses, verdict } = figuresThere(of, at("80"));
  for (const { standing, restsOn, detail, name } of clauses) {
    assert.deepEqual([standing, restsOn], ["unknown", "proof"], name);
    assert.equal(detail, `the proof's of ${name}`);
  }
  assert.equal(verdict, "unknown");
  // Credited borrows without a scenario of credit, too.
  const credit = asked(proved, { perAssetCredit: true }, { "per_asset.USDC": true });
  assert.deepEqual(standing(credit, "80"), ["per_asset.USDC unknown proof", "unknown"]);
  const { proved: rich } = provedFile("test/native/rich.attestation.json");
  const credited = {
    ...rich.book.compiled,
    scenarios: rich.book.compiled.scenarios.map((one) =>
      one.name === "initial" ? ({ ...one, kind: "credit" } as typeof one) : one,
    ),
  };
  const proof = { ...rich, book: { ...rich.book, compiled: credited } };
  const both = asked(proof, { perAssetCredit: true }, {
    "per_asset.BTC": true,
    "per_asset.GOLD": false,
  });
  const { prices } = rich.attestation;
  // Margins are those of the proof at its own prices alone; a second later they are not known.
  for (const [asOf, standings] of [
    ["2024-03-01T00:00:00Z", ["held proof", "failed proof"]],
    [prices.asOf, ["holds proof", "cannot_hold proof"]],
  ] as const) {
    const { clauses } = figuresThere(both, { ...prices, asOf });
    assert.deepEqual(
      clauses.map(({ standing, restsOn }) => `${standing} ${restsOn}`),
      standings,
    );
  }
});

test("a stress in which units of value are too coarse has no figures", () => {
  // 3 BTC are counted in hundredths of 0.01 USD: 60 % of one is no whole unit.
  const policy = {
    coverage: new Map([["crash", parseDecimal("0.0001")]]),
    badDebt: new Map<string, Decimal | "insurance">([["crash", "insurance"]]),
  };
  const names = { "coverage.crash": true, "bad_debt.crash": true, min_coverage: true };
  const of = asked(proved, policy, names);
  const there = figuresThere(of, at("0.01"));
  assert.deepEqual(there.book.coarse, ["crash"]);
  assert.deepEqual(
    there.bounds.map(({ scenario }) => scenario),
    ["mark"],
  );
  assert.deepEqual(
    there.backing.map(({ bound }) => bound.scenario),
    ["mark"],
  );
  assert.deepEqual([...there.certificates.keys()], ["mark"]);
  const [coverage, badDebt, mark] = there.clauses;
  const detail =
    "units of value are too coarse at these prices: rounding would change what is owed";
  for (const clause of [coverage!, badDebt!]) {
    assert.deepEqual(
      [clause.standing, clause.restsOn, clause.detail],
      ["unknown", "repriced", detail],
    );
  }
  assert.equal(mark!.restsOn, "repriced");
  for (const text of ['{"crash": {}}', '{"moon": {}, "crash": {"crash": "1"}}']) {
    refuses(
      () => figuresThere(of, at("0.01"), parseCertificates(text)),
      "there is a certificate for `crash`, for which units of value are too coarse at these prices",
    );
  }
  // An amount of bad debt, about which the rules ask for no fineness, is as little known.
  const amount = asked(
    proved,
    { coverage: new Map(), badDebt: new Map([["crash", parseDecimal("1000000")]]) },
    { "bad_debt.crash": true },
  );
  assert.deepEqual(standing(amount, "0.01"), ["bad_debt.crash unknown repriced", "unknown"]);
  assert.deepEqual(standing(amount, "80"), ["bad_debt.crash holds repriced", "holds"]);
  // Ten times as much is a whole number of units, at 6 of them.
  assert.deepEqual(figuresThere(of, at("0.1")).book.coarse, []);
});

test("one price that is too small for 400 stresses takes no longer than one that is not", () => {
  const { attestation, book } = proved;
  const { rules } = book;
  const stress = rules.scenarios.find(({ kind }) => kind === "stress")!;
  const stresses = Array.from({ length: 400 }, (_, i) => ({ ...stress, name: `s${i}` }));
  const names = Array.from({ length: 150 }, (_, i) => `A${i}`);
  const own = rules.assets.get("BTC")!;
  const assets = new Map([...names, "ZZZ"].map((name) => [name, own] as const));
  const many: typeof rules = {
    ...rules,
    scenarios: [...rules.scenarios, ...stresses],
    assets: new Map([...rules.assets, ...assets]),
  };
  const at = (zzz: string) =>
    pricesFile("USD", {
      BTC: "100",
      USDC: "1",
      ...Object.fromEntries(names.map((name) => [name, "1000.00"])),
      ZZZ: zzz,
    });
  const compiled = compileTable(many, at("1000.00"));
  const totals = compiled.rows.map(({ role }) => ({
    count: 1n,
    quantity: role.kind === "deposit" ? 1n : 0n,
  }));
  assert.ok(compiled.rows.length < 2048);
  const seconds = (zzz: string) => {
    const began = performance.now();
    const { coarse } = reprice(attestation, { rules: many, compiled }, totals as any, at(zzz));
    return [coarse.length, (performance.now() - began) / 1000] as const;
  };
  const fine = seconds("1000.00");
  const coarse = seconds("0.01");
  assert.deepEqual([fine[0], coarse[0]], [0, 401]);
  assert.ok(coarse[1] < 10 * fine[1] + 1, `${coarse}`);
});

test("where units were too coarse in the proof and nothing has moved, the proof decides", () => {
  const { compiled, rules } = proved.book;
  // As if BTC had been worth 0.01 in a stress that no clause asks about.
  const policy: Policy = { ...rules.policy, coverage: new Map(), badDebt: new Map() };
  const prices = at("0.01");
  const compiledThere = compileTable({ ...rules, policy }, prices);
  const book = { rules: { ...rules, policy }, compiled: compiledThere };
  assert.ok(!book.compiled.scenarios.some(({ kind }) => kind === "twin"));
  const rows = new Map(compiled.rows.map(({ name }, row) => [name, proved.summary.totals[row]!]));
  const totals = book.compiled.rows.map(({ name }) => rows.get(name)!);
  const there = reprice(proved.attestation, book, totals, prices);
  assert.deepEqual([there.coarse, there.asProved[0]], [["crash"], true]);
  const limits = { ...policy, badDebt: new Map([["crash", parseDecimal("0")]]) };
  const own = proved.summary.clauses[0]!;
  const of = { book: there, write: (amount: string) => amount };
  const backing = [{ ...figuresThere(proved, at("80")).backing[0]!, asProved: true }];
  for (const holds of [true, false]) {
    const clauses = [{ ...own, name: "bad_debt.crash", holds }];
    const [clause] = standingOf(limits, clauses, { ...of, backing });
    assert.equal(clause!.standing, holds ? "holds" : "cannot_hold");
    assert.deepEqual([clause!.restsOn, clause!.detail], ["repriced", own.detail]);
  }
});

test("amounts in the table are few digits, and never flatter", () => {
  for (const [units, decimals, up, down] of [
    [123456789012345678n, 12, "123,456.79", "123,456.78"],
    [1000000000000001n, 12, "1,000.01", "1,000"],
    [999999999999999n, 12, "1,000", "999.999999"],
    [1n, 12, "0.000001", "0"],
    [0n, 12, "0", "0"],
    [-1000000000000001n, 12, "\u22121,000", "\u22121,000.01"],
    [12345n, 1, "1,234.5", "1,234.5"],
    [12345n, 0, "12,345", "12,345"],
  ] as const) {
    assert.deepEqual([brief(units, decimals, "up"), brief(units, decimals, "down")], [up, down]);
  }
});
