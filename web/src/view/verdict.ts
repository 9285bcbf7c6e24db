// The verdict, as a headline and its conditions.

import type { Setup } from "../attestation/setup.ts";
import { unasked } from "../attestation/unasked.ts";
import { toHex } from "../encoding/digest.ts";
import type { Verdict } from "../statement/check.ts";
import { type Child, bullets, code, element, heading, paragraph } from "./dom.ts";

/** The class for the verdict's colour; its text says the same. */
export function verdictTone(verdict: Verdict): "good" | "bad" | "warn" {
  if (verdict.outcome === "refused") return "bad";
  const isVouched = verdict.found.setup?.state === "vouched";
  return verdict.outcome === "holds" && isVouched && keepsPolicy(verdict) ? "good" : "warn";
}

function keepsPolicy({ found: { summary } }: Verdict): boolean {
  if (!summary) return false;
  // A policy whose assets are all without a price has no clause, and so is not kept.
  return summary.clauses.length > 0 && summary.clauses.every(({ holds }) => holds);
}

export function viewVerdict(verdict: Verdict): Child[] {
  const { outcome, reason, found } = verdict;
  if (outcome === "refused") {
    return [
      heading(2, "Do not rely on this: it does not hold."),
      paragraph(`The reason: ${reason}.`),
      ...(found.setup?.state === "insecure" ? [insecureNote()] : []),
      paragraph(
        "Both files are complete. If they are the right ones, keep them unchanged: they are the " +
          "evidence that you can show to others.",
      ),
    ];
  }
  if (outcome === "cannot check") {
    return [
      heading(2, "This could not be checked."),
      paragraph(`${reason[0]!.toUpperCase()}${reason.slice(1)}.`),
      paragraph(
        "This does not accuse anybody: mail, editors and downloads change files, and files are " +
          "easily mixed up.",
      ),
    ];
  }
  return [
    heading(2, headline(verdict)),
    paragraph(
      element("strong", {}, policyText(verdict)),
      " This rests on the venue’s totals, reserves and prices.",
    ),
    ...setupNote(found.setup),
    proofNote(),
    ...conditions(verdict),
  ];
}

function headline(verdict: Verdict): string {
  const { state } = verdict.found.setup!;
  if (state === "insecure")
    return "INSECURE, only a test: the lines add up, but these files prove nothing.";
  const where = "Your account is in this book";
  const policy = keepsPolicy(verdict) ? "" : " The venue does NOT keep its own policy.";
  if (state === "unknown") return `${where}, if nobody knows the setup’s secret.${policy}`;
  return policy ? `${where}.${policy}` : `${where} and its lines add up.`;
}

/** The number of clauses that hold, and the subjects that none of them asks about. */
function policyText(verdict: Verdict): string {
  const { clauses } = verdict.found.summary!;
  const { length } = clauses;
  if (length === 0)
    return "The venue’s own policy has no clause for this book: it asks for nothing.";
  const failing = clauses.filter(({ holds }) => !holds).map(({ name }) => name);
  const missing = unasked(verdict.found.book!.rules);
  const none = length === 1 ? "It does not ask" : "None of them asks";
  const asks = missing.length === 0 ? "" : ` ${none} about ${listed(missing)}.`;
  if (keepsPolicy(verdict)) {
    const all = length === 1 ? "its one clause holds" : `all ${length} clauses hold`;
    return `The venue keeps its own policy: ${all}.${asks}`;
  }
  const more = failing.length > 4 ? `, and ${failing.length - 4} more` : "";
  const names = `${failing.slice(0, 4).join(", ")}${more}`;
  const verb = failing.length === 1 ? "does" : "do";
  const broken =
    length === 1
      ? "Its one clause does not hold"
      : `${failing.length} of its ${length} clauses ${verb} not hold`;
  // The headline says so too, unless it has to say that the setup is insecure.
  const isInsecure = verdict.found.setup!.state === "insecure";
  const start = isInsecure ? "The venue does NOT keep its own policy. " : "";
  return `${start}${broken}: ${names}.${asks}`;
}

function listed(items: readonly string[]): string {
  const last = items[items.length - 1];
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${last}`;
}

function setupNote(setup: Setup | undefined): Child[] {
  if (setup?.state === "insecure") return [insecureNote()];
  if (setup?.state !== "unknown") return [];
  const { origin, key } = setup;
  const ceremony =
    origin.kind === "ceremony"
      ? ` Its secret number is that of a public ceremony (${origin.name}), but that is not ` +
        "enough: the other numbers in a key file could be anything."
      : "";
  return [
    element(
      "p",
      { class: "notice" },
      element("strong", {}, "Nobody vouches for the key file."),
      " Whoever made it, or knows the secret of its setup, can forge everything on this web page." +
        `${ceremony} Its digest is `,
      code(toHex(key!)),
      ". Ask somebody you trust, not the venue, for the digest of the key that they made from " +
        "the setup, and type it into the field above.",
    ),
  ];
}

function insecureNote(): HTMLElement {
  return paragraph(
    "The attestation was made under the insecure setup, whose secret number everyone knows. " +
      "Anyone could have made both files, with any lines. It is for tests and demonstrations.",
  );
}

/** The conditions under which the verdict means what it says. */
function conditions({ found: { statement, setup } }: Verdict): Child[] {
  const items: (string | Child[])[] = [
    ["The id is yours and nobody else’s: ", code(statement!.account), "."],
    "The lines below are your own records at that time: none missing, none extra.",
    "The proof is valid.",
  ];
  if (setup!.state === "vouched") {
    items.push(
      "Whoever gave you the key’s digest made the key from a setup whose secret nobody knows.",
    );
  }
  if (setup!.state === "unknown") {
    items.push("Nobody knows the setup’s secret number, and the key was made from that setup.");
  }
  const intro =
    setup!.state === "insecure"
      ? "Under a real setup it would hold on these conditions:"
      : "It holds on these conditions:";
  return [paragraph(intro), bullets(items)];
}

function proofNote(): HTMLElement {
  return element(
    "p",
    { class: "notice" },
    element("strong", {}, "This web page did not check the proof itself."),
    " Run ",
    code("pacioli verify"),
    " on the attestation, or ask somebody who did. Until then the venue’s totals are only its " +
      "claim.",
  );
}
