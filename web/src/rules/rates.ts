// The weights and margin rates of the day: those that are numbers, and those that follow a
// volatility, at the volatilities of the prices. Twin of rules/src/compile/rates.rs.

import { type Decimal, ten } from "../encoding/decimal.ts";
import { refuse } from "../encoding/refused.ts";
import type { Prices } from "./prices.ts";
import { type Margin, type Rate, type Rules, type Tier, following } from "./schema.ts";
import { hasMargin } from "./validate/scenarios.ts";
import { inTierOrder } from "./validate/tiers.ts";
import { rateAt } from "./value/rate.ts";
import { type Followed, counts, largestOf } from "./volatility.ts";

/** What a rate stands for: a margin, what is taken off a weight, or what is added to one. */
type Meaning = "margin" | "deposit" | "borrow";

export class Rates {
  /** What rates follow, in the order in which they are looked at. */
  readonly followed: Followed[] = [];

  constructor(
    private readonly rules: Rules,
    private readonly prices: Prices,
  ) {}

  /** The rates of tiers, by margin; the volatility is that of `asset` where none is named. */
  tiers(
    key: string,
    asset: string,
    tiers: readonly Tier[],
    meaning: Meaning,
  ): Record<Margin, readonly (Decimal | undefined)[]> {
    const of = (margin: Margin): readonly (Decimal | undefined)[] => {
      const rates = tiers.map((tier) => this.rate(key, asset, tier[margin], margin, meaning));
      if (!inTierOrder(rates, meaning === "margin" ? "rise" : "fall")) {
        refuse(`rules: ${key}, ${margin}: at these prices a larger size would be treated better`);
      }
      return rates;
    };
    return { maintenance: of("maintenance"), initial: of("initial") };
  }

  /** One rate; undefined if there is none, or no scenario asks for one that follows. */
  rate(
    key: string,
    own: string,
    rate: Rate | undefined,
    margin: Margin,
    meaning: Meaning,
  ): Decimal | undefined {
    const follows = rate && following(rate);
    if (!rate || !follows) return rate as Decimal | undefined;
    if (!hasMargin(this.rules, margin)) return undefined;
    const asset = follows.volatility ?? own;
    const stated = this.prices.volatilities.get(asset) ?? [];
    const used = largestOf(stated.filter((one) => counts(follows, one)));
    if (!used) return refuse(`rules: ${key}: the prices have no such volatility of ${asset}`);
    this.followed.push({ asset, which: follows, used });
    const { mantissa, scale } = rateAt(follows, used.annual);
    if (meaning === "margin") return { mantissa, scale };
    const sign = meaning === "borrow" ? 1n : -1n;
    return { mantissa: ten(scale) + sign * mantissa, scale };
  }
}
