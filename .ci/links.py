#!/usr/bin/env python3
"""Every relative link in a Markdown file, and every path in backticks, leads to something that is there."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")
# In backticks: a path with a folder and an extension that we write, without a place to fill in.
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:rs|sol|ts|toml|md|json|py|sh|mjs|html|txt|template))`")
# What a reader makes, and a path inside halo2-axiom.
ELSEWHERE = ("target/", "contracts/", "today/", "yesterday/", "run/", "sample/", "poly/")


def headings(path):
    """The anchors of a file's headings, as GitHub makes them."""
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            text = line.lstrip("#").strip().lower()
            yield re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def problems(file):
    text = re.sub(r"^```.*?^```", "", file.read_text(), flags=re.M | re.S)
    for target in LINK.findall(text):
        if re.match(r"[a-z]+[:@]", target):  # the web, or an item for rustdoc
            continue
        path, _, anchor = target.partition("#")
        goal = (file.parent / path).resolve() if path else file
        if not goal.exists():
            yield f"no such file: {target}"
        elif anchor and goal.suffix == ".md" and anchor not in headings(goal):
            yield f"no such heading: {target}"
    # The changelog names what was.
    for target in PATH.findall(text) if file.name != "CHANGELOG.md" else ():
        if not target.startswith(ELSEWHERE) and not any((base / target).exists() for base in bases(file)):
            yield f"no such path: `{target}`"


def bases(file):
    """Where a path may begin: at the root, at the file, or in a crate's or a package's folder."""
    crates = [manifest.parent for manifest in ROOT.glob("*/Cargo.toml")]
    contracts = ROOT / "verifier-contract" / "contracts"
    return [ROOT, file.parent, ROOT / "web", contracts, *crates, *(crate / "src" for crate in crates)]


files = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
).stdout.split()
found = [f"{name}: {p}" for name in files if (ROOT / name).exists() for p in problems(ROOT / name)]
print("\n".join(found), file=sys.stderr)
sys.exit(1 if found else 0)
