// What becomes of every clause of the policy at other prices: whether it holds for certain, cannot
// hold, or is not known. Twin of attestation/src/bound/standing.rs. Bounds decide: it holds for
// certain if it would with the most that can be owed or lacking, and cannot hold if it would not
// with the least. Where everything is worth what it is in the proof, the proof decides.

import type { Clause } from "../attestation/policy.ts";
import { type Decimal, floorUnits, showAmount, showDecimal, ten } from "../encoding/decimal.ts";
import type { Policy } from "../rules/schema.ts";
import type { BackingThere } from "./backing.ts";
import type { Repriced } from "./values.ts";

export type Standing = "holds" | "cannot_hold" | "unknown";

/** Bounds at the other prices; nothing that has a price; or the proof and what was said with it. */
export type RestsOn = "repriced" | "any_price" | "proof";

export interface ClauseThere {
  readonly name: string;
  readonly standing: Standing;
  readonly restsOn: RestsOn;
  readonly detail: string;
  readonly by: Clause["by"];
}

/** All that the standing of clauses rests on. */
export interface There {
  readonly book: Repriced;
  readonly backing: readonly BackingThere[];
  /** How details write an amount. */
  readonly write: (amount: string) => string;
}

/** The clauses of `proved`, in the same order, at the other prices. */
export function standingOf(policy: Policy, proved: readonly Clause[], there: There): ClauseThere[] {
  return proved.map((clause) => repriced(policy, clause, there) ?? asProved(policy, clause));
}

/** The standing of all clauses together: that of the worst. */
export function verdictOf(clauses: readonly ClauseThere[]): Standing {
  const some = (standing: Standing) => clauses.some((clause) => clause.standing === standing);
  // A policy that asks for nothing is not kept.
  if (clauses.length === 0 || some("cannot_hold")) return "cannot_hold";
  return some("unknown") ? "unknown" : "holds";
}

/** A clause of coverage or bad debt in a priced scenario; undefined for any other. */
function repriced(policy: Policy, clause: Clause, there: There): ClauseThere | undefined {
  const { name, by } = clause;
  const [kind, scenario] = named(name);
  const own = there.backing.find((one) => one.bound.scenario === scenario);
  if (!own) return undefined;
  const judged = { name, restsOn: "repriced", by } as const;
  if (own.asProved && (kind === "coverage" || kind === "bad_debt")) {
    return { ...asProved(policy, clause), ...judged };
  }
  if (kind === "coverage") {
    const least = scenario === "mark" ? policy.minCoverage : policy.coverage.get(scenario);
    return { ...judged, ...coverage(own, least!, there) };
  }
  if (kind !== "bad_debt") return undefined;
  const limit = policy.badDebt.get(scenario)!;
  if (limit !== "insurance") return { ...judged, ...badDebt(own, limit, there) };
  return own.others && { ...judged, ...insurance(own, own.others, there) };
}

/** The kind of a clause and the scenario that it is about. */
function named(clause: string): [kind: string, scenario: string] {
  if (clause === "min_coverage") return ["coverage", "mark"];
  const dot = clause.indexOf(".");
  return [clause.slice(0, dot), clause.slice(dot + 1)];
}

/** Amounts of assets and markets have no price; all else is of the proof, or of its time. */
function asProved(policy: Policy, { name, holds, detail, by }: Clause): ClauseThere {
  const [kind] = named(name);
  const isAmount = kind === "per_asset" && !policy.perAssetCredit;
  const anyPrice = isAmount || kind === "open_interest_matched";
  const standing = holds ? "holds" : "cannot_hold";
  return { name, standing, restsOn: anyPrice ? "any_price" : "proof", detail, by };
}

type Judged = Pick<ClauseThere, "standing" | "detail">;

function coverage(own: BackingThere, required: Decimal, there: There): Judged {
  const { customers, bound, coverageAtLeast, coverageAtMost } = own;
  const covers = (owed: bigint) => customers * ten(required.scale) >= required.mantissa * owed;
  const ratio = (coverage: bigint) => there.write(showAmount(coverage, 4));
  const coverage = (from: bigint) =>
    coverageAtMost === undefined
      ? `coverage at least ${ratio(from)} rounded down`
      : `coverage from ${ratio(from)} to ${ratio(coverageAtMost)} rounded down`;
  const said = coverageAtLeast === undefined ? "nothing is owed" : coverage(coverageAtLeast);
  const least = there.write(showAmount(required.mantissa, required.scale));
  return {
    standing: standing(covers(bound.owedAtMost), covers(bound.owedAtLeast)),
    detail:
      `reserves for customers are worth ${amount(customers, there)} and ` +
      `${range(bound.owedAtLeast, bound.owedAtMost, there)} is owed: ${said}, at least ` +
      `${least} required`,
  };
}

function badDebt({ bound }: BackingThere, limit: Decimal, there: There): Judged {
  const most = floorUnits(limit, there.book.now.valueDecimals);
  return {
    standing: standing(bound.badDebtAtMost <= most, bound.badDebtAtLeast <= most),
    detail:
      `bad debt is ${range(bound.badDebtAtLeast, bound.badDebtAtMost, there)}, and the limit is ` +
      `${there.write(showDecimal(limit))} ${there.book.now.quote}`,
  };
}

/** All reserves are at least what all but the insurance fund are owed. */
function insurance(
  { customers, insurance }: BackingThere,
  others: NonNullable<BackingThere["others"]>,
  there: There,
): Judged {
  const all = customers + insurance;
  const hasClass = there.book.now.classes.some((one) => one.class === "insurance");
  const owed = range(others.owedAtLeast, others.owedAtMost, there);
  return {
    standing: standing(all >= others.owedAtMost, all >= others.owedAtLeast),
    detail:
      `all reserves are worth ${amount(all, there)} and ` +
      (hasClass ? `all but the insurance fund are owed ${owed}` : `${owed} is owed`),
  };
}

/** Whether a clause holds in the worst case and in the best. */
function standing(inWorst: boolean, inBest: boolean): Standing {
  if (inWorst) return "holds";
  return inBest ? "unknown" : "cannot_hold";
}

function amount(units: bigint, { book: { now }, write }: There): string {
  return `${write(showAmount(units, now.valueDecimals))} ${now.quote}`;
}

function range(least: bigint, most: bigint, there: There): string {
  if (least === most) return amount(most, there);
  const from = there.write(showAmount(least, there.book.now.valueDecimals));
  return `from ${from} to ${amount(most, there)}`;
}
