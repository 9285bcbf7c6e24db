#!/usr/bin/env bash
# Kills each command at random moments of its whole run, 100 times each unless told otherwise, and checks what
# comes of it: the run goes on, no finished volume is lost, the attestation verifies, every statement checks.
#
#     tests/kill.sh [TIMES [prove | steps | bucket]]
#
# `prove`: that and `statements build`. `steps`: `deal`, `prove-volume`, `assemble`, `open-volume` and
# `statements build --from`, in a folder. `bucket`: the same over S3, which needs what cli/tests/s3.sh needs. All
# three unless told otherwise. A line for each command says how often it was killed. With PACIOLI_TEST_PROGRAM it
# is another build of the program that is killed.
set -euo pipefail
cd "$(dirname "$0")/.."
export PACIOLI_KILLS=${1:-100}

killed() { cargo test --test cmd -- --exact --nocapture "killed::$1"; }
prove() { killed a_run_that_is_killed_goes_on_and_loses_no_finished_volume; }
steps() { killed every_step_that_is_killed_goes_on; }
bucket() { cli/tests/s3.sh killed::every_step_that_is_killed_over_a_bucket_goes_on; }

case ${2:-all} in
prove | steps | bucket) "$2" ;;
all) prove && steps && bucket ;;
*) echo "kill.sh [TIMES [prove | steps | bucket]]" >&2; exit 2 ;;
esac
