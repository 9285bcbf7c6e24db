#!/usr/bin/env bash
# Proves what docs/states.md says of the state of a venue, for all facts and times, by halmos, which this
# installs. Needs forge and the compiler from npm.
set -euo pipefail
cd "$(dirname "$0")"
[ -x .venv/bin/halmos ] || { python3 -m venv .venv && .venv/bin/pip install -q halmos==0.3.3; }
[ -d node_modules ] || npm ci --no-audit --no-fund
PATH="$PWD/node_modules/@foundry-rs/forge-linux-amd64/bin:$PATH"
export FOUNDRY_PROFILE=prove
exec .venv/bin/halmos --root . --forge-build-out ../target/forge/prove --contract StatesProof "$@"
