// Twins: stresses repeated with all accounts of the insurance fund worth nothing. Twin of
// rules/src/validate/twins.rs.
//
// If the fund is accounts of the book, it is worth something only as far as reserves, valued in the
// stress, exceed all that others are owed there; the twin's equity is what all others are owed.

import type { Rules } from "./schema.ts";

/** The stresses that have a twin, by number and in order. */
export function twinsOf({ scenarios, classes, policy }: Rules): number[] {
  if (!classes.has("insurance")) return [];
  return scenarios.flatMap(({ kind, name }, i) =>
    kind === "stress" && policy.badDebt.get(name) === "insurance" ? [i] : [],
  );
}

/** The name of a stress's twin. No scenario of the rules can have `~` in its name. */
export function twinName(stress: string): string {
  return `${stress}~insurance`;
}
