// Rates that follow volatilities, as a program has them: the functions, and none of a day's rates.
// Twin of attestation/src/program/rates.rs; docs/program.md has the layout.

import { type Decimal, exactUnits } from "../encoding/decimal.ts";
import { bytesOf, keccak, utf8 } from "../encoding/digest.ts";
import { ruleOf } from "./assets.ts";
import { type Margin, type Rate, type Rules, type VolatilityRate, following } from "./schema.ts";
import type { Compiled, Role, Row } from "./table.ts";
import { RATE_DIGITS } from "./volatility.ts";

/** Stand for the decimals of a factor: of 1 less a rate, and of -1 less a rate. */
const LESS = 0xff;
const OWED = 0xfe;
const MOST = 0xffff;

/** What is packed behind the clauses. `refused` says that a contract cannot follow something. */
export class Following {
  private readonly assets: readonly string[];
  private readonly rates = new Map<string, number>();
  private readonly packed: Uint8Array[] = [];
  private readonly orders = new Map<number, readonly [number, number]>();

  constructor(
    compiled: Compiled,
    private readonly refused: (why: string) => never,
  ) {
    this.assets = [...compiled.volatilities.keys()];
  }

  /** The factor of a row in scenarios of a margin, if it follows a volatility. */
  factor(rules: Rules, compiled: Compiled, role: Role, margin: Margin): Uint8Array | undefined {
    const found = followed(rules, compiled, role, margin);
    if (!found) return undefined;
    const [rate, asset] = found;
    const packed = this.pack(rate, asset);
    const key = packed.join();
    let number = this.rates.get(key);
    if (number === undefined) {
      number = this.packed.push(packed) - 1;
      this.rates.set(key, number);
    }
    const isOwed = role.kind === "borrow" || role.kind === "short";
    return Uint8Array.of(...bytesOf(BigInt(number), 16), isOwed ? OWED : LESS);
  }

  /** A later tier has to be treated no better, whatever the volatilities. */
  order(before: number, after: number): void {
    if (before !== after) this.orders.set(before * (MOST + 1) + after, [before, after]);
  }

  /** The bytes behind the clauses; none if no rate follows a volatility. */
  tail(): Uint8Array[] {
    if (this.packed.length === 0) return [];
    const keys = [...this.orders.keys()].sort((a, b) => a - b);
    const orders = keys.map((key) => this.orders.get(key)!);
    const counts = [this.assets.length, this.packed.length, orders.length];
    if (counts.some((count) => count > MOST)) this.refused("too many rates follow volatilities");
    return [
      ...counts.map(two),
      ...this.assets.map((asset) => keccak(utf8(asset))),
      ...this.packed,
      ...orders.flatMap((pair) => pair.map(two)),
    ];
  }

  private pack(rate: VolatilityRate, asset: string): Uint8Array {
    const { kind, window = 0n, tenor = 0n, source, multiple, horizon } = rate;
    const units = (number: Decimal): bigint =>
      exactUnits(number, RATE_DIGITS) ??
      this.refused(`a rate follows ${asset} with a floor or ceiling of more than 18 decimals`);
    return Uint8Array.of(
      ...two(this.assets.indexOf(asset)),
      kind === undefined ? 0 : kind === "realised" ? 1 : 2,
      ...bytesOf(window, 8),
      ...bytesOf(tenor, 8),
      ...(source === undefined ? new Uint8Array(32) : keccak(utf8(source))),
      ...bytesOf(units(multiple), 16),
      ...bytesOf(horizon, 8),
      ...[rate.floor, rate.ceiling, rate.step].flatMap((number) => [...bytesOf(units(number), 8)]),
    );
  }
}

/** The rate behind a row's factor, if it follows a volatility, and whose volatility that is. */
function followed(
  rules: Rules,
  { assets, markets }: Compiled,
  role: Role,
  margin: Margin,
): [VolatilityRate, string] | undefined {
  let rate: Rate | undefined;
  let asset: string;
  switch (role.kind) {
    case "deposit": {
      asset = assets[role.of]!.name;
      const rule = ruleOf(rules, asset);
      rate = rule?.tiers ? rule.tiers[role.tier]?.[margin] : rule?.[margin];
      break;
    }
    case "borrow": {
      asset = assets[role.of]!.name;
      const rule = ruleOf(rules, asset);
      rate = margin === "maintenance" ? rule?.borrowMaintenance : rule?.borrowInitial;
      break;
    }
    case "long":
    case "short": {
      const rule = rules.markets.get(markets[role.of]!.name);
      if (!rule) return undefined;
      asset = rule.underlying;
      rate = rule.tiers[role.tier]?.[margin];
      break;
    }
    default:
      return undefined;
  }
  const follows = rate && following(rate);
  return follows && [follows, follows.volatility ?? asset];
}

/** Where a tier's factor follows a volatility, or the one before does, their order is asked. */
export function orderTiers(
  rows: readonly Row[],
  choices: readonly (readonly number[])[],
  follows: (factor: number) => boolean,
  following_: Following,
): void {
  let before: { side: string; choices: readonly number[] } | undefined;
  rows.forEach(({ role, class: class_ }, index) => {
    const isTier = role.kind === "deposit" || role.kind === "long" || role.kind === "short";
    // Headroom stands between tiers.
    if (class_ !== "customer" || !isTier) return;
    const [side, own] = [`${role.kind} ${role.of}`, choices[index]!];
    if (before?.side === side) {
      before.choices.forEach((earlier, i) => {
        const later = own[i]!;
        if (follows(earlier) || follows(later)) following_.order(earlier, later);
      });
    }
    before = { side, choices: own };
  });
}

function two(value: number): Uint8Array {
  return bytesOf(BigInt(value), 2);
}
