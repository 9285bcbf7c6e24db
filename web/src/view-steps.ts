// What this page computed itself, what it took from the publisher, and what nobody proves.

import type { Step, Verdict } from "./check.ts";
import { type Child, bullets, code, element, heading } from "./dom.ts";
import type { Setup } from "./setup.ts";

const OUTCOMES: Record<Step["outcome"], string> = {
  holds: "Holds",
  refused: "Does not hold",
  "cannot check": "Could not be checked",
  "not reached": "Not reached",
};

const NOBODY = [
  "That no account was left out, merged or split: each holder checks their own, and bankrupt debtors have no reason to. Bad debt can be hidden from all but an auditor with the list of accounts.",
  "That the prices are right: they are public, compare them.",
  "That the reserves are there, and not borrowed: look at the addresses.",
  "Anything off the snapshot, before it or after it.",
  "What happens on the way into a crash: liquidations, slippage, the order of closing.",
  "What is owed in law.",
];

export function viewSteps({ steps, found }: Verdict, milliseconds: number): Child[] {
  const seconds = (milliseconds / 1000).toFixed(2);
  const items = steps.map(({ title, outcome, detail }): Child[] => {
    const tone = outcome === "holds" ? "good" : outcome === "refused" ? "bad" : "warn";
    const word = element("span", { class: `word ${tone}` }, OUTCOMES[outcome]);
    return [word, `: ${title}${detail ? ` (${detail})` : ""}.`];
  });
  const read = found.page ? " Of your volume’s proof it read the commitments." : "";
  return [
    heading(2, "What this page did"),
    heading(3, `Computed here, in ${seconds} seconds`),
    bullets(items),
    heading(3, "Taken from the publisher, not checked here"),
    bullets([
      [`The proofs of the volumes. They show that the committed book balances and adds up to the totals.${read} Run `, code("pacioli verify"), "."],
      "The reserves: what is said to be held, and where.",
      "The header: the venue’s name, times, numbers of accounts, what was left out or rounded.",
      ...(found.setup ? [keyWords(found.setup)] : []),
    ]),
    heading(3, "Proved by nobody"),
    bullets(NOBODY),
  ];
}

function keyWords({ from }: Setup): string {
  return from === "key"
    ? "The circuit’s word and the fixed commitments in the key file: this page checked that the attestation names this key, and that the key’s powers are powers of one number."
    : "That the header’s key is the insecure setup’s key for the right circuit: no key file was given, and this page cannot derive one.";
}
