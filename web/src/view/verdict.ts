// What is concluded about a statement or an attestation. A verdict is never better than the worst
// thing that it rests on: the files, the proof, the key, and the venue's own policy.

import type { Summary } from "../attestation/book.ts";
import type { State } from "../attestation/setup.ts";
import type { Key } from "../words/text.ts";
import type { Verdict } from "../statement/check.ts";
import type { CheckedAttestation } from "./checks.ts";
import { isKept } from "./policy.ts";
import type { Proofs } from "./proofs.ts";

/** The colour of a verdict; its words say the same. `wait` while proofs are checked. */
export type Tone = "good" | "warn" | "bad" | "wait";

/** A verdict, and what it rests on. */
export interface Concluded {
  readonly tone: Tone;
  /** The verdict in the words of the native programs. */
  readonly word: Key;
  /** The same in a sentence. */
  readonly says: Key;
  /** Why it does not hold or could not be checked, in the words of the other rooms. */
  readonly reason: string | undefined;
}

const BOOK: Readonly<Record<State, readonly [word: Key, says: Key]>> = {
  vouched: ["word.in.book", "says.in.book"],
  unknown: ["word.in.book.unknown", "says.in.book.unknown"],
  insecure: ["word.in.book.insecure", "says.in.book.insecure"],
};

const VENUE: Readonly<Record<State, readonly [word: Key, says: Key]>> = {
  vouched: ["word.holds", "says.holds"],
  unknown: ["word.holds.unknown", "says.holds.unknown"],
  insecure: ["word.holds.insecure", "says.holds.insecure"],
};

/** What is concluded about a statement. */
export function concludeStatement(verdict: Verdict, proofs: Proofs): Concluded {
  const { outcome, reason, found } = verdict;
  if (outcome === "refused") return failing("says.statement.refused", reason);
  if (outcome === "cannot check") return unchecked(reason);
  const state = found.setup!.state;
  const [word, says] = BOOK[state];
  const early = byProofs(proofs, "says.statement.unproved");
  if (early) return early;
  const isSound = state === "vouched" && keepsPolicy(found.summary);
  const broken = !keepsPolicy(found.summary) && state === "vouched";
  return {
    tone: isSound ? "good" : "warn",
    word,
    says: broken ? "says.in.book.broken" : says,
    reason: undefined,
  };
}

/** What is concluded about an attestation: the venue, and no account. */
export function concludeAttestation(one: CheckedAttestation, proofs: Proofs): Concluded {
  const { outcome, reason, found } = one;
  if (outcome === "refused") return failing("says.attestation.refused", reason);
  if (outcome === "cannot check") return unchecked(reason);
  const early = byProofs(proofs, "says.attestation.unproved");
  if (early) return early;
  if (!keepsPolicy(found.summary)) {
    return { tone: "bad", word: "word.fails", says: "says.policy.broken", reason: undefined };
  }
  const state = found.setup!.state;
  const [word, says] = VENUE[state];
  return { tone: state === "vouched" ? "good" : "warn", word, says, reason: undefined };
}

function keepsPolicy(summary: Summary | undefined): boolean {
  return summary !== undefined && isKept(summary.clauses);
}

/** The verdict where proofs do not hold, or are not checked. */
function byProofs(proofs: Proofs, says: Key): Concluded | undefined {
  switch (proofs.state) {
    case "hold":
      return undefined;
    case "checking":
      return { tone: "wait", word: "word.checking", says: "says.checking", reason: undefined };
    case "refused":
      return failing("says.proof.refused", proofs.reason);
    case "not checked":
      return { tone: "warn", word: "word.unproved", says, reason: proofs.reason };
  }
}

function failing(says: Key, reason: string): Concluded {
  return { tone: "bad", word: "word.fails", says, reason };
}

function unchecked(reason: string): Concluded {
  return { tone: "warn", word: "word.unchecked", says: "says.unchecked", reason };
}

const ORDER: readonly Tone[] = ["good", "warn", "wait", "bad"];

/** The worst of several. */
export function worstTone(all: readonly Tone[]): Tone {
  return all.reduce<Tone>(
    (worst, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst),
    "good",
  );
}
