// The web page's main paths in Firefox and WebKit: a holder's statement, a damaged file, a proof
// that holds and one that does not. All else is tested in Chromium.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { BROWSERS, type Driven, sleep } from "./webdriver.ts";

const PAGE = resolve(process.env.PAGE ?? "dist/check.html");
const native = (name: string) => resolve(`test/native/${name}.json`);
const [ATTESTATION, KEY, STATEMENT] = ["rich.attestation", "rich.key", "bob.statement"].map(native);

interface Said {
  tone: string;
  text: string;
}

/** What the page says of these files and the key, once the proofs are checked too. */
async function said(browser: Driven, attestation: string, statement?: string): Promise<Said> {
  await browser.open(pathToFileURL(PAGE).href);
  await browser.choose("#file-attestation", [attestation]);
  await browser.choose("#file-key", [KEY!]);
  if (statement !== undefined) await browser.choose("#file-statement", [statement]);
  for (let left = 300; left > 0; left--) {
    await sleep(200);
    const given = await browser.run<number>("return document.querySelectorAll('.given li').length");
    const done = await browser.run<boolean>("return 'done' in document.querySelector('#verdict').dataset");
    if (given >= (statement === undefined ? 2 : 3) && done) {
      return await browser.run<Said>(
        "const verdict = document.querySelector('#verdict');" +
          "return { tone: verdict.className, text: verdict.innerText };",
      );
    }
  }
  return assert.fail("the web page says nothing");
}

for (const [name, { start, skip }] of Object.entries(BROWSERS)) {
  describe(name, { skip }, () => {
    let browser: Driven;
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    before(async () => {
      browser = await start();
    });
    after(async () => {
      await browser?.end();
      rmSync(folder, { recursive: true });
    });

    const changed = (path: string, change: (text: string) => string): string => {
      const to = join(folder, "changed.json");
      writeFileSync(to, change(readFileSync(path, "utf8")));
      return to;
    };

    test("a holder's statement and the proof hold", async () => {
      const { tone, text } = await said(browser, ATTESTATION!, STATEMENT!);
      // Everyone knows this setup's secret.
      assert.equal(tone, "warn", text);
      assert.match(text, /IN THE BOOK/i);
      assert.match(text, /proof.* holds/i);
      const own = await browser.run<string>("return document.querySelector('#own').innerText");
      const digest = createHash("sha256").update(readFileSync(PAGE)).digest("hex");
      assert.ok(own.includes(digest), "it shows the digest of its own file");
    });

    test("a file that was cut off accuses nobody", async () => {
      const cut = changed(STATEMENT!, (text) => text.slice(0, text.length / 2));
      const { tone, text } = await said(browser, ATTESTATION!, cut);
      assert.equal(tone, "warn", text);
    });

    test("a changed line does not hold", async () => {
      const other = changed(STATEMENT!, (text) => {
        const line = /"quantity": "(\d)/.exec(text)!;
        const at = line.index + line[0].length - 1;
        return text.slice(0, at) + (line[1] === "1" ? "2" : "1") + text.slice(at + 1);
      });
      const { tone, text } = await said(browser, ATTESTATION!, other);
      assert.equal(tone, "bad", text);
    });

    test("a changed proof does not hold", async () => {
      const forged = changed(ATTESTATION!, (text) => {
        const at = text.lastIndexOf('"proof": "0x') + 12 + 200;
        return text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1);
      });
      const { tone, text } = await said(browser, forged);
      assert.equal(tone, "bad", text);
    });
  });
}
