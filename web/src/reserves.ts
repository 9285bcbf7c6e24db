// The reserves in an attestation: what the venue says it holds (prover/src/reserves.rs).

import type { Field, Fields } from "./canonical.ts";
import { type Decimal, floorUnits, parseDecimal } from "./decimal.ts";
import { checkName } from "./names.ts";
import { refuse } from "./refused.ts";
import type { Compiled } from "./table.ts";

export type Purpose = "customers" | "insurance";

export interface Reserve {
  readonly asset: string;
  readonly amount: Decimal;
  readonly chain: string;
  readonly address: string;
  readonly evidence: string;
  readonly purpose: Purpose;
}

export interface Reserves {
  readonly asOf: string;
  readonly reserves: readonly Reserve[];
}

/** Reads and checks reserves: nothing negative, every place said, and none counted twice. */
export function readReserves(fields: Fields): Reserves {
  const asOf = fields.field("as_of").time();
  const reserves = fields.field("reserves").list().map(readReserve);
  fields.end();
  const places = new Set<string>();
  reserves.forEach(({ asset, chain, address }, i) => {
    const place = JSON.stringify([asset, chain.trim().toLowerCase(), address.trim().toLowerCase()]);
    if (places.has(place)) refuse(`reserves[${i}]: ${asset} at one address stands twice`);
    places.add(place);
  });
  return { asOf, reserves };
}

function readReserve(field: Field, index: number): Reserve {
  const fields = field.fields();
  const asset = fields.field("asset").text();
  const amount = parseDecimal(fields.field("amount").text());
  const chain = fields.field("chain").text();
  const address = fields.field("address").text();
  const evidence = fields.field("evidence").text();
  const purpose = fields.field("purpose").text();
  fields.end();
  const key = `reserves[${index}]`;
  checkName(`${key}.asset`, asset);
  if (amount.mantissa < 0n) refuse(`${key}.amount is negative`);
  for (const [name, text] of Object.entries({ chain, address, evidence })) {
    if (text.trim() === "") refuse(`${key}.${name} is empty`);
  }
  if (purpose !== "customers" && purpose !== "insurance") {
    return refuse(`${key}.purpose is neither \`customers\` nor \`insurance\``);
  }
  return { asset, amount, chain, address, evidence, purpose };
}

/** What is held of one asset for one purpose, in units of 10^-decimals, each entry rounded down. */
export function heldUnits(
  reserves: Reserves,
  asset: string,
  purpose: Purpose,
  decimals: number,
): bigint {
  return reserves.reserves
    .filter((entry) => entry.asset === asset && entry.purpose === purpose)
    .reduce((sum, entry) => sum + floorUnits(entry.amount, decimals), 0n);
}

/**
 * What is held for one purpose is worth in one scenario, in value units: each asset as much as a
 * deposit of it in its last tier. Assets without a price count nothing.
 */
export function reservesWorth(
  reserves: Reserves,
  compiled: Compiled,
  purpose: Purpose,
  scenario: number,
): bigint {
  let units = 0n;
  for (const asset of compiled.assets) {
    const last = compiled.rows[asset.deposits[asset.deposits.length - 1]!]!;
    units += heldUnits(reserves, asset.name, purpose, asset.decimals) * last.values[scenario]!;
  }
  if (!compiled.assets.some((asset) => asset.name === compiled.quote)) {
    units += heldUnits(reserves, compiled.quote, purpose, compiled.valueDecimals);
  }
  return units;
}
