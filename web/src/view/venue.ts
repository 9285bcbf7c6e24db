// The venue as its attestation describes it, with who vouches for each figure.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book, Summary } from "../attestation/book.ts";
import { type By, LETTERS } from "../attestation/by.ts";
import type { Clause } from "../attestation/clause.ts";
import type { Setup } from "../attestation/setup.ts";
import { grouped, showAmount } from "../encoding/decimal.ts";
import { toHex } from "../encoding/digest.ts";
import { nanoseconds, showDistance } from "../encoding/times.ts";
import { showRatio, viewBacking } from "./backing.ts";
import {
  type Child,
  bullets,
  by,
  code,
  details,
  element,
  heading,
  pairs,
  paragraph,
  table,
} from "./dom.ts";
import { viewAssets, viewClasses, viewMarkets } from "./holdings.ts";
import { viewLeftOut } from "./left-out.ts";
import { viewPrices } from "./prices.ts";
import { viewReserves } from "./reserves.ts";

/** Everything but the account: header, backing, policy, holdings, reserves, prices, left out. */
export function viewVenue(
  attestation: Attestation,
  book: Book,
  summary: Summary,
  setup: Setup | undefined,
  now: number,
): Child[] {
  const { prices, reserves } = attestation;
  const { compiled } = book;
  const { figures, backing, clauses } = summary;
  const { quote, valueDecimals } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const { owed, coverage } = backing[0]!;
  return [
    heading(2, "The venue"),
    paragraph(
      coverage === undefined
        ? "Nothing is owed to accounts."
        : `At most ${value(owed)} ${quote} is owed to accounts at mark. The venue claims ` +
            `reserves for customers of ${showRatio(coverage)} ${quote} for each ${quote} owed.`,
    ),
    legend(),
    ...viewHeader(attestation, book, setup),
    ...viewTimes(attestation, now),
    ...viewDrawn(attestation, book),
    ...viewBacking(book, summary, value),
    heading(3, "The venue’s own policy"),
    viewPolicy(clauses),
    ...viewAssets(figures, reserves, `${value(figures.credit?.taken ?? 0n)} ${quote}`),
    ...viewReserves(reserves, compiled),
    ...viewPrices(prices, quote),
    ...viewMarkets(figures),
    ...viewClasses(figures, value, quote),
    ...viewLeftOut(attestation.header, quote),
  ];
}

function legend(): HTMLElement {
  const items = Object.entries(LETTERS).map(([letter, text]) => [by(letter as By), ` ${text}.`]);
  return element(
    "div",
    { class: "legend" },
    paragraph(
      "A letter beside a figure says who vouches for it. Amounts of money are at the publisher’s " +
        "prices.",
    ),
    bullets(items),
  );
}

function viewHeader({ digest, header }: Attestation, { rules }: Book, setup?: Setup): Child[] {
  const setupPair = setup
    ? (["Setup", describeSetup(setup), "R"] as const)
    : (["Setup", `${header.setup} (according to the venue)`, "W"] as const);
  return [
    pairs([
      ["Venue", header.venue, "W"],
      ["Attestation", `sequence number ${header.sequence}, as of ${header.asOf}`, "W"],
      ["Its digest", code(toHex(digest)), "R"],
      ["Accounts", `${grouped(String(header.accounts))} in the book`, "W"],
      ["Rules", `${rules.name} (${rules.exactness}), from ${rules.source}`, "W"],
      setupPair,
      ...(setup?.key ? ([["The key’s digest", code(toHex(setup.key)), "R"]] as const) : []),
      ["Software", header.software, "W"],
    ]),
    ...(setup?.origin.kind === "unknown"
      ? [
          details("The setup’s point [tau]₂, to compare with a ceremony’s", [
            code(setup.origin.tau),
          ]),
        ]
      : []),
  ];
}

function describeSetup({ origin, state }: Setup): string {
  if (state === "insecure") return "INSECURE: everyone knows its secret number";
  const trust =
    state === "vouched"
      ? "you vouched for the key by its digest"
      : "UNKNOWN, nobody vouches for the key";
  return origin.kind === "ceremony"
    ? `${trust}; its secret number is that of ${origin.name}`
    : `${trust}; not of a ceremony that this web page knows`;
}

/** The three times, their distances from the snapshot, and their ages by this device's clock. */
function viewTimes({ header, prices, reserves }: Attestation, now: number): Child[] {
  const from = (time: string): string => {
    const difference = nanoseconds(time) - nanoseconds(header.asOf);
    if (difference === 0n) return "the same time";
    return difference > 0n
      ? `${showDistance(difference)} after it`
      : `${showDistance(-difference)} before it`;
  };
  const age = (time: string): string => {
    const since = BigInt(now) * 1_000_000n - nanoseconds(time);
    return since < 0n ? `${showDistance(-since)} in the future` : showDistance(since);
  };
  const row = (what: string, time: string, distance: string) => {
    return { cells: [what, time, distance, age(time)] };
  };
  return [
    heading(3, "Times"),
    table(
      "Ages are by this device’s clock",
      ["Of the", ["Time", "W"], ["From the snapshot", "R"], ["Age", "R"]],
      4,
      [
        row("Snapshot", header.asOf, ""),
        row("Prices", prices.asOf, from(prices.asOf)),
        ...(reserves ? [row("Reserves", reserves.asOf, from(reserves.asOf))] : []),
      ],
    ),
  ];
}

/** How the time of the snapshot was drawn, if it was. */
function viewDrawn({ header: { drawn } }: Attestation, { draw }: Book): Child[] {
  if (!drawn || !draw) return [];
  return [
    paragraph(
      `The snapshot’s time is the second of ${drawn.day} drawn from ${drawn.from}, ${draw.seen}. ` +
        "Nobody knew it before that day had ended. ",
      by(drawn.from === "drand:quicknet" ? "R" : "W"),
    ),
  ];
}

function viewPolicy(clauses: readonly Clause[]): HTMLElement {
  return bullets(
    clauses.map(({ name, holds, detail, by: letter }) => [
      element(
        "span",
        { class: `word ${holds ? "good" : "bad"}` },
        holds ? "Holds" : "Does not hold",
      ),
      ": ",
      code(name),
      `, ${detail}. `,
      by(letter),
    ]),
  );
}
