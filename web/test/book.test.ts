// The book beside the proofs: the program, the totals against table and header, the twins, and
// every clause of a policy, on a book with the insurance fund as accounts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Attestation, parseAttestation } from "../src/attestation/attestation.ts";
import { type Summary, compileBook, summarise } from "../src/attestation/book.ts";
import { unasked } from "../src/attestation/unasked.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { toHex } from "../src/encoding/digest.ts";
import { Refused } from "../src/encoding/refused.ts";
import { isWithin, parseSpan, showSpan } from "../src/encoding/times.ts";
import { makeProgram } from "../src/rules/program.ts";
import { checkTable } from "../src/rules/soundness.ts";
import { check } from "../src/statement/check.ts";
import {
  ALICE_IN_FUND,
  BOB_IN_FUND,
  FUND,
  type Held,
  INSURANCE_IN_FUND,
  MINIATURE,
  programOf,
} from "./books.ts";
import { hex } from "./bytes.ts";
import { type Options, forge, write } from "./forge.ts";

const COUNTED: Held[] = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
const BOOK: Options = { book: FUND, holds: ALICE_IN_FUND, counted: COUNTED };

function read(attestation: object): {
  attestation: Attestation;
  compiled: ReturnType<typeof compileBook>;
} {
  const parsed = parseAttestation(write(attestation));
  return { attestation: parsed, compiled: compileBook(parsed) };
}

function summary(change: (attestation: any) => void = () => {}): Summary {
  const forged = forge({ ...BOOK, attestation: change }).attestation;
  const { attestation, compiled } = read(forged);
  return summarise(attestation, compiled, shapeOf(11, 64));
}

/** Whether each clause holds, by name. */
function clauses(change?: (attestation: any) => void): Record<string, boolean> {
  return Object.fromEntries(summary(change).clauses.map(({ name, holds }) => [name, holds]));
}

function refuses(change: (attestation: any) => void, reason: RegExp): void {
  assert.throws(
    () => summary(change),
    (error) => error instanceof Refused && reason.test(error.message),
  );
}

test("a statement in a book with a twin and all kinds of reserves holds", () => {
  const { attestation, statement } = forge(BOOK);
  const { outcome, reason } = check(write(attestation), write(statement), null, "alice");
  assert.equal(`${outcome} ${reason}`, "holds ");
});

test("the web page makes the program that the layout says, and refuses another or none", () => {
  for (const book of [MINIATURE, FUND]) {
    const { attestation, compiled } = read(forge({ ...(book === FUND ? BOOK : {}) }).attestation);
    const made = makeProgram(compiled.rules, compiled.compiled, attestation.prices);
    assert.equal(made.bytes && toHex(made.bytes), hex(programOf(book)));
  }
  refuses(
    (a) => (a.header.program = `0x${"11".repeat(32)}`),
    /the rules have the program 0x.*, but the header names 0x1111/,
  );
  refuses(
    (a) => (a.header.program = null),
    /the rules have the program 0x.*, but the header names no program/,
  );
});

