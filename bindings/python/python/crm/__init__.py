"""A complete CRM in a library: contacts, sales, service, activities, in one SQLite file.

    import crm

    with crm.open("customers.db") as db:
        with db.session() as session:
            ada = session.people.create(crm.Person(given_name="Ada", family_name="Lovelace"))
            for person in session.people.all(filter='family_name = "Lovelace"'):
                print(person.id, person.given_name)

Every area of the engine is an attribute of a session, every operation a method. Times are `datetime` with a zone, dates are
`date`, amounts and rates `Decimal`; what a call fails with is a `CrmError` with its stable `code`.
"""

from . import types
from .areas import Areas
from .database import (
    Commit,
    ContactCap,
    Controller,
    Database,
    Events,
    Progress,
    Session,
    open_bytes,
    open_json,
    version,
)
from .database import open as open  # `from crm import *` leaves Python's own alone.
from .errors import (
    BusyError,
    ClosedError,
    ConflictError,
    CorruptError,
    CrmError,
    DuplicateError,
    FileError,
    ForbiddenError,
    FullError,
    IncompatibleError,
    InternalError,
    InterruptedCallError,
    InvalidError,
    LimitError,
    NotFoundError,
    RestrictedError,
    RuleError,
)
from .types import *

__all__ = [
    "Areas",
    "BusyError",
    "ClosedError",
    "Commit",
    "ConflictError",
    "ContactCap",
    "Controller",
    "CorruptError",
    "CrmError",
    "Database",
    "DuplicateError",
    "Events",
    "FileError",
    "ForbiddenError",
    "FullError",
    "IncompatibleError",
    "InternalError",
    "InterruptedCallError",
    "InvalidError",
    "LimitError",
    "NotFoundError",
    "Progress",
    "RestrictedError",
    "RuleError",
    "Session",
    "open_bytes",
    "open_json",
    "version",
]
__all__ += types.__all__
