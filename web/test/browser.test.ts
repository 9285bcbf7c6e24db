// The web page as a holder uses it: in a browser, from the file system, without a network.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import {
  checked,
  give,
  given,
  open,
  overflow,
  page_,
  picture,
  put,
  requests,
  skip,
  tone,
  useBrowser,
  wholeText,
} from "./pages.ts";

useBrowser();

const TAU = 987654321n;

function underKey(change: (attestation: any) => void = () => {}) {
  const key = keyOf(TAU);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  return { ...forge({ tau: TAU, header, attestation: change }), key };
}

/** A book with everything that the web page can show, under a key. */
function whole(change: (attestation: any) => void = () => {}, more: object = {}) {
  const key = keyOf(TAU);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  const forged = { book: FUND, tau: TAU, header, holds: ALICE_IN_FUND, counted };
  return { ...forge({ ...forged, attestation: change, ...more }), key };
}

for (const width of [1200, 390]) {
  test(`a statement that holds is said to, ${width} wide`, { skip }, async () => {
    const files = whole();
    const digest = keyDigest(files.key);
    const { page, said, report } = await given(files, width, { id: "alice", digest });
    for (const part of [
      /^IN THE BOOK\s+alice\s+Your account is in this book, its lines add up, and the proof holds\./,
      /Account: alice at Miniature "Venue" & Söhne, as of 1 January 2026 at 00:00 UTC\./,
      /Your lines: together worth \d+ USD at that time’s prices/,
      /Proof: checked by this web page: it holds\./,
      /Key: its digest is the one that you typed\./,
      /Policy: The venue keeps its own policy: all 8 clauses hold\./,
    ]) {
      assert.match(said, part);
    }
    assert.equal(await tone(page), "good");
    assert.match(report, /your equity/i);
    assert.match(report, /Holds: min_coverage, reserves/);
    assert.match(report, /Proved by nobody/);
    assert.ok((await overflow(page)) <= 0);
    const milliseconds = Number(await page.locator("#verdict").getAttribute("data-milliseconds"));
    console.log(`${width} wide: verdict without proofs after ${milliseconds} ms`);
    await picture(page, `holds-${width}`);
  });

  test(`a key that nobody vouches for is not green, ${width} wide`, { skip }, async () => {
    const files = whole();
    const { page, said } = await given(files, width, { id: "alice" });
    assert.match(said, /^IN THE BOOK IF NOBODY KNOWS THE SETUP’S SECRET/);
    assert.match(said, /can forge everything on this web page/);
    assert.ok((await wholeText(page, "#verdict")).includes(keyDigest(files.key)));
    assert.equal(await tone(page), "warn");
    await picture(page, `unknown-${width}`);
  });

  test(`a policy that does not hold is not green, ${width} wide`, { skip }, async () => {
    const files = underKey();
    const { page, said, report } = await given(files, width, { digest: keyDigest(files.key) });
    assert.match(said, /Your account is in this book\. The venue does NOT keep its own policy\./);
    assert.match(said, /1 of its 2 clauses does not hold: min_coverage\./);
    assert.match(report, /None of them asks about .*reserves in a stress/);
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
    await checked(page);
    const said = await page.locator("#verdict").innerText();
    assert.match(said, /^NOT CHECKED\s+my statement\.json\s+This could not be checked\./);
    assert.match(said, /line ends of the file with the statement were changed on its way/);
    assert.match(said, /This does not accuse anybody/);
    assert.doesNotMatch(said, /Do not rely/);
    assert.equal(await tone(page), "warn");
    // The same file, fetched again, takes its place.
    await give(page, { "my statement (1).json": write(files.statement) });
    await page.locator("#verdict .stamp").getByText("IN THE BOOK").waitFor();
    assert.equal(await page.locator("#verdict .card").count(), 1);
    await picture(page, `damaged-${width}`);
  });

  test(`a refusal names its reason, ${width} wide`, { skip }, async () => {
    const { page, said, report } = await given(forge({ page: 30 }), width);
    assert.match(said, /^DOES NOT HOLD\s+alice\s+Do not rely on this statement\./);
    assert.match(said, /Page 30 is not one of the 25 pages/);
    assert.match(said, /keep them unchanged/);
    assert.equal(await tone(page), "bad");
    assert.doesNotMatch(report, /Your \d+ lines/);
    assert.match(report, /Not reached/);
    await picture(page, `refused-${width}`);
  });
}

