// The proof of one volume: halo2's verifier for the one circuit there is, with the Keccak
// transcript and SHPLONK. Twin of attestation/src/proof.rs, and of verifier-contract/generated.

import type { Shape } from "../circuit/shape.ts";
import { Fr, rootOfUnity } from "../encoding/field.ts";
import { G2, type G1Point, type G2Point, pairsEqually } from "../encoding/points.ts";
import { refuse } from "../encoding/refused.ts";
import { systemOf } from "./circuit.ts";
import { lagrange, rowsFrom } from "./fixed.ts";
import { type Opened, type Sides, invert, sidesOf } from "./opening.ts";
import type { Pause } from "./pause.ts";
import { type Columns, type PublicInputs, checkPublic, columnsOf, thetaOf } from "./public.ts";
import { type ReadProof, checkLength, linesOf, readProof } from "./read.ts";
import { combineGates, readQuery, rowsOn } from "./system.ts";

/** What proofs are checked with; it was checked itself, or made here. */
export interface VerifyingKey {
  readonly shape: Shape;
  readonly digest: Uint8Array;
  /** The circuit's word. */
  readonly circuit: bigint;
  /** Commitments to the fixed columns. */
  readonly fixed: readonly G1Point[];
  /** [tau]_2. */
  readonly tau: G2Point;
}

/** Everything that a verifier draws and computes from a proof, but for the pairing. */
export interface Trace extends Sides {
  readonly theta: bigint;
  readonly proof: ReadProof;
  /** The public columns at x. */
  readonly instance: Readonly<Record<string, bigint>>;
  /** The constraints combined by powers of y, at x. */
  readonly constraints: bigint;
  /** The same over x^n - 1: the quotient's value at x, if they hold. */
  readonly quotient: bigint;
}

/** Refuses a proof that does not hold for these public inputs. */
export async function checkVolume(
  key: VerifyingKey,
  inputs: PublicInputs,
  proof: Uint8Array,
  pause: Pause,
): Promise<void> {
  const { left, right } = await traceVolume(key, inputs, proof, pause);
  await pause();
  if (!pairsEqually(left, key.tau, right, G2.BASE)) {
    refuse("the proof does not hold for these public inputs");
  }
}

/** Reads a proof, and computes all but the pairing. */
export async function traceVolume(
  key: VerifyingKey,
  inputs: PublicInputs,
  bytes: Uint8Array,
  pause: Pause,
): Promise<Trace> {
  const { shape } = key;
  checkPublic(shape, inputs);
  checkLength(shape, bytes);
  // Before anything else, from the bytes that are about to be read.
  const theta = await thetaOf(key.digest, inputs, linesOf(shape, bytes), pause);
  const columns = await columnsOf(inputs, theta, pause);
  const proof = readProof(shape, key.circuit, columns, bytes);
  await pause();

  const { challenges, values } = proof;
  const { x, y } = challenges;
  const xn = Fr.pow(x, BigInt(2 ** shape.k));
  const vanishing = invert(Fr.sub(xn, 1n));
  const instance = instanceAt(shape, columns, x);
  const known = new Map([...values, ...Object.entries({ ...instance, ...challenges })]);
  const constraints = combineGates(systemOf(shape), y, (name) => known.get(name)!);
  const quotient = Fr.mul(constraints, vanishing);
  const opened = openedBy(key, proof, xn, quotient);
  await pause();
  return { theta, proof, instance, constraints, quotient, ...sidesOf(opened, proof.opening) };
}

/** The public columns at x, which is no row's root of unity. */
function instanceAt(shape: Shape, columns: Columns, x: bigint): Record<string, bigint> {
  const asked = systemOf(shape).queries.instance;
  const length = Math.max(...asked.map((name) => columns[name]!.length));
  const rows = lagrange(rowsFrom(0, length), 2 ** shape.k, rootOfUnity(shape.k), x);
  const at = (name: string) =>
    columns[name]!.reduce((sum, cell, row) => Fr.add(sum, Fr.mul(cell, rows[row]!)), 0n);
  return Object.fromEntries(asked.map((name) => [name, at(name)]));
}

/** All that is opened, in the order in which it is first asked for. */
function openedBy(
  { shape, fixed }: VerifyingKey,
  { commitments, quotient: parts, values, challenges: { x } }: ReadProof,
  xn: bigint,
  quotient: bigint,
): Opened[] {
  const system = systemOf(shape);
  const omega = rootOfUnity(shape.k);
  const points = new Map([
    ...commitments,
    ...fixed.map((point, i) => [system.fixed[i]!, point] as const),
  ]);
  const opened = new Map<string, Opened & { values: Map<bigint, bigint> }>();
  for (const query of [...system.queries.advice, ...system.queries.fixed]) {
    const [column, rotation] = readQuery(query);
    const at = Fr.mul(x, Fr.pow(omega, BigInt(rowsOn(rotation, shape.stride))));
    const one = opened.get(column) ?? {
      commitment: [[points.get(column)!, 1n]],
      values: new Map(),
    };
    if (one.values.has(at)) refuse("a challenge of the proof asks for two values at one point");
    one.values.set(at, values.get(query)!);
    opened.set(column, one);
  }
  const atX = (commitment: Opened["commitment"], value: bigint): Opened => ({
    commitment,
    values: new Map([[x, value]]),
  });
  return [
    ...opened.values(),
    atX(
      parts.map((part, i) => [part, Fr.pow(xn, BigInt(i))]),
      quotient,
    ),
    atX([[points.get("random")!, 1n]], values.get("random")!),
  ];
}
