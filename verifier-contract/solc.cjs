#!/usr/bin/env node
// The pinned compiler in the form in which slither and forge ask a native one: `--version`,
// `--standard-json` with the input on stdin, and `FILE --combined-json ...`.
const { readFileSync } = require("node:fs");
const solc = require("solc");

const args = process.argv.slice(2);
// Remappings of foundry.toml may stand before the file.
const file = args.find((arg) => arg.endsWith(".sol"));
if (args[0] === "--version") {
  console.log(`solc, the solidity compiler\nVersion: ${solc.version()}`);
  process.exit(0);
}

if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
  // Not `exit`, which would cut a long answer off.
  return;
}

const read = (path) => {
  try {
    const found = path.startsWith("@") ? `node_modules/${path}` : path;
    return { contents: readFileSync(found, "utf8") };
  } catch (error) {
    return { error: error.message };
  }
};
const wanted = ["abi", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode"];
wanted.push("evm.methodIdentifiers");
const input = {
  language: "Solidity",
  sources: { [file]: { content: readFileSync(file, "utf8") } },
  settings: {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: "cancun",
    outputSelection: { "*": { "": ["ast"], "*": wanted } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
if (errors.length > 0) {
  console.error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  process.exit(1);
}

const contracts = {};
for (const [path, named] of Object.entries(output.contracts)) {
  for (const [name, { abi, devdoc, userdoc, evm }] of Object.entries(named)) {
    contracts[`${path}:${name}`] = {
      abi,
      devdoc,
      userdoc,
      bin: evm.bytecode.object,
      "bin-runtime": evm.deployedBytecode.object,
      srcmap: evm.bytecode.sourceMap,
      "srcmap-runtime": evm.deployedBytecode.sourceMap,
      hashes: evm.methodIdentifiers,
    };
  }
}
const sources = Object.entries(output.sources).map(([path, { ast }]) => [path, { AST: ast }]);
const sourceList = Object.keys(output.sources);
const combined = { contracts, sourceList, sources: Object.fromEntries(sources) };
process.stdout.write(JSON.stringify({ ...combined, version: solc.version() }));
