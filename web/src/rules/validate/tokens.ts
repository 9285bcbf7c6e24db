// Known tokens: each stands for one asset, and nothing is known twice. Twin of
// rules/src/validate/tokens.rs.

import { compareDecimals, whole } from "../../encoding/decimal.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { hasAsset } from "../assets.ts";
import { checkName } from "../names.ts";
import type { KnownToken, Rules } from "../schema.ts";

const MAX_DECIMALS = 38;
const CHAIN = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

/** Refuses a section `tokens` that is invalid. */
export function checkTokens(rules: Rules): void {
  for (const [chain, known] of rules.tokens) {
    if (!CHAIN.test(chain)) refuse(`rules: tokens: ${quoted(chain)} is no chain of CAIP-2`);
    const seen = new Set<string | undefined>();
    for (const [name, token] of known) {
      const key = `rules: tokens.${chain}.${name}`;
      checkName(key, name);
      checkToken(rules, key, token);
      if (seen.has(token.address)) refuse(`${key}: duplicate ${quoted(token.address ?? "native")}`);
      seen.add(token.address);
    }
  }
}

function checkToken(rules: Rules, key: string, token: KnownToken): void {
  const { kind, standsFor, decimals, address, codeHash, balancesSlot, countsFor } = token;
  checkName(`${key}.stands_for`, standsFor);
  if (standsFor !== rules.quote && !hasAsset(rules, standsFor)) {
    refuse(`${key}.stands_for: there is no asset ${quoted(standsFor)}`);
  }
  if (decimals > MAX_DECIMALS) refuse(`${key}.decimals must be at most ${MAX_DECIMALS}`);
  if (countsFor && (countsFor.mantissa <= 0n || compareDecimals(countsFor, whole(1n)) > 0)) {
    refuse(`${key}.counts_for must be above 0 and at most 1`);
  }
  if (balancesSlot !== undefined && balancesSlot >= 1n << 63n) {
    refuse(`${key}.balances_slot is too large`);
  }
  if (kind === "native") {
    const contract = [address, codeHash, balancesSlot];
    if (contract.some((given) => given !== undefined)) refuse(`${key}: a coin has no contract`);
    return;
  }
  if (address === undefined || !/^0x[0-9a-f]{40}$/.test(address)) {
    refuse(`${key}.address is invalid`);
  }
  if (codeHash === undefined || !/^0x[0-9a-f]{64}$/.test(codeHash)) {
    refuse(`${key}.code_hash is invalid`);
  }
}
