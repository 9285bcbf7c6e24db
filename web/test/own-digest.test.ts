// The digest that the web page says of its own file is the file's SHA-256.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { digestOf } from "../src/view/own-digest.ts";

const page = readFileSync("dist/check.html", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const html = readFileSync("src/view/index.html", "utf8").replace("%VERSION%", version);
const after = (tag: string) => page.indexOf(tag) + tag.length;
// The script carries the HTML around it, in which `</script>` is escaped.
const script = page.slice(after("<script>"), page.lastIndexOf("</script>"));
const style = page.slice(after("<style>"), page.indexOf("</style>"));

test("a file is put together again from its script, its style and the HTML around them", () => {
  const digest = createHash("sha256").update(page).digest("hex");
  assert.equal(digestOf(html, script, style), digest);
  assert.notEqual(digestOf(html, `${script} `, style), digest);
  assert.notEqual(digestOf(html, script, `${style} `), digest);
});

test("the script has nothing in it that would end it or hide its end", () => {
  assert.doesNotMatch(script, /<\/script|<!--/i);
});
