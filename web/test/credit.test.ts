// Borrows credited against deposits: figures and policy as the native code has them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Header } from "../src/attestation/attestation.ts";
import { backingOf } from "../src/attestation/backing.ts";
import { figuresOf } from "../src/attestation/figures.ts";
import { evaluatePolicy } from "../src/attestation/policy.ts";
import { Fields } from "../src/encoding/canonical.ts";
import { showAmount } from "../src/encoding/decimal.ts";
import { type Json, parseJson } from "../src/encoding/json.ts";
import { Refused } from "../src/encoding/refused.ts";
import { type Proved, figuresThere } from "../src/repricing/figures.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parseRules } from "../src/rules/parse.ts";
import { type Prices, readPrices } from "../src/rules/prices.ts";
import { checkTable } from "../src/rules/soundness.ts";
import type { Compiled } from "../src/rules/table.ts";
import { checkRules } from "../src/rules/validate.ts";

const folder = "../rules/tests/books/credit";
const native = JSON.parse(readFileSync(`${folder}/book.json`, "utf8"));

const rules = parseRules(readFileSync(`${folder}/rules.toml`, "utf8"));
checkRules(rules);
const prices = parseJson(readFileSync(`${folder}/prices.json`, "utf8")) as Map<string, Json>;
const compiled = compileTable(rules, readPrices(new Fields("prices", prices)));
const totals = native.rows.map(({ total: [count, quantity] }: { total: [string, string] }) => ({
  count: BigInt(count),
  quantity: BigInt(quantity),
}));

test("credit makes the native compiler's table", () => {
  const rows = compiled.rows.map(({ name, values }) => ({ name, values: values.map(String) }));
  assert.deepEqual(
    rows,
    native.rows.map(({ name, values }: { name: string; values: string[] }) => ({ name, values })),
  );
});

test("credited borrows and the policy are the native ones", () => {
  const figures = figuresOf(compiled, totals);
  const { scenario, ...value } = figures.credit!;
  const shown = Object.entries(value).map(([name, units]) => [
    name,
    showAmount(units, compiled.valueDecimals),
  ]);
  assert.deepEqual({ scenario, ...Object.fromEntries(shown) }, native.figures.credit);
  assert.notEqual(value.shortfalls, 0n);
  assert.notEqual(value.unmatched, 0n);
  const assets = figures.assets.map(({ name, decimals, deposits, borrows, credit }) => {
    const show = (units: bigint) => showAmount(units, decimals);
    const { credited, uncredited, counted } = credit!;
    return {
      name,
      deposits: show(deposits),
      borrows: show(borrows),
      credit: { credited: show(credited), uncredited: show(uncredited), counted: show(counted) },
    };
  });
  assert.deepEqual(assets, native.figures.assets);
  const clauses = evaluatePolicy(rules.policy, {
    ...{ compiled, figures, reserves: undefined, pricesAsOf: "", draw: undefined },
    refused: new Map(),
    backing: backingOf(compiled, figures, undefined),
    header: {} as Header,
    write: (amount) => amount,
  });
  assert.deepEqual(clauses, native.policy);
});

/** The table is refused after `name` is worth `by` more in a scenario. */
function shifted(name: string, scenario: number, by: bigint, reason: RegExp): void {
  const rows = compiled.rows.map((row) => {
    const values = row.values.map((value, i) => (i === scenario ? value + by : value));
    return row.name === name ? { ...row, values } : row;
  });
  const refused = (error: unknown) => error instanceof Refused && reason.test(error.message);
  assert.throws(() => checkTable({ ...compiled, rows }), refused);
}

test("labels that count for more are refused", () => {
  for (const scenario of [0, 1, 2, 3, 4]) {
    for (const by of [-1n, 1n])
      shifted("uncredited borrow BTC", scenario, by, /for an uncredited borrow/);
  }
  shifted("deposit BTC", 2, 2_000_001n, /counts for more than in mark/);
  shifted("contingency:scan", 2, 100n, /adds to margin/);
});

test("a table has one credit scenario, and both labels with it", () => {
  const kinds = (index: number, kind: "credit" | "margin"): Compiled => ({
    ...compiled,
    scenarios: compiled.scenarios.map((one, i) =>
      i === index ? ({ ...one, kind } as typeof one) : one,
    ),
  });
  assert.throws(() => checkTable(kinds(1, "credit")), /more than one credit scenario/);
  assert.throws(
    () => checkTable(kinds(2, "margin")),
    /must have an uncredited borrow if there is a credit scenario/,
  );
});

test("an uncredited borrow is worth nothing in credit, whatever is lacking at mark", () => {
  const text = readFileSync(`${folder}/rules.toml`, "utf8");
  const policy = `[policy]
per_asset = "all"
per_asset_credit = true
bad_debt = { credit = "0" }
`;
  const rules = parseRules(text.replace(/\[policy\][^]*/, policy));
  checkRules(rules);
  const own = readPrices(new Fields("prices", prices));
  const compiled = compileTable(rules, own);
  checkTable(compiled);
  const row = (name: string) => compiled.rows.findIndex((one) => one.name === name);
  const [junk, debt] = [row("deposit JUNK"), row("uncredited borrow USDC")];
  const totals = compiled.rows.map(() => ({ count: 0n, quantity: 0n }));
  // One account: a million JUNK against as much USDC as nine tenths of it are worth at mark. Its
  // borrow is uncredited, so it lacks nothing in credit.
  const units = 1_000_000n;
  const worth = units * compiled.rows[junk]!.values[0]!;
  totals[junk] = { count: 1n, quantity: units };
  totals[debt] = { count: 1n, quantity: (worth * 9n) / 10n / -compiled.rows[debt]!.values[0]! };
  const proved = {
    attestation: { reserves: undefined, prices: own, header: { leftOut: [] } },
    book: { rules, compiled },
    summary: {
      totals,
      clauses: [{ name: "bad_debt.credit", holds: true, detail: "bad debt is 0", by: "P" }],
    },
  } as unknown as Proved;
  const half = { mantissa: own.prices.get("JUNK")!.mantissa, scale: own.prices.get("JUNK")!.scale + 1 };
  const there: Prices = { ...own, prices: new Map([...own.prices, ["JUNK", half]]) };
  // By the whole rules at these prices: in credit the account is worth more than nothing, and lacks
  // nothing there.
  const now = compileTable(rules, there);
  const credit = now.scenarios.findIndex(({ kind }) => kind === "credit");
  const inCredit = [junk, debt].reduce(
    (sum, row) => sum + totals[row]!.quantity * now.rows[row]!.values[credit]!,
    0n,
  );
  assert.ok(inCredit > 0n);
  const { bounds, clauses } = figuresThere(proved, there);
  assert.ok(bounds[0]!.badDebtAtLeast > 0n);
  assert.deepEqual([clauses[0]!.standing, clauses[0]!.restsOn], ["held", "proof"]);
});
