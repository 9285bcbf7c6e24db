// Assets whose price was refused, and claims on venues: as the native reader has them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { checkReserves, heldUnits, readReserves } from "../src/attestation/reserves.ts";
import { Fields } from "../src/encoding/canonical.ts";
import { parseJson } from "../src/encoding/json.ts";
import { checkPrices, readPrices } from "../src/rules/prices.ts";
import { check } from "../src/statement/check.ts";

const file = (name: string) =>
  new Uint8Array(readFileSync(`../tests/vectors/refused/${name}.json`));

test("an asset that was refused a price and left out fails a clause, whatever the policy allows", () => {
  // The statement holds only if the digest of the prices is the native one.
  const { outcome, reason, found } = check(
    file("attestation"),
    file("statement"),
    null,
    "alice",
  );
  assert.equal(outcome, "holds", reason);
  const failing = found.summary!.clauses.filter(({ holds }) => !holds);
  assert.deepEqual(
    failing.map(({ name, by }) => [name, by]),
    [["left_out.refused.ETH", "W"]],
  );
  assert.equal(
    failing[0]!.detail,
    "deposits of 30 ETH and borrows of 0 ETH left out, whose price was refused: 1 of the 2 fresh " +
      "sources agree, 2 are needed",
  );
});

test("a refused price is of an asset that has none, and has a reason", () => {
  const read = (refused: string) => {
    const head = '"as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "", "prices": { "BTC": "1" }';
    const prices = readPrices(new Fields("prices", parseJson(`{ ${head}, "refused": ${refused} }`)));
    checkPrices(prices);
    return prices;
  };
  assert.equal(read('{ "ETH": "stale" }').refused.get("ETH"), "stale");
  assert.throws(() => read('{ "BTC": "stale" }'), /a price of BTC was refused, and yet there is one/);
  assert.throws(() => read('{ "USD": "stale" }'), /a price of USD was refused/);
  assert.throws(() => read('{ "ETH": " " }'), /refused without a reason/);
  assert.throws(() => read("{}"), /is empty/);
});

test("a claim on a venue backs nothing, and names the venue", () => {
  const read = (more: string) => {
    const entry =
      '{ "asset": "BTC", "amount": "1", "chain": "venue", "address": "desk", "evidence": "x", ' +
      `"purpose": "claim"${more} }`;
    const json = parseJson(`{ "as_of": "2026-01-01T00:00:00Z", "reserves": [${entry}] }`);
    const reserves = readReserves(new Fields("reserves", json));
    checkReserves(reserves);
    return reserves;
  };
  const reserves = read(', "custodian": "another venue"');
  assert.equal(heldUnits(reserves, "BTC", "customers", 8), 0n);
  assert.equal(heldUnits(reserves, "BTC", "insurance", 8), 0n);
  assert.throws(() => read(""), /reserves\[0\]\.custodian is missing/);
});
