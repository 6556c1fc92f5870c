//! Consent as a session sees it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::double_opt_in::{self, Confirmation, Requested, USUAL_HOURS};
use super::evidence;
use super::ids::ConsentEventId;
use super::import::{self, ForeignState, ForeignSystem, Imported};
use super::ledger::{self, Recorded};
use super::lineages::Lineages;
use super::model::ConsentEvent;
use super::queries::LedgerEvent;
use super::receipt::{self, Processing};
use super::state::{ConsentState, Key, effective};
use super::table::{Holder, of_holder, state_of, states_of};
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::{AddressType, ContactChannel};
use crate::privacy::purposes;
use crate::privacy::secret::DatabaseSecret;
use crate::record::Record;
use crate::record::door::{Door, Reader, Scope, Transaction, read, write};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::session::Session;
use crate::storage::ReadMode;

/// The consent ledger: recording, asking where a consent stands, and what proves it.
pub struct Consent<'d> {
    door: &'d dyn Door,
}

/// Where a consent stands: for whom, for what, and when.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The person.
    pub person: Option<PersonId>,
    /// The address, in any spelling. With a person, what the address has said counts, too.
    pub address: Option<String>,
    /// What kind of address it is; that of the channel when nothing is said.
    pub address_type: Option<AddressType>,
    /// The key of the purpose.
    pub purpose: String,
    /// The channel.
    pub channel: Option<ContactChannel>,
    /// The brand.
    pub brand: Option<String>,
    /// The time, by that of the events; now when nothing is said.
    pub at: Option<Timestamp>,
}

impl Session {
    /// The consent ledger.
    pub fn consent(&self) -> Consent<'_> {
        Consent { door: self }
    }
}

impl Transaction<'_, '_> {
    /// The consent ledger.
    pub fn consent(&self) -> Consent<'_> {
        Consent { door: self }
    }
}

impl Scope<'_> {
    /// The consent ledger.
    pub fn consent(&self) -> Consent<'_> {
        Consent { door: self.door }
    }
}

