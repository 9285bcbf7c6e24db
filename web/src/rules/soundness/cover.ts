// Forms are sound: what is held plain or covered is worth at least nothing in every scenario, so
// that it hides no debt, and nothing else counts in `cover`. Twin of rules/src/soundness/cover.rs.
//
// In `cover` an account's plain and covered lines add up to its slack, which is not negative. Each
// counts there for at most what it is worth in any scenario, so they add up to at least that much
// in all of them, whatever else the account holds.

import { refuse } from "../../encoding/refused.ts";
import { contingencyUnit } from "../cover.ts";
import { type Compiled, type Row, isBalanced, standsFor } from "../table.ts";

/** Refuses plain and covered rows that could count for more than they are worth. */
export function checkCover(compiled: Compiled): void {
  const { rows, scenarios } = compiled;
  const covers = scenarios.flatMap(({ kind }, i) => (kind === "cover" ? [i] : []));
  const forms = rows.flatMap((row, i) => (standsFor(row) === undefined ? [] : [i]));
  if (forms.length === 0) {
    if (covers.length > 0) refuse("the table is unsound: it has a cover scenario for no row");
    return;
  }
  const cover = covers[0];
  if (cover === undefined || cover !== scenarios.length - 1) {
    return refuse("the table is unsound: its last scenario, and only that, must be `cover`");
  }
  forms.forEach((row, i) => checkForm(compiled, row, forms[i - 1], cover));
}

function checkForm(compiled: Compiled, index: number, before: number | undefined, cover: number) {
  const row = compiled.rows[index]!;
  const unsound = (what: string) => refuse(`the table is unsound: ${row.name} ${what}`);
  const of = standsFor(row)!;
  const stood = compiled.rows[of];
  if (of >= index || !stood || !hasForm(stood, row.role.kind === "plain")) {
    return unsound("stands for no row that has this form");
  }
  if (row.class !== "customer" || stood.class !== "customer") unsound("is not of customers");
  const previous = before === undefined ? undefined : compiled.rows[before]!;
  if (previous && rank(previous) >= rank(row)) unsound("is a duplicate or out of order");
  if (row.cap !== undefined) unsound("has a cap");
  if (row.decimals !== stood.decimals) unsound("has other decimals than the row it stands for");
  // Every tier, since the last counts for least, and a form has no end.
  for (const tier of tiersOf(compiled, stood)) checkLeast(compiled, row, tier, cover);
}

/** Whether a row can be held covered, or also plain. */
function hasForm({ role }: Row, isPlain: boolean): boolean {
  switch (role.kind) {
    case "deposit":
    case "long":
      return role.tier === 0;
    case "short":
      return role.tier === 0 && !isPlain;
    case "quote credit":
      return true;
    case "borrow":
    case "quote debit":
      return !isPlain;
    default:
      return false;
  }
}

/** The place in the order of the rows that the forms stand for, plain before covered. */
function rank(row: Row): number {
  return 2 * standsFor(row)! + (row.role.kind === "plain" ? 0 : 1);
}

function tiersOf({ rows }: Compiled, first: Row): Row[] {
  const { role } = first;
  if (!("tier" in role)) return [first];
  return rows.filter(
    (row) =>
      row.class === "customer" &&
      "tier" in row.role &&
      row.role.kind === role.kind &&
      row.role.of === role.of,
  );
}

/** In no scenario is a row worth less than it counts for in `cover`, after its own losses. */
function checkLeast(compiled: Compiled, row: Row, tier: Row, cover: number): void {
  const { rows, scenarios, contingencies } = compiled;
  const worst = contingencies.map((_, number) => {
    const losses = scenarios.map((one, i) =>
      one.kind === "constraint" && one.contingency === number ? -tier.values[i]! : 0n,
    );
    return losses.reduce((most, loss) => (loss > most ? loss : most), 0n);
  });
  scenarios.forEach((scenario, s) => {
    if (!isBalanced(scenario)) return;
    let left = tier.values[s]! - row.values[cover]!;
    contingencies.forEach((one, number) => {
      const taken = worst[number]! * -rows[one.row]!.values[s]!;
      const unit = contingencyUnit(compiled, one.row);
      // Rounded up, so that the parts of units of many lines never add up to one.
      left -= taken / unit + (taken % unit === 0n ? 0n : 1n);
    });
    if (left < 0n) {
      refuse(
        `the table is unsound: ${row.name} counts for more in \`cover\` than it is worth in ` +
          `${scenario.name}`,
      );
    }
  });
}
