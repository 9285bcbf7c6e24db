// What the attestation says of the venue, with who vouches for each figure.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book, Summary } from "../attestation/book.ts";
import { type By, LETTERS } from "../attestation/by.ts";
import { showAmount } from "../encoding/decimal.ts";
import { type Child, bullets, by, code, details, element, grouped, heading, pairs, paragraph, table } from "./dom.ts";
import { heldUnits } from "../attestation/reserves.ts";
import type { Setup } from "../attestation/setup.ts";
import { inWords, nanoseconds } from "../encoding/times.ts";
import { viewPrices, viewReserves } from "./reserves.ts";
import { viewScenarios } from "./scenarios.ts";
import { toHex } from "../encoding/digest.ts";

export function viewVenue(
  attestation: Attestation,
  { rules, compiled }: Book,
  summary: Summary,
  setup: Setup | undefined,
  now: number,
): Child[] {
  const { header, prices, reserves } = attestation;
  const { figures, backing, clauses } = summary;
  const { quote, valueDecimals } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const { owed, coverage } = backing[0]!;
  return [
    heading(2, "The venue"),
    paragraph(
      coverage === undefined
        ? "Nothing is owed to accounts."
        : `At most ${value(owed)} ${quote} is owed to accounts at mark. The venue claims reserves for ` +
            `customers of ${showAmount(coverage, 4)} ${quote} for each ${quote} owed.`,
    ),
    legend(),
    pairs([
      ["Venue", header.venue, "W"],
      ["Attestation", `number ${header.sequence}, as of ${header.asOf}`, "W"],
      ["Its digest", code(toHex(attestation.digest)), "R"],
      ["Accounts", `${grouped(String(header.accounts))} in the book`, "W"],
      ["Rules", `${rules.name} (${rules.exactness}), from ${rules.source}`, "W"],
      ["Setup", setup ? setupWords(setup) : `${header.setup} (says the venue)`, ...letter(setup ? "R" : "W")],
      ...(setup?.key ? ([["The key’s digest", code(toHex(setup.key)), "R"]] as const) : []),
      ["Software", header.software, "W"],
    ]),
    ...(setup?.origin.kind === "unknown"
      ? [details("The setup’s point [tau]₂, to compare with a ceremony’s", [code(setup.origin.tau)])]
      : []),
    ...viewTimes(attestation, now),
    heading(3, "What is owed, and what stands behind it"),
    paragraph(
      "What is owed, bad debt and accounts short are upper bounds: they can be less, never more, for the accounts in the book.",
    ),
    ...viewBacking(summary, value, quote),
    details("What each scenario supposes", [
      paragraph("The publisher chose the scenarios; they stand in the rules, which the proof is bound to."),
      viewScenarios(rules),
    ]),
    ...(figures.contingencies.length === 0
      ? []
      : [
          table(
            `Worst losses that accounts are charged for, in ${quote}`,
            ["Contingency", ["Together, at most", "P"], ["Accounts", "P"]],
            1,
            figures.contingencies.map(({ name, decimals, required, accounts }) => ({
              cells: [name, grouped(showAmount(required, decimals)), grouped(String(accounts))],
            })),
          ),
        ]),
    heading(3, "The venue’s own policy"),
    bullets(
      clauses.map(({ name, holds, detail, by: letter }) => [
        element("span", { class: `word ${holds ? "good" : "bad"}` }, holds ? "Holds" : "Does not hold"),
        ": ",
        code(name),
        `, ${detail}. `,
        by(letter),
      ]),
    ),
    heading(3, "Assets"),
    table(
      "Reserves are those for customers",
      ["Asset", ["Deposited", "P"], ["Borrowed", "P"], ["Reserves", "W"], ...(figures.credit ? [["Credited loans that count", "P"] as const] : [])],
      1,
      figures.assets.map(({ name, decimals, deposits, borrows, credit }) => {
        const held = reserves ? heldUnits(reserves, name, "customers", decimals) : 0n;
        const show = (units: bigint) => grouped(showAmount(units, decimals));
        const cells = [name, show(deposits), show(borrows), show(held)];
        return { cells: credit ? [...cells, show(credit.counted)] : cells };
      }),
    ),
    ...(figures.credit
      ? [
          paragraph(
            `Loans of borrowers whom the venue calls solvent count against deposits, less ` +
              `${value(figures.credit.taken)} ${quote} that accounts lack or that no account’s loss pays for.`,
          ),
        ]
      : []),
    ...viewReserves(reserves),
    heading(3, "Prices"),
    details(`${prices.prices.size} prices in ${quote}, as of ${prices.asOf}`, [
      pairs([
        ["Method", prices.method, "W"],
        ["Source", prices.source ?? "not said", "W"],
      ]),
      table("Compare them with another source", ["Of", ["Price of one", "W"]], 1, viewPrices(prices.prices, quote).map((cells) => ({ cells }))),
      ...(prices.openInterest.size === 0
        ? []
        : [
            table(
              "Open interest that initial rates go by, in whole units",
              ["Market", ["Stated", "W"]],
              1,
              [...prices.openInterest].map(([name, { mantissa, scale }]) => ({
                cells: [name, grouped(showAmount(mantissa, scale))],
              })),
            ),
          ]),
    ]),
    ...(figures.markets.length === 0
      ? []
      : [
          heading(3, "Markets"),
          table(
            "Open interest",
            ["Market", ["Long", "P"], ["Short", "P"]],
            1,
            figures.markets.map(({ name, decimals, long, short }) => {
              const show = (units: bigint) => grouped(showAmount(units, decimals));
              return { cells: [name, show(long), show(short)] };
            }),
          ),
        ]),
    ...(figures.classes.length === 0
      ? []
      : [
          details("Classes of accounts", [
            paragraph("No clause rests on these: an account that nobody has can move worth from one class to another."),
            table(
              `What the accounts of a class are worth together, in ${quote}`,
              ["Class", ...figures.classes[0]!.worth.map(({ scenario }) => [scenario, "P"] as const)],
              1,
              figures.classes.map((one) => ({
                cells: [one.class, ...one.worth.map(({ units }) => value(units))],
              })),
            ),
          ]),
        ]),
    ...viewLeftOut(attestation, quote),
  ];
}

