// Makes a miniature attestation and a statement of one account under a tau that is known, with no
// code of the checker: whoever knows tau opens any commitment to anything. The proof in it is noise
// where an opening does not look.

import { keccak_256, keccak_512 } from "@noble/hashes/sha3.js";

import { ALICE, type Book, type Held, MINIATURE, programOf } from "./books.ts";
import {
  Fr,
  G,
  H,
  R,
  big,
  bytes,
  field,
  hex,
  joined,
  little,
  point,
  pointG2,
  text,
  unhex,
  word,
  words,
} from "./bytes.ts";

export const INSECURE_TAU = Fr.create(little(keccak_512(bytes("pacioli insecure setup v1"))));

export const [K, PAGE, LIMBS] = [11, 64, 9];

export interface Options {
  book?: Book;
  tau?: bigint;
  id?: string;
  page?: number;
  slot?: number;
  /** What the book holds, and the statement says where `says` is left out. */
  holds?: Held[];
  says?: Held[];
  /** The lines that the totals count, if not only those of the account. */
  counted?: Held[];
  /** The number of the line that the book marks as the account's last. */
  last?: number;
  volumes?: number;
  volume?: number;
  header?: Record<string, unknown>;
  /** Changes the attestation before anything is bound to it. */
  attestation?: (attestation: any) => void;
  /** Changes the proof after gamma was drawn from it. */
  proof?: (proof: Uint8Array) => void;
}

/** The two files as objects, and as bytes by `write`. */
export function forge(options: Options = {}) {
  const { tau = INSECURE_TAU, id = "alice", page = 3, slot = 5, holds = ALICE } = options;
  const { says = holds, last = holds.length - 1, volumes = 1, volume = 0 } = options;
  const { book = MINIATURE, counted = holds } = options;
  const counts = book.rows.map((_, row) => counted.filter(([held]) => held === row).length);
  counts[0] = (2 ** K / PAGE - 7) * PAGE - counted.length;
  const totals = book.rows.map((_, row) => {
    return String(
      counted.reduce((sum, [held, quantity]) => (held === row ? sum + quantity : sum), 0),
    );
  });
  const attestation = {
    version: "pacioli attestation v1-draft",
    header: {
      venue: 'Miniature "Venue" & Söhne',
      sequence: 0,
      previous: null,
      as_of: "2026-01-01T00:00:00Z",
      accounts: volumes * Math.max(1, ...counts.slice(9)),
      accounts_left_out: 0,
      left_out: [],
      rounding: { lines: 0, instruments: [], bound: "0" },
      k: K,
      page_size: PAGE,
      scenarios: book.scenarios.length,
      program: hex(keccak_256(programOf(book))) as string | null,
      key: hex(keccak_256(bytes("a key"))),
      setup: "INSECURE: everyone knows tau, proofs made with this setup prove nothing",
      software: "forge",
      ...options.header,
    },
    rules: book.rules,
    prices: {
      as_of: "2026-01-01T00:00:00Z",
      quote: "USD",
      method: "made up",
      prices: { BTC: "100", USDC: "1.00" },
    },
    ...(book.reserves ? { reserves: structuredClone(book.reserves) } : {}),
    volumes: Array.from({ length: volumes }, () => {
      return { counts: [...counts], quantities: [...totals], proof: "" };
    }),
  };
  options.attestation?.(attestation);
  const context = contextWord(attestation, volume);

  // Every column is I + (X^P - c) r: I takes the values of the page, r is a number drawn at random.
  const omega = Fr.pow(7n, (R - 1n) >> BigInt(K));
  const points = Array.from({ length: PAGE }, (_, s) =>
    Fr.pow(omega, BigInt(page + s * (2 ** K / PAGE))),
  );
  const vanishing = Fr.sub(Fr.pow(tau, BigInt(PAGE)), Fr.pow(omega, BigInt(PAGE * page)));
  const lagrange = points.map((x) => {
    const below = Fr.mul(BigInt(PAGE), Fr.mul(Fr.pow(x, BigInt(PAGE - 1)), Fr.sub(tau, x)));
    return Fr.div(vanishing, below);
  });
  const nonce = keccak_256(bytes(`the nonce of ${id}`));
  const columns = new Map<string, { values: bigint[]; rest: bigint }>();
  const column = (name: string, value: (index: number) => bigint, empty: () => bigint) => {
    const values = points.map((_, s) =>
      s >= slot && s < slot + holds.length ? value(s - slot) : empty(),
    );
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
  const names = ["last", "instrument", ...limbs, "cap", "worth", "seal", "multiplicity"];
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
    return parts.reduce(
      (sum, part, i) => Fr.add(sum, Fr.mul(Fr.pow(gamma, BigInt(i)), Fr.create(part))),
      0n,
    );
  };
  const statement = {
    version: "pacioli statement v1-draft",
    attestation: digestOf(attestation),
    account: id,
    volume,
    page,
    slot,
    nonce: hex(nonce),
    scenarios: [...book.scenarios],
    lines: says.map((line) => written(line, book)),
    page_values: points.map((_, s) => hex(word(combined((name) => columns.get(name)!.values[s]!)))),
    opening: hex(point(G.multiply(combined((name) => columns.get(name)!.rest)))),
  };
  return { attestation, statement };
}

