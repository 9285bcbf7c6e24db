// The web page as a holder uses it: in a browser, from the file system, without a network.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import {
  type Files,
  give,
  given,
  newPage,
  open,
  page_,
  picture,
  requests,
  skip,
  tone,
  useBrowser,
} from "./pages.ts";

useBrowser();

const TAU = 987654321n;

function underKey(change: (attestation: any) => void = () => {}) {
  const key = keyOf(TAU);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  return { ...forge({ tau: TAU, header, attestation: change }), key };
}

/** A book with everything that the web page can show, under a key. */
function whole(change: (attestation: any) => void = () => {}) {
  const key = keyOf(TAU);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  return {
    ...forge({ book: FUND, tau: TAU, header, holds: ALICE_IN_FUND, counted, attestation: change }),
    key,
  };
}

for (const width of [1200, 390]) {
  test(
    `a statement that holds is said to, ${width} wide, in less than two seconds`,
    { skip },
    async () => {
      const files = whole();
      const { page, said, report } = await given(files, width, {
        id: "alice",
        digest: keyDigest(files.key),
      });
      assert.match(
        said,
        /^Your account is in this book and its lines add up\.\s+The venue keeps its own policy: all 8 clauses hold\. This rests on/,
      );
      assert.equal(await tone(page), "good");
      assert.match(said, /This web page did not check the proof/);
      assert.match(report, /Your lines/);
      assert.match(report, /your equity/i);
      assert.match(report, /Holds: min_coverage, reserves/);
      assert.match(report, /Proved by nobody/);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      const milliseconds = Number(await page.locator("#verdict").getAttribute("data-milliseconds"));
      console.log(`${width} wide: verdict after ${milliseconds} ms`);
      assert.ok(milliseconds < 2000, `${milliseconds} ms`);
      await picture(page, `holds-${width}`);
    },
  );

  test(`a key that nobody vouches for is not green, ${width} wide`, { skip }, async () => {
    const files = whole();
    const { page, said } = await given(files, width, { id: "alice" });
    assert.match(
      said,
      /^Your account is in this book, if nobody knows the setup’s secret\.\s+The venue keeps/,
    );
    assert.ok(said.includes(keyDigest(files.key)), said);
    assert.match(said, /can forge everything on this web page/);
    assert.equal(await tone(page), "warn");
    await picture(page, `unknown-${width}`);
  });

  test(`a policy that does not hold is not green, ${width} wide`, { skip }, async () => {
    const files = underKey();
    const { page, said } = await given(files, width, { digest: keyDigest(files.key) });
    assert.match(
      said,
      /^Your account is in this book\. The venue does NOT keep its own policy\.\s+1 of its 2 clauses does not hold: min_coverage\. None of them asks about reserves in a stress/,
    );
    assert.equal(await tone(page), "warn");
    await picture(page, `policy-${width}`);
  });

  test(`a damaged file is calm, ${width} wide`, { skip }, async () => {
    const files = whole();
    const page = await open(width);
    const text = new TextDecoder().decode(write(files.statement));
    await give(page, {
      "attestation.json": write(files.attestation),
      "venue.key": write(files.key),
      "my statement.json": new TextEncoder().encode(text.replaceAll("\n", "\r\n")),
    });
    await page.locator("#verdict").waitFor();
    const said = await page.locator("#verdict").innerText();
    assert.match(
      said,
      /^This could not be checked\.\s+The line ends of the statement were changed on its way; fetch it again\.\s+This does not accuse anybody/,
    );
    assert.doesNotMatch(said, /Do not rely/);
    assert.equal(await tone(page), "warn");
    await picture(page, `damaged-${width}`);
  });

  test(`an insecure setup comes first in the words, ${width} wide`, { skip }, async () => {
    const { page, said } = await given(forge(), width);
    assert.match(said, /^INSECURE/);
    assert.equal(await tone(page), "warn");
    await picture(page, `insecure-${width}`);
  });

  test(`a refusal names its reason, ${width} wide`, { skip }, async () => {
    const { page, said, report } = await given(forge({ page: 30 }), width);
    assert.match(
      said,
      /^Do not rely on this: it does not hold\.\s+The reason: page 30 is not one of the 25 pages/,
    );
    assert.equal(await tone(page), "bad");
    assert.doesNotMatch(report, /Your lines/);
    assert.match(report, /Not reached/);
    await picture(page, `refused-${width}`);
  });
}