function letter(by: By): [By] {
  return [by];
}

function legend(): HTMLElement {
  const items = (Object.entries(LETTERS) as [By, string][]).map(([letter, words]) => [by(letter), ` ${words}.`]);
  return element(
    "div",
    { class: "legend" },
    paragraph("A letter says who vouches for a figure. Whatever is in money is at the publisher’s prices."),
    bullets(items),
  );
}

/** Owed and bad debt in each scenario, and the reserves where they are valued. */
function viewBacking({ figures, backing }: Summary, value: (units: bigint) => string, quote: string): Child[] {
  const hasFund = backing.some(({ fund }) => fund !== undefined);
  const rows = figures.scenarios.map(({ name, owed, badDebt, accountsShort }) => {
    const behind = backing.find((one) => one.scenario === name);
    const of = (show: (one: NonNullable<typeof behind>) => string) => (behind ? show(behind) : "");
    const cells = [
      name,
      value(owed),
      of(({ customers }) => value(customers)),
      of(({ coverage }) => (coverage === undefined ? "nothing owed" : showAmount(coverage, 4))),
      value(badDebt),
      grouped(String(accountsShort)),
      ...(hasFund ? [of(({ fund }) => (fund === undefined ? "" : value(fund)))] : []),
    ];
    return { cells };
  });
  return [
    table(
      `In ${quote}, in each scenario`,
      [
        "Scenario",
        ["Owed, at most", "P"],
        ["Reserves for customers", "W"],
        ["Coverage", "W"],
        ["Bad debt, at most", "P"],
        ["Accounts short, at most", "P"],
        ...(hasFund ? [["Left for the insurance fund", "W"] as const] : []),
      ],
      1,
      rows,
    ),
    ...(hasFund
      ? [
          paragraph(
            "The insurance fund is what all reserves, valued in the scenario, are more than everyone else is owed there: below zero it is missing.",
          ),
        ]
      : []),
  ];
}

/** The three times, how far they are from the snapshot's, and their ages by this device's clock. */
function viewTimes({ header, prices, reserves }: Attestation, now: number): Child[] {
  const from = (time: string): string => {
    const difference = nanoseconds(time) - nanoseconds(header.asOf);
    if (difference === 0n) return "the same time";
    return difference > 0n ? `${inWords(difference)} after it` : `${inWords(-difference)} before it`;
  };
  const age = (time: string): string => {
    const since = BigInt(now) * 1_000_000n - nanoseconds(time);
    return since < 0n ? `${inWords(-since)} in the future` : inWords(since);
  };
  const row = (what: string, time: string) => ({ cells: [what, time, what === "Snapshot" ? "" : from(time), age(time)] });
  return [
    heading(3, "Times"),
    table(
      "Ages go by this device’s clock",
      ["Of the", ["Time", "W"], ["From the snapshot", "R"], ["Age", "R"]],
      4,
      [
        row("Snapshot", header.asOf),
        row("Prices", prices.asOf),
        ...(reserves ? [row("Reserves", reserves.asOf)] : []),
      ],
    ),
  ];
}

function setupWords({ origin, state }: Setup): string {
  if (state === "insecure") return "INSECURE: everyone knows its secret number";
  const whose = state === "vouched" ? "you vouched for the key by its digest" : "UNKNOWN, nobody vouches for the key";
  return origin.kind === "ceremony"
    ? `${whose}; its secret number is that of ${origin.name}`
    : `${whose}; of no ceremony that this page knows`;
}

function viewLeftOut({ header }: Attestation, quote: string): Child[] {
  const { accountsLeftOut, exclusions, rounding } = header;
  const items = exclusions.map(
    ({ asset, lines, accounts, deposits, borrows }) =>
      `${asset}, without a price: ${grouped(deposits)} deposited and ${grouped(borrows)} borrowed, in ${count(lines, "line")} of ${count(accounts, "account")}`,
  );
  if (accountsLeftOut > 0n) items.unshift(`${count(accountsLeftOut, "account")}, of which everything was left out`);
  if (rounding.lines > 0n) {
    items.push(`${count(rounding.lines, "line")} rounded, by less than ${grouped(rounding.bound)} ${quote} together`);
  }
  const said = items.map((item): Child[] => [`${item} `, by("W")]);
  return [
    heading(3, "Left out or rounded"),
    said.length === 0 ? paragraph("Nothing, says the venue. ", by("W")) : bullets(said),
    ...(rounding.instruments.length === 0
      ? []
      : [
          details("What was rounded, by instrument", [
            bullets(
              rounding.instruments.map(
                ({ instrument, lines, bound }) => `${instrument}: ${count(lines, "line")}, by less than ${grouped(bound)}`,
              ),
            ),
          ]),
        ]),
  ];
}

function count(number: bigint, what: string): string {
  return `${grouped(String(number))} ${what}${number === 1n ? "" : "s"}`;
}