test("a cut file says to get it again", { skip }, async () => {
  const files = whole();
  const page = await open(390);
  const cut = write(files.statement).slice(0, 400);
  await give(page, { "a.json": write(files.attestation), "s.json": cut });
  await checked(page);
  const said = await page.locator("#verdict").innerText();
  assert.match(said, /The file with the statement was cut off on its way \(at line \d+\)\. Get it again\./);
  const list = await page.locator('[data-place="statement"] .given').innerText();
  assert.match(list, /s\.json: this could not be read\..*cut off on its way/s);
  await page.context().close();
});

test("an insecure setup comes first in the words", { skip }, async () => {
  const { page, said } = await given(forge(), 390);
  assert.match(said, /^IN THE BOOK, UNDER AN INSECURE SETUP/);
  assert.equal(await tone(page), "warn");
  await picture(page, "insecure-390");
});

test("no verdict is given before the proof was checked", { skip }, async () => {
  const files = whole(() => {}, { volumes: 3 });
  const page = await open(390, { digest: keyDigest(files.key), proofs: "wait" });
  await give(page, { "a": write(files.attestation), "k": write(files.key), "s": write(files.statement) });
  await page.locator("#verdict progress").waitFor();
  const said = await page.locator("#verdict").innerText();
  assert.match(said, /^CHECKING\s+alice\s+So far all is right\. The proof is being checked now\./);
  assert.match(said, /Proof: 1 of 3 checked/);
  assert.doesNotMatch(said, /IN THE BOOK|HOLDS/);
  assert.equal(await tone(page), "wait");
  const bar = page.getByRole("progressbar", { name: "How far the proof is checked" });
  assert.equal(await bar.getAttribute("value"), "1");
  assert.equal(await page.locator("#actions").isVisible(), false);
  await picture(page, "checking-390");
});

test("a proof that does not hold is red, and one that was not checked never green", { skip }, async () => {
  const files = whole();
  const digest = keyDigest(files.key);
  const refused = await given(files, 390, { digest, proofs: "refused" });
  assert.match(refused.said, /^DOES NOT HOLD\s+alice\s+Do not rely on this: the proof does not hold/);
  assert.match(refused.said, /Volume 0: the stub refuses it/);
  assert.equal(await tone(refused.page), "bad");
  assert.equal(await refused.page.locator("#other-prices").count(), 0);
  await picture(refused.page, "proof-refused-390");
  const unchecked = await given(files, 390, { digest, proofs: "not checked" });
  assert.match(unchecked.said, /^THE PROOF WAS NOT CHECKED HERE/);
  assert.match(unchecked.said, /Until somebody runs pacioli verify on the attestation/);
  assert.equal(await tone(unchecked.page), "warn");
  await unchecked.page.context().close();
});

test("the result and what follows fit two screens of a phone", { skip }, async () => {
  const files = whole();
  const { page } = await given(files, 390, { digest: keyDigest(files.key) });
  const top = (await page.locator("#verdict").boundingBox())!.y;
  const end = await page.locator("#report").evaluate((one) => one.getBoundingClientRect().bottom);
  assert.ok(end - top <= 2 * 844, `${end - top} pixels`);
  assert.equal(await page.locator("#verdict .lines > li").count(), 5);
  assert.equal(await page.locator("#report > details[open]").count(), 0, "all is folded");
  await page.context().close();
});

