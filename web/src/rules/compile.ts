// From rules and prices to the public instrument table (prover/src/rules/compile.rs): the empty
// slot; the assets by name, each with its deposit tiers, a headroom after each capped one, its
// loan and, in rules with a credit scenario, its uncredited loan; the markets by name, each with its long and then its short tiers; `quote credit` and `quote
// debit`; the same again for every class of the house; the contingencies by name; then what closes each scenario S: `slack:S` for a constraint,
// `equity:S` and `shortfall:S` for any other. The twins of stresses (twins.ts) stand behind the scenarios of the rules.

import { exactUnits, ten, whole } from "../encoding/decimal.ts";
import { inOrder } from "./names.ts";
import { scaling } from "../attestation/open-interest.ts";
import type { Prices } from "./prices.ts";
import { refuse } from "../encoding/refused.ts";
import { contingencyShift, contingencyTimes, listedAssets, ruleOf } from "./validate.ts";
import type { AssetRule, Class, ClassRule, MarketRule, Margin, Rules, Scenario } from "./schema.ts";
import { CLASSES } from "./schema.ts";
import { checkTable } from "./soundness.ts";
import { type CappedTier, assetTiers, tierBounds, tiersAt } from "./validate/tiers.ts";
import { twinName, twinsOf } from "./twins.ts";
import {
  FIXED,
  type Factor,
  ONE,
  type Sign,
  type Terms,
  type Worth,
  afterMargin,
  bounded,
  markPrice,
  valuesOf,
  weight,
} from "./value/terms.ts";

const MAX_ROWS = 1024;

/** What an instrument is: assets, markets and scenarios by their order, tiers from 0. */
export type Role =
  | { readonly kind: "empty" | "headroom" | "quote credit" | "quote debit" }
  | { readonly kind: "deposit" | "long" | "short"; readonly of: number; readonly tier: number }
  | { readonly kind: "borrow" | "uncredited" | "contingency"; readonly of: number }
  | { readonly kind: "equity" | "shortfall" | "slack"; readonly of: number };

/** One row of the table: an instrument. */
export interface Row {
  readonly name: string;
  readonly role: Role;
  /** Whose accounts hold it; customers' for what all accounts share. */
  readonly class: Class;
  /** Digits of its quantity. */
  readonly decimals: number;
  /** The most that one line may hold. */
  readonly cap: bigint | undefined;
  /** What one unit is worth, one value per scenario. */
  readonly values: readonly bigint[];
  /** How the values of the rules' own scenarios follow from a price. */
  readonly worth: Worth;
}

/** Rows of an asset or a market, by their numbers in the table. */
export interface AssetRows {
  readonly name: string;
  readonly decimals: number;
  readonly deposits: readonly number[];
  readonly borrow: number | undefined;
  /** The same uncredited, in rules with a credit scenario. */
  readonly uncredited: number | undefined;
}

export interface MarketRows {
  readonly name: string;
  readonly decimals: number;
  readonly longs: readonly number[];
  readonly shorts: readonly number[];
}

/** A scenario and the rows that close it: equity and shortfall, or slack alone. */
export type ScenarioRows = BalancedRows | TwinRows | ConstraintRows;

export interface BalancedRows {
  readonly name: string;
  readonly kind: "mark" | "margin" | "stress" | "credit";
  readonly equity: number;
  readonly shortfall: number;
}

/** A stress over again, in which nothing of the insurance fund counts. */
export interface TwinRows {
  readonly name: string;
  readonly kind: "twin";
  /** The number of the stress. */
  readonly stress: number;
  readonly equity: number;
  readonly shortfall: number;
}

export interface ConstraintRows {
  readonly name: string;
  readonly kind: "constraint";
  /** The number of the contingency that it bounds. */
  readonly contingency: number;
  readonly slack: number;
}

/** Whether a scenario is closed by equity and shortfall. */
export function isBalanced(scenario: ScenarioRows): scenario is BalancedRows | TwinRows {
  return scenario.kind !== "constraint";
}

