//! The card of a person: what a screen shows first, in one statement.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ids::{OrganisationId, PersonId};
use super::model::Person;
use super::names::{Point, best};
use super::queries::{NAME_COLUMNS, names, optional, person_name, rows, select};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::record::Records;
use crate::record::data::damaged;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::unit::not_found;
use crate::storage::{Param, ReadMode, Row, query_one};

/// What a screen shows of a person first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonCard {
    /// The person.
    pub id: PersonId,
    /// The name as people read it.
    pub name: String,
    /// The organisation that the person mainly works for, if the session may see it.
    pub organisation: Option<NamedOrganisation>,
    /// What the person does there.
    pub job_title: Option<String>,
    /// The e-mail address to use first.
    pub email: Option<String>,
    /// The phone number to use first, in E.164.
    pub phone: Option<String>,
}

/// An organisation and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedOrganisation {
    /// The organisation.
    pub id: OrganisationId,
    /// The name that it is known by.
    pub name: String,
}

impl Records<'_, Person> {
    /// The card of a person, in one statement when the session sees everything.
    ///
    /// ```
    /// use crm_core::contacts::{Email, Organisation, Person};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
    /// let works = session.organisations().create(Organisation { name: "Works".into(), ..Default::default() })?;
    /// let ada = session.people().create(Person {
    ///     given_name: Some("Ada".into()),
    ///     organisation: Some(works.meta.id.into()),
    ///     emails: vec![Email::work("ada@example.com")],
    ///     ..Person::default()
    /// })?;
    /// let card = session.people().card(ada.meta.id)?;
    /// assert_eq!((card.name.as_str(), card.email.as_deref()), ("Ada", Some("ada@example.com")));
    /// assert_eq!(card.organisation.map(|organisation| organisation.name).as_deref(), Some("Works"));
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`, also for a person that the session may not see.
    pub fn card(&self, id: impl Into<RecordId>) -> Result<PersonCard> {
        let id = id.into();
        read(self.set.door, ReadMode::Statement, |reader| {
            let person = reader.schema.require("person")?;
            let organisation = reader.schema.require("organisation")?;
            let card = if reader.sees_all(person) && reader.sees_all(organisation) {
                query_one(reader.connection, OPEN, &[Param::Id(id)], |row| card_of(id, row))?
            } else {
                restricted(reader, id)?
            };
            card.ok_or_else(|| not_found("person"))
        })
    }
}

pub(super) const OPEN: &str = "SELECT t.given_name, t.middle_name, t.family_name, t.name_suffix, t.organisation, \
    t.job_title, t.emails, t.phones, o.name \
    FROM person AS t LEFT JOIN organisation AS o ON o.id = t.organisation WHERE t.id = ?1";

fn restricted(reader: &Reader<'_>, id: RecordId) -> Result<Option<PersonCard>> {
    let statement = select(reader, reader.schema.require("person")?, |mut rows| {
        let place = rows.bind(OwnedParam::Id(id));
        rows.restrict_sql(format!("t.id = {place}"));
        // The name of the organisation comes by itself, for those who may see it.
        rows.statement(&format!(
            "SELECT {NAME_COLUMNS}, t.organisation, t.job_title, t.emails, t.phones, NULL"
        ))
    })?;
    let Some(mut card) = rows(reader, &statement, |row| card_of(id, row))?.pop() else { return Ok(None) };
    if let Some(link) = &mut card.organisation {
        let id = RecordId::from(link.id);
        let name = names(reader, reader.schema.require("organisation")?, &[id])?.remove(&id);
        card.organisation = name.map(|name| NamedOrganisation { id: link.id, name });
    }
    Ok(Some(card))
}

fn card_of(id: RecordId, row: &dyn Row) -> Result<PersonCard> {
    let organisation = match row.id(4)? {
        None => None,
        Some(id) => {
            Some(NamedOrganisation { id: id.into(), name: row.text(8)?.unwrap_or_default().to_owned() })
        }
    };
    Ok(PersonCard {
        id: id.into(),
        name: person_name(row, 0)?,
        organisation,
        job_title: optional(row, 5)?,
        email: first::<EmailPoint<'_>>(row.json(6)?, "emails")?.map(|point| point.address.into_owned()),
        phone: first::<PhonePoint<'_>>(row.json(7)?, "phones")?.map(|point| point.number.into_owned()),
    })
}

/// The point to use first in a stored list, of which only what is needed is read.
fn first<'j, P: Point + Deserialize<'j>>(json: Option<&'j str>, field: &str) -> Result<Option<P>> {
    let Some(json) = json else { return Ok(None) };
    let mut points: Vec<P> = serde_json::from_str(json).map_err(|_| -> CrmError { damaged(field) })?;
    let Some(chosen) = best(&points) else { return Ok(None) };
    let place = points.iter().position(|point| std::ptr::eq(point, chosen));
    Ok(place.map(|place| points.swap_remove(place)))
}

#[derive(Deserialize)]
struct EmailPoint<'j> {
    #[serde(borrow)]
    address: Cow<'j, str>,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    invalid: bool,
}

#[derive(Deserialize)]
struct PhonePoint<'j> {
    #[serde(borrow)]
    number: Cow<'j, str>,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    invalid: bool,
}

super::names::points!(EmailPoint<'_>, PhonePoint<'_>);
