// Attestations of the native implementation, read and computed as the web page does.

import { readFileSync } from "node:fs";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { shapeOf } from "../src/circuit/shape.ts";

import type { Prices } from "../src/rules/prices.ts";
import type { Proved } from "../src/repricing/figures.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";

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
