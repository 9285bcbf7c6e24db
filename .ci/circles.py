#!/usr/bin/env python3
"""Fails where modules of a crate import each other in a circle.

Reads the `use` lines and paths of every crate's own code, tests left out. A name is followed through
re-exports to the module that defines it. A parent that declares its children and re-exports their
names does not import them; one that uses them itself does.

    .ci/circles.py              all crates of the workspace
    .ci/circles.py rules risk   some of them
"""

import pathlib
import re
import sys
import tomllib

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|"(?:\\.|[^"\\])*"|\'(?:\\.[^\']*|[^\'\\])\'', re.S
)
TEST_MODULE = re.compile(r"#\[cfg\((?:test|any\(test\b[^\]]*)\)\]\s*(?:pub(?:\([^)]*\))? )?mod (\w+)\s*([;{])")
USE = re.compile(r"^[ \t]*(pub(?:\([^)]*\))? )?use ([^;]+);", re.M)
PATH = re.compile(r"\b((?:crate|super|self)(?:::\w+)+)")


def without_comments(text):
    return TOKEN.sub(lambda token: '""' if token[0][0] in "\"r" else " ", text)


def block_end(text, start):
    depth = 0
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index + 1
    return len(text)


def without_tests(text):
    """The text without its test modules, and the names of those that are in files of their own."""
    files = set()
    while found := TEST_MODULE.search(text):
        end = found.end()
        if found[2] == ";":
            files.add(found[1])
        else:
            end = block_end(text, found.end() - 1)
        text = text[: found.start()] + text[end:]
    return text, files


def leaves(tree):
    """Every (path, alias) of the tree of a `use`."""
    tree = tree.strip()
    head, brace, rest = tree.partition("{")
    if not brace:
        path, _, alias = head.partition(" as ")
        parts = tuple(part.strip() for part in path.strip().split("::"))
        return [(parts, alias.strip() or parts[-1])]
    prefix = tuple(part.strip() for part in head.strip().removesuffix("::").split("::") if part.strip())
    inner, depth, last, items = rest[: rest.rindex("}")], 0, 0, []
    for index, letter in enumerate(inner + ","):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            items.append(inner[last:index])
            last = index + 1
    found = []
    for item in filter(str.strip, items):
        for path, alias in leaves(item):
            if path == ("self",):
                found.append((prefix, prefix[-1] if alias == "self" else alias))
            else:
                found.append((prefix + path, alias))
    return found


class Crate:
    def __init__(self, folder):
        self.modules, self.names, self.uses = {}, {}, {}
        source = folder / "src"
        tests = set()
        files = sorted(source.rglob("*.rs"))
        for file in files:
            parts = file.relative_to(source).with_suffix("").parts
            module = parts[:-1] if parts[-1] in ("mod", "lib", "main") else parts
            text, in_files = without_tests(without_comments(file.read_text()))
            self.modules[module] = text
            tests |= {module + (name,) for name in in_files}
        is_test = lambda module: any(module[: len(test)] == test for test in tests)
        self.modules = {module: text for module, text in self.modules.items() if not is_test(module)}
        for module, text in self.modules.items():
            self.names[module], self.uses[module] = {}, []
            for public, tree in USE.findall(text):
                for path, alias in leaves(tree):
                    self.names[module][alias] = path
                    self.uses[module].append((path, bool(public)))
            for path in PATH.findall(USE.sub("", text)):
                self.uses[module].append((tuple(path.split("::")), False))

    def defining(self, module, path, depth=0):
        """The module that defines what `path` means in `module`; `None` if another crate does."""
        if depth > 20 or not path:
            return None
        at = module
        if path[0] == "crate":
            at, path = (), path[1:]
        elif path[0] in ("self", "super"):
            while path and path[0] in ("self", "super"):
                at, path = (at[:-1] if path[0] == "super" else at), path[1:]
        elif module + (path[0],) not in self.modules:
            return None
        while path:
            if at + (path[0],) in self.modules:
                at, path = at + (path[0],), path[1:]
                continue
            target = self.names[at].get(path[0])
            if target is None or target == path:
                return at
            return self.defining(at, target + path[1:], depth + 1) or at
        return at

    def imports(self):
        graph = {}
        for module, uses in self.uses.items():
            graph[module] = set()
            for path, public in uses:
                target = self.defining(module, path)
                is_child = target is not None and target[: len(module)] == module
                if target is None or target == module or (public and is_child):
                    continue
                graph[module].add(target)
        return graph


def circles(graph):
    """The strongly connected parts of two modules or more (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            part = stack[at:]
            del stack[at:]
            if len(part) > 1:
                found.append(part)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    members = tomllib.loads((root / "Cargo.toml").read_text())["workspace"]["members"]
    failed = False
    for member in sys.argv[1:] or members:
        graph = Crate(root / member).imports()
        name = lambda module: "::".join((member, *module))
        for part in circles(graph):
            failed = True
            print(f"{member}: a circle of {len(part)} modules")
            for module in sorted(part):
                others = sorted(name(other) for other in graph[module] if other in part)
                print(f"  {name(module)} -> {', '.join(others)}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
