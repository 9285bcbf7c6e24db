// Changes of a small book's rules and prices, and whether the native compiler takes each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Fields } from "../src/canonical.ts";
import { type Json, parseJson } from "../src/json.ts";
import { inOrder } from "../src/names.ts";
import { checkPrices, readPrices } from "../src/prices.ts";
import { Refused } from "../src/refused.ts";
import { checkRules } from "../src/rules-check.ts";
import { parseRules } from "../src/rules.ts";
import { type Compiled, compileTable } from "../src/table.ts";

interface Change {
  accepted: boolean;
  from?: string;
  to?: string;
  prices?: object;
}

const BOOKS = { small_book: "rules", portfolio_margin: "portfolio", credit: "credit" };

/** A book's rules and prices as the native compiler's tests have them, changed. */
function compile(folder: string, { from = "", to = "", prices }: Change): Compiled {
  const whole = readFileSync(`../prover/tests/${folder}/rules.toml`, "utf8");
  assert.ok(whole.includes(from), from);
  const rules = whole.replace(from, () => to);
  const text = prices
    ? JSON.stringify(prices)
    : readFileSync(`../prover/tests/${folder}/prices.json`, "utf8");
  const json = parseJson(text) as Map<string, Json>;
  // An attestation has the prices in order; a prices file need not.
  json.set("prices", new Map(inOrder(json.get("prices") as Map<string, Json>)));
  const parsed = parseRules(rules);
  checkRules(parsed);
  const read = readPrices(new Fields("prices", json));
  checkPrices(read);
  return compileTable(parsed, read);
}

function takes(folder: string, change: Change): boolean {
  try {
    compile(folder, change);
    return true;
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return false;
  }
}

for (const [folder, file] of Object.entries(BOOKS)) {
  const changes: Change[] = JSON.parse(readFileSync(`test/native/${file}.json`, "utf8"));
  test(`${changes.length} changes of ${folder} are taken or refused as the native compiler does`, () => {
    for (const change of changes) {
      assert.equal(takes(folder, change), change.accepted, JSON.stringify(change));
    }
  });
}

const CLASSES = '[classes.insurance]\nassets = ["USDC"]\nmarkets = []\n[classes.pool]\n[policy]';
const MARGIN = "../prover/tests/portfolio_margin";
const BY_UNDERLYING = {
  from: "[policy]",
  to: readFileSync(`${MARGIN}/by_underlying.toml`, "utf8"),
  prices: JSON.parse(readFileSync(`${MARGIN}/by_underlying.json`, "utf8")),
};
const TABLES = {
  table: {},
  table_with_classes: { from: "[policy]", to: CLASSES },
  table_by_underlying: BY_UNDERLYING,
};

for (const [file, change] of Object.entries(TABLES)) {
  test(`contingencies and classes make the native compiler's ${file}`, () => {
    const { rows } = compile("portfolio_margin", { accepted: true, ...change });
    const listed = rows.map(({ name, decimals, cap, values }) => {
      return { name, decimals, cap: cap?.toString() ?? null, values: values.map(String) };
    });
    const native = JSON.parse(readFileSync(`../prover/tests/portfolio_margin/${file}.json`, "utf8"));
    assert.deepEqual(listed, native);
  });
}
