// Whether a book keeps its policy, clause by clause. Twin of attestation/src/policy/mod.rs.
// Reserves are compared with all that is owed, never with owed less bad debt; for the insurance
// fund, the reserves of both purposes are compared with all that everyone else is owed, so that
// nothing counts twice.

import {
  type Decimal,
  compareDecimals,
  floorUnits,
  parseDecimal,
  showAmount,
  showDecimal,
  ten,
} from "../encoding/decimal.ts";
import { type Span, distance, isWithin, showSpan } from "../encoding/times.ts";
import { inOrder, lowerAscii } from "../rules/names.ts";
import type { DrawnTime, LeftOut, MaxDistance, Policy } from "../rules/schema.ts";
import type { Compiled } from "../rules/table.ts";
import type { AssetLeftOut, Header } from "./attestation.ts";
import type { Backing } from "./backing.ts";
import type { Clause } from "./clause.ts";
import type { By } from "./by.ts";
import type { Draw } from "./drawn/drawn.ts";
import type { Figures } from "./figures.ts";
import { type Reserves, heldUnits } from "./reserves.ts";
import { volatilityClauses } from "./volatility.ts";

/** All that clauses read. */
export interface Evidence {
  readonly compiled: Compiled;
  readonly figures: Figures;
  readonly backing: readonly Backing[];
  readonly reserves: Reserves | undefined;
  readonly header: Header;
  readonly pricesAsOf: string;
  /** How the time was drawn, computed again; undefined if it was not. */
  readonly draw: Draw | undefined;
  /** The assets that were refused a price, each with the reason. */
  readonly refused: ReadonlyMap<string, string>;
  /** How details write an amount: plain, as native reports do, or grouped for a reader. */
  readonly write: (amount: string) => string;
}

/** Evaluates every clause, in the one order that they have. */
export function evaluatePolicy(policy: Policy, evidence: Evidence): Clause[] {
  const { minCoverage, perAsset, perAssetCredit, badDebt, openInterestMatched } = policy;
  const { assets: table } = evidence.compiled;
  const assets = perAsset === "all" ? table.map(({ name }) => name) : (perAsset ?? []);
  return [
    ...(minCoverage ? [coverage(evidence, "min_coverage", "mark", minCoverage)] : []),
    ...inOrder(policy.coverage).map(([name, least]) =>
      coverage(evidence, `coverage.${name}`, name, least),
    ),
    ...assets.map((asset) => assetClause(evidence, asset, perAssetCredit)),
    ...inOrder(badDebt).map(([name, limit]) =>
      limit === "insurance" ? insurance(evidence, name) : badDebtClause(evidence, name, limit),
    ),
    ...(openInterestMatched ? openInterest(evidence) : []),
    ...(policy.maxDistance ? distances(evidence, policy.maxDistance) : []),
    ...(policy.leftOut ? leftOut(evidence, policy.leftOut) : []),
    ...(policy.drawn ? drawnTime(evidence, policy.drawn) : []),
    ...(policy.volatility
      ? volatilityClauses(
          evidence.compiled,
          evidence.header.asOf,
          policy.volatility,
          evidence.write,
        )
      : []),
    ...refusedPrices(evidence),
  ];
}

function coverage(
  { compiled, backing, write }: Evidence,
  name: string,
  scenario: string,
  required: Decimal,
): Clause {
  const { quote, valueDecimals } = compiled;
  const show = (units: bigint) => `${write(showAmount(units, valueDecimals))} ${quote}`;
  const { customers, owed, coverage } = backing.find((one) => one.scenario === scenario)!;
  const ratio =
    coverage === undefined
      ? "nothing is owed"
      : `coverage ${write(showAmount(coverage, 4))} rounded down`;
  const least = write(showAmount(required.mantissa, required.scale));
  return {
    name,
    holds: customers * ten(required.scale) >= required.mantissa * owed,
    detail:
      `reserves for customers are worth ${show(customers)} and ${show(owed)} is owed: ${ratio}, ` +
      `at least ${least} required`,
    by: "W",
  };
}

