#!/usr/bin/env bash
# A book proved by a Slurm array job: deal here, a task a volume, assemble here.
#
#   RUN=/shared/run SETUP=/shared/k18.setup SECRET=venue.secret PRIVATE=private OUT=today \
#     cluster/slurm/prove.sh --snapshot snapshot.csv --rules rules.toml --prices prices.json --reserves reserves.json
#
# RUN, SETUP and KEYS (RUN.keys without it) lie where every node sees them; the arguments are those of
# `pacioli deal`. SBATCH_* variables and ARRAY_LIMIT (tasks at one time) go to Slurm. Killed at any point, it
# is started again with the same arguments. Exit codes: those of the command that ended it.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

: "${RUN:?a folder that every node sees, or s3://bucket/prefix}" "${SETUP:?the setup file}"
: "${SECRET:?the secret of the venue}" "${PRIVATE:?a folder of the dealer alone}" "${OUT:?the run directory to write}"
export RUN SETUP KEYS=${KEYS:-$RUN.keys} PACIOLI=${PACIOLI:-pacioli}
ROUNDS=${ROUNDS:-5}

field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

dealt=$("$PACIOLI" deal "$@" --setup "$SETUP" --secret "$SECRET" --run "$RUN" --private "$PRIVATE" --keys "$KEYS" --json)
DEAL=$(field deal <<< "$dealt")
volumes=$(field volumes <<< "$dealt")
export DEAL

missing="0-$((volumes - 1))"
for _ in $(seq "$ROUNDS"); do
    # --wait ends with the worst exit code of the tasks; what counts is what `assemble` finds.
    sbatch --wait --array="$missing${ARRAY_LIMIT:+%$ARRAY_LIMIT}" --output="${LOGS:-$PWD}/volume-%a.log" \
        "$here/volume.sh" && code=0 || code=$?
    if [ "$code" = 2 ]; then
        echo "prove.sh: a task's input is wrong: see ${LOGS:-$PWD}/volume-*.log" >&2
        exit 2
    fi
    assembled=$("$PACIOLI" assemble --run "$RUN" --deal "$DEAL" --setup "$SETUP" --private "$PRIVATE" \
        --secret "$SECRET" --out "$OUT" --json) && code=0 || code=$?
    if [ "$code" != 75 ]; then
        printf '%s\n' "$assembled"
        exit "$code"
    fi
    missing=$(field missing <<< "$assembled")
done
echo "prove.sh: after $ROUNDS rounds these volumes have no proof: $missing" >&2
exit 75
