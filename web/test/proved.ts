// Attestations of the native implementation, read and computed as the web page does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { shapeOf } from "../src/circuit/shape.ts";

import type { Prices } from "../src/rules/prices.ts";
import { type Proved, figuresThere } from "../src/repricing/figures.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { Refused } from "../src/encoding/refused.ts";
import type { Policy } from "../src/rules/schema.ts";
import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, write } from "./forge.ts";

export function provedOf(bytes: Uint8Array): Proved {
  const attestation = parseAttestation(bytes);
  const book = compileBook(attestation);
  const { k, pageSize } = attestation.header;
  return { attestation, book, summary: summarise(attestation, book, shapeOf(k, pageSize)) };
}

/** The attestation of a file, as the page has it and as it is written. */
export function provedFile(path: string): { proved: Proved; json: any } {
  const bytes = new Uint8Array(readFileSync(path));
  return { proved: provedOf(bytes), json: JSON.parse(new TextDecoder().decode(bytes)) };
}

/** 3 BTC against 250 USDC; 100 USDC; 20 USDC of the fund. Reserves: 2.5 BTC and 120 USDC. */
export function bookInFund(change: (attestation: any) => void = () => {}): Proved {
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  const forged = { book: FUND, holds: ALICE_IN_FUND, counted, attestation: change };
  return provedOf(write(forge(forged).attestation));
}

/** Prices of what it holds. */
export function pricesAt(btc: string, usdc = "1.00"): Prices {
  return pricesFile("USD", { BTC: btc, USDC: usdc });
}

/** Prices by name, in a file. */
export function pricesFile(quote: string, prices: Record<string, string>): Prices {
  const file = { as_of: "2026-02-01T00:00:00Z", quote, method: "made up", prices };
  return parsePrices(JSON.stringify(file));
}

/** Numbers that look drawn at random, the same every time. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Checks that it is refused, for this reason. */
export function refuses(run: () => void, reason: string | RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof Refused, String(error));
    if (typeof reason === "string") assert.equal(error.message, reason);
    else assert.match(error.message, reason);
    return true;
  });
}

/** The same under another policy, with the clauses of its own. */
export function under(of: Proved, policy: Partial<Policy>): Proved {
  const { rules } = of.book;
  return {
    ...of,
    book: { ...of.book, rules: { ...rules, policy: { ...rules.policy, ...policy } } },
  };
}

/** Of a policy with these clauses alone, of which the proof says that they hold or do not. */
export function asked(of: Proved, policy: Partial<Policy>, names: Record<string, boolean>): Proved {
  const [own] = of.summary.clauses;
  const clauses = Object.entries(names).map(([name, holds]) => ({
    ...own!,
    name,
    holds,
    detail: `the proof's of ${name}`,
  }));
  return { ...under(of, policy), summary: { ...of.summary, clauses } };
}

/** Its clauses where a BTC costs so much, each in a few words, and the verdict. */
export function standing(of: Proved, btc: string): string[] {
  const { clauses, verdict } = figuresThere(of, pricesAt(btc));
  return [...clauses.map((one) => `${one.name} ${one.standing} ${one.restsOn}`), verdict];
}
