// What follows at other prices: bounds in each scenario, what becomes of every clause, and the
// certificates by which others can check both.

import { grouped, showAmount } from "../encoding/decimal.ts";
import { printable } from "../encoding/refused.ts";
import type { BackingThere } from "../repricing/backing.ts";
import { printCertificates } from "../repricing/certificate.ts";
import type { FiguresThere, Proved } from "../repricing/figures.ts";
import type { ClauseThere, Standing } from "../repricing/standing.ts";
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

const VERDICTS: Readonly<Record<Standing, string>> = {
  holds: "At these prices the venue’s own policy holds for certain.",
  cannot_hold: "At these prices the venue’s own policy does NOT hold.",
  unknown: "At these prices it is unknown whether the venue’s own policy holds.",
};

/** Everything about one set of prices; `from` says whose they are. */
export function viewBounds(
  { attestation, summary }: Proved,
  there: FiguresThere,
  from: string,
  isVouched: boolean,
): Child[] {
  const { verdict, book, backing, clauses } = there;
  const { quote, valueDecimals } = book.now;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  // Green only if the whole page is: a good answer about other prices vouches for nobody.
  const tone = { holds: isVouched ? "good" : "", unknown: "warn", cannot_hold: "bad" }[verdict];
  const isKept = summary.clauses.length > 0 && summary.clauses.every(({ holds }) => holds);
  const broken = " At the attestation’s own prices it does not hold, and no others mend that.";
  return [
    paragraph(
      element("strong", { class: tone }, VERDICTS[verdict]),
      ` ${counted(clauses)}`,
      ...(isKept ? [] : [broken]),
    ),
    paragraph(from),
    ...notes(there).map((note) => paragraph(element("span", { class: "warn" }, note))),
    viewTable(backing, value, quote),
    heading(3, "The venue’s own policy at these prices"),
    bullets(clauses.map(viewClause)),
    heading(3, "What these figures are"),
    bullets([
      `These are bounds over the book of ${attestation.header.asOf}: nothing deposited, ` +
        "withdrawn, traded or liquidated since is in it.",
      "Margin figures, and clauses marked so, are as of the proof: no bound follows for them.",
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

function counted(clauses: readonly ClauseThere[]): string {
  const names = (standing: ClauseThere["standing"]) =>
    clauses.filter((one) => one.standing === standing).map(({ name }) => name);
  const [cannot, unknown] = [names("cannot_hold"), names("unknown")];
  const parts = [
    ...(cannot.length > 0 ? [`Cannot hold: ${listed(cannot)}.`] : []),
    ...(unknown.length > 0 ? [`Unknown: ${listed(unknown)}.`] : []),
  ];
  if (clauses.length === 0) return "It has no clause for this book: it asks for nothing.";
  return parts.join(" ");
}

function listed(names: readonly string[]): string {
  const more = names.length > 4 ? `, and ${names.length - 4} more` : "";
  return `${names.slice(0, 4).join(", ")}${more}`;
}

function notes({ book: { uncounted } }: FiguresThere): string[] {
  if (uncounted.length === 0) return [];
  const names = uncounted.join(", ");
  return [
    `Reserves of ${names} count as nothing, as in the proof, which has no price of that: if ` +
      "accounts hold it as well, it was left out of the book.",
  ];
}

function viewTable(
  backing: readonly BackingThere[],
  value: (units: bigint) => string,
  quote: string,
): HTMLElement {
  const hasFund = backing.some(({ fundAtLeast }) => fundAtLeast !== undefined);
  const rows = backing.map(({ bound, customers, coverageAtLeast, fundAtLeast }) => ({
    cells: [
      bound.scenario,
      value(bound.owedAtMost),
      value(bound.owedAtLeast),
      value(customers),
      coverageAtLeast === undefined ? "nothing owed" : showRatio(coverageAtLeast),
      value(bound.badDebtAtMost),
      ...(hasFund ? [fundAtLeast === undefined ? "" : value(fundAtLeast)] : []),
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
  const tone = standing === "holds" ? "good" : standing === "unknown" ? "warn" : "bad";
  return [
    element("span", { class: `word ${tone}` }, word(clause)),
    ": ",
    code(name),
    `, ${detail}. `,
    by(letter),
  ];
}

function word({ standing, restsOn }: ClauseThere): string {
  if (restsOn === "repriced") {
    if (standing === "unknown") return "Unknown";
    return standing === "holds" ? "Holds for certain" : "Cannot hold";
  }
  const holds = standing === "holds" ? "Holds" : "Does not hold";
  return restsOn === "proof" ? `${holds}, as of its proof` : `${holds}, at any price`;
}
