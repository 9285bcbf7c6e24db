// Plain and covered rows: the table of a book by hand and of portfolio margin, its program, what
// makes such a table unsound, and rules that may not be.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Attestation, parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook } from "../src/attestation/book.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { toHex } from "../src/encoding/digest.ts";
import { Refused } from "../src/encoding/refused.ts";
import { leastOf } from "../src/rules/cover.ts";
import { makeProgram } from "../src/rules/program.ts";
import { checkTable } from "../src/rules/soundness.ts";
import { type Compiled, type Role, type Row, standsFor } from "../src/rules/table.ts";
import { programOf } from "./books.ts";
import { hex } from "./bytes.ts";
import { type Change, compileChanged } from "./changes.ts";
import { forge, write } from "./forge.ts";
import { COVERED, PLAIN } from "./forms.ts";

function read(): { attestation: Attestation; book: ReturnType<typeof compileBook> } {
  const attestation = parseAttestation(
    write(forge({ book: COVERED, holds: PLAIN, header: { accounts: 1 } }).attestation),
  );
  return { attestation, book: compileBook(attestation) };
}

const { attestation, book } = read();
const { compiled } = book;
const portfolio = (change: Change = {}, cover = "") =>
  compileChanged("portfolio_margin", change, cover).compiled;

/** What each plain and covered row counts for in `cover`, by name. */
function covers({ rows }: Compiled): Record<string, number> {
  const forms = rows.filter((row) => standsFor(row) !== undefined);
  return Object.fromEntries(forms.map(({ name, values }) => [name, Number(values.at(-1))]));
}

function refuses(run: () => void, reason: RegExp): void {
  assert.throws(run, (error) => error instanceof Refused && reason.test(error.message));
}

test("forms follow classes and contingencies, and `cover` is the last scenario", () => {
  const said = compiled.rows.map(({ name, decimals, values }) => ({
    name,
    decimals,
    values: values.map(Number),
  }));
  const expected = COVERED.rows.map(({ name, decimals, values }) => ({ name, decimals, values }));
  assert.deepEqual(said, expected);
  assert.deepEqual(
    compiled.scenarios.map(({ name }) => name),
    COVERED.scenarios,
  );
  const forms = compiled.rows.flatMap((row) => standsFor(row) ?? []);
  assert.deepEqual(
    forms,
    COVERED.rows.flatMap(({ of }) => of ?? []),
  );
});

test("a covered row counts for the least of its last tier, less its own worst losses", () => {
  // A deposit loses 10 % in one case and a borrow 15 % in the other, each counted 1.25 times.
  assert.deepEqual(covers(portfolio()), {
    "plain deposit BTC": 0,
    "covered deposit BTC": 10_000_000,
    "covered borrow BTC": -23_750_000,
    "plain deposit USDC": 0,
    "covered deposit USDC": 10_000,
    "covered borrow USDC": -10_000,
    "covered long BTC-PERP": 10_000_000,
    "covered short BTC-PERP": -23_750_000,
    "covered long ETH-PERP": 5_000_000,
    "covered short ETH-PERP": -12_700_000,
    "plain quote credit": 0,
    "covered quote credit": 1,
    "covered quote debit": -1,
  });
  const last = '{ maintenance = "0.8" }';
  const tier = covers(portfolio({ from: last, to: '{ maintenance = "0.6" }' }));
  assert.equal(tier["covered deposit BTC"], 9_500_000);
});

test("a plain row counts for its least where that is below nothing", () => {
  const { "plain deposit BTC": plain, "covered deposit BTC": covered } = covers(
    portfolio({ from: '{ maintenance = "0.8" }', to: '{ maintenance = "0.1" }' }),
  );
  assert.deepEqual([plain, covered], [-500_000, -500_000]);
});

test("a worst loss is rounded up, and a gain covers nothing", () => {
  const table = portfolio();
  const borrow = table.assets[0]!.borrow!;
  const after = (values: Record<number, bigint>) => {
    const rows = table.rows.map((row, i) => {
      return i === borrow ? { ...row, values: row.values.map((v, s) => values[s] ?? v) } : row;
    });
    return leastOf({ ...table, rows }, borrow);
  };
  assert.equal(after({ 4: -3_000_001n }), -23_750_002n);
  assert.equal(after({ 4: -2_999_999n }), -23_749_999n);
  assert.equal(after({ 3: 2_000_000n, 4: 3_000_000n }), -20_000_000n);
});

test("a covered row is below 2^64, as every value is", () => {
  const prices = (btc: string) => ({
    ...{ as_of: "2026-01-01T00:00:00Z", quote: "USD", method: "made up" },
    prices: { BTC: btc, ETH: "1000", USDC: "1" },
  });
  // The price itself fits, and its loss on top of it does not.
  refuses(
    () => portfolio({ prices: prices("18000000000000000") }),
    /covered borrow BTC: its value in cover must be below 2\^64 units/,
  );
  assert.ok(portfolio({ prices: prices("15000000000000000") }));
});

test("rules can do without forms, and `cover` is no name for a scenario", () => {
  const cover = (value: string) => portfolio({}, `cover = ${value}\n`);
  assert.deepEqual(cover("true"), portfolio());
  const off = cover("false");
  assert.deepEqual(covers(off), {});
  assert.ok(off.scenarios.every(({ name }) => name !== "cover"));
  for (const value of ['"false"', "0", '"no"']) {
    refuses(() => cover(value), /rules: cover must be true or false/);
  }
  const named = { from: 'name = "crash"', to: 'name = "cover"' };
  refuses(() => portfolio(named), /scenarios\[2\]: `cover` is the name of the scenario/);
  refuses(() => portfolio(named, "cover = false\n"), /is the name of the scenario/);
});

