// Makes a miniature attestation and a statement of one account under a tau that is known, with no
// code of the checker: whoever knows tau opens any commitment to anything. The proof in it is noise
// where an opening does not look.

import { bn254 } from "@noble/curves/bn254.js";
import { keccak_256, keccak_512 } from "@noble/hashes/sha3.js";

const { Fr, Fp } = bn254.fields;
const G = bn254.G1.Point.BASE;
const H = bn254.G2.Point.BASE;

export const INSECURE_TAU = Fr.create(little(keccak_512(bytes("pacioli insecure setup v1"))));
export const R = Fr.ORDER;
export const Q = Fp.ORDER;

const [K, PAGE, LIMBS, SCENARIOS] = [11, 64, 9, 3];

const RULES = `name = "miniature"
source = "made up"
date = "2026-01-01"
exactness = "exact"
quote = "USD"
value_decimals = 4
scenarios = [
  { name = "mark", kind = "mark" },
  { name = "maintenance", kind = "margin", margin = "maintenance" },
  { name = "crash", kind = "stress", default_move = "-0.4" },
]
[assets.BTC]
decimals = 2
tiers = [{ up_to = "2", maintenance = "0.9" }, { maintenance = "0.8" }]
[assets.USDC]
decimals = 2
shocked = false
maintenance = "1"
[policy]
min_coverage = "1"
bad_debt = { mark = "0" }
`;

/** The instrument table that these rules and prices make, by hand: name, decimals, values. */
const TABLE: [string, number, number[]][] = [
  ["", 0, [0, 0, 0]],
  ["deposit BTC tier 1", 2, [10000, 9000, 6000]],
  ["headroom deposit BTC tier 1", 2, [0, 0, 0]],
  ["deposit BTC tier 2", 2, [10000, 8000, 6000]],
  ["borrow BTC", 2, [-10000, -10000, -6000]],
  ["deposit USDC", 2, [100, 100, 100]],
  ["borrow USDC", 2, [-100, -100, -100]],
  ["quote credit", 4, [1, 1, 1]],
  ["quote debit", 4, [-1, -1, -1]],
  ["equity:mark", 4, [-1, 0, 0]],
  ["shortfall:mark", 4, [1, 0, 0]],
  ["equity:maintenance", 4, [0, -1, 0]],
  ["shortfall:maintenance", 4, [0, 1, 0]],
  ["equity:crash", 4, [0, 0, -1]],
  ["shortfall:crash", 4, [0, 0, 1]],
];

export type Held = [instrument: number, quantity: number];

/** Three BTC against a loan: something is left at mark, and lacking in the crash. */
export const ALICE: Held[] = [
  [1, 200],
  [2, 0],
  [3, 100],
  [6, 25000],
  [7, 5],
  [8, 5],
  [9, 500000],
  [11, 100000],
  [14, 700000],
];

export interface Options {
  tau?: bigint;
  id?: string;
  page?: number;
  slot?: number;
  /** What the book holds, and the statement says where `says` is left out. */
  holds?: Held[];
  says?: Held[];
  /** The number of the line that the book marks as the account's last. */
  last?: number;
  volumes?: number;
  volume?: number;
  header?: Record<string, unknown>;
  /** Changes the proof after gamma was drawn from it. */
  proof?: (proof: Uint8Array) => void;
}

