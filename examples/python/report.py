"""Imports the CSV files of a sample organisation and prints a sales report.

    pip install crm-core
    python examples/python/report.py [FOLDER]

FOLDER holds the files; without it, it is `examples/data`. The database lives in memory. The clock stands still, so that the
report is the same every day.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

import crm

EXAMPLES = Path(__file__).resolve().parents[1]


def money(amount: Decimal) -> str:
    """An amount with spaces between the thousands."""
    return f"{amount:,.2f}".replace(",", " ")


def load(session: crm.Session, folder: Path) -> None:
    """Imports all files as one: all or nothing, and undone by one call."""
    plan = crm.ImportPlan.from_json(json.loads((EXAMPLES / "mappings/sales.json").read_text("utf-8")))
    files = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.csv"))}
    report = session.imports.plan(plan, files)
    total = report.total
    print(f"{total.read} rows read, {total.created} records created, {total.rejected} rejected")
    for reject in report.rejects:
        print(f"  {reject.file}, line {reject.line}: {reject.reason}")


def pipeline(session: crm.Session) -> None:
    """What is open, stage by stage, in the database's own words for sums."""
    print("\nOpen deals by stage")
    groups = session.deals.group(
        filter='stage.stage_type = "open" and amount.currency = "EUR"',
        by=[crm.GroupKey(path="pipeline.name"), crm.GroupKey(path="stage.name")],
        measures=[
            crm.Measure(measure=crm.MeasureKind.COUNT),
            crm.Measure(measure=crm.MeasureKind.SUM, of="amount"),
        ],
    )
    for row in groups.rows:
        (name, stage), (count, amount) = row.keys, row.measures
        print(f"  {name:<18} {stage:<22} {count:>4} {money(Decimal(amount['amount'])):>16} EUR")


def biggest(session: crm.Session) -> None:
    """The deals to look after first, with whom they are made."""
    print("\nThe largest open deals")
    page = session.deals.list(filter='stage.stage_type = "open" and amount.currency = "EUR"', sort=["-amount"], limit=5)
    for deal in page.records:
        customer = session.organisations.get(deal.organisation).name if deal.organisation else ""
        amount = deal.amount.amount if deal.amount else Decimal(0)
        print(f"  {money(amount):>12} EUR  {deal.expected_close_date}  {customer}")


def losses(session: crm.Session) -> None:
    """How closed deals ended."""
    outcome = session.deals.outcome()
    print(f"\n{outcome.won} deals won, {outcome.lost} lost")


def main() -> int:
    """Imports and reports."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES / "data"
    try:
        with crm.open(country="DE", zone="Europe/Berlin", clock="2026-11-21T09:00:00Z") as db, db.session() as session:
            load(session, folder)
            pipeline(session)
            biggest(session)
            losses(session)
    except crm.CrmError as error:
        print(f"report: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
