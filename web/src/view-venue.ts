// What the attestation says of the venue.

import type { Attestation } from "./attestation.ts";
import type { Book, Summary } from "./book.ts";
import { showAmount } from "./decimal.ts";
import { type Child, bullets, code, element, grouped, heading, pairs, paragraph, table } from "./dom.ts";
import { heldUnits } from "./reserves.ts";
import type { Setup } from "./setup.ts";
import { toHex } from "./words.ts";

export function viewVenue(
  attestation: Attestation,
  { rules, compiled }: Book,
  { figures, clauses, reserves, coverage }: Summary,
  setup: Setup | undefined,
): Child[] {
  const { header } = attestation;
  const { quote, valueDecimals } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const owed = figures.scenarios[0]!.owed;
  return [
    heading(2, "The venue"),
    paragraph(
      owed === 0n
        ? `Nothing is owed to accounts.`
        : `${value(owed)} ${quote} is owed to accounts at mark. The venue claims reserves for ` +
            `customers of ${ratio(coverage!)} ${quote} for each ${quote} owed.`,
    ),
    paragraph(
      "These figures follow from the totals in the attestation. That the totals are those of the " +
        "book is what the proof shows, and this page did not check the proof.",
    ),
    pairs([
      ["Venue", header.venue],
      ["Attestation", `number ${header.sequence}, as of ${header.asOf}`],
      ["Its digest", code(toHex(attestation.digest))],
      ["Accounts", accounts(header.accounts, header.accountsLeftOut)],
      ["Prices", `as of ${attestation.prices.asOf}: ${attestation.prices.method}`],
      ["Rules", `${rules.name} (${rules.exactness}), from ${rules.source}`],
      ["Setup", setup ? setupWords(setup) : `${header.setup} (says the venue)`],
      ["Software", header.software],
    ]),
    heading(3, "What is owed, and bad debt"),
    table(
      `In ${quote}, in each scenario`,
      ["Scenario", "Owed", "Bad debt", "Accounts short"],
      1,
      figures.scenarios.map(({ name, owed, badDebt, accountsShort }) => ({
        cells: [name, value(owed), value(badDebt), grouped(String(accountsShort))],
      })),
    ),
    ...(figures.contingencies.length === 0
      ? []
      : [
          table(
            `Worst losses that accounts are charged for, in ${quote}`,
            ["Contingency", "Together", "Accounts"],
            1,
            figures.contingencies.map(({ name, decimals, required, accounts }) => ({
              cells: [name, grouped(showAmount(required, decimals)), grouped(String(accounts))],
            })),
          ),
        ]),
    heading(3, "Assets"),
    table(
      "Reserves are those for customers, as the venue claims them",
      ["Asset", "Deposited", "Borrowed", "Reserves", ...(figures.credit ? ["Credited loans that count"] : [])],
      1,
      figures.assets.map(({ name, decimals, deposits, borrows, credit }) => {
        const held = heldUnits(reserves, name, "customers", decimals);
        const show = (units: bigint) => grouped(showAmount(units, decimals));
        const cells = [name, show(deposits), show(borrows), show(held)];
        return { cells: credit ? [...cells, show(credit.counted)] : cells };
      }),
    ),
    ...(figures.credit
      ? [
          paragraph(
            `Loans of borrowers whom the venue calls solvent count against deposits, less ` +
              `${value(figures.credit.taken)} ${quote} that accounts lack or that no account's loss pays for.`,
          ),
        ]
      : []),
    ...(figures.markets.length === 0
      ? []
      : [
          heading(3, "Markets"),
          table(
            "Open interest",
            ["Market", "Long", "Short"],
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
          heading(3, "Classes of accounts"),
          table(
            `What the accounts of a class are worth together, in ${quote}`,
            ["Class", ...figures.classes[0]!.worth.map(({ scenario }) => scenario)],
            1,
            figures.classes.map((one) => ({
              cells: [one.class, ...one.worth.map(({ units }) => value(units))],
            })),
          ),
        ]),
    heading(3, "The venue’s own policy"),
    bullets(
      clauses.map(({ name, holds, detail }) => [
        element("span", { class: `word ${holds ? "good" : "bad"}` }, holds ? "Holds" : "Does not hold"),
        ": ",
        code(name),
        `, ${detail}.`,
      ]),
    ),
    ...leftOut(attestation, quote),
  ];
}

function ratio(coverage: bigint): string {
  return showAmount(coverage, 4);
}

function accounts(count: bigint, leftOut: bigint): string {
  const left = leftOut === 0n ? "none" : String(leftOut);
  return `${grouped(String(count))} in the book and ${left} left out, says the venue`;
}

function setupWords({ origin }: Setup): Child {
  switch (origin.kind) {
    case "insecure":
      return "INSECURE: everyone knows its secret number";
    case "ceremony":
      return origin.name;
    default:
      return element("span", {}, "of no ceremony that this page knows; [tau]_2 is ", code(origin.tau));
  }
}

function leftOut({ header }: Attestation, quote: string): Child[] {
  const { exclusions, rounding } = header;
  const items = exclusions.map(
    ({ asset, lines, deposits, borrows }) =>
      `${asset}, without a price: ${lines} lines, ${grouped(deposits)} deposited and ${grouped(borrows)} borrowed`,
  );
  if (rounding.lines > 0n) {
    const bound = grouped(rounding.bound);
    items.push(`${rounding.lines} lines rounded, by less than ${bound} ${quote} together`);
  }
  return items.length === 0 ? [] : [heading(3, "Left out or rounded, says the venue"), bullets(items)];
}
