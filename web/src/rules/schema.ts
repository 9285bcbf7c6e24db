// The rules file: its types. Twin of rules/src/schema; parse.ts reads the file, validate.ts checks
// it, compile.ts makes the instrument table from it.

import type { Decimal } from "../encoding/decimal.ts";
import type { Span } from "../encoding/times.ts";

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
  /** The contingency that a constraint bounds. */
  readonly contingency: string | undefined;
  readonly weight: Decimal | undefined;
  readonly only: readonly string[] | undefined;
  readonly rates: ReadonlyMap<string, Decimal>;
  /** The price that rates are parts of: the instrument's own if left out. */
  readonly ratesOf: "price" | "underlying" | undefined;
  readonly delta: Delta | undefined;
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

export interface Tier {
  readonly upTo: Decimal | undefined;
  /** Instead of that, the end as a value at the mark price. */
  readonly upToValue: Decimal | undefined;
  readonly maintenance: Decimal | undefined;
  readonly initial: Decimal | undefined;
}

export interface AssetRule {
  readonly also: readonly string[];
  readonly decimals: number;
  readonly shocked: boolean;
  readonly maintenance: Decimal | undefined;
  readonly initial: Decimal | undefined;
  readonly tiers: readonly Tier[] | undefined;
  readonly borrow: boolean;
  readonly borrowMaintenance: Decimal | undefined;
  readonly borrowInitial: Decimal | undefined;
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
}

/** Where the randomness of a drawn time comes from. */
export type DrawSource = "drand:quicknet" | "eip155:1";

/** That the snapshot's time was drawn. */
export interface DrawnTime {
  readonly from: DrawSource;
  /** The most days in a row without an attestation: of a chain of them, not of one. */
  readonly missedDays: bigint;
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
  readonly classes: ReadonlyMap<string, ClassRule>;
  readonly contingencies: ReadonlyMap<string, Contingency>;
  readonly policy: Policy;
  /** By chain, then by name. */
  readonly tokens: ReadonlyMap<string, ReadonlyMap<string, KnownToken>>;
  /** Whether values may be coarse in stresses that clauses read: whoever compiles looks at them. */
  readonly mayBeCoarse?: boolean;
}
