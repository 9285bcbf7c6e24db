#!/usr/bin/env python3
"""The crates' dependencies point downward, and whoever only verifies compiles no C and no prover."""

import json
import subprocess
import sys

# What each crate may use of ours, tests and benches aside. Each line names only lines above it.
ALLOWED = {
    "pacioli-msm": set(),
    "pacioli-postgres": set(),
    "pacioli-objects": set(),
    "pacioli-circuits": set(),
    "pacioli-rules": {"pacioli-circuits"},
    "pacioli-attestation": {"pacioli-circuits", "pacioli-rules"},
    "pacioli-evidence": {"pacioli-rules", "pacioli-attestation"},
    "pacioli-record": {"pacioli-rules", "pacioli-attestation", "pacioli-evidence"},
    "pacioli-report": {
        "pacioli-circuits",
        "pacioli-rules",
        "pacioli-attestation",
        "pacioli-evidence",
    },
    "pacioli-prover": {
        "pacioli-msm",
        "pacioli-circuits",
        "pacioli-rules",
        "pacioli-attestation",
    },
    "pacioli-risk": {
        "pacioli-circuits",
        "pacioli-rules",
        "pacioli-attestation",
        "pacioli-evidence",
        "pacioli-prover",
    },
    "pacioli-verifier-contract": {"pacioli-circuits", "pacioli-rules", "pacioli-attestation"},
    "pacioli-chain": {"pacioli-verifier-contract"},
    "pacioli-watch": {
        "pacioli-rules",
        "pacioli-attestation",
        "pacioli-record",
        "pacioli-verifier-contract",
        "pacioli-chain",
    },
    "pacioli": {
        "pacioli-circuits",
        "pacioli-rules",
        "pacioli-attestation",
        "pacioli-evidence",
        "pacioli-record",
        "pacioli-report",
        "pacioli-prover",
        "pacioli-risk",
        "pacioli-verifier-contract",
        "pacioli-chain",
        "pacioli-watch",
        "pacioli-postgres",
        "pacioli-objects",
    },
    "pacioli-journeys": set(),
}

# What a verifier does not compile: C code, a database, Parquet, the prover.
NOT_UNDER_ATTESTATION = {
    "age",
    "cc",
    "libsqlite3-sys",
    "pacioli-prover",
    "pacioli-msm",
    "object_store",
    "pacioli-objects",
    "pacioli-postgres",
    "parquet",
    "postgres",
    "rusqlite",
    "zstd",
    "zstd-sys",
}


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def arrows():
    """Each package of the workspace with those of ours that it uses outside tests."""
    packages = json.loads(output("cargo", "metadata", "--format-version=1", "--no-deps"))["packages"]
    ours = {package["name"] for package in packages}
    for package in packages:
        normal = {d["name"] for d in package["dependencies"] if d["kind"] != "dev"}
        yield package["name"], normal & ours


def under(package):
    """Every crate compiled for `package`, build scripts included, on this machine."""
    lines = output("cargo", "tree", "-p", package, "-e", "normal,build", "--prefix", "none")
    return {line.split()[0] for line in lines.splitlines() if line.strip()}


def problems():
    seen = dict(arrows())
    for name in sorted(ALLOWED.keys() - seen.keys()):
        yield f"{name} is missing from the workspace"
    for name, uses in seen.items():
        if name not in ALLOWED:
            yield f"{name} has no place in .ci/arrows.py"
            continue
        for other in sorted(uses - ALLOWED[name]):
            yield f"{name} must not depend on {other}"
    for name in sorted(under("pacioli-attestation") & NOT_UNDER_ATTESTATION):
        yield f"pacioli-attestation must not come to depend on {name}"


found = list(problems())
for problem in found:
    print(problem, file=sys.stderr)
sys.exit(1 if found else 0)
