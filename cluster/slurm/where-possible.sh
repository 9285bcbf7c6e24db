#!/usr/bin/env bash
# test.sh where Slurm can be had, installed from Debian's packages if need be; elsewhere it says why not, and ends
# well. `where-possible.sh [PACIOLI]`
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

skip() { echo "not run on Slurm: $1"; exit 0; }
have() { command -v munged && command -v slurmctld && command -v slurmd && command -v srun; }
install() {
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge
}

[ "$(id -u)" = 0 ] || skip "it needs root"
command -v python3 >/dev/null || skip "it needs Python"
if ! have >/dev/null; then
    command -v apt-get >/dev/null || skip "Slurm is not here, and there is no apt-get"
    install >/dev/null 2>&1 || skip "Slurm is not here, and apt-get cannot install it"
    have >/dev/null || skip "the packages lack a daemon"
fi

# Whether its daemons run here, and run a task: containers may lack what they need.
probe=$(mktemp -d)
trap '"$here/one-machine.sh" stop "$probe" || true; rm -rf "$probe"' EXIT
if ! "$here/one-machine.sh" start "$probe" >/dev/null 2>&1; then
    skip "its daemons do not run here: $(tail -qn 1 "$probe"/log/* 2>/dev/null | tail -n 1)"
fi
SLURM_CONF=$probe/slurm.conf timeout 60 srun --ntasks=1 true >/dev/null 2>&1 || skip "it runs no task here"
"$here/one-machine.sh" stop "$probe"

"$here/test.sh" "$@"
