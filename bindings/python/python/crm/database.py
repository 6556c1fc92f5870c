"""The open database, its sessions and its events."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Type, TypedDict, Union

from . import errors, form
from ._native import crm as native
from .areas import Areas

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=form.write).encode
_decode = json.JSONDecoder().decode

Progress = Callable[[Dict[str, Any]], Optional[bool]]
"""Is told how far an import or export is, such as `{"records": 500}`; False stops it. It must not call the database."""


class Session(Areas):
    """Who acts and for which purpose. Every area hangs off it, and it may be used from any thread."""

    def __init__(self, handle: Any) -> None:
        super().__init__(self.call)
        self._handle = handle

    def call(self, operation: str, input: Optional[Mapping[str, Any]] = None) -> Any:
        """Runs an operation by its name, such as `person.create` or `x_asset.list`: for records of custom types."""
        text = "{}" if input is None else _encode(input)
        try:
            return _decode(self._handle.call(operation, text))
        except errors.Failed as failed:
            raise errors.of(failed) from None

    def call_text(self, operation: str, input: str = "{}") -> str:
        """Runs an operation with the text of a JSON object; gives the text of its result."""
        try:
            result: str = self._handle.call(operation, input)
            return result
        except errors.Failed as failed:
            raise errors.of(failed) from None

    def with_progress(self, progress: Progress) -> Session:
        """The same session, whose imports and exports tell how far they are. What `progress` raises stops them."""
        return _Reporting(self._handle, progress)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        """A session holds nothing that must be given back; `with` only shows where it is used."""


class _Reporting(Session):
    """A session whose long calls tell a function of the host how far they are."""

    def __init__(self, handle: Any, progress: Progress) -> None:
        self._listener = _Listener(progress)
        super().__init__(handle.with_progress(self._listener))

    def call(self, operation: str, input: Optional[Mapping[str, Any]] = None) -> Any:
        try:
            return super().call(operation, input)
        except errors.CrmError as error:
            raised = self._listener.take()
            if raised is not None and error.code == "surface.callback":
                # The host sees its own exception, not ours about it.
                raise raised from None
            raise


class _Listener(native.ProgressListener):  # type: ignore[misc, unused-ignore]
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._raised: Optional[BaseException] = None

    def on_progress(self, done: str) -> bool:
        try:
            return self._progress(_decode(done)) is not False
        except BaseException as raised:
            self._raised = raised
            raise

    def take(self) -> Optional[BaseException]:
        raised, self._raised = self._raised, None
        return raised


@dataclass(frozen=True)
class Commit:
    """The entries of the journal that were committed together, or close upon each other; both ends are in it."""

    first: int
    last: int


class Events:
    """What is committed: an iterator that waits, and ends when it is stopped. Iterate in a thread of its own."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    def next(self, timeout: float = 0.0) -> Optional[Commit]:
        """Waits for a commit for so many seconds; None when there was none."""
        commit = self._handle.next(max(0, min(int(timeout * 1000), 0xFFFF_FFFF)))
        return None if commit is None else Commit(commit.first, commit.last)

    def __iter__(self) -> Iterator[Commit]:
        # Not for ever at once, so that Ctrl-C is heard.
        while not self._handle.is_over():
            commit = self.next(0.5)
            if commit is not None:
                yield commit

    def stop(self) -> None:
        """Ends the stream and wakes whoever waits on it."""
        self._handle.stop()

    def __enter__(self) -> Events:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.stop()


