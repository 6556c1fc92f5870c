//! Who belongs where: the people of an organisation or a household, the organisations of a person.

use serde::Serialize;

use super::ids::{AffiliationId, OrganisationId, PersonId};
use super::model::{Household, Organisation, Person};
use super::queries::{
    NAME_COLUMNS, Named, hide_period, names, optional, period_is_read, rows, select, shown_name,
};
use super::rules::Period;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Date;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::filter::compile::Selection;
use crate::record::query::{Cursor, MAX_LIMIT};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::record::{Records, Redaction};
use crate::storage::{ReadMode, Row};

/// A person in an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "OrganisationMember"))]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// The name as people read it.
    pub name: String,
    /// The affiliation; `None` for the people who mainly work there.
    pub affiliation: Option<AffiliationId>,
    /// What the person does there.
    pub role: Option<String>,
    /// The first day, of an affiliation.
    pub start_date: Option<Date>,
    /// The last day, of an affiliation.
    pub end_date: Option<Date>,
    /// The fields of the name, and of the affiliation, that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// Some of the people of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberPage {
    /// Those who mainly work there, then those with an affiliation, each in the order of their creation.
    pub members: Vec<Member>,
    /// Where to go on; `None` at the end. A page may have fewer people than asked for although it is not the last.
    pub next: Option<Cursor>,
}

/// An organisation of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The name that it is known by.
    pub name: String,
    /// The affiliation; `None` for the organisation that the person mainly works for.
    pub affiliation: Option<AffiliationId>,
    /// What the person does there.
    pub role: Option<String>,
    /// The first day, of an affiliation.
    pub start_date: Option<Date>,
    /// The last day, of an affiliation.
    pub end_date: Option<Date>,
    /// The fields of the name, and of the affiliation, that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// A person in a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HouseholdMember {
    /// The person.
    pub person: PersonId,
    /// The name as people read it.
    pub name: String,
    /// The fields of the name that the session may not see.
    pub redactions: Vec<Redaction>,
}

impl Records<'_, Organisation> {
    /// The people of an organisation: those who mainly work there and those with an affiliation; with a day, only
    /// affiliations that last on that day. At most `limit` (1 to 1,000), from a cursor on.
    ///
    /// # Errors
    /// `record.not_found`; `query.limit`, `query.cursor`.
    pub fn people(
        &self,
        id: impl Into<RecordId>,
        on: Option<Date>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<MemberPage> {
        let id = id.into();
        if !(1..=MAX_LIMIT).contains(&limit) {
            let reason = format!("is not between 1 and {MAX_LIMIT}");
            return Err(CrmError::new(crate::ErrorKind::Limit, "query.limit", reason).at("limit"));
        }
        let place = Place::of(after)?;
        read(self.set.door, ReadMode::Snapshot, |reader| {
            visible(reader, reader.schema.require("organisation")?, id)?
                .ok_or_else(|| not_found("organisation"))?;
            let mut found = if place.affiliated { Vec::new() } else { staff(reader, id, place.row, limit)? };
            let mut wanted = limit as usize - found.len();
            let mut affiliated = place.affiliated;
            if wanted > 0 {
                let row = if affiliated { place.row } else { Place::START.row };
                affiliated = true;
                let more = affiliates(reader, id, on, row, wanted)?;
                wanted -= more.len();
                found.extend(more);
            }
            let last = found.last().map(|(row, _)| Place { affiliated, row: *row });
            let next = last.filter(|_| wanted == 0).map(Place::cursor);
            Ok(MemberPage { members: named(reader, found)?, next })
        })
    }
}

