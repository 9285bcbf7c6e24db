// The assumptions of each scenario, in per cent: the name of a crash does not say how severe it is.

import { type Decimal, grouped, showAmount, ten } from "../encoding/decimal.ts";
import { listedAssets } from "../rules/assets.ts";
import { inOrder } from "../rules/names.ts";
import type { Rules, Scenario } from "../rules/schema.ts";
import { type Child, bullets, code } from "./dom.ts";

/** Every scenario of the rules, with its moves. */
export function viewScenarios(rules: Rules): HTMLElement {
  const item = (scenario: Scenario): Child[] => [
    code(scenario.name),
    `: ${assumed(scenario, rules)}.`,
  ];
  return bullets(rules.scenarios.map(item));
}

/** A part as per cent: `-0.526` is `−52.6 %`, with its sign. */
export function percent({ mantissa, scale }: Decimal): string {
  const text = grouped(showAmount(mantissa * ten(2), scale));
  return `${mantissa > 0n ? "+" : ""}${text} %`;
}

function assumed(scenario: Scenario, rules: Rules): string {
  const { kind, margin, contingency, rates, ratesOf, delta, only, weight } = scenario;
  switch (kind) {
    case "mark":
      return "everything at its price";
    case "margin":
      return `everything at its price, after ${margin} weights and margins`;
    case "credit":
      return `as ${margin} margin, but borrows that are not credited count as 0`;
    case "stress":
      return moved(scenario, rules);
  }
  const of = `a loss that the margin \`${contingency}\` must cover: `;
  if (rates.size > 0) {
    const parts = inOrder(rates).map(([name, rate]) => `${name} ${percent(rate)}`);
    const price = ratesOf === "underlying" ? "the underlying’s price" : "its own price";
    return `${of}${parts.join(", ")} of ${price}`;
  }
  const about = only ? `, only of ${only.join(", ")}` : "";
  if (delta) {
    const { underlying, net, gross } = delta;
    const parts = `${percent(net)} of the net and ${percent(gross)} of the gross delta`;
    return `${of}${parts} in ${underlying}${about}`;
  }
  const part = weight ? `, of which ${percent(weight).replace("+", "")} counts` : "";
  return `${of}${moved(scenario, rules)}${about}${part}`;
}

/** The named moves, then the default move, then the assets that it does not move. */
function moved({ moves, defaultMove }: Scenario, rules: Rules): string {
  const named = inOrder(moves).map(([asset, move]) => `${asset} ${percent(move)}`);
  const hasDefault = defaultMove !== undefined && defaultMove.mantissa !== 0n;
  const fixed = hasDefault ? unshocked(rules).filter((name) => !moves.has(name)) : [];
  const others = defaultMove
    ? [`${named.length > 0 ? "all others" : "everything"} ${percent(defaultMove)}`]
    : [];
  const unmoved =
    fixed.length > 0 ? `; ${fixed.join(", ")} ${fixed.length === 1 ? "does" : "do"} not move` : "";
  return `${[...named, ...others].join(", ")}${unmoved}`;
}

/** The assets that a default move does not move, the quote currency first. */
function unshocked(rules: Rules): string[] {
  const named = inOrder(listedAssets(rules)).filter(
    ([name, { shocked }]) => !shocked && name !== rules.quote,
  );
  const others =
    rules.assetDefault?.shocked === false ? ["any asset without a rule of its own"] : [];
  return [rules.quote, ...named.map(([name]) => name), ...others];
}
