// Attestations with options, which the web page cannot value: it says so, and nothing holds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Fields } from "../src/encoding/canonical.ts";
import { type Json, parseJson } from "../src/encoding/json.ts";
import { CannotCheck } from "../src/encoding/refused.ts";
import { parseRules } from "../src/rules/parse.ts";
import { HAS_OPTIONS, readPrices } from "../src/rules/prices.ts";

const folder = "../rules/tests/books/options";
const refusal = (error: unknown) => error instanceof CannotCheck && error.message === HAS_OPTIONS;

test("rules with options cannot be checked here", () => {
  const rules = readFileSync(`${folder}/rules.toml`, "utf8");
  assert.throws(() => parseRules(rules), refusal);
});

test("prices with volatilities cannot be checked here", () => {
  const prices = parseJson(readFileSync(`${folder}/prices.json`, "utf8")) as Map<string, Json>;
  assert.throws(() => readPrices(new Fields("prices", prices)), refusal);
  prices.delete("vols");
  assert.equal(readPrices(new Fields("prices", prices)).prices.size, 2);
});
