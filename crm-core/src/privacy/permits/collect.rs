//! The collector: what the database knows, as facts for the evaluator.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::request::{ContactRequest, ProcessRequest};
use super::{rows, statements};
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::consent::states_of;
use crate::privacy::kinds::{AddressType, ContactChannel, PurposeClass};
use crate::privacy::permit::{
    BasisFact, ContactQuestion, Facts, ProcessQuestion, ScreeningFact, SubjectFacts,
};
use crate::privacy::purposes::{BUILT_IN, lineage};
use crate::privacy::regimes::{Place, Register};
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::subjects::sharing;
use crate::privacy::suppression::cover::Message;
use crate::privacy::suppression::{covering, registers};
use crate::record::door::Reader;
use crate::storage::{Param, Row, query_all, query_one};

/// For how long a contact counts for caps: none of the rules looks back further.
const CONTACTED_DAYS: i64 = 30;

/// Reads facts. What is the same for every person of a campaign is read once.
pub(super) struct Collector<'r> {
    reader: &'r Reader<'r>,
    secret: Option<DatabaseSecret>,
    /// The purpose and those above it.
    purposes: Vec<String>,
    class: PurposeClass,
    at: Timestamp,
    common_bases: Vec<BasisFact<'static>>,
    snapshots: Vec<(RecordId, Register, Timestamp)>,
}

/// The address that a contact goes to.
pub(super) struct Target {
    pub(super) person: Option<PersonId>,
    pub(super) address: Option<ContactAddress>,
    pub(super) hash: Option<String>,
    place: Option<Place>,
}

impl<'r> Collector<'r> {
    /// A collector for a purpose at a time.
    ///
    /// # Errors
    /// `purpose.unknown`.
    pub(super) fn new(reader: &'r Reader<'r>, purpose: &str, at: Option<Timestamp>) -> Result<Self> {
        let known = lineage(reader.connection, purpose).map_err(|error| error.at("purpose"))?;
        let class = known.first().map_or(PurposeClass::Service, |purpose| purpose.class);
        let mut collector = Self {
            reader,
            secret: DatabaseSecret::find(reader.engine, reader.connection)?,
            purposes: known.into_iter().map(|purpose| purpose.key).collect(),
            class,
            at: at.unwrap_or_else(|| reader.now()),
            common_bases: Vec::new(),
            snapshots: Vec::new(),
        };
        collector.common_bases = collector.bases(statements::BASES_OF_ALL, &[])?;
        Ok(collector)
    }

    /// Looks the copies of the registers up, for channels that go by telephone.
    ///
    /// # Errors
    /// `storage.*`.
    pub(super) fn with_registers(mut self, channel: ContactChannel) -> Result<Self> {
        if channel.address_type() == AddressType::Phone {
            let sql = self.sql(statements::SNAPSHOTS)?;
            let mut latest: Vec<(RecordId, Register, Timestamp)> = Vec::new();
            self.reader.connection.query(&sql, &[], &mut |row| {
                // A register that the rules do not know is screened by the host alone.
                let register = row.text(1)?.and_then(|key| key.parse::<Register>().ok());
                if let (Some(id), Some(register), Some(at)) = (row.id(0)?, register, row.timestamp(2)?) {
                    if latest.iter().all(|(_, known, _)| *known != register) {
                        latest.push((id, register, at));
                    }
                }
                Ok(ControlFlow::Continue(()))
            })?;
            self.snapshots = latest;
        }
        Ok(self)
    }

