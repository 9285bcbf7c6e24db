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

export const [K, PAGE, LIMBS] = [11, 64, 9];

/** A row of a table, by hand: what it is worth in each scenario, and what a program says of it. */
interface Row {
  name: string;
  decimals: number;
  values: number[];
  /** Class and role in one byte, the group's number and the price's number. */
  is: [role: number, group: number, price: number];
  cap?: number;
  /** One numerator and its digits per scenario of the rules after mark. */
  factors?: [numerator: number, decimals: number][];
}

/** Rules, what they and the prices make, and what their program's clauses are. */
export interface Book {
  rules: string;
  rows: Row[];
  scenarios: string[];
  /** The stress that each twin is of. */
  twins: number[];
  /** Kind, subject, mantissa, scale. */
  clauses: [number, number, number, number][];
  reserves?: object;
}

const NONE = 0xffff;

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

const HELD: Row[] = [
  { name: "", decimals: 0, values: [0, 0, 0], is: [0, 0, NONE] },
  { name: "deposit BTC tier 1", decimals: 2, values: [10000, 9000, 6000], is: [1, 0, 0], cap: 200, factors: [[9, 1], [6, 1]] },
  { name: "headroom deposit BTC tier 1", decimals: 2, values: [0, 0, 0], is: [5, 0, NONE] },
  { name: "deposit BTC tier 2", decimals: 2, values: [10000, 8000, 6000], is: [1, 0, 0], factors: [[8, 1], [6, 1]] },
  { name: "borrow BTC", decimals: 2, values: [-10000, -10000, -6000], is: [2, 0, 0], factors: [[-1, 0], [-6, 1]] },
  { name: "deposit USDC", decimals: 2, values: [100, 100, 100], is: [1, 1, 1], factors: [[1, 0], [1, 0]] },
  { name: "borrow USDC", decimals: 2, values: [-100, -100, -100], is: [2, 1, 1], factors: [[-1, 0], [-1, 0]] },
  { name: "quote credit", decimals: 4, values: [1, 1, 1], is: [6, 0, NONE], factors: [[1, 0], [1, 0]] },
  { name: "quote debit", decimals: 4, values: [-1, -1, -1], is: [7, 0, NONE], factors: [[-1, 0], [-1, 0]] },
];

/** The rows that close scenarios, two for each. */
function closing(scenarios: string[]): Row[] {
  return scenarios.flatMap((scenario, of) =>
    ["equity", "shortfall"].map((side, i): Row => {
      const values = scenarios.map((_, at) => (at === of ? [-1, 1][i]! : 0));
      return { name: `${side}:${scenario}`, decimals: 4, values, is: [8 + i, of, NONE] };
    }),
  );
}

const OWN = ["mark", "maintenance", "crash"];

/** The smallest book: no reserves, so that it owes more than it has. */
export const MINIATURE: Book = {
  rules: RULES,
  rows: [...HELD, ...closing(OWN)],
  scenarios: OWN,
  twins: [],
  clauses: [
    [0, 0, 1, 0],
    [2, 0, 0, 0],
  ],
};

/** The same with the insurance fund as accounts, and reserves. */
const WITH_TWIN = [...OWN, "crash~insurance"];
export const FUND: Book = {
  rules: RULES.replace(
    /\[policy\][^]*/,
    `[classes.insurance]
assets = ["USDC"]
markets = []
[policy]
min_coverage = "1"
coverage = { crash = "0.5" }
per_asset = ["USDC"]
bad_debt = { crash = "insurance" }
max_distance = { prices = "15m", reserves = "25h" }
left_out = { accounts = 0, assets = {} }
`,
  ),
  rows: [
    ...HELD.map((row) => ({ ...row, values: [...row.values, row.values[2]!] })),
    ...HELD.slice(5).map((row): Row => {
      const [role, group, price] = row.is;
      return { ...row, name: `insurance ${row.name}`, values: [...row.values, 0], is: [(2 << 6) | role, group, price] };
    }),
    ...closing(WITH_TWIN),
  ],
  scenarios: WITH_TWIN,
  twins: [2],
  clauses: [
    [0, 0, 1, 0],
    [0, 2, 5, 1],
    [1, 1, 0, 0],
    [3, 2, 0, 0],
    [5, 0, 900, 0],
    [6, 0, 90000, 0],
    [7, 0, 0, 0],
    [8, 0, 0, 0],
  ],
  reserves: {
    as_of: "2026-01-01T01:00:00Z",
    reserves: [
      {
        asset: "BTC",
        amount: "2.5",
        chain: "bitcoin",
        address: "bc1-made-up",
        evidence: "a signed message of the day",
        purpose: "customers",
        custodian: "Made Up Custody",
        attested_by: "custodian",
      },
      {
        asset: "USDC",
        amount: "120.00",
        chain: "ethereum",
        address: "0xaaaa",
        evidence: "read on chain",
        purpose: "customers",
        legal_holder: "Made Up Ltd",
        encumbrance: "pledged to a bank",
        attested_by: "chain",
      },
    ],
  },
};

