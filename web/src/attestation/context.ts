// The context word, which binds a volume's proof to everything public beside it (docs/formats.md,
// "Attestation"). Twin of attestation/src/attestation.

import type { Decimal } from "../encoding/decimal.ts";
import { Words, keccak, toField, utf8 } from "../encoding/digest.ts";
import type { Smile, Surface, Surfaces } from "../rules/black76/surface.ts";
import type { Prices } from "../rules/prices.ts";
import type { Volatility } from "../rules/volatility.ts";
import type { Attestation, Header } from "./attestation.ts";
import { drawnDigest } from "./drawn/drawn.ts";
import type { Reserves } from "./reserves.ts";

/** The digest of everything public but totals and proofs. */
export function contextOf({ header, rules, prices, reserves, volumes }: Attestation): Uint8Array {
  return new Words("pacioli.context.v1")
    .digest(headerDigest(header))
    .digest(keccak(utf8(rules)))
    .digest(pricesDigest(prices))
    .list(reserves ? [reserves] : [], (words, given) => words.digest(reservesDigest(given)))
    .number(BigInt(volumes.length))
    .finish();
}

/** The first public input of a volume's proof. */
export function contextWord(context: Uint8Array, volume: number): bigint {
  return toField(new Words("pacioli.volume.v1").digest(context).number(BigInt(volume)).finish());
}

function headerDigest(header: Header): Uint8Array {
  return (
    new Words("pacioli.header.v1")
      .text(header.venue)
      .number(header.sequence)
      .list(header.previous ? [header.previous] : [], (words, previous) => words.digest(previous))
      .text(header.asOf)
      .list(header.drawn ? [header.drawn] : [], (words, drawn) => words.digest(drawnDigest(drawn)))
      .number(header.accounts)
      .number(header.accountsLeftOut)
      .list(header.leftOut, (words, { asset, lines, accounts, deposits, borrows }) =>
        words.text(asset).number(lines).number(accounts).text(deposits).text(borrows),
      )
      .number(header.rounding.lines)
      .list(header.rounding.instruments, (words, { instrument, lines, bound }) =>
        words.text(instrument).number(lines).text(bound),
      )
      .text(header.rounding.bound)
      .number(BigInt(header.k))
      .number(BigInt(header.pageSize))
      .number(BigInt(header.scenarios))
      .list(header.program ? [header.program] : [], (words, program) => words.digest(program))
      .digest(header.key)
      .text(header.setup)
      .text(header.software)
      .finish()
  );
}

function pricesDigest(all: Prices): Uint8Array {
  const { asOf, quote, method, source, prices, vols, openInterest, refused, volatilities } = all;
  const decimal = (words: Words, [name, { mantissa, scale }]: [string, Decimal]) =>
    words.text(name).number(mantissa).number(BigInt(scale));
  const words = new Words("pacioli.prices.v1")
    .text(asOf)
    .text(quote)
    .text(method)
    .list(source === undefined ? [] : [source], (words, given) => words.text(given))
    .list([...prices], decimal);
  // Prices without these keep the digest from before files could state any.
  if (vols.size > 0) words.digest(surfacesDigest(vols));
  if (openInterest.size > 0) {
    words.digest(new Words("pacioli.open-interest.v1").list([...openInterest], decimal).finish());
  }
  if (refused.size > 0) {
    const entry = (words: Words, [asset, reason]: [string, string]) =>
      words.text(asset).text(reason);
    words.digest(new Words("pacioli.refused.v1").list([...refused], entry).finish());
  }
  if (volatilities.size === 0) return words.finish();
  const stated = (words: Words, one: Volatility) => {
    const { kind, annual, window, tenor, source, asOf } = one;
    words.text(kind).number(annual.mantissa).number(BigInt(annual.scale));
    for (const length of [window, tenor]) {
      words.list(length === undefined ? [] : [length], (words, length) => words.number(length));
    }
    return words.text(source).text(asOf);
  };
  const digest = new Words("pacioli.volatilities.v1")
    .list([...volatilities], (words, [asset, list]) => words.text(asset).list([...list], stated))
    .finish();
  return words.digest(digest).finish();
}

function surfacesDigest(vols: Surfaces): Uint8Array {
  const decimal = (words: Words, { mantissa, scale }: Decimal) =>
    words.number(mantissa < 0n ? -mantissa : mantissa).number(BigInt(scale));
  const smile = (words: Words, [expiry, { forward, strikes }]: [string, Smile]) =>
    words
      .text(expiry)
      .list(forward ? [forward] : [], decimal)
      .list([...strikes], (words, [strike, vol]) => decimal(words.text(strike), vol));
  // A rate is the one number here that may be below zero.
  const signed = (words: Words, rate: Decimal) =>
    decimal(words.number(rate.mantissa < 0n ? 1n : 0n), rate);
  const surface = (words: Words, [underlying, { rate, expiries }]: [string, Surface]) =>
    words
      .text(underlying)
      .list(rate ? [rate] : [], signed)
      .list([...expiries], smile);
  return new Words("pacioli.vols.v1").list([...vols], surface).finish();
}

function reservesDigest({ asOf, reserves }: Reserves): Uint8Array {
  return new Words("pacioli.reserves.v1")
    .text(asOf)
    .list(reserves, (words, reserve) => {
      const { asset, amount, chain, address, evidence, purpose } = reserve;
      words.text(asset).number(amount.mantissa).number(BigInt(amount.scale));
      words.text(chain).text(address).text(evidence).text(purpose);
      const { custodian, legalHolder, encumbrance, attestedBy } = reserve;
      for (const text of [custodian, legalHolder, encumbrance, attestedBy]) {
        words.list(text === undefined ? [] : [text], (words, text) => words.text(text));
      }
    })
    .finish();
}
