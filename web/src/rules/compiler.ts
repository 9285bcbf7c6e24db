// The instrument table as it is being made, row after row. Twin of rules/src/compile/compiler.rs
// and rules/src/compile/rows.rs.

import { MAX_INSTRUMENTS } from "../circuit/shape.ts";
import { exactUnits, ten, whole } from "../encoding/decimal.ts";
import { refuse } from "../encoding/refused.ts";
import { ruleOf } from "./assets.ts";
import { contingencyShift, contingencyTimes } from "./contingencies.ts";
import { COVER, type Forms, coverOf, leastOf } from "./cover.ts";
import { inOrder } from "./names.ts";
import { type Prices, priceOf } from "./prices.ts";
import { Rates } from "./rates.ts";
import {
  type AssetRule,
  type Class,
  type ClassRule,
  type Margin,
  type MarketRule,
  type Rate,
  type Rules,
  type Scenario,
} from "./schema.ts";
import type {
  AssetRows,
  ClassRows,
  Compiled,
  Factor,
  MarketRows,
  Role,
  Row,
  ScenarioRows,
  Sign,
  TwinRows,
  Valuation,
} from "./table.ts";
import { twinName, twinsOf } from "./twins.ts";
import { type CappedTier, assetTiers, tierBounds, tiersAt } from "./validate/tiers.ts";
import { type OptionWorth, optionWorth } from "./value/option.ts";
import { scaling } from "./value/scaling.ts";
import {
  FIXED,
  ONE,
  type Terms,
  afterMargin,
  bounded,
  markPrice,
  valuesOf,
  weight,
} from "./value/terms.ts";

export class Compiler {
  readonly rows: (Row & { values: readonly bigint[] })[] = [];
  /** The class whose rows are being made. */
  class: Class = "customer";
  readonly rates: Rates;

  constructor(
    private readonly rules: Rules,
    private readonly prices: Prices,
  ) {
    this.rates = new Rates(rules, prices);
  }

  /** The rows of one class, under the customers' numbers of assets and markets. */
  classRows(
    name: Class,
    rule: ClassRule,
    ruled: readonly [string, AssetRule][],
    worths: readonly [string, OptionWorth][],
  ): ClassRows {
    this.class = name;
    const holds = (market: string) => rule.markets?.includes(market) !== false;
    const assets = ruled.flatMap(([asset, assetRule], i) =>
      rule.assets?.includes(asset) === false ? [] : [this.asset(asset, i, assetRule)],
    );
    const markets = inOrder(this.rules.markets).flatMap(([market, marketRule], i) =>
      holds(market) ? [this.market(market, i, marketRule)] : [],
    );
    const first = this.rules.markets.size;
    const options = worths.flatMap(([option, worth], i) =>
      holds(option) ? [this.option(option, first + i, worth)] : [],
    );
    const quoteCredit = this.quote("quote credit", 1n);
    const quoteDebit = this.quote("quote debit", -1n);
    return { class: name, assets, markets: [...markets, ...options], quoteCredit, quoteDebit };
  }

