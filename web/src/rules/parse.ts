// Reads a rules file into the types of schema.ts. Only its form is checked here: known keys, types
// of values, required keys.

import { parseDecimal } from "../encoding/decimal.ts";
import { parseSpan } from "../encoding/times.ts";
import {
  type AssetRule,
  type ClassRule,
  type Contingency,
  type Delta,
  type KnownToken,
  type LeftOut,
  MARGINS,
  type MarketRule,
  type DrawSource,
  type DrawnTime,
  type MaxDistance,
  type OpenInterestCaps,
  type Policy,
  type Rate,
  type Rules,
  type Scenario,
  type Tier,
  type VolatilityLimits,
} from "./schema.ts";
import { readExpiryMoves, readOption, readOptionMargins } from "./parse-options.ts";
import { Table, parseToml } from "./toml.ts";
import { VOLATILITY_KINDS } from "./volatility.ts";

/** Reads a rules file, and checks only its form. */
export function parseRules(toml: string): Rules {
  return new Table("", parseToml(toml)).read((rules) => {
    const valueDecimals = rules.decimals("value_decimals") ?? 16;
    return {
      name: rules.need("name", rules.text("name")),
      source: rules.need("source", rules.text("source")),
      date: rules.need("date", rules.text("date")),
      exactness: rules.need("exactness", rules.text("exactness")),
      quote: rules.need("quote", rules.text("quote")),
      valueDecimals,
      quoteDecimals: rules.decimals("quote_decimals") ?? valueDecimals,
      scenarios: rules
        .need("scenarios", rules.tables("scenarios"))
        .map((s) => s.read(readScenario)),
      cover: rules.flag("cover") ?? true,
      assetDefault: rules.table("asset_default")?.read(readAsset),
      assets: rules.tableMap("assets", readAsset),
      markets: rules.tableMap("markets", readMarket),
      options: rules.tableMap("options", readOption),
      optionMargins: rules.tableMap("option_margins", readOptionMargins),
      classes: rules.tableMap("classes", readClass),
      contingencies: rules.tableMap("contingencies", readContingency),
      policy: rules.need("policy", rules.table("policy")).read(readPolicy),
      tokens: rules.tableMap("tokens", (chain) => chain.mapOf(readToken)),
    };
  });
}

const KINDS = ["mark", "margin", "stress", "constraint", "credit"] as const;

function readScenario(table: Table): Scenario {
  return {
    name: table.need("name", table.text("name")),
    kind: table.need("kind", table.oneOf("kind", KINDS)),
    margin: table.oneOf("margin", MARGINS),
    defaultMove: table.decimal("default_move"),
    moves: table.table("moves")?.read((moves) => moves.decimalMap()) ?? new Map(),
    volMove: table.decimal("vol_move"),
    expiries: table.tableMap("expiries", readExpiryMoves),
    contingency: table.text("contingency"),
    weight: table.decimal("weight"),
    only: table.texts("only"),
    rates: table.table("rates")?.read((rates) => rates.decimalMap()) ?? new Map(),
    ratesOf: table.oneOf("rates_of", ["price", "underlying"]),
    delta: table.table("delta")?.read(readDelta),
  };
}

function readDelta(table: Table): Delta {
  return {
    underlying: table.need("underlying", table.text("underlying")),
    net: table.need("net", table.decimal("net")),
    gross: table.need("gross", table.decimal("gross")),
  };
}

function readClass(table: Table): ClassRule {
  return { assets: table.texts("assets"), markets: table.texts("markets") };
}

function readContingency(table: Table): Contingency {
  return { maintenance: table.decimal("maintenance"), initial: table.decimal("initial") };
}

function readTier(table: Table): Tier {
  return {
    upTo: table.decimal("up_to"),
    upToValue: table.decimal("up_to_value"),
    maintenance: readRate(table, "maintenance"),
    initial: readRate(table, "initial"),
  };
}

