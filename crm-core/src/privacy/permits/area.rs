//! What privacy decides, as a session asks it.

use super::collect::Collector;
use super::issue::{self, IssuedPermit};
use super::model::ContactPermit;
use super::request::{ContactRequest, ProcessRequest};
use super::screen::{self, Screened, ScreeningRequest, ScreeningSummary};
use crate::error::Result;
use crate::privacy::permit::replay::{Asked, Inputs};
use crate::privacy::permit::{ContactQuestion, Decision, ExtraRule, Facts, may_contact, may_process};
use crate::privacy::regimes::RuleSet;
use crate::record::door::{Door, Reader, Scope, Transaction, read, write};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::session::Session;
use crate::storage::ReadMode;

/// What privacy decides: who may be contacted, and what may be done with data of people.
pub struct Privacy<'d> {
    door: &'d dyn Door,
}

impl Session {
    /// What privacy decides: who may be contacted, and what may be done with data of people.
    pub fn privacy(&self) -> Privacy<'_> {
        Privacy { door: self }
    }
}

impl Transaction<'_, '_> {
    /// What privacy decides: who may be contacted, and what may be done with data of people.
    pub fn privacy(&self) -> Privacy<'_> {
        Privacy { door: self }
    }
}

impl Scope<'_> {
    /// What privacy decides: who may be contacted, and what may be done with data of people.
    pub fn privacy(&self) -> Privacy<'_> {
        Privacy { door: self.door }
    }
}

impl Privacy<'_> {
    /// Whether a person, or whoever has an address, may be contacted: the strictest answer over all who share the
    /// address and over all regimes that apply, with the whole chain of reasons.
    ///
    /// ```
    /// use crm_core::contacts::{Email, Person};
    /// use crm_core::privacy::{ContactChannel, ContactRequest, PermitOutcome};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::DirectMarketing)?;
    /// let ada = session.people().create(Person {
    ///     given_name: Some("Ada".into()),
    ///     emails: vec![Email::home("ada@example.com")],
    ///     ..Person::default()
    /// })?;
    /// let request = ContactRequest {
    ///     person: Some(ada.meta.id.into()),
    ///     purpose: "direct_marketing".into(),
    ///     channel: ContactChannel::Email,
    ///     ..ContactRequest::default()
    /// };
    /// let decision = session.privacy().may_contact(&request)?;
    /// assert_eq!(decision.outcome, PermitOutcome::Refused);
    /// assert!(decision.explain().reasons.iter().any(|reason| reason.source.is_some()));
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `permit.nobody` when neither person nor address is named; `record.not_found`; `permit.address_missing`;
    /// `purpose.unknown`; `email.*`, `phone.*`, `address.*`.
    pub fn may_contact(&self, request: &ContactRequest) -> Result<Decision> {
        read(self.door, ReadMode::Snapshot, |reader| Ok(decide(reader, request)?.decision))
    }

    /// Whether data of a person may be processed for a purpose.
    ///
    /// # Errors
    /// `record.not_found`; `purpose.unknown`.
    pub fn may_process(&self, request: &ProcessRequest) -> Result<Decision> {
        read(self.door, ReadMode::Snapshot, |reader| {
            is_seen(reader, request.person.into())?;
            let collector = Collector::new(reader, &request.purpose, request.at)?;
            let facts = collector.process_facts(request.person)?;
            Ok(may_process(rules(reader), &facts, &collector.process_question(request)))
        })
    }

    /// Decides, and when the contact is permitted gives the token for it. The decision is kept with everything that it
    /// was made from.
    ///
    /// # Errors
    /// As [`may_contact`](Self::may_contact); `permit.minutes`.
    pub fn issue_permit(&self, request: &ContactRequest, valid_minutes: Option<u32>) -> Result<IssuedPermit> {
        write(self.door, None, |work| issue::issue(work, request, valid_minutes))
    }

    /// Uses a permit up, right before the contact: it is good for one contact with the address that it was given for,
    /// and only while it would still be given.
    ///
    /// # Errors
    /// `permit.token_unknown`; `permit.token_used`; `permit.token_expired`; `permit.address` for another address;
    /// `permit.refused` when something has happened since, such as a withdrawal, with the codes of the reasons.
    pub fn redeem_permit(&self, token: &str, address: Option<&str>) -> Result<ContactPermit> {
        write(self.door, None, |work| issue::redeem(work, token, address))
    }

    /// Makes a kept decision again from what it was made from: the canonical bytes of both must be equal.
    ///
    /// # Errors
    /// `record.not_found`; `permit.inputs` when they were erased; `permit.rule_set` when the rules are others now.
    pub fn replay_permit(&self, permit: super::ContactPermitId) -> Result<Replayed> {
        read(self.door, ReadMode::Snapshot, |reader| issue::replay(reader, permit))
    }

    /// By which rules is decided.
    pub fn rule_set(&self) -> std::sync::Arc<RuleSet> {
        std::sync::Arc::clone(&self.door.engine().config.rules)
    }

    /// Screens the people of a campaign, one by one, exactly as [`may_contact`](Self::may_contact) decides, a page at a
    /// time. `each` is given every person; it can stop the work.
    ///
    /// # Errors
    /// `purpose.unknown`; `filter.*`; `cursor.*`; `screening.cancelled`.
    pub fn screen(
        &self,
        request: &ScreeningRequest,
        each: &mut dyn FnMut(Screened) -> std::ops::ControlFlow<()>,
    ) -> Result<ScreeningSummary> {
        let each = std::cell::RefCell::new(each);
        read(self.door, ReadMode::Snapshot, |reader| {
            screen::run(reader, request, &mut |screened| (*each.borrow_mut())(screened))
        })
    }
}

