// The reserves in an attestation, as the venue claims them. Twin of attestation/src/reserves.rs.

import type { Field, Fields } from "../encoding/canonical.ts";
import { type Decimal, floorUnits } from "../encoding/decimal.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import { checkName, seen } from "../rules/names.ts";
import type { Compiled } from "../rules/table.ts";
import { placeKey } from "./place.ts";

/** A claim, on another venue, backs nothing until that venue's attestation is read beside it. */
export type Purpose = "customers" | "insurance" | "claim";

/** Who confirms a reserve, according to the publisher. */
export type AttestedBy = "chain" | "custodian" | "auditor" | "self";
const ATTESTED_BY: readonly AttestedBy[] = ["chain", "custodian", "auditor", "self"];

export interface Reserve {
  readonly asset: string;
  readonly amount: Decimal;
  readonly chain: string;
  readonly address: string;
  readonly evidence: string;
  readonly purpose: Purpose;
  /** Who holds the keys or the account, if not the venue. */
  readonly custodian: string | undefined;
  /** The legal owner, if not the venue. */
  readonly legalHolder: string | undefined;
  /** Another obligation that it secures. */
  readonly encumbrance: string | undefined;
  readonly attestedBy: AttestedBy | undefined;
}

export interface Reserves {
  readonly asOf: string;
  readonly reserves: readonly Reserve[];
}

/** Reads reserves: only their form. */
export function readReserves(fields: Fields): Reserves {
  const asOf = fields.field("as_of").time();
  const reserves = fields.field("reserves").list().map(readReserve);
  fields.end();
  return { asOf, reserves };
}

function readReserve(field: Field): Reserve {
  const fields = field.fields();
  const reserve: Reserve = {
    asset: fields.field("asset").text(),
    amount: fields.field("amount").decimal(),
    chain: fields.field("chain").text(),
    address: fields.field("address").text(),
    evidence: fields.field("evidence").text(),
    purpose: fields.field("purpose").oneOf(["customers", "insurance", "claim"] as const),
    custodian: fields.optional("custodian")?.text(),
    legalHolder: fields.optional("legal_holder")?.text(),
    encumbrance: fields.optional("encumbrance")?.text(),
    attestedBy: fields.optional("attested_by")?.oneOf(ATTESTED_BY),
  };
  fields.end();
  return reserve;
}

/** Refuses reserves that are negative, do not say where they are, or repeat one. */
export function checkReserves({ reserves }: Reserves): void {
  const places = new Set<string>();
  reserves.forEach((reserve, index) => {
    const key = `reserves[${index}]`;
    const { asset, amount, chain, address, evidence, custodian, legalHolder, encumbrance } =
      reserve;
    checkName(`${key}.asset`, asset);
    if (amount.mantissa < 0n) refuse(`${key}.amount is negative`);
    const texts = { chain, address, evidence, custodian, legal_holder: legalHolder, encumbrance };
    for (const [name, text] of Object.entries(texts)) {
      if (text !== undefined && seen(text) === "") refuse(`${key}.${name} is empty`);
    }
    if (reserve.purpose === "claim" && custodian === undefined) {
      refuse(`${key}.custodian is missing: a claim names the venue that it is on`);
    }
    const place = JSON.stringify([asset, ...placeKey(chain, address)]);
    if (places.has(place)) refuse(`${key}: duplicate ${asset} at ${quoted(address)}`);
    places.add(place);
  });
}

/** Whether a reserve answers for something else too, so that it counts nothing. */
export function isPledged({ encumbrance }: Reserve): boolean {
  return encumbrance !== undefined;
}

/**
 * Whether a reserve counts: it is not pledged, no claim, and its asset is one of the table's or the
 * quote currency.
 */
export function counts(reserve: Reserve, { assets, quote }: Compiled): boolean {
  const { asset, purpose } = reserve;
  if (isPledged(reserve) || purpose === "claim") return false;
  return asset === quote || assets.some(({ name }) => name === asset);
}

/**
 * The reserves of one asset for one purpose, in units of 10^-decimals, each entry rounded down,
 * without what is pledged.
 */
export function heldUnits(
  reserves: Reserves,
  asset: string,
  purpose: Purpose,
  decimals: number,
): bigint {
  return reserves.reserves
    .filter(
      (entry) => entry.asset === asset && entry.purpose === purpose && !isPledged(entry),
    )
    .reduce((sum, entry) => sum + floorUnits(entry.amount, decimals), 0n);
}

/**
 * The worth of the reserves for one purpose in one scenario, in value units: each asset is worth as
 * much as a deposit of it in its last tier, and assets without a price are worth 0.
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
