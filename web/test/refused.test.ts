// Assets whose price was refused, and claims on venues: as the native reader has them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { checkReserves, heldUnits, readReserves } from "../src/attestation/reserves.ts";
import { Fields } from "../src/encoding/canonical.ts";
import { parseJson } from "../src/encoding/json.ts";
import { checkPrices, readPrices } from "../src/rules/prices.ts";
import { reprice } from "../src/repricing/values.ts";
import { check } from "../src/statement/check.ts";
import { bookInFund } from "./proved.ts";

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

test("one place is one, whatever its chain is called and whatever nobody sees in it", () => {
  const bitcoin = "bip122:000000000019d6689c085ae165831e93";
  const entry = { asset: "BTC", amount: "1" };
  const read = (...places: [string, string][]) => {
    const entries = places.map(([chain, address]) =>
      JSON.stringify({ ...entry, chain, address, evidence: "x", purpose: "customers" }),
    );
    const json = parseJson(`{ "as_of": "2026-01-01T00:00:00Z", "reserves": [${entries}] }`);
    checkReserves(readReserves(new Fields("reserves", json)));
  };
  const own = ["bitcoin", "bc1q"] as [string, string];
  for (const other of [
    [bitcoin, "bc1q"],
    ["Bitcoin", "BC1Q"],
    ["bitcoin\u034f", "bc1\u00adq"],
    ["bit\u2060coin", "\ufeffbc1q\u{e0041}"],
    [bitcoin, "bitcoin:bc1q"],
  ] as [string, string][]) {
    assert.throws(() => read(own, other), /reserves\[1\]: duplicate BTC/, String(other));
  }
  assert.throws(() => read(["eip155:1", "0xab"], ["ethereum", "AB"]), /duplicate/);
  assert.throws(() => read(["eip155:01", "0xab"], ["ethereum", "eip155:1:0xAB"]), /duplicate/);
  assert.throws(() => read(["bitcoin", "\u2060"]), /reserves\[0\]\.address is empty/);
  read(own, ["bitcoin", "bc1p"], ["eip155:1", "0xab"], ["eip155:10", "0xab"], ["eip155:0", "0xab"]);
});

test("prices that refuse what the book needs or leaves out are refused by name", () => {
  const { attestation, book, summary } = bookInFund();
  const { prices } = attestation;
  const at = (refused: string, name?: string) => {
    const left = new Map(prices.prices);
    if (name !== undefined) left.delete(name);
    const other = { ...prices, prices: left, refused: new Map([[refused, "stale"]]) };
    return reprice(attestation, book, summary.totals, other);
  };
  const held = [...prices.prices.keys()].find((name) => name === "BTC")!;
  for (const refused of [held, held.toLowerCase()]) {
    assert.throws(() => at(refused, held), /the price of .*btc.* was refused: the book needs one/i);
  }
  assert.equal(at("NOBODYS").ownPrices, false);
  const leftOut = { asset: "SPAM" } as (typeof attestation.header.leftOut)[number];
  const without = { ...attestation, header: { ...attestation.header, leftOut: [leftOut] } };
  const refused = { ...prices, refused: new Map([["SPAM", "stale"]]) };
  assert.throws(() => reprice(without, book, summary.totals, refused), /SPAM.*leaves it out/);
  const own = { ...without, prices: refused };
  assert.equal(reprice(own, book, summary.totals, refused).ownPrices, true);
});
