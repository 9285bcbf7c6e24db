// What this page computed itself, what it took from the publisher, and what nobody proves.

import type { Step, Verdict } from "../statement/check.ts";
import { type Child, bullets, code, details, element, heading } from "./dom.ts";
import type { Setup } from "../attestation/setup.ts";

const OUTCOMES: Record<Step["outcome"], string> = {
  holds: "Holds",
  refused: "Does not hold",
  "cannot check": "Could not be checked",
  "not reached": "Not reached",
};

const NOBODY = [
  "That no account was left out, merged or split: each holder checks their own, and bankrupt debtors have no reason to. Bad debt can be hidden from all but an auditor with the list of accounts.",
  "That the prices are right: they stand above, compare them.",
  "That the reserves are there, and not borrowed: their addresses stand above, look at them.",
  "That the book is of the time it says.",
  "Anything off the snapshot, before it or after it.",
  "What happens on the way into a crash: liquidations, slippage, the order of closing.",
  "What is owed in law.",
];

export function viewSteps({ steps, outcome, found }: Verdict, milliseconds: number): Child[] {
  const seconds = (milliseconds / 1000).toFixed(2);
  const items = steps.map(({ title, outcome, detail }): Child[] => {
    const tone = outcome === "holds" ? "good" : outcome === "refused" ? "bad" : "warn";
    const word = element("span", { class: `word ${tone}` }, OUTCOMES[outcome]);
    return [word, `: ${title}${detail ? ` (${detail})` : ""}.`];
  });
  const computed = details(`${items.length} steps, computed here in ${seconds} seconds`, [bullets(items)], outcome === "refused");
  // Where nothing could be checked, nothing was shown that somebody could rely on.
  if (outcome === "cannot check") return [heading(2, "What this page did"), computed];
  const read = found.page ? " Of your volume’s proof it read the commitments." : "";
  return [
    heading(2, "What this page did"),
    computed,
    heading(3, "Taken from the publisher, not checked here"),
    bullets([
      [`The proofs of the volumes. They show that the committed book balances and adds up to the totals.${read} Run `, code("pacioli verify"), "."],
      "The prices and the reserves: what is said to be held, and where.",
      "The header: the venue’s name, times, numbers of accounts, what was left out or rounded. What no honest header can say beside these totals is refused.",
      ...(found.setup ? [keyWords(found.setup)] : []),
    ]),
    heading(3, "Proved by nobody"),
    bullets(NOBODY),
  ];
}

function keyWords({ key, state }: Setup): string {
  if (!key) {
    return "That the header’s key is the insecure setup’s key for the right circuit: no key file was given, and this page cannot derive one.";
  }
  const whose = state === "vouched" ? "whose digest is the one that you typed" : "for which nobody vouches";
  return `The circuit’s word and the fixed commitments in the key file, ${whose}: this page checked that the attestation names this key, and that the key’s powers are powers of one number.`;
}
