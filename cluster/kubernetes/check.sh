#!/usr/bin/env bash
# check.sh: holds the Job and the watch against Kubernetes' own schemas, the oldest version that knows it and a late one.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
if [ ! -x "$here/.venv/bin/kubernetes-validate" ]; then
    python3 -m venv "$here/.venv"
    "$here/.venv/bin/pip" install -q -r "$here/requirements.txt"
fi
for version in 1.33.0 1.37.0; do
    "$here/.venv/bin/kubernetes-validate" --strict --quiet -k "$version" "$here"/*.yaml \
        "$here"/../../watch/deploy/kubernetes/*.yaml
done
