// The book's assets, markets and classes of accounts.

import type { Figures } from "../attestation/figures.ts";
import { type Reserves, heldUnits } from "../attestation/reserves.ts";
import { ten } from "../encoding/decimal.ts";
import type { Compiled } from "../rules/table.ts";
import { amount, ratio } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { type Child, details, heading, told } from "./dom.ts";
import { type Column, table } from "./table.ts";

/** Deposits, borrows and reserves of each asset. */
export function viewAssets(
  { assets, credit }: Figures,
  reserves: Reserves | undefined,
  { quote, valueDecimals }: Compiled,
): Child[] {
  const columns: Column[] = [
    say("assets.asset"),
    [say("assets.deposited"), "P"],
    [say("assets.borrowed"), "P"],
    [say("assets.reserves"), "W"],
    [say("assets.coverage"), "W"],
  ];
  if (credit) columns.push([say("assets.credited"), "P"]);
  const taken = `${amount(credit?.taken ?? 0n, valueDecimals)} ${quote}`;
  return [
    heading(3, say("assets.title")),
    table(
      say("assets.caption"),
      columns,
      1,
      assets.map(({ name, decimals, deposits, borrows, credit }) => {
        const held = reserves ? heldUnits(reserves, name, "customers", decimals) : 0n;
        const show = (units: bigint) => amount(units, decimals);
        const part = deposits === 0n ? say("nothing.owed") : ratio((held * ten(4)) / deposits);
        const cells = [name, show(deposits), show(borrows), show(held), part];
        return { cells: credit ? [...cells, show(credit.counted)] : cells };
      }),
    ),
    credit ? told("assets.credit", { taken }) : [],
  ];
}

/** Open interest by market. */
export function viewMarkets({ markets }: Figures): Child[] {
  if (markets.length === 0) return [];
  return [
    heading(3, say("markets.title")),
    table(
      say("markets.caption"),
      [say("markets.market"), [say("markets.long"), "P"], [say("markets.short"), "P"]],
      1,
      markets.map(({ name, decimals, long, short }) => ({
        cells: [name, amount(long, decimals), amount(short, decimals)],
      })),
    ),
  ];
}

/** The worth of each class of accounts, in mark and every stress. */
export function viewClasses(
  { classes }: Figures,
  { quote, valueDecimals }: Compiled,
): Child[] {
  if (classes.length === 0) return [];
  return [
    details("classes", say("classes.title"), [
      told("classes.no.clause"),
      table(
        say("classes.caption", { quote }),
        [
          say("classes.class"),
          ...classes[0]!.worth.map(({ scenario }) => [scenario, "P"] as const),
        ],
        1,
        classes.map((one) => ({
          cells: [one.class, ...one.worth.map(({ units }) => amount(units, valueDecimals))],
        })),
      ),
    ]),
  ];
}
