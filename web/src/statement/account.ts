// The lines of a statement as an account: every one of the table, as written beside it, strictly
// increasing, capped where capped, and worth nothing together in every scenario.

import { exactUnits, parseDecimal, showAmount } from "../encoding/decimal.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import type { Line } from "../circuit/seal.ts";
import { QUANTITY_BITS } from "../circuit/shape.ts";
import type { Statement, StatementLine } from "./statement.ts";
import type { Class } from "../rules/schema.ts";
import type { Compiled } from "../rules/compile.ts";

/** The lines as instruments and units. What stands beside them has to be what they come to. */
export function readLines(statement: Statement, compiled: Compiled): Line[] {
  const names = compiled.scenarios.map(({ name }) => name);
  if (JSON.stringify(statement.scenarios) !== JSON.stringify(names)) {
    refuse("the statement's scenarios are not those of the attestation's rules");
  }
  if (statement.lines.length === 0) refuse("the statement has no line");
  return statement.lines.map((line, index) => readLine(line, index + 1, compiled));
}

function readLine(line: StatementLine, number: number, compiled: Compiled): Line {
  // The empty slot, row 0, has no name and is nothing to hold.
  const instrument = compiled.rows.findIndex((row, i) => i > 0 && row.name === line.instrument);
  const row = compiled.rows[instrument];
  if (!row) return refuse(`line ${number}: there is no instrument ${quoted(line.instrument)}`);
  const quantity = exactUnits(parseDecimal(line.quantity), row.decimals);
  if (quantity === undefined || quantity >> BigInt(QUANTITY_BITS) !== 0n) {
    return refuse(`line ${number}: ${quoted(line.quantity)} is no quantity of ${row.name}`);
  }
  const worth = row.values.map((value) => showAmount(quantity * value, compiled.valueDecimals));
  if (JSON.stringify(worth) !== JSON.stringify(line.worth)) {
    refuse(`line ${number}: the worth stated for ${row.name} is wrong`);
  }
  return { instrument, quantity };
}

/** Instruments strictly increase, and a capped one holds no more than its cap, with headroom next. */
export function checkOrder(lines: readonly Line[], { rows }: Compiled): void {
  lines.forEach(({ instrument, quantity }, i) => {
    const { name, cap } = rows[instrument]!;
    if (i > 0 && lines[i - 1]!.instrument >= instrument) {
      refuse(`line ${i + 1}: ${name} does not come after the line before it`);
    }
    if (cap === undefined) return;
    if (quantity > cap) refuse(`line ${i + 1}: more of ${name} than its cap`);
    const next = lines[i + 1];
    if (next?.instrument !== instrument + 1 || next.quantity !== cap - quantity) {
      refuse(`line ${i + 1}: ${name} is capped, but its headroom does not follow`);
    }
  });
}

const SHARED = ["equity", "shortfall", "slack", "contingency"];

/** The class of all that is held: an account is a customer's or one of the house, never both. */
export function classOf(lines: readonly Line[], { rows }: Compiled): Class {
  const held = lines.map(({ instrument }) => rows[instrument]!);
  const own = held.filter(({ role }) => !SHARED.includes(role.kind));
  const first = own[0]?.class ?? "customer";
  const other = own.find((row) => row.class !== first);
  if (other) refuse(`${other.name} is of the class ${other.class}, and lines before are of ${first}`);
  return first;
}

/** In every scenario the lines are worth nothing together. */
export function checkBalance(lines: readonly Line[], { rows, scenarios }: Compiled): void {
  scenarios.forEach(({ name }, scenario) => {
    const worth = ({ instrument, quantity }: Line) => quantity * rows[instrument]!.values[scenario]!;
    const sum = lines.reduce((sum, line) => sum + worth(line), 0n);
    if (sum !== 0n) refuse(`the lines do not add up to nothing in the scenario ${name}`);
  });
}
