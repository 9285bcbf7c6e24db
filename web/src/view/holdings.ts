// The book's assets, markets and classes of accounts.

import type { Figures } from "../attestation/figures.ts";
import { type Reserves, heldUnits } from "../attestation/reserves.ts";
import { grouped, showAmount } from "../encoding/decimal.ts";
import { type Child, type Column, details, heading, paragraph, table } from "./dom.ts";

/** Deposits, borrows and reserves of each asset; `taken` is taken off the credited borrows. */
export function viewAssets(
  { assets, credit }: Figures,
  reserves: Reserves | undefined,
  taken: string,
): Child[] {
  const columns: Column[] = ["Asset", ["Deposited", "P"], ["Borrowed", "P"], ["Reserves", "W"]];
  if (credit) columns.push(["Credited borrows that count", "P"]);
  return [
    heading(3, "Assets"),
    table(
      "The reserves are those for customers",
      columns,
      1,
      assets.map(({ name, decimals, deposits, borrows, credit }) => {
        const held = reserves ? heldUnits(reserves, name, "customers", decimals) : 0n;
        const show = (units: bigint) => grouped(showAmount(units, decimals));
        const cells = [name, show(deposits), show(borrows), show(held)];
        return { cells: credit ? [...cells, show(credit.counted)] : cells };
      }),
    ),
    ...(credit
      ? [
          paragraph(
            "Borrows by accounts that the venue calls solvent count against deposits, less " +
              `${taken} of shortfalls and of gains that no account’s loss pays for.`,
          ),
        ]
      : []),
  ];
}

/** Open interest by market. */
export function viewMarkets({ markets }: Figures): Child[] {
  if (markets.length === 0) return [];
  return [
    heading(3, "Markets"),
    table(
      "Open interest",
      ["Market", ["Long", "P"], ["Short", "P"]],
      1,
      markets.map(({ name, decimals, long, short }) => {
        const show = (units: bigint) => grouped(showAmount(units, decimals));
        return { cells: [name, show(long), show(short)] };
      }),
    ),
  ];
}

/** The worth of each class of accounts, in mark and every stress. */
export function viewClasses(
  { classes }: Figures,
  value: (units: bigint) => string,
  quote: string,
): Child[] {
  if (classes.length === 0) return [];
  return [
    details("Classes of accounts", [
      paragraph(
        "No clause rests on these figures: an account that belongs to nobody can move worth from " +
          "one class to another.",
      ),
      table(
        `The worth of each class’s accounts together, in ${quote}`,
        ["Class", ...classes[0]!.worth.map(({ scenario }) => [scenario, "P"] as const)],
        1,
        classes.map((one) => ({
          cells: [one.class, ...one.worth.map(({ units }) => value(units))],
        })),
      ),
    ]),
  ];
}