class Database:
    """An open database. It may be used from any thread; `with` closes it."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    def session(
        self,
        actor: Optional[str] = None,
        purpose: Optional[str] = None,
        special_categories: Optional[str] = None,
    ) -> Session:
        """Begins a session.

        - `actor`: `system`, or `user:` and the identifier of a user; the system when nothing is said.
        - `purpose`: the key of the purpose; `customer_relationship_management` when nothing is said.
        - `special_categories`: the ground of GDPR Article 9(2) on which the session reads special categories, for
          example `explicit_consent`; it does not when nothing is said.
        """
        return Session(_guarded(self._handle.session, actor, purpose, special_categories))

    def session_json(self, options: str) -> Session:
        """Begins a session as the text of a JSON object says, with the members `actor`, `purpose` and
        `special_categories`."""
        return Session(_guarded(self._handle.session_json, options))

    def events(self) -> Events:
        """Tells what is committed from now on through this database."""
        return Events(self._handle.events())

    def interrupt(self) -> None:
        """Stops the statements that run now, from any thread. Their calls raise InterruptedCallError."""
        self._handle.interrupt()

    def backup(self, path: Union[str, os.PathLike[str]]) -> None:
        """Copies the database into a new file while it is in use."""
        _guarded(self._handle.backup, os.fspath(path))

    def export_bytes(self) -> bytes:
        """The bytes of the database, as its file has them."""
        content: bytes = _guarded(self._handle.export_bytes)
        return content

    def integrity_check(self) -> List[str]:
        """Checks the file and its links. Gives the findings; none when it is sound."""
        findings: List[str] = _guarded(self._handle.integrity_check)
        return findings

    def close(self) -> None:
        """Closes the database. Later calls raise ClosedError; a second close does nothing."""
        _guarded(self._handle.shutdown)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class Controller(TypedDict, total=False):
    """The controller."""

    seat: Optional[str]
    """Where it is seated: a country or a part of one by ISO 3166, such as `DE` or `US-CA`."""
    charity: bool
    """Whether it is a charity."""


class ContactCap(TypedDict):
    """A cap on the contacts of an address."""

    contacts: int
    """How many contacts; 0 for none at all."""
    hours: int
    """Within how many hours, from 1 to 720."""


def open(
    path: Union[str, os.PathLike[str], None] = None,
    *,
    country: Optional[str] = None,
    zone: Optional[str] = None,
    key: Optional[str] = None,
    database_key: Optional[str] = None,
    next_database_key: Optional[str] = None,
    erasure_ledger: Optional[Mapping[str, Any]] = None,
    attachment_limit: Optional[int] = None,
    controller: Optional[Controller] = None,
    regimes: Optional[Sequence[str]] = None,
    contact_caps: Optional[Sequence[ContactCap]] = None,
    least_group: Optional[int] = None,
    read_log_every: Optional[int] = None,
    clock: Optional[str] = None,
    seed: Optional[str] = None,
) -> Database:
    """Opens a database; a file that is not there is created.

    - `path`: the file; nothing, or `:memory:`, for a database in memory.
    - `country`: whose spelling of phone numbers and addresses is assumed, ISO 3166-1 alpha-2.
    - `zone`: the time zone in which "today" is meant, by its IANA name.
    - `key`: wraps the keys of data subjects, 64 hexadecimal digits; a key file beside the database otherwise.
    - `database_key`: encrypts the whole database, 64 hexadecimal digits; needs `key` beside it, and a library that is built
      with the feature `sqlcipher`.
    - `next_database_key`: the key under which the database shall be from now on; `database_key` is the one from before.
    - `erasure_ledger`: what `privacy.erasure_ledger` gave: who it names is erased before anything is read.
    - `attachment_limit`: the largest content of an attachment, in bytes.
    - `controller`: where the controller is seated, and whether it is a charity.
    - `regimes`: the keys of the regimes whose laws decide, such as `eu` and `uk`, at least one; all otherwise.
    - `contact_caps`: how often an address is contacted at most, besides what the laws say: up to 16 caps.
    - `least_group`: groups of fewer people are suppressed in sessions for analytics; 5 otherwise.
    - `read_log_every`: every how many reads of records one is written into the read log; 0, none, otherwise.
    - `clock`: a time at which the clock stands still until `clock.set` moves it: for tests.
    - `seed`: makes identifiers and keys repeatable, 64 hexadecimal digits: for tests.
    """
    options = _options(
        path=None if path is None else os.fspath(path),
        country=country,
        zone=zone,
        key=key,
        database_key=database_key,
        next_database_key=next_database_key,
        erasure_ledger=erasure_ledger,
        attachment_limit=attachment_limit,
        controller=controller,
        regimes=regimes,
        contact_caps=contact_caps,
        least_group=least_group,
        read_log_every=read_log_every,
        clock=clock,
        seed=seed,
    )
    return Database(_guarded(native.Database.open, options))


def open_json(options: str) -> Database:
    """Opens a database as the text of a JSON object says, whose members are the options of `open`."""
    return Database(_guarded(native.Database.open_json, options))


def open_bytes(
    content: bytes,
    *,
    country: Optional[str] = None,
    zone: Optional[str] = None,
    key: Optional[str] = None,
    database_key: Optional[str] = None,
    next_database_key: Optional[str] = None,
    erasure_ledger: Optional[Mapping[str, Any]] = None,
    attachment_limit: Optional[int] = None,
    controller: Optional[Controller] = None,
    regimes: Optional[Sequence[str]] = None,
    contact_caps: Optional[Sequence[ContactCap]] = None,
    least_group: Optional[int] = None,
    read_log_every: Optional[int] = None,
    clock: Optional[str] = None,
    seed: Optional[str] = None,
) -> Database:
    """Opens a copy in memory of a database whose file has these bytes. The options are those of `open`."""
    options = _options(
        country=country,
        zone=zone,
        key=key,
        database_key=database_key,
        next_database_key=next_database_key,
        erasure_ledger=erasure_ledger,
        attachment_limit=attachment_limit,
        controller=controller,
        regimes=regimes,
        contact_caps=contact_caps,
        least_group=least_group,
        read_log_every=read_log_every,
        clock=clock,
        seed=seed,
    )
    return Database(_guarded(native.Database.open_bytes, content, options))


def _options(
    *,
    erasure_ledger: Optional[Mapping[str, Any]],
    controller: Optional[Controller],
    regimes: Optional[Sequence[str]],
    contact_caps: Optional[Sequence[ContactCap]],
    **plain: Any,
) -> Any:
    return native.OpenOptions(
        erasure_ledger=None if erasure_ledger is None else _encode(erasure_ledger),
        controller=None if controller is None else native.ControllerOptions(**controller),
        regimes=None if regimes is None else list(regimes),
        contact_caps=None if contact_caps is None else [native.ContactCapOptions(**cap) for cap in contact_caps],
        **plain,
    )


def version() -> str:
    """The version of the library."""
    text: str = native.library_version()
    return text


def _guarded(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except errors.Failed as failed:
        raise errors.of(failed) from None
