// Compiles contracts/ and generated/ with the pinned compiler into generated/artifacts.json, the
// same bytes on every machine. `--check` compares with what is there instead of writing it;
// `--verifier FILE` compiles that file in place of generated/VolumeVerifier.sol and prints the result;
// `--second-opinion FILE` compiles the verifier that tests/opinion wrote into
// generated/second-opinion.json, and with `--check` behind it compares.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const solc = createRequire(import.meta.url)("solc");
const root = dirname(fileURLToPath(import.meta.url));
const target = join(root, "generated", "artifacts.json");

const opinion = join(root, "generated", "second-opinion.json");

const VERIFIER = "generated/VolumeVerifier.sol";

// The largest runtime code that Ethereum accepts (EIP-170).
const MAX_RUNTIME_BYTES = 24_576;

// Warnings that are no reason to stop: { code, file, reason }. Anything else is.
const EXPLAINED = [];

// Also what `pacioli contract` writes. Without a metadata hash the bytecode depends on the code alone.
const settings = JSON.parse(readFileSync(join(root, "settings.json"), "utf8"));

function sources(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".sol"));
  const paths = files.map((file) => relative(root, join(file.parentPath, file.name)));
  return paths.map((path) => path.split(sep).join("/"));
}

function compile(verifier) {
  const files = [...sources("contracts"), ...sources("generated")].sort();
  const path = (file) => (verifier && file === VERIFIER ? verifier : join(root, file));
  const content = (file) => ({ content: readFileSync(path(file), "utf8") });
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [file, content(file)])),
    settings,
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const isExplained = ({ errorCode, sourceLocation }) =>
    EXPLAINED.some(({ code, file }) => code === errorCode && file === sourceLocation?.file);
  const problems = (output.errors ?? []).filter((problem) => !isExplained(problem));
  if (problems.length > 0) {
    throw new Error(problems.map((problem) => problem.formattedMessage).join("\n"));
  }
  return output.contracts;
}

// Another project's text, never deployed: its warnings, such as that of its size, are not ours.
// Without the optimiser, as that project compiles it: with it, the stack is too deep.
function secondOpinion(file) {
  const content = readFileSync(file, "utf8");
  const sources = { verifier: { content } };
  const input = { language: "Solidity", sources, settings: { ...settings, optimizer: {} } };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  const { bytecode, deployedBytecode } = output.contracts.verifier.Halo2Verifier.evm;
  const compiled = {
    bytecode: `0x${bytecode.object}`,
    runtimeBytes: deployedBytecode.object.length / 2,
    solc: solc.version(),
    text: createHash("sha256").update(content).digest("hex"),
  };
  return `${JSON.stringify(compiled, null, 1)}\n`;
}

function artifacts(compiled) {
  const contracts = {};
  for (const [file, named] of Object.entries(compiled)) {
    for (const [name, { abi, evm }] of Object.entries(named)) {
      if (evm.bytecode.object === "") continue;
      if (name in contracts) throw new Error(`two contracts are named ${name}`);
      const runtimeBytes = evm.deployedBytecode.object.length / 2;
      if (runtimeBytes > MAX_RUNTIME_BYTES) {
        throw new Error(`${name} has ${runtimeBytes} bytes of code, more than a chain accepts`);
      }
      contracts[name] = { abi, bytecode: `0x${evm.bytecode.object}`, file, runtimeBytes };
    }
  }
  const { version } = solc;
  return `${JSON.stringify(sorted({ contracts, solc: version() }), null, 1)}\n`;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

function keep(file, text, checks) {
  if (!checks) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    throw new Error(`${relative(root, file)} is not what the contracts compile to`);
  }
}

try {
  const [option, file, check] = process.argv.slice(2);
  if (option === "--verifier") {
    process.stdout.write(artifacts(compile(file)));
  } else if (option === "--second-opinion") {
    keep(opinion, secondOpinion(file), check === "--check");
  } else {
    keep(target, artifacts(compile()), option === "--check");
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
