"""A program as a user writes it: it must pass `mypy --strict`, so that every form of the package is typed."""

from datetime import datetime, timezone
from decimal import Decimal

import crm


def newcomers(session: crm.Session) -> list[str]:
    """The names of the people who came this year."""
    page: crm.PersonPage = session.people.list(filter="created_at >= 2026-01-01", sort=["family_name"], limit=100)
    names: list[str] = []
    for person in page.records:
        family: str | None = person.family_name
        names.append(family or "")
    return names


def main() -> None:
    """Uses what most programs use."""
    with crm.open(country="DE", zone="Europe/Berlin") as db, db.session() as session:
        organisation = session.organisations.create(crm.Organisation(name="Analytical Engines"))
        ada = session.people.create(
            crm.Person(
                given_name="Ada",
                family_name="Lovelace",
                organisation=organisation.id,
                emails=[crm.Email(address="ada@example.com", kind=crm.EmailKind.WORK)],
            )
        )
        ada.nickname = "Countess"
        ada = session.people.update(ada)
        version: int = ada.version
        template = session.pipelines.template("Sales")
        pipeline = session.pipelines.create_with_stages(template.pipeline, template.stages)
        deal = session.deals.create(
            crm.Deal(
                name="Engine", pipeline=pipeline.pipeline.id, amount=crm.Money(amount=Decimal("1200.50"), currency="EUR")
            )
        )
        stage: str = deal.stage
        total = sum((d.amount.amount for d in session.deals.all() if d.amount is not None), Decimal(0))
        since: datetime | None = ada.created_at
        assert since is not None and since < datetime.now(timezone.utc)
        try:
            session.people.get("00000000-0000-7000-8000-000000000000")
        except crm.NotFoundError as error:
            code: str = error.code
            path: str | None = error.path
        print(newcomers(session), version, bool(stage), total, code, path)


if __name__ == "__main__":
    main()
