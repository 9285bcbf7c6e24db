// Bounds at other prices by slow and plain means, with no code of the checker: fractions
// throughout, and what holdings are worth read off their names and the rules.

import { parse } from "smol-toml";

/** A number as numerator over a power of ten. */
type Fraction = readonly [numerator: bigint, scale: number];

function fraction(text: string): Fraction {
  const [whole = "", part = ""] = text.split(".");
  return [BigInt(whole + part), part.length];
}

function times(a: Fraction, b: Fraction): Fraction {
  return [a[0] * b[0], a[1] + b[1]];
}

function plus(a: Fraction, b: Fraction): Fraction {
  const scale = Math.max(a[1], b[1]);
  return [a[0] * 10n ** BigInt(scale - a[1]) + b[0] * 10n ** BigInt(scale - b[1]), scale];
}

function floor([numerator, scale]: Fraction): bigint {
  const divisor = 10n ** BigInt(scale);
  const rest = ((numerator % divisor) + divisor) % divisor;
  return (numerator - rest) / divisor;
}

export interface Slow {
  scenario: string;
  owed_at_most: bigint;
  owed_at_least: bigint;
  bad_debt_at_most: bigint;
  bad_debt_at_least: bigint;
}

export interface ProvedRow {
  name: string;
  decimals: number;
  values: readonly bigint[];
}

/** The names of scenarios in a table's order. */
export function scenariosOf(attestation: any): string[] {
  const rules: any = parse(attestation.rules);
  const limits = rules.policy.bad_debt ?? {};
  const twins = rules.scenarios.filter(
    (one: any) =>
      one.kind === "stress" && rules.classes?.insurance && limits[one.name] === "insurance",
  );
  return [
    ...rules.scenarios.map(({ name }: any) => name),
    ...twins.map(({ name }: any) => `${name}~insurance`),
    ...(rules.cover === false ? [] : ["cover"]),
  ];
}

/** What one unit of a row of this name is worth at `prices` in mark, a stress or a twin. */
function valueOf(rules: any, prices: Record<string, string>, scenario: string, row: ProvedRow) {
  const held =
    /^(?:(?:plain|covered) )?(?:(house|insurance|pool) )?(?:uncredited )?(deposit|borrow|long|short|quote) (\S+)(?: tier \d+)?$/.exec(
      row.name,
    );
  if (!held) return 0n;
  const [, booked, side, of = ""] = held as unknown as [string, string, string, string];
  const [stress, twin] = scenario.split("~");
  if (twin && booked === "insurance") return 0n;
  const price = (name: string) => prices[name] ?? (name === rules.quote ? "1" : undefined);
  const isMarket = side === "long" || side === "short";
  const underlying = isMarket ? rules.markets[of].underlying : side === "quote" ? rules.quote : of;
  const sign = side === "borrow" || side === "short" || of === "debit" ? -1n : 1n;
  const listed: any[] = Object.entries(rules.assets ?? {});
  const own = listed.find(([name, rule]) => [name, ...(rule.also ?? [])].includes(underlying));
  const isShocked =
    underlying !== rules.quote && ((own?.[1] ?? rules.asset_default)?.shocked ?? true);
  const one = rules.scenarios.find(({ name }: any) => name === stress);
  const move =
    one.kind === "mark" || side === "quote"
      ? undefined
      : (one.moves?.[underlying] ?? (isShocked ? one.default_move : undefined));
  const text = side === "quote" ? "1" : (price(isMarket && price(of) ? of : underlying) as string);
  const moved = times(fraction(text), move ? plus([1n, 0], fraction(move)) : [1n, 0]);
  const shift = BigInt((rules.value_decimals ?? 16) - row.decimals);
  return floor([sign * moved[0] * 10n ** shift, moved[1]]);
}

/** The bound that multipliers, as decimal texts by proved scenario, show in a priced scenario. */
export function slowBound(
  attestation: any,
  rows: readonly ProvedRow[],
  prices: Record<string, string>,
  scenario: string,
  certificate: Record<string, string>,
): Slow {
  const rules: any = parse(attestation.rules);
  const scenarios = scenariosOf(attestation);
  const total = (row: number) =>
    attestation.volumes.reduce((sum: bigint, one: any) => sum + BigInt(one.quantities[row]), 0n);
  let worth = 0n;
  let lacking: Fraction = [0n, 0];
  rows.forEach((row, i) => {
    const [closes, of] = row.name.split(":") as [string, string | undefined];
    if (closes === "shortfall" && certificate[of!]) {
      lacking = plus(lacking, times(fraction(certificate[of!]!), [total(i), 0]));
    }
    if (["equity", "shortfall", "slack"].includes(closes)) return;
    const value = total(i) > 0n ? valueOf(rules, prices, scenario, row) : 0n;
    worth += total(i) * value;
    let above: Fraction = [-value, 0];
    scenarios.forEach((name, s) => {
      if (certificate[name]) {
        above = plus(above, times(fraction(certificate[name]!), [row.values[s]!, 0]));
      }
    });
    if (above[0] > 0n) lacking = plus(lacking, times(above, [total(i), 0]));
  });
  const badDebt = -floor([-lacking[0], lacking[1]]);
  const atLeast0 = (units: bigint) => (units > 0n ? units : 0n);
  return {
    scenario,
    owed_at_most: atLeast0(worth + badDebt),
    owed_at_least: atLeast0(worth),
    bad_debt_at_most: badDebt,
    bad_debt_at_least: atLeast0(-worth),
  };
}
