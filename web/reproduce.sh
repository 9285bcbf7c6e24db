#!/usr/bin/env bash
# Builds the web page from a clean clone in another folder, with other packages, time zone, language and
# umask, and compares it byte by byte with the one that is committed: `web/reproduce.sh [COMMIT]`.
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse "${1:-HEAD}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone -q --no-checkout . "$folder/elsewhere"
cd "$folder/elsewhere"
git sparse-checkout set web
git checkout -q "$commit"
cd web
mv dist/check.html committed.html
export TZ=Pacific/Chatham LC_ALL=C
umask 077
npm ci --no-audit --no-fund --silent
npm run --silent build
cmp dist/check.html committed.html
echo "the page of ${commit:0:12} is reproduced:"
sha256sum dist/check.html
