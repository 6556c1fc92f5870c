//! The card of a person: what a screen shows first, in one statement.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ids::{OrganisationId, PersonId};
use super::model::Person;
use super::names::{Point, best};
use super::queries::{NAME_COLUMNS, names, optional, person_name, rows, select, shown_name};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::record::data::damaged;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::unit::not_found;
use crate::record::{Records, Redaction};
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
    /// The fields of the person, and of the organisation as `organisation.name`, that the session may not see.
    pub redactions: Vec<Redaction>,
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

/// The fields of a person that a card is made of.
const FIELDS: [&str; 8] = [
    "given_name",
    "middle_name",
    "family_name",
    "name_suffix",
    "organisation",
    "job_title",
    "emails",
    "phones",
];

fn restricted(reader: &Reader<'_>, id: RecordId) -> Result<Option<PersonCard>> {
    let statement = select(reader, reader.schema.require("person")?, |mut rows| {
        let place = rows.bind(OwnedParam::Id(id));
        rows.restrict_sql(format!("t.id = {place}"));
        // The name of the organisation comes by itself, for those who may see it.
        rows.statement(&format!(
            "SELECT {NAME_COLUMNS}, t.organisation, t.job_title, t.emails, t.phones, NULL"
        ))
    })?;
    let people = reader.schema.require("person")?;
    let shown = |row: &dyn Row| {
        let mut card = card_of(id, row)?;
        card.name = shown_name(reader, people, id, row, 0)?.name;
        card.redactions = reader.redactions(people, Some(id), &FIELDS)?;
        for redaction in &card.redactions {
            match redaction.field.as_str() {
                "organisation" => card.organisation = None,
                "job_title" => card.job_title = None,
                "emails" => card.email = None,
                "phones" => card.phone = None,
                _ => {}
            }
        }
        Ok(card)
    };
    let Some(mut card) = rows(reader, &statement, shown)?.pop() else { return Ok(None) };
    if let Some(link) = &mut card.organisation {
        let id = RecordId::from(link.id);
        let found = names(reader, reader.schema.require("organisation")?, &[id])?.remove(&id);
        let hidden = found.iter().flat_map(|found| &found.redactions);
        let redactions =
            hidden.map(|redaction| Redaction { field: "organisation.name".to_owned(), ..redaction.clone() });
        card.redactions.extend(redactions);
        card.organisation = found.map(|found| NamedOrganisation { id: link.id, name: found.name });
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
        redactions: Vec::new(),
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
