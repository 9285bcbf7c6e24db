// The steps that this web page computed, what it took from the publisher, and what nobody proves.

import type { Setup } from "../attestation/setup.ts";
import type { Step, Verdict } from "../statement/check.ts";
import type { Key } from "../words/text.ts";
import { say } from "../words/say.ts";
import { type Child, bullets, details, heading, tell, word } from "./dom.ts";
import type { Proofs } from "./proofs.ts";
import { stepOf } from "./reasons.ts";

const OUTCOMES: Record<Step["outcome"], Key> = {
  holds: "policy.holds",
  refused: "policy.fails",
  "cannot check": "step.unchecked",
  "not reached": "step.not.reached",
};

const TONES: Record<Step["outcome"], string> = {
  holds: "good",
  refused: "bad",
  "cannot check": "warn",
  "not reached": "warn",
};

const NOBODY: readonly Key[] = [
  "nobody.complete",
  "nobody.prices",
  "nobody.reserves",
  "nobody.time",
  "nobody.after",
  "nobody.crash",
  "nobody.law",
  "nobody.bugs",
];

/** The steps of a statement's check, for whoever wants to know. */
export function viewSteps({ steps, outcome }: Verdict, name: string): Child {
  const items = steps.map(({ title, outcome, detail }): Child => {
    const found = detail ? [" (", stepOf(detail), ")"] : [];
    return [word(TONES[outcome], say(OUTCOMES[outcome])), ": ", stepOf(title), found, "."];
  });
  const summary = say("steps.summary", { count: items.length });
  return details(`steps-${name}`, summary, [bullets(items)], outcome === "refused");
}

/** What was taken from the publisher, and what nobody proves. */
export function viewLimits(setup: Setup | undefined, proofs: Proofs): Child[] {
  return [
    heading(3, say("taken.title")),
    bullets([
      ...(proofs.state === "hold" ? [] : [tell("taken.proofs")]),
      say("taken.prices"),
      say("taken.header"),
      ...(setup && setup.state !== "insecure" ? [say(keyText(setup))] : []),
    ]),
    heading(3, say("nobody.title")),
    bullets(NOBODY.map((key) => say(key))),
  ];
}

function keyText({ state }: Setup): Key {
  return state === "vouched" ? "taken.key.vouched" : "taken.key.unknown";
}