test(
  "the web page shows what it judges: prices, reserves, times, moves and what is left out",
  { skip },
  async () => {
    const { page, report } = await given(
      whole((a) => {
        const { prices, ...rest } = a.prices;
        a.prices = { ...rest, source: "three made-up exchanges", prices };
        a.reserves.reserves.push({
          asset: "USDC-TRC20",
          amount: "7",
          chain: "tron",
          address: "T-made-up",
          evidence: "made up",
          purpose: "insurance",
        });
        a.header.left_out = [
          { asset: "LUNC", lines: 2, accounts: 1, deposits: "12345.5", borrows: "0" },
        ];
        a.header.rounding = {
          lines: 1,
          instruments: [{ instrument: "deposit USDC", lines: 1, bound: "0.01" }],
          bound: "0.02",
        };
      }),
    );
    for (const part of [
      "three made-up exchanges",
      "made up",
      /2 prices in USD/,
      /BTC\s+100\s/,
      /USDC\s+1\.00\s/,
      "bc1-made-up",
      "a signed message of the day",
      "Made Up Custody",
      /; 1 of them also secures something else; 2 of them count nothing/,
      /7 USDC-TRC20\s+Counts\s+nothing: it is no asset of these rules and prices/,
      "Made Up Ltd",
      "pledged to a bank",
      /7(\.00)? USDC\s+Counts\s+nothing: it secures something else, which may take it first/,
      "the custodian",
      "a chain, where anyone can read it",
      "crash: everything \u221240 %; USD, USDC do not move.",
      "maintenance: everything at its price, after maintenance weights and margins.",
      /Prices\s+2026-01-01T00:00:00Z\s+the same time/,
      /Reserves\s+2026-01-01T01:00:00Z\s+1 h after it/,
      /LUNC, without a price: 12,345\.5 deposited and 0 borrowed, in 2 lines of 1 account/,
      /1 line rounded, by less than 0\.02 USD together/,
      "deposit USDC: 1 line, by less than 0.01",
      /Owed, at most P/,
      /Coverage W/,
      /crash\s+120\s+270\s+2\.2500\s+70\s+1\s+170/,
    ]) {
      assert.ok(
        typeof part === "string" ? report.includes(part) : part.test(report),
        `${part}\n${report}`,
      );
    }
    await page.close();
  },
);

test("a venue without reserves is said to claim none", { skip }, async () => {
  const { page, report } = await given(underKey());
  assert.match(report, /The venue claims no reserves at all/);
  await page.close();
});

test("a digest that is typed is compared, and one that differs uses no key", { skip }, async () => {
  const files = whole();
  const { page } = await given(files);
  const typed = page.getByLabel("The key’s digest");
  const verdict = page.locator("#verdict");
  await typed.fill(keyDigest(keyOf(5n)));
  await typed.press("Tab");
  assert.match(
    await verdict.innerText(),
    /^This could not be checked\.\s+The key file has the digest 0x.* which is not the one that you typed/,
  );
  assert.equal(await tone(page), "warn");
  await typed.fill(keyDigest(files.key).toUpperCase().replace("0X", ""));
  await typed.press("Tab");
  assert.equal(await tone(page), "good");
  await page.close();
});

test(
  "a key file shows its digest, whatever else is given, and takes the place of another",
  { skip },
  async () => {
    const page = await open(390);
    const input = page.locator("#files");
    assert.equal(await input.getAttribute("accept"), null, "a phone offers every file");
    await give(page, { "old.key": write(keyOf(5n)) });
    const list = page.locator("#given");
    const digest = keyDigest(keyOf(TAU));
    await list.getByText(keyDigest(keyOf(5n))).waitFor();
    await give(page, {
      "venue.key": write(keyOf(TAU)),
      "book.csv": new TextEncoder().encode("account,instrument,quantity\n"),
    });
    await list.getByText(digest).waitFor();
    const said = await list.innerText();
    assert.match(said, /venue\.key: the key, instead of old\.key given before, with the digest/);
    assert.match(said, /book\.csv: a snapshot of a whole book/);
    assert.match(said, /still missing: the attestation/);
    await page.close();
  },
);

test("an id typed later is compared, and everything can be cleared", { skip }, async () => {
  const { page } = await given(forge());
  const verdict = page.locator("#verdict");
  await page.getByLabel("Your account id").fill("bob");
  await page.getByLabel("Your account id").press("Tab");
  assert.match(await verdict.innerText(), /that of account `alice`, not of `bob`/);
  await page.getByRole("button", { name: "Start again" }).click();
  assert.equal(await verdict.isVisible(), false);
  await page.close();
});

test("a key that is missing is asked for, and files of no use are named", { skip }, async () => {
  const { attestation, statement } = underKey();
  const { page, said } = await given({ attestation, statement, other: { version: "x" } } as Files);
  assert.match(
    said,
    /^This could not be checked\.\s+The attestation was made under the setup `a ceremony`: add its key file/,
  );
  assert.match(await page.locator("#given").innerText(), /other\.json: not an attestation/);
  await picture(page, "no-key-1200");
});

test("what a file says never becomes markup", { skip }, async () => {
  const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const { page, report } = await given(forge({ header: { venue: evil }, id: evil }));
  assert.ok(report.includes(evil));
  assert.equal(await page.title(), "Pacioli: check your account");
  await page.close();
});

test("what a file says turns nothing around and adds no line", { skip }, async () => {
  const evil = "Venue\u202Eeltit\n\u0007HOLDS\u2066";
  const { page, said, report } = await given(
    forge({ header: { venue: evil, software: evil }, id: evil }),
  );
  assert.doesNotMatch(said + report, /[\u202E\u2066\u0007]/);
  assert.ok(report.includes("Venue?eltit??HOLDS?"), report);
  await page.close();
});

test("files can be dropped", { skip }, async () => {
  const page = await newPage();
  await page.goto(page_);
  const texts = Object.values(forge()).map((file) => new TextDecoder().decode(write(file)));
  const transfer = await page.evaluateHandle((texts) => {
    const transfer = new DataTransfer();
    texts.forEach((text, i) => transfer.items.add(new File([text], `${i}.json`)));
    return transfer;
  }, texts);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await page.locator("#verdict").waitFor();
  assert.match(await page.locator("#verdict").innerText(), /^INSECURE/);
  await page.close();
});

test("the web page asks nobody for anything", { skip }, () => {
  assert.deepEqual([...new Set(requests)], [page_]);
  assert.doesNotMatch(
    readFileSync("dist/check.html", "utf8"),
    /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon)\s*\(/,
  );
});
