// The instrument table is sound: no choice that the prover has, such as the split over tiers, can
// hide what is owed. Twin of rules/src/soundness. The table was made here, in its one order, so
// only its values are left to check.

import { refuse } from "../encoding/refused.ts";
import { checkCover } from "./soundness/cover.ts";
import {
  type ClassRows,
  type Compiled,
  type Row,
  type ScenarioRows,
  standsFor,
} from "./table.ts";

/** Refuses a table whose totals could hide something. */
export function checkTable(compiled: Compiled): void {
  const { rows, scenarios } = compiled;
  const credits = scenarios.filter(({ kind }) => kind === "credit").length;
  if (credits > 1) refuse("the table is unsound: it has more than one credit scenario");
  compiled.contingencies.forEach(({ name, row }, number) => {
    const counts = scenarios.some(({ kind }, i) => hasMargins(kind) && rows[row]!.values[i] !== 0n);
    const bounded = scenarios.some(
      (one) => one.kind === "constraint" && one.contingency === number,
    );
    if (!counts || !bounded) refuse(`the table is unsound: ${name} counts nowhere or has no bound`);
  });
  checkTwins(compiled);
  checkCover(compiled);
  rows.forEach((row, index) => {
    if (row.cap === 0n)
      refuse(`the cap of ${row.name} is 0, which the circuit would read as no cap`);
    scenarios.forEach((_, scenario) => checkValue(compiled, row, index, scenario));
  });
}

/**
 * Twins follow all other scenarios but cover, each of a stress, in the stresses' order, without
 * duplicates.
 */
function checkTwins({ scenarios }: Compiled): void {
  const unsound = (what: string) => refuse(`the table is unsound: ${what}`);
  let before = 0;
  scenarios.forEach((scenario, i) => {
    if (scenario.kind !== "twin") {
      if (scenarios[i - 1]?.kind === "twin" && scenario.kind !== "cover") {
        unsound(`${scenario.name} follows a twin`);
      }
      return;
    }
    if (scenarios[scenario.stress]?.kind !== "stress") {
      unsound(`${scenario.name} is not the twin of a stress`);
    }
    if (scenario.stress <= before) {
      unsound(`${scenario.name} is a duplicate twin or out of order`);
    }
    before = scenario.stress;
  });
}