impl Consent<'_> {
    /// Records an event, with the evidence for it. An event with a key that the ledger knows is not recorded again.
    ///
    /// A refusal with an address, or of a person who has some, suppresses them for the purpose; a consent that stands
    /// lifts what the owner of the address had said before.
    ///
    /// ```
    /// use crm_core::contacts::{Email, Person};
    /// use crm_core::privacy::{ConsentEvent, ConsentStatus, ContactChannel, IndicationMethod, Question};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::DirectMarketing)?;
    /// let ada = session.people().create(Person {
    ///     given_name: Some("Ada".into()),
    ///     emails: vec![Email::home("ada@example.com")],
    ///     ..Person::default()
    /// })?;
    /// let event = ConsentEvent {
    ///     person: Some(ada.meta.id.into()),
    ///     purpose: "direct_marketing".into(),
    ///     channel: Some(ContactChannel::Email),
    ///     kind: ConsentStatus::Given,
    ///     method: IndicationMethod::WebForm,
    ///     ..ConsentEvent::default()
    /// };
    /// session.consent().record(event, Some(&serde_json::json!({"form": "newsletter", "box": "ticked"})))?;
    /// let question = Question {
    ///     person: Some(ada.meta.id.into()),
    ///     purpose: "direct_marketing".into(),
    ///     channel: Some(ContactChannel::Email),
    ///     ..Question::default()
    /// };
    /// assert!(session.consent().state(&question)?.is_some_and(|state| state.valid));
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `consent_event.holder`, `consent_event.future`, `consent_event.expiry`, `consent_event.parents`,
    /// `consent_event.guardian`, `consent_event.address_type`, `consent_event.evidence_too_large`;
    /// `consent_event.subject_erased` for a grant in the name of somebody who was erased; `consent_event.key_reused` for
    /// another event with a known key; `purpose.unknown`; `link.broken`; `email.*`, `phone.*`, `address.*`; `field.*`.
    #[expect(clippy::needless_pass_by_value, reason = "an event is handed over, as a record is")]
    pub fn record(&self, event: ConsentEvent, evidence: Option<&Json>) -> Result<Recorded> {
        write(self.door, None, |work| ledger::record(work, event.clone(), evidence))
    }

    /// Asks for a consent by double opt-in: records the request, and gives the token for the link that goes to the
    /// address. It can be used once, within so many hours; within seven days when nothing is said.
    ///
    /// # Errors
    /// `field.required` without an address; `consent.token_hours`; as [`record`](Self::record).
    #[expect(clippy::needless_pass_by_value, reason = "an event is handed over, as a record is")]
    pub fn request(
        &self,
        event: ConsentEvent,
        hours: Option<u32>,
        evidence: Option<&Json>,
    ) -> Result<Requested> {
        let hours = hours.unwrap_or(USUAL_HOURS);
        write(self.door, None, |work| double_opt_in::request(work, event.clone(), hours, evidence))
    }

    /// Confirms a request with its token: the owner of the address consents, now.
    ///
    /// # Errors
    /// `consent.token_unknown`, `consent.token_used`, `consent.token_expired`, `consent.token_void`; as [`record`](Self::record).
    pub fn confirm(&self, token: &str, evidence: Option<&Json>) -> Result<Confirmation> {
        write(self.door, None, |work| double_opt_in::confirm(work, token, evidence))
    }

    /// Where a consent stands at a time, folded out of the ledger; nothing when it says nothing.
    ///
    /// # Errors
    /// `purpose.unknown`; `consent_event.holder` when neither a person nor an address is named; `email.*`, `phone.*`,
    /// `address.*`; `record.not_found` for a person whom the session may not see.
    pub fn state(&self, question: &Question) -> Result<Option<ConsentState>> {
        read(self.door, ReadMode::Snapshot, |reader| {
            purposes::require(reader.connection, &question.purpose).map_err(|error| error.at("purpose"))?;
            let (person, address) = holders(reader, question)?;
            let mut lineages = Lineages::new(reader.connection);
            let lineage = lineages.of(&question.purpose)?;
            let at = question.at.unwrap_or_else(|| reader.now());
            let table = reader.table(reader.schema.require(ConsentEvent::NAME)?);
            let asked = Key {
                purpose: question.purpose.clone(),
                channel: question.channel,
                brand: question.brand.clone(),
                address: address.clone(),
            };
            let mut states = Vec::new();
            if let Some(person) = person {
                let events = Holder::Person(person.into()).events(reader.connection, &table)?;
                for key in keys(&asked, &events) {
                    states.extend(state_of(&events, &key, lineage, at));
                }
            }
            if let Some(address) = &address {
                let events = Holder::Address(address).events(reader.connection, &table)?;
                let state = state_of(&events, &Key { address: None, ..asked.clone() }, lineage, at);
                states.extend(state.map(|state| of_holder(state, Holder::Address(address))));
            }
            Ok(effective(&states, &asked, lineage, at))
        })
    }

    /// All states of a person, or of an address, as they are now: of the question, only whose they are counts.
    ///
    /// # Errors
    /// As [`state`](Self::state).
    pub fn states(&self, question: &Question) -> Result<Vec<ConsentState>> {
        read(self.door, ReadMode::Snapshot, |reader| {
            let (person, hash) = holders(reader, question)?;
            let now = question.at.unwrap_or_else(|| reader.now());
            let states = states_of(reader, person.map(Into::into), hash.as_deref())?;
            Ok(states.into_iter().map(|state| state.at(now)).collect())
        })
    }

    /// Opens the evidence of an event; nothing when there is none.
    ///
    /// # Errors
    /// `record.not_found`; `consent.evidence_erased` when its subject was erased.
    pub fn evidence(&self, event: impl Into<ConsentEventId>) -> Result<Option<Json>> {
        let id = event.into().into();
        read(self.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(ConsentEvent::NAME)?;
            let event: ConsentEvent = visible(reader, record_type, id)?
                .ok_or_else(|| not_found(ConsentEvent::NAME))?
                .into_record(record_type)?;
            let Some(stored) = event.evidence else { return Ok(None) };
            evidence::open(reader.engine, reader.connection, record_type, id, &stored).map(Some)
        })
    }

    /// The consent records of a person by ISO/IEC TS 27560, one for each thing that the person was asked for, as JSON-LD
    /// in the terms of the Data Privacy Vocabulary: all events with what was read.
    ///
    /// # Errors
    /// `consent.record_incomplete`, naming what the host did not say of the processing; `record.not_found`.
    pub fn records(&self, person: impl Into<PersonId>, processing: &Processing) -> Result<Vec<Json>> {
        let person = person.into();
        read(self.door, ReadMode::Snapshot, |reader| {
            is_visible(reader, person)?;
            receipt::records(reader, person, processing)
        })
    }

    /// The receipt of an event by ISO/IEC TS 27560: what the person gets to keep, with the consent record in it.
    ///
    /// # Errors
    /// `consent.record_incomplete`; `record.not_found`.
    pub fn receipt(&self, event: impl Into<ConsentEventId>, processing: &Processing) -> Result<Json> {
        let id = event.into();
        read(self.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(ConsentEvent::NAME)?;
            let event: ConsentEvent = visible(reader, record_type, id.into())?
                .ok_or_else(|| not_found(ConsentEvent::NAME))?
                .into_record(record_type)?;
            receipt::receipt(reader, &event, processing)
        })
    }

    /// Takes over the states of another system. What is a default there, or lacks a time or a legal basis of consent,
    /// becomes `unknown`, never a consent; every refusal becomes one. All or nothing.
    ///
    /// # Errors
    /// `consent.import_state` for a state that the system does not have, naming the row; as [`record`](Self::record).
    pub fn import_states(&self, system: ForeignSystem, rows: &[ForeignState]) -> Result<Imported> {
        write(self.door, None, |work| import::take_over(work, system, rows))
    }
}

fn no_holder() -> CrmError {
    let reason = "a person or an address is named";
    CrmError::invalid("consent_event.holder", reason).at("person")
}

fn is_visible(reader: &Reader<'_>, person: PersonId) -> Result<()> {
    let record_type = reader.schema.require("person")?;
    visible(reader, record_type, person.into())?.map(|_| ()).ok_or_else(|| not_found("person"))
}

/// What is to be folded for a question to a person: what was asked, and without an address each that the ledger knows.
fn keys(asked: &Key, events: &[LedgerEvent]) -> BTreeSet<Key> {
    let known =
        events.iter().filter(|_| asked.address.is_none()).filter_map(|event| event.key.address.clone());
    let with = |address| Key { address, ..asked.clone() };
    sort::set(known.map(|address| with(Some(address))).chain([asked.clone()]))
}

/// Whose ledger is asked: the person, and the hash of the address.
fn holders(reader: &Reader<'_>, question: &Question) -> Result<(Option<PersonId>, Option<String>)> {
    if let Some(person) = question.person {
        is_visible(reader, person)?;
    }
    let hash = match &question.address {
        None if question.person.is_none() => return Err(no_holder()),
        None => None,
        Some(address) => {
            let country = reader.engine.config.default_country;
            let address = ContactAddress::given(address, question.address_type, question.channel, country)?;
            DatabaseSecret::find(reader.engine, reader.connection)?.map(|secret| address.hash(&secret))
        }
    };
    Ok((question.person, hash))
}
