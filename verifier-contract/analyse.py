"""Runs slither over every contract but the tests' and compares its findings with analysis.json."""

import json
import subprocess
import sys
from pathlib import Path

SKIPPED = ("contracts/test/",)
# What slither looks at; interfaces come with what implements them.
CODE = ("contract ", "abstract contract ", "library ")


def findings(path):
    command = [".venv/bin/slither", path, "--solc", "./solc.cjs", "--json", "-"]
    command += ["--compile-force-framework", "solc"]
    run = subprocess.run(command, capture_output=True, text=True)
    try:
        report = json.loads(run.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{path}: slither failed\n{run.stderr[-2000:]}")
    if not report["success"]:
        sys.exit(f"{path}: slither failed: {report['error']}")
    found = report["results"].get("detectors", [])
    return [finding for finding in found if not is_of_library(finding)]


def is_of_library(finding):
    """Whether a finding is about OpenZeppelin's text alone."""
    files = [e["source_mapping"].get("filename_relative", "") for e in finding["elements"]]
    return all("node_modules/" in file or file.startswith("@") for file in files)


def place(finding):
    """The first thing a finding is about, as Contract.function, or the file's path."""
    first = finding["elements"][0]
    names = [first["name"]]
    parent = first.get("type_specific_fields", {}).get("parent")
    while parent:
        if parent["type"] in ("contract", "function"):
            names.insert(0, parent["name"])
        parent = parent.get("type_specific_fields", {}).get("parent")
    in_function = len(names) > 2 and first["type"] in ("node", "variable")
    return ".".join(names[:2] if in_function else names)


def answers(answer, finding):
    places = answer["places"]
    return answer["check"] == finding["check"] and (places == "all" or place(finding) in places)


def main():
    sources = sorted(str(path) for folder in ("contracts", "generated") for path in Path(folder).rglob("*.sol"))
    found = {}
    for path in sources:
        has_code = any(line.startswith(CODE) for line in Path(path).read_text().splitlines())
        if has_code and not path.startswith(SKIPPED):
            found.update({finding["id"]: finding for finding in findings(path)})
    known = json.loads(Path("analysis.json").read_text())
    open_findings = [f for f in found.values() if not any(answers(a, f) for a in known)]
    idle = [(a["check"], p) for a in known for p in (a["places"] if a["places"] != "all" else ["all"])
            if not any(answers({**a, "places": p if p == "all" else [p]}, f) for f in found.values())]
    for finding in open_findings:
        print(f"{finding['check']} ({finding['impact']}) at {place(finding)}:\n{finding['description']}")
    for check, where in idle:
        print(f"analysis.json answers {check} at {where}, where nothing is found")
    print(f"{len(found)} findings, {len(open_findings)} without an answer")
    return 1 if open_findings or idle else 0


if __name__ == "__main__":
    sys.exit(main())