function assetClause(
  { figures, reserves, write }: Evidence,
  asset: string,
  isCredited: boolean,
): Clause {
  const clause = { name: `per_asset.${asset}`, by: "W" } as const;
  const own = figures.assets.find((one) => one.name === asset);
  if (!own) return { ...clause, holds: false, detail: "there is no price of the asset" };
  const held = reserves ? heldUnits(reserves, asset, "customers", own.decimals) : 0n;
  const show = (units: bigint) => `${write(showAmount(units, own.decimals))} ${asset}`;
  const detail = `reserves of ${show(held)} for deposits of ${show(own.deposits)}`;
  if (!isCredited) return { ...clause, holds: held >= own.deposits, detail };
  if (!own.credit) return { ...clause, holds: false, detail: "there is no credit scenario" };
  const { counted } = own.credit;
  const less = `${detail} less credited borrows of ${show(counted)}`;
  return { ...clause, holds: held + counted >= own.deposits, detail: less };
}

function badDebtClause(
  { compiled, figures, write }: Evidence,
  scenario: string,
  limit: Decimal,
): Clause {
  const { quote, valueDecimals } = compiled;
  const own = figures.scenarios.find((one) => one.name === scenario)!;
  const { badDebt, accountsWithShortfall: accounts } = own;
  const plural = accounts === 1n ? "" : "s";
  return {
    name: `bad_debt.${scenario}`,
    holds: badDebt <= floorUnits(limit, valueDecimals),
    detail:
      `bad debt is ${write(showAmount(badDebt, valueDecimals))} ${quote} in ` +
      `${write(String(accounts))} account${plural}, and the limit is ` +
      `${write(showDecimal(limit))} ${quote}`,
    by: "P",
  };
}

/** All reserves, valued in a scenario, are at least what all but the fund are owed there. */
function insurance({ compiled, backing, write }: Evidence, scenario: string): Clause {
  const { quote, valueDecimals, classes } = compiled;
  const show = (units: bigint) => `${write(showAmount(units, valueDecimals))} ${quote}`;
  const clause = { name: `bad_debt.${scenario}`, by: "W" } as const;
  const own = backing.find((one) => one.scenario === scenario)!;
  const { customers, insurance, owedToOthers, fund } = own;
  if (owedToOthers === undefined || fund === undefined) {
    const detail = `there is no twin of \`${scenario}\`, which says what all but the fund are owed`;
    return { ...clause, holds: false, detail };
  }
  const hasClass = classes.some((one) => one.class === "insurance");
  const owed = hasClass
    ? `all but the insurance fund are owed ${show(owedToOthers)}`
    : `${show(owedToOthers)} is owed`;
  const left =
    fund < 0n ? `${show(-fund)} is missing` : `${show(fund)} is left for the insurance fund`;
  const detail = `all reserves are worth ${show(customers + insurance)} and ${owed}: ${left}`;
  return { ...clause, holds: fund >= 0n, detail };
}

function openInterest({ figures, write }: Evidence): Clause[] {
  return figures.markets.map(({ name, decimals, long, short }) => {
    const show = (units: bigint) => write(showAmount(units, decimals));
    return {
      name: `open_interest_matched.${name}`,
      holds: long === short,
      detail: `long ${show(long)}, short ${show(short)}`,
      by: "P",
    };
  });
}

/** The times of prices and reserves are near the snapshot's, before it or after it. */
function distances({ header, reserves, pricesAsOf }: Evidence, most: MaxDistance): Clause[] {
  const of = (what: string, asOf: string | undefined, most: Span): Clause => {
    const clause = { name: `max_distance.${what}`, by: "W" } as const;
    if (asOf === undefined) return { ...clause, holds: false, detail: `there are no ${what}` };
    // A part of a second counts as a whole one.
    const seconds = (distance(asOf, header.asOf) + 999_999_999n) / 1_000_000_000n;
    const detail =
      `${what} of ${asOf} are ${showSpan(seconds)} away from the snapshot, and at most ` +
      `${showSpan(most)} is allowed`;
    return { ...clause, holds: isWithin(asOf, header.asOf, most), detail };
  };
  return [
    ...(most.prices === undefined ? [] : [of("prices", pricesAsOf, most.prices)]),
    ...(most.reserves === undefined ? [] : [of("reserves", reserves?.asOf, most.reserves)]),
  ];
}

