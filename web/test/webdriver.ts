// Firefox and WebKit, told what to do by WebDriver: Debian's packages alone are needed. Firefox has
// it built in, as Marionette (a line of JSON over TCP), and WebKit as WebKitWebDriver, over HTTP.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Socket, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A browser with one page. */
export interface Driven {
  open(url: string): Promise<void>;
  /** What a function's body returns in the page. */
  run<T>(body: string, ...args: unknown[]): Promise<T>;
  /** Chooses files for the file input that a selector finds. */
  choose(selector: string, paths: readonly string[]): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  end(): Promise<void>;
}

/** How a browser is told: the name of a command of WebDriver, and what goes with it. */
type Tell = (command: Command, body: object) => Promise<unknown>;

/** Commands, as Marionette names them and as the protocol over HTTP does. */
const COMMANDS = {
  Navigate: "url",
  ExecuteScript: "execute/sync",
  FindElement: "element",
  ElementSendKeys: "element/{id}/value",
} as const;
type Command = keyof typeof COMMANDS;

/** Key by which the protocol names an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
const WEBKIT = process.env.WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";
const XVFB = "/usr/bin/Xvfb";

/** The browsers that are there, and why another is not. */
export const BROWSERS: Record<string, { start: () => Promise<Driven>; skip: string | false }> = {
  Firefox: { start: firefox, skip: missing("firefox-esr", FIREFOX) },
  WebKit: { start: webkit, skip: missing("webkit2gtk-driver and xvfb", WEBKIT, XVFB) },
};

function missing(packages: string, ...paths: string[]): string | false {
  const none = paths.find((path) => !existsSync(path));
  return none === undefined ? false : `there is no ${none}: Debian has it in ${packages}`;
}

/** What a browser was started with, and how all of it ends. */
class Started {
  private readonly processes: ChildProcess[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "driven-"));

  run(path: string, args: string[], env: Record<string, string> = {}): ChildProcess {
    const options = { stdio: "ignore", env: { ...process.env, HOME: this.folder, ...env } } as const;
    const child = spawn(path, args, options);
    this.processes.push(child);
    return child;
  }

  async end(): Promise<void> {
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await Promise.race([ended, sleep(5000)]);
      child.kill("SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function firefox(): Promise<Driven> {
  const started = new Started();
  const port = await freePort();
  writeFileSync(join(started.folder, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const args = ["--marionette", "--headless", "--no-remote", "--profile", started.folder];
  started.run(FIREFOX, args, { MOZ_CRASHREPORTER_DISABLE: "1" });
  const marionette = new Marionette(await retried(() => connected(port)));
  await marionette.tell("WebDriver:NewSession", { acceptInsecureCerts: false });
  return driven(started, (command, body) => marionette.tell(`WebDriver:${command}`, body));
}

async function webkit(): Promise<Driven> {
  const started = new Started();
  const display = `:${90 + (process.pid % 900)}`;
  started.run(XVFB, [display, "-screen", "0", "1280x1024x24"]);
  const port = await freePort();
  const env = { DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
  started.run(WEBKIT, [`--port=${port}`], env);
  const base = `http://127.0.0.1:${port}/session`;
  const browser = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
  const options = { binary: browser, args: ["--automation"] };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
  const { sessionId } = (await retried(() => post(base, { capabilities }))) as { sessionId: string };
  return driven(started, (command, body) => {
    const id = (body as { id?: string }).id ?? "";
    return post(`${base}/${sessionId}/${COMMANDS[command].replace("{id}", id)}`, body);
  });
}

function driven(started: Started, tell: Tell): Driven {
  const find = async (selector: string) => {
    const found = await tell("FindElement", { using: "css selector", value: selector });
    const element = ((found as { value?: object }).value ?? found) as Record<string, string>;
    return element[ELEMENT]!;
  };
  const keys = async (selector: string, text: string) => {
    await tell("ElementSendKeys", { id: await find(selector), text });
  };
  return {
    open: async (url) => void (await tell("Navigate", { url })),
    run: async <T>(script: string, ...args: unknown[]) => {
      const said = (await tell("ExecuteScript", { script, args })) as { value?: T } | T;
      return (said && typeof said === "object" && "value" in said ? said.value : said) as T;
    },
    choose: (selector, paths) => keys(selector, paths.join("\n")),
    type: keys,
    end: () => started.end(),
  };
}

/**
 * Firefox's own protocol: `LENGTH:[0, number, command, body]`, and `[1, number, error, result]`.
 */
class Marionette {
  private number = 0;
  private received = Buffer.alloc(0);
  private readonly waiting = new Map<number, (answer: [unknown, unknown]) => void>();

  constructor(private readonly socket: Socket) {
    socket.on("data", (bytes) => this.read(bytes));
  }

  async tell(command: string, body: object): Promise<unknown> {
    const number = ++this.number;
    const text = JSON.stringify([0, number, command, body]);
    const answer = new Promise<[unknown, unknown]>((resolve) => this.waiting.set(number, resolve));
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [error, result] = await answer;
    if (error) throw new Error(`${command}: ${JSON.stringify(error)}`);
    return result;
  }

  private read(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      const colon = this.received.indexOf(":");
      const end = colon + 1 + Number(this.received.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || this.received.length < end) return;
      const message = JSON.parse(this.received.subarray(colon + 1, end).toString());
      this.received = this.received.subarray(end);
      // The first one is a greeting.
      if (Array.isArray(message)) this.waiting.get(message[1])?.([message[2], message[3]]);
    }
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`${url}: ${JSON.stringify(value)}`);
  return value;
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** What a browser that is only starting says in the end, within a minute. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 300; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
