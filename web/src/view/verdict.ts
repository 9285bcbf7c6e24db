// The verdict, first and in words.

import { notAsked } from "../attestation/unasked.ts";
import type { Verdict } from "../statement/check.ts";
import { type Child, bullets, code, element, heading, paragraph } from "./dom.ts";
import type { Setup } from "../attestation/setup.ts";
import { toHex } from "../encoding/digest.ts";

/** What the verdict is about, as a class for its colour; the words say the same. */
export function verdictTone(verdict: Verdict): "good" | "bad" | "warn" {
  if (verdict.outcome === "refused") return "bad";
  const isGood = verdict.outcome === "holds" && verdict.found.setup?.state === "vouched" && keepsPolicy(verdict);
  return isGood ? "good" : "warn";
}

function keepsPolicy({ found: { summary } }: Verdict): boolean {
  // A policy that comes to no clause, of nothing that is priced, keeps nothing.
  return summary !== undefined && summary.clauses.length > 0 && summary.clauses.every(({ holds }) => holds);
}

export function viewVerdict(verdict: Verdict): Child[] {
  const { outcome, reason, found } = verdict;
  if (outcome === "refused") {
    return [
      heading(2, "Do not rely on this: it does not hold."),
      paragraph(`The reason: ${reason}.`),
      ...(found.setup?.state === "insecure" ? [insecureNote()] : []),
      paragraph(
        "Both files were read whole. If they are the right ones, keep them as they are: they are what you can show to others.",
      ),
    ];
  }
  if (outcome === "cannot check") {
    return [
      heading(2, "This could not be checked."),
      paragraph(`${reason[0]!.toUpperCase()}${reason.slice(1)}.`),
      paragraph(
        "That says nothing against anybody: mail, editors and downloads change files, and one file is easily taken for another.",
      ),
    ];
  }
  return [
    heading(2, headline(verdict)),
    paragraph(element("strong", {}, policyWords(verdict)), " This goes by the venue’s totals, reserves and prices."),
    ...setupNote(found.setup),
    proofNote(),
    ...conditions(verdict),
  ];
}

function headline(verdict: Verdict): string {
  const { state } = verdict.found.setup!;
  if (state === "insecure") return "INSECURE, a test only: the lines add up, but these files prove nothing.";
  const where = "Your account is in this book";
  const policy = keepsPolicy(verdict) ? "" : " The venue does NOT keep its own policy.";
  if (state === "unknown") return `${where}, if nobody knows the setup’s secret.${policy}`;
  return policy ? `${where}.${policy}` : `${where} and its lines add up.`;
}

/** How many clauses hold, and what none of them asks. */
function policyWords(verdict: Verdict): string {
  const { clauses } = verdict.found.summary!;
  const { length } = clauses;
  if (length === 0) return "The venue’s own policy comes to no clause: nothing is asked of it.";
  const failing = clauses.filter(({ holds }) => !holds).map(({ name }) => name);
  const missing = notAsked(verdict.found.book!.rules);
  const none = length === 1 ? "It does not ask" : "None of them asks";
  const asks = missing.length === 0 ? "" : ` ${none} about ${listed(missing)}.`;
  if (keepsPolicy(verdict)) {
    const all = length === 1 ? "its one clause holds" : `all ${length} clauses hold`;
    return `The venue keeps its own policy: ${all}.${asks}`;
  }
  const more = failing.length > 4 ? `, and ${failing.length - 4} more` : "";
  const names = `${failing.slice(0, 4).join(", ")}${more}`;
  const broken = length === 1 ? "Its one clause does not hold" : `${failing.length} of its ${length} clauses ${failing.length === 1 ? "does" : "do"} not hold`;
  // The headline says it, but where the setup leaves no room for it.
  const said = verdict.found.setup!.state === "insecure" ? "The venue does NOT keep its own policy. " : "";
  return `${said}${broken}: ${names}.${asks}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}

function setupNote(setup: Setup | undefined): Child[] {
  if (setup?.state === "insecure") return [insecureNote()];
  if (setup?.state !== "unknown") return [];
  const { origin, key } = setup;
  const ceremony =
    origin.kind === "ceremony"
      ? ` Its secret number is that of a public ceremony (${origin.name}), and that alone does not help: the other numbers in a key file could be anything.`
      : "";
  return [
    element(
      "p",
      { class: "notice" },
      element("strong", {}, "Nobody vouches for the key file."),
      ` Whoever made it, or knows the secret of its setup, can forge everything on this page.${ceremony} Its digest is `,
      code(toHex(key!)),
      ". Ask somebody you trust, not the venue, for the digest of the key that they made from the setup, and type theirs into the field above.",
    ),
  ];
}

function insecureNote(): HTMLElement {
  return paragraph(
    "The attestation was made under the insecure setup, whose secret number everyone knows. Anyone " +
      "could have made both files, with any lines. It is for tests and demonstrations.",
  );
}

/** What has to be so besides, for the verdict to mean what it says. */
function conditions({ found: { statement, setup } }: Verdict): Child[] {
  const items: (string | Child[])[] = [
    ["The id is yours and nobody else’s: ", code(statement!.account), "."],
    "The lines below are your own records at that time: none missing, none extra.",
    "The proof is valid.",
  ];
  if (setup!.state === "vouched") {
    items.push("Whoever gave you the key’s digest made it from a setup whose secret nobody knows.");
  }
  if (setup!.state === "unknown") items.push("Nobody knows the setup’s secret number, and the key is made from that setup.");
  const words =
    setup!.state === "insecure" ? "Under a real setup it would hold on these conditions:" : "It holds on these conditions:";
  return [paragraph(words), bullets(items)];
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
