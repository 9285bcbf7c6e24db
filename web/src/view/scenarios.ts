// What each scenario supposes, in per cent: names of crashes say nothing of how hard they are.

import { type Decimal, showAmount, ten } from "../encoding/decimal.ts";
import { type Child, bullets, code, grouped } from "./dom.ts";
import { inOrder } from "../rules/names.ts";
import { listedAssets } from "../rules/validate.ts";
import type { Rules, Scenario } from "../rules/schema.ts";

/** Every scenario of the rules, with what moves in it. */
export function viewScenarios(rules: Rules): HTMLElement {
  return bullets(rules.scenarios.map((scenario): Child[] => [code(scenario.name), `: ${supposed(scenario, rules)}.`]));
}

/** A part as per cent: `-0.526` is `−52.6 %`, with its sign. */
export function percent({ mantissa, scale }: Decimal): string {
  const text = grouped(showAmount(mantissa * ten(2), scale));
  return `${mantissa > 0n ? "+" : ""}${text} %`;
}

function supposed(scenario: Scenario, rules: Rules): string {
  const { kind, margin, contingency, rates, ratesOf, delta, only, weight } = scenario;
  switch (kind) {
    case "mark":
      return "everything at its price";
    case "margin":
      return `everything at its price, after haircuts and ${margin} margins`;
    case "credit":
      return `as ${margin} margin, but loans that are not credited count nothing`;
    case "stress":
      return moved(scenario, rules);
  }
  const of = `a loss that the margin \`${contingency}\` has to be at least: `;
  if (rates.size > 0) {
    const parts = inOrder(rates).map(([name, rate]) => `${name} ${percent(rate)}`);
    return `${of}${parts.join(", ")} of ${ratesOf === "underlying" ? "the underlying’s" : "its own"} price`;
  }
  const about = only ? `, of ${only.join(", ")} alone` : "";
  if (delta) {
    const { underlying, net, gross } = delta;
    return `${of}${percent(net)} of the net and ${percent(gross)} of the gross delta in ${underlying}${about}`;
  }
  const part = weight ? `, of which ${percent(weight).replace("+", "")} counts` : "";
  return `${of}${moved(scenario, rules)}${about}${part}`;
}

/** The moves by name, then everything else, then what stays although everything else moves. */
function moved({ moves, defaultMove }: Scenario, rules: Rules): string {
  const named = inOrder(moves).map(([asset, move]) => `${asset} ${percent(move)}`);
  const stays = defaultMove && defaultMove.mantissa !== 0n ? unshocked(rules).filter((name) => !moves.has(name)) : [];
  const others = defaultMove ? [`${named.length > 0 ? "all others" : "everything"} ${percent(defaultMove)}`] : [];
  const still = stays.length > 0 ? `; ${stays.join(", ")} ${stays.length === 1 ? "stays" : "stay"} as ${stays.length === 1 ? "it is" : "they are"}` : "";
  return `${[...named, ...others].join(", ")}${still}`;
}

/** The assets that a default move does not move, the quote currency first. */
function unshocked(rules: Rules): string[] {
  const named = inOrder(listedAssets(rules)).filter(([name, { shocked }]) => !shocked && name !== rules.quote);
  const others = rules.assetDefault && !rules.assetDefault.shocked ? ["any asset without a rule of its own"] : [];
  return [rules.quote, ...named.map(([name]) => name), ...others];
}
