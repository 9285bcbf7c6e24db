// The steps that this web page computed, what it took from the publisher, and what nobody proves.

import type { Setup } from "../attestation/setup.ts";
import type { Step, Verdict } from "../statement/check.ts";
import { type Child, bullets, code, details, element, heading } from "./dom.ts";

const OUTCOMES: Record<Step["outcome"], string> = {
  holds: "Holds",
  refused: "Does not hold",
  "cannot check": "Could not be checked",
  "not reached": "Not reached",
};

const NOBODY = [
  "That no account was left out, merged or split. Holders check only their own accounts, and " +
    "those with a shortfall have no reason to. Only an auditor with the list of accounts can " +
    "find hidden bad debt.",
  "That the prices are right: they are listed above, compare them.",
  "That the reserves exist and are not borrowed: their addresses are listed above, look them up.",
  "That the book is of the time it states.",
  "Anything outside the snapshot, before it or after it.",
  "The course of a crash: liquidations, slippage, the order of closing.",
  "Legal claims.",
];

export function viewSteps({ steps, outcome, found }: Verdict, milliseconds: number): Child[] {
  const seconds = (milliseconds / 1000).toFixed(2);
  const items = steps.map(({ title, outcome, detail }): Child[] => {
    const tone = outcome === "holds" ? "good" : outcome === "refused" ? "bad" : "warn";
    const word = element("span", { class: `word ${tone}` }, OUTCOMES[outcome]);
    return [word, `: ${title}${detail ? ` (${detail})` : ""}.`];
  });
  const summary = `${items.length} steps, computed here in ${seconds} seconds`;
  const computed = details(summary, [bullets(items)], outcome === "refused");
  // If nothing could be checked, nothing was shown that anybody could rely on.
  if (outcome === "cannot check") return [heading(2, "What this web page did"), computed];
  const read = found.page ? " It read only the commitments in your volume’s proof." : "";
  return [
    heading(2, "What this web page did"),
    computed,
    heading(3, "Taken from the publisher, not checked here"),
    bullets([
      [
        "The proofs of the volumes, which show that the committed book balances and adds up to " +
          `the totals.${read} To check them, run `,
        code("pacioli verify"),
        ".",
      ],
      "The prices and the reserves: their amounts and places.",
      "The header: the venue’s name, times, numbers of accounts, assets left out, rounding. A " +
        "header that contradicts the totals is refused.",
      ...(found.setup ? [keyText(found.setup)] : []),
    ]),
    heading(3, "Proved by nobody"),
    bullets(NOBODY),
  ];
}

function keyText({ key, state }: Setup): string {
  if (!key) {
    return (
      "That the header’s key is the insecure setup’s key for the right circuit: no key file was " +
      "given, and this web page cannot derive one."
    );
  }
  const trust =
    state === "vouched" ? "whose digest is the one that you typed" : "for which nobody vouches";
  return (
    `The circuit’s word and the fixed commitments in the key file, ${trust}: this web page ` +
    "checked that the attestation names this key, and that the key’s powers are powers of one " +
    "number."
  );
}
