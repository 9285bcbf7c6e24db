#!/usr/bin/env bash
# Checks the proofs with Coq, and that no axiom is behind the theorems. Needs Debian's coq and
# libcoq-mathcomp-algebra (Coq 8.16, mathcomp 1.15); without them it says so and checks nothing.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v coqc >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        coq libcoq-mathcomp-algebra >/dev/null
fi
if ! command -v coqc >/dev/null; then
    echo "skipped: no coqc"
    exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cp ./*.v "$out"
cd "$out"
for file in Field Circuit Cycle Fractions Lookup Told Book Covered Soundness Union; do
    coqc -Q . Pacioli -w none "$file.v"
done
coqc -Q . Pacioli -w none Assumptions.v > assumptions
theorems=$(grep -c '^Print Assumptions' Assumptions.v)
closed=$(grep -c '^Closed under the global context$' assumptions || true)
if [ "$closed" != "$theorems" ] || [ "$(wc -l < assumptions)" != "$theorems" ]; then
    cat assumptions >&2
    exit 1
fi
echo "$theorems theorems, and no axiom"