/** A number in quotes, or a table: a function of a volatility. */
function readRate(table: Table, name: string): Rate | undefined {
  if (!table.isTable(name)) return table.decimal(name);
  return table.table(name)?.read((rate) => ({
    volatility: rate.text("volatility"),
    kind: rate.oneOf("kind", VOLATILITY_KINDS),
    window: readSpan(rate, "window"),
    tenor: readSpan(rate, "tenor"),
    source: rate.text("source"),
    multiple: rate.need("multiple", rate.decimal("multiple")),
    horizon: rate.need("horizon", readSpan(rate, "horizon")),
    floor: rate.need("floor", rate.decimal("floor")),
    ceiling: rate.need("ceiling", rate.decimal("ceiling")),
    step: rate.need("step", rate.decimal("step")),
  }));
}

function readSpan(table: Table, name: string): bigint | undefined {
  const text = table.text(name);
  return text === undefined ? undefined : parseSpan(text);
}

function readAsset(table: Table): AssetRule {
  return {
    also: table.texts("also") ?? [],
    decimals: table.need("decimals", table.decimals("decimals")),
    shocked: table.flag("shocked") ?? true,
    maintenance: readRate(table, "maintenance"),
    initial: readRate(table, "initial"),
    tiers: table.tables("tiers")?.map((tier) => tier.read(readTier)),
    borrow: table.flag("borrow") ?? true,
    borrowMaintenance: readRate(table, "borrow_maintenance"),
    borrowInitial: readRate(table, "borrow_initial"),
  };
}

function readMarket(table: Table): MarketRule {
  return {
    underlying: table.need("underlying", table.text("underlying")),
    decimals: table.need("decimals", table.decimals("decimals")),
    tiers: table.need("tiers", table.tables("tiers")).map((tier) => tier.read(readTier)),
    tiersIn: table.text("tiers_in"),
    openInterest: table.table("open_interest")?.read(readCaps),
  };
}

function readCaps(table: Table): OpenInterestCaps {
  return {
    lower: table.need("lower", table.decimal("lower")),
    upper: table.need("upper", table.decimal("upper")),
  };
}

function readPolicy(table: Table): Policy {
  const limits = table.table("bad_debt")?.read((limits) => limits.textMap()) ?? new Map();
  const limit = (text: string) => (text === "insurance" ? text : parseDecimal(text));
  return {
    minCoverage: table.decimal("min_coverage"),
    coverage: table.table("coverage")?.read((least) => least.decimalMap()) ?? new Map(),
    perAsset: table.is("per_asset", "all") ? "all" : table.texts("per_asset"),
    perAssetCredit: table.flag("per_asset_credit") ?? false,
    badDebt: new Map([...limits].map(([scenario, text]) => [scenario, limit(text)])),
    openInterestMatched: table.flag("open_interest_matched") ?? false,
    maxDistance: table.table("max_distance")?.read(readMaxDistance),
    leftOut: table.table("left_out")?.read(readLeftOut),
    drawn: table.table("drawn")?.read(readDrawnTime),
    volatility: table.table("volatility")?.read(readVolatilityLimits),
  };
}

function readToken(table: Table): KnownToken {
  return {
    kind: table.need("kind", table.oneOf("kind", ["native", "erc20"] as const)),
    standsFor: table.need("stands_for", table.text("stands_for")),
    decimals: table.need("decimals", table.decimals("decimals")),
    address: table.text("address"),
    codeHash: table.text("code_hash"),
    balancesSlot: table.count("balances_slot"),
    countsFor: table.decimal("counts_for"),
  };
}

function readMaxDistance(table: Table): MaxDistance {
  return { prices: readSpan(table, "prices"), reserves: readSpan(table, "reserves") };
}

function readVolatilityLimits(table: Table): VolatilityLimits {
  return {
    maxAge: readSpan(table, "max_age"),
    leastSources: table.count("least_sources"),
    band: table.decimal("band"),
  };
}

function readDrawnTime(table: Table): DrawnTime {
  const from = table.need("from", table.oneOf<DrawSource>("from", ["drand:quicknet", "eip155:1"]));
  return { from, missedDays: table.count("missed_days") ?? 0n };
}

function readLeftOut(table: Table): LeftOut {
  return {
    accounts: table.count("accounts"),
    assets: table.table("assets")?.read((assets) => assets.decimalMap()),
    rounding: table.decimal("rounding"),
  };
}
