//! Which records are due, and since when.

use chrono::{Days, Months};

use super::ids::RetentionRuleId;
use super::keeping::{Keeping, day_of};
use super::kinds::RetentionAction;
use super::model::RetentionRule;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::privacy::erasure::decide::Kept;
use crate::record::door::Reader;
use crate::record::filter::{Filter, field, parse};
use crate::record::query::{Cursor, Query};
use crate::record::unit::UnitOfWork;
use crate::record::{FieldKind, RecordData, RecordType, Reference, Value, list};

/// A record whose time is over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueRecord {
    /// By which rule.
    pub rule: RetentionRuleId,
    /// The record.
    pub record: Reference,
    /// Since when.
    pub due_on: Date,
    /// What the rule does.
    pub action: RetentionAction,
    /// Whether a hold or a statute keeps it all the same.
    pub kept: bool,
    /// Until when it is kept, the day included; nothing when no end is known, or when it is not kept.
    pub kept_until: Option<Date>,
}

/// How many days more than its months a period may have, because months are of different lengths.
const MONTH_SLACK: u64 = 3;

/// The day on which the ceiling of a rule is reached; nothing for a rule without one.
pub(super) fn due_on(rule: &RetentionRule, event: Date) -> Option<Date> {
    if let Some(months) = rule.ceiling_months {
        return event.checked_add_months(Months::new(u32::try_from(months).ok()?));
    }
    event.checked_add_days(Days::new(u64::try_from(rule.ceiling_days?).ok()?))
}

/// The latest day on which the event of a record that is due today can have been.
fn latest_event(rule: &RetentionRule, today: Date) -> Option<Date> {
    if let Some(months) = rule.ceiling_months {
        let day = today.checked_sub_months(Months::new(u32::try_from(months).ok()?))?;
        return day.checked_add_days(Days::new(MONTH_SLACK));
    }
    today.checked_sub_days(Days::new(u64::try_from(rule.ceiling_days?).ok()?))
}

/// The rules that are followed and have a ceiling, in the order of their names.
pub(super) fn rules(work: &UnitOfWork<'_>, only: Option<RetentionRuleId>) -> Result<Vec<RetentionRule>> {
    let record_type = work.record_type("retention_rule")?;
    let mut rules = Vec::new();
    let mut query = Query::new().ascending("name_key").limit(1_000);
    if let Some(rule) = only {
        query = query.filter(field("id").equals(RecordId::from(rule)));
    }
    loop {
        let (page, next) = list::page(&Reader::of_unit(work)?, &record_type, &query, |data| {
            data.into_record::<RetentionRule>(&record_type)
        })?;
        rules.extend(page);
        match next {
            Some(next) => query.cursor = Some(next),
            None => break,
        }
    }
    let followed = |rule: &RetentionRule| {
        rule.active != Some(false) && (rule.ceiling_days.is_some() || rule.ceiling_months.is_some())
    };
    rules.retain(followed);
    Ok(rules)
}

/// A record that is due, with what keeps it.
pub(super) struct Due {
    pub(super) data: RecordData,
    pub(super) due_on: Date,
    pub(super) kept: Option<Kept>,
}

/// A page of the records that are due by a rule: so many are looked at, and where to go on.
pub(super) fn page(
    work: &UnitOfWork<'_>,
    rule: &RetentionRule,
    record_type: &RecordType,
    keeping: &Keeping,
    cursor: Option<Cursor>,
    limit: u32,
) -> Result<(Vec<Due>, Option<Cursor>)> {
    let today = work.now().date();
    let Some(latest) = latest_event(rule, today) else { return Ok((Vec::new(), None)) };
    let trigger = record_type.require(&rule.trigger)?;
    let in_time = match trigger.kind() {
        FieldKind::Timestamp => field(&rule.trigger).less_than(Timestamp::start_of(latest).plus_days(1)),
        _ => field(&rule.trigger).at_most(latest),
    };
    let chosen = rule.filter.as_deref().map_or_else(|| Ok(Filter::all()), parse)?;
    let mut query = Query::new().filter(in_time).filter(chosen).limit(limit);
    query.cursor = cursor;
    let (found, next) = list::page(&Reader::of_unit(work)?, record_type, &query, Ok)?;
    let mut due = Vec::new();
    for data in found {
        let event = day_of(data.at(trigger.position));
        let Some(due_on) = event.and_then(|event| due_on(rule, event)).filter(|day| *day <= today) else {
            continue;
        };
        let kept = match subject(record_type, &data).and_then(|person| keeping.of_person(person)) {
            Some(kept) => Some(kept.clone()),
            None => keeping.of_record(work, record_type, &data)?,
        };
        due.push(Due { data, due_on, kept });
    }
    Ok((due, next))
}

/// The person whose data a record holds; a person's own are the person's.
pub(super) fn subject(record_type: &RecordType, data: &RecordData) -> Option<RecordId> {
    if record_type.name() == "person" {
        return Some(data.id());
    }
    match data.at(record_type.subject_field?) {
        Value::Id(person) => Some(*person),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_are_reached_on_their_day() {
        let day = |text: &str| crate::parse_date(text).unwrap();
        let rule = |months: Option<i64>, days: Option<i64>| RetentionRule {
            ceiling_months: months,
            ceiling_days: days,
            ..RetentionRule::default()
        };
        for (months, days, event, due) in [
            (Some(36), None, "2023-11-28", "2026-11-28"),
            (Some(1), None, "2027-01-31", "2027-02-28"),
            (Some(12), None, "2024-02-29", "2025-02-28"),
            (None, Some(30), "2026-02-01", "2026-03-03"),
            (None, Some(0), "2026-02-01", "2026-02-01"),
        ] {
            let rule = rule(months, days);
            let (event, due) = (day(event), day(due));
            assert_eq!(due_on(&rule, event), Some(due));
            // Whatever is due today is among those that are looked at.
            assert!(latest_event(&rule, due).is_some_and(|latest| latest >= event), "{event}");
        }
        assert_eq!(due_on(&rule(None, None), day("2026-01-01")), None);
    }
}
