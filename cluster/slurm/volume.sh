#!/usr/bin/env bash
# One volume, as a task of an array job. The variables RUN, DEAL, SETUP and KEYS are those of `prove.sh`,
# which submits this; Slurm gives the index in SLURM_ARRAY_TASK_ID.
#SBATCH --job-name=pacioli
#SBATCH --requeue
#SBATCH --open-mode=append
set -uo pipefail

RETRIES=${RETRIES:-5}

srun --ntasks=1 "${PACIOLI:-pacioli}" prove-volume \
    --run "$RUN" --deal "$DEAL" --setup "$SETUP" --key "$KEYS" --quiet
code=$?

# 75: the storage had a hiccup. Everything else is for `prove.sh` and its reader.
if [ "$code" = 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt "$RETRIES" ]; then
    scontrol requeue "$SLURM_JOB_ID"
    sleep 60 # until Slurm takes this task away
fi
exit "$code"
