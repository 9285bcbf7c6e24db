// What the attestation says of the venue, computed again from its own rules, prices and totals.

import type { Attestation } from "./attestation.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { checkOpenInterest } from "./open-interest.ts";
import { type Clause, coverageRatio, evaluatePolicy } from "./policy.ts";
import { refuse } from "./refused.ts";
import type { Reserves } from "./reserves.ts";
import { checkRules } from "./rules-check.ts";
import { type Rules, parseRules } from "./rules.ts";
import type { Shape } from "./shape.ts";
import { type Compiled, compileTable } from "./table.ts";
import { sumTotals } from "./totals.ts";

export interface Book {
  readonly rules: Rules;
  readonly compiled: Compiled;
}

export interface Summary {
  readonly figures: Figures;
  readonly clauses: readonly Clause[];
  readonly reserves: Reserves;
  /** Customers' reserves over what is owed, in 1e-4, rounded down; none where nothing is owed. */
  readonly coverage: bigint | undefined;
}

/** The instrument table, from rules and prices. */
export function compileBook(attestation: Attestation, shape: Shape): Book {
  const rules = parseRules(attestation.rules);
  checkRules(rules);
  const compiled = compileTable(rules, attestation.prices);
  const { length } = compiled.scenarios;
  if (length !== shape.scenarios) {
    refuse(`the rules have ${length} scenarios, the circuit ${shape.scenarios}`);
  }
  return { rules, compiled };
}

/** The figures of the claimed totals, and the policy. */
export function summarise(attestation: Attestation, { rules, compiled }: Book, shape: Shape): Summary {
  const totals = sumTotals(attestation.volumes, shape, compiled.rows.length);
  const figures = figuresOf(compiled, totals);
  checkOpenInterest(figures.markets, attestation.prices.openInterest);
  const reserves = attestation.reserves ?? { asOf: attestation.prices.asOf, reserves: [] };
  const clauses = evaluatePolicy(rules.policy, compiled, figures, reserves);
  return { figures, clauses, reserves, coverage: coverageRatio({ compiled, figures, reserves }) };
}