    /// The question in the words of the evaluator.
    pub(super) fn contact_question(&self, request: &ContactRequest) -> ContactQuestion<'static> {
        ContactQuestion {
            purposes: self.purpose_keys(),
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
            purposes: self.purpose_keys(),
            class: self.class,
            category: Cow::Owned(request.category.clone()),
            special_category: request.special_category,
            transfer: request.transfer,
            at: self.at,
        }
    }

    fn purpose_keys(&self) -> Vec<Cow<'static, str>> {
        self.purposes.iter().map(|key| Cow::Owned(key.clone())).collect()
    }

    /// The address that a contact goes to: the one that was named, or the person's first for the channel.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*`; `permit.address_missing` when the person has none for the channel.
    pub(super) fn target(
        &self,
        person: Option<PersonId>,
        address: Option<&str>,
        channel: ContactChannel,
    ) -> Result<Target> {
        let country = self.reader.engine.config.default_country;
        let found = match (address, person) {
            (Some(text), _) => {
                let address = ContactAddress::for_channel(channel, text, Some(country))
                    .map_err(|error| error.at("address"))?;
                let by_number = address.address_type() == AddressType::Phone;
                let place = if by_number { rows::place_of_number(address.normal()) } else { None };
                Some((address, place))
            }
            (None, Some(person)) => query_one(
                self.reader.connection,
                &self.sql(statements::ADDRESSES)?,
                &[Param::Id(person.into())],
                |row| rows::address(row, channel, country),
            )?
            .flatten(),
            (None, None) => None,
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
    pub(super) fn contact_facts(&self, request: &ContactRequest, target: &Target) -> Result<Facts<'static>> {
        let mut facts = Facts { controller: self.reader.engine.config.controller, ..Facts::default() };
        let hash = target.hash.as_deref();
        facts.address.place = target.place;
        facts.address.zones = target.place.map(rows::zones).unwrap_or_default();
        facts.address.caps.clone_from(&self.reader.engine.config.contact_caps);
        if let Some(hash) = hash {
            let message = Message {
                lineage: &self.purposes,
                class: self.class,
                channel: request.channel,
                brand: request.brand.as_deref(),
                topic: request.topic.as_deref(),
                at: self.at,
            };
            // A suppression that a later consent has lifted for this very message is none for it.
            facts.address.suppressions = covering(self.reader, hash)?
                .into_iter()
                .filter(|suppression| !suppression.is_lifted_for(&message))
                .map(rows::suppression)
                .collect();
            facts.address.contacted = self.contacted(hash, request.channel)?;
        }
        for (id, register, fetched_at) in &self.snapshots {
            // Without a secret nothing was ever hashed, so no copy has an entry.
            let listed = match hash {
                Some(hash) => registers::is_entry(self.reader.connection, *id, hash)?,
                None => false,
            };
            facts.address.screenings.push(ScreeningFact {
                id: *id,
                register: *register,
                fetched_at: *fetched_at,
                listed,
            });
        }
        let mut people = match &target.address {
            Some(address) => sharing(self.reader, address)?,
            None => Vec::new(),
        };
        people.extend(target.person.filter(|person| !people.contains(person)));
        if people.is_empty() {
            let states = states_of(self.reader, None, hash)?;
            facts.address.consents = states.into_iter().map(rows::consent).collect();
        }
        for person in people {
            facts.subjects.extend(self.subject(person, hash)?);
        }
        Ok(facts)
    }

    /// Everything that is known of a person whose data are to be processed.
    ///
    /// # Errors
    /// `storage.*`.
    pub(super) fn process_facts(&self, person: PersonId) -> Result<Facts<'static>> {
        let subjects = self.subject(person, None)?.into_iter().collect();
        Ok(Facts { controller: self.reader.engine.config.controller, subjects, ..Facts::default() })
    }

    /// A person who shares the address.
    fn subject(&self, person: PersonId, hash: Option<&str>) -> Result<Option<SubjectFacts<'static>>> {
        let id = RecordId::from(person);
        let key = [Param::Id(id)];
        let found = query_one(self.reader.connection, &self.sql(statements::SUBJECT)?, &key, |row| {
            rows::subject(row, id)
        })?;
        let Some(mut subject) = found else { return Ok(None) };
        subject.objections = self.all(statements::OBJECTIONS, &key, rows::objection)?;
        subject.relationship = self.all(statements::RELATIONSHIP, &key, rows::relationship)?;
        subject.bases = self.bases(statements::BASES_OF_PERSON, &key)?;
        subject.bases.extend(self.common_bases.iter().cloned());
        let sale = sale_purposes();
        for state in states_of(self.reader, Some(id), hash)? {
            // What was said of another address of the person says nothing of this one.
            if hash.is_some() && state.is_about_another(hash) {
                continue;
            }
            subject.signals.extend(rows::signal(&state, &sale));
            subject.consents.push(rows::consent(state));
        }
        Ok(Some(subject))
    }

    fn contacted(&self, hash: &str, channel: ContactChannel) -> Result<Vec<Timestamp>> {
        let since = self.at.plus_days(-CONTACTED_DAYS);
        let parameters = [Param::Text(hash), Param::Text(channel.key()), Param::Timestamp(since)];
        self.all(statements::CONTACTED, &parameters, |row| Ok(row.timestamp(0)?.unwrap_or_default()))
    }

    fn bases(&self, sql: &'static str, key: &[Param<'_>]) -> Result<Vec<BasisFact<'static>>> {
        let found = self.all(sql, key, |row| rows::basis(row, self.at))?;
        Ok(found.into_iter().flatten().collect())
    }

    fn all<T>(
        &self,
        sql: &'static str,
        parameters: &[Param<'_>],
        read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        query_all(self.reader.connection, &self.sql(sql)?, parameters, read)
    }

    /// A statement over the tables that are read: those of now, or the views of a past state.
    fn sql(&self, text: &'static str) -> Result<Cow<'static, str>> {
        if self.reader.as_of.is_none() {
            return Ok(Cow::Borrowed(text));
        }
        let mut past = text.to_owned();
        for name in statements::TYPES {
            let table = self.reader.table(self.reader.schema.require(name)?);
            past = past.replace(&format!("\"{name}\" AS"), &format!("{table} AS"));
        }
        Ok(Cow::Owned(past))
    }
}

/// The built-in purposes that are a sale or a sharing: a refusal of one is an opt-out of it.
fn sale_purposes() -> Vec<&'static str> {
    let of_sale = BUILT_IN.iter().filter(|purpose| purpose.class == PurposeClass::SaleShare);
    of_sale.map(|purpose| purpose.key).collect()
}
