// What is public of a volume's proof: its bounds, theta, and the public columns (docs/formats.md,
// "Attestation"). Twin of circuits/src/totals.rs and attestation/src/theta.rs.

import { keccak_256 } from "@noble/hashes/sha3.js";

import { MAX_SCENARIOS, QUANTITY_BITS, type Shape } from "../circuit/shape.ts";
import { keccak, toField, utf8, word } from "../encoding/digest.ts";
import { Fr } from "../encoding/field.ts";
import { refuse } from "../encoding/refused.ts";
import type { Pause } from "./pause.ts";

/** An instrument, as far as the circuit knows it. */
export interface Instrument {
  /** The most that one line may hold. */
  readonly cap: bigint | undefined;
  /** The value of one unit in every scenario. */
  readonly values: readonly bigint[];
}

/** The public inputs of one volume's proof. */
export interface PublicInputs {
  /** What the proof is bound to besides, below r. */
  readonly context: bigint;
  readonly table: readonly Instrument[];
  readonly scenarios: number;
  /** One of each for every instrument. */
  readonly counts: readonly bigint[];
  readonly quantities: readonly bigint[];
}

const MAX_QUANTITY = (1n << BigInt(QUANTITY_BITS)) - 1n;

/** Added to every value where it is a word; below it in size every value must be. */
const VALUE_OFFSET = 1n << 64n;

/** Refuses public inputs for which the theorem is not proved. */
export function checkPublic(shape: Shape, inputs: PublicInputs): void {
  const { context, table, scenarios, counts, quantities } = inputs;
  if (!Fr.isValid(context)) refuse("the context is not below r");
  const rows = table.length;
  if (rows === 0 || rows > shape.instruments) {
    refuse(`the table has ${rows} instruments, but there can be from 1 to ${shape.instruments}`);
  }
  if (scenarios < 1 || scenarios > MAX_SCENARIOS) {
    refuse(`the table has ${scenarios} scenarios, but there can be from 1 to ${MAX_SCENARIOS}`);
  }
  if (counts.length !== rows || quantities.length !== rows) {
    refuse(
      `expected ${rows} totals, one for each instrument, got ${counts.length} counts and ` +
        `${quantities.length} quantities`,
    );
  }
  table.forEach(({ cap, values }, row) => {
    if (values.length !== scenarios) {
      refuse(`instrument ${row} has ${values.length} values in ${scenarios} scenarios`);
    }
    if (cap !== undefined && (cap < 1n || cap > MAX_QUANTITY)) {
      refuse(`the cap of instrument ${row} is out of bounds`);
    }
    if (values.some((value) => value <= -VALUE_OFFSET || value >= VALUE_OFFSET)) {
      refuse(`a value of instrument ${row} has more than 64 bits`);
    }
  });
  const { cap, values } = table[0]!;
  if (cap !== undefined || values.some((value) => value !== 0n) || quantities[0] !== 0n) {
    refuse("empty slots must be worth nothing and hold nothing");
  }
  counts.forEach((count, row) => {
    const quantity = quantities[row]!;
    if (count < 0n || count > BigInt(shape.lines)) {
      refuse(`instrument ${row} is counted ${count} times in ${shape.lines} lines`);
    }
    if (quantity < 0n || quantity > count * MAX_QUANTITY) {
      refuse(`${count} lines cannot hold ${quantity} of instrument ${row}`);
    }
  });
  const lines = counts.reduce((sum, count) => sum + count, 0n);
  if (lines !== BigInt(shape.lines)) {
    refuse(`the counts add up to ${lines} lines, but the shape has ${shape.lines}`);
  }
}

/**
 * The challenge that combines the scenarios. `key` is the verifying key's digest, `lines` the
 * proof's first points: the commitments to `last`, `instrument` and the limbs.
 */
export async function thetaOf(
  key: Uint8Array,
  inputs: PublicInputs,
  lines: Uint8Array,
  pause: Pause,
): Promise<bigint> {
  const { context, table, scenarios, counts, quantities } = inputs;
  const hash = keccak_256.create();
  hash.update(keccak(utf8("pacioli.theta.v1"))).update(key);
  hash.update(word(BigInt(table.length))).update(word(BigInt(scenarios))).update(word(context));
  hash.update(columnOf(counts)).update(columnOf(quantities));
  hash.update(columnOf(table.map(({ cap }) => cap ?? 0n)));
  for (let scenario = 0; scenario < scenarios; scenario++) {
    hash.update(columnOf(table.map(({ values }) => values[scenario]! + VALUE_OFFSET)));
    await pause();
  }
  return toField(hash.update(lines).digest());
}

/** Numbers below 2^128 as words. */
function columnOf(numbers: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => {
    view.setBigUint64(32 * i + 16, number >> 64n);
    view.setBigUint64(32 * i + 24, BigInt.asUintN(64, number));
  });
  return bytes;
}

/** The public columns, each with its name in the constraint system, in its order. */
export type Columns = Readonly<Record<string, readonly bigint[]>>;

/** The columns of halo2's proof: all values of an instrument are one, combined by `theta`. */
export async function columnsOf(
  inputs: PublicInputs,
  theta: bigint,
  pause: Pause,
): Promise<Columns> {
  const { context, table, counts, quantities } = inputs;
  const worth: bigint[] = [];
  for (const { values } of table) {
    const add = (sum: bigint, value: bigint) => Fr.mul(Fr.add(sum, Fr.create(value)), theta);
    worth.push(values.reduceRight(add, 0n));
    await pause();
  }
  return {
    context: [context],
    total_count: counts,
    total_quantity: quantities,
    table_cap: table.map(({ cap }) => cap ?? 0n),
    table_worth: worth,
  };
}
