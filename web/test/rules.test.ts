// Changes of a small book's rules and prices, and whether the native compiler takes each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Refused } from "../src/encoding/refused.ts";
import type { Compiled } from "../src/rules/table.ts";
import { type Change, compileChanged } from "./changes.ts";

interface Listed extends Change {
  accepted: boolean;
}

const BOOKS = { small_book: "rules", portfolio_margin: "portfolio", credit: "credit" };

function compile(folder: string, change: Change): Compiled {
  return compileChanged(folder, change).compiled;
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
  const changes: Listed[] = JSON.parse(readFileSync(`test/native/${file}.json`, "utf8"));
  test(`${changes.length} changes of ${folder} are taken or refused as the native compiler does`, () => {
    for (const change of changes) {
      assert.equal(takes(folder, change), change.accepted, JSON.stringify(change));
    }
  });
}

const CLASSES = '[classes.insurance]\nassets = ["USDC"]\nmarkets = []\n[classes.pool]\n[policy]';
const MARGIN = "../rules/tests/books/portfolio_margin";
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
    const { rows } = compile("portfolio_margin", change);
    const listed = rows.map(({ name, decimals, cap, values }) => {
      return { name, decimals, cap: cap?.toString() ?? null, values: values.map(String) };
    });
    const native = JSON.parse(
      readFileSync(`../rules/tests/books/portfolio_margin/${file}.json`, "utf8"),
    );
    assert.deepEqual(listed, native);
  });
}
