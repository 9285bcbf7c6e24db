#!/usr/bin/env bash
# one-machine.sh start DIR | stop DIR: Slurm from Debian's packages on this machine alone, as root, with
# two nodes of one processor, `left` and `right`, in DIR. For tests: nothing outside DIR is touched.
# After `start`, `export SLURM_CONF=DIR/slurm.conf`.
set -euo pipefail
here=$(readlink -f "${2:?one-machine.sh start DIR | stop DIR}" 2>/dev/null || { mkdir -p "$2" && readlink -f "$2"; })

daemons=(slurmctld left.slurmd right.slurmd munged)

stop() {
    for daemon in "${daemons[@]}"; do
        [ -s "$here/$daemon.pid" ] || continue
        kill "$(cat "$here/$daemon.pid")" 2>/dev/null || true
    done
}

# The first of ports that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    mkdir -p "$here"/{state,left,right,log}
    chmod 755 "$here"
    (umask 077 && head -c 1024 /dev/urandom > "$here/munge.key")
    munged --force --key-file "$here/munge.key" --socket "$here/munge.socket" \
        --pid-file "$here/munged.pid" --seed-file "$here/munge.seed" --log-file "$here/log/munged"
    cat > "$here/slurm.conf" <<CONF
ClusterName=pacioli
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$here/munge.socket
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/%n
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/%n.slurmd.pid
SlurmctldLogFile=$here/log/slurmctld
SlurmdLogFile=$here/log/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,batch_sched_delay=0,requeue_delay=1
MpiDefault=none
ReturnToService=2
NodeName=left NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1
NodeName=right NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1
PartitionName=volumes Nodes=left,right Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF="$here/slurm.conf"
    slurmctld -f "$SLURM_CONF"
    slurmd -f "$SLURM_CONF" -N left
    slurmd -f "$SLURM_CONF" -N right
    for _ in $(seq 60); do
        [ "$(sinfo --noheader --states=idle --format=%D 2>/dev/null | tr -d ' ')" = 2 ] && return
        sleep 1
    done
    echo "one-machine.sh: the nodes are not up: see $here/log" >&2
    return 1
}

case $1 in
start) start ;;
stop) stop ;;
*) echo "one-machine.sh start DIR | stop DIR" >&2; exit 2 ;;
esac
