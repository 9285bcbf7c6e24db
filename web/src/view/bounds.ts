// What follows at other prices: bounds in each scenario, what becomes of every clause, and the
// certificates by which others can check both.

import { brief } from "../encoding/decimal.ts";
import { printable } from "../encoding/refused.ts";
import type { BackingThere } from "../repricing/backing.ts";
import { printCertificates } from "../repricing/certificate.ts";
import type { FiguresThere, Proved } from "../repricing/figures.ts";
import type { ClauseThere, Standing, Verdict } from "../repricing/standing.ts";
import type { Compiled } from "../rules/table.ts";
import type { Key } from "../words/text.ts";
import { ratio, translated } from "../words/numbers.ts";
import { fewOf, listed, say } from "../words/say.ts";
import { showTime } from "../words/times.ts";
import {
  type Child,
  bullets,
  by,
  code,
  details,
  element,
  heading,
  hint,
  paragraph,
  told,
  word,
} from "./dom.ts";
import { isKept } from "./policy.ts";
import { detailOf } from "./reasons.ts";
import { table } from "./table.ts";
import { terms } from "./terms.ts";

const VERDICTS: Readonly<Record<Verdict, Key>> = {
  holds: "bounds.holds",
  cannot_hold: "bounds.fails",
  unknown: "bounds.unknown",
};
/** The one clause beside those about margins that has figures in the proof alone. */
const ROUNDING = "left_out.rounding";

/** How a standing is listed below the headline. */
const LISTED: readonly (readonly [Standing, Key])[] = [
  ["cannot_hold", "bounds.list.fails"],
  ["failed", "bounds.list.failed"],
  ["unknown", "bounds.list.unknown"],
  ["held", "bounds.list.held"],
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
  const rest = onlyHeld && clauses.some((one) => one.standing === "holds");
  const said = onlyHeld ? onlyMissing(clauses) : say(VERDICTS[verdict]);
  return [
    paragraph(
      element("strong", { class: tone }, said),
      rest ? ` ${say("bounds.rest.holds")}` : "",
      ` ${counted(clauses)}`,
      isKept(summary.clauses) ? "" : ` ${say("bounds.broken")}`,
    ),
    paragraph(from),
    notes(there).map((note) => paragraph(element("span", { class: "warn" }, note))),
    viewTable(backing, book.now),
    hint("bounds.rounded"),
    heading(3, say("bounds.policy")),
    bullets(clauses.map(viewClause)),
    heading(3, say("bounds.are")),
    bullets([
      say("bounds.of", { time: showTime(attestation.header.asOf) }),
      say(book.ownPrices ? "bounds.own.prices" : "bounds.no.margins"),
      say("bounds.reserves"),
      say("bounds.totals"),
    ]),
    terms(["bound", "certificate"]),
    details("certificates", say("bounds.certificates"), [
      told("bounds.certificates.are"),
      element(
        "textarea",
        {
          readonly: "",
          rows: "8",
          spellcheck: "false",
          "aria-label": say("bounds.certificates.label"),
        },
        // Line by line: a line's end is not printable.
        printCertificates(there.certificates)
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
    ...(held.every(isRounding) ? [] : [say("bounds.margins")]),
    ...(held.some(isRounding) ? [say("bounds.rounding")] : []),
  ];
  return say("bounds.missing", { missing: listed(missing) });
}

function counted(clauses: readonly ClauseThere[]): string {
  const parts = LISTED.flatMap(([standing, key]) => {
    const names = clauses.filter((one) => one.standing === standing).map(({ name }) => name);
    return names.length > 0 ? [say(key, { names: fewOf(names) })] : [];
  });
  if (clauses.length === 0) return say("policy.none");
  return parts.join(" ");
}

function notes({ book: { uncounted, coarse } }: FiguresThere): string[] {
  return [
    ...(coarse.length > 0 ? [say("bounds.coarse", { names: fewOf(coarse) })] : []),
    ...(uncounted.length > 0 ? [say("bounds.uncounted", { names: fewOf(uncounted) })] : []),
  ];
}

function viewTable(
  backing: readonly BackingThere[],
  { quote, valueDecimals }: Compiled,
): HTMLElement {
  const more = (units: bigint) => translated(brief(units, valueDecimals, "up"));
  const less = (units: bigint) => translated(brief(units, valueDecimals, "down"));
  const hasFund = backing.some(({ fundAtLeast }) => fundAtLeast !== undefined);
  const rows = backing.map(({ bound, customers, coverageAtLeast, fundAtLeast }) => ({
    cells: [
      bound.scenario,
      more(bound.owedAtMost),
      less(bound.owedAtLeast),
      less(customers),
      coverageAtLeast === undefined ? say("nothing.owed") : ratio(coverageAtLeast),
      more(bound.badDebtAtMost),
      ...(hasFund ? [fundAtLeast === undefined ? "" : less(fundAtLeast)] : []),
    ],
  }));
  return table(
    say("bounds.caption", { quote }),
    [
      say("backing.scenario"),
      [say("backing.owed"), "P"],
      [say("bounds.owed.least"), "P"],
      [say("backing.reserves"), "W"],
      [say("bounds.coverage"), "W"],
      [say("backing.bad.debt"), "P"],
      ...(hasFund ? [[say("bounds.fund"), "W"] as const] : []),
    ],
    1,
    rows,
  );
}

function viewClause(clause: ClauseThere): Child {
  const { standing, name, detail, by: letter } = clause;
  const judged = word(TONES[standing], say(judgement(clause)));
  return [judged, ": ", code(name), ", ", detailOf(detail), ". ", by(letter)];
}

const TONES: Readonly<Record<Standing, string>> = {
  holds: "good",
  cannot_hold: "bad",
  unknown: "warn",
  held: "warn",
  failed: "bad",
};

function judgement({ standing, restsOn }: ClauseThere): Key {
  switch (standing) {
    case "unknown":
      return "standing.unknown";
    case "held":
      return "standing.held";
    case "failed":
      return "standing.failed";
    case "holds":
      return restsOn === "any_price" ? "standing.holds.any" : "standing.holds";
    case "cannot_hold":
      return restsOn === "any_price" ? "standing.fails.any" : "standing.fails";
  }
}
