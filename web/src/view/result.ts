// The result of a check in five lines, each with what it rests on: for a holder, or for a reader
// who has an attestation alone.

import { brief } from "../encoding/decimal.ts";
import { amount, ratio, translated } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { showTime } from "../words/times.ts";
import { outcomesOf } from "../statement/account.ts";
import type { CheckedAttestation, CheckedStatement } from "./checks.ts";
import { type Child, bullets, code, details, element, hint, tell, told } from "./dom.ts";
import { isKept, policyText } from "./policy.ts";
import type { Proofs } from "./proofs.ts";
import { reasonOf } from "./reasons.ts";
import type { RememberedDigest } from "./remembered.ts";
import { terms } from "./terms.ts";
import type { Concluded, Tone } from "./verdict.ts";
import { age } from "./venue.ts";

/** What results show beside what was checked. */
export interface Shown {
  readonly now: number;
  /** The digest in use, if it is one that this device remembered. */
  readonly remembered: RememberedDigest | undefined;
}

/** The verdict on a statement, and its five lines. */
export function viewStatement(
  one: CheckedStatement,
  concluded: Concluded,
  proofs: Proofs,
  shown: Shown,
): Child[] {
  const { verdict, against, file } = one;
  const { statement, lines, book } = verdict.found;
  const about = statement ? [element("bdi", {}, statement.account)] : [file.name];
  if (verdict.outcome !== "holds" || !statement || !lines || !book) {
    return [headline(concluded, about), refusal(one.verdict.outcome, concluded)];
  }
  const { compiled } = book;
  const value = (units: bigint) => `${amount(units, compiled.valueDecimals)} ${compiled.quote}`;
  const mark = outcomesOf(lines, compiled)[0]!;
  const { header } = against.found.attestation!;
  const isOwed = mark.shortfall === 0n;
  const worth = isOwed ? mark.equity : mark.shortfall;
  return [
    headline(concluded, about),
    concluded.reason === undefined ? [] : element("p", {}, reasonOf(concluded.reason)),
    element(
      "ol",
      { class: "lines" },
      item("", say("line.account"), [
        tell("line.account.is", {
          account: statement.account,
          venue: header.venue,
          time: [showTime(header.asOf)],
        }),
        hint("line.account.yours"),
      ]),
      item("", say("line.worth"), [
        tell(isOwed ? "line.worth.is" : "line.worth.lacks", { amount: value(worth) }),
        hint("line.worth.compare"),
      ]),
      proofLine(against, proofs),
      keyLine(against, shown),
      policyLine(against),
    ),
  ];
}

/** The verdict on an attestation alone, and its five lines. */
export function viewAttestation(
  one: CheckedAttestation,
  concluded: Concluded,
  proofs: Proofs,
  shown: Shown,
): Child[] {
  const { attestation, book, summary } = one.found;
  const about = attestation ? [element("bdi", {}, attestation.header.venue)] : [one.file.name];
  if (one.outcome !== "holds" || !attestation || !book || !summary) {
    return [headline(concluded, about), refusal(one.outcome, concluded)];
  }
  const { header } = attestation;
  const { quote, valueDecimals } = book.compiled;
  const { owed, coverage, badDebt } = summary.backing[0]!;
  const value = (units: bigint) => `${translated(brief(units, valueDecimals, "up"))} ${quote}`;
  return [
    headline(concluded, about),
    concluded.reason === undefined ? [] : element("p", {}, reasonOf(concluded.reason)),
    element(
      "ol",
      { class: "lines" },
      item("", say("line.time"), [
        tell("line.time.is", {
          sequence: header.sequence,
          time: [showTime(header.asOf)],
          age: [age(header.asOf, shown.now)],
        }),
        hint("line.time.only"),
      ]),
      item("", say("line.owed"), [
        coverage === undefined
          ? say("venue.nothing")
          : tell("line.owed.is", {
              owed: [value(owed)],
              ratio: [ratio(coverage)],
              debt: [value(badDebt)],
              quote,
            }),
        hint("line.owed.word"),
      ]),
      proofLine(one, proofs),
      keyLine(one, shown),
      policyLine(one),
    ),
  ];
}

