// What came of the venue's own policy: as one sentence, and clause by clause.

import type { Clause } from "../attestation/clause.ts";
import { unasked } from "../attestation/unasked.ts";
import type { Rules } from "../rules/schema.ts";
import { fewOf, listed, say } from "../words/say.ts";
import { type Child, bullets, by, code, word } from "./dom.ts";
import { detailOf, subjectOf } from "./reasons.ts";

/** Whether a policy is kept. One whose assets are all without a price has no clause. */
export function isKept(clauses: readonly Clause[]): boolean {
  return clauses.length > 0 && clauses.every(({ holds }) => holds);
}

/** How many clauses hold, or which do not. */
export function policyText(clauses: readonly Clause[]): string {
  const { length } = clauses;
  if (length === 0) return say("policy.none");
  if (isKept(clauses)) return say("policy.kept", { count: length });
  const failing = clauses.filter(({ holds }) => !holds).map(({ name }) => name);
  const names = fewOf(failing);
  if (length === 1) return say("policy.broken.one", { names });
  return say("policy.broken", { count: failing.length, all: length, names });
}

/** The subjects that no clause asks about, and how many clauses rest on the publisher's word. */
export function policyLimits(clauses: readonly Clause[], rules: Rules): string[] {
  const missing = unasked(rules).map(subjectOf);
  const { length } = clauses.filter(({ by }) => by === "W");
  const subjects = listed(missing, "or");
  return [
    ...(missing.length > 0 && clauses.length > 0
      ? [say("policy.unasked", { count: clauses.length, subjects })]
      : []),
    ...(length > 0 ? [say("policy.rests", { count: length })] : []),
  ];
}

/** Every clause, with what it comes to. */
export function viewPolicy(clauses: readonly Clause[]): HTMLElement {
  return bullets(
    clauses.map(({ name, holds, detail, by: letter }): Child => [
      word(holds ? "good" : "bad", say(holds ? "policy.holds" : "policy.fails")),
      ": ",
      code(name),
      ", ",
      detailOf(detail),
      ". ",
      by(letter),
    ]),
  );
}
