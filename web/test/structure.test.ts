// The shape of the source: imports go one way, files stay short, and lines fit.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

/** The rooms of src, each of which may import from itself and from those before it. */
const ROOMS = [
  "encoding",
  "circuit",
  "rules",
  "attestation",
  "proof",
  "repricing",
  "statement",
  "words",
  "view",
];

const MAX_LINES = 400;
/** All words of one language are in one file. */
const WORDS = /^src\/words\/[a-z]{2}\.ts$/;
const MAX_COLUMNS = 100;

function listed(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => posix.join(folder, file));
}

/** The files that a file imports, types alone included. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const paths = [...text.matchAll(/\bfrom "(\.[^"]+)"|\bimport(?:\(| )"(\.[^"]+)"/g)];
  return paths.map(([, from, bare]) => posix.join(posix.dirname(file), (from ?? bare)!));
}

/** A circle of imports, as the files on it; undefined if there is none. */
export function circleOf(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

const sources = listed("src");
const graph = new Map([...sources, ...listed("test")].map((file) => [file, importsOf(file)]));

test("no files import each other in a circle", () => {
  assert.equal(circleOf(graph)?.join(" -> "), undefined);
});

test("a circle is found, of types alone too", () => {
  assert.deepEqual(
    circleOf(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
    ["b", "c", "b"],
  );
  assert.equal(
    circleOf(
      new Map([
        ["a", ["b", "c"]],
        ["b", ["c"]],
        ["c", []],
      ]),
    ),
    undefined,
  );
  assert.ok(importsOf("src/rules/table.ts").includes("src/rules/schema.ts"));
});

test("every import is of a file that is there", () => {
  for (const [file, imports] of graph) {
    for (const one of imports) assert.ok(graph.has(one), `${file} imports ${one}`);
  }
});

test("a room imports only rooms below it", () => {
  const roomOf = (file: string) => {
    const room = ROOMS.indexOf(file.split("/")[1]!);
    assert.ok(room >= 0, `${file} is in none of ${ROOMS.join(", ")}`);
    return room;
  };
  for (const file of sources) {
    for (const one of graph.get(file)!) {
      assert.ok(roomOf(one) <= roomOf(file), `${file} must not import ${one}`);
    }
  }
});

test(`no file has more than ${MAX_LINES} lines`, () => {
  for (const file of graph.keys()) {
    if (WORDS.test(file)) continue;
    const { length } = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.ok(length <= MAX_LINES, `${file} has ${length} lines`);
  }
});

test(`no line of src, and no comment, has more than ${MAX_COLUMNS} columns`, () => {
  for (const file of graph.keys()) {
    readFileSync(file, "utf8")
      .split("\n")
      .forEach((line, i) => {
        const counts = file.startsWith("src/") || /^\s*(\/\/|\/?\*)/.test(line);
        const fits = !counts || line.length <= MAX_COLUMNS;
        assert.ok(fits, `${file}:${i + 1} has ${line.length} columns`);
      });
  }
});

/** The Rust modules that a file's comments name. */
function twinsOf(file: string): string[] {
  const named = readFileSync(file, "utf8").match(/\b[a-z-]+\/(src|tests)\/[a-z0-9_/]+(\.rs)?/g);
  return named?.map((path) => path.replace(/\/$/, "")) ?? [];
}

test("every Rust file that a comment names is there", () => {
  // The crate rules is still to be cut into rooms, whose names the comments have already.
  const isCut = existsSync("../rules/src/schema");
  for (const file of graph.keys()) {
    for (const twin of twinsOf(file)) {
      const isChecked = isCut || !twin.startsWith("rules/src/");
      assert.ok(!isChecked || existsSync(`../${twin}`), `${file} names ${twin}`);
    }
  }
});
