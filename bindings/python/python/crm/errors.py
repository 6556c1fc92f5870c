"""What a call fails with."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Type

from ._native import crm as native


class CrmError(Exception):
    """Why a call failed. Nothing was changed. Its subclasses tell the kind; `code` tells the rule."""

    code: str
    """The stable dotted code, for example `person.emails.invalid`."""
    kind: str
    """What sort of failure it is, for example `not_found`."""
    status: int
    """The stable number of the kind."""
    path: Optional[str]
    """The field, row or position that it is about, for example `emails[0].address`."""
    reason: str
    """The reason in words, in English, without personal data."""
    details: Dict[str, Any]
    """Details that a program can read."""

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        kind: str = "interrupted",
        status: int = 500,
        path: Optional[str] = None,
        details: Optional[Dict[str, Any]] = None,
    ) -> None:
        super().__init__(code, reason)
        self.code = code
        self.kind = kind
        self.status = status
        self.path = path
        self.reason = reason
        self.details = details if details is not None else {}

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path is not None else ""
        return f"{place}{self.reason} ({self.code})"


class InvalidError(CrmError):
    """The input is wrong: type, format, range or an unknown field."""


class LimitError(CrmError):
    """A limit on the size of the input was exceeded."""


class NotFoundError(CrmError):
    """No such record, or none that the session may see."""


class ConflictError(CrmError):
    """The record was changed since it was read; the details name the fields."""


class DuplicateError(CrmError):
    """A unique value exists already."""


class RestrictedError(CrmError):
    """Other records still point at this one."""


class RuleError(CrmError):
    """A rule of the domain forbids the change."""


class ForbiddenError(CrmError):
    """The session may not do this."""


class InterruptedCallError(CrmError):
    """The work was interrupted or cancelled by the host."""


class BusyError(CrmError):
    """The database is locked by somebody else."""


class FullError(CrmError):
    """The disk is full, or the file may not grow."""


class FileError(CrmError):
    """Reading or writing the file failed."""


class CorruptError(CrmError):
    """The file is not a database, or is damaged."""


class IncompatibleError(CrmError):
    """The file was written by a newer version of the library."""


class ClosedError(CrmError):
    """The database was closed."""


class InternalError(CrmError):
    """A defect of the library."""


BY_KIND: Dict[str, Type[CrmError]] = {
    "invalid": InvalidError,
    "limit": LimitError,
    "not_found": NotFoundError,
    "conflict": ConflictError,
    "duplicate": DuplicateError,
    "restricted": RestrictedError,
    "rule": RuleError,
    "forbidden": ForbiddenError,
    "interrupted": InterruptedCallError,
    "busy": BusyError,
    "full": FullError,
    "io": FileError,
    "corrupt": CorruptError,
    "incompatible": IncompatibleError,
    "closed": ClosedError,
    "internal": InternalError,
}

Failed = native.CrmError.Failed
"""What the native module raises; `of` makes of it what programs see."""


def of(failed: Any) -> CrmError:
    """The error of a program from that of the native module."""
    kind = failed.kind.name.lower()
    return BY_KIND.get(kind, CrmError)(
        failed.code,
        failed.reason,
        kind=kind,
        status=failed.status,
        path=failed.path,
        details=json.loads(failed.details),
    )
