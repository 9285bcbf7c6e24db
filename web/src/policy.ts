// Whether a book keeps its policy, clause by clause (prover/src/policy.rs). Reserves are compared
// with all that is owed, never with what is owed less bad debt.

import { type Decimal, floorUnits, showAmount, showDecimal, ten } from "./decimal.ts";
import type { Figures } from "./figures.ts";
import { inOrder } from "./names.ts";
import { type Reserves, heldUnits, reservesWorth } from "./reserves.ts";
import type { Policy } from "./rules.ts";
import type { Compiled } from "./table.ts";

export interface Clause {
  /** The clause's key in the rules, such as `bad_debt.mark`. */
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** Evaluates every clause. `figures` are those of `compiled`. */
export function evaluatePolicy(
  policy: Policy,
  compiled: Compiled,
  figures: Figures,
  reserves: Reserves,
): Clause[] {
  const book: Book = { compiled, figures, reserves };
  const { minCoverage, perAsset, perAssetCredit, badDebt, openInterestMatched } = policy;
  const assets = perAsset === "all" ? compiled.assets.map(({ name }) => name) : (perAsset ?? []);
  return [
    ...(minCoverage ? [coverage(book, minCoverage)] : []),
    ...assets.map((asset) => assetClause(book, asset, perAssetCredit)),
    ...inOrder(badDebt).map(([scenario, limit]) => badDebtClause(book, scenario, limit)),
    ...(openInterestMatched ? openInterest(book) : []),
  ];
}

interface Book {
  readonly compiled: Compiled;
  readonly figures: Figures;
  readonly reserves: Reserves;
}

/** Customers' reserves over what is owed at mark, in units of 10^-4, or undefined for nothing owed. */
export function coverageRatio({ compiled, figures, reserves }: Book): bigint | undefined {
  const owed = figures.scenarios[0]!.owed;
  const held = reservesWorth(reserves, compiled, "customers", 0);
  return owed === 0n ? undefined : (held * ten(4)) / owed;
}

function coverage(book: Book, required: Decimal): Clause {
  const { quote, valueDecimals } = book.compiled;
  const held = reservesWorth(book.reserves, book.compiled, "customers", 0);
  const owed = book.figures.scenarios[0]!.owed;
  const ratio = coverageRatio(book);
  const said =
    ratio === undefined ? "nothing is owed" : `coverage ${showAmount(ratio, 4)} rounded down`;
  const least = showAmount(required.mantissa, required.scale);
  return {
    name: "min_coverage",
    holds: held * ten(required.scale) >= required.mantissa * owed,
    detail:
      `reserves for customers are worth ${showAmount(held, valueDecimals)} ${quote} and ` +
      `${showAmount(owed, valueDecimals)} ${quote} is owed: ${said}, at least ${least} required`,
  };
}

function assetClause({ figures, reserves }: Book, asset: string, isCredited: boolean): Clause {
  const name = `per_asset.${asset}`;
  const own = figures.assets.find((one) => one.name === asset);
  if (!own) return { name, holds: false, detail: "there is no price of the asset" };
  const held = heldUnits(reserves, asset, "customers", own.decimals);
  const show = (units: bigint) => `${showAmount(units, own.decimals)} ${asset}`;
  const detail = `reserves of ${show(held)} for deposits of ${show(own.deposits)}`;
  if (!isCredited) return { name, holds: held >= own.deposits, detail };
  if (!own.credit) return { name, holds: false, detail: "there is no credit scenario" };
  const { counted } = own.credit;
  const less = `${detail} less credited loans of ${show(counted)}`;
  return { name, holds: held + counted >= own.deposits, detail: less };
}

function badDebtClause(book: Book, scenario: string, limit: Decimal | "insurance"): Clause {
  const { compiled, figures, reserves } = book;
  const { quote, valueDecimals } = compiled;
  const index = compiled.scenarios.findIndex((one) => one.name === scenario);
  const { badDebt, accountsShort } = figures.scenarios.find((one) => one.name === scenario)!;
  const show = (units: bigint) => showAmount(units, valueDecimals);
  const plural = accountsShort === 1n ? "" : "s";
  const begin = `bad debt is ${show(badDebt)} ${quote} in ${accountsShort} account${plural}, and`;
  const name = `bad_debt.${scenario}`;
  const accounts = figures.classes.find((one) => one.class === "insurance");
  if (limit === "insurance" && accounts) {
    if (reserves.reserves.some(({ purpose }) => purpose === "insurance")) {
      const detail =
        "the insurance fund is a class of accounts here, and reserves of the purpose `insurance` " +
        "would count it twice";
      return { name, holds: false, detail };
    }
    const worth = accounts.worth.find((one) => one.scenario === scenario)!.units;
    const fund = worth < 0n ? 0n : worth;
    const detail = `${begin} the accounts of the insurance fund are worth ${show(fund)} ${quote}`;
    return { name, holds: badDebt <= fund, detail };
  }
  if (limit === "insurance") {
    const fund = reservesWorth(reserves, compiled, "insurance", index);
    const detail = `${begin} the insurance fund is worth ${show(fund)} ${quote}`;
    return { name, holds: badDebt <= fund, detail };
  }
  const holds = badDebt <= floorUnits(limit, valueDecimals);
  return { name, holds, detail: `${begin} the limit is ${showDecimal(limit)} ${quote}` };
}

function openInterest({ figures }: Book): Clause[] {
  return figures.markets.map(({ name, decimals, long, short }) => ({
    name: `open_interest_matched.${name}`,
    holds: long === short,
    detail: `long ${showAmount(long, decimals)}, short ${showAmount(short, decimals)}`,
  }));
}
