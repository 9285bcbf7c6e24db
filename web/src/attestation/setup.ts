// The setup that an opening is checked with: powers of a number tau that nobody should know. Twin
// of attestation/src/setup.

import { keccak_512 } from "@noble/hashes/sha3.js";

import { numberOf, toHex, utf8 } from "../encoding/digest.ts";
import { Fr, R } from "../encoding/field.ts";
import { G1, type G1Point, G2, type G2Point, combine, g2Bytes, times } from "../encoding/points.ts";
import { refuse } from "../encoding/refused.ts";

export interface Setup {
  /** The origin of tau, recognised by its point in G2. */
  readonly origin: Origin;
  readonly state: State;
  /** The digest of the key file; undefined for the insecure setup without a file. */
  readonly key: Uint8Array | undefined;
  /** What the key file says of the circuit; undefined without a file: then it follows from tau. */
  readonly circuit: GivenCircuit | undefined;
  /** [tau]_2. */
  readonly tau: G2Point;
  /** The commitment to the polynomial with these coefficients, at most one for each slot. */
  commit(coefficients: readonly bigint[]): G1Point;
  /** [tau^P]_2, P being the page size. */
  readonly tauPage: G2Point;
}

/** A circuit as a key file has it: whether the two belong together was not checked. */
export interface GivenCircuit {
  /** Its word in transcripts. */
  readonly word: Uint8Array;
  /** Commitments to its fixed columns. */
  readonly fixed: readonly G1Point[];
}

export type Origin =
  | { readonly kind: "insecure" }
  | { readonly kind: "ceremony"; readonly name: string }
  | { readonly kind: "unknown"; readonly tau: string };

/**
 * How far the reader can rely on nobody knowing tau. A digest from somebody else vouches for a key
 * file. A key file alone is never better than unknown, even under a known ceremony's tau, since the
 * fixed commitments in it could be anything; the state `known` needs a whole setup.
 */
export type State = "vouched" | "unknown" | "insecure";

/** The insecure setup's name in attestations; the web page never trusts a better name. */
export const INSECURE = "INSECURE: everyone knows tau, proofs made with this setup prove nothing";

/** The tau that everyone knows: a hash, read from its last byte to its first. */
export function insecureTau(): bigint {
  return numberOf(keccak_512(utf8("pacioli insecure setup v1")).reverse()) % R;
}

/** The insecure setup, for pages of `pageSize` slots: with tau known, no points are needed. */
export function insecureSetup(pageSize: number): Setup {
  const tau = insecureTau();
  return {
    origin: { kind: "insecure" },
    state: "insecure",
    key: undefined,
    circuit: undefined,
    tau: times(G2.BASE, tau),
    commit: (coefficients) => times(G1.BASE, evaluate(coefficients, tau)),
    tauPage: times(G2.BASE, Fr.pow(tau, BigInt(pageSize))),
  };
}

/** Commits to a page with the powers [tau^0]_1 .. of a key, which were checked. */
export function committer(powers: readonly G1Point[]): Setup["commit"] {
  return (coefficients) => combine(powers.slice(0, coefficients.length), coefficients);
}

function evaluate(coefficients: readonly bigint[], at: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => Fr.add(Fr.mul(sum, at), coefficient), 0n);
}

/** Ceremonies, and their [tau]_2 as x.c1, x.c0, y.c1, y.c0. */
export const CEREMONIES: readonly (readonly [name: string, tau: string])[] = [
  [
    "Hermez perpetual powers of tau, 54 contributions and a beacon",
    "0x26186a2d65ee4d2f9c9a5b91f86597d35f192cd120caf7e935d8443d1938e23d" +
      "30441fd1b5d3370482c42152a8899027716989a6996c2535bc9f7fee8aaef79e" +
      "1970ea81dd6992adfbc571effb03503adbbb6a857f578403c6c40e22d65b3c02" +
      "054793348f12c0cf5622c340573cb277586319de359ab9389778f689786b1e48",
  ],
  [
    "perpetual powers of tau, contribution 80",
    "0x17cc93077f56f654da727c1def86010339c2b4131094547285adb083e48c197b" +
      "285b1f14edd7e6632340a37dfae9005ff762edcfecfe1c732a7474c0708bef80" +
      "219edfceee1723de674f5b2f6fdb69d9e32dd53b15844956a630d3c7cdaa6ed9" +
      "2bad9a374aec49d329ec66e8f530f68509313450580c4c17c6db5ddb9bde7fd0",
  ],
  [
    "perpetual powers of tau, challenge 85",
    "0x172aa93c41f16e1e04d62ac976a5d945f4be0acab990c6dc19ac4a7cf68bf77b" +
      "2ae0c8c3a090f7200ff398ee9845bbae8f8c1445ae7b632212775f60a0e21600" +
      "1754a9fc3b7e4da9197c283c7401773208190c5555caf254e644e99c29366704" +
      "1459fe6cc8a1222fd4290864ff9e47d4b8cf7a403593c7107c39538ddefd857e",
  ],
  [
    "perpetual powers of tau, as PSE publishes them raw",
    "0x186282957db913abd99f91db59fe69922e95040603ef44c0bd7aa3adeef8f5ac" +
      "17944351223333f260ddc3b4af45191b856689eda9eab5cbcddbbe570ce860d2" +
      "298adc7396bd3865cbf6d6df91bae406694e6d2215baa893bdeadb63052895f4" +
      "297772d34bc9aa8ae56162486363ffe417b02dc7e8c207fc2cc20203e67a02ad",
  ],
];

/**
 * The first block of ChaCha20 under a key of zeros, from which halo2-base's test setups draw tau.
 */
const HALO2_BASE_TAU =
  BigInt(
    "0x8665eeb269b687c31ca11815f4b8436a374ad8b83fe024778d4857517c5941da" +
      "c70d778bccef36a81aed8da0b819d2bd28bd8653e56a5d40903df1a0ade0b876",
  ) % R;

/**
 * Recognises a setup by its [tau]_2. A tau that everyone knows is refused, but for our insecure
 * one.
 */
export function recognise(tau: G2Point): Origin {
  const everyoneKnows = { 1: 1n, 2: 2n, "that of halo2-base": HALO2_BASE_TAU };
  for (const [name, known] of Object.entries(everyoneKnows)) {
    if (tau.equals(times(G2.BASE, known))) refuse(`the key's tau is ${name}, which everyone knows`);
  }
  if (tau.equals(times(G2.BASE, insecureTau()))) return { kind: "insecure" };
  const bytes = toHex(g2Bytes(tau));
  const ceremony = CEREMONIES.find(([, known]) => known === bytes);
  return ceremony ? { kind: "ceremony", name: ceremony[0] } : { kind: "unknown", tau: bytes };
}
