//! The collector: what the database knows, as facts for the evaluator.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::common::{CommonGrounds, Snapshot};
use super::request::{ContactRequest, ProcessRequest};
use super::rows::{self, Contact};
use super::statements;
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::consent::{Holder, Standing, standing_of};
use crate::privacy::kinds::{AddressType, ContactChannel, PurposeClass};
use crate::privacy::permit::{
    AddressFacts, ContactQuestion, Facts, ProcessQuestion, ScreeningFact, SubjectFacts,
};
use crate::privacy::purposes::keys_above;
use crate::privacy::regimes::Place;
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::standing::Noted;
use crate::privacy::subjects::sharing;
use crate::privacy::suppression::cover::Message;
use crate::privacy::suppression::{Suppression, registers};
use crate::record::door::Reader;
use crate::record::unit::not_found;
use crate::storage::{Param, query_all, query_one};

/// For how long a contact counts for caps: none of the rules looks back further.
pub(crate) const CONTACTED_DAYS: i64 = 30;

/// Reads facts. What is the same for every person of a campaign is read once.
pub(super) struct Collector<'r> {
    reader: &'r Reader<'r>,
    secret: Option<DatabaseSecret>,
    /// The purpose and those above it.
    purposes: Vec<Cow<'static, str>>,
    class: PurposeClass,
    at: Timestamp,
    grounds: Arc<CommonGrounds>,
}

/// What a permit reads of a person beside the record, when the standing says that it is there.
const NOTED_OF_PERSON: Noted = Noted::OBJECTION.and(Noted::RELATIONSHIP).and(Noted::BASIS);
/// What a permit reads of an address.
const NOTED_OF_ADDRESS: Noted = Noted::SUPPRESSION.and(Noted::CONTACT);

/// A person, and where the person stands.
struct Known {
    contact: Contact,
    standing: Standing,
}

/// What a contact goes to.
pub(super) struct Target {
    /// The person who was named.
    person: Option<Known>,
    address: Option<ContactAddress>,
    pub(super) hash: Option<String>,
    place: Option<Place>,
}

impl<'r> Collector<'r> {
    /// A collector for a purpose at a time.
    ///
    /// # Errors
    /// `purpose.unknown`.
    pub(super) fn new(reader: &'r Reader<'r>, purpose: &str, at: Option<Timestamp>) -> Result<Self> {
        let (purposes, class) =
            keys_above(reader.connection, purpose).map_err(|error| error.at("purpose"))?;
        Ok(Self {
            reader,
            secret: DatabaseSecret::find(reader.engine, reader.connection)?,
            purposes,
            class,
            at: at.unwrap_or_else(|| reader.now()),
            grounds: CommonGrounds::of(reader)?,
        })
    }