  /** The values of every option, in order. */
  optionWorths(): [string, OptionWorth][] {
    return inOrder(this.rules.options).map(([name, rule]) => {
      const shocked = this.isShocked(rule.underlying);
      return [name, optionWorth(this.rules, this.prices, name, rule, shocked)];
    });
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
    const key = `assets.${name}`;
    const rates = this.rates.tiers(key, name, tiers, "deposit");
    const deposits = tiersAt(bounds, price.units, this.rules.valueDecimals).map((capped, i) => {
      const factors = both((margin) => weight(rates[margin][capped.tier]));
      const role: Role = { kind: "deposit", of, tier: i };
      return this.tier(name, role, decimals, capped, tiers.length, terms("deposit", 1n, factors));
    });
    if (!rule.borrow) return { name, decimals, deposits, borrow: undefined, uncredited: undefined };
    const owed = (rate: Rate | undefined, margin: Margin) =>
      weight(this.rates.rate(key, name, rate, margin, "borrow")) ?? ONE;
    const maintenance = owed(rule.borrowMaintenance, "maintenance");
    const initial = owed(rule.borrowInitial, "initial");
    const { scenarios } = this.rules;
    const own = terms("borrow", -1n, { maintenance, initial });
    const { values, valuation } = valuesOf(own, this.rules, this.prices);
    const row = { decimals, cap: undefined, valuation };
    const role: Role = { kind: "borrow", of };
    const borrow = this.push({ ...row, name: `borrow ${name}`, role, values });
    if (!scenarios.some(({ kind }) => kind === "credit")) {
      return { name, decimals, deposits, borrow, uncredited: undefined };
    }
    // Worth the same, but nothing in the credit scenario.
    const uncredited = this.push({
      ...row,
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
    const { tiersIn } = rule;
    const ends = tiersIn === undefined ? undefined : priceOf(this.prices, tiersIn);
    if (tiersIn !== undefined && !ends) refuse(`rules: there is no price for ${tiersIn}`);
    const capped = tiersAt(bounds, price.units, valueDecimals, ends);
    const { openInterest } = this.prices;
    const scale =
      rule.openInterest &&
      scaling(name, rule.openInterest, openInterest, price.units, decimals, valueDecimals);
    const rates = this.rates.tiers(`markets.${name}`, underlying, rule.tiers, "margin");
    const rate = (tier: number, margin: Margin) => {
      const rate = rates[margin][tier];
      return rate && scale && margin === "initial" ? scale(rate) : rate;
    };
    const side = (kind: "long" | "short", sign: Sign) =>
      capped.map((tier, i) => {
        const factors = both((margin) => afterMargin(sign, rate(tier.tier, margin)));
        const terms: Terms = { side: kind, name, price, sign, factors, underlying, shocked };
        return this.tier(name, { kind, of, tier: i }, decimals, tier, rule.tiers.length, terms);
      });
    const [longs, shorts] = [side("long", 1n), side("short", -1n)];
    return { name, decimals, longs, shorts, option: undefined };
  }

  /** An option is a market of one tier with values of its own. */
  option(name: string, of: number, { decimals, long, short, ...option }: OptionWorth): MarketRows {
    const side = (kind: "long" | "short", valued: OptionWorth["long"]) => {
      const role: Role = { kind, of, tier: 0 };
      return [this.push({ name: `${kind} ${name}`, role, decimals, cap: undefined, ...valued })];
    };
    return { name, decimals, longs: side("long", long), shorts: side("short", short), option };
  }

  quote(name: "quote credit" | "quote debit", sign: Sign): number {
    const { quote, quoteDecimals: decimals, valueDecimals } = this.rules;
    const shift = valueDecimals - decimals;
    const price = { of: undefined, shift, units: ten(shift) };
    const factors = both(() => ONE);
    const common = { name: quote, underlying: quote, shocked: false };
    const terms: Terms = { side: "quote", price, sign, factors, ...common };
    const valued = valuesOf(terms, this.rules, this.prices);
    return this.push({ name, role: { kind: name }, decimals, cap: undefined, ...valued });
  }

  /** A contingency's row, in a unit of which every scenario counts a whole number. */
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
    const valuation: Valuation = { price: undefined, factors, hasTwoPrices: false };
    const decimals = rules.valueDecimals - shift;
    const role: Role = { kind: "contingency", of };
    const row = { name: `contingency:${name}`, role, decimals, cap: undefined, values, valuation };
    return { name, row: this.push(row) };
  }

  /** The plain and the covered row that stand for another. */
  forms({ name, of, forms }: Forms): void {
    for (const kind of forms) {
      this.push({
        name: `${kind} ${name}`,
        role: { kind, of },
        decimals: this.rows[of]!.decimals,
        cap: undefined,
        values: this.rules.scenarios.map(() => 0n),
        valuation: FIXED,
      });
    }
  }

  /** Gives every row that stands before the closing rows its value in `cover`. */
  cover(compiled: Compiled, forms: readonly Forms[]): void {
    const all = compiled.scenarios.length;
    const least = new Map(forms.map(({ of, last }) => [of, leastOf(compiled, last)]));
    for (const row of this.rows.filter(({ values }) => values.length < all)) {
      const { name, role } = row;
      const isForm = role.kind === "plain" || role.kind === "covered";
      const value = isForm ? coverOf(least.get(role.of)!, role.kind) : 0n;
      row.values = [...row.values, bounded(value, name, { name: COVER })];
    }
  }

  /** The rows that close the scenarios of the rules, then those of the twins, then `cover`. */
  closings(): ScenarioRows[] {
    const { scenarios } = this.rules;
    const twins = twinsOf(this.rules);
    // In a twin the insurance fund's rows are worth nothing, all others what the stress says.
    for (const row of this.rows) {
      const values = twins.map((stress) => (row.class === "insurance" ? 0n : row.values[stress]!));
      row.values = [...row.values, ...values];
    }
    const { length } = scenarios;
    const all = length + twins.length + (this.rules.cover ? 1 : 0);
    return [
      ...scenarios.map((scenario, i) => this.closing(scenario, i, all)),
      ...twins.map((stress, i): TwinRows => {
        const name = twinName(scenarios[stress]!.name);
        return { name, kind: "twin", stress, ...this.balance(name, length + i, all) };
      }),
      ...(this.rules.cover ? [this.closingCover(all)] : []),
    ];
  }

  private closing({ name, kind, contingency }: Scenario, of: number, all: number): ScenarioRows {
    if (kind === "constraint") {
      const names = inOrder(this.rules.contingencies).map(([name]) => name);
      const slack = this.close("slack", name, of, all);
      return { name, kind, contingency: names.indexOf(contingency!), slack };
    }
    return { name, kind, ...this.balance(name, of, all) };
  }

  private closingCover(all: number): ScenarioRows {
    return { name: COVER, kind: "cover", slack: this.close("slack", COVER, all - 1, all) };
  }

  private balance(name: string, of: number, all: number): { equity: number; shortfall: number } {
    const equity = this.close("equity", name, of, all);
    return { equity, shortfall: this.close("shortfall", name, of, all) };
  }

  private close(
    side: "equity" | "shortfall" | "slack",
    name: string,
    of: number,
    all: number,
  ): number {
    const unit = side === "shortfall" ? 1n : -1n;
    return this.push({
      name: `${side}:${name}`,
      role: { kind: side, of },
      decimals: this.rules.valueDecimals,
      cap: undefined,
      values: Array.from({ length: all }, (_, i) => (i === of ? unit : 0n)),
      valuation: FIXED,
    });
  }

  push(row: Omit<Row, "class">): number {
    if (this.rows.length === MAX_INSTRUMENTS) {
      refuse(`the rules have more than ${MAX_INSTRUMENTS} instruments`);
    }
    const prefix = this.class === "customer" ? "" : `${this.class} `;
    return this.rows.push({ ...row, name: `${prefix}${row.name}`, class: this.class }) - 1;
  }

  /** One tier of a side, by its number in the rules' `tiers`, and its headroom if it is capped. */
  private tier(
    of: string,
    role: Extract<Role, { tier: number }>,
    decimals: number,
    { tier, cap }: CappedTier,
    tiers: number,
    terms: Terms,
  ): number {
    const name = `${role.kind} ${of}${tiers === 1 ? "" : ` tier ${tier + 1}`}`;
    const valued = valuesOf(terms, this.rules, this.prices);
    const id = this.push({ name, role, decimals, cap, ...valued });
    if (cap !== undefined) {
      this.push({
        name: `headroom ${name}`,
        role: { kind: "headroom" },
        decimals,
        cap: undefined,
        values: this.rules.scenarios.map(() => 0n),
        valuation: FIXED,
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