function headline({ word, says }: Concluded, about: Child): Child[] {
  return [
    element("h2", { tabindex: "-1" }, element("span", { class: "stamp" }, say(word)), " ", about),
    element("p", { class: "says" }, say(says)),
  ];
}

/** Why something does not hold or could not be checked, and what that says about anybody. */
function refusal(outcome: "refused" | "cannot check" | "holds", { reason }: Concluded): Child[] {
  return [
    element("p", {}, reasonOf(reason ?? "")),
    told(outcome === "refused" ? "refused.keep" : "unchecked.nobody"),
  ];
}

const MARKS: Readonly<Record<Tone | "", string>> = {
  good: "✓",
  warn: "!",
  bad: "✗",
  wait: "…",
  "": "•",
};

function item(tone: Tone | "", title: string, content: readonly Child[]): HTMLElement {
  return element(
    "li",
    {},
    element("span", { class: `mark ${tone}`, "aria-hidden": "true" }, MARKS[tone]),
    element("div", {}, element("strong", {}, title), " ", content),
  );
}

/** The line about the proofs, which is made anew while they are checked. */
export function proofLine({ file }: CheckedAttestation, proofs: Proofs): HTMLElement {
  const made = item(PROOF_TONES[proofs.state], say("line.proof"), proofText(proofs));
  made.dataset.proofs = file.keccak;
  return made;
}

const PROOF_TONES: Readonly<Record<Proofs["state"], Tone>> = {
  hold: "good",
  checking: "wait",
  refused: "bad",
  "not checked": "warn",
};

function proofText(proofs: Proofs): Child[] {
  switch (proofs.state) {
    case "hold":
      return [say("line.proof.holds", { count: proofs.volumes }), hint("line.proof.shows")];
    case "checking": {
      const { checked, volumes } = proofs;
      const label = say("line.proof.bar");
      return [
        say("line.proof.checking", { checked, count: volumes }),
        element("progress", {
          max: String(volumes),
          // With one volume there is nothing to count.
          ...(volumes > 1 ? { value: String(checked) } : {}),
          "aria-label": label,
        }),
        hint("line.proof.shows"),
      ];
    }
    case "refused":
      return [say("line.proof.refused"), hint("line.proof.shows")];
    case "not checked":
      return [say("line.proof.unchecked"), hint("line.proof.instead")];
  }
}

function keyLine({ found: { setup }, key }: CheckedAttestation, shown: Shown): HTMLElement {
  const title = say("line.key");
  const { state, origin } = setup!;
  if (state === "insecure") {
    return item("warn", title, [say("line.key.insecure"), hint("line.key.insecure.means")]);
  }
  const ceremony =
    origin.kind === "ceremony" ? hint("line.key.ceremony", { name: origin.name }) : [];
  if (state === "vouched") {
    const { remembered } = shown;
    const since = remembered && showTime(remembered.since);
    return item("good", title, [
      since ? say("line.key.remembered", { since }) : say("line.key.vouched"),
      hint("line.key.means"),
    ]);
  }
  return item("warn", title, [
    say("line.key.unknown"),
    hint("line.key.forge"),
    ceremony,
    key?.about?.key
      ? details("key-digest", say("line.key.digest"), [
          element("p", {}, code(key.about.key)),
          told("line.key.ask"),
        ])
      : [],
  ]);
}

function policyLine({ found: { summary } }: CheckedAttestation): HTMLElement {
  const { clauses } = summary!;
  const kept = isKept(clauses);
  const lead = kept || clauses.length === 0 ? "" : `${say("policy.not.kept")} `;
  return item(kept ? "good" : "bad", say("line.policy"), [
    lead + policyText(clauses),
    hint("line.policy.means"),
  ]);
}

/** What only the reader can check, and terms, under the five lines of a statement. */
export function viewForYou(count: number): Child[] {
  return [
    element("h3", {}, say("you.title")),
    bullets([say("you.lines", { count }), say("you.id"), say("you.same")]),
    terms(["statement", "attestation", "proof", "key"], ["digest", "policy", "mark"]),
  ];
}
