// Compiles contracts/ and generated/ with the pinned compiler. Writes generated/artifacts.json, the
// same bytes on every machine, and generated/bindings.sol, the ABI that src/bindings.rs reads.
// `--check` compares with the files that are there instead of writing them. `--only FILE...` compiles
// these and what they import, and replaces their artifacts alone. `--verifier FILE` compiles
// that file in place of generated/VolumeVerifier.sol and prints the artifacts. `--second-opinion FILE`
// compiles the verifier that tests/all/opinion wrote into generated/second-opinion.json, or compares if
// `--check` follows.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { bindings } from "./bindings.mjs";

const solc = createRequire(import.meta.url)("solc");
const root = dirname(fileURLToPath(import.meta.url));
const target = join(root, "generated", "artifacts.json");
const bound = join(root, "generated", "bindings.sol");
const opinion = join(root, "generated", "second-opinion.json");
// The texts of OpenZeppelin that the contracts import, for those who compile without npm.
const library = join(root, "generated", "openzeppelin.json");

const VERIFIER = "generated/VolumeVerifier.sol";

// The contracts that Rust has bindings of.
const BOUND = [
  "Compensation",
  "Draws",
  "Elsewhere",
  "Evaluator",
  "Feeds",
  "Observers",
  "Repricer",
  "Reserves",
  "SolvencyRegistry",
  "StatementVerifier",
  "Venues",
];

// The largest runtime code that Ethereum accepts (EIP-170).
const MAX_RUNTIME_BYTES = 24_576;

// Warnings that do not stop the compilation: { code, file, reason }. All others do.
const EXPLAINED = [
  {
    code: "6335",
    file: "@openzeppelin/contracts/utils/structs/Checkpoints.sol",
    reason: "a name of theirs that a later compiler takes for itself",
  },
];

// `pacioli contract` writes the same settings. Without a metadata hash, the bytecode depends only on
// the code.
const settings = JSON.parse(readFileSync(join(root, "settings.json"), "utf8"));

function sources(folder) {
  const entries = readdirSync(join(root, folder), {
    recursive: true,
    withFileTypes: true,
  });
  const files = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith(".sol"),
  );
  const paths = files.map((file) =>
    relative(root, join(file.parentPath, file.name)),
  );
  return paths.map((path) => path.split(sep).join("/"));
}

function all() {
  const generated = sources("generated").filter(
    (file) => join(root, file) !== bound,
  );
  return [...sources("contracts"), ...generated].sort();
}

function compile(verifier, files = all()) {
  // The members of enums are only in the syntax tree.
  const outputSelection = {
    "*": { ...settings.outputSelection["*"], "": ["ast"] },
  };
  const path = (file) =>
    verifier && file === VERIFIER ? verifier : join(root, file);
  const content = (file) => ({ content: readFileSync(path(file), "utf8") });
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [file, content(file)])),
    settings: { ...settings, outputSelection },
  };
  const imported = {};
  const find = (path) => {
    if (!path.startsWith("@openzeppelin/")) return read(path);
    imported[path] = readFileSync(join(root, "node_modules", path), "utf8");
    return { contents: imported[path] };
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
  output.imported = imported;
  const isExplained = ({ errorCode, sourceLocation }) =>
    EXPLAINED.some(
      ({ code, file }) => code === errorCode && file === sourceLocation?.file,
    );
  const problems = (output.errors ?? []).filter(
    (problem) => !isExplained(problem),
  );
  if (problems.length > 0) {
    throw new Error(
      problems.map((problem) => problem.formattedMessage).join("\n"),
    );
  }
  return output;
}

// A file that another imports.
function read(file) {
  try {
    return { contents: readFileSync(join(root, file), "utf8") };
  } catch (error) {
    return { error: error.message };
  }
}