test("the program says which rows forms stand for, and nothing of their values", () => {
  const made = makeProgram(book.rules, compiled, attestation.prices);
  assert.equal(made.bytes && toHex(made.bytes), hex(programOf(COVERED)));
});

test("a table has 2,048 rows where the circuit is large enough", () => {
  assert.deepEqual(
    [11, 15, 16, 24].map((k) => shapeOf(k, 64).instruments),
    [512, 512, 2048, 2048],
  );
});

/** The table after changes of some rows. */
function changed(table: Compiled, name: string, change: (row: Row) => Partial<Row>): Compiled {
  assert.ok(table.rows.some((row) => row.name === name), name);
  const rows = table.rows.map((row) => (row.name === name ? { ...row, ...change(row) } : row));
  return { ...table, rows };
}

function shifted(table: Compiled, name: string, scenario: number, by: bigint): Compiled {
  return changed(table, name, ({ values }) => ({
    values: values.map((value, i) => (i === scenario ? value + by : value)),
  }));
}

for (const [what, table] of [
  ["a twin", compiled],
  ["contingencies", portfolio()],
] as const) {
  const cover = table.scenarios.length - 1;

  test(`with ${what}: forms alone count in \`cover\`, for no more than the least`, () => {
    checkTable(table);
    for (const row of table.rows) {
      const unsound = (by: bigint) =>
        refuses(() => checkTable(shifted(table, row.name, cover, by)), /the table is unsound/);
      // A plain row may count, if it is worth something: it is then covered.
      const least = row.role.kind === "plain" ? leastOf(table, lastOf(table, row.role.of)) : 0n;
      unsound(least + 1n);
      if (standsFor(row) === undefined) unsound(-1n);
      else checkTable(shifted(table, row.name, cover, -1n));
    }
  });

  test(`with ${what}: forms are worth nothing anywhere else`, () => {
    for (const row of table.rows.filter((row) => standsFor(row) !== undefined)) {
      table.scenarios.slice(0, -1).forEach((_, scenario) => {
        for (const by of [-1n, 1n]) {
          refuses(() => checkTable(shifted(table, row.name, scenario, by)), /the table is unsound/);
        }
      });
    }
  });
}

/** The last tier of a customers' row. */
function lastOf(table: Compiled, of: number): number {
  const deposits = table.assets.find((one) => one.deposits.includes(of))?.deposits;
  return deposits?.at(-1) ?? of;
}

test("a loss that counts in margin lowers what may be covered", () => {
  const table = portfolio();
  const message = /covered deposit BTC counts for more in `cover` than it is worth in maintenance/;
  const loss = changed(table, "deposit BTC tier 2", ({ values }) => ({
    values: values.map((value, i) => (i === 3 ? -9_000_000n : value)),
  }));
  refuses(() => checkTable(loss), message);
  const weight = changed(table, "deposit BTC tier 2", ({ values }) => ({
    values: values.map((value, i) => (i === 1 ? 12_499_999n : value)),
  }));
  refuses(() => checkTable(weight), message);
});

test("a form stands for a customers' holding, in its first tier, before it", () => {
  const role = (name: string, change: Role, reason: RegExp, more: Partial<Row> = {}) => {
    const { values } = compiled.rows.find((row) => row.name === name)!;
    const low = values.map((value, i) => (i === values.length - 1 ? -(10n ** 9n) : value));
    const row = { role: change, values: low, ...more };
    refuses(() => checkTable(changed(compiled, name, () => row)), reason);
  };
  const none = /stands for no row that has this form/;
  const last = "covered quote debit";
  for (const of of [0, 2, 3, 20, 21, 22, 30, 31]) role(last, { kind: "covered", of }, none);
  for (const of of [4, 6, 8]) role(last, { kind: "plain", of }, none);
  for (const of of [9, 10, 11, 12]) role(last, { kind: "covered", of }, /is not of customers/);
  role(last, { kind: "covered", of: 8 }, /is not of customers/, { class: "pool" });
  for (const of of [1, 7]) role(last, { kind: "covered", of }, /is a duplicate or out of order/);
  role("plain quote credit", { kind: "covered", of: 7 }, /is a duplicate or out of order/);
  role("covered deposit BTC", { kind: "plain", of: 1 }, /is a duplicate or out of order/);
  const more = (name: string, row: Partial<Row>, reason: RegExp) =>
    refuses(() => checkTable(changed(compiled, name, () => row)), reason);
  more("plain deposit BTC", { cap: 200n }, /has a cap/);
  more("plain deposit BTC", { decimals: 3 }, /has other decimals than the row it stands for/);
});

test("there is one `cover`, the last, where there are forms and only there", () => {
  const scenarios = (change: (all: Compiled["scenarios"]) => Compiled["scenarios"], why: RegExp) =>
    refuses(() => checkTable({ ...compiled, scenarios: change(compiled.scenarios) }), why);
  const misplaced = /its last scenario, and only that, must be `cover`/;
  const cover = compiled.scenarios.at(-1)!;
  scenarios((all) => all.slice(0, -1), misplaced);
  scenarios((all) => [...all, cover], misplaced);
  scenarios((all) => all.map((one, i) => (i === 1 ? cover : one)), misplaced);
  const rows = compiled.rows.filter((row) => standsFor(row) === undefined);
  refuses(() => checkTable({ ...compiled, rows }), /it has a cover scenario for no row/);
});
