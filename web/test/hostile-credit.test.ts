// What a hostile reader found of credit: it fails.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Fields } from "../src/encoding/canonical.ts";
import { type Json, parseJson } from "../src/encoding/json.ts";
import { type Proved, figuresThere } from "../src/repricing/figures.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parseRules } from "../src/rules/parse.ts";
import { type Prices, readPrices } from "../src/rules/prices.ts";
import { checkTable } from "../src/rules/soundness.ts";
import { checkRules } from "../src/rules/validate.ts";

test("an uncredited borrow is worth nothing in credit, whatever is lacking at mark", () => {
  const folder = "../rules/tests/books/credit";
  const text = readFileSync(`${folder}/rules.toml`, "utf8");
  const policy = `[policy]
per_asset = "all"
per_asset_credit = true
bad_debt = { credit = "0" }
`;
  const rules = parseRules(text.replace(/\[policy\][^]*/, policy));
  checkRules(rules);
  const json = parseJson(readFileSync(`${folder}/prices.json`, "utf8")) as Map<string, Json>;
  const own = readPrices(new Fields("prices", json));
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
    attestation: { reserves: undefined, prices: own },
    book: { rules, compiled },
    summary: {
      totals,
      clauses: [{ name: "bad_debt.credit", holds: true, detail: "bad debt is 0", by: "P" }],
    },
  } as unknown as Proved;
  const half = { mantissa: own.prices.get("JUNK")!.mantissa, scale: own.prices.get("JUNK")!.scale + 1 };
  const there: Prices = { ...own, prices: new Map([...own.prices, ["JUNK", half]]) };
  // By the whole rules at these prices: in credit the account is worth more than nothing, and has no
  // shortfall there.
  const now = compileTable(rules, there);
  const credit = now.scenarios.findIndex(({ kind }) => kind === "credit");
  const inCredit = [junk, debt].reduce(
    (sum, row) => sum + totals[row]!.quantity * now.rows[row]!.values[credit]!,
    0n,
  );
  assert.ok(inCredit > 0n);
  const { bounds, clauses } = figuresThere(proved, there);
  assert.ok(bounds[0]!.badDebtAtLeast > 0n);
  assert.notEqual(clauses[0]!.standing, "cannot_hold", clauses[0]!.detail);
});
