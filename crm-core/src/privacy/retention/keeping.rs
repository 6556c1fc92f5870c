//! What keeps records: legal holds and statutory periods.

use std::collections::HashMap;

use super::floors;
use super::kinds::StatutoryClass;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Date;
use crate::privacy::erasure::HoldGround;
use crate::privacy::erasure::decide::Kept;
use crate::record::door::Reader;
use crate::record::filter::{Filter, parse};
use crate::record::unit::UnitOfWork;
use crate::record::{FieldType, RecordData, RecordType, Reference, Value, list};
use crate::storage::{Param, query_all};

/// The holds and the statutory periods that are in force on a day.
pub(crate) struct Keeping {
    today: Date,
    people: HashMap<RecordId, Kept>,
    records: HashMap<Reference, Kept>,
    periods: Vec<Period>,
}

/// A rule that names a statutory class.
struct Period {
    record_type: String,
    filter: Option<Filter>,
    trigger: String,
    floor: &'static floors::StatutoryFloor,
}

impl Keeping {
    /// Reads what is in force today.
    pub(crate) fn load(work: &UnitOfWork<'_>) -> Result<Self> {
        let today = work.now().date();
        let mut keeping =
            Self { today, people: HashMap::new(), records: HashMap::new(), periods: periods(work, today)? };
        let holds = query_all(
            work.connection,
            "SELECT person, record, ground, until FROM legal_hold \
             WHERE \"from\" <= ?1 AND (until IS NULL OR until >= ?1)",
            &[Param::Date(today)],
            |row| {
                let ground = row.text(2)?.map_or(Value::Null, |key| Value::Text(key.to_owned()));
                let kept =
                    Kept { ground: HoldGround::from_value(ground)?, until: row.date(3)?, source: None };
                let record = row.text(1)?.map(str::parse::<Reference>).transpose()?;
                Ok((row.id(0)?, record, kept))
            },
        )?;
        for (person, record, kept) in holds {
            if let Some(person) = person {
                longest(keeping.people.entry(person).or_insert_with(|| kept.clone()), &kept);
            }
            if let Some(record) = record {
                longest(keeping.records.entry(record).or_insert_with(|| kept.clone()), &kept);
            }
        }
        Ok(keeping)
    }

    /// What holds everything about a person.
    pub(crate) fn of_person(&self, person: RecordId) -> Option<&Kept> {
        self.people.get(&person)
    }

    /// What keeps a record that lies in the bin. A filter cannot be asked about it, so every period of its type counts:
    /// what a statute may want is not destroyed.
    pub(crate) fn of_deleted(&self, record_type: &RecordType, data: &RecordData) -> Option<Kept> {
        let mut found = self.held(record_type, data.id());
        for (_, kept) in self.running(record_type, data) {
            take(&mut found, kept);
        }
        found
    }

    /// What keeps a record: a hold on it, or a statutory period that has not ended.
    pub(crate) fn of_record(
        &self,
        work: &UnitOfWork<'_>,
        record_type: &RecordType,
        data: &RecordData,
    ) -> Result<Option<Kept>> {
        let mut found = self.held(record_type, data.id());
        for (filter, kept) in self.running(record_type, data) {
            if applies(work, record_type, data, filter)? {
                take(&mut found, kept);
            }
        }
        Ok(found)
    }

    /// The hold on a record by itself.
    fn held(&self, record_type: &RecordType, id: RecordId) -> Option<Kept> {
        if self.records.is_empty() {
            return None;
        }
        self.records.get(&Reference::new(record_type.name(), id)).cloned()
    }

    /// The statutory periods of the type that have not ended for the record, each with the filter of its rule.
    fn running<'k>(
        &'k self,
        record_type: &'k RecordType,
        data: &'k RecordData,
    ) -> impl Iterator<Item = (Option<&'k Filter>, Kept)> {
        self.periods.iter().filter(|period| period.record_type == record_type.name()).filter_map(|period| {
            let until = period.floor.until(day_of(data.get(record_type, &period.trigger))?);
            let kept = Kept {
                ground: HoldGround::LegalObligation,
                until: Some(until),
                source: Some(period.floor.source.to_owned()),
            };
            (until >= self.today).then_some((period.filter.as_ref(), kept))
        })
    }
}

/// Notes what keeps a record, if it holds longer than what is known.
fn take(found: &mut Option<Kept>, kept: Kept) {
    match found {
        Some(known) => longest(known, &kept),
        None => *found = Some(kept),
    }
}

/// Puts the ground that holds longer in place; one without an end holds longest.
fn longest(known: &mut Kept, other: &Kept) {
    let end = |kept: &Kept| kept.until.unwrap_or(Date::MAX);
    if end(other) > end(known) {
        *known = other.clone();
    }
}

/// The day of a date or a point in time.
pub(super) fn day_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Timestamp(at) => Some(at.date()),
        _ => None,
    }
}

fn applies(
    work: &UnitOfWork<'_>,
    record_type: &RecordType,
    data: &RecordData,
    filter: Option<&Filter>,
) -> Result<bool> {
    let Some(filter) = filter else { return Ok(true) };
    Ok(list::by_id(&Reader::of_unit(work)?, record_type, data.id(), filter.clone())?.is_some())
}

fn periods(work: &UnitOfWork<'_>, today: Date) -> Result<Vec<Period>> {
    let rows = query_all(
        work.connection,
        "SELECT record_type, filter, \"trigger\", statutory_class, jurisdiction FROM retention_rule \
         WHERE statutory_class IS NOT NULL AND (active IS NULL OR active = ?1)",
        &[Param::Boolean(true)],
        |row| {
            let text = |column| Ok::<_, CrmError>(row.text(column)?.map(str::to_owned));
            Ok((text(0)?, text(1)?, text(2)?, text(3)?, text(4)?))
        },
    )?;
    rows.into_iter()
        .map(|(record_type, filter, trigger, class, jurisdiction)| {
            let class = StatutoryClass::from_value(class.map_or(Value::Null, Value::Text))?;
            Ok(Period {
                record_type: record_type.unwrap_or_default(),
                filter: filter.map(|text| parse(&text)).transpose()?,
                trigger: trigger.unwrap_or_default(),
                floor: floors::in_force(&jurisdiction.unwrap_or_default(), class, today)?,
            })
        })
        .collect()
}