    /// The question in the words of the evaluator.
    pub(super) fn contact_question(&self, request: &ContactRequest) -> ContactQuestion<'static> {
        ContactQuestion {
            purposes: self.purposes.clone(),
            class: self.class,
            channel: request.channel,
            brand: request.brand.clone().map(Cow::Owned),
            topic: request.topic.clone().map(Cow::Owned),
            content: request.content,
            at: self.at,
        }
    }

    /// The question about data in the words of the evaluator.
    pub(super) fn process_question(&self, request: &ProcessRequest) -> ProcessQuestion<'static> {
        ProcessQuestion {
            purposes: self.purposes.clone(),
            class: self.class,
            category: Cow::Owned(request.category.clone()),
            special_category: request.special_category,
            transfer: request.transfer,
            at: self.at,
        }
    }

    /// What a contact goes to: the address that was named, or the person's first for the channel.
    ///
    /// # Errors
    /// `record.not_found` for a person who is not there; `email.*`, `phone.*`, `address.*`; `permit.address_missing` when
    /// the person has no address for the channel.
    pub(super) fn target(
        &self,
        person: Option<PersonId>,
        address: Option<&str>,
        channel: ContactChannel,
    ) -> Result<Target> {
        let country = self.reader.engine.config.default_country;
        let own = address.is_none().then_some(channel);
        let mut person = match person {
            Some(id) => Some(self.person(id, own)?),
            None => None,
        };
        let found = match address {
            Some(text) => {
                let address = ContactAddress::for_channel(channel, text, Some(country))
                    .map_err(|error| error.at("address"))?;
                let by_number = address.address_type() == AddressType::Phone;
                let place = if by_number { rows::place_of_number(address.normal()) } else { None };
                Some((address, place))
            }
            None => person.as_mut().and_then(|person| person.contact.address.take()),
        };
        let (address, place) = found.unzip();
        if address.is_none() && channel.address_type() != AddressType::None {
            let reason = "there is no address for the channel";
            return Err(CrmError::invalid("permit.address_missing", reason).at("address"));
        }
        let hash = address.as_ref().zip(self.secret.as_ref()).map(|(address, secret)| address.hash(secret));
        Ok(Target { person, address, hash, place: place.flatten() })
    }

    /// Everything that is known of a contact.
    ///
    /// # Errors
    /// `storage.*`.
    pub(super) fn contact_facts(
        &self,
        request: &ContactRequest,
        target: &mut Target,
    ) -> Result<Facts<'static>> {
        let mut facts = Facts { controller: self.reader.engine.config.controller, ..Facts::default() };
        let hash = target.hash.as_deref();
        facts.address.place = target.place;
        facts.address.zones = target.place.map(rows::zones).unwrap_or_default();
        facts.address.caps.clone_from(&self.reader.engine.config.contact_caps);
        let standing = match hash {
            Some(hash) => standing_of(self.reader, Holder::Address(hash))?,
            None => Standing::default(),
        };
        if let Some(hash) = hash.filter(|_| standing.noted.has_any(NOTED_OF_ADDRESS)) {
            self.notes_of_address(request, hash, &mut facts.address)?;
        }
        if request.channel.address_type() == AddressType::Phone {
            facts.address.screenings = self.screenings(hash)?;
        }
        let sharing = match &target.address {
            Some(address) => sharing(self.reader, address)?,
            None => Vec::new(),
        };
        for row in sharing {
            let found = match target.person.take_if(|named| named.contact.row == row) {
                Some(named) => Some(named),
                None => self.known(statements::PERSON_OF_ROW, Param::Integer(row), None)?,
            };
            if let Some(person) = found {
                facts.subjects.push(self.subject(person, hash, &standing)?);
            }
        }
        if let Some(named) = target.person.take() {
            facts.subjects.push(self.subject(named, hash, &standing)?);
        }
        if facts.subjects.is_empty() {
            facts.address.consents = standing.states.into_iter().map(rows::consent).collect();
        }
        Ok(facts)
    }

    /// Everything that is known of a person whose data are to be processed.
    ///
    /// # Errors
    /// `record.not_found`; `storage.*`.
    pub(super) fn process_facts(&self, person: PersonId) -> Result<Facts<'static>> {
        let subjects = vec![self.subject(self.person(person, None)?, None, &Standing::default())?];
        Ok(Facts { controller: self.reader.engine.config.controller, subjects, ..Facts::default() })
    }

    /// A person by the identifier, with the address for a channel if one is named.
    fn person(&self, id: PersonId, channel: Option<ContactChannel>) -> Result<Known> {
        let found = self.known(statements::PERSON, Param::Id(id.into()), channel)?;
        found.ok_or_else(|| not_found("person").at("person"))
    }

    /// A person by a key, and where the person stands.
    fn known(
        &self,
        sql: &'static str,
        key: Param<'_>,
        channel: Option<ContactChannel>,
    ) -> Result<Option<Known>> {
        let country = self.reader.engine.config.default_country;
        let (mut found, mut standing) = (None, Standing::default());
        self.reader.connection.query(&statements::on(self.reader, sql)?, &[key], &mut |row| {
            if found.is_none() {
                found = Some(rows::contact(row, channel, country)?);
            }
            if let Some(holder) = row.id(rows::HOLDER)? {
                standing.take(row, rows::HOLDER + 1, Holder::Person(holder))?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let Some(mut contact) = found else { return Ok(None) };
        let subject = &mut contact.subject;
        if self.reader.as_of.is_some() {
            standing = standing_of(self.reader, Holder::Person(subject.id))?;
        }
        let key = [Param::Id(subject.id)];
        if standing.noted.has_any(Noted::SUBJECT) {
            let sql = statements::on(self.reader, statements::SUBJECT)?;
            query_one(self.reader.connection, &sql, &key, |row| rows::note_subject(row, subject))?;
        }
        if standing.noted.has_any(Noted::ERASED) {
            let found = query_one(self.reader.connection, statements::KEY, &key, |_| Ok(()))?;
            subject.erased = found.is_none();
        }
        Ok(Some(Known { contact, standing }))
    }

    /// A person who shares the address, with all that was noted of the person and what was said of the address.
    fn subject(
        &self,
        person: Known,
        hash: Option<&str>,
        of_address: &Standing,
    ) -> Result<SubjectFacts<'static>> {
        let Known { contact: Contact { mut subject, .. }, standing } = person;
        if standing.noted.has_any(NOTED_OF_PERSON) {
            let sql = statements::on(self.reader, statements::OF_PERSON)?;
            self.reader.connection.query(&sql, &[Param::Id(subject.id)], &mut |row| {
                rows::note(row, self.at, &mut subject)?;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        subject.bases.extend(self.grounds.bases.iter().map(|basis| basis.at(self.at)));
        for state in standing.states.into_iter().chain(of_address.states.iter().cloned()) {
            // What was said of another address of the person says nothing of this one.
            if hash.is_some() && state.is_about_another(hash) {
                continue;
            }
            subject.signals.extend(rows::signal(&state));
            subject.consents.push(rows::consent(state));
        }
        Ok(subject)
    }

    /// What the copies of the registers say of an address.
    fn screenings(&self, hash: Option<&str>) -> Result<Vec<ScreeningFact>> {
        let screened = |copy: &Snapshot| {
            // Without a secret nothing was ever hashed, so no copy has an entry.
            let listed = match hash {
                Some(hash) => registers::is_entry(self.reader.connection, copy.id, hash)?,
                None => false,
            };
            let Snapshot { id, register, fetched_at } = *copy;
            Ok(ScreeningFact { id, register, fetched_at, listed })
        };
        self.grounds.snapshots.iter().map(screened).collect()
    }

    /// Adds what was noted of an address, by its hash.
    fn notes_of_address(
        &self,
        request: &ContactRequest,
        hash: &str,
        facts: &mut AddressFacts<'static>,
    ) -> Result<()> {
        let since = self.at.plus_days(-CONTACTED_DAYS);
        let channel = request.channel.key();
        let parameters = [Param::Text(hash), Param::Text(channel), Param::Timestamp(since)];
        let sql = statements::on(self.reader, statements::OF_ADDRESS)?;
        let found = query_all(self.reader.connection, &sql, &parameters, |row| {
            rows::of_address(row, &mut facts.contacted)
        })?;
        // A suppression that a later consent has lifted for this very message is none for it.
        let holding = found.into_iter().flatten().filter(|found| !self.is_lifted(found, request));
        facts.suppressions = holding.map(rows::suppression).collect();
        Ok(())
    }

    fn is_lifted(&self, suppression: &Suppression, request: &ContactRequest) -> bool {
        let lineage: Vec<String> = self.purposes.iter().map(|key| key.clone().into_owned()).collect();
        suppression.is_lifted_for(&Message {
            lineage: &lineage,
            class: self.class,
            channel: request.channel,
            brand: request.brand.as_deref(),
            topic: request.topic.as_deref(),
            at: self.at,
        })
    }
}