/** The two files as objects, and as bytes by `write`. */
export function forge(options: Options = {}) {
  const { tau = INSECURE_TAU, id = "alice", page = 3, slot = 5, holds = ALICE } = options;
  const { says = holds, last = holds.length - 1, volumes = 1, volume = 0 } = options;
  const counts = TABLE.map((_, row) => holds.filter(([held]) => held === row).length);
  counts[0] = (2 ** K / PAGE - 7) * PAGE - holds.length;
  const totals = TABLE.map((_, row) => String(holds.find(([held]) => held === row)?.[1] ?? 0));
  const attestation = {
    version: "pacioli attestation v1",
    header: {
      venue: "Miniature \"Venue\" & Söhne",
      sequence: 0,
      previous: null,
      as_of: "2026-01-01T00:00:00Z",
      accounts: 1,
      accounts_left_out: 0,
      exclusions: [],
      rounding: { lines: 0, instruments: [], bound: "0" },
      k: K,
      page_size: PAGE,
      scenarios: SCENARIOS,
      key: hex(keccak_256(bytes("a key"))),
      setup: "INSECURE: everyone knows tau",
      software: "forge",
      ...options.header,
    },
    rules: RULES,
    prices: {
      as_of: "2026-01-01T00:00:00Z",
      quote: "USD",
      method: "made up",
      prices: { BTC: "100", USDC: "1.00" },
    },
    volumes: Array.from({ length: volumes }, () => ({ counts, quantities: totals, proof: "" })),
  };
  const context = contextWord(attestation, volume);

  // Every column is I + (X^P - c) r: I takes the values of the page, r is a number drawn at random.
  const omega = Fr.pow(7n, (R - 1n) >> BigInt(K));
  const points = Array.from({ length: PAGE }, (_, s) => Fr.pow(omega, BigInt(page + s * (2 ** K / PAGE))));
  const vanishing = Fr.sub(Fr.pow(tau, BigInt(PAGE)), Fr.pow(omega, BigInt(PAGE * page)));
  const lagrange = points.map((x) => {
    const below = Fr.mul(BigInt(PAGE), Fr.mul(Fr.pow(x, BigInt(PAGE - 1)), Fr.sub(tau, x)));
    return Fr.div(vanishing, below);
  });
  const nonce = keccak_256(bytes(`the nonce of ${id}`));
  const columns = new Map<string, { values: bigint[]; rest: bigint }>();
  const column = (name: string, value: (index: number) => bigint, empty: () => bigint) => {
    const values = points.map((_, s) => (s >= slot && s < slot + holds.length ? value(s - slot) : empty()));
    columns.set(name, { values, rest: random() });
  };
  const zero = () => 0n;
  column("last", (i) => (i === last ? 1n : 0n), zero);
  column("instrument", (i) => BigInt(holds[i]![0]), zero);
  for (let limb = 0; limb < LIMBS; limb++) {
    column(`limb ${limb}`, (i) => (BigInt(holds[i]![1]) >> BigInt(10 * limb)) & 1023n, zero);
  }
  column("seal", (i) => seal(context, id, nonce, i, holds[i]!), random);

  const commitment = (name: string) => {
    const known = columns.get(name);
    if (!known) return random();
    const at = known.values.reduce((sum, value, s) => Fr.add(sum, Fr.mul(value, lagrange[s]!)), 0n);
    return Fr.add(at, Fr.mul(vanishing, known.rest));
  };
  const limbs = Array.from({ length: LIMBS }, (_, i) => `limb ${i}`);
  const worth = Array.from({ length: SCENARIOS }, (_, i) => `worth ${i}`);
  const names = ["last", "instrument", ...limbs, "cap", ...worth, "seal", "multiplicity"];
  const phase1 = joined(...names.map((name) => point(G.multiply(commitment(name)))));
  const any = point(G.double());
  const evaluations = names.length + (4 + LIMBS) + (LIMBS + 3) + 6;
  const proof = joined(
    phase1,
    ...Array.from({ length: 4 + LIMBS + 3 }, () => any),
    ...Array.from({ length: evaluations }, () => word(random())),
    any,
    any,
  );
  const gamma = field(words("pacioli.open.v1", word(context), keccak_256(phase1)));
  options.proof?.(proof);
  for (const proved of attestation.volumes) proved.proof = hex(proof);

  const combined = (of: (name: string) => bigint) => {
    const quantity = limbs.reduce((sum, name, i) => sum + (of(name) << BigInt(10 * i)), 0n);
    const parts = [of("seal"), of("instrument"), quantity, of("last")];
    return parts.reduce((sum, part, i) => Fr.add(sum, Fr.mul(Fr.pow(gamma, BigInt(i)), Fr.create(part))), 0n);
  };
  const statement = {
    version: "pacioli statement v1",
    attestation: digestOf(attestation),
    account: id,
    volume,
    page,
    slot,
    nonce: hex(nonce),
    scenarios: ["mark", "maintenance", "crash"],
    lines: says.map(written),
    page_values: points.map((_, s) => hex(word(combined((name) => columns.get(name)!.values[s]!)))),
    opening: hex(point(G.multiply(combined((name) => columns.get(name)!.rest)))),
  };
  return { attestation, statement };
}

