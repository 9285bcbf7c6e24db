// The change in value of one option: delta, gamma and vega. Twin of rules/src/black76/exposure.rs.

import type { Fraction } from "../../encoding/fraction.ts";
import type { Black, Side } from "./black.ts";

/**
 * Decimals of a delta, per unit of the underlying; of a gamma; of a vega, in the quote currency.
 */
export const DELTA_DECIMALS = 12;
export const GAMMA_DECIMALS = 18;
export const VEGA_DECIMALS = 8;

/** The greeks of one unit of an option, to the nearest unit of their last decimal. */
export interface Greeks {
  readonly delta: bigint;
  /** Undefined if it has no bound. */
  readonly gamma: bigint | undefined;
  readonly vega: bigint;
}

/** The greeks of an option, `time` years before its expiry. */
export function greeksOf(black: Black, side: Side, time: Fraction): Greeks {
  return {
    delta: black.delta(side, DELTA_DECIMALS),
    gamma: black.gamma(GAMMA_DECIMALS),
    vega: black.vega(time, VEGA_DECIMALS),
  };
}