/// A decision that was made again.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Replayed {
    /// Whether the bytes are those of the first time.
    pub identical: bool,
    /// By which rules.
    pub rule_set: String,
}

/// A decision with what it was made from.
pub(super) struct Decided {
    pub(super) decision: Decision,
    question: ContactQuestion<'static>,
    facts: Facts<'static>,
    /// The hash of the address that the contact goes to.
    pub(super) address_hash: Option<String>,
}

impl Decided {
    /// The decision, and its inputs as they are kept.
    pub(super) fn with_inputs(self, rules: &RuleSet) -> (Decision, Inputs<'static>, Option<String>) {
        (self.decision, Inputs::new(rules, Asked::Contact(self.question), self.facts), self.address_hash)
    }
}

/// Decides about one contact.
pub(super) fn decide(reader: &Reader<'_>, request: &ContactRequest) -> Result<Decided> {
    if let Some(person) = request.person {
        is_seen(reader, person.into())?;
    } else if request.address.is_none() {
        let reason = "a person or an address must be given";
        return Err(crate::CrmError::invalid("permit.nobody", reason).at("person"));
    }
    let collector = Collector::new(reader, &request.purpose, request.at)?;
    let mut target = collector.target(request.person, request.address.as_deref(), request.channel)?;
    let facts = collector.contact_facts(request, &mut target)?;
    let question = collector.contact_question(request);
    let decision = may_contact(rules(reader), &facts, &question, &extra_rules(reader));
    Ok(Decided { decision, question, facts, address_hash: target.hash })
}

/// The rules in force.
pub(super) fn rules<'r>(reader: &Reader<'r>) -> &'r RuleSet {
    &reader.engine.config.rules
}

/// The rules of the host, which may only refuse.
pub(super) fn extra_rules<'r>(reader: &Reader<'r>) -> Vec<&'r dyn ExtraRule> {
    reader.engine.config.extra_rules.iter().map(|rule| &**rule as &dyn ExtraRule).collect()
}

/// Refuses a person whom the session may not see, in the words for one who is not there. Where every session sees all
/// people, whether there is one shows as the facts are read.
fn is_seen(reader: &Reader<'_>, person: crate::RecordId) -> Result<()> {
    let record_type = reader.schema.require("person")?;
    if reader.engine.access.predicate(reader.viewer, record_type).is_none() {
        return Ok(());
    }
    visible(reader, record_type, person)?.map(drop).ok_or_else(|| not_found("person").at("person"))
}