/** No more was left out of the book, or rounded in it, than the policy allows. */
function leftOut({ compiled, header, write }: Evidence, most: LeftOut): Clause[] {
  const { accountsLeftOut: left, leftOut, rounding } = header;
  const clause = (what: string, holds: boolean, detail: string): Clause => {
    return { name: `left_out.${what}`, holds, detail, by: "W" };
  };
  const clauses: Clause[] = [];
  if (most.accounts !== undefined) {
    const accounts = `${write(String(left))} account${left === 1n ? "" : "s"}`;
    const detail = `${accounts} left out, and at most ${write(String(most.accounts))} allowed`;
    clauses.push(clause("accounts", left <= most.accounts, detail));
  }
  if (most.assets) {
    const allowed = most.assets;
    const tooMuch = leftOut.find(({ asset, deposits, borrows }) => {
      const most = allowed.get(asset);
      return !most || exceeds(deposits, most) || exceeds(borrows, most);
    });
    const detail = tooMuch ? tooMuchOf(tooMuch, allowed, write) : allAllowed(leftOut.length);
    clauses.push(clause("assets", !tooMuch, detail));
  }
  if (most.rounding) {
    const { quote } = compiled;
    const detail =
      `rounding changed ${write(rounding.bound)} ${quote} at most, and ` +
      `${write(showDecimal(most.rounding))} ${quote} is allowed`;
    clauses.push(clause("rounding", !exceeds(rounding.bound, most.rounding), detail));
  }
  return clauses;
}

/**
 * The time was drawn from the source that the policy names, and the reserves are of before it was
 * known. Whether a block is the chain's is the publisher's word: this web page reads no chain.
 */
function drawnTime({ header, draw, reserves }: Evidence, asked: DrawnTime): Clause[] {
  const clause = (holds: boolean, detail: string, by: By): Clause => {
    return { name: "drawn", holds, detail, by };
  };
  const { drawn, asOf } = header;
  if (!drawn || !draw) return [clause(false, `${asOf} was not drawn`, "R")];
  const { from, day } = drawn;
  const said = `${draw.second} is the second of ${day} drawn from ${from}, ${draw.seen}`;
  const time =
    from === asked.from
      ? clause(true, said, from === "drand:quicknet" ? "R" : "W")
      : clause(false, `${said}, and it has to be drawn from ${asked.from}`, "R");
  return reserves ? [time, reservesInTime(reserves, day)] : [time];
}

/** The reserves are of a time when nobody knew the second of the day. */
function reservesInTime({ asOf }: Reserves, day: string): Clause {
  // Of times in their shortest form the days are in the order of their texts.
  const holds = asOf.slice(0, 10) <= day;
  const detail = holds
    ? `reserves of ${asOf} are of before the end of ${day}`
    : `reserves of ${asOf} are of after the end of ${day}, when its second was known`;
  return { name: "drawn.reserves", holds, detail, by: "W" };
}

/** Nothing was left out because its price was refused, in whatever case: where it was, it fails. */
function refusedPrices({ header, refused, write }: Evidence): Clause[] {
  if (refused.size === 0) return [];
  return header.leftOut.flatMap(({ asset, deposits, borrows }) => {
    const spelt = [...refused].find(([name]) => lowerAscii(name) === lowerAscii(asset));
    if (!spelt) return [];
    const detail =
      `deposits of ${write(deposits)} ${asset} and borrows of ${write(borrows)} ${asset} ` +
      `left out, whose price was refused: ${spelt[1]}`;
    return [{ name: `left_out.refused.${asset}`, holds: false, detail, by: "W" }];
  });
}

function exceeds(amount: string, most: Decimal): boolean {
  return compareDecimals(parseDecimal(amount), most) > 0;
}

function tooMuchOf(
  { asset, deposits, borrows }: AssetLeftOut,
  allowed: ReadonlyMap<string, Decimal>,
  write: Evidence["write"],
): string {
  const most = allowed.get(asset);
  const limit = most
    ? `at most ${write(showDecimal(most))} ${asset} of either is allowed`
    : "none of it is allowed";
  return (
    `deposits of ${write(deposits)} ${asset} and borrows of ${write(borrows)} ${asset} left out, ` +
    `and ${limit}`
  );
}

function allAllowed(count: number): string {
  if (count === 0) return "no asset left out";
  return count === 1
    ? "1 asset left out, no more of it than is allowed"
    : `${count} assets left out, no more of each than is allowed`;
}
