// The web page in a browser, from the file system: what tests give it, and what it says.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { type Browser, type Page, chromium } from "playwright-core";

import { write } from "./forge.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const skip = existsSync(executablePath)
  ? false
  : `there is no browser at ${executablePath}; CHROMIUM names one`;
/** The folder for pictures of the web page, if any. */
const pictures = process.env.PICTURES;
export const page_ = pathToFileURL(resolve("dist/check.html")).href;

let browser: Browser;
export const requests: string[] = [];

/** Starts the browser before the tests of the file that calls this, and ends it after them. */
export function useBrowser(): void {
  before(start);
  after(async () => browser?.close());
}

async function start(): Promise<void> {
  if (skip) return;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath, args });
}

/** An empty tab. */
export function newPage(): Promise<Page> {
  return browser.newPage();
}

export interface Files {
  attestation: object;
  statement: object;
  key?: object;
}

interface Typed {
  id?: string;
  digest?: string;
}

/** A page with its reader's ids typed, and no file yet. */
export async function open(width: number, { id = "", digest = "" }: Typed = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => assert.fail(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(page_);
  await page.getByLabel("Your account id").fill(id);
  await page.getByLabel("The key’s digest").fill(digest);
  return page;
}

export async function give(page: Page, files: Record<string, Uint8Array>): Promise<void> {
  const given = Object.entries(files).map(([name, bytes]) => {
    return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
  });
  await page.getByLabel("Attestation and statement").setInputFiles(given);
}

/** The text of the whole report, closed details included. */
async function reported(page: Page): Promise<string> {
  const report = page.locator("#report");
  const open = await report.evaluate((node) => {
    const closed = [...node.querySelectorAll("details:not([open])")] as HTMLDetailsElement[];
    for (const one of closed) one.open = true;
    const text = (node as HTMLElement).innerText;
    for (const one of closed) one.open = false;
    return text;
  });
  return open;
}

/** The web page after these files were given to it, and what it says. */
export async function given(
  files: Files,
  width = 1200,
  typed: Typed = {},
): Promise<{ page: Page; said: string; report: string }> {
  const page = await open(width, typed);
  await give(
    page,
    Object.fromEntries(Object.entries(files).map(([name, file]) => [`${name}.json`, write(file)])),
  );
  await page.locator("#verdict").waitFor();
  const said = await page.locator("#verdict").innerText();
  return { page, said, report: await reported(page) };
}

export async function tone(page: Page): Promise<string | null> {
  return page.locator("#verdict").getAttribute("class");
}

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(`${pictures}/${name}.png`, await page.screenshot({ fullPage: true }));
  }
  await page.close();
}