impl Records<'_, Person> {
    /// The organisations of a person: the main one first, then the affiliations in the order of their creation;
    /// with a day, only affiliations that last on that day. Organisations that the session may not see are left out.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn organisations(&self, id: impl Into<RecordId>, on: Option<Date>) -> Result<Vec<Membership>> {
        let id = id.into();
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let person = reader.schema.require("person")?;
            let data = visible(reader, person, id)?.ok_or_else(|| not_found("person"))?;
            let mut found: Vec<Membership> = Vec::new();
            if let Some(organisation) = data.get(person, "organisation").as_id() {
                found.push(Membership {
                    organisation: organisation.into(),
                    name: String::new(),
                    affiliation: None,
                    role: data.get(person, "job_title").as_text().map(str::to_owned),
                    start_date: None,
                    end_date: None,
                    redactions: reader.redactions(person, Some(id), &["job_title"])?,
                });
            }
            let affiliation = reader.schema.require("affiliation")?;
            let statement = select(reader, affiliation, |mut rows| {
                let person = rows.bind(OwnedParam::Id(id));
                rows.restrict_sql(format!("t.person = {person}"));
                lasting(&mut rows, on)?;
                let (from, condition) = (rows.from(), rows.condition());
                rows.finish(format!(
                    "SELECT t.id, t.organisation, t.role, t.start_date, t.end_date FROM {from} \
                     WHERE {condition} ORDER BY t.row_id"
                ))
            })?;
            found.extend(rows(reader, &statement, |row| {
                let period = Period::read(row, 3)?;
                let mut one = Membership {
                    organisation: row.id(1)?.unwrap_or_default().into(),
                    name: String::new(),
                    affiliation: row.id(0)?.map(Into::into),
                    role: optional(row, 2)?,
                    start_date: period.start,
                    end_date: period.end,
                    redactions: reader.redactions(affiliation, Some(id), &AFFILIATION)?,
                };
                hide_period(&one.redactions, &mut one.start_date, &mut one.end_date);
                one.role = one.role.filter(|_| !hides_role(&one.redactions));
                Ok(one)
            })?);
            let ids: Vec<RecordId> = found.iter().map(|one| one.organisation.into()).collect();
            let names = names(reader, reader.schema.require("organisation")?, &ids)?;
            found.retain_mut(|one| match names.get(&one.organisation.into()) {
                Some(named) => {
                    one.name.clone_from(&named.name);
                    one.redactions.extend(named.redactions.iter().cloned());
                    true
                }
                None => false,
            });
            Ok(found)
        })
    }
}

impl Records<'_, Household> {
    /// The people of a household by name, as far as the session may see them.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn members(&self, id: impl Into<RecordId>) -> Result<Vec<HouseholdMember>> {
        let id = id.into();
        read(self.set.door, ReadMode::Snapshot, |reader| {
            visible(reader, reader.schema.require("household")?, id)?
                .ok_or_else(|| not_found("household"))?;
            let people = reader.schema.require("person")?;
            // An order by names that may not be seen would tell of them.
            let order = if reader.scope.is_open_for(people) { "t.name_key, t.row_id" } else { "t.row_id" };
            let statement = select(reader, people, |mut rows| {
                let household = rows.bind(OwnedParam::Id(id));
                rows.restrict_sql(format!("t.household = {household}"));
                let (from, condition) = (rows.from(), rows.condition());
                rows.finish(format!(
                    "SELECT t.id, {NAME_COLUMNS} FROM {from} WHERE {condition} ORDER BY {order}"
                ))
            })?;
            rows(reader, &statement, |row| {
                let person = row.id(0)?.unwrap_or_default();
                let Named { name, redactions } = shown_name(reader, people, person, row, 1)?;
                Ok(HouseholdMember { person: person.into(), name, redactions })
            })
        })
    }
}

/// Takes only affiliations that last on a day.
fn lasting(rows: &mut Selection<'_>, on: Option<Date>) -> Result<()> {
    if let Some(day) = on {
        period_is_read(rows)?;
        let day = rows.bind(OwnedParam::Date(day));
        rows.restrict_sql(format!("(t.start_date IS NULL OR t.start_date <= {day})"));
        rows.restrict_sql(format!("(t.end_date IS NULL OR t.end_date >= {day})"));
    }
    Ok(())
}

/// The fields of an affiliation that are shown.
const AFFILIATION: [&str; 3] = ["role", "start_date", "end_date"];

/// Whether the session may not see what somebody does in an organisation.
fn hides_role(redactions: &[Redaction]) -> bool {
    redactions.iter().any(|redaction| matches!(redaction.field.as_str(), "role" | "job_title"))
}

