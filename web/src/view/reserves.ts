// The venue's reserves as it claims them, entry by entry: where each is, who holds it, and by what
// that is shown.

import {
  type AttestedBy,
  type Purpose,
  type Reserve,
  type Reserves,
  counts,
  isPledged,
} from "../attestation/reserves.ts";
import type { Compiled } from "../rules/table.ts";
import type { Key } from "../words/text.ts";
import { amount } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import {
  type Child,
  code,
  details,
  element,
  heading,
  pairs,
  paragraph,
  tell,
  told,
  word,
} from "./dom.ts";
import { terms } from "./terms.ts";

const ATTESTED: Readonly<Record<AttestedBy, Key>> = {
  chain: "reserves.by.chain",
  custodian: "reserves.by.custodian",
  auditor: "reserves.by.auditor",
  self: "reserves.by.self",
};

const FOR: Readonly<Record<Purpose, Key>> = {
  customers: "reserves.for.customers",
  insurance: "reserves.for.insurance",
  claim: "reserves.for.claim",
};

/** Every reserve with all that the venue says about it. */
export function viewReserves(
  reserves: Reserves | undefined,
  compiled: Compiled,
  isOpen: boolean,
): Child[] {
  const all = reserves?.reserves ?? [];
  if (all.length === 0) {
    return [
      heading(3, say("reserves.title")),
      paragraph(word("warn", say("reserves.none"))),
    ];
  }
  const pledged = all.filter(isPledged).length;
  const idle = all.filter((one) => nothing(one, compiled) !== undefined).length;
  const summary = [
    say("reserves.entries", { count: all.length }),
    ...(pledged > 0 ? [say("reserves.pledged", { count: pledged })] : []),
    ...(idle > 0 ? [say("reserves.idle", { count: idle })] : []),
  ];
  return [
    heading(3, say("reserves.title")),
    details(
      "reserves",
      summary.join("; "),
      [
        told("reserves.intro"),
        all.map((one) => viewReserve(one, nothing(one, compiled))),
        terms(["custody", "evidence"]),
      ],
      isOpen,
    ),
  ];
}

/** Why a reserve counts nothing here, if it does not. */
function nothing(reserve: Reserve, compiled: Compiled): Key | undefined {
  if (isPledged(reserve)) return "reserves.counts.pledged";
  if (reserve.purpose === "claim") return "reserves.counts.claim";
  return counts(reserve, compiled) ? undefined : "reserves.counts.unknown";
}

function viewReserve(reserve: Reserve, whyNot: Key | undefined): HTMLElement {
  const { asset, amount: held, chain, address, evidence, purpose } = reserve;
  const { custodian, legalHolder, encumbrance, attestedBy } = reserve;
  const entry = (term: Key, text: Child | undefined): [string, Child][] =>
    text === undefined ? [] : [[say(term), text]];
  const own = (text: string | undefined) => text && element("bdi", {}, text);
  return element(
    "div",
    { class: "entry" },
    element("h4", {}, `${amount(held.mantissa, held.scale)} ${asset}`),
    pairs([
      ...entry("reserves.counts", whyNot && tell(whyNot)),
      ...entry("reserves.chain", own(chain)),
      ...entry("reserves.address", code(address)),
      ...entry("reserves.evidence", own(evidence)),
      ...entry("reserves.for", say(FOR[purpose])),
      ...entry("reserves.custodian", own(custodian) ?? say("reserves.custodian.none")),
      ...entry("reserves.owner", own(legalHolder)),
      ...entry("reserves.secures", own(encumbrance)),
      ...entry("reserves.confirmed", say(attestedBy ? ATTESTED[attestedBy] : "reserves.by.nobody")),
    ]),
  );
}