function checkValue(compiled: Compiled, row: Row, index: number, scenario: number): void {
  const { rows } = compiled;
  const value = row.values[scenario]!;
  const mark = row.values[0]!;
  const scenarioRows = compiled.scenarios[scenario]!;
  const { name, kind } = scenarioRows;
  const unsound = (what: string) => refuse(`the table is unsound: ${row.name} in ${name} ${what}`);
  if (scenarioRows.kind === "twin") return checkInTwin(row, scenario, scenarioRows.stress, unsound);
  if (kind === "cover") return checkInCover(row, scenario, unsound);
  const opposite = (asset: number) => {
    const sum = rows[asset]!.values[scenario]! + value;
    // A stress is rounded down on both sides: together by at most one unit.
    if (kind === "mark" ? sum !== 0n : kind === "stress" && sum !== 0n && sum !== -1n) {
      unsound("is not the opposite of its other side");
    }
    // Holding both sides would cover a loss with nothing.
    if (kind === "constraint" && sum > 0n) unsound("gains together with its other side");
  };
  const { role } = row;
  switch (role.kind) {
    case "empty":
    case "headroom":
    case "plain":
    case "covered":
      if (value !== 0n) unsound("must be 0");
      return;
    case "contingency": {
      // It is 0 in mark and stresses, whose owed and bad debt are read, and never helps.
      if (hasMargins(kind) && value > 0n) unsound("adds to margin");
      if ((kind === "mark" || kind === "stress") && value !== 0n) unsound("must be 0");
      if (scenarioRows.kind === "constraint") {
        const own = scenarioRows.contingency === role.of;
        const first = compiled.scenarios.findIndex(
          (one) => one.kind === "constraint" && one.contingency === role.of,
        );
        if (own ? value <= 0n || value !== row.values[first] : value !== 0n) {
          unsound("must be its unit in its own constraints, and 0 in any other");
        }
      }
      return;
    }
    case "slack":
      if (value !== (role.of === scenario ? -1n : 0n)) {
        unsound("must close its scenario and no other");
      }
      return;
    case "equity":
    case "shortfall": {
      const unit = role.kind === "equity" ? -1n : 1n;
      if (value !== (role.of === scenario ? unit : 0n)) {
        unsound("must close its scenario and no other");
      }
      return;
    }
    case "quote credit":
    case "quote debit":
      if (value !== (kind === "constraint" ? 0n : mark)) unsound("differs from mark");
      if (role.kind === "quote debit") opposite(rowsOf(compiled, row).quoteCredit);
  }
  if (role.kind === "uncredited") {
    const borrow = rows[index - 1]!;
    if (borrow.role.kind !== "borrow" || borrow.role.of !== role.of) {
      unsound("does not follow its borrow");
    }
    const expected = kind === "credit" ? 0n : borrow.values[scenario]!;
    if (value !== expected) unsound(`must be ${expected} for an uncredited borrow`);
  }
  if (role.kind === "borrow") {
    const isLabelled = rows[index + 1]!.role.kind === "uncredited";
    if (isLabelled !== hasCredit(compiled)) {
      unsound("must have an uncredited borrow if there is a credit scenario, and only then");
    }
  }
  const isAsset = role.kind === "deposit" || role.kind === "long" || role.kind === "quote credit";
  if (kind !== "constraint" && (isAsset ? value < 0n : value > 0n)) {
    unsound("has the wrong sign");
  }
  if (hasMargins(kind) && role.kind !== "uncredited" && value > mark) {
    unsound("counts for more than in mark");
  }
  if ("tier" in role && role.tier > 0) {
    const rise = value - rows[index - 2]!.values[scenario]!;
    if (hasMargins(kind) ? rise > 0n : rise !== 0n) unsound("favours a larger size");
  }
  if (role.kind === "borrow") opposite(compiled.assets[role.of]!.deposits[0]!);
  if (role.kind === "short") opposite(compiled.markets[role.of]!.longs[0]!);
  if (row.class !== "customer") {
    const same = rows.find((other) => other.name === row.name.slice(row.class.length + 1));
    if (same?.values[scenario] !== value || same.cap !== row.cap) {
      unsound("differs from the customers' row");
    }
  }
}

/** In a twin the fund's rows are 0, all others as in the stress, and only its own rows close it. */
function checkInTwin(
  row: Row,
  twin: number,
  stress: number,
  unsound: (what: string) => never,
): void {
  const { role, values } = row;
  const closes = role.kind === "equity" || role.kind === "shortfall" || role.kind === "slack";
  const isShared =
    closes ||
    standsFor(row) !== undefined ||
    ["contingency", "headroom", "empty"].includes(role.kind);
  const own = closes && role.of === twin ? (role.kind === "shortfall" ? 1n : -1n) : 0n;
  const held = row.class === "insurance" ? 0n : values[stress]!;
  if (values[twin] !== (isShared ? own : held)) {
    unsound("must be its value in the stress, or 0 for the insurance fund");
  }
}

/** In `cover` only plain and covered rows count, and only its own slack closes it. */
function checkInCover(row: Row, cover: number, unsound: (what: string) => never): void {
  if (standsFor(row) !== undefined) return;
  const { role, values } = row;
  const own = role.kind === "slack" && role.of === cover ? -1n : 0n;
  if (values[cover] !== own) unsound(`must be ${own}`);
}

/** Whether weights and margins apply. */
function hasMargins(kind: ScenarioRows["kind"]): boolean {
  return kind === "margin" || kind === "credit";
}

function hasCredit({ scenarios }: Compiled): boolean {
  return scenarios.some(({ kind }) => kind === "credit");
}

function rowsOf(compiled: Compiled, row: Row): ClassRows {
  return compiled.classes.find((one) => one.class === row.class)!;
}
