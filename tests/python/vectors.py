"""Runs the shared vectors of tests/vectors through the Python package. Their README has the format."""

import json
import sys
from pathlib import Path
from typing import Any

import crm

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
DEFAULTS = {
    "country": "DE",
    "zone": "Europe/Berlin",
    "clock": "2026-11-21T10:00:00Z",
    "seed": "0" * 63 + "1",
    "key": "0" * 63 + "2",
}
TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}


class Mismatch(Exception):
    """A case that came out otherwise than expected."""


def is_type(name: str, got: Any) -> bool:
    """Whether a value is of one of JSON's types."""
    if name == "number":
        return isinstance(got, (int, float)) and not isinstance(got, bool)
    return isinstance(got, TYPES[name])


def match(expected: Any, got: Any) -> bool:
    """Whether what came is what was expected."""
    if isinstance(expected, dict):
        if len(expected) == 1:
            (name, value), = expected.items()
            if name == "$any":
                return got is not None
            if name == "$absent":
                return got is None
            if name == "$type":
                return is_type(value, got)
            if name == "$length":
                return isinstance(got, (list, str)) and len(got) == value
            if name == "$contains":
                return isinstance(got, list) and any(match(value, item) for item in got)
        return isinstance(got, dict) and all(match(value, got.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(got, list) and len(expected) == len(got) and all(map(match, expected, got))
    if is_type("number", expected):
        return is_type("number", got) and bool(expected == got)
    return type(expected) is type(got) and bool(expected == got)


def fill(value: Any, saved: dict[str, Any]) -> Any:
    """The value with what stands for something else filled in."""
    if isinstance(value, dict):
        if len(value) == 1:
            (name, what), = value.items()
            if name == "$ref":
                return lookup(what, saved)
            if name == "$join":
                return "".join(fill(part, saved) for part in what)
            if name == "$repeat":
                return str(what[0]) * int(what[1])
        return {name: fill(member, saved) for name, member in value.items()}
    if isinstance(value, list):
        return [fill(item, saved) for item in value]
    return value


def lookup(path: str, saved: dict[str, Any]) -> Any:
    """A value of an earlier result."""
    found: Any = saved
    for part in path.split("."):
        try:
            found = found[int(part)] if isinstance(found, list) else found[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise Mismatch(f"nothing is at {path}") from None
    return found


def fails(expected: Any, error: crm.CrmError) -> None:
    """Compares an error."""
    got = {name: getattr(error, name) for name in ("code", "kind", "status", "path", "reason", "details")}
    if not match(expected, got):
        raise Mismatch(f"expected {expected}, came {got}")


def run(case: dict[str, Any]) -> None:
    """Runs a case."""
    options = {**DEFAULTS, **case.get("options", {})}
    try:
        db = crm.open_json(json.dumps(options))
    except crm.CrmError as error:
        if "open_error" not in case:
            raise
        return fails(case["open_error"], error)
    if "open_error" in case:
        raise Mismatch("opening did not fail")
    with db:
        try:
            session = db.session_json(json.dumps(case.get("session", {})))
        except crm.CrmError as error:
            if "session_error" not in case:
                raise
            return fails(case["session_error"], error)
        if "session_error" in case:
            raise Mismatch("the session did not fail")
        saved: dict[str, Any] = {}
        for at, step in enumerate(case["steps"]):
            try:
                session = take(step, db, session, saved)
            except Mismatch as mismatch:
                raise Mismatch(f"step {at}: {mismatch}") from None
            except crm.CrmError as error:
                raise Mismatch(f"step {at}: came {error}") from error


def take(step: dict[str, Any], db: crm.Database, session: crm.Session, saved: dict[str, Any]) -> crm.Session:
    """Takes a step; gives the session that the next one uses."""
    begun, result = session, None
    try:
        if "session" in step:
            begun = db.session_json(json.dumps(fill(step["session"], saved)))
        else:
            text = step["text"] if "text" in step else json.dumps(fill(step.get("input", {}), saved))
            result = json.loads(session.call_text(step["call"], text))
    except crm.CrmError as error:
        if "error" not in step:
            raise
        fails(fill(step["error"], saved), error)
        return session
    if "error" in step:
        raise Mismatch(f"did not fail, came {result}")
    if "expect" in step and not match(fill(step["expect"], saved), result):
        raise Mismatch(f"expected {fill(step['expect'], saved)}, came {result}")
    if "as" in step:
        saved[step["as"]] = result
    return begun


def main() -> int:
    """Runs the matcher's table, then every case."""
    for row in json.loads((VECTORS / "matcher.json").read_text("utf-8")):
        if match(row["expect"], row["got"]) is not row["matches"]:
            print(f"the matcher fails: {row}")
            return 1
    passed = failed = 0
    for file in sorted(VECTORS.glob("*/*.json")):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            try:
                run(case)
                passed += 1
            except (Mismatch, crm.CrmError) as problem:
                failed += 1
                print(f"{file.relative_to(VECTORS)}: {case['name']}: {problem}")
    print(f"python: {passed} vectors passed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