test("rules that no contract can follow have no program, and the header must say so", () => {
  const without = (from: string, to: string, why: string) => {
    const change = (a: any) => {
      assert.ok(a.rules.includes(from), from);
      a.rules = a.rules.replace(from, to);
    };
    refuses(
      change,
      new RegExp(`the rules have no program \\(.*${why}.*\\), but the header names 0x`),
    );
    const none = (a: any) => {
      change(a);
      a.header.program = null;
    };
    assert.ok(read(forge({ ...BOOK, attestation: none }).attestation));
  };
  without('up_to = "2"', 'up_to_value = "200"', "tiers end at values");
  without("assets = {} }", 'assets = { LUNC = "1" } }', "names assets");
  without("assets = {} }", 'rounding = "1" }', "rounding");
  const digits = `0.${"0".repeat(36)}1`;
  const scan = `{ name = "down", kind = "constraint", contingency = "scan", default_move = "${digits}", weight = "${digits}" },\n]`;
  const finer = (a: any) => {
    a.rules = a.rules.replace(
      "]\n[assets.BTC]",
      `${scan}\n[contingencies.scan]\nmaintenance = "1"\n[assets.BTC]`,
    );
    a.header.scenarios = 5;
  };
  refuses(
    finer,
    /no program \(deposit BTC tier 1: a factor is finer or larger than a contract takes\)/,
  );
  const eth = '[assets.ETH]\ndecimals = 2\nmaintenance = "1"\n';
  without(
    `[classes.insurance]\nassets = ["USDC"]\nmarkets = []\n[policy]\nmin_coverage = "1"\ncoverage = { crash = "0.5" }\nper_asset = ["USDC"]`,
    `${eth}[classes.insurance]\nassets = ["USDC"]\nmarkets = []\n[policy]\nmin_coverage = "1"\nper_asset = ["USDC", "ETH"]`,
    "per_asset.ETH",
  );
  const perp =
    '[markets.BTC-PERP]\nunderlying = "BTC"\ndecimals = 2\ntiers = [{ maintenance = "0.1", initial = "0.2" }]\n' +
    'open_interest = { lower = "1", upper = "2" }\n';
  const scaled = (a: any) => {
    a.rules = a.rules.replace("[classes.insurance]", `${perp}[classes.insurance]`);
    a.prices.open_interest = { "BTC-PERP": "1" };
  };
  refuses(scaled, /no program \(rates rise with open interest\)/);
});

test("the trial balance is checked in every volume and scenario", () => {
  const more = (row: number, by: bigint) => (a: any) => {
    const { quantities } = a.volumes[0];
    quantities[row] = String(BigInt(quantities[row]) + by);
  };
  refuses(more(5, 1n), /volume 0: the trial balance of scenario 0 is off by 100 units of value/);
  refuses(more(13, -1n), /scenario 0 is off by 1 units/);
  refuses(more(15, 1n), /scenario 1 is off by -1 units/);
  refuses(more(19, -1n), /scenario 3 is off by 1 units/);
  refuses((a) => {
    more(5, 1n)(a);
    more(13, 100n)(a);
    more(15, 100n)(a);
    more(17, 100n)(a);
  }, /scenario 3 is off by 100 units/);
  refuses((a) => {
    const { quantities, counts } = a.volumes[0];
    [quantities[1], counts[1]] = ["201", 1];
  }, /1 lines of at most 200 cannot hold 201 of instrument 1/);
  const two = forge({ ...BOOK, volumes: 2 }).attestation;
  two.volumes[1]!.quantities[5] = "1";
  const { attestation, compiled } = read(two);
  assert.throws(
    () => summarise(attestation, compiled, shapeOf(11, 64)),
    /volume 1: the trial balance/,
  );
});

test("a header that contradicts the totals is refused", () => {
  refuses(
    (a) => (a.header.accounts = 2),
    /the header says 2 accounts, but the totals allow 3 to 19/,
  );
  refuses((a) => (a.header.accounts = 20), /the header says 20 accounts/);
  assert.ok(summary((a) => (a.header.accounts = 19)));
  refuses(
    (a) => (a.header.rounding.lines = 9),
    /the header says 9 rounded lines, but the book has 7 lines/,
  );
  assert.ok(summary((a) => (a.header.rounding.lines = 7)));
  const left =
    (...assets: string[]) =>
    (a: any) => {
      a.header.left_out = assets.map((asset) => ({
        asset,
        lines: 1,
        accounts: 1,
        deposits: "5",
        borrows: "0",
      }));
    };
  refuses(left("USD"), /left out: `USD` is the quote currency/);
  refuses(left("BTC"), /left out: `BTC` has a price/);
  refuses(left("usdc"), /differs from `USDC` only by the case of its letters/);
  refuses(left("uSD"), /differs from `USD`/);
  refuses(left("LUNC", "LUNC"), /left out: duplicate `LUNC`/);
  refuses((a) => {
    left("WBTC")(a);
    a.rules = a.rules.replace("[assets.BTC]", '[assets.BTC]\nalso = ["WBTC"]');
  }, /left out: `WBTC` has a rule/);
  assert.ok(summary(left("LUNC", "ustc")));
  refuses((a) => {
    const { counts, quantities } = a.volumes[0];
    counts[0] += counts.slice(1).reduce((sum: number, count: number) => sum + count, 0);
    counts.fill(0, 1);
    quantities.fill("0");
  }, /no line of it holds anything/);
});

