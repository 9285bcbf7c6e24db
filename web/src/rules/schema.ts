// The rules file (TOML): its form. What it has to satisfy is in rules-check.ts, what it compiles to
// in table.ts. The form is described in prover/src/rules/file.rs.

import { TomlError, parse as parseToml } from "smol-toml";

import { type Decimal, parseDecimal } from "../encoding/decimal.ts";
import { type Span, parseSpan } from "../encoding/times.ts";
import { HAS_OPTIONS } from "./prices.ts";
import { CannotCheck, Refused, refuse } from "../encoding/refused.ts";

export type Margin = "maintenance" | "initial";
export const MARGINS: readonly Margin[] = ["maintenance", "initial"];

/** Whose accounts hold it. */
export type Class = "customer" | "house" | "insurance" | "pool";
export const CLASSES: readonly Class[] = ["customer", "house", "insurance", "pool"];

/** What the accounts of a class may hold; all where a list is left out. */
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
  /** Whose price rates are parts of, the instrument's own where left out. */
  readonly ratesOf: "price" | "underlying" | undefined;
  readonly delta: Delta | undefined;
}

/** What the delta of all that follows one underlying gains, as parts of the underlying's price. */
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
  /** Instead of that, what it is worth at the mark price. */
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
  /** Between which values of open interest initial rates rise to 1. */
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
  /** Whether loans are credited against the deposits of all assets. */
  readonly perAssetCredit: boolean;
  readonly badDebt: ReadonlyMap<string, Decimal | "insurance">;
  readonly openInterestMatched: boolean;
  readonly maxDistance: MaxDistance | undefined;
  readonly leftOut: LeftOut | undefined;
}

/** How far from the time of the snapshot other times may be, in either direction. */
export interface MaxDistance {
  readonly prices: Span | undefined;
  readonly reserves: Span | undefined;
}

/** What may be left out of the book or rounded in it, at most. */
export interface LeftOut {
  readonly accounts: bigint | undefined;
  /** So much of each of these, deposits and loans each, and nothing of any other. */
  readonly assets: ReadonlyMap<string, Decimal> | undefined;
  readonly rounding: Decimal | undefined;
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
  readonly assetDefault: AssetRule | undefined;
  readonly assets: ReadonlyMap<string, AssetRule>;
  readonly markets: ReadonlyMap<string, MarketRule>;
  readonly classes: ReadonlyMap<string, ClassRule>;
  readonly contingencies: ReadonlyMap<string, Contingency>;
  readonly policy: Policy;
}

/** Reads a rules file; nothing is checked beyond its form. */
export function parseRules(toml: string): Rules {
  return new Table("", tomlTable(toml)).read((rules) => {
    if (rules.table("options") ?? rules.table("option_margins")) throw new CannotCheck(HAS_OPTIONS);
    const valueDecimals = rules.decimals("value_decimals") ?? 16;
    return {
      name: rules.need("name", rules.text("name")),
      source: rules.need("source", rules.text("source")),
      date: rules.need("date", rules.text("date")),
      exactness: rules.need("exactness", rules.text("exactness")),
      quote: rules.need("quote", rules.text("quote")),
      valueDecimals,
      quoteDecimals: rules.decimals("quote_decimals") ?? valueDecimals,
      scenarios: rules.need("scenarios", rules.tables("scenarios")).map((s) => s.read(readScenario)),
      assetDefault: rules.table("asset_default")?.read(readAsset),
      assets: rules.tableMap("assets", readAsset),
      markets: rules.tableMap("markets", readMarket),
      classes: rules.tableMap("classes", readClass),
      contingencies: rules.tableMap("contingencies", readContingency),
      policy: rules.need("policy", rules.table("policy")).read(readPolicy),
    };
  });
}

const KINDS = ["mark", "margin", "stress", "constraint", "credit"] as const;

function tomlTable(toml: string): unknown {
  try {
    return parseToml(toml, { integersAsBigInt: true, maxDepth: 16, unsafeKeyBehaviour: "keep" });
  } catch (error) {
    if (error instanceof TomlError) throw new Refused(`the rules are malformed: ${error.message}`);
    throw error;
  }
}

function readScenario(table: Table): Scenario {
  // Rules without options have no expiries: whatever stands in there is unknown.
  table.table("expiries")?.read(() => undefined);
  return {
    name: table.need("name", table.text("name")),
    kind: table.need("kind", table.oneOf("kind", KINDS)),
    margin: table.oneOf("margin", MARGINS),
    defaultMove: table.decimal("default_move"),
    moves: table.table("moves")?.read((moves) => moves.decimalMap()) ?? new Map(),
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
    maintenance: table.decimal("maintenance"),
    initial: table.decimal("initial"),
  };
}