/** Whether a scenario is one of the rules' own that equity and shortfall close. */
export function isReported(scenario: ScenarioRows): scenario is BalancedRows {
  return scenario.kind !== "constraint" && scenario.kind !== "twin";
}

/** What the accounts of one class hold. */
export interface ClassRows {
  readonly class: Class;
  readonly assets: readonly AssetRows[];
  readonly markets: readonly MarketRows[];
  readonly quoteCredit: number;
  readonly quoteDebit: number;
}

/** The assets, markets and quote rows are the customers'. */
export interface Compiled extends ClassRows {
  readonly rows: readonly Row[];
  readonly scenarios: readonly ScenarioRows[];
  /** Every class, customers first. */
  readonly classes: readonly ClassRows[];
  readonly contingencies: readonly { readonly name: string; readonly row: number }[];
  readonly quote: string;
  readonly valueDecimals: number;
}

/** Compiles checked rules and prices: the same table from the same files, always. */
export function compileTable(rules: Rules, prices: Prices): Compiled {
  if (rules.quote !== prices.quote) {
    refuse(`the rules are in ${rules.quote} and the prices in ${prices.quote}`);
  }
  const compiler = new Compiler(rules, prices);
  const values = rules.scenarios.map(() => 0n);
  compiler.push({ name: "", role: { kind: "empty" }, decimals: 0, cap: undefined, values, worth: FIXED });
  const ruled = inOrder(ruledAssets(rules, prices));
  const customers = compiler.classRows("customer", { assets: undefined, markets: undefined }, ruled);
  const house = CLASSES.flatMap((name) => {
    const rule = rules.classes.get(name);
    return rule ? [compiler.classRows(name, rule, ruled)] : [];
  });
  compiler.class = "customer";
  const compiled: Compiled = {
    ...customers,
    classes: [customers, ...house],
    contingencies: inOrder(rules.contingencies).map(([name], i) => compiler.contingency(name, i)),
    scenarios: compiler.closings(),
    rows: compiler.rows,
    quote: rules.quote,
    valueDecimals: rules.valueDecimals,
  };
  checkTable(compiled);
  return compiled;
}

/** The assets that have a price and a rule. */
function ruledAssets(rules: Rules, prices: Prices): Map<string, AssetRule> {
  const listed = listedAssets(rules);
  const ruled = new Map<string, AssetRule>();
  for (const [name, rule] of listed) {
    if (prices.prices.has(name) || name === prices.quote) ruled.set(name, rule);
  }
  for (const name of prices.prices.keys()) {
    const market = rules.markets.get(name);
    // The price of a market that does not bear its underlying's name is no asset's.
    if (ruled.has(name) || (market && market.underlying !== name)) continue;
    if (rules.assetDefault) ruled.set(name, rules.assetDefault);
  }
  return ruled;
}

class Compiler {
  readonly rows: (Row & { values: readonly bigint[] })[] = [];
  /** Whose rows are being made. */
  class: Class = "customer";

  constructor(
    private readonly rules: Rules,
    private readonly prices: Prices,
  ) {}

  /** What the accounts of one class hold, under the customers' numbers of assets and markets. */
  classRows(name: Class, rule: ClassRule, ruled: readonly [string, AssetRule][]): ClassRows {
    this.class = name;
    const assets = ruled.flatMap(([asset, assetRule], i) =>
      rule.assets?.includes(asset) === false ? [] : [this.asset(asset, i, assetRule)],
    );
    const markets = inOrder(this.rules.markets).flatMap(([market, marketRule], i) =>
      rule.markets?.includes(market) === false ? [] : [this.market(market, i, marketRule)],
    );
    const quoteCredit = this.quote("quote credit", 1n);
    const quoteDebit = this.quote("quote debit", -1n);
    return { class: name, assets, markets, quoteCredit, quoteDebit };
  }

