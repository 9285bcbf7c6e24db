// What the venue says it holds, piece by piece: whoever wants to see it has to know where.

import { showAmount, showDecimal } from "../encoding/decimal.ts";
import { type Child, code, details, element, grouped, heading, pairs, paragraph } from "./dom.ts";
import type { AttestedBy, Reserve, Reserves } from "../attestation/reserves.ts";

const ATTESTED: Readonly<Record<AttestedBy, string>> = {
  chain: "a chain, on which anyone can read it",
  custodian: "whoever has custody of it",
  auditor: "an auditor",
  self: "the venue alone",
};

/** Every reserve with all that is said of it. */
export function viewReserves(reserves: Reserves | undefined): Child[] {
  if (!reserves || reserves.reserves.length === 0) {
    return [heading(3, "Reserves"), paragraph(element("span", { class: "word warn" }, "The venue claims no reserves at all."))];
  }
  const { length } = reserves.reserves;
  const encumbered = reserves.reserves.filter(({ encumbrance }) => encumbrance !== undefined).length;
  const pledged = encumbered === 0 ? "" : `; ${encumbered} of them ${encumbered === 1 ? "answers" : "answer"} for something else too`;
  return [
    heading(3, "Reserves"),
    details(`${length} ${length === 1 ? "entry" : "entries"}, each with its address and evidence${pledged}`, [
      paragraph("All of it is the publisher’s word (W). Look at the addresses yourself."),
      ...reserves.reserves.map(viewReserve),
    ]),
  ];
}

function viewReserve(reserve: Reserve): HTMLElement {
  const { asset, amount, chain, address, evidence, purpose } = reserve;
  const { custodian, legalHolder, encumbrance, attestedBy } = reserve;
  const entry = (word: string, text: string | undefined): [string, Child][] => (text === undefined ? [] : [[word, text]]);
  return element(
    "div",
    { class: "entry" },
    element("h4", {}, `${grouped(showAmount(amount.mantissa, amount.scale))} ${asset}`),
    pairs([
      ["On", chain],
      ["Address", code(address)],
      ["Evidence", evidence],
      ["For", purpose === "customers" ? "customers" : "the insurance fund"],
      ...entry("Custodian", custodian),
      ...entry("Belongs in law to", legalHolder),
      ...entry("Answers also for", encumbrance),
      ["Who says so", attestedBy ? ATTESTED[attestedBy] : "not said"],
    ]),
  );
}

/** Every price, with where it is from. */
export function viewPrices(prices: ReadonlyMap<string, { mantissa: bigint; scale: number }>, quote: string): string[][] {
  return [...prices].map(([name, price]) => [name, `${grouped(showDecimal(price))} ${quote}`]);
}
