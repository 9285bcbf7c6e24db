// The book that an attestation describes, computed again from its rules, prices and totals.

import type { Shape } from "../circuit/shape.ts";
import { refuse } from "../encoding/refused.ts";
import { compileTable } from "../rules/compile.ts";
import { parseRules } from "../rules/parse.ts";
import { checkPrices } from "../rules/prices.ts";
import { type Made, checkProgram } from "../rules/program.ts";
import type { Rules } from "../rules/schema.ts";
import type { Compiled } from "../rules/table.ts";
import { checkRules } from "../rules/validate.ts";
import { type Attestation, checkChain } from "./attestation.ts";
import { type Backing, backingOf } from "./backing.ts";
import { checkDisclosed } from "./disclosed.ts";
import { type Draw, checkDrawn } from "./drawn/drawn.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { checkOpenInterest } from "./open-interest.ts";
import type { Clause } from "./clause.ts";
import { type Evidence, evaluatePolicy } from "./policy.ts";
import { checkReserves } from "./reserves.ts";
import { type Total, sumTotals } from "./totals.ts";
import { checkTrialBalance } from "./trial-balance.ts";

export interface Book {
  readonly rules: Rules;
  readonly compiled: Compiled;
  /** The rules' program, or why they have none. */
  readonly program: Made;
  /** How the snapshot's time was drawn, computed again; undefined if it was not. */
  readonly draw: Draw | undefined;
}

export interface Summary {
  /** Of all volumes together, one per instrument. */
  readonly totals: readonly Total[];
  readonly figures: Figures;
  /** The reserves over what is owed, in mark and in every stress. */
  readonly backing: readonly Backing[];
  readonly clauses: readonly Clause[];
}

/** The instrument table, from rules and prices, and what the header says of it. */
export function compileBook(attestation: Attestation): Book {
  const { prices, reserves, header } = attestation;
  checkChain(attestation);
  checkPrices(prices);
  if (reserves) checkReserves(reserves);
  const rules = parseRules(attestation.rules);
  checkRules(rules);
  const compiled = compileTable(rules, prices);
  const { length } = compiled.scenarios;
  if (length !== header.scenarios) {
    refuse(
      `in the attestation's header: the rules have ${length} scenarios, but the header names ` +
        `${header.scenarios}`,
    );
  }
  const draw = header.drawn && checkDrawn(header.drawn, header.asOf);
  return { rules, compiled, draw, program: checkProgram(rules, compiled, prices, header.program) };
}

/** The figures of the claimed totals, and the policy; `write` writes the amounts in its details. */
export function summarise(
  attestation: Attestation,
  { rules, compiled, draw }: Book,
  shape: Shape,
  write: Evidence["write"] = (amount) => amount,
): Summary {
  const { header, prices, reserves, volumes } = attestation;
  const totals = sumTotals(volumes, shape, compiled.rows.length);
  volumes.forEach((volume, index) => checkTrialBalance(compiled, volume, index));
  checkDisclosed(header, rules, prices, compiled, totals);
  const figures = figuresOf(compiled, totals);
  checkOpenInterest(figures.markets, prices.openInterest);
  const backing = backingOf(compiled, figures, reserves);
  const { asOf: pricesAsOf, refused } = prices;
  const facts = { compiled, figures, backing, reserves, header, draw, pricesAsOf, refused };
  const clauses = evaluatePolicy(rules.policy, { ...facts, write });
  return { totals, figures, backing, clauses };
}
