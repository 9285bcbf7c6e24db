// What becomes of every clause of the policy at other prices: whether it holds for certain, cannot
// hold, or is not known. Twin of attestation/src/bound/standing.rs. Bounds decide: it holds for
// certain if it would with the most that can be owed or lacking, and cannot hold if it would not
// with the least. Where everything is worth what it is in the proof, the proof decides. Margins
// have no bound, and what rounding changed is stated at the prices of the proof: a clause about
// these held or failed in the proof, and is not known elsewhere.

import type { Clause } from "../attestation/clause.ts";
import { type Decimal, floorUnits, showAmount, showDecimal, ten } from "../encoding/decimal.ts";
import type { Policy } from "../rules/schema.ts";
import { isBalanced } from "../rules/table.ts";
import type { BackingThere } from "./backing.ts";
import type { Repriced } from "./values.ts";

/** Of a clause: in the last two it held or failed in the proof, and has no figures elsewhere. */
export type Standing = Verdict | "held" | "failed";

/** Of all clauses together. */
export type Verdict = "holds" | "cannot_hold" | "unknown";

/** Bounds at the other prices; what no price changes; or the proof, as of its prices. */
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
  return proved.map(({ name, holds, detail, by }) => {
    const found = judged(policy, name, there);
    if (typeof found === "object") return { name, restsOn: "repriced", by, ...found };
    const [restsOn, held, failed] = OF_PROOF[found];
    return { name, standing: holds ? held : failed, restsOn, detail, by };
  });
}

/**
 * The standing of all clauses together: that of the worst. What held in the proof is not known at
 * other prices.
 */
export function verdictOf(clauses: readonly ClauseThere[]): Verdict {
  const some = (...standings: Standing[]) =>
    clauses.some(({ standing }) => standings.includes(standing));
  // A policy that asks for nothing is not kept.
  if (clauses.length === 0 || some("cannot_hold", "failed")) return "cannot_hold";
  return some("unknown", "held") ? "unknown" : "holds";
}

/** What is said of a clause where the proof's own answer counts, or there is none. */
type OfProof = "as proved" | "at any price" | "at its prices" | "in the proof" | "nothing";

/** On what it rests, and how it stands if it held in the proof and if it did not. */
const OF_PROOF: Readonly<Record<OfProof, readonly [RestsOn, held: Standing, failed: Standing]>> = {
  /** Nothing has moved. */
  "as proved": ["repriced", "holds", "cannot_hold"],
  /** No price changes it. */
  "at any price": ["any_price", "holds", "cannot_hold"],
  /** It has no bound, and these are the prices of the proof. */
  "at its prices": ["proof", "holds", "cannot_hold"],
  /** It has no bound: it is about margins, or what rounding changed. */
  "in the proof": ["proof", "held", "failed"],
  /** The proof has no figures of it at all. */
  nothing: ["proof", "unknown", "unknown"],
};

const TOO_COARSE =
  "units of value are too coarse at these prices: rounding would change what is owed";

function judged(policy: Policy, clause: string, there: There): Judged | OfProof {
  const [kind, subject] = named(clause);
  switch (kind) {
    case "coverage": {
      const least = clause === "min_coverage" ? policy.minCoverage : policy.coverage.get(subject);
      if (!least) return "nothing";
      return priced(subject, there, (own) => coverage(own, least, there)) ?? "nothing";
    }
    case "bad_debt": {
      const limit = policy.badDebt.get(subject);
      if (!limit) return "nothing";
      const found = priced(subject, there, (own) => {
        if (limit !== "insurance") return badDebt(own, limit, there);
        return own.others ? insurance(own, own.others, there) : "nothing";
      });
      return found ?? (limit === "insurance" ? "nothing" : lacking(subject, limit, there));
    }
    case "per_asset": {
      const { assets, scenarios } = there.book.proved;
      if (!assets.some(({ name }) => name === subject)) return "nothing";
      if (!policy.perAssetCredit) return "at any price";
      return scenarios.some((one) => one.kind === "credit") ? atItsPrices(there) : "nothing";
    }
    case "left_out":
      return subject === "rounding" ? atItsPrices(there) : "at any price";
    // Other prices state others, which margins there would follow.
    case "volatility":
      return atItsPrices(there);
    default:
      return "at any price";
  }
}

/** The kind of a clause and what it is about. */
function named(clause: string): [kind: string, subject: string] {
  if (clause === "min_coverage") return ["coverage", "mark"];
  const dot = clause.indexOf(".");
  return dot < 0 ? [clause, ""] : [clause.slice(0, dot), clause.slice(dot + 1)];
}

/** Of a scenario that is priced: as the proof says where nothing has moved, else by its figures. */
function priced(
  scenario: string,
  { book, backing }: There,
  judge: (own: BackingThere) => Judged | OfProof,
): Judged | OfProof | undefined {
  const of = (name: string) => backing.find((one) => one.bound.scenario === name);
  const own = of(scenario);
  if (own) return own.asProved ? "as proved" : judge(own);
  if (!book.coarse.includes(scenario)) return undefined;
  return of("mark")?.asProved ? "as proved" : { standing: "unknown", detail: TOO_COARSE };
}

/**
 * What accounts lack of a margin or in credit. Nothing counts for more in a margin than at mark, so
 * no less is lacking there; in credit, an uncredited borrow counts for nothing.
 */
function lacking(scenario: string, limit: Decimal, there: There): Judged | OfProof {
  const { proved, now } = there.book;
  const own = proved.scenarios.find((one) => one.name === scenario && isBalanced(one));
  if (!own) return "nothing";
  if (own.kind !== "margin") return atItsPrices(there);
  const { badDebtAtLeast } = there.backing.find((one) => one.bound.scenario === "mark")!.bound;
  if (badDebtAtLeast <= floorUnits(limit, now.valueDecimals)) return atItsPrices(there);
  return {
    standing: "cannot_hold",
    detail:
      `bad debt at mark is ${amount(badDebtAtLeast, there)} at least, no less is lacking here, ` +
      `and the limit is ${there.write(showDecimal(limit))} ${now.quote}`,
  };
}

function atItsPrices({ book }: There): OfProof {
  return book.ownPrices ? "at its prices" : "in the proof";
}

type Judged = Pick<ClauseThere, "standing" | "detail">;

function coverage(own: BackingThere, required: Decimal, there: There): Judged {
  const { customers, bound, coverageAtLeast, coverageAtMost } = own;
  const covers = (owed: bigint) => customers * ten(required.scale) >= required.mantissa * owed;
  const ratio = (coverage: bigint) => there.write(showAmount(coverage, 4));
  const coverage = (from: bigint) =>
    coverageAtMost === undefined
      ? `coverage at least ${ratio(from)}`
      : `coverage from ${ratio(from)} to ${ratio(coverageAtMost)}`;
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
function standing(inWorst: boolean, inBest: boolean): Verdict {
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
