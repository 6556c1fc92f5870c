"""How dataclasses become JSON and come from it. Programs need nothing of this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Callable, ClassVar, Dict, Iterator, List, Mapping, Optional, Protocol, Sequence, Tuple, TypeVar

T = TypeVar("T")
S = TypeVar("S", bound="Struct")
R_co = TypeVar("R_co", covariant=True)

Call = Callable[[str, Mapping[str, Any]], Any]
"""Runs an operation with the members of its input."""

Reader = Callable[[Any], Any]


class Struct:
    """A value with members."""

    _readers: ClassVar[Tuple[Tuple[str, Reader], ...]] = ()
    _renamed: ClassVar[Dict[str, str]] = {}
    _defaults: ClassVar[Optional[Dict[str, Any]]] = None

    @classmethod
    def from_json(cls: type[S], json: Dict[str, Any]) -> S:
        """The value with these members, which come from the engine."""
        value = object.__new__(cls)
        members = value.__dict__
        members.update(cls._plain())
        members.update(json)
        for name, python in cls._renamed.items():
            if name in members:
                members[python] = members.pop(name)
        for name, read in cls._readers:
            there = members.get(name)
            if there is not None:
                members[name] = read(there)
        value._settle()
        return value

    @classmethod
    def _plain(cls) -> Dict[str, Any]:
        """What every member is when the engine says nothing. Lists and dicts are made anew for each value."""
        defaults = cls.__dict__.get("_defaults")
        if defaults is None:
            fields: Dict[str, Any] = cls.__dict__.get("__dataclass_fields__", {})
            named = {field.name: field for field in fields.values()}
            defaults = {name: getattr(cls, name, None) for name in named}
            cls._defaults = defaults
            cls._fresh = tuple(
                (name, field.default_factory) for name, field in named.items() if callable(field.default_factory)
            )
        return {**defaults, **{name: make() for name, make in cls._fresh}}

    _fresh: ClassVar[Tuple[Tuple[str, Callable[[], Any]], ...]] = ()

    def _settle(self) -> None:
        """Puts what has no attribute of its own where it belongs."""

    def to_json(self) -> Dict[str, Any]:
        """The members as the engine takes them; what is None is left out."""
        back = {python: name for name, python in self._renamed.items()}
        return {back.get(name, name): write(value) for name, value in self.__dict__.items() if value is not None}


class Record(Struct):
    """A record: it has custom fields, and what the engine sets when it is stored."""

    _filled: ClassVar[Tuple[str, ...]] = ("id", "version")

    def _settle(self) -> None:
        members = self.__dict__
        # The names of custom fields, and of nothing else, begin like this.
        custom = [name for name in members if name.startswith("x_")]
        if custom:
            members["custom"] = {name: members.pop(name) for name in custom}

    def to_json(self) -> Dict[str, Any]:
        json = super().to_json()
        for name in self._filled:
            # The engine fills in what was never said.
            if not json.get(name):
                json.pop(name, None)
        json.update(json.pop("custom"))
        return json


class Area:
    """Operations that belong together, over one session."""

    def __init__(self, call: Call) -> None:
        self._call = call


class Page(Protocol[R_co]):
    """A page of a list."""

    @property
    def records(self) -> Sequence[R_co]: ...

    @property
    def next(self) -> Optional[str]: ...


def write(value: Any) -> Any:
    """A value as JSON."""
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Struct):
        return value.to_json()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {name: write(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [write(item) for item in value]
    return value


def given(members: Dict[str, Any]) -> Dict[str, Any]:
    """The members that were given."""
    return {name: write(value) for name, value in members.items() if value is not None}


def each(read: Reader) -> Reader:
    """Reads a list."""
    return lambda items: [read(item) for item in items]


def every(read: Reader) -> Reader:
    """Reads a dict."""
    return lambda members: {name: read(value) for name, value in members.items()}


def maybe(read: Reader) -> Reader:
    """Reads a value or None."""
    return lambda value: None if value is None else read(value)


def pages(page: Callable[..., Page[T]], filter: Any, sort: Optional[Sequence[str]]) -> Iterator[T]:
    """All records of a list, read page by page."""
    cursor: Optional[str] = None
    while True:
        found = page(filter=filter, sort=sort, limit=500, cursor=cursor)
        yield from found.records
        cursor = found.next
        if cursor is None:
            return
