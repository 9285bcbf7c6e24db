// Accounts that hold plain and covered lines: the figures of their book, and their statements.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Attestation, parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { figuresOf } from "../src/attestation/figures.ts";
import { checkOpenInterest } from "../src/attestation/open-interest.ts";
import type { Total } from "../src/attestation/totals.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { showAmount } from "../src/encoding/decimal.ts";
import { Refused } from "../src/encoding/refused.ts";
import type { Compiled } from "../src/rules/table.ts";
import { outcomesOf } from "../src/statement/account.ts";
import { type Verdict, check } from "../src/statement/check.ts";
import type { Held } from "./books.ts";
import { compileChanged } from "./changes.ts";
import { type Options, forge, write } from "./forge.ts";
import { ALICE_CLOSED, ALL, COVERED, COVERED_LOAN, MIXED, PLAIN } from "./forms.ts";

const BOOK: Options = { book: COVERED, counted: ALL.flat(), header: { accounts: 5 } };

function read(options: Options = {}) {
  const { attestation: file } = forge({ ...BOOK, holds: PLAIN, ...options });
  const attestation: Attestation = parseAttestation(write(file));
  const { k, pageSize } = attestation.header;
  const shape = shapeOf(k, pageSize);
  const book = compileBook(attestation);
  return { book, summary: () => summarise(attestation, book, shape) };
}

function verdict(holds: Held[], change: (statement: any) => void = () => {}): Verdict {
  const { attestation, statement } = forge({ ...BOOK, holds });
  change(statement);
  return check(write(attestation), write(statement), null, "alice");
}

function refuses(run: () => void, reason: RegExp): void {
  assert.throws(run, (error) => error instanceof Refused && reason.test(error.message));
}

test("statements with plain, covered and closed lines hold", () => {
  for (const holds of [PLAIN, COVERED_LOAN, MIXED, ALICE_CLOSED]) {
    const { outcome, reason } = verdict(holds);
    assert.equal(`${outcome} ${reason}`, "holds ");
  }
});

test("a holder's equity is what the lines are worth, in whatever form they are", () => {
  const { compiled } = read().book;
  const said = (lines: Held[]) =>
    outcomesOf(
      lines.map(([instrument, quantity]) => ({ instrument, quantity: BigInt(quantity) })),
      compiled,
    ).map(({ scenario, equity, shortfall }) => `${scenario} ${equity} ${shortfall}`);
  // The first tier counts for all 2.5 BTC: at 0.9 in maintenance.
  assert.deepEqual(said(PLAIN), ["mark 3000000 0", "maintenance 2750000 0", "crash 2000000 0"]);
  assert.deepEqual(said(COVERED_LOAN), [
    "mark 1500000 0",
    "maintenance 1200000 0",
    "crash 300000 0",
  ]);
  assert.deepEqual(said(ALICE_CLOSED), ["mark 500000 0", "maintenance 100000 0", "crash 0 700000"]);
  assert.deepEqual(said(MIXED), ["mark 1500000 0", "maintenance 1100000 0", "crash 300000 0"]);
  // A form that does not make up for the shortfall, and one that balances it.
  const with_ = (usdc: number) => MIXED.map(([row, q]): Held => [row, row === 16 ? usdc : q]);
  assert.equal(said(with_(5000)).at(-1), "crash 0 200000");
  assert.equal(said(with_(7000)).at(-1), "crash 0 0");
});

test("the worth beside a plain or covered line is that of what it stands for", () => {
  const written = forge({ ...BOOK, holds: COVERED_LOAN }).statement.lines;
  assert.deepEqual(written[0]!.worth, ["300", "270", "180", "180", "180"]);
  assert.deepEqual(written[2]!.worth, ["0", "0", "0", "0", "-30"]);
  assert.deepEqual(forge({ ...BOOK, holds: PLAIN }).statement.lines[1]!.worth, [
    ...["50", "50", "50", "50", "0"],
  ]);
  for (const [line, worth] of [
    [0, ["0", "0", "0", "0", "180"]],
    [0, ["300", "270", "180", "180", "300"]],
    [1, ["-150", "-150", "-150", "-150", "0"]],
    [2, ["0", "0", "0", "0", "0"]],
  ] as const) {
    const { outcome, reason } = verdict(COVERED_LOAN, (s) => (s.lines[line].worth = worth));
    assert.equal(outcome, "refused");
    assert.match(reason, new RegExp(`line ${line + 1}: the worth stated for .* is wrong`));
  }
});

