// How often a contingency counts, and in which unit.

import { type Decimal, exactUnits } from "../encoding/decimal.ts";
import type { Rules, Scenario } from "./schema.ts";

/** How many times a contingency counts in a scenario; undefined outside margin scenarios. */
export function contingencyTimes(
  rules: Rules,
  name: string,
  { margin }: Scenario,
): Decimal | undefined {
  return margin && rules.contingencies.get(name)![margin];
}

/** Decimals of the unit in which every count of a contingency is a whole number. */
export function contingencyShift(rules: Rules, name: string): number {
  let shift = 0;
  for (const scenario of rules.scenarios) {
    const times = contingencyTimes(rules, name, scenario);
    while (times && exactUnits(times, shift) === undefined) shift += 1;
  }
  return shift;
}