  asset(name: string, of: number, rule: AssetRule): AssetRows {
    const { decimals } = rule;
    const price = markPrice(this.rules, this.prices, name, name, decimals);
    const shocked = rule.shocked && name !== this.rules.quote;
    const terms = (side: Terms["side"], sign: Sign, factors: Terms["factors"]): Terms => {
      return { side, name, price, sign, factors, underlying: name, shocked };
    };
    const tiers = assetTiers(rule);
    const bounds = tierBounds(`assets.${name}`, tiers, decimals);
    const deposits = tiersAt(bounds, price.units, this.rules.valueDecimals).map((capped, i) => {
      const factors = both((margin) => weight(tiers[capped.tier]![margin]));
      const role: Role = { kind: "deposit", of, tier: i };
      return this.tier(name, role, decimals, capped, tiers.length, terms("deposit", 1n, factors));
    });
    if (!rule.borrow) return { name, decimals, deposits, borrow: undefined, uncredited: undefined };
    const maintenance = weight(rule.borrowMaintenance) ?? ONE;
    const initial = weight(rule.borrowInitial) ?? ONE;
    const { scenarios } = this.rules;
    const { values, worth } = valuesOf(terms("borrow", -1n, { maintenance, initial }), this.rules, this.prices);
    const loan = { decimals, cap: undefined, worth };
    const borrow = this.push({ ...loan, name: `borrow ${name}`, role: { kind: "borrow", of }, values });
    if (!scenarios.some(({ kind }) => kind === "credit")) {
      return { name, decimals, deposits, borrow, uncredited: undefined };
    }
    // Worth what the loan is, but nothing where credit is read.
    const uncredited = this.push({
      ...loan,
      name: `uncredited borrow ${name}`,
      role: { kind: "uncredited", of },
      values: values.map((value, i) => (scenarios[i]!.kind === "credit" ? 0n : value)),
    });
    return { name, decimals, deposits, borrow, uncredited };
  }

  market(name: string, of: number, rule: MarketRule): MarketRows {
    const { decimals, underlying } = rule;
    const price = markPrice(this.rules, this.prices, name, underlying, decimals);
    const shocked = this.isShocked(underlying);
    const { valueDecimals } = this.rules;
    const bounds = tierBounds(`markets.${name}`, rule.tiers, decimals);
    const capped = tiersAt(bounds, price.units, valueDecimals);
    const scale =
      rule.openInterest &&
      scaling(name, rule.openInterest, this.prices.openInterest, price.units, decimals, valueDecimals);
    const rate = (tier: number, margin: Margin) => {
      const rate = rule.tiers[tier]![margin];
      return rate && scale && margin === "initial" ? scale(rate) : rate;
    };
    const side = (kind: "long" | "short", sign: Sign) =>
      capped.map((tier, i) => {
        const factors = both((margin) => afterMargin(sign, rate(tier.tier, margin)));
        const terms: Terms = { side: kind, name, price, sign, factors, underlying, shocked };
        return this.tier(name, { kind, of, tier: i }, decimals, tier, rule.tiers.length, terms);
      });
    return { name, decimals, longs: side("long", 1n), shorts: side("short", -1n) };
  }

  quote(name: "quote credit" | "quote debit", sign: Sign): number {
    const { quote, quoteDecimals: decimals, valueDecimals } = this.rules;
    const shift = valueDecimals - decimals;
    const price = { of: undefined, shift, units: ten(shift) };
    const factors = both(() => ONE);
    const common = { name: quote, underlying: quote, shocked: false };
    const terms: Terms = { side: "quote", price, sign, factors, ...common };
    const worth = valuesOf(terms, this.rules, this.prices);
    return this.push({ name, role: { kind: name }, decimals, cap: undefined, ...worth });
  }

