// What follows at other prices: bounds in each scenario, what becomes of every clause, and the
// certificates by which others can check both.

import { brief } from "../encoding/decimal.ts";
import { printable } from "../encoding/refused.ts";
import type { BackingThere } from "../repricing/backing.ts";
import { printCertificates } from "../repricing/certificate.ts";
import type { FiguresThere, Proved } from "../repricing/figures.ts";
import type { ClauseThere, Standing, Verdict } from "../repricing/standing.ts";
import type { Compiled } from "../rules/table.ts";
import { showRatio } from "./backing.ts";
import {
  type Child,
  bullets,
  by,
  code,
  details,
  element,
  heading,
  paragraph,
  table,
} from "./dom.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  holds: "At these prices the venue’s own policy holds for certain.",
  cannot_hold: "At these prices the venue’s own policy does NOT hold.",
  unknown: "At these prices it is unknown whether the venue’s own policy holds.",
};
/** The one clause beside those about margins that has figures in the proof alone. */
const ROUNDING = "left_out.rounding";

/** How a standing is listed below the headline. */
const LISTED: readonly (readonly [Standing, string])[] = [
  ["cannot_hold", "Cannot hold"],
  ["failed", "Failed in the proof"],
  ["unknown", "Unknown"],
  ["held", "Held in the proof, and unknown here"],
];

/** Everything about one set of prices; `from` says whose they are. */
export function viewBounds(
  { attestation, summary }: Proved,
  there: FiguresThere,
  from: string,
  isVouched: boolean,
): Child[] {
  const { verdict, book, backing, clauses } = there;
  // Whether nothing is missing but what only the proof says, of its own prices.
  const onlyHeld = verdict === "unknown" && !clauses.some((one) => one.standing === "unknown");
  // Green only if the whole page is: a good answer about other prices vouches for nobody.
  const tone = { holds: isVouched ? "good" : "", unknown: "warn", cannot_hold: "bad" }[verdict];
  const isKept = summary.clauses.length > 0 && summary.clauses.every(({ holds }) => holds);
  const broken = " At the attestation’s own prices it does not hold, and no others mend that.";
  return [
    paragraph(
      element("strong", { class: tone }, onlyHeld ? onlyMissing(clauses) : VERDICTS[verdict]),
      onlyHeld && clauses.some((one) => one.standing === "holds")
        ? " All else holds for certain."
        : "",
      ` ${counted(clauses)}`,
      ...(isKept ? [] : [broken]),
    ),
    paragraph(from),
    ...notes(there).map((note) => paragraph(element("span", { class: "warn" }, note))),
    viewTable(backing, book.now),
    paragraph(
      element("span", { class: "hint" }, "Rounded against the venue; clauses have all decimals."),
    ),
    heading(3, "The venue’s own policy at these prices"),
    bullets(clauses.map(viewClause)),
    heading(3, "What these figures are"),
    bullets([
      `These are bounds over the book of ${attestation.header.asOf}: nothing deposited, ` +
        "withdrawn, traded or liquidated since is in it.",
      book.ownPrices
        ? "These are the prices of the proof, so what it says of margins and rounding stands."
        : "No bound follows for margins, nor for what rounding changed: clauses about them held " +
          "or failed in the proof, and it is not known whether they hold at these prices.",
      "The reserves are those that the publisher states, at these prices.",
      "All of it rests on the venue’s totals. This web page did not check the proofs.",
    ]),
    details("The certificates, for others to check", [
      paragraph(
        "For each scenario, how often each proved scenario counts. Whoever has the attestation " +
          "and these prices can compute the bounds again and need not trust whoever found them: " +
          "any multipliers are valid, good ones make a bound tight.",
      ),
      element(
        "textarea",
        { readonly: "", rows: "8", spellcheck: "false", "aria-label": "Certificates" },
        // Line by line: a line's end is not printable.
        ...printCertificates(there.certificates)
          .trimEnd()
          .split("\n")
          .map((line) => document.createTextNode(`${printable(line)}\n`)),
      ),
    ]),
  ];
}

