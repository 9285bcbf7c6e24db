// Which rule applies to an asset.

import type { AssetRule, Rules } from "./schema.ts";

/** Every asset with a rule of its own. */
export function listedAssets(rules: Rules): Map<string, AssetRule> {
  const listed = new Map<string, AssetRule>();
  for (const [name, rule] of rules.assets) {
    for (const asset of [name, ...rule.also]) listed.set(asset, rule);
  }
  return listed;
}

/** The rule for an asset. Builds no map of them all: lists are as long as the publisher likes. */
export function ruleOf({ assets, assetDefault }: Rules, name: string): AssetRule | undefined {
  return (
    assets.get(name) ?? [...assets.values()].find(({ also }) => also.includes(name)) ?? assetDefault
  );
}

/** Whether an asset has a rule, its own or the default. */
export function hasAsset(rules: Rules, name: string): boolean {
  return ruleOf(rules, name) !== undefined;
}