test("covered lines that are not covered, or have a class beside them, are refused", () => {
  const refused = (holds: Held[], reason: RegExp) => {
    const got = verdict(holds);
    assert.equal(got.outcome, "refused");
    assert.match(got.reason, reason);
  };
  refused(COVERED_LOAN.slice(0, 2), /add up to 30 USD, not 0, in the scenario cover/);
  refused(
    [
      [14, 300],
      [18, 18001],
    ],
    /add up to -0\.01 USD, not 0, in the scenario cover/,
  );
  // Neither equity nor a plain deposit makes up for it.
  refused(
    [
      [14, 300],
      [16, 100],
      [18, 18001],
    ],
    /add up to -0\.01 USD, not 0, in the scenario cover/,
  );
  refused(
    [
      [9, 100],
      [13, 250],
    ],
    /plain deposit BTC is of the class customer, but lines before it are of insurance/,
  );
});

test("what is owed adds plain and covered lines to equity, and bad debt stays", () => {
  const { figures } = read().summary();
  // Plain 300, covered 150, alice 50 and her 100, bob 100, the fund 20; in the crash 200, 30, -70
  // and 100, 100, 20. Alice's 100 do not make up for her 70: what is owed is at most this.
  assert.deepEqual(
    figures.scenarios.map(({ name, owed, badDebt, accountsWithShortfall }) => [
      name,
      owed,
      badDebt,
      accountsWithShortfall,
    ]),
    [
      ["mark", 7_200_000n, 0n, 0n],
      ["maintenance", 6_250_000n, 0n, 0n],
      ["crash", 4_500_000n, 700_000n, 1n],
    ],
  );
  assert.deepEqual(figures.funds, [{ scenario: "crash", owedToOthers: 4_300_000n }]);
  assert.ok(figures.scenarios.every(({ accountsWithEquity }) => accountsWithEquity === undefined));
  assert.deepEqual(
    figures.assets.map(({ name, deposits, borrows }) => [name, deposits, borrows]),
    [
      ["BTC", 850n, 0n],
      ["USDC", 27_000n, 40_000n],
    ],
  );
  const [customers, fund] = figures.classes;
  assert.deepEqual(
    customers!.worth.map(({ units }) => units),
    [7_000_000n, 3_600_000n],
  );
  assert.deepEqual(
    fund!.worth.map(({ units }) => units),
    [200_000n, 200_000n],
  );
});

test("backing and clauses rest on all forms", () => {
  const { backing, clauses } = read().summary();
  assert.deepEqual(
    backing.map(({ scenario, owed, coverage, fund }) => [scenario, owed, coverage, fund]),
    [
      ["mark", 7_200_000n, 5138n, undefined],
      ["crash", 4_500_000n, 6000n, -1_600_000n],
    ],
  );
  const by = Object.fromEntries(clauses.map(({ name, holds }) => [name, holds]));
  assert.equal(by.min_coverage, false);
  assert.equal(by["coverage.crash"], true);
  assert.equal(by["per_asset.USDC"], false);
  assert.equal(by["bad_debt.crash"], false);
});

test("the trial balance counts `cover` as any scenario", () => {
  const more = (row: number, reason: RegExp) =>
    refuses(
      read({
        attestation: (a) => {
          const { quantities } = a.volumes[0];
          quantities[row] = String(BigInt(quantities[row]) + 1n);
        },
      }).summary,
      reason,
    );
  more(14, /the trial balance of scenario 4 is off by 6000 units/);
  more(18, /the trial balance of scenario 4 is off by -100 units/);
  more(30, /the trial balance of scenario 4 is off by -1 units/);
});

