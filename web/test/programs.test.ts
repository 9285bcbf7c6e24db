// The program of every change of rules that the native tests list: the same bytes, by their hash,
// or none (prover/tests/all/page_programs.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { toHex } from "../src/encoding/digest.ts";
import { Refused } from "../src/encoding/refused.ts";
import { makeProgram } from "../src/rules/program.ts";
import { type Change, compileChanged } from "./changes.ts";

const LISTS = {
  rules: "small_book",
  portfolio: "portfolio_margin",
  credit: "credit",
  priced_bounds: "priced_bounds",
  volatility: "volatility_rates",
};
const native: Record<string, string[]> = JSON.parse(
  readFileSync("test/native/programs.json", "utf8"),
);

function said(folder: string, change: Change): string {
  try {
    const { rules, prices, compiled } = compileChanged(folder, change);
    const made = makeProgram(rules, compiled, prices);
    return made.bytes ? toHex(made.hash) : "none";
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return "refused";
  }
}

for (const [list, folder] of Object.entries(LISTS)) {
  const changes: Change[] = JSON.parse(readFileSync(`test/native/${list}.json`, "utf8"));
  test(`${changes.length} changes of ${folder} have the native programs`, () => {
    const got = changes.map((change) => said(folder, change));
    got.forEach((one, i) =>
      assert.equal(one, native[list]![i], JSON.stringify({ ...changes[i], rows: undefined })),
    );
    assert.equal(native[list]!.length, got.length);
  });
}
