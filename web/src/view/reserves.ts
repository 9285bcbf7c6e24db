// The venue's reserves as it claims them, entry by entry, with the place of each.

import {
  type AttestedBy,
  type Reserve,
  type Reserves,
  counts,
  isPledged,
} from "../attestation/reserves.ts";
import { grouped, showAmount } from "../encoding/decimal.ts";
import type { Compiled } from "../rules/table.ts";
import { type Child, code, details, element, heading, pairs, paragraph } from "./dom.ts";

const ATTESTED: Readonly<Record<AttestedBy, string>> = {
  chain: "a chain, where anyone can read it",
  custodian: "the custodian",
  auditor: "an auditor",
  self: "only the venue",
};

/** Every reserve with all that the venue says about it. */
export function viewReserves(reserves: Reserves | undefined, compiled: Compiled): Child[] {
  if (!reserves || reserves.reserves.length === 0) {
    const none = element("span", { class: "word warn" }, "The venue claims no reserves at all.");
    return [heading(3, "Reserves"), paragraph(none)];
  }
  const { length } = reserves.reserves;
  const encumbered = reserves.reserves.filter(isPledged).length;
  const secures = encumbered === 1 ? "secures" : "secure";
  const pledged = encumbered === 0 ? "" : `; ${encumbered} of them also ${secures} something else`;
  const idle = reserves.reserves.filter((reserve) => nothing(reserve, compiled)).length;
  const idles = idle === 0 ? "" : `; ${idle} of them ${idle === 1 ? "counts" : "count"} nothing`;
  const entries = length === 1 ? "1 entry, with its" : `${length} entries, each with its`;
  return [
    heading(3, "Reserves"),
    details(`${entries} address and evidence${pledged}${idles}`, [
      paragraph("All of this is the publisher’s word (W). Look the addresses up yourself."),
      ...reserves.reserves.map((reserve) => viewReserve(reserve, nothing(reserve, compiled))),
    ]),
  ];
}

const PLEDGED = "nothing: it secures something else, which may take it first";

/** Why a reserve counts nothing here, if it does not. */
function nothing(reserve: Reserve, compiled: Compiled): string | undefined {
  if (isPledged(reserve)) return PLEDGED;
  if (reserve.purpose === "claim") return "a claim on a venue: counts only with contagion";
  const isCounted = counts(reserve, compiled);
  return isCounted ? undefined : "nothing: it is no asset of these rules and prices";
}

const FOR = {
  customers: "customers",
  insurance: "the insurance fund",
  claim: "whatever the venue owes",
} as const;

function viewReserve(reserve: Reserve, whyNot: string | undefined): HTMLElement {
  const { asset, amount, chain, address, evidence, purpose } = reserve;
  const { custodian, legalHolder, encumbrance, attestedBy } = reserve;
  const entry = (term: string, text: string | undefined): [string, Child][] =>
    text === undefined ? [] : [[term, text]];
  return element(
    "div",
    { class: "entry" },
    element("h4", {}, `${grouped(showAmount(amount.mantissa, amount.scale))} ${asset}`),
    pairs([
      ...entry("Counts", whyNot),
      ["Chain", chain],
      ["Address", code(address)],
      ["Evidence", evidence],
      ["For", FOR[purpose]],
      ...entry("Custodian", custodian),
      ...entry("Legal owner", legalHolder),
      ...entry("Also secures", encumbrance),
      ["Confirmed by", attestedBy ? ATTESTED[attestedBy] : "not stated"],
    ]),
  );
}
