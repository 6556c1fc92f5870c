"""The database: opening, closing, errors, events, progress, threads."""

import threading
from pathlib import Path
from typing import Any, Callable

import crm
import pytest


def test_a_file_keeps_what_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with crm.open(path) as db:
        ada = db.session().people.create(crm.Person(given_name="Ada"))
        db.backup(tmp_path / "copy.db")
    with crm.open(path) as db:
        assert db.session().people.get(ada.id).given_name == "Ada"
        assert db.integrity_check() == []
    assert (tmp_path / "copy.db").stat().st_size > 0


def test_bytes_are_a_database(db: crm.Database) -> None:
    db.session().lost_reasons.create(crm.LostReason(name="Price"))
    with crm.open_bytes(db.export_bytes()) as copy:
        assert [reason.name for reason in copy.session().lost_reasons.all()] == ["Price"]


@pytest.mark.parametrize(
    ("options", "code", "path"),
    [
        ({"country": "Atlantis"}, "country.unknown", "country"),
        ({"zone": "Mars/Olympus"}, "zone.unknown", "zone"),
        ({"seed": "1"}, "options.hex", "seed"),
        ({"clock": "noon"}, "time.invalid", "clock"),
        ({"controller": {"seat": "Atlantis"}}, "place.unknown", "controller.seat"),
        ({"regimes": ["eu", "moon"]}, "select.unknown", "regimes[1]"),
        ({"contact_caps": [{"contacts": 1, "hours": 721}]}, "options.contact_caps", "contact_caps[0].hours"),
    ],
)
def test_wrong_options(options: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(crm.InvalidError) as raised:
        crm.open(**options)
    assert (raised.value.code, raised.value.path) == (code, path)


def test_a_ledger_of_erasures_that_is_none_is_an_error() -> None:
    with pytest.raises(crm.CorruptError) as raised:
        crm.open(erasure_ledger={})
    assert (raised.value.code, raised.value.path) == ("privacy.erasure.ledger", "erasure_ledger")


def test_a_closed_database_says_so(db: crm.Database) -> None:
    session = db.session()
    db.close()
    db.close()
    calls: list[Callable[[], object]] = [session.people.count, db.export_bytes, db.integrity_check]
    for call in calls:
        with pytest.raises(crm.ClosedError):
            call()


def test_errors_have_all_their_parts(session: crm.Session) -> None:
    with pytest.raises(crm.CrmError) as raised:
        session.people.create(crm.Person(given_name="Ada", emails=[crm.Email(address="nonsense")]))
    error = raised.value
    assert isinstance(error, crm.InvalidError)
    assert (error.kind, error.status, error.path) == ("invalid", 100, "emails[0].address")
    assert error.code in str(error) and "nonsense" not in str(error) and isinstance(error.details, dict)


def test_wrong_types_are_errors_and_crash_nothing(session: crm.Session) -> None:
    for name, input in [("person.create", []), ("person.create", {"given_name": 1}), ("nothing", {}), ("", {})]:
        with pytest.raises(crm.InvalidError):
            session.call(name, input)  # type: ignore[arg-type]
    for text in ("", "[", "null", "\x00", "{" * 10_000):
        try:
            session.call_text("person.count", text)
        except crm.CrmError as error:
            assert error.kind == "invalid"
    with pytest.raises(UnicodeEncodeError):
        session.call_text("person.count", "\ud800")


def test_events_tell_commits(db: crm.Database) -> None:
    session = db.session()
    with db.events() as events:
        assert events.next() is None
        session.people.create(crm.Person(given_name="Ada"))
        commit = events.next(5)
        assert commit is not None
        feed = session.journal.feed(from_=commit.first)
        assert feed[0].record_type == "person"
        heard: list[crm.Commit] = []
        waiting = threading.Thread(target=lambda: heard.extend(events))
        waiting.start()
        session.people.create(crm.Person(given_name="Bob"))
        while not heard:
            pass
        events.stop()
        waiting.join(5)
        assert not waiting.is_alive() and heard[0].first == commit.last + 1


MAPPING = crm.ImportMapping(record_type="person", columns=[crm.ImportColumn(column="name", field="family_name")])
ROWS = "name\n" + "".join(f"P{at}\n" for at in range(3000))


def test_imports_tell_their_progress_and_can_be_stopped(session: crm.Session) -> None:
    told: list[dict[str, Any]] = []
    report = session.with_progress(lambda done: told.append(done)).imports.csv(ROWS, MAPPING)
    assert told and report.total.created == 3000
    with pytest.raises(crm.InterruptedCallError) as raised:
        session.with_progress(lambda done: False).imports.csv(ROWS, MAPPING)
    assert raised.value.code == "import.cancelled"
    assert session.people.count() == 3000


def test_what_a_progress_function_raises_comes_back(session: crm.Session) -> None:
    def fail(done: dict[str, Any]) -> bool:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        session.with_progress(fail).imports.csv(ROWS, MAPPING)
    assert session.people.count() == 0


def test_threads_share_a_session(session: crm.Session) -> None:
    failures: list[BaseException] = []

    def work(at: int) -> None:
        try:
            for number in range(50):
                session.people.create(crm.Person(family_name=f"{at}-{number}"))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and session.people.count() == 200


def test_the_library_and_its_bindings_fit() -> None:
    from crm._native import crm as native

    check: Callable[[object], None] = native._uniffi_check_api_checksums
    check(native._UniffiLib)
    assert crm.version() == crm.open().session().system.info().version
