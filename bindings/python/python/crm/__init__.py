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

from .areas import Areas
from .database import Commit, Database, Events, Progress, Session, open, open_bytes, open_json, version
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
