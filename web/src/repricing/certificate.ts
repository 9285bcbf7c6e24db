// Certificates: the few numbers that show a bound. Twin of attestation/src/bound/certificate.rs.
//
// A file has one certificate for each priced scenario: the multipliers of proved scenarios, those
// that are left out being 0. Any multipliers are valid; good ones make a bound tight. The whole
// report of `pacioli reprice --json` is such a file as well.

import { type Decimal, exactUnits, parseDecimal, showAmount } from "../encoding/decimal.ts";
import { type Json, parseReport } from "../encoding/json.ts";
import { Refused, quoted, refuse } from "../encoding/refused.ts";
import type { Compiled } from "../rules/table.ts";

/** Decimals of a multiplier. */
export const DECIMALS = 9;
/** A multiplier of 1. */
export const UNIT = 10n ** BigInt(DECIMALS);
/** The largest multiplier, in units. */
export const MOST = 1_000_000n * UNIT;

/** Multipliers in units, by the name of the proved scenario. */
export type Certificate = ReadonlyMap<string, bigint>;

/** How often a proved scenario counts; those that are left out do not. */
export interface Multiplier {
  /** Its number. */
  readonly scenario: number;
  readonly units: bigint;
}

/** Certificates by the name of the priced scenario. */
export type Certificates = ReadonlyMap<string, Certificate>;

/** Reads a file of certificates. */
export function parseCertificates(text: string): Certificates {
  const file = reported(about(() => parseReport(text)));
  return new Map(
    entries("the file of certificates", file).map(([scenario, certificate]) => {
      const named = entries(`the certificate of ${quoted(scenario)}`, certificate);
      return [scenario, new Map(named.map(([name, json]) => [name, multiplier(name, json)]))];
    }),
  );
}

/** The certificates in a report; any other file as it is. */
function reported(file: Json): Json {
  const within = file instanceof Map ? file.get("certificates") : undefined;
  // A scenario may have any name: its certificate is no object of objects.
  const isReport = within instanceof Map && [...within.values()].every((one) => one instanceof Map);
  if (!isReport) return file;
  const beside = [...(file as Map<string, Json>)].find(([, one]) => {
    return one !== within && isCertificate(one);
  });
  if (beside) {
    refuse(
      "the file of certificates is ambiguous: it has `certificates`, as a report has, and beside " +
        `them one for ${quoted(beside[0])}`,
    );
  }
  return within;
}

/** Whether it has the form of one certificate, which nothing else in a report has. */
function isCertificate(json: Json): boolean {
  if (!(json instanceof Map)) return false;
  return [...json.values()].every((one) => typeof one === "string" && /^-?[0-9.]+$/.test(one));
}

/** Certificates as a file has them, for others to check. */
export function printCertificates(certificates: Certificates): string {
  const written = [...certificates].map(([scenario, certificate]): [string, object] => {
    const named = [...certificate].map(([name, units]) => [name, showAmount(units, DECIMALS)]);
    return [scenario, Object.fromEntries(named)];
  });
  return `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`;
}

/** The multipliers of one certificate by the numbers of the proved scenarios. */
export function multipliersOf(certificate: Certificate, { scenarios }: Compiled): Multiplier[] {
  return [...certificate].map(([name, units]) => {
    const scenario = scenarios.findIndex((one) => one.name === name);
    if (scenario >= 0) return { scenario, units };
    return refuse(
      `the certificate names the scenario ${quoted(name)}, which the proof does not have`,
    );
  });
}

/** The certificate with these multipliers. */
export function certificateOf(
  multipliers: readonly Multiplier[],
  { scenarios }: Compiled,
): Certificate {
  return new Map(multipliers.map(({ scenario, units }) => [scenarios[scenario]!.name, units]));
}

/** Refuses certificates of scenarios that are not `priced`: they would show nothing. */
export function checkPriced(
  certificates: Certificates,
  priced: readonly string[],
  coarse: readonly string[],
): void {
  for (const name of certificates.keys()) {
    if (coarse.includes(name)) {
      refuse(
        `there is a certificate for ${quoted(name)}, for which units of value are too coarse at ` +
          "these prices",
      );
    }
  }
  for (const name of certificates.keys()) {
    if (!priced.includes(name)) {
      refuse(
        `there is a certificate for ${quoted(name)}, which is neither mark nor a stress nor a ` +
          "twin of the rules",
      );
    }
  }
}

function multiplier(name: string, json: Json): bigint {
  if (typeof json !== "string") {
    return refuse(`the certificate's multiplier of ${quoted(name)} must be in quotes`);
  }
  const wrong = (): never =>
    refuse(
      `the certificate's multiplier of ${quoted(name)} is ${quoted(json)}: expected a number ` +
        `from 0 to 1000000 with at most ${DECIMALS} decimals`,
    );
  const units = exactUnits(decimal(json, wrong), DECIMALS);
  return units === undefined || units < 0n || units > MOST ? wrong() : units;
}

function decimal(text: string, wrong: () => never): Decimal {
  try {
    return parseDecimal(text);
  } catch {
    return wrong();
  }
}

function entries(what: string, json: Json): [string, Json][] {
  if (!(json instanceof Map)) return refuse(`${what} must be an object`);
  return [...json];
}

function about<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(`the file of certificates could not be read: ${error.message}`);
  }
}
