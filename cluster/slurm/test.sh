#!/usr/bin/env bash
# Proves a small book on Slurm, on this machine alone, as it goes wrong: tasks are killed, one is requeued, a
# node is drained and resumed, the driver is killed and started again. Needs root, and Slurm from Debian's
# packages (`apt-get install slurm-wlm munge`). `test.sh [PACIOLI]`
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
export PACIOLI=$(readlink -f "${1:-$here/../../target/debug/pacioli}")
work=$(mktemp -d)
export SLURM_CONF=$work/slurm/slurm.conf
trap '"$here/one-machine.sh" stop "$work/slurm"; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

say() { printf '\n-- %s\n' "$1"; }
fail() { echo "test.sh: $1" >&2; tail -n 5 "$work"/*.err "$work"/logs/* >&2 || true; exit 1; }
some_are_proved() { [ -n "$(find "$work/run/proofs" -name "*.proof" 2>/dev/null)" ]; }
# Waits until a command says yes.
until_so() { for _ in $(seq 300); do "$@" && return; sleep 0.2; done; fail "waited in vain: $*"; }
running() { [ "$(squeue --noheader --states=running | wc -l)" -ge "$1" ]; }

say "a book of several volumes, and Slurm on two nodes"
cd "$work"
mkdir logs
"$PACIOLI" init book --quiet
python3 "$here/book.py" book
"$PACIOLI" setup insecure --k 14 --out small.setup --quiet
"$PACIOLI" secret new venue.secret --quiet
"$here/one-machine.sh" start "$work/slurm"

export RUN=$work/run SETUP=$work/small.setup SECRET=$work/venue.secret PRIVATE=$work/private OUT=$work/out LOGS=$work/logs
drive() {
    exec "$here/prove.sh" --snapshot book/snapshot.csv --rules book/rules.toml --prices book/prices.json \
        --reserves book/reserves.json --venue "My venue" --as-of 2026-01-01T00:00:00Z
}

say "the driver is killed while volumes are proved"
drive > first.json 2> first.err &
driver=$!
until_so running 2
kill -9 "$driver"
wait "$driver" || true

say "a task is killed, one is requeued, a node is drained"
drive > second.json 2> second.err &
driver=$!
until_so running 2
pkill -9 -f "$PACIOLI prove-volume" -n
scontrol requeue "$(squeue --noheader --states=running --format=%A | head -1)" || true
scontrol update NodeName=right State=drain Reason=test
until_so some_are_proved
scontrol update NodeName=right State=resume
# Slurm holds what was requeued back for two minutes.
(while kill -0 "$driver" 2>/dev/null; do
    for job in $(squeue --noheader --states=pending --format=%A); do
        scontrol update JobId="$job" StartTime=now 2>/dev/null || true
    done
    sleep 1
done) &
wait "$driver" || fail "the driver ended with $?: $(tail -n 3 second.err)"

say "the attestation and its statements hold"
"$PACIOLI" verify out/attestation.json --setup small.setup --accept-insecure-setup > verified.txt || { cat verified.txt; fail "verify"; }
head -n 3 verified.txt
"$PACIOLI" statements build --run out --secret venue.secret --setup small.setup --quiet
[ "$(ls run/shards | wc -l)" -ge 4 ] || fail "too few volumes to mean anything"

say "logs of the tasks say nothing of the book"
if grep -l -E 'holder-|[0-9]{6,}\.' logs/*; then fail "a log names an account or an amount"; fi
echo "all passed"