test("clauses of all kinds hold in their order, with their letters", () => {
  const { clauses: all } = summary();
  assert.deepEqual(
    all.map(({ name, holds, by }) => `${name} ${holds} ${by}`),
    [
      "min_coverage true W",
      "coverage.crash true W",
      "per_asset.USDC true W",
      "bad_debt.crash true W",
      "max_distance.prices true W",
      "max_distance.reserves true W",
      "left_out.accounts true W",
      "left_out.assets true W",
    ],
  );
  assert.match(
    all[3]!.detail,
    /^all reserves are worth 270 USD and all but the insurance fund are owed 100 USD: 170 USD is left for the insurance fund$/,
  );
});

test("the fund is what reserves, valued in the stress, are more than all others are owed", () => {
  const reserves = (btc: string, usdc: string) => (a: any) => {
    [a.reserves.reserves[0].amount, a.reserves.reserves[1].amount] = [btc, usdc];
  };
  // 170 at mark are owed: 50 to alice, 100 to bob, 20 to the fund. In the crash 100 to bob.
  assert.equal(summary().backing[0]!.owed, 1_700_000n);
  assert.deepEqual(
    summary().backing.map(({ scenario, fund }) => [scenario, fund]),
    [
      ["mark", undefined],
      ["crash", 1_700_000n],
    ],
  );
  const enough = clauses(reserves("0", "120.00"));
  assert.equal(enough["bad_debt.crash"], true);
  assert.equal(enough.min_coverage, false);
  // BTC is worth 60 in the crash.
  assert.equal(clauses(reserves("1.66", "0.00"))["bad_debt.crash"], false);
  assert.equal(clauses(reserves("1.67", "0.00"))["bad_debt.crash"], true);
  // Reserves of both purposes count, once.
  const both = clauses((a) => {
    reserves("1", "40.00")(a);
    a.reserves.reserves[1].purpose = "insurance";
  });
  assert.equal(both["bad_debt.crash"], true);
  const missing = summary(reserves("1", "0.00")).clauses.find(
    ({ name }) => name === "bad_debt.crash",
  )!;
  assert.match(missing.detail, /all but the insurance fund are owed 100 USD: 40 USD is missing$/);
});

test("what the fund holds, whoever holds it, does not lower what all others are owed", () => {
  // The books of the review: the fund's worth made by a second class in one account.
  const mixed: Held[] = [
    [8, 1_000_000],
    [11, 1_000_000],
    [20, 1_000_000],
  ];
  const quiet = forge({ ...BOOK, counted: [...COUNTED, ...mixed] }).attestation;
  const { attestation, compiled } = read(quiet);
  const { figures } = summarise(attestation, compiled, shapeOf(11, 64));
  assert.deepEqual(figures.funds, [{ scenario: "crash", owedToOthers: 1_000_000n }]);
});

test("a table whose twin flatters the fund is unsound", () => {
  const { compiled } = read(forge(BOOK).attestation).compiled;
  const shifted = (name: string, by: bigint) => {
    const rows = compiled.rows.map((row) =>
      row.name === name
        ? { ...row, values: row.values.map((value, i) => (i === 3 ? value + by : value)) }
        : row,
    );
    return () => checkTable({ ...compiled, rows });
  };
  for (const { name } of compiled.rows)
    assert.throws(shifted(name, 1n), /the table is unsound/, name);
  const kinds = (change: object) => () =>
    checkTable({
      ...compiled,
      scenarios: compiled.scenarios.map((one, i) =>
        i === 3 ? { ...one, ...change } : one,
      ) as never,
    });
  assert.throws(kinds({ stress: 1 }), /is not the twin of a stress/);
  assert.throws(kinds({ stress: 0 }), /is not the twin of a stress/);
  assert.throws(kinds({ stress: 3 }), /is not the twin of a stress/);
  checkTable(compiled);
});

