// The page as a holder uses it: in a browser, from the file system, without a network.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { type Browser, type Page, chromium } from "playwright-core";

import { forge, keyDigest, keyOf, write } from "./forge.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const skip = existsSync(executablePath) ? false : `there is no browser at ${executablePath}; CHROMIUM names one`;
/** Where pictures of the page go, if anywhere. */
const pictures = process.env.PICTURES;
const page_ = pathToFileURL(resolve("dist/check.html")).href;

let browser: Browser;
const requests: string[] = [];

before(async () => {
  if (skip) return;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath, args });
});
after(async () => browser?.close());

interface Files {
  attestation: object;
  statement: object;
  key?: object;
}

/** The page after these files were given to it, and what it says. */
async function given(files: Files, width = 1200, id = ""): Promise<{ page: Page; said: string; report: string }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => assert.fail(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(page_);
  await page.getByLabel("Your account id").fill(id);
  const input = page.getByLabel("Attestation and statement");
  await input.setInputFiles(
    Object.entries(files).map(([name, file]) => ({
      name: `${name}.json`,
      mimeType: "application/json",
      buffer: Buffer.from(write(file)),
    })),
  );
  await page.locator("#verdict").waitFor();
  const said = await page.locator("#verdict").innerText();
  return { page, said, report: await page.locator("#report").innerText() };
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(`${pictures}/${name}.png`, await page.screenshot({ fullPage: true }));
  }
  await page.close();
}

function underKey() {
  const key = keyOf(987654321n);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  return { ...forge({ tau: 987654321n, header }), key };
}

for (const width of [1200, 390]) {
  test(`a statement that holds is said to, ${width} wide, in less than two seconds`, { skip }, async () => {
    const { page, said, report } = await given(underKey(), width, "alice");
    assert.match(said, /^Your account is in this book and its lines add up\./);
    assert.match(said, /This page did not check the proof/);
    assert.match(said, /DOES NOT keep its own policy: 1 of 2/);
    assert.match(report, /Your lines/);
    assert.match(report, /left over for you/);
    assert.match(report, /Does not hold: min_coverage, reserves/);
    assert.match(report, /Proved by nobody/);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
    const milliseconds = Number(await page.locator("#verdict").getAttribute("data-milliseconds"));
    console.log(`${width} wide: verdict after ${milliseconds} ms`);
    assert.ok(milliseconds < 2000, `${milliseconds} ms`);
    await picture(page, `holds-${width}`);
  });

  test(`an insecure setup comes first in the words, ${width} wide`, { skip }, async () => {
    const { page, said } = await given(forge(), width);
    assert.match(said, /^INSECURE/);
    await picture(page, `insecure-${width}`);
  });

  test(`a refusal names its reason, ${width} wide`, { skip }, async () => {
    const { page, said, report } = await given(forge({ page: 30 }), width);
    assert.match(said, /^Do not rely on this: it does not hold\.\s+The reason: page 30 is not one of the 25 pages/);
    assert.doesNotMatch(report, /Your lines/);
    assert.match(report, /Not reached/);
    await picture(page, `refused-${width}`);
  });
}

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
  assert.match(said, /^This could not be checked\.\s+The reason: .*add its key file/);
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

test("files can be dropped", { skip }, async () => {
  const page = await browser.newPage();
  await page.goto(page_);
  const texts = Object.values(forge()).map((file) => new TextDecoder().decode(write(file)));
  const transfer = await page.evaluateHandle((texts) => {
    const transfer = new DataTransfer();
    texts.forEach((text, i) => transfer.items.add(new File([text], `${i}.json`)));
    return transfer;
  }, texts);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  assert.match(await page.locator("#verdict").innerText(), /^INSECURE/);
  await page.close();
});

test("the page asks nobody for anything", { skip }, () => {
  assert.deepEqual([...new Set(requests)], [page_]);
  assert.doesNotMatch(readFileSync("dist/check.html", "utf8"), /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon)\s*\(/);
});
