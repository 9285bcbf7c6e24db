// Tables of many scenarios: the most that there can be, twins and `cover` included, and a program
// with more of them than one byte can number.

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook } from "../src/attestation/book.ts";
import { MAX_SCENARIOS } from "../src/circuit/shape.ts";
import { toHex } from "../src/encoding/digest.ts";
import { Refused } from "../src/encoding/refused.ts";
import { parseRules } from "../src/rules/parse.ts";
import { checkRules } from "../src/rules/validate.ts";
import { ALICE_IN_FUND, type Book, FUND, MINIATURE, closing, programOf } from "./books.ts";
import { hex } from "./bytes.ts";
import { forge, write } from "./forge.ts";
import { COVERED } from "./forms.ts";

/** The names of `own` scenarios: those of the small books, and further crashes. */
function names(own: number): string[] {
  const more = Array.from({ length: own - 3 }, (_, i) => `crash-${i + 3}`);
  return ["mark", "maintenance", "crash", ...more];
}

/** A book's rules with `own` scenarios before twins and `cover`. */
function rulesWith({ rules }: Book, own: number): string {
  const more = names(own).slice(3);
  const stress = 'kind = "stress", default_move = "-0.4"';
  const text = more.map((name) => `{ name = "${name}", ${stress} },\n`);
  return rules.replace("]\n[assets.BTC]", `${text.join("")}]\n[assets.BTC]`);
}

test("a table has at most 1,024 scenarios, twins and `cover` included", () => {
  assert.equal(MAX_SCENARIOS, 1024);
  const takes = (book: Book, own: number) => checkRules(parseRules(rulesWith(book, own)));
  const refuses = (book: Book, own: number, reason: RegExp) =>
    assert.throws(
      () => takes(book, own),
      (error) => error instanceof Refused && reason.test(error.message),
    );
  const twins = /^rules: scenarios: 102\d scenarios and 1 twins, .* are more than the 1024/;
  const cover = /^rules: cover: the scenario `cover` is one more than the 1024/;

  takes(MINIATURE, 1024);
  refuses(MINIATURE, 1025, /^rules: expected at most 1024 scenarios, got 1025$/);

  takes(FUND, 1023);
  refuses(FUND, 1024, twins);

  const covered = { ...MINIATURE, rules: MINIATURE.rules.replace("cover = false\n", "") };
  takes(covered, 1023);
  refuses(covered, 1024, cover);

  takes(COVERED, 1022);
  refuses(COVERED, 1023, cover);
  refuses(COVERED, 1024, twins);
});

/** The book of FUND with 303 scenarios of its own, of which the last has the twin. */
function many(): Book {
  const own = names(303);
  const twin = own.length - 1;
  const rest = <T>(one: T): T[] => own.slice(3).map(() => one);
  const rows = FUND.rows.slice(0, 13).map((row) => {
    const [mark, maintenance, crash, last] = row.values as [number, number, number, number];
    const factors = row.factors && [...row.factors, ...rest(row.factors[1]!)];
    return { ...row, values: [mark, maintenance, crash, ...rest(crash), last], factors };
  });
  const scenarios = [...own, `${own[twin]}~insurance`];
  const rules = rulesWith(FUND, own.length);
  return {
    ...FUND,
    rules: rules.replace("bad_debt = { crash =", `bad_debt = { ${own[twin]} =`),
    rows: [...rows, ...closing(scenarios)],
    scenarios,
    twins: [twin],
    clauses: FUND.clauses.map(([kind, subject, mantissa, scale]) => {
      return [kind, kind === 3 ? twin : subject, mantissa, scale];
    }),
  };
}

test("a program numbers scenarios and stresses in two bytes", () => {
  const book = many();
  const { attestation } = forge({ book, holds: ALICE_IN_FUND });
  const { compiled, program } = compileBook(parseAttestation(write(attestation)));
  assert.deepEqual(
    compiled.rows.map(({ name, values }) => [name, values.map(Number)]),
    book.rows.map(({ name, values }) => [name, values]),
  );
  const made = program.bytes && toHex(program.bytes);
  assert.equal(made, hex(programOf(book)));
  // Version 4, 304 scenarios, 4 decimals.
  assert.match(made!, /^0x04013004/);
});
