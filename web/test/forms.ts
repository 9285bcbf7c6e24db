// The book of FUND with plain and covered rows, by hand, and accounts that hold them.

import {
  ALICE_IN_FUND,
  BOB_IN_FUND,
  type Book,
  FUND,
  type Held,
  INSURANCE_IN_FUND,
  type Row,
  closing,
} from "./books.ts";

/** Scenarios that equity and shortfall close: their closing rows come before that of `cover`. */
const CLOSED = FUND.scenarios;
const OTHERS = FUND.rows.slice(0, 13);
const NONE = 0xffff;

/** Name, what it stands for, and what one unit counts for in `cover`. */
const FORMS: [name: string, of: number, cover: number][] = [
  ["plain deposit BTC", 1, 0],
  ["covered deposit BTC", 1, 6000],
  ["covered borrow BTC", 4, -10000],
  ["plain deposit USDC", 5, 0],
  ["covered deposit USDC", 5, 100],
  ["covered borrow USDC", 6, -100],
  ["plain quote credit", 7, 0],
  ["covered quote credit", 7, 1],
  ["covered quote debit", 8, -1],
];

export const COVERED: Book = {
  ...FUND,
  rules: FUND.rules.replace("cover = false\n", ""),
  scenarios: [...CLOSED, "cover"],
  cover: true,
  rows: [
    ...OTHERS.map((row) => ({ ...row, values: [...row.values, 0] })),
    ...FORMS.map(([name, of, cover]): Row => {
      const role = name.startsWith("plain") ? 13 : 14;
      const { decimals } = OTHERS[of]!;
      return { name, decimals, values: [0, 0, 0, 0, cover], is: [role, of, NONE], of };
    }),
    ...closing(CLOSED).map((row) => ({ ...row, values: [...row.values, 0] })),
    { name: "slack:cover", decimals: 4, values: [0, 0, 0, 0, -1], is: [11, 4, NONE] },
  ],
};

/** The same lines in the table with forms, whose closing rows come 9 rows later. */
const later = (lines: Held[]): Held[] =>
  lines.map(([row, quantity]) => [row < 13 ? row : row + 9, quantity]);

export const ALICE_CLOSED = later(ALICE_IN_FUND);

/** 2.5 BTC and 50 USDC: nothing closes them. */
export const PLAIN: Held[] = [
  [13, 250],
  [16, 5000],
];

/** 3 BTC against 150 USDC: in the crash, which is the least, 30 are left. */
export const COVERED_LOAN: Held[] = [
  [14, 300],
  [18, 15000],
  [30, 300000],
];

/** Alice, who lacks 70 in the crash, with 100 USDC held plainly. */
export const MIXED: Held[] = [
  ...ALICE_CLOSED.slice(0, 6),
  [16, 10000],
  ...ALICE_CLOSED.slice(6),
];

/** All accounts of a book: two of forms, one of both, one closed, and the fund. */
export const ALL: Held[][] = [
  PLAIN,
  COVERED_LOAN,
  MIXED,
  later(BOB_IN_FUND),
  later(INSURANCE_IN_FUND),
];