/** The headline where all that is not known is what held in the proof. */
function onlyMissing(clauses: readonly ClauseThere[]): string {
  const held = clauses.filter((one) => one.standing === "held");
  const isRounding = ({ name }: ClauseThere) => name === ROUNDING;
  const missing = [
    ...(held.every(isRounding) ? [] : ["its margins"]),
    ...(held.some(isRounding) ? ["what rounding changed"] : []),
  ];
  return (
    "At these prices it is unknown whether the venue’s own policy holds: " +
    `${missing.join(" and ")} cannot be told.`
  );
}

function counted(clauses: readonly ClauseThere[]): string {
  const parts = LISTED.flatMap(([standing, said]) => {
    const names = clauses.filter((one) => one.standing === standing).map(({ name }) => name);
    return names.length > 0 ? [`${said}: ${listed(names)}.`] : [];
  });
  if (clauses.length === 0) return "It has no clause for this book: it asks for nothing.";
  return parts.join(" ");
}

/** The first few names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length > 4 ? `, and ${names.length - 4} more` : "";
  return `${names.slice(0, 4).join(", ")}${more}`;
}

function notes({ book: { uncounted, coarse } }: FiguresThere): string[] {
  const without =
    `There are no figures for ${listed(coarse)}: units of value are too coarse at these prices, ` +
    "and rounding would change what is owed.";
  const uncountedOnes =
    `Reserves of ${listed(uncounted)} count as nothing, as in the proof, which has no price of ` +
    "that: if accounts hold it as well, it was left out of the book.";
  return [
    ...(coarse.length > 0 ? [without] : []),
    ...(uncounted.length > 0 ? [uncountedOnes] : []),
  ];
}

function viewTable(
  backing: readonly BackingThere[],
  { quote, valueDecimals }: Compiled,
): HTMLElement {
  const more = (units: bigint) => brief(units, valueDecimals, "up");
  const less = (units: bigint) => brief(units, valueDecimals, "down");
  const hasFund = backing.some(({ fundAtLeast }) => fundAtLeast !== undefined);
  const rows = backing.map(({ bound, customers, coverageAtLeast, fundAtLeast }) => ({
    cells: [
      bound.scenario,
      more(bound.owedAtMost),
      less(bound.owedAtLeast),
      less(customers),
      coverageAtLeast === undefined ? "nothing owed" : showRatio(coverageAtLeast),
      more(bound.badDebtAtMost),
      ...(hasFund ? [fundAtLeast === undefined ? "" : less(fundAtLeast)] : []),
    ],
  }));
  return table(
    `In ${quote}, at these prices and in each stress of them`,
    [
      "Scenario",
      ["Owed, at most", "P"],
      ["Owed, at least", "P"],
      ["Reserves for customers", "W"],
      ["Coverage, at least", "W"],
      ["Bad debt, at most", "P"],
      ...(hasFund ? [["Left for the insurance fund, at least", "W"] as const] : []),
    ],
    1,
    rows,
  );
}

function viewClause(clause: ClauseThere): Child[] {
  const { standing, name, detail, by: letter } = clause;
  const tone = TONES[standing];
  return [
    element("span", { class: `word ${tone}` }, word(clause)),
    ": ",
    code(name),
    `, ${detail}. `,
    by(letter),
  ];
}

const TONES: Readonly<Record<Standing, string>> = {
  holds: "good",
  cannot_hold: "bad",
  unknown: "warn",
  held: "warn",
  failed: "bad",
};

function word({ standing, restsOn }: ClauseThere): string {
  switch (standing) {
    case "unknown":
      return "Unknown";
    case "held":
      return "Held in the proof";
    case "failed":
      return "Failed in the proof";
    case "holds":
      return restsOn === "any_price" ? "Holds, at any price" : "Holds for certain";
    case "cannot_hold":
      return restsOn === "any_price" ? "Does not hold, at any price" : "Cannot hold";
  }
}
