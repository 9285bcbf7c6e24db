// The rules file: its types. Twin of rules/src/schema; parse.ts reads the file, validate.ts checks
// it, compile.ts makes the instrument table from it.

import type { Decimal } from "../encoding/decimal.ts";
import type { Span } from "../encoding/times.ts";
import type { Side } from "./black76/black.ts";
import type { Which } from "./volatility.ts";

export type Margin = "maintenance" | "initial";
export const MARGINS: readonly Margin[] = ["maintenance", "initial"];

/** The class of accounts: customers', or one of the venue's own. */
export type Class = "customer" | "house" | "insurance" | "pool";
export const CLASSES: readonly Class[] = ["customer", "house", "insurance", "pool"];

/** The holdings that a class may have; a list that is left out means all. */
export interface ClassRule {
  readonly assets: readonly string[] | undefined;
  readonly markets: readonly string[] | undefined;
}

export interface Scenario {
  readonly name: string;
  readonly kind: "mark" | "margin" | "stress" | "constraint" | "credit";
  readonly margin: Margin | undefined;
  readonly defaultMove: Decimal | undefined;
  readonly moves: ReadonlyMap<string, Decimal>;
  /** The relative move of every volatility of options. */
  readonly volMove: Decimal | undefined;
  /** The differences for options of one expiry, by its time. */
  readonly expiries: ReadonlyMap<string, ExpiryMoves>;
  /** The contingency that a constraint bounds. */
  readonly contingency: string | undefined;
  readonly weight: Decimal | undefined;
  readonly only: readonly string[] | undefined;
  readonly rates: ReadonlyMap<string, Decimal>;
  /** The price that rates are parts of: the instrument's own if left out. */
  readonly ratesOf: "price" | "underlying" | undefined;
  readonly delta: Delta | undefined;
}

/** The differences for options of one expiry: at least one is given. */
export interface ExpiryMoves {
  /** The move of their forwards, in place of their underlying's. */
  readonly move: Decimal | undefined;
  /** The move of their volatilities, in place of the scenario's. */
  readonly volMove: Decimal | undefined;
  /** The part of their value after the moves that counts, in a constraint. */
  readonly discount: Decimal | undefined;
  /** The part of their gain or loss that counts, in place of the scenario's, in a constraint. */
  readonly weight: Decimal | undefined;
}

/** The gain on the delta of all that follows one underlying, as parts of the underlying's price. */
export interface Delta {
  readonly underlying: string;
  readonly net: Decimal;
  readonly gross: Decimal;
}

/** How many times the largest loss counts, by margin. */
export interface Contingency {
  readonly maintenance: Decimal | undefined;
  readonly initial: Decimal | undefined;
}

/** A rate that follows a volatility (value/rate.ts). */
export interface VolatilityRate extends Which {
  /** Whose it is: the asset's own or the market's underlying's if left out. */
  readonly volatility: string | undefined;
  readonly multiple: Decimal;
  readonly horizon: Span;
  readonly floor: Decimal;
  readonly ceiling: Decimal;
  readonly step: Decimal;
}

/** A weight or a margin rate: a number, or a function of the day's volatility. */
export type Rate = Decimal | VolatilityRate;

/** The function of a rate that is one. */
export function following(rate: Rate): VolatilityRate | undefined {
  return "multiple" in rate ? rate : undefined;
}

/** The number of a rate that is one. */
export function fixed(rate: Rate): Decimal | undefined {
  return "multiple" in rate ? undefined : rate;
}

export interface Tier {
  readonly upTo: Decimal | undefined;
  /** Instead of that, the end as a value at the mark price. */
  readonly upToValue: Decimal | undefined;
  readonly maintenance: Rate | undefined;
  readonly initial: Rate | undefined;
}

export interface AssetRule {
  readonly also: readonly string[];
  readonly decimals: number;
  readonly shocked: boolean;
  readonly maintenance: Rate | undefined;
  readonly initial: Rate | undefined;
  readonly tiers: readonly Tier[] | undefined;
  readonly borrow: boolean;
  readonly borrowMaintenance: Rate | undefined;
  readonly borrowInitial: Rate | undefined;
}

export interface MarketRule {
  readonly underlying: string;
  readonly decimals: number;
  readonly tiers: readonly Tier[];
  /** The asset of which ends in value are amounts: the quote currency if left out. */
  readonly tiersIn: string | undefined;
  /** The values of open interest between which initial rates rise to 1. */
  readonly openInterest: OpenInterestCaps | undefined;
}

/** A European option, settled in the quote currency. */
export interface OptionRule {
  /** The asset whose price, moves and volatilities it follows. */
  readonly underlying: string;
  readonly strike: Decimal;
  /** The time of its expiry. */
  readonly expiry: string;
  readonly side: Side;
  readonly decimals: number;
}

/** What options on one underlying count for in margin scenarios. */
export type OptionMargins = Readonly<Record<Margin, OptionMargin | undefined>>;

export interface OptionMargin {
  /** The part of its value that a long counts for. */
  readonly long: Decimal;
  readonly call: ShortMargin;
  readonly put: ShortMargin;
}