function readAsset(table: Table): AssetRule {
  return {
    also: table.texts("also") ?? [],
    decimals: table.need("decimals", table.decimals("decimals")),
    shocked: table.flag("shocked") ?? true,
    maintenance: table.decimal("maintenance"),
    initial: table.decimal("initial"),
    tiers: table.tables("tiers")?.map((tier) => tier.read(readTier)),
    borrow: table.flag("borrow") ?? true,
    borrowMaintenance: table.decimal("borrow_maintenance"),
    borrowInitial: table.decimal("borrow_initial"),
  };
}

function readMarket(table: Table): MarketRule {
  return {
    underlying: table.need("underlying", table.text("underlying")),
    decimals: table.need("decimals", table.decimals("decimals")),
    tiers: table.need("tiers", table.tables("tiers")).map((tier) => tier.read(readTier)),
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
  };
}

function readMaxDistance(table: Table): MaxDistance {
  const span = (text: string | undefined) => (text === undefined ? undefined : parseSpan(text));
  return { prices: span(table.text("prices")), reserves: span(table.text("reserves")) };
}

function readLeftOut(table: Table): LeftOut {
  return {
    accounts: table.count("accounts"),
    assets: table.table("assets")?.read((assets) => assets.decimalMap()),
    rounding: table.decimal("rounding"),
  };
}

/** A table of the file, whose keys have all to be known. */
class Table {
  private readonly known = new Set<string>();
  private readonly content: Record<string, unknown>;

  constructor(
    private readonly path: string,
    value: unknown,
  ) {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isTable || value instanceof Date) refuse(`rules: ${path} is no table`);
    this.content = value as Record<string, unknown>;
  }

  read<T>(read: (table: this) => T): T {
    const content = read(this);
    const unknown = Object.keys(this.content).find((key) => !this.known.has(key));
    if (unknown !== undefined) refuse(`rules: unknown field ${this.key(unknown)}`);
    return content;
  }

  need<T>(name: string, value: T | undefined): T {
    return value ?? refuse(`rules: ${this.key(name)} is missing`);
  }

  is(name: string, text: string): boolean {
    return this.get(name) === text;
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === "string") return value;
    return refuse(`rules: ${this.key(name)} is no text`);
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const known = words.find((word) => word === text);
    return known ?? refuse(`rules: ${this.key(name)} is none of ${words.join(", ")}`);
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === "boolean") return value;
    return refuse(`rules: ${this.key(name)} is neither true nor false`);
  }

  /** A decimal in quotes: a bare number may have been through floating point. */
  decimal(name: string): Decimal | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseDecimal(text);
  }

  /** A number of digits; whether it is in range is checked with the rules. */
  decimals(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "bigint" || value < 0n || value >> 32n !== 0n) {
      return refuse(`rules: ${this.key(name)} is no number of digits`);
    }
    return Number(value);
  }

  /** A whole number that is not negative. */
  count(name: string): bigint | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === "bigint" && value >= 0n)) return value;
    return refuse(`rules: ${this.key(name)} is no whole number`);
  }

  texts(name: string): string[] | undefined {
    const items = this.items(name);
    const isText = (item: unknown): item is string => typeof item === "string";
    return items === undefined || items.every(isText)
      ? items
      : refuse(`rules: ${this.key(name)} is no list of texts`);
  }

  table(name: string): Table | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Table(this.key(name), value);
  }

  tables(name: string): Table[] | undefined {
    return this.items(name)?.map((item, i) => new Table(`${this.key(name)}[${i}]`, item));
  }

  tableMap<T>(name: string, read: (table: Table) => T): Map<string, T> {
    const tables = this.table(name);
    if (!tables) return new Map();
    const entry = (key: string): [string, T] => [key, tables.need(key, tables.table(key)).read(read)];
    return new Map(Object.keys(tables.content).map(entry));
  }

  textMap(): Map<string, string> {
    const keys = Object.keys(this.content);
    return new Map(keys.map((key) => [key, this.need(key, this.text(key))]));
  }

  decimalMap(): Map<string, Decimal> {
    return new Map([...this.textMap()].map(([key, text]) => [key, parseDecimal(text)]));
  }

  private items(name: string): unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined || Array.isArray(value)) return value;
    return refuse(`rules: ${this.key(name)} is no list`);
  }

  private get(name: string): unknown {
    this.known.add(name);
    return Object.hasOwn(this.content, name) ? this.content[name] : undefined;
  }

  private key(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}
