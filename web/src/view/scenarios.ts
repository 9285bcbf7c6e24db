// The assumptions of each scenario, in per cent: the name of a crash does not say how severe it is.

import { type Decimal, showAmount, ten } from "../encoding/decimal.ts";
import { listedAssets } from "../rules/assets.ts";
import { inOrder } from "../rules/names.ts";
import type { Rules, Scenario } from "../rules/schema.ts";
import { showNumber } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { type Child, bullets, code } from "./dom.ts";

/** Every scenario of the rules, with its moves. */
export function viewScenarios(rules: Rules): HTMLElement {
  return bullets(
    rules.scenarios.map((one): Child => [code(one.name), `: ${assumed(one, rules)}.`]),
  );
}

/** What a scenario assumes, in words. */
export function assumed(scenario: Scenario, rules: Rules): string {
  const { kind, margin, contingency, delta, only, weight } = scenario;
  const level = margin === "initial" ? "initial" : "maintenance";
  switch (kind) {
    case "mark":
      return say("scenarios.mark");
    case "margin":
      return say(`scenarios.${level}`);
    case "credit":
      return say(`scenarios.credit.${level}`);
    case "stress":
      return moved(scenario, rules);
  }
  const about = (loss: string) =>
    only ? say("scenarios.only", { loss, names: only.join(", ") }) : loss;
  const covered = (loss: string) =>
    say("scenarios.must.cover", { margin: contingency ?? "", loss });
  if (scenario.rates.size > 0) return covered(rated(scenario));
  if (delta) {
    const [net, gross] = [percent(delta.net), percent(delta.gross)];
    const { underlying } = delta;
    return covered(about(say("scenarios.delta", { net, gross, underlying })));
  }
  const loss = about(moved(scenario, rules));
  if (!weight) return covered(loss);
  return covered(say("scenarios.weight", { loss, part: percent(weight).replace("+", "") }));
}

/** A part as per cent: `-0.526` is `−52.6 %`, with its sign. */
function percent({ mantissa, scale }: Decimal): string {
  const text = showNumber(showAmount(mantissa * ten(2), scale));
  return `${mantissa > 0n ? "+" : ""}${text} %`;
}

function rated({ rates, ratesOf }: Scenario): string {
  const parts = inOrder(rates).map(([name, rate]) => `${name} ${percent(rate)}`);
  const of = ratesOf === "underlying" ? "scenarios.of.underlying" : "scenarios.of.own";
  return say(of, { parts: parts.join(", ") });
}

/** The named moves, then the default move, then the assets that it does not move. */
function moved({ moves, defaultMove }: Scenario, rules: Rules): string {
  const named = inOrder(moves).map(([asset, move]) => `${asset} ${percent(move)}`);
  const hasDefault = defaultMove !== undefined && defaultMove.mantissa !== 0n;
  const fixed = hasDefault ? unshocked(rules).filter((name) => !moves.has(name)) : [];
  const rest = named.length > 0 ? "scenarios.others" : "scenarios.everything";
  const others = defaultMove ? [say(rest, { move: percent(defaultMove) })] : [];
  const all = [...named, ...others].join(", ");
  if (fixed.length === 0) return all;
  const values = { moves: all, names: fixed.join(", "), count: fixed.length };
  return say("scenarios.still", values);
}

/** The assets that a default move does not move, the quote currency first. */
function unshocked(rules: Rules): string[] {
  const named = inOrder(listedAssets(rules)).filter(
    ([name, { shocked }]) => !shocked && name !== rules.quote,
  );
  const others = rules.assetDefault?.shocked === false ? [say("scenarios.without.rule")] : [];
  return [rules.quote, ...named.map(([name]) => name), ...others];
}
