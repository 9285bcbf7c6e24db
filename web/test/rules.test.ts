// Changes of a small book's rules and prices, and whether the native compiler takes each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Fields } from "../src/canonical.ts";
import { type Json, parseJson } from "../src/json.ts";
import { inOrder } from "../src/names.ts";
import { readPrices } from "../src/prices.ts";
import { Refused } from "../src/refused.ts";
import { checkRules } from "../src/rules-check.ts";
import { parseRules } from "../src/rules.ts";
import { compileTable } from "../src/table.ts";

interface Change {
  accepted: boolean;
  from?: string;
  to?: string;
  prices?: object;
}

const folder = "../prover/tests/small_book";
const changes: Change[] = JSON.parse(readFileSync("test/native/rules.json", "utf8"));

function takes({ from = "", to = "", prices }: Change): boolean {
  const rules = readFileSync(`${folder}/rules.toml`, "utf8").replace(from, () => to);
  const text = prices ? JSON.stringify(prices) : readFileSync(`${folder}/prices.json`, "utf8");
  const json = parseJson(text) as Map<string, Json>;
  // An attestation has the prices in order; a prices file need not.
  json.set("prices", new Map(inOrder(json.get("prices") as Map<string, Json>)));
  try {
    const parsed = parseRules(rules);
    checkRules(parsed);
    compileTable(parsed, readPrices(new Fields("prices", json)));
    return true;
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return false;
  }
}

test(`${changes.length} changes of rules and prices are taken or refused as the native compiler does`, () => {
  for (const change of changes) {
    assert.equal(takes(change), change.accepted, JSON.stringify(change));
  }
});
