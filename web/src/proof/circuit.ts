// The word by which a circuit enters a proof's transcript (docs/formats.md, "Key"): a hash of the
// verifying key as halo2-axiom 0.5.3 prints it.

import { blake2b } from "@noble/hashes/blake2.js";

import type { Shape } from "../circuit/shape.ts";
import { numberOf, toHex, utf8, word } from "../encoding/digest.ts";
import { R, rootOfUnity } from "../encoding/field.ts";
import { type G1Point, Q } from "../encoding/points.ts";
import { CONSTRAINTS } from "./generated/constraints.ts";
import { type ConstraintSystem, type Term, readQuery, rowsOn } from "./system.ts";

/** The constraint system of a shape. */
export function systemOf({ limbs }: Shape): ConstraintSystem {
  const system = CONSTRAINTS[limbs];
  if (!system) throw new RangeError(`no circuit has ${limbs} limbs`);
  return system;
}

/** The word of the circuit of this shape with these commitments to its fixed columns. */
export function circuitWord(shape: Shape, fixed: readonly G1Point[]): bigint {
  const text = utf8(printKey(shape, fixed));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const personalization = utf8("Halo2-Verify-Key");
  const hash = blake2b.create({ dkLen: 64, personalization }).update(length).update(text).digest();
  return numberOf(hash.reverse()) % R;
}

function printKey(shape: Shape, fixed: readonly G1Point[]): string {
  const { k } = shape;
  // Constraints of degree 3 have a quotient of two parts, hence twice the rows.
  const domain = { k, extended_k: k + 1, omega: element(rootOfUnity(k)) };
  return struct("PinnedVerificationKey", {
    base_modulus: JSON.stringify(element(Q)),
    scalar_modulus: JSON.stringify(element(R)),
    domain: struct("PinnedEvaluationDomain", domain),
    cs: printSystem(systemOf(shape), shape.stride),
    fixed_commitments: list(fixed.map((point) => printPoint(point))),
    permutation: struct("VerifyingKey", { commitments: "[]" }),
  });
}

function printSystem(system: ConstraintSystem, stride: number): string {
  const { fixed, instance, challenges, queries, gates } = system;
  const advice = system.advice.flat();
  const phase = (column: string) => (system.advice[0].includes(column) ? 0 : 1);
  const rotation = (at: ReturnType<typeof readQuery>[1]) => `Rotation(${rowsOn(at, stride)})`;

  const asked = (kind: "fixed" | "instance" | "advice", columns: readonly string[]) =>
    queries[kind].map((query) => {
      const [name, at] = readQuery(query);
      const type = kind === "advice" ? advicePhase(phase(name)) : capital(kind);
      const column = struct("Column", { index: columns.indexOf(name), column_type: type });
      return `(${column}, ${rotation(at)})`;
    });
  const printQuery = (query: string): string => {
    const challenge = challenges.indexOf(query);
    if (challenge >= 0) {
      return `Challenge(${struct("Challenge", { index: challenge, phase: "Phase(0)" })})`;
    }
    const [name, at] = readQuery(query);
    for (const [kind, columns] of Object.entries({ fixed, instance, advice })) {
      const index = columns.indexOf(name);
      if (index < 0) continue;
      return struct(capital(kind), {
        query_index: queries[kind as keyof typeof queries].indexOf(query),
        column_index: index,
        rotation: rotation(at),
        ...(kind === "advice" && phase(name) > 0 ? { phase: `Phase(${phase(name)})` } : {}),
      });
    }
    throw new RangeError(`no column is named ${name}`);
  };
  const print = (term: Term): string => {
    if (typeof term === "string") return printQuery(term);
    switch (term[0]) {
      case "constant":
        return `Constant(${element(BigInt(term[1]))})`;
      case "-":
        return `Negated(${print(term[1])})`;
      case "+":
        return `Sum(${print(term[1])}, ${print(term[2])})`;
      case "*":
        return `Product(${print(term[1])}, ${print(term[2])})`;
      case "scaled":
        return `Scaled(${print(term[1])}, ${element(BigInt(term[2]))})`;
    }
  };
  return struct("PinnedConstraintSystem", {
    num_fixed_columns: fixed.length,
    num_advice_columns: advice.length,
    num_instance_columns: instance.length,
    num_selectors: 0,
    num_challenges: challenges.length,
    advice_column_phase: list(advice.map((column) => `Phase(${phase(column)})`)),
    challenge_phase: list(challenges.map(() => "Phase(0)")),
    gates: list(gates.map(([, polynomial]) => print(polynomial))),
    advice_queries: list(asked("advice", advice)),
    instance_queries: list(asked("instance", instance)),
    fixed_queries: list(asked("fixed", fixed)),
    permutation: struct("Argument", { columns: "[]" }),
    lookups: "[]",
    constants: "[]",
    minimum_degree: "None",
  });
}

/** Rust's way to print: a struct, a list, an element of a field, a point. */
function struct(name: string, fields: Readonly<Record<string, string | number>>): string {
  const printed = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
  return `${name} { ${printed.join(", ")} }`;
}

function list(items: readonly string[]): string {
  return `[${items.join(", ")}]`;
}

function element(number: bigint): string {
  return toHex(word(number));
}

function printPoint(point: G1Point): string {
  const { x, y } = point.toAffine();
  return `(${element(x)}, ${element(y)})`;
}

function advicePhase(phase: number): string {
  return phase === 0 ? "Advice" : struct("Advice", { phase: `Phase(${phase})` });
}

function capital(kind: string): string {
  return `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
}
