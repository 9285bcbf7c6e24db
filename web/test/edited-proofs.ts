// Proofs with their public inputs as a contract takes them, and edits of single words.

import { readFileSync } from "node:fs";

import { insecureTau } from "../src/attestation/setup.ts";
import { keyDigest } from "../src/attestation/key.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { word } from "../src/encoding/digest.ts";
import { G2, g1Bytes, g2Bytes, times } from "../src/encoding/points.ts";
import { circuitWord } from "../src/proof/circuit.ts";
import { fixedCommitments } from "../src/proof/fixed.ts";
import type { PublicInputs } from "../src/proof/public.ts";
import type { VerifyingKey } from "../src/proof/volume.ts";
import { unhex } from "./bytes.ts";

/** A proof of a made-up table under the insecure setup (tests/vectors/proofs.json). */
export interface Proof {
  readonly k: number;
  readonly page_size: number;
  readonly scenarios: number;
  /** The context; then, one per instrument, counts, quantities, caps, and values plus 2^64. */
  readonly instance: readonly string[];
  readonly proof: string;
}

/** An edit, and whether the proof then holds. */
export interface Edited {
  /** The proof's number in its file. */
  readonly of: number;
  /** Words of the public inputs, and of the proof, that are replaced. */
  readonly instance?: readonly (readonly [number, string])[];
  readonly proof?: readonly (readonly [number, string])[];
  /** Bytes to which the proof is cut, or filled up with zeros. */
  readonly length?: number;
  readonly scenarios?: number;
  readonly holds: boolean;
}

export function readProofs(): Proof[] {
  return JSON.parse(readFileSync("../tests/vectors/proofs.json", "utf8"));
}

/** The edited public inputs and proof; what cannot be public inputs at all is out of bounds. */
export function edit(of: Proof, edited: Omit<Edited, "holds">) {
  const words = of.instance.map(BigInt);
  for (const [at, to] of edited.instance ?? []) words[at] = BigInt(to);
  const given = unhex(of.proof);
  for (const [at, to] of edited.proof ?? []) given.set(word(BigInt(to)), 32 * at);
  const proof = new Uint8Array(edited.length ?? given.length);
  proof.set(given.subarray(0, proof.length));
  return { public: publicOf(words, edited.scenarios ?? of.scenarios), proof };
}

function publicOf([context, ...columns]: bigint[], scenarios: number): PublicInputs {
  const rows = Math.floor(columns.length / (3 + scenarios));
  const column = (i: number) => columns.slice(rows * i, rows * (i + 1));
  const caps = column(2);
  const table = caps.map((cap, row) => ({
    cap: cap === 0n ? undefined : cap,
    values: Array.from({ length: scenarios }, (_, s) => column(3 + s)[row]! - (1n << 64n)),
  }));
  // A column of another length is one that the public inputs say to be too short.
  const counts = rows * (3 + scenarios) === columns.length ? column(0) : [];
  return { context: context!, table, scenarios, counts, quantities: column(1) };
}

const keys = new Map<string, Promise<VerifyingKey>>();

/** The key of these sizes under the insecure setup, made once. */
export function insecureKey({ k, page_size: pageSize }: Proof): Promise<VerifyingKey> {
  const name = `${k} ${pageSize}`;
  const made = keys.get(name) ?? makeKey(k, pageSize);
  keys.set(name, made);
  return made;
}

async function makeKey(k: number, pageSize: number): Promise<VerifyingKey> {
  const shape = shapeOf(k, pageSize);
  const tau = times(G2.BASE, insecureTau());
  const fixed = await fixedCommitments(shape, insecureTau(), async () => {});
  const circuit = circuitWord(shape, fixed);
  const parts = { k, pageSize, fixed: fixed.map(g1Bytes), tau: g2Bytes(tau) };
  return { shape, digest: keyDigest({ ...parts, circuit: word(circuit) }), circuit, fixed, tau };
}
