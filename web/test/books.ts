// Two small books by hand: what their rules and prices compile to, their programs, and the lines of
// some accounts.

import { keccak_256 } from "@noble/hashes/sha3.js";

import { hex, joined, text, unhex, word } from "./bytes.ts";

/** A row of a table, by hand: what it is worth in each scenario, and what a program says of it. */
export interface Row {
  name: string;
  decimals: number;
  values: number[];
  /** Class and role in one byte, the group's number and the price's number. */
  is: [role: number, group: number, price: number];
  cap?: number;
  /** One numerator and its digits per scenario of the rules after mark. */
  factors?: [numerator: number, decimals: number][];
  /** The row that a form stands for. */
  of?: number;
}

/** Rules, what they and the prices make, and what their program's clauses are. */
export interface Book {
  rules: string;
  rows: Row[];
  scenarios: string[];
  /** The stress that each twin is of. */
  twins: number[];
  /** Whether the last scenario is `cover`. */
  cover?: boolean;
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
cover = false
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
  {
    name: "deposit BTC tier 1",
    decimals: 2,
    values: [10000, 9000, 6000],
    is: [1, 0, 0],
    cap: 200,
    factors: [
      [9, 1],
      [6, 1],
    ],
  },
  { name: "headroom deposit BTC tier 1", decimals: 2, values: [0, 0, 0], is: [5, 0, NONE] },
  {
    name: "deposit BTC tier 2",
    decimals: 2,
    values: [10000, 8000, 6000],
    is: [1, 0, 0],
    factors: [
      [8, 1],
      [6, 1],
    ],
  },
  {
    name: "borrow BTC",
    decimals: 2,
    values: [-10000, -10000, -6000],
    is: [2, 0, 0],
    factors: [
      [-1, 0],
      [-6, 1],
    ],
  },
  {
    name: "deposit USDC",
    decimals: 2,
    values: [100, 100, 100],
    is: [1, 1, 1],
    factors: [
      [1, 0],
      [1, 0],
    ],
  },
  {
    name: "borrow USDC",
    decimals: 2,
    values: [-100, -100, -100],
    is: [2, 1, 1],
    factors: [
      [-1, 0],
      [-1, 0],
    ],
  },
  {
    name: "quote credit",
    decimals: 4,
    values: [1, 1, 1],
    is: [6, 0, NONE],
    factors: [
      [1, 0],
      [1, 0],
    ],
  },
  {
    name: "quote debit",
    decimals: 4,
    values: [-1, -1, -1],
    is: [7, 0, NONE],
    factors: [
      [-1, 0],
      [-1, 0],
    ],
  },
];

/** The rows that close scenarios, two for each. */
export function closing(scenarios: string[]): Row[] {
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
      return {
        ...row,
        name: `insurance ${row.name}`,
        values: [...row.values, 0],
        is: [(2 << 6) | role, group, price],
      };
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
        attested_by: "chain",
      },
      {
        asset: "USDC",
        amount: "7.00",
        chain: "ethereum",
        address: "0xbbbb",
        evidence: "read on chain",
        purpose: "customers",
        encumbrance: "pledged to a bank",
      },
    ],
  },
};

/** The rules' program, from the layout in docs/program.md. */
export function programOf({ rows, scenarios, twins, cover, clauses }: Book): Uint8Array {
  const factored = scenarios.length - 1 - twins.length - (cover ? 1 : 0);
  const two = (number: number) => word(BigInt(number)).slice(30);
  const factors: string[] = [];
  const factor = ([numerator, decimals]: [number, number]) => {
    const packed = hex(
      joined(word(BigInt.asUintN(256, BigInt(numerator))).slice(16), new Uint8Array([decimals])),
    );
    if (!factors.includes(packed)) factors.push(packed);
    return two(factors.indexOf(packed));
  };
  const packed = rows.map(({ decimals, is: [role, group, price], cap = 0, factors }) => {
    const none = Array.from({ length: factored }, () => two(0));
    const head = [
      new Uint8Array([role]),
      two(group),
      two(price),
      new Uint8Array([decimals]),
      word(BigInt(cap)).slice(20),
    ];
    return joined(...head, ...(factors ? factors.map(factor) : none));
  });
  return joined(
    joined(new Uint8Array([4]), two(scenarios.length), new Uint8Array([4])),
    ...[factors.length, rows.length, clauses.length].map(two),
    joined(two(twins.length), new Uint8Array([cover ? 1 : 0])),
    keccak_256(joined(text("BTC"), text("USDC"))),
    text("USD"),
    ...twins.map(two),
    ...factors.map(unhex),
    ...packed,
    ...clauses.map(([kind, subject, mantissa, scale]) =>
      joined(
        new Uint8Array([kind]),
        two(subject),
        word(BigInt(mantissa)).slice(16),
        new Uint8Array([scale]),
      ),
    ),
  );
}

export type Held = [instrument: number, quantity: number];

/** Three BTC against a borrow: equity at mark, a shortfall in the crash. */
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