/// The people who mainly work in an organisation, after a row.
fn staff(reader: &Reader<'_>, id: RecordId, after: i64, limit: u32) -> Result<Vec<(i64, Member)>> {
    let columns = format!("t.row_id, t.id, t.job_title, NULL, NULL, {NAME_COLUMNS}");
    let people = reader.schema.require("person")?;
    list(reader, "person", &columns, id, None, after, limit as usize, |row| {
        let person = row.id(1)?.unwrap_or_default();
        let Named { name, mut redactions } = shown_name(reader, people, person, row, 5)?;
        redactions.extend(reader.redactions(people, Some(person), &["job_title"])?);
        Ok(Member {
            person: person.into(),
            name,
            affiliation: None,
            role: optional(row, 2)?.filter(|_| !hides_role(&redactions)),
            start_date: None,
            end_date: None,
            redactions,
        })
    })
}

/// The affiliations with an organisation, after a row; without the names of the people.
fn affiliates(
    reader: &Reader<'_>,
    id: RecordId,
    on: Option<Date>,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, Member)>> {
    let columns = "t.row_id, t.person, t.role, t.start_date, t.end_date, t.id";
    let affiliation = reader.schema.require("affiliation")?;
    list(reader, "affiliation", columns, id, on, after, limit, |row| {
        let period = Period::read(row, 3)?;
        let person = row.id(1)?.unwrap_or_default();
        let redactions = reader.redactions(affiliation, Some(person), &AFFILIATION)?;
        let mut member = Member {
            person: person.into(),
            name: String::new(),
            affiliation: row.id(5)?.map(Into::into),
            role: optional(row, 2)?.filter(|_| !hides_role(&redactions)),
            start_date: period.start,
            end_date: period.end,
            redactions,
        };
        hide_period(&member.redactions, &mut member.start_date, &mut member.end_date);
        Ok(member)
    })
}

/// Rows that link to an organisation, in their order; the first column is the row.
fn list<T>(
    reader: &Reader<'_>,
    record_type: &str,
    columns: &str,
    organisation: RecordId,
    on: Option<Date>,
    after: i64,
    limit: usize,
    member: impl Fn(&dyn Row) -> Result<T>,
) -> Result<Vec<(i64, T)>> {
    let statement = select(reader, reader.schema.require(record_type)?, |mut rows| {
        let organisation = rows.bind(OwnedParam::Id(organisation));
        let after = rows.bind(OwnedParam::Integer(after));
        rows.restrict_sql(format!("t.organisation = {organisation} AND t.row_id > {after}"));
        lasting(&mut rows, on)?;
        let most = rows.bind(OwnedParam::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let (from, condition) = (rows.from(), rows.condition());
        rows.finish(format!("SELECT {columns} FROM {from} WHERE {condition} ORDER BY t.row_id LIMIT {most}"))
    })?;
    rows(reader, &statement, |row| Ok((row.integer(0)?.unwrap_or_default(), member(row)?)))
}

/// Names the people of affiliations, and leaves out those whom the session may not see.
fn named(reader: &Reader<'_>, found: Vec<(i64, Member)>) -> Result<Vec<Member>> {
    let nameless = |member: &Member| member.affiliation.is_some();
    let ids: Vec<RecordId> =
        found.iter().filter(|(_, member)| nameless(member)).map(|(_, member)| member.person.into()).collect();
    let names = names(reader, reader.schema.require("person")?, &ids)?;
    Ok(found
        .into_iter()
        .filter_map(|(_, mut member)| {
            if nameless(&member) {
                let named = names.get(&member.person.into())?;
                member.name.clone_from(&named.name);
                member.redactions.extend(named.redactions.iter().cloned());
            }
            Some(member)
        })
        .collect())
}

/// Where a page of people ended: among those who mainly work there or among the affiliations, and at which row.
#[derive(Clone, Copy)]
struct Place {
    affiliated: bool,
    row: i64,
}

impl Place {
    /// Before all rows: those of the past that are gone now have negative numbers.
    const START: Self = Self { affiliated: false, row: i64::MIN };

    fn of(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::START) };
        let place = match cursor.as_str().split_once(':') {
            Some(("main", row)) => row.parse().ok().map(|row| Self { affiliated: false, row }),
            Some(("affiliated", row)) => row.parse().ok().map(|row| Self { affiliated: true, row }),
            _ => None,
        };
        place.ok_or_else(|| CrmError::invalid("query.cursor", "is no cursor of this list").at("cursor"))
    }

    fn cursor(self) -> Cursor {
        let part = if self.affiliated { "affiliated" } else { "main" };
        Cursor::new(format!("{part}:{}", self.row))
    }
}