/** One line as the statement writes it. */
export function written([instrument, quantity]: Held, { rows }: Book = MINIATURE) {
  const { name, decimals, values, of } = rows[instrument]!;
  // A form is worth what it stands for, but for the last scenario, which is `cover`.
  const counted = of === undefined ? values : [...rows[of]!.values.slice(0, -1), values.at(-1)!];
  const worth = counted.map((value) => amount(quantity * value, 4));
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
    version: "pacioli key v1-draft",
    k: K,
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
  const number = (value: number) => word(BigInt(value));
  return hex(
    words(
      "pacioli.key.v1",
      ...[number(key.k), number(key.page_size), unhex(key.circuit)],
      keccak_256(joined(...key.fixed.map(unhex))),
      keccak_256(unhex(key.tau_g2)),
    ),
  );
}

export function digestOf(attestation: object): string {
  return hex(keccak_256(write(attestation)));
}

/** A file as it is written. */
export function write(file: object): Uint8Array {
  return bytes(`${JSON.stringify(file, null, 2)}\n`);
}

function contextWord(attestation: any, volume: number): bigint {
  const { header: h, prices: p, reserves: r } = attestation;
  const number = (value: number) => word(BigInt(value));
  const list = <T>(items: T[], of: (item: T) => Uint8Array[]) => [
    number(items.length),
    ...items.flatMap(of),
  ];
  const optional = (item: string | null | undefined, of: (item: string) => Uint8Array) =>
    list(item === null || item === undefined ? [] : [item], (item) => [of(item)]);
  const decimal = (text: string) => {
    const [whole = "", fraction = ""] = text.split(".");
    return [word(BigInt(whole + fraction)), number(fraction.length)];
  };
  const header = words(
    "pacioli.header.v1",
    text(h.venue),
    number(h.sequence),
    ...optional(h.previous, unhex),
    text(h.as_of),
    ...list(h.drawn ? [h.drawn] : [], ({ from, day, ...evidence }: any) => [
      words(
        "pacioli.drawn.v1",
        ...[text(from), text(day)],
        ...list(Object.values<string>(evidence), (digits) => [keccak_256(unhex(digits))]),
      ),
    ]),
    number(h.accounts),
    number(h.accounts_left_out),
    ...list(h.left_out, (e: any) => [
      ...[text(e.asset), number(e.lines), number(e.accounts), text(e.deposits), text(e.borrows)],
    ]),
    number(h.rounding.lines),
    ...list(h.rounding.instruments, (i: any) => [
      text(i.instrument),
      number(i.lines),
      text(i.bound),
    ]),
    text(h.rounding.bound),
    number(h.k),
    number(h.page_size),
    number(h.scenarios),
    ...optional(h.program, unhex),
    unhex(h.key),
    text(h.setup),
    text(h.software),
  );
  const prices = words(
    "pacioli.prices.v1",
    text(p.as_of),
    text(p.quote),
    text(p.method),
    ...optional(p.source, text),
    ...list(Object.entries<string>(p.prices), ([name, price]) => [text(name), ...decimal(price)]),
  );
  const reserves =
    r &&
    words(
      "pacioli.reserves.v1",
      text(r.as_of),
      ...list(r.reserves, (one: any) => [
        ...[text(one.asset), ...decimal(one.amount), text(one.chain), text(one.address)],
        ...[text(one.evidence), text(one.purpose)],
        ...[one.custodian, one.legal_holder, one.encumbrance, one.attested_by].flatMap((given) =>
          optional(given, text),
        ),
      ]),
    );
  const { length } = attestation.volumes;
  const context = words(
    "pacioli.context.v1",
    ...[
      header,
      text(attestation.rules),
      prices,
      ...list(r ? [reserves] : [], (one) => [one]),
      number(length),
    ],
  );
  return field(words("pacioli.volume.v1", context, number(volume)));
}

function seal(
  context: bigint,
  id: string,
  nonce: Uint8Array,
  index: number,
  [instrument, quantity]: Held,
): bigint {
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

let counter = 0;
function random(): bigint {
  return field(keccak_256(bytes(`random ${counter++}`)));
}
