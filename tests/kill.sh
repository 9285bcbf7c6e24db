#!/usr/bin/env bash
# Kills `prove` and `statements build` at random moments, 100 times each unless told otherwise, and checks
# what comes of it: the run goes on, no finished volume is lost, the attestation verifies, every statement checks.
#
#     tests/kill.sh [TIMES]
set -euo pipefail
cd "$(dirname "$0")/.."
PACIOLI_KILLS=${1:-100} cargo test -p pacioli --test cmd -- --exact --nocapture \
    resumed::a_run_that_is_killed_goes_on_and_loses_no_finished_volume