test("several statements are checked at once, and the worst decides", { skip }, async () => {
  const files = whole();
  const digest = keyDigest(files.key);
  const other = { ...files.statement, account: "mallory" };
  const page = await open(1200, { digest, id: "alice" });
  await give(page, {
    "attestation.json": write(files.attestation),
    "venue.key": write(files.key),
    "alice.json": write(files.statement),
    "mallory.json": write(other),
  });
  await checked(page);
  const stamps = await page.locator("#verdict .stamp").allInnerTexts();
  assert.deepEqual(stamps, ["IN THE BOOK", "DOES NOT HOLD"]);
  assert.equal(await tone(page), "bad");
  assert.match(await page.locator("#verdict .card").nth(1).innerText(), /Line 1 of the statement is not what/);
  await page.getByRole("button", { name: "Remove mallory.json" }).click();
  await page.locator("#verdict.good").waitFor();
  await page.context().close();
});

test("an id is compared with the one statement, and everything can be cleared", { skip }, async () => {
  const { page } = await given(forge());
  await page.getByLabel("Your account id").fill("bob");
  await page.getByLabel("Your account id").press("Tab");
  await page.locator("#verdict.bad").waitFor();
  assert.match(
    await page.locator("#verdict").innerText(),
    /The statement is that of account alice, not of bob\./,
  );
  await page.getByRole("button", { name: "Start again" }).click();
  await page.locator("#verdict").waitFor({ state: "hidden" });
  assert.equal(await page.locator(".given li").count(), 0);
  await page.context().close();
});

test("a file in the wrong place is moved, and the reader told", { skip }, async () => {
  const files = whole();
  const page = await open(390);
  await put(page, "statement", { "venue.key": write(files.key), "a.json": write(files.attestation) });
  const keys = page.locator('[data-place="key"] .given');
  await keys.getByText("venue.key").waitFor();
  assert.match(await keys.innerText(), /This is the key file, and was moved here\./);
  assert.match(
    await page.locator('[data-place="attestation"] .given').innerText(),
    /a\.json: number 0 of Miniature "Venue" & Söhne, 1 January 2026 at 00:00 UTC This is the attestation/,
  );
  await put(page, "statement", { "book.csv": new TextEncoder().encode("account,instrument\n") });
  await page.locator('[data-place="statement"] .given').getByText("book.csv").waitFor();
  assert.match(
    await page.locator('[data-place="statement"] .given').innerText(),
    /book\.csv: this is a snapshot of a whole book, which should stay private\./,
  );
  await page.context().close();
});

test("every place takes any file, so that a phone offers it", { skip }, async () => {
  const page = await open(390);
  for (const place of ["attestation", "key", "statement"]) {
    const accept = (await page.locator(`#file-${place}`).getAttribute("accept"))!.split(",");
    assert.ok(accept.includes("*/*") && accept.includes(".json"), accept.join());
  }
  const accept = await page.locator("#file-key").getAttribute("accept");
  assert.match(accept!, /\.key/);
  await page.context().close();
});

test("a digest that is typed is compared, and one that differs uses no key", { skip }, async () => {
  const files = whole();
  const { page } = await given(files);
  const typed = page.getByLabel("The key’s digest");
  await typed.fill(keyDigest(keyOf(5n)));
  await typed.press("Tab");
  await page.locator("#verdict").getByText("NOT CHECKED").waitFor();
  assert.match(
    await page.locator("#verdict").innerText(),
    /The key file has the digest 0x[0-9a-f]{64}, which is not the one that you typed\./,
  );
  assert.equal(await tone(page), "warn");
  await typed.fill(keyDigest(files.key).toUpperCase().replace("0X", ""));
  await typed.press("Tab");
  await page.locator("#verdict.good").waitFor();
  await page.context().close();
});