/** The margin of a short beyond its value: the largest of three numbers. */
export interface ShortMargin {
  /** The part of the underlying's price, less what the option is out of the money by. */
  readonly base: Decimal;
  /** The part of the underlying's price whatever the strike. */
  readonly floor: Decimal;
  /** The part of the option's own value. */
  readonly premium: Decimal;
}

export interface OpenInterestCaps {
  readonly lower: Decimal;
  readonly upper: Decimal;
}

export interface Policy {
  readonly minCoverage: Decimal | undefined;
  /** By stress. */
  readonly coverage: ReadonlyMap<string, Decimal>;
  readonly perAsset: "all" | readonly string[] | undefined;
  /** Whether borrows are credited against the deposits of all assets. */
  readonly perAssetCredit: boolean;
  readonly badDebt: ReadonlyMap<string, Decimal | "insurance">;
  readonly openInterestMatched: boolean;
  readonly maxDistance: MaxDistance | undefined;
  readonly leftOut: LeftOut | undefined;
  readonly drawn: DrawnTime | undefined;
  readonly volatility: VolatilityLimits | undefined;
}

/** Where the randomness of a drawn time comes from. */
export type DrawSource = "drand:quicknet" | "eip155:1";

/** That the snapshot's time was drawn. */
export interface DrawnTime {
  readonly from: DrawSource;
  /** The most days in a row without an attestation: of a chain of them, not of one. */
  readonly missedDays: bigint;
}

/** What must be true of every volatility that a rate follows. */
export interface VolatilityLimits {
  readonly maxAge: Span | undefined;
  readonly leastSources: bigint | undefined;
  /** The part by which it may be below what another source says. */
  readonly band: Decimal | undefined;
}

/** How far other times may be from the snapshot's, in either direction. */
export interface MaxDistance {
  readonly prices: Span | undefined;
  readonly reserves: Span | undefined;
}

/** The most that may be left out of the book or rounded in it. */
export interface LeftOut {
  readonly accounts: bigint | undefined;
  /** The most of each asset, for deposits and for borrows; nothing of any other asset. */
  readonly assets: ReadonlyMap<string, Decimal> | undefined;
  readonly rounding: Decimal | undefined;
}

/** Which token of a chain stands for an asset: for evidence of reserves, not read here. */
export interface KnownToken {
  readonly kind: "native" | "erc20";
  readonly standsFor: string;
  readonly decimals: number;
  readonly address: string | undefined;
  readonly codeHash: string | undefined;
  readonly balancesSlot: bigint | undefined;
  readonly countsFor: Decimal | undefined;
}

export interface Rules {
  readonly name: string;
  readonly source: string;
  readonly date: string;
  readonly exactness: string;
  readonly quote: string;
  readonly valueDecimals: number;
  readonly quoteDecimals: number;
  readonly scenarios: readonly Scenario[];
  /** Whether holdings may be booked plain or covered (cover.ts). */
  readonly cover: boolean;
  readonly assetDefault: AssetRule | undefined;
  readonly assets: ReadonlyMap<string, AssetRule>;
  readonly markets: ReadonlyMap<string, MarketRule>;
  readonly options: ReadonlyMap<string, OptionRule>;
  /** By underlying. */
  readonly optionMargins: ReadonlyMap<string, OptionMargins>;
  readonly classes: ReadonlyMap<string, ClassRule>;
  readonly contingencies: ReadonlyMap<string, Contingency>;
  readonly policy: Policy;
  /** By chain, then by name. */
  readonly tokens: ReadonlyMap<string, ReadonlyMap<string, KnownToken>>;
  /** Whether values may be coarse in stresses that clauses read: whoever compiles looks at them. */
  readonly mayBeCoarse?: boolean;
}

/** Whether there is a market or an option of this name. */
export function hasMarket({ markets, options }: Rules, name: string): boolean {
  return markets.has(name) || options.has(name);
}

/** Every rate that follows a volatility, with its key. */
export function ratesThatFollow(rules: Rules): [string, VolatilityRate][] {
  const { assetDefault, assets, markets } = rules;
  const ofAsset = (key: string, rule: AssetRule): [string, Rate | undefined][] => [
    [`${key}.maintenance`, rule.maintenance],
    [`${key}.initial`, rule.initial],
    [`${key}.borrow_maintenance`, rule.borrowMaintenance],
    [`${key}.borrow_initial`, rule.borrowInitial],
    ...ofTiers(key, rule.tiers ?? []),
  ];
  const ofTiers = (key: string, tiers: readonly Tier[]) =>
    tiers.flatMap((tier, i) =>
      MARGINS.map((margin): [string, Rate | undefined] => [
        `${key}.tiers[${i}].${margin}`,
        tier[margin],
      ]),
    );
  const all = [
    ...(assetDefault ? ofAsset("asset_default", assetDefault) : []),
    ...[...assets].flatMap(([name, rule]) => ofAsset(`assets.${name}`, rule)),
    ...[...markets].flatMap(([name, { tiers }]) => ofTiers(`markets.${name}`, tiers)),
  ];
  return all.flatMap(([key, rate]) => {
    const follows = rate && following(rate);
    return follows ? [[key, follows] as [string, VolatilityRate]] : [];
  });
}
