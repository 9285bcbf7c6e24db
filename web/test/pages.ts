// The web page in a browser, from the file system: what tests give it, and what it says.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";

import { kindOf } from "../src/encoding/damage.ts";
import { write } from "./forge.ts";
import type { Stubbed } from "./stub-verify.ts";
import { buildStubbed } from "./stubbed.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const skip = existsSync(executablePath)
  ? false
  : `there is no browser at ${executablePath}; CHROMIUM names one`;
/** The folder for pictures of the web page, if any. */
const pictures = process.env.PICTURES;
/** The web page itself. */
export const page_ = pathToFileURL(resolve("dist/check.html")).href;

let browser: Browser;
let stubbed: string;
export const requests: string[] = [];

/** Starts the browser before the tests of the file that calls this, and ends it after them. */
export function useBrowser(): void {
  before(start);
  after(async () => {
    await browser?.close();
    if (stubbed) rmSync(dirname(stubbed), { recursive: true });
  });
}

async function start(): Promise<void> {
  if (skip) return;
  stubbed = await buildStubbed();
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath, args });
}

export interface Files {
  attestation: object;
  statement?: object;
  key?: object;
}

/** How a page is opened. */
export interface Opened {
  id?: string;
  digest?: string;
  /** What is said of proofs, or that they are checked; files that tests forge have none. */
  proofs?: Stubbed | "checked";
  /** More about the browser: language, colours. */
  context?: BrowserContextOptions;
}

/** A page with its reader's ids typed, and no file yet. */
export async function open(width: number, opened: Opened = {}): Promise<Page> {
  const { id = "", digest = "", proofs = "hold", context = {} } = opened;
  const viewport = { width, height: width < 500 ? 844 : 900 };
  const tab = await browser.newContext({ viewport, locale: "en-US", ...context });
  const page = await tab.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => assert.fail(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  if (proofs === "checked") await page.goto(page_);
  else {
    await page.addInitScript((proofs) => Object.assign(globalThis, { stubbed: proofs }), proofs);
    await page.goto(pathToFileURL(stubbed).href);
  }
  await page.locator("#id").fill(id);
  await page.locator("#digest").fill(digest);
  return page;
}

/** Gives files, each in the place of its kind; what is no file of ours, in the first place. */
export async function give(page: Page, files: Record<string, Uint8Array>): Promise<void> {
  for (const place of ["attestation", "key", "statement"]) {
    const own = Object.entries(files).filter(([, bytes]) => placeOf(bytes) === place);
    if (own.length > 0) await put(page, place, Object.fromEntries(own));
  }
}

/** Puts files into one place, whatever they are. */
export async function put(
  page: Page,
  place: string,
  files: Record<string, Uint8Array>,
): Promise<void> {
  const given = Object.entries(files).map(([name, bytes]) => {
    return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
  });
  await page.locator(`#file-${place}`).setInputFiles(given);
}

function placeOf(bytes: Uint8Array): string {
  const kind = kindOf(bytes);
  return kind === "key" || kind === "statement" ? kind : "attestation";
}

/** Waits until everything was checked. */
export async function checked(page: Page): Promise<void> {
  await page.locator("#verdict[data-done]").waitFor({ state: "attached" });
}

/** The text of a part of the page, closed details included. */
export async function wholeText(page: Page, part: string): Promise<string> {
  return page.locator(part).evaluate((node) => {
    const closed = [...node.querySelectorAll("details:not([open])")] as HTMLDetailsElement[];
    for (const one of closed) one.open = true;
    const text = (node as HTMLElement).innerText;
    for (const one of closed) one.open = false;
    return text;
  });
}

/** The web page after these files were given to it, and what it says. */
export async function given(
  files: Files,
  width = 1200,
  opened: Opened = {},
): Promise<{ page: Page; said: string; report: string }> {
  const page = await open(width, opened);
  const named = Object.entries(files).filter(([, file]) => file !== undefined);
  await give(page, Object.fromEntries(named.map(([name, file]) => [`${name}.json`, write(file)])));
  await checked(page);
  const said = await page.locator("#verdict").innerText();
  return { page, said, report: await wholeText(page, "#report") };
}

/** The colour of the worst verdict. */
export async function tone(page: Page): Promise<string | null> {
  return page.locator("#verdict").getAttribute("class");
}

/** By how many pixels the page is wider than its screen. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Keeps a picture, where pictures are asked for. */
export async function snap(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(`${pictures}/${name}.png`, await page.screenshot({ fullPage: true }));
}

/** Keeps a picture, where pictures are asked for, and closes the page. */
export async function picture(page: Page, name: string): Promise<void> {
  await snap(page, name);
  await page.context().close();
}
