"""Measures what a call costs in Python: through the C ABI by ctypes, through UniFFI, and with typed records.

    python tests/python/overhead.py LIBRARY

LIBRARY is the shared library in release. Each figure is the best of several rounds and is the whole call, the engine's work
included; `cargo bench -p crm-ffi --bench overhead` has the same calls in Rust. Fails when an empty call through the C ABI
takes more than 20 µs.
"""

import ctypes
import json
import sys
import time
from typing import Any, Callable

import crm

ROUNDS = 15
LIMIT = 20.0


class Buffer(ctypes.Structure):
    """`crm_buffer`."""

    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t), ("capacity", ctypes.c_size_t)]


class CAbi:
    """A session through the C ABI, as a program writes it with ctypes."""

    def __init__(self, path: str) -> None:
        library = ctypes.CDLL(path)
        self._call, self._free = library.crm_call, library.crm_buffer_free
        text, size, out = ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(Buffer)
        self._call.argtypes = [ctypes.c_uint64, text, size, text, size, out]
        self._free.argtypes = [out]
        self._free.restype = None
        library.crm_open.argtypes = [text, size, ctypes.POINTER(ctypes.c_uint64), out]
        library.crm_session_open.argtypes = [ctypes.c_uint64, text, size, ctypes.POINTER(ctypes.c_uint64), out]
        database, session, buffer = ctypes.c_uint64(), ctypes.c_uint64(), Buffer()
        assert library.crm_open(b"{}", 2, database, buffer) == 0
        assert library.crm_session_open(database, b"{}", 2, session, buffer) == 0
        self._session = session.value

    def call(self, operation: str, input: dict[str, Any]) -> Any:
        """Runs an operation."""
        name, text, buffer = operation.encode(), json.dumps(input).encode(), Buffer()
        status = self._call(self._session, name, len(name), text, len(text), buffer)
        try:
            result = json.loads(ctypes.string_at(buffer.data, buffer.length))
        finally:
            self._free(buffer)
        assert status == 0, result
        return result


def best(calls: int, run: Callable[[], object]) -> float:
    """Microseconds of one call, the best of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(calls):
            run()
        rounds.append((time.perf_counter() - started) / calls * 1e6)
    return min(rounds)


def main() -> int:
    """Prints the table."""
    c = CAbi(sys.argv[1])
    session = crm.open().session()
    people = [
        {"given_name": "Ada", "family_name": f"Lovelace {n}", "emails": [{"address": f"ada{n}@example.com"}], "tags": ["analyst"]}
        for n in range(500)
    ]
    c_id = c.call("person.create_all", {"records": people})[0]["record"]["id"]
    own_id = session.call("person.create_all", {"records": people})[0]["record"]["id"]
    rows = [
        ("system.info", 2000, {}, {}, lambda: session.system.info()),
        ("person.get", 1000, {"id": c_id}, {"id": own_id}, lambda: session.people.get(own_id)),
        ("person.list", 5, {"limit": 500}, {"limit": 500}, lambda: session.people.list(limit=500)),
    ]
    print(f"{'µs a call':<14}{'C ABI':>10}{'UniFFI':>10}{'typed':>10}")
    empty = 0.0
    for name, calls, c_input, own_input, typed in rows:
        by_c = best(calls, lambda: c.call(name, c_input))
        by_uniffi = best(calls, lambda: session.call(name, own_input))
        by_type = best(calls, typed)
        empty = empty or by_c
        print(f"{name:<14}{by_c:>10.1f}{by_uniffi:>10.1f}{by_type:>10.1f}")
    if empty > LIMIT:
        print(f"a call through the C ABI takes more than {LIMIT:.0f} µs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
