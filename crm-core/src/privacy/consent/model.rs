//! The events of the consent ledger.

use super::ids::ConsentEventId;
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{
    AddressType, ConsentExpression, ConsentStatus, ContactChannel, IndicationMethod,
};
use crate::privacy::purposes::PrivacyNoticeId;
use crate::record::{Meta, Record};

/// One event of the consent ledger: that a consent was asked for, given, withdrawn and so on.
///
/// The ledger is appended to and otherwise left alone: a host changes and deletes nothing in it, and undoing the change
/// that brought a grant appends an event that invalidates it, while a refusal stays. Only an erasure takes the personal
/// values out. An event belongs to a person, to an address, or to both; an address may consent before it is known whose
/// it is. `meta.created_by` is the user who entered it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "consent_event",
    plural = "consent_events",
    id = ConsentEventId,
    subject = "person",
    rules = super::rules::ConsentRules
)]
pub struct ConsentEvent {
    /// What every record has.
    pub meta: Meta,
    /// Whose consent it is.
    #[field(on_delete = cascade)]
    pub person: Option<PersonId>,
    /// The key of the purpose. What is said of a purpose holds for those below it.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// The channel; all of them when nothing is said.
    pub channel: Option<ContactChannel>,
    /// The address that the event is about; all addresses of the person when none is named.
    #[field(personal = contact, max = 2_000)]
    pub address: Option<String>,
    /// What kind of address it is; that of the channel when nothing is said.
    pub address_type: Option<AddressType>,
    /// The keyed hash of the address: the address owns its refusals, whoever has it.
    #[field(personal = contact, read_only, indexed, max = 32)]
    pub address_hash: Option<String>,
    /// The brand; all of the controller's when nothing is said.
    #[field(max = 100)]
    pub brand: Option<String>,
    /// What was said.
    pub kind: ConsentStatus,
    /// How plainly.
    #[field(default = ConsentExpression::Expressed)]
    pub expression: ConsentExpression,
    /// By which means.
    #[field(default = IndicationMethod::Other)]
    pub method: IndicationMethod,
    /// What the person had read.
    #[field(on_delete = restrict)]
    pub notice: Option<PrivacyNoticeId>,
    /// The hash of its text.
    #[field(read_only, max = 64)]
    pub notice_hash: Option<String>,
    /// When it was said, by the clock of where it was said; now when nothing is said.
    pub event_time: Option<Timestamp>,
    /// When it came into the ledger.
    #[field(at_creation)]
    pub received_at: Option<Timestamp>,
    /// For how many days it is valid; without an end when nothing is said.
    #[field(range(1, 36_500))]
    pub validity_days: Option<i64>,
    /// When its validity ends; it follows from the days. Of a request: until when it can be confirmed.
    pub expires_at: Option<Timestamp>,
    /// Who said it for the person: a parent or another guardian.
    #[field(on_delete = clear)]
    pub guardian: Option<PersonId>,
    /// The device or system where it was said, which has a clock of its own; the host itself when nothing is said.
    #[field(max = 100)]
    pub origin: Option<String>,
    /// The identifiers of the events that were known there. An event that comes in as it happens knows of all refusals
    /// that the ledger holds. Of an event that invalidates: those that were never valid.
    #[field(max = 50)]
    pub parents: Vec<String>,
    /// The key of the event in the system that it comes from. The same event is taken once.
    #[field(personal = identity, unique, max = 200)]
    pub event_key: Option<String>,
    /// The evidence, sealed under the key of the person: opened by `consent.evidence` only.
    #[field(personal = preference, long, read_only)]
    pub evidence: Option<String>,
    /// The hash of the token that confirms a request.
    #[field(read_only, unique, max = 64)]
    pub token_hash: Option<String>,
    /// The request that the event confirms. A request is confirmed once.
    #[field(read_only, unique, on_delete = clear)]
    pub confirms: Option<ConsentEventId>,
    /// When the confirmed request was made.
    #[field(read_only)]
    pub requested_at: Option<Timestamp>,
    /// Whether the owner of the address asks expressly to be addressed again, after a complaint or an erasure.
    #[field(default = false)]
    pub reinstates: Option<bool>,
}
