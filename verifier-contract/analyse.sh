#!/usr/bin/env bash
# Static analysis of the contracts by slither, which this installs. Fails on a finding that
# analysis.json does not answer, and on an answer to no finding.
set -euo pipefail
cd "$(dirname "$0")"
[ -x .venv/bin/slither ] || { python3 -m venv .venv && .venv/bin/pip install -q slither-analyzer==0.11.6; }
[ -d node_modules ] || npm ci --no-audit --no-fund
# Beside foundry.toml slither asks for forge, though it compiles without.
PATH="$PWD/node_modules/@foundry-rs/forge-linux-amd64/bin:$PATH"
exec .venv/bin/python analyse.py