// An interface with the names of its functions' parameters, where a contract only hands them on and
// leaves them out: they are in the Solidity interface.
function named(abi, output) {
  const all = Object.values(output.contracts).flatMap((file) => Object.values(file));
  const kinds = ({ type, components = [] }) => type + components.map(kinds);
  const same = (one, other) => one.name === other.name && `${one.inputs.map(kinds)}` === `${other.inputs.map(kinds)}`;
  return abi.map((item) => {
    if (item.type !== "function" || item.inputs.every(({ name }) => name !== "")) return item;
    const known = all.flatMap(({ abi }) => abi).filter(({ type }) => type === "function");
    const found = known.find((each) => same(each, item) && each.inputs.every(({ name }) => name !== ""));
    return found ? { ...item, inputs: found.inputs } : item;
  });
}

function enums(output) {
  const nodes = Object.values(output.sources).flatMap(({ ast }) => ast.nodes);
  const all = nodes.flatMap((node) => [node, ...(node.nodes ?? [])]);
  const found = all.filter(({ nodeType }) => nodeType === "EnumDefinition");
  return new Map(
    found.map((each) => [
      each.canonicalName,
      each.members.map(({ name }) => name),
    ]),
  );
}

// Another project's text, which is never deployed, so its warnings do not matter. It is compiled as
// that project does, without the optimiser: with it, the stack is too deep.
function secondOpinion(file) {
  const content = readFileSync(file, "utf8");
  const sources = { verifier: { content } };
  const input = {
    language: "Solidity",
    sources,
    settings: { ...settings, optimizer: {} },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter(
    ({ severity }) => severity === "error",
  );
  if (errors.length > 0)
    throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  const { bytecode, deployedBytecode } =
    output.contracts.verifier.Halo2Verifier.evm;
  const opinion = {
    bytecode: `0x${bytecode.object}`,
    runtimeBytes: deployedBytecode.object.length / 2,
    solc: solc.version(),
    text: createHash("sha256").update(content).digest("hex"),
  };
  return `${JSON.stringify(opinion, null, 1)}\n`;
}

function compiled(output) {
  const contracts = {};
  for (const [file, named] of Object.entries(output.contracts)) {
    if (file in output.imported) continue;
    for (const [name, { abi, evm }] of Object.entries(named)) {
      if (evm.bytecode.object === "") continue;
      if (name in contracts) throw new Error(`two contracts are named ${name}`);
      const runtimeBytes = evm.deployedBytecode.object.length / 2;
      if (runtimeBytes > MAX_RUNTIME_BYTES) {
        throw new Error(
          `${name} has ${runtimeBytes} bytes of code, more than a chain accepts`,
        );
      }
      contracts[name] = {
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        file,
        runtimeBytes,
      };
    }
  }
  return contracts;
}

function artifacts(contracts) {
  const { version } = solc;
  return `${JSON.stringify(sorted({ contracts, solc: version() }), null, 1)}\n`;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function keep(file, text, checks) {
  if (!checks) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    throw new Error(
      `${relative(root, file)} is not what the contracts compile to`,
    );
  }
}

try {
  const [option, file, check] = process.argv.slice(2);
  if (option === "--only") {
    const only = compiled(compile(undefined, process.argv.slice(3)));
    const { contracts } = JSON.parse(readFileSync(target, "utf8"));
    writeFileSync(target, artifacts({ ...contracts, ...only }));
    for (const [name, { runtimeBytes }] of Object.entries(only)) {
      if (runtimeBytes > 100) console.log(`${name}: ${runtimeBytes} bytes`);
    }
  } else if (option === "--verifier") {
    process.stdout.write(artifacts(compiled(compile(file))));
  } else if (option === "--second-opinion") {
    keep(opinion, secondOpinion(file), check === "--check");
  } else {
    const output = compile();
    const contracts = compiled(output);
    const abis = Object.fromEntries(
      BOUND.map((name) => [name, named(contracts[name].abi, output)]),
    );
    keep(target, artifacts(contracts), option === "--check");
    keep(bound, bindings(abis, enums(output)), option === "--check");
    keep(library, `${JSON.stringify(sorted(output.imported), null, 1)}\n`, option === "--check");
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
