// The lines of a statement, checked as an account: each is of the table and worth what is written
// beside it; they strictly increase, keep their caps, and add up to 0 in every scenario.

import type { Line } from "../circuit/seal.ts";
import { QUANTITY_BITS } from "../circuit/shape.ts";
import { exactUnits, parseDecimal, showAmount } from "../encoding/decimal.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import type { Class } from "../rules/schema.ts";
import { type Compiled, isReported, standsFor, worthOf } from "../rules/table.ts";
import type { Statement, StatementLine } from "./statement.ts";

/** The lines as instruments and units. The worth stated beside a line must be its worth. */
export function readLines(statement: Statement, compiled: Compiled): Line[] {
  const names = compiled.scenarios.map(({ name }) => name);
  if (JSON.stringify(statement.scenarios) !== JSON.stringify(names)) {
    refuse("the statement's scenarios are not those of the attestation's rules");
  }
  if (statement.lines.length === 0) refuse("the statement has no line");
  return statement.lines.map((line, index) => readLine(line, index + 1, compiled));
}

function readLine(line: StatementLine, number: number, compiled: Compiled): Line {
  // Row 0 is the empty slot: it has no name, and no line can hold it.
  const instrument = compiled.rows.findIndex((row, i) => i > 0 && row.name === line.instrument);
  const row = compiled.rows[instrument];
  if (!row) return refuse(`line ${number}: there is no instrument ${quoted(line.instrument)}`);
  const quantity = exactUnits(parseDecimal(line.quantity), row.decimals);
  if (quantity === undefined || quantity >> BigInt(QUANTITY_BITS) !== 0n) {
    return refuse(
      `line ${number}: ${quoted(line.quantity)} is not a valid quantity of ${row.name}: at most ` +
        `${row.decimals} decimals, below 2^${QUANTITY_BITS} units`,
    );
  }
  const worth = compiled.scenarios.map((_, scenario) =>
    showAmount(quantity * worthOf(compiled, instrument, scenario), compiled.valueDecimals),
  );
  if (JSON.stringify(worth) !== JSON.stringify(line.worth)) {
    refuse(`line ${number}: the worth stated for ${row.name} is wrong`);
  }
  return { instrument, quantity };
}

/** Instruments strictly increase; a capped one is within its cap, and its headroom comes next. */
export function checkOrder(lines: readonly Line[], { rows }: Compiled): void {
  lines.forEach(({ instrument, quantity }, i) => {
    const { name, cap } = rows[instrument]!;
    if (i > 0 && lines[i - 1]!.instrument >= instrument) {
      refuse(`line ${i + 1}: ${name} must come before the line above it`);
    }
    if (cap === undefined) return;
    if (quantity > cap) refuse(`line ${i + 1}: the quantity of ${name} is above its cap`);
    const next = lines[i + 1];
    if (next?.instrument !== instrument + 1 || next.quantity !== cap - quantity) {
      refuse(`line ${i + 1}: ${name} is capped, and its headroom must be the next line`);
    }
  });
}

const SHARED = ["equity", "shortfall", "slack", "contingency"];

/** The class of an account: all its holdings must be of the same one. */
export function classOf(lines: readonly Line[], { rows }: Compiled): Class {
  const held = lines.map(({ instrument }) => rows[instrument]!);
  const own = held.filter(({ role }) => !SHARED.includes(role.kind));
  const first = own[0]?.class ?? "customer";
  const other = own.find((row) => row.class !== first);
  if (other) {
    refuse(`${other.name} is of the class ${other.class}, but lines before it are of ${first}`);
  }
  return first;
}

/** In every scenario the lines add up to 0. */
export function checkBalance(lines: readonly Line[], compiled: Compiled): void {
  const { rows, scenarios, quote, valueDecimals } = compiled;
  const show = (units: bigint) => `${showAmount(units, valueDecimals)} ${quote}`;
  scenarios.forEach(({ name }, scenario) => {
    const worth = ({ instrument, quantity }: Line) =>
      quantity * rows[instrument]!.values[scenario]!;
    const sum = lines.reduce((sum, line) => sum + worth(line), 0n);
    if (sum !== 0n) refuse(`the lines add up to ${show(sum)}, not 0, in the scenario ${name}`);
  });
}

/** What is left over for an account in a scenario, or what it lacks, in value units. */
export interface Outcome {
  readonly scenario: string;
  readonly equity: bigint;
  readonly shortfall: bigint;
}

/**
 * One for each scenario of the rules but constraints. Closing lines say it; where an account holds
 * plain or covered lines, what they are worth is added and one of the two is left.
 */
export function outcomesOf(lines: readonly Line[], compiled: Compiled): Outcome[] {
  const forms = lines.filter((line) => standsFor(compiled.rows[line.instrument]!) !== undefined);
  const stated = (row: number) =>
    lines.find(({ instrument }) => instrument === row)?.quantity ?? 0n;
  return compiled.scenarios.flatMap((one, scenario) => {
    if (!isReported(one)) return [];
    const [equity, shortfall] = [stated(one.equity), stated(one.shortfall)];
    if (forms.length === 0) return [{ scenario: one.name, equity, shortfall }];
    const net = forms.reduce(
      (sum, { instrument, quantity }) => sum + quantity * worthOf(compiled, instrument, scenario),
      equity - shortfall,
    );
    const above = net > 0n ? net : 0n;
    return [{ scenario: one.name, equity: above, shortfall: above - net }];
  });
}
