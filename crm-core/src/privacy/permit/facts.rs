//! What is known when a question is asked. Everything is plain data that a row of a table fills.
//!
//! Lists may come in any order and may hold more than the question needs: consents for other purposes, ended
//! suppressions. What is not known is left out; it never counts in favour of a contact.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::ground::zone::Zone;
use crate::privacy::kinds::{
    AgeBand, ConsentExpression, ConsentStatus, ContactChannel, LegalBasis, ObjectionOutcome,
    RelationshipEventKind, SpecialCategoryGround, SubjectKind, SuppressionReason, SuppressionScope,
};
use crate::privacy::regimes::{Place, Register};

/// All facts for one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts<'a> {
    /// Who asks.
    pub controller: ControllerFacts,
    /// The address that is to be contacted; empty when only data are processed.
    pub address: AddressFacts<'a>,
    /// Everybody who shares the address. Nobody means that nobody is known; the rules for natural persons hold.
    pub subjects: Vec<SubjectFacts<'a>>,
}

/// The controller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ControllerFacts {
    /// Where it is seated.
    pub seat: Option<Place>,
    /// Whether it is a charity.
    pub charity: bool,
}

/// The address, whoever has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AddressFacts<'a> {
    /// Where it belongs to by itself: the country code and area code of a telephone number, the country of a postal
    /// address.
    pub place: Option<Place>,
    /// The time zones that it may lie in, by itself.
    pub zones: Vec<Zone>,
    /// The suppressions of the address.
    pub suppressions: Vec<SuppressionFact<'a>>,
    /// What registers say of it, the copy that was looked into with each.
    pub screenings: Vec<ScreeningFact>,
    /// When it was contacted on this channel lately: at least the last 30 days, as far as caps need it.
    pub contacted: Vec<Timestamp>,
    /// Caps besides those of the law: the host's own, or what the person asked for.
    pub caps: Vec<ContactCap>,
    /// Consents that were given or refused for the address without a person.
    pub consents: Vec<ConsentFact<'a>>,
}

/// At most so many contacts within so many hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCap {
    /// How many.
    pub contacts: u16,
    /// Within how many hours.
    pub hours: u16,
}

/// A person who has the address, or whose data are processed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SubjectFacts<'a> {
    /// The person.
    pub id: RecordId,
    /// What kind of subject; a natural person when it is not known.
    pub kind: SubjectKind,
    /// Where the person lives.
    pub residence: Option<Place>,
    /// Where the person's device is, when the channel is one.
    pub device: Option<Place>,
    /// The time zones that the person may be in: one when it is known, else those of the places.
    pub zones: Vec<Zone>,
    /// How old the person is.
    pub age: Age,
    /// Whether the person has died.
    pub deceased: bool,
    /// Whether the person was erased.
    pub erased: bool,
    /// Since when the processing is restricted (GDPR Article 18).
    pub restricted_since: Option<Timestamp>,
    /// The objections (GDPR Article 21).
    pub objections: Vec<ObjectionFact<'a>>,
    /// The states of the consents: for this address, and for no address in particular.
    pub consents: Vec<ConsentFact<'a>>,
    /// What the person had to do with the controller.
    pub relationship: Vec<RelationshipFact<'a>>,
    /// The legal bases on file: for the person, and for everybody of a purpose.
    pub bases: Vec<BasisFact<'a>>,
    /// Signals and opt-outs of sale and of sensitive data.
    pub signals: Vec<SignalFact>,
}

/// How old somebody is. Who is not known to be a minor is taken for an adult.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Not known.
    #[default]
    Unknown,
    /// Born on a date.
    Born(Date),
    /// In a band; its lowest age counts.
    Band(AgeBand),
}

/// An objection to processing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectionFact<'a> {
    /// The record.
    pub id: RecordId,
    /// The key of the purpose, with all below it.
    pub purpose: Cow<'a, str>,
    /// The channel, when it is to it only.
    pub channel: Option<ContactChannel>,
    /// How it was decided.
    pub outcome: ObjectionOutcome,
}

/// The state of a consent: the fold of its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsentFact<'a> {
    /// The event that made the state.
    pub id: RecordId,
    /// The key of the purpose, with all below it.
    pub purpose: Cow<'a, str>,
    /// The channel, when it is for it only.
    pub channel: Option<ContactChannel>,
    /// The brand, when it is for it only.
    pub brand: Option<Cow<'a, str>>,
    /// What became of it.
    pub status: ConsentStatus,
    /// How plainly it was expressed.
    pub expression: ConsentExpression,
    /// When that was.
    pub at: Timestamp,
    /// From when on it no longer holds. Expiry is worked out here, not stored.
    pub expires_at: Option<Timestamp>,
    /// The notice that the person was shown.
    pub notice: Option<RecordId>,
    /// Whether a double opt-in was confirmed; nothing when there was none.
    pub confirmed: Option<bool>,
    /// Whether a guardian gave it.
    pub by_guardian: bool,
}

/// Something that the person had to do with the controller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationshipFact<'a> {
    /// The record.
    pub id: RecordId,
    /// What it was.
    pub kind: RelationshipEventKind,
    /// When it was.
    pub at: Timestamp,
    /// The brand under which it was; any, when nothing is said.
    pub brand: Option<Cow<'a, str>>,
    /// Whether it was with the same legal entity that asks.
    pub same_controller: bool,
    /// Whether what is offered now is the controller's own and similar to what it was about.
    pub own_similar_goods: Option<bool>,
    /// Whether a refusal was offered when the address was collected.
    pub opt_out_offered: Option<bool>,
}

/// A refusal of the address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuppressionFact<'a> {
    /// The record.
    pub id: RecordId,
    /// How far it reaches.
    pub scope: SuppressionScope,
    /// The brand, purpose or topic that it reaches.
    pub key: Option<Cow<'a, str>>,
    /// The channel; all, when nothing is said.
    pub channel: Option<ContactChannel>,
    /// Why.
    pub reason: SuppressionReason,
    /// From when on.
    pub from: Timestamp,
    /// Until when; for ever, when nothing is said.
    pub until: Option<Timestamp>,
}

/// A legal basis on file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasisFact<'a> {
    /// The record.
    pub id: RecordId,
    /// The key of the purpose, with all below it.
    pub purpose: Cow<'a, str>,
    /// The basis.
    pub basis: LegalBasis,
    /// The ground for special categories.
    pub special_category: Option<SpecialCategoryGround>,
    /// Whether the assessment of a legitimate interest is on file, was decided for it and is not overdue.
    pub assessed: bool,
    /// Whether the people were told of it.
    pub informed: bool,
    /// Whether the person objected to it.
    pub objected: bool,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// What a copy of a register says of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreeningFact {
    /// The record of the copy.
    pub id: RecordId,
    /// The register.
    pub register: Register,
    /// When the copy was fetched.
    pub fetched_at: Timestamp,
    /// Whether the address is on it.
    pub listed: bool,
}

/// What somebody signalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The Global Privacy Control of a browser or device (`Sec-GPC: 1`), for the known person.
    GlobalPrivacyControl,
    /// An opt-out of sale and sharing.
    SaleOptOut,
    /// A request to limit the use of sensitive data.
    LimitSensitive,
}

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalFact {
    /// The record.
    pub id: RecordId,
    /// What it says.
    pub kind: SignalKind,
    /// When it came.
    pub at: Timestamp,
}
