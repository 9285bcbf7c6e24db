// Twins: stresses over again in which nothing of the insurance fund counts (prover/src/rules/twins.rs).
// Where the fund is accounts of the book, it is worth something only as far as reserves, valued in the
// stress, are more than all others are owed there; the twin's equity is what all others are owed.

import type { Rules } from "./schema.ts";

/** The stresses that have a twin, by number and in order. */
export function twinsOf({ scenarios, classes, policy }: Rules): number[] {
  if (!classes.has("insurance")) return [];
  return scenarios.flatMap(({ kind, name }, i) =>
    kind === "stress" && policy.badDebt.get(name) === "insurance" ? [i] : [],
  );
}

/** What the twin of a stress is called. No scenario's own name has the first character. */
export function twinName(stress: string): string {
  return `${stress}~insurance`;
}
