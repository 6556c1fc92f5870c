#!/usr/bin/env python3
"""Checks the licence of every crate that the library links: each must be one that its users can live with."""

import json
import re
import subprocess
import sys

ALLOWED = {
    "MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib",
    "Unlicense", "CC0-1.0", "0BSD", "Unicode-3.0", "BSL-1.0",
}

# The licence of UniFFI asks only for the source of its own files, which anybody can have where UniFFI is published. The C ABI is
# built without it (`--no-default-features`).
#
# SQLCipher comes with SQLite, which is in the public domain and has a blessing instead of a licence, and with libtomcrypt, which is in
# the public domain, too, or under the WTFPL. Both ask for nothing.
EXCEPT = {
    "MPL-2.0": re.compile(r"uniffi(_\w+)?$"),
    "MIT AND BSD-3-Clause AND blessing AND WTFPL": re.compile(r"sqlcipher-src$"),
}


def excepted(package: dict) -> bool:
    """Whether a crate may have its licence although others may not."""
    names = EXCEPT.get(package["license"] or "")
    return bool(names and names.match(package["name"]))


def allowed(expression: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences only."""
    text = expression.replace("/", " OR ").replace("(", " ( ").replace(")", " ) ")
    words = re.findall(r"\(|\)|\bOR\b|\bAND\b|(?:(?!\bOR\b|\bAND\b)[^\s()]+(?:\s+WITH\s+[^\s()]+)?)", text)
    condition = []
    for word in words:
        if word in ("(", ")"):
            condition.append(word)
        elif word in ("OR", "AND"):
            condition.append(word.lower())
        else:
            condition.append(str(word.strip() in ALLOWED))
    return bool(eval(" ".join(condition), {"__builtins__": {}}))  # only brackets, and, or, True, False


def main() -> int:
    metadata = json.loads(subprocess.check_output(["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]))
    members = set(metadata["workspace_members"])
    linked, queue = set(), [node for node in metadata["resolve"]["nodes"] if node["id"] in members]
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    while queue:
        node = queue.pop()
        for dependency in node["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            if (None in kinds or "build" in kinds) and dependency["pkg"] not in linked:
                linked.add(dependency["pkg"])
                queue.append(nodes[dependency["pkg"]])
    bad = []
    for package in metadata["packages"]:
        if package["id"] in linked and package["id"] not in members and not excepted(package) \
                and not allowed(package["license"] or "none"):
            bad.append(f'{package["name"]} {package["version"]}: {package["license"]}')
    for line in bad:
        print("licence not allowed:", line)
    print(f"{len(linked)} crates looked at, {len(bad)} with a licence that is not allowed")
    return 1 if bad or not linked else 0


if __name__ == "__main__":
    sys.exit(main())