/** One line as the statement writes it. */
export function written([instrument, quantity]: Held) {
  const [name, decimals, values] = TABLE[instrument]!;
  const worth = values.map((value) => amount(quantity * value, 4));
  return { instrument: name, quantity: amount(quantity, decimals), worth };
}

function amount(units: number, decimals: number): string {
  // Test amounts are far below 2^53 and have at most four digits after the point.
  return String(Number((units / 10 ** decimals).toFixed(decimals)) + 0);
}

/** The key of the setup with this tau. */
export function keyOf(tau: bigint) {
  const power = (i: number) => Fr.pow(tau, BigInt(i));
  return {
    version: "pacioli key v1",
    k: K,
    scenarios: SCENARIOS,
    page_size: PAGE,
    circuit: hex(keccak_256(bytes("a circuit"))),
    fixed: Array.from({ length: 5 }, () => hex(point(G))),
    powers_g1: Array.from({ length: PAGE + 1 }, (_, i) => hex(point(G.multiply(power(i))))),
    tau_g2: hex(pointG2(H.multiply(tau))),
    tau_page_g2: hex(pointG2(H.multiply(power(PAGE)))),
  };
}

/** The digest by which a header names a key. */
export function keyDigest(key: ReturnType<typeof keyOf>): string {
  return hex(words("pacioli.key.v1", unhex(key.circuit), keccak_256(unhex(key.tau_g2))));
}

export function digestOf(attestation: object): string {
  return hex(keccak_256(write(attestation)));
}

/** A file as it is written. */
export function write(file: object): Uint8Array {
  return bytes(`${JSON.stringify(file, null, 2)}\n`);
}

function contextWord(attestation: any, volume: number): bigint {
  const { header: h, prices: p } = attestation;
  const number = (value: number) => word(BigInt(value));
  const header = words(
    "pacioli.header.v1",
    text(h.venue),
    number(h.sequence),
    number(0),
    text(h.as_of),
    number(h.accounts),
    number(h.accounts_left_out),
    number(0),
    number(h.rounding.lines),
    number(0),
    text(h.rounding.bound),
    number(h.k),
    number(h.page_size),
    number(h.scenarios),
    unhex(h.key),
    text(h.setup),
    text(h.software),
  );
  const prices = words(
    "pacioli.prices.v1",
    text(p.as_of),
    text(p.quote),
    text(p.method),
    number(0),
    number(2),
    ...[text("BTC"), number(100), number(0)],
    ...[text("USDC"), number(100), number(2)],
  );
  const { length } = attestation.volumes;
  const context = words("pacioli.context.v1", header, text(attestation.rules), prices, number(0), number(length));
  return field(words("pacioli.volume.v1", context, number(volume)));
}

function seal(context: bigint, id: string, nonce: Uint8Array, index: number, [instrument, quantity]: Held): bigint {
  const name = bytes(id);
  const owner = keccak_256(joined(text("pacioli.owner.v1"), word(BigInt(name.length)), name));
  const two = (number: number) => word(BigInt(number)).slice(30);
  const message = joined(
    ...[text("pacioli.seal.v1"), word(context), owner, nonce],
    ...[two(index), two(instrument), word(BigInt(quantity)).slice(16)],
  );
  const half = (byte: number) => big(keccak_256(joined(new Uint8Array([byte]), message)));
  return Fr.create(half(0) * 2n ** 256n + half(1));
}

function words(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return keccak_256(joined(text(tag), ...parts));
}

function text(text: string): Uint8Array {
  return keccak_256(bytes(text));
}

let counter = 0;
function random(): bigint {
  return field(keccak_256(bytes(`random ${counter++}`)));
}

function field(hash: Uint8Array): bigint {
  return Fr.create(big(hash));
}

function point(p: typeof G): Uint8Array {
  const { x, y } = p.toAffine();
  return joined(word(x), word(y));
}

function pointG2(p: typeof H): Uint8Array {
  const { x, y } = p.toAffine();
  return joined(word(x.c1), word(x.c0), word(y.c1), word(y.c0));
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "utf8"));
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

export function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

export function word(number: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(64, "0"), "hex"));
}

function big(bytes: Uint8Array): bigint {
  return BigInt(hex(bytes));
}

function little(bytes: Uint8Array): bigint {
  return big(bytes.slice().reverse());
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