/** The rules' program, from the layout in docs/chain.md. */
export function programOf({ rows, scenarios, twins, clauses }: Book): Uint8Array {
  const two = (number: number) => word(BigInt(number)).slice(30);
  const factors: string[] = [];
  const factor = ([numerator, decimals]: [number, number]) => {
    const packed = hex(joined(word(BigInt.asUintN(256, BigInt(numerator))).slice(16), new Uint8Array([decimals])));
    if (!factors.includes(packed)) factors.push(packed);
    return two(factors.indexOf(packed));
  };
  const packed = rows.map(({ decimals, is: [role, group, price], cap = 0, factors }) => {
    const none = Array.from({ length: scenarios.length - 1 - twins.length }, () => two(0));
    const head = [new Uint8Array([role]), two(group), two(price), new Uint8Array([decimals]), word(BigInt(cap)).slice(20)];
    return joined(...head, ...(factors ? factors.map(factor) : none));
  });
  return joined(
    new Uint8Array([2, scenarios.length, 4]),
    ...[factors.length, rows.length, clauses.length].map(two),
    new Uint8Array([twins.length]),
    keccak_256(joined(text("BTC"), text("USDC"))),
    text("USD"),
    new Uint8Array(twins),
    ...factors.map(unhex),
    ...packed,
    ...clauses.map(([kind, subject, mantissa, scale]) =>
      joined(new Uint8Array([kind]), two(subject), word(BigInt(mantissa)).slice(16), new Uint8Array([scale])),
    ),
  );
}

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

/** The same account in a book with the fund's rows and a twin. */
export const ALICE_IN_FUND: Held[] = [
  ...ALICE.slice(0, 6),
  [13, 500000],
  [15, 100000],
  [18, 700000],
  [20, 700000],
];

/** Another customer: 100 USDC, and so much left over in every scenario. */
export const BOB_IN_FUND: Held[] = [
  [5, 10000],
  [13, 1000000],
  [15, 1000000],
  [17, 1000000],
  [19, 1000000],
];

/** The fund's own account of 20 USDC, which counts nothing in the twin. */
export const INSURANCE_IN_FUND: Held[] = [
  [9, 2000],
  [13, 200000],
  [15, 200000],
  [17, 200000],
];

export interface Options {
  book?: Book;
  tau?: bigint;
  id?: string;
  page?: number;
  slot?: number;
  /** What the book holds, and the statement says where `says` is left out. */
  holds?: Held[];
  says?: Held[];
  /** The lines that the totals count, where these are not those of the account alone. */
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
    return String(counted.reduce((sum, [held, quantity]) => (held === row ? sum + quantity : sum), 0));
  });
  const attestation = {
    version: "pacioli attestation v1-draft",
    header: {
      venue: "Miniature \"Venue\" & Söhne",
      sequence: 0,
      previous: null,
      as_of: "2026-01-01T00:00:00Z",
      accounts: volumes * Math.max(1, ...counts.slice(9)),
      accounts_left_out: 0,
      exclusions: [],
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
  const worth = Array.from({ length: book.scenarios.length }, (_, i) => `worth ${i}`);
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
  const { name, decimals, values } = rows[instrument]!;
  const worth = values.map((value) => amount(quantity * value, 4));
  return { instrument: name, quantity: amount(quantity, decimals), worth };
}

function amount(units: number, decimals: number): string {
  // Test amounts are far below 2^53 and have at most four digits after the point.
  return String(Number((units / 10 ** decimals).toFixed(decimals)) + 0);
}

/** The key of the setup with this tau. */
export function keyOf(tau: bigint, { scenarios }: Book = MINIATURE) {
  const power = (i: number) => Fr.pow(tau, BigInt(i));
  return {
    version: "pacioli key v1-draft",
    k: K,
    scenarios: scenarios.length,
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
      ...[number(key.k), number(key.scenarios), number(key.page_size), unhex(key.circuit)],
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
  const list = <T>(items: T[], of: (item: T) => Uint8Array[]) => [number(items.length), ...items.flatMap(of)];
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
    number(0),
    number(h.accounts),
    number(h.accounts_left_out),
    ...list(h.exclusions, (e: any) => [
      ...[text(e.asset), number(e.lines), number(e.accounts), text(e.deposits), text(e.borrows)],
    ]),
    number(h.rounding.lines),
    ...list(h.rounding.instruments, (i: any) => [text(i.instrument), number(i.lines), text(i.bound)]),
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
  const reserves = r && words(
    "pacioli.reserves.v1",
    text(r.as_of),
    ...list(r.reserves, (one: any) => [
      ...[text(one.asset), ...decimal(one.amount), text(one.chain), text(one.address)],
      ...[text(one.evidence), text(one.purpose)],
      ...[one.custodian, one.legal_holder, one.encumbrance, one.attested_by].flatMap((given) => optional(given, text)),
    ]),
  );
  const { length } = attestation.volumes;
  const context = words(
    "pacioli.context.v1",
    ...[header, text(attestation.rules), prices, ...list(r ? [reserves] : [], (one) => [one]), number(length)],
  );
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
