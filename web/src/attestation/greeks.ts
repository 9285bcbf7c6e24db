// The greeks of all options on one underlying, of all classes together. Twin of
// rules/src/black76/exposure.rs and of `options` in attestation/src/figures/sums.rs.

import { type Decimal, ten } from "../encoding/decimal.ts";
import {
  DELTA_DECIMALS,
  GAMMA_DECIMALS,
  type Greeks,
  VEGA_DECIMALS,
} from "../rules/black76/greeks.ts";
import { inOrder } from "../rules/names.ts";
import type { Compiled } from "../rules/table.ts";

/**
 * The gains of options together, in the quote currency but for delta: for every 1 that the forward
 * rises `delta`, which itself rises by `gamma`, and for every 100 % of volatility `vega`.
 */
export interface Exposure {
  readonly delta: Decimal;
  /** Undefined if an option that expires at its strike has no bound. */
  readonly gamma: Decimal | undefined;
  readonly vega: Decimal;
}

/** What the longs of an underlying's options gain, what the shorts do, and both together. */
export interface OptionFigures {
  readonly underlying: string;
  readonly long: Exposure;
  readonly short: Exposure;
  readonly net: Exposure;
}

const NONE: Exposure = {
  delta: { mantissa: 0n, scale: DELTA_DECIMALS },
  gamma: { mantissa: 0n, scale: GAMMA_DECIMALS },
  vega: { mantissa: 0n, scale: VEGA_DECIMALS },
};

/** One for each underlying of options, by name; `held` is the quantity of every row. */
export function optionFigures(compiled: Compiled, held: readonly bigint[]): OptionFigures[] {
  const figures = new Map<string, OptionFigures>();
  for (const { markets } of compiled.classes) {
    for (const { longs, shorts, decimals, option } of markets) {
      if (!option) continue;
      const { underlying, greeks } = option;
      const of = figures.get(underlying) ?? { underlying, long: NONE, short: NONE, net: NONE };
      const quantity = (rows: readonly number[]) => rows.reduce((sum, row) => sum + held[row]!, 0n);
      const [bought, sold] = [quantity(longs), -quantity(shorts)];
      const add = (to: Exposure, quantity: bigint) => added(to, greeks, quantity, decimals);
      figures.set(underlying, {
        underlying,
        long: add(of.long, bought),
        short: add(of.short, sold),
        net: add(add(of.net, bought), sold),
      });
    }
  }
  return inOrder(figures).map(([, one]) => one);
}

/** An exposure and so many units of 10^-decimals of an option, fewer than none for a short. */
function added(
  { delta, gamma, vega }: Exposure,
  greeks: Greeks,
  quantity: bigint,
  decimals: number,
): Exposure {
  const plus = (sum: Decimal, greek: bigint, digits: number): Decimal => {
    const scale = Math.max(sum.scale, decimals + digits);
    const own = greek * quantity * ten(scale - decimals - digits);
    return { mantissa: sum.mantissa * ten(scale - sum.scale) + own, scale };
  };
  const bounded = greeks.gamma !== undefined || quantity === 0n;
  return {
    delta: plus(delta, greeks.delta, DELTA_DECIMALS),
    gamma: bounded && gamma ? plus(gamma, greeks.gamma ?? 0n, GAMMA_DECIMALS) : undefined,
    vega: plus(vega, greeks.vega, VEGA_DECIMALS),
  };
}