/** Totals of a table, by the names of its rows. */
function totals({ rows }: Compiled, held: Record<string, bigint>): Total[] {
  for (const name of Object.keys(held)) assert.ok(rows.some((row) => row.name === name), name);
  return rows.map(({ name }) => ({ count: name in held ? 1n : 0n, quantity: held[name] ?? 0n }));
}

test("positions and worst losses of all forms are counted", () => {
  const { compiled } = compileChanged("portfolio_margin", {}, "");
  const figures = figuresOf(
    compiled,
    totals(compiled, {
      "long BTC-PERP": 300n,
      "covered long BTC-PERP": 200n,
      "short BTC-PERP": 100n,
      "covered short BTC-PERP": 400n,
      "plain deposit BTC": 7n,
      "plain quote credit": 5n,
      "contingency:scan": 11n,
    }),
  );
  const { name, long, short } = figures.markets[0]!;
  assert.deepEqual([name, long, short], ["BTC-PERP", 500n, 500n]);
  const shown = figures.contingencies.map(({ name, decimals, required, accounts }) => [
    ...[name, showAmount(required, decimals), accounts],
  ]);
  // Per unit 2 of a long and a deposit, 3 of a short: 207 times 2 and 400 times 3, in thousandths.
  const stated = 11n * 100n;
  const lost = 207n * 2_000_000n + 400n * 3_000_000n;
  assert.deepEqual(shown, [
    ["naked", "0", undefined],
    ["scan", showAmount(stated + lost, 6), undefined],
  ]);
  const open = { mantissa: 5n, scale: 1 };
  checkOpenInterest(figures.markets, new Map([["BTC-PERP", open]]));
  refuses(
    () => checkOpenInterest(figures.markets, new Map([["BTC-PERP", { mantissa: 499n, scale: 3 }]])),
    /the longs of the book are 0\.5/,
  );
});

test("a worst loss of forms is rounded up to the contingency's unit", () => {
  const { compiled } = compileChanged("portfolio_margin", {}, "");
  const rows = compiled.rows.map((row) =>
    row.name === "long BTC-PERP"
      ? { ...row, values: row.values.map((value, i) => (i === 3 ? -1_999_901n : value)) }
      : row,
  );
  const one = totals(compiled, { "covered long BTC-PERP": 1n });
  const { required } = figuresOf({ ...compiled, rows }, one).contingencies[1]!;
  assert.equal(required, 20_000n);
});

test("borrows of all forms are credited, less what all forms gain from nobody", () => {
  const { compiled } = compileChanged("credit", {}, "");
  const credit = (held: Record<string, bigint>) => {
    const { assets, credit } = figuresOf(compiled, totals(compiled, held));
    return { btc: assets.find(({ name }) => name === "BTC")!.credit!, ...credit! };
  };
  const price = compiled.rows.find((row) => row.name === "deposit BTC")!.values[0]!;
  const even = credit({ "borrow BTC": 20n, "covered borrow BTC": 30n });
  assert.deepEqual([even.btc.credited, even.btc.counted, even.taken], [50n, 50n, 0n]);
  const gain = credit({
    "borrow BTC": 20n,
    "covered borrow BTC": 30n,
    "plain quote credit": 5n * price,
    "covered quote credit": 6n * price,
    "covered quote debit": price,
  });
  assert.deepEqual([gain.unmatched, gain.btc.counted], [10n * price, 40n]);
  const ETH = compiled.rows.find((row) => row.name.startsWith("long ETH-PERP"))!.values[0]!;
  assert.equal(credit({ "covered long ETH-PERP": 2n }).unmatched, 2n * ETH);
  assert.equal(
    credit({ "covered long ETH-PERP": 2n, "covered short ETH-PERP": 2n }).unmatched,
    0n,
  );
});

test("tables without `cover` say how many accounts have equity", () => {
  const { compiled } = compileChanged("portfolio_margin", {});
  const { scenarios, contingencies } = figuresOf(compiled, totals(compiled, { "equity:mark": 1n }));
  assert.equal(scenarios[0]!.accountsWithEquity, 1n);
  assert.equal(contingencies[0]!.accounts, 0n);
});
