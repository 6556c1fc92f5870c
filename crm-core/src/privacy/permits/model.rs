//! The record of a permit.

use super::ids::ContactPermitId;
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, PermitOutcome};
use crate::record::{Meta, Record};

/// The permission for one contact, with the whole decision that it rests on. `privacy.issue_permit` makes it, a host
/// cannot; it is used up by `privacy.redeem_permit`, right before the contact.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "contact_permit",
    plural = "contact_permits",
    id = ContactPermitId,
    subject = "person",
    rules = super::rules::ContactPermitRules
)]
pub struct ContactPermit {
    /// What every record has.
    pub meta: Meta,
    /// The person who is to be contacted.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The keyed hash of the address.
    #[field(personal = contact, read_only, indexed, max = 32)]
    pub address_hash: Option<String>,
    /// By which channel.
    #[field(read_only)]
    pub channel: ContactChannel,
    /// The key of the purpose.
    #[field(read_only, max = 100)]
    pub purpose: String,
    /// Under which brand.
    #[field(read_only, max = 100)]
    pub brand: Option<String>,
    /// On which topic.
    #[field(read_only, max = 100)]
    pub topic: Option<String>,
    /// The outcome.
    #[field(read_only)]
    pub outcome: PermitOutcome,
    /// The decision in words: reasons, evidence, obligations, the rule set.
    #[field(read_only)]
    pub decision: Option<serde_json::Value>,
    /// The SHA-256 of the canonical bytes of that.
    #[field(read_only, max = 64)]
    pub decision_hash: Option<String>,
    /// What the decision was made from, so that it can be made again byte for byte.
    #[field(personal = identity, read_only)]
    pub inputs: Option<serde_json::Value>,
    /// The SHA-256 of the canonical bytes of that.
    #[field(read_only, max = 64)]
    pub inputs_hash: Option<String>,
    /// The hash of the token.
    #[field(read_only, unique, max = 64)]
    pub token_hash: Option<String>,
    /// Until when the contact may be made.
    #[field(read_only)]
    pub expires_at: Option<Timestamp>,
    /// When the contact was made. It is made once.
    #[field(read_only)]
    pub consumed_at: Option<Timestamp>,
}