  /** Its unit is so many units of value that it counts a whole number of them wherever it counts. */
  contingency(name: string, of: number): { name: string; row: number } {
    const { rules } = this;
    const shift = contingencyShift(rules, name);
    const values = rules.scenarios.map((scenario) => {
      const times = contingencyTimes(rules, name, scenario) ?? whole(0n);
      const own = scenario.contingency === name ? ten(shift) : 0n;
      return bounded(own - exactUnits(times, shift)!, `contingencies.${name}`, scenario);
    });
    const factors = rules.scenarios.map((scenario): Factor => {
      const times = contingencyTimes(rules, name, scenario);
      if (times) return { numerator: -times.mantissa, scale: times.scale };
      return { numerator: scenario.contingency === name ? 1n : 0n, scale: 0 };
    });
    const worth: Worth = { price: undefined, factors, hasTwoPrices: false };
    const decimals = rules.valueDecimals - shift;
    const role: Role = { kind: "contingency", of };
    const row = { name: `contingency:${name}`, role, decimals, cap: undefined, values, worth };
    return { name, row: this.push(row) };
  }

  /** The rows that close the scenarios of the rules, and then those of the twins. */
  closings(): ScenarioRows[] {
    const { scenarios } = this.rules;
    const twins = twinsOf(this.rules);
    // Nothing to the insurance fund, and to all others what it is worth in the stress.
    for (const row of this.rows) {
      const values = twins.map((stress) => (row.class === "insurance" ? 0n : row.values[stress]!));
      row.values = [...row.values, ...values];
    }
    const all = scenarios.length + twins.length;
    return [
      ...scenarios.map((scenario, i) => this.closing(scenario, i, all)),
      ...twins.map((stress, i): TwinRows => {
        const name = twinName(scenarios[stress]!.name);
        return { name, kind: "twin", stress, ...this.balance(name, scenarios.length + i, all) };
      }),
    ];
  }

  private closing({ name, kind, contingency }: Scenario, of: number, all: number): ScenarioRows {
    if (kind === "constraint") {
      const names = inOrder(this.rules.contingencies).map(([name]) => name);
      return { name, kind, contingency: names.indexOf(contingency!), slack: this.close("slack", name, of, all) };
    }
    return { name, kind, ...this.balance(name, of, all) };
  }

  private balance(name: string, of: number, all: number): { equity: number; shortfall: number } {
    return { equity: this.close("equity", name, of, all), shortfall: this.close("shortfall", name, of, all) };
  }

  private close(side: "equity" | "shortfall" | "slack", name: string, of: number, all: number): number {
    const unit = side === "shortfall" ? 1n : -1n;
    return this.push({
      name: `${side}:${name}`,
      role: { kind: side, of },
      decimals: this.rules.valueDecimals,
      cap: undefined,
      values: Array.from({ length: all }, (_, i) => (i === of ? unit : 0n)),
      worth: FIXED,
    });
  }

  push(row: Omit<Row, "class">): number {
    if (this.rows.length === MAX_ROWS) refuse(`the rules make more than ${MAX_ROWS} instruments`);
    const prefix = this.class === "customer" ? "" : `${this.class} `;
    return this.rows.push({ ...row, name: `${prefix}${row.name}`, class: this.class }) - 1;
  }

  /** One tier of a side, by its number in the rules' `tiers`, with its headroom where it is capped. */
  private tier(
    of: string,
    role: Extract<Role, { tier: number }>,
    decimals: number,
    { tier, cap }: CappedTier,
    tiers: number,
    terms: Terms,
  ): number {
    const name = `${role.kind} ${of}${tiers === 1 ? "" : ` tier ${tier + 1}`}`;
    const id = this.push({ name, role, decimals, cap, ...valuesOf(terms, this.rules, this.prices) });
    if (cap !== undefined) {
      this.push({
        name: `headroom ${name}`,
        role: { kind: "headroom" },
        decimals,
        cap: undefined,
        values: this.rules.scenarios.map(() => 0n),
        worth: FIXED,
      });
    }
    return id;
  }

  /** Whether a stress's default move applies to this underlying. */
  private isShocked(underlying: string): boolean {
    if (underlying === this.rules.quote) return false;
    return ruleOf(this.rules, underlying)?.shocked ?? true;
  }
}

function both(factor: (margin: Margin) => Factor | undefined): Terms["factors"] {
  return { maintenance: factor("maintenance"), initial: factor("initial") };
}
