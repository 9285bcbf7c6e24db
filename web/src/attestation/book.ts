// What the attestation says of the venue, computed again from its own rules, prices and totals.

import { type Attestation, checkChain } from "./attestation.ts";
import { type Backing, backingOf } from "./backing.ts";
import { checkDisclosed } from "./disclosed.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { checkOpenInterest } from "./open-interest.ts";
import { type Clause, evaluatePolicy } from "./policy.ts";
import { checkPrices } from "../rules/prices.ts";
import { type Made, checkProgram } from "../rules/program.ts";
import { refuse } from "../encoding/refused.ts";
import { checkReserves } from "./reserves.ts";
import { checkRules } from "../rules/validate.ts";
import { type Rules, parseRules } from "../rules/schema.ts";
import type { Shape } from "../circuit/shape.ts";
import { type Compiled, compileTable } from "../rules/compile.ts";
import { sumTotals } from "./totals.ts";
import { checkTrialBalance } from "./trial-balance.ts";

export interface Book {
  readonly rules: Rules;
  readonly compiled: Compiled;
  /** The rules' program, or why they make none. */
  readonly program: Made;
}

export interface Summary {
  readonly figures: Figures;
  /** What stands behind the book in mark and in every stress. */
  readonly backing: readonly Backing[];
  readonly clauses: readonly Clause[];
}

/** The instrument table, from rules and prices. */
export function compileBook(attestation: Attestation, shape: Shape): Book {
  const { prices, reserves, header } = attestation;
  checkChain(attestation);
  checkPrices(prices);
  if (reserves) checkReserves(reserves);
  const rules = parseRules(attestation.rules);
  checkRules(rules);
  const compiled = compileTable(rules, prices);
  const { length } = compiled.scenarios;
  if (length !== shape.scenarios) {
    refuse(`the rules have ${length} scenarios, the circuit ${shape.scenarios}`);
  }
  return { rules, compiled, program: checkProgram(rules, compiled, prices, header.program) };
}

/** The figures of the claimed totals, and the policy. */
export function summarise(attestation: Attestation, { rules, compiled }: Book, shape: Shape): Summary {
  const { header, prices, reserves, volumes } = attestation;
  const totals = sumTotals(volumes, shape, compiled.rows.length);
  volumes.forEach((volume, index) => checkTrialBalance(compiled, volume, index));
  checkDisclosed(header, rules, prices, compiled, totals);
  const figures = figuresOf(compiled, totals);
  checkOpenInterest(figures.markets, prices.openInterest);
  const backing = backingOf(compiled, figures, reserves);
  const evidence = { compiled, figures, backing, reserves, header, pricesAsOf: prices.asOf };
  return { figures, backing, clauses: evaluatePolicy(rules.policy, evidence) };
}
