// Rates that follow a volatility: their numbers in range. Twin of rules/src/validate/rates.rs.

import { type Decimal, compareDecimals, whole } from "../../encoding/decimal.ts";
import { refuse } from "../../encoding/refused.ts";
import { checkName } from "../names.ts";
import { type Rules, type VolatilityRate, ratesThatFollow } from "../schema.ts";
import { RATE_DIGITS, isSource } from "../volatility.ts";

/** Refuses functions of a volatility that make no sense. */
export function checkVolatilityRates(rules: Rules): void {
  for (const [key, rate] of ratesThatFollow(rules)) checkRate(`rules: ${key}`, rate);
}

function checkRate(key: string, rate: VolatilityRate): void {
  const { volatility, kind, window, tenor, source, horizon } = rate;
  if (volatility !== undefined) checkName(`${key}.volatility`, volatility);
  if (window === 0n || tenor === 0n || horizon === 0n) refuse(`${key}: 0s is no length of time`);
  const isTaken = (length: bigint | undefined, other: VolatilityRate["kind"]) =>
    length !== undefined && kind === other;
  if (
    isTaken(window, "implied") ||
    isTaken(tenor, "realised") ||
    (window !== undefined && tenor !== undefined)
  ) {
    refuse(`${key}: \`window\` is of realised volatilities, \`tenor\` of implied ones`);
  }
  if (source !== undefined && !isSource(source)) refuse(`${key}.source is no name`);
  checkNumbers(key, rate);
}

function checkNumbers(key: string, { multiple, step, floor, ceiling }: VolatilityRate): void {
  const limited: [string, Decimal, bigint][] = [
    ["multiple", multiple, 1000n],
    ["step", step, 1n],
  ];
  for (const [field, value, most] of limited) {
    if (value.mantissa <= 0n || compareDecimals(value, whole(most)) > 0) {
      refuse(`${key}.${field} must be above 0 and at most ${most}`);
    }
    if (value.scale > RATE_DIGITS) refuse(`${key}.${field} has more than ${RATE_DIGITS} decimals`);
  }
  for (const value of [floor, ceiling]) {
    if (value.mantissa < 0n || compareDecimals(value, whole(1n)) > 0) {
      refuse(`${key}: floor and ceiling must be between 0 and 1`);
    }
  }
  if (compareDecimals(ceiling, floor) < 0) refuse(`${key}.ceiling is below floor`);
}
