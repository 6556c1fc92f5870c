//! The sum of amounts of each stage: by the engine, and by adding up the column of the file.

use std::collections::BTreeMap;
use std::path::Path;

use crm_core::interchange::Plan;
use crm_core::interchange::mapping::ColumnRule;
use crm_core::record::Value;
use crm_core::record::query::{GroupQuery, GroupRow, Measure, Query};
use crm_core::{CrmError, Currency, Money, RecordId, Result, Session};

use crate::support::files::open;
use crate::support::screen::{bad, good, section};
use crate::support::table::Table;
use crate::support::words::{money, number};

/// Prints both sums for each stage; they must be equal.
pub(crate) fn compare(session: &Session, plan: &Plan, folder: &Path) -> Result<()> {
    let Some(step) = plan.steps.iter().find(|step| step.mapping.record_type == "deal") else { return Ok(()) };
    let rule = |field: &str| step.mapping.columns.iter().find(|rule| rule.field == field);
    let (Some(stage), Some(amount)) = (rule("stage"), rule("amount")) else { return Ok(()) };
    let (Some(stage), Some(column), Some(currency)) = (&stage.column, &amount.column, currency_of(amount)?)
    else {
        return Ok(());
    };
    section(
        2,
        "Amounts by stage",
        &[
            "let query = GroupQuery::new().by(\"stage\").measure(Measure::Sum(\"amount\".into()));",
            "session.deals().group(&query)?",
        ],
    );
    let mut in_file: BTreeMap<String, Money> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(open(folder, &step.file)?);
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> =
            row.map_err(|error| CrmError::invalid("example.csv", error.to_string()))?;
        let cell = |name: &String| row.get(name).map(String::as_str).unwrap_or_default();
        let sum = in_file.entry(cell(stage).to_owned()).or_insert(Money::zero(currency));
        *sum = sum.checked_add(Money::parse(cell(column), currency)?)?;
    }
    let query = GroupQuery::new()
        .by("stage")
        .by("amount.currency")
        .measure(Measure::Count)
        .measure(Measure::Sum("amount".into()));
    let names: BTreeMap<RecordId, String> = session
        .stages()
        .list(&Query::new().limit(1000))?
        .records
        .into_iter()
        .map(|stage| (stage.meta.id, stage.name))
        .collect();
    let mut table = Table::default()
        .left("stage", 30)
        .right("deals")
        .right("in the database")
        .right("in the file")
        .left("", 20);
    let name_of = |row: &GroupRow| {
        row.keys.first().and_then(Value::as_id).and_then(|id| names.get(&id)).cloned().unwrap_or_default()
    };
    let mut rows = session.deals().group(&query)?.rows;
    rows.sort_by_key(name_of);
    for row in rows {
        let name = name_of(&row);
        let stored = match row.measures.get(1) {
            Some(Value::Money(sum)) => Some(*sum),
            _ => None,
        };
        let count = match row.measures.first() {
            Some(Value::Integer(count)) => number(count),
            _ => String::new(),
        };
        let written = in_file.get(&name).copied();
        table.row([
            name,
            count,
            stored.map(money).unwrap_or_default(),
            written.map(money).unwrap_or_default(),
            if stored == written { good("✔ equal").to_string() } else { bad("✘ different").to_string() },
        ]);
        if stored != written {
            table.print();
            return Err(CrmError::internal("the sums differ"));
        }
    }
    table.print();
    Ok(())
}

fn currency_of(rule: &ColumnRule) -> Result<Option<Currency>> {
    rule.currency.as_deref().map(Currency::from_code).transpose()
}