test("distances are of times in both directions, to the nanosecond", () => {
  const at = (prices: string, reserves: string) => {
    const got = clauses((a) => {
      a.prices.as_of = prices;
      a.reserves.as_of = reserves;
    });
    return [got["max_distance.prices"], got["max_distance.reserves"]];
  };
  assert.deepEqual(at("2026-01-01T00:15:00Z", "2026-01-02T01:00:00Z"), [true, true]);
  assert.deepEqual(at("2025-12-31T23:45:00Z", "2025-12-30T23:00:00Z"), [true, true]);
  assert.deepEqual(at("2026-01-01T00:15:00.000000001Z", "2026-01-02T01:00:01Z"), [false, false]);
  assert.deepEqual(at("2025-12-31T23:44:59.999999999Z", "2019-01-01T00:00:00Z"), [false, false]);
  const { clauses: late } = summary((a) => (a.prices.as_of = "2026-01-01T00:15:00.5Z"));
  const { detail } = late.find(({ name }) => name === "max_distance.prices")!;
  assert.equal(
    detail,
    "prices of 2026-01-01T00:15:00.5Z are 901s away from the snapshot, and at most 15m is allowed",
  );
  const none = summary((a) => {
    delete a.reserves;
  }).clauses.find(({ name }) => name === "max_distance.reserves")!;
  assert.equal(`${none.holds} ${none.detail}`, "false there are no reserves");
});

test("what is left out is compared with what may be", () => {
  const left = (allowed: string, deposits = "5", borrows = "0") =>
    summary((a) => {
      a.rules = a.rules.replace("assets = {}", `assets = ${allowed}`);
      if (allowed !== "{}") a.header.program = null;
      a.header.left_out = [{ asset: "LUNC", lines: 1, accounts: 1, deposits, borrows }];
    }).clauses.find(({ name }) => name === "left_out.assets")!;
  assert.equal(
    left("{}").detail,
    "deposits of 5 LUNC and borrows of 0 LUNC left out, and none of it is allowed",
  );
  assert.equal(left('{ LUNC = "5" }').detail, "1 asset left out, no more of it than is allowed");
  assert.equal(left('{ LUNC = "5" }').holds, true);
  assert.equal(left('{ LUNC = "4.99" }').holds, false);
  assert.equal(left('{ LUNC = "5" }', "0", "5.1").holds, false);
  assert.equal(left('{ USTC = "5" }').holds, false);
  const accounts = (count: number) =>
    clauses((a) => (a.header.accounts_left_out = count))["left_out.accounts"];
  assert.equal(accounts(0), true);
  assert.equal(accounts(1), false);
});

test("a policy says what it does not ask", () => {
  assert.deepEqual(unasked(read(forge(BOOK).attestation).compiled.rules), []);
  assert.deepEqual(unasked(read(forge().attestation).compiled.rules), [
    "reserves in a stress",
    "reserves of each asset",
    "how far apart the times are",
    "what is left out",
  ]);
});

test("spans are read and shown in their largest whole unit", () => {
  for (const [text, seconds, shown] of [
    ["90s", 90n, "90s"],
    ["60m", 3_600n, "1h"],
    ["25h", 90_000n, "25h"],
    ["0s", 0n, "0s"],
  ] as const) {
    assert.equal(parseSpan(text), seconds);
    assert.equal(showSpan(seconds), shown);
  }
  for (const wrong of [
    "",
    "s",
    "1",
    "-1s",
    "1.5h",
    "+1h",
    "1 h",
    "1ss",
    "1w",
    "300000000000000d",
    "١s",
  ]) {
    assert.throws(() => parseSpan(wrong), /is not a length of time/);
  }
  assert.ok(isWithin("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", 1n));
});