test("a digest is remembered if the reader says so, and never taken from a file", { skip }, async () => {
  const files = whole();
  const digest = keyDigest(files.key);
  const { page } = await given(files);
  assert.equal(await page.locator("#digest").inputValue(), "", "the key file fills in nothing");
  const form = await page.locator("#form").innerText();
  assert.ok(!form.includes(digest), "there is nothing to copy beside the field");
  await page.getByLabel("The key’s digest").fill(digest);
  await page.getByLabel("Remember this digest on this device").check();
  await page.locator("#verdict.good").waitFor();
  await page.reload();
  assert.equal(await page.locator("#digest").inputValue(), digest);
  assert.match(await page.locator("#remembered").innerText(), /^Remembered since .* UTC\./);
  await give(page, { a: write(files.attestation), k: write(files.key), s: write(files.statement) });
  await checked(page);
  const said = await page.locator("#verdict").innerText();
  assert.match(said, /Key: its digest is the one that you typed on \d+ \w+ \d{4} at/);
  assert.equal(await tone(page), "good");
  await page.getByLabel("Remember this digest on this device").uncheck();
  await page.reload();
  assert.equal(await page.locator("#digest").inputValue(), "");
  await page.context().close();
});

test("a key that is missing is asked for", { skip }, async () => {
  const { attestation, statement } = underKey();
  const { page, said } = await given({ attestation, statement });
  assert.match(said, /The attestation was made under the setup a ceremony\. Add the key file/);
  await picture(page, "no-key-1200");
});

test("a statement of another attestation is told by its time", { skip }, async () => {
  const { attestation } = underKey((a) => (a.header.as_of = "2026-03-01T12:00:00Z"));
  const { statement } = underKey();
  const { page, said } = await given({ attestation, statement });
  assert.match(
    said,
    /The statement is not of the attestation given here, which is number 0 of Miniature "Venue" & Söhne, of 1 March 2026 at 12:00 UTC\./,
  );
  assert.equal(await tone(page), "warn");
  await page.context().close();
});

test("what a file says never becomes markup", { skip }, async () => {
  const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const { page, report } = await given(forge({ header: { venue: evil }, id: evil }));
  assert.ok(report.includes(evil));
  assert.equal(await page.title(), "Pacioli: check your account, or a venue");
  await page.context().close();
});

test("what a file says turns nothing around and adds no line", { skip }, async () => {
  const evil = "Venue\u202Eeltit\n\u0007HOLDS\u2066";
  const header = { venue: evil, software: evil };
  const { page, said, report } = await given(forge({ header, id: evil }));
  assert.doesNotMatch(said + report, /[\u202E\u2066\u0007]/);
  assert.ok(report.includes("Venue?eltit??HOLDS?"), report);
  await page.context().close();
});

test("files can be dropped", { skip }, async () => {
  const page = await open(1200);
  const texts = Object.values(forge()).map((file) => new TextDecoder().decode(write(file)));
  const transfer = await page.evaluateHandle((texts) => {
    const transfer = new DataTransfer();
    texts.forEach((text, i) => transfer.items.add(new File([text], `${i}.json`)));
    return transfer;
  }, texts);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await checked(page);
  assert.match(await page.locator("#verdict").innerText(), /^IN THE BOOK, UNDER AN INSECURE SETUP/);
  await page.context().close();
});

test("files of the native programs are checked with their proofs, in three seconds", { skip }, async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}`));
  const page = await open(390, { proofs: "checked" });
  await give(page, {
    "attestation.json": read("rich.attestation.json"),
    "venue.key": read("rich.key.json"),
    "bob.json": read("bob.statement.json"),
  });
  await checked(page);
  const said = await page.locator("#verdict").innerText();
  assert.match(said, /^IN THE BOOK, UNDER AN INSECURE SETUP/);
  assert.match(said, /Proof: checked by this web page: it holds\./);
  const milliseconds = Number(await page.locator("#verdict").getAttribute("data-done"));
  console.log(`one volume, with its proof: ${milliseconds} ms`);
  assert.ok(milliseconds < 3000, `${milliseconds} ms`);
  await picture(page, "native-390");
});

test("the web page asks nobody for anything", { skip }, () => {
  assert.deepEqual([...new Set(requests)].filter((url) => !url.endsWith("/stubbed.html")), [page_]);
  assert.doesNotMatch(
    readFileSync("dist/check.html", "utf8"),
    /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon)\s*\(/,
  );
});
