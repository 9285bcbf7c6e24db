// The verdict, first and in words.

import type { Verdict } from "./check.ts";
import { type Child, bullets, code, element, heading, paragraph } from "./dom.ts";

/** What the verdict is about, as a class for its colour; the words say the same. */
export function verdictTone({ outcome, insecure }: Verdict): "good" | "bad" | "warn" {
  if (outcome === "holds") return insecure ? "warn" : "good";
  return outcome === "refused" ? "bad" : "warn";
}

export function viewVerdict(verdict: Verdict): Child[] {
  const { outcome, reason, insecure } = verdict;
  if (outcome === "refused") {
    return [
      heading(2, "Do not rely on this: it does not hold."),
      paragraph(`The reason: ${reason}.`),
      ...(insecure ? [insecureNote()] : []),
        paragraph(
        "If these are the right files, keep them as they are: they are what you can show to others.",
      ),
    ];
  }
  if (outcome === "cannot check") {
    return [heading(2, "This could not be checked."), paragraph(`The reason: ${reason}.`)];
  }
  const title = insecure
    ? "INSECURE, a test only: the lines add up, but these files prove nothing."
    : "Your account is in this book and its lines add up.";
  return [heading(2, title), ...(insecure ? [insecureNote()] : []), ...conditions(verdict)];
}

function insecureNote(): HTMLElement {
  return paragraph(
    "The attestation was made under the insecure setup, whose secret number everyone knows. Anyone " +
      "could have made both files, with any lines. It is for tests and demonstrations.",
  );
}

/** What has to be so besides, for the verdict to mean what it says. */
function conditions({ found, insecure }: Verdict): Child[] {
  const { statement, summary, setup } = found;
  if (!statement || !summary) return [];
  const failing = summary.clauses.filter(({ holds }) => !holds).length;
  const all = summary.clauses.length;
  const items: (string | Child[])[] = [
    ["The id is yours and nobody else’s: ", code(statement.account), "."],
    "The lines below are your own records at that time: none missing, none extra.",
    "The proof is valid.",
  ];
  if (setup?.origin.kind === "ceremony") {
    items.push(`Nobody knows the setup’s secret number. It is of a public ceremony: ${setup.origin.name}.`);
  }
  if (setup?.origin.kind === "unknown") {
    items.push("Nobody knows the setup’s secret number. This page knows no ceremony that it is from.");
  }
  const policy =
    failing === 0
      ? `The venue keeps its own policy: all ${all} clauses hold, going by its totals and reserves.`
      : `The venue DOES NOT keep its own policy: ${failing} of ${all} clauses do not hold. See below.`;
  const words = insecure ? "Under a real setup it would hold on these conditions:" : "It holds on these conditions:";
  return [proofNote(), paragraph(words), bullets(items), paragraph(policy)];
}

function proofNote(): HTMLElement {
  return element(
    "p",
    { class: "notice" },
    element("strong", {}, "This page did not check the proof itself."),
    " Run ",
    code("pacioli verify"),
    " on the attestation, or ask somebody who did. Until then the venue’s totals are its claim.",
  );
}
