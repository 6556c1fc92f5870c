"""Records: what goes in comes out, in Python's own types."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import crm
import pytest


def test_a_person_comes_back_as_it_was_given(session: crm.Session) -> None:
    given = crm.Person(
        given_name="Ada",
        family_name="Lovelace",
        emails=[crm.Email(address="ada@example.com", kind=crm.EmailKind.WORK)],
        tags=["mathematics"],
    )
    stored = session.people.create(given)
    assert (stored.given_name, stored.tags, stored.emails[0].kind) == ("Ada", ["mathematics"], "work")
    assert stored.id and stored.version == 1
    assert stored.created_at is not None and stored.created_at.tzinfo is not None
    assert session.people.get(stored.id) == stored


def test_a_time_keeps_its_microseconds_and_a_date_is_a_date(session: crm.Session) -> None:
    start = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=timezone.utc)
    meeting = session.meetings.create(crm.Meeting(subject="x", starts_at=start, ends_at=start + timedelta(hours=1)))
    assert meeting.starts_at == start
    task = session.tasks.create(crm.Task(subject="x", due_date=date(2026, 12, 24)))
    assert task.due_date == date(2026, 12, 24)


def stored_pipeline(session: crm.Session) -> crm.PipelineWithStages:
    """The pipeline that most begin with."""
    template = session.pipelines.template("Sales")
    return session.pipelines.create_with_stages(template.pipeline, template.stages)


def test_money_is_exact(session: crm.Session) -> None:
    pipeline = stored_pipeline(session)
    amount = crm.Money(amount=Decimal("0.10"), currency="EUR")
    deal = session.deals.create(crm.Deal(name="Engine", pipeline=pipeline.pipeline.id, amount=amount))
    assert deal.amount == amount and deal.stage == pipeline.stages[0].id


def test_changes_and_patches(session: crm.Session) -> None:
    ada = session.people.create(crm.Person(given_name="Ada", nickname="A"))
    stale = session.people.get(ada.id)
    ada.family_name = "Lovelace"
    assert session.people.update(ada).version == 2
    patched = session.people.patch(ada.id, {"nickname": None, "job_title": "Countess"})
    assert (patched.nickname, patched.job_title, patched.version) == (None, "Countess", 3)
    with pytest.raises(crm.ConflictError) as raised:
        session.people.update(stale)
    assert raised.value.code == "record.conflict"


def test_special_categories_are_read_with_a_gate_only(db: crm.Database, session: crm.Session) -> None:
    health = crm.DataCategory.HEALTH
    session.custom_fields.create(
        crm.CustomField(record_type="person", name="x_diet", kind=crm.CustomKind.TEXT, category=health)
    )
    ada = session.people.create(crm.Person(given_name="Ada", custom={"x_diet": "no nuts"}))
    assert (ada.custom, [r.reason for r in ada.redactions]) == ({}, ["special_category.gate"])
    gated = db.session(special_categories="explicit_consent")
    assert gated.people.get(ada.id).custom == {"x_diet": "no nuts"}
    with pytest.raises(crm.CrmError) as raised:
        db.session(special_categories="nonsense")
    assert raised.value.path == "special_categories"


def test_custom_fields_are_plain_values(session: crm.Session) -> None:
    session.custom_fields.create(crm.CustomField(record_type="person", name="x_size", kind=crm.CustomKind.INTEGER))
    ada = session.people.create(crm.Person(given_name="Ada", custom={"x_size": 42}))
    assert ada.custom == {"x_size": 42}
    assert session.people.count(filter="x_size = 42") == 1


def test_all_reads_page_after_page(session: crm.Session) -> None:
    outcome = session.people.create_all([crm.Person(family_name=f"P{at:04}") for at in range(1201)])
    assert all(one.error is None for one in outcome)
    names = [person.family_name for person in session.people.all(sort=["family_name"])]
    assert names == [f"P{at:04}" for at in range(1201)]


def test_filters_are_text_or_json(session: crm.Session) -> None:
    session.people.create(crm.Person(family_name="Lovelace"))
    for filter in ('family_name = "Lovelace"', {"field": "family_name", "op": "=", "value": "Lovelace"}):
        assert session.people.count(filter=filter) == 1


def test_lists_of_two_values_do_not_share_their_items(session: crm.Session) -> None:
    one, other = (session.people.create(crm.Person(family_name=name)) for name in "AB")
    one.tags.append("mine")
    assert other.tags == []
