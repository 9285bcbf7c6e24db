// Plain and covered lines as the web page shows them to their holder.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forge, keyDigest, keyOf } from "./forge.ts";
import { ALL, COVERED, COVERED_LOAN, MIXED, PLAIN } from "./forms.ts";
import { given, picture, skip, useBrowser } from "./pages.ts";

useBrowser();

const TAU = 987654321n;

const PLAINLY = /Held plainly: worth at least nothing in every scenario, so no scenario can take it\./;
const COVERS =
  /Covered: together worth at least what is owed in every scenario, so none was closed for it\./;

for (const [name, holds, said, unsaid] of [
  ["plain", PLAIN, [PLAINLY, /2 lines\s/, /BTC\s+deposit\s+2\.5\s+250\s/], [COVERS, /, plain/]],
  [
    "covered",
    COVERED_LOAN,
    [COVERS, /2 lines, and 1 more that balances them/, /USDC\s+borrow\s+150\s+\u2212150\s/],
    [PLAINLY, /, covered/],
  ],
  ["mixed", MIXED, [PLAINLY, /USDC\s+deposit, plain\s+100\s+100\s/], [COVERS]],
] as const) {
  for (const width of [1200, 390]) {
    test(`an account with ${name} lines is shown what it has, ${width} wide`, { skip }, async () => {
      const key = keyOf(TAU);
      const header = { setup: "a ceremony", key: keyDigest(key), accounts: ALL.length };
      const counted = ALL.flat();
      const files = forge({ book: COVERED, tau: TAU, header, holds: [...holds], counted });
      const { page, report } = await given({ ...files, key }, width);
      if (width === 1200) {
        for (const part of said) assert.match(report, part);
        for (const part of unsaid) assert.doesNotMatch(report, part);
        // Twice: in words, and never as a column or a row.
        assert.doesNotMatch(report, /\scover\s+(\u2212?\d|$)/m);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      await picture(page, `${name}-${width}`);
    });
  }
}
