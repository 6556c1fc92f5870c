//! The records of suppression.

use super::ids::{RegisterSnapshotId, SuppressionId};
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{AddressType, ContactChannel, SuppressionReason, SuppressionScope};
use crate::record::{Meta, Record};

/// That an address is not to be written to or called. It belongs to the address and to nobody else: it holds a keyed hash,
/// links to no person, and stays when contacts are merged, imported anew, deleted or erased.
///
/// It is added by the address (`suppression.add`), since a host does not know the hash. Nobody deletes it. What the owner
/// of the address has said is lifted by the owner's own consent only; what somebody of ours has said can be lifted.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "suppression",
    plural = "suppressions",
    id = SuppressionId,
    rules = super::rules::SuppressionRules
)]
pub struct Suppression {
    /// What every record has.
    pub meta: Meta,
    /// How far it reaches.
    #[field(default = SuppressionScope::Controller)]
    pub scope: SuppressionScope,
    /// The brand, the key of the purpose, or the topic that the scope is about.
    #[field(max = 200)]
    pub scope_key: Option<String>,
    /// The channel; all that use the address when none is named.
    pub channel: Option<ContactChannel>,
    /// The brand, when it is about messages under one brand only.
    #[field(max = 100)]
    pub brand: Option<String>,
    /// What kind of address it is.
    #[field(default = AddressType::Email)]
    pub address_type: AddressType,
    /// The keyed hash of the address, 32 hexadecimal digits.
    #[field(personal = contact, read_only, indexed, max = 32)]
    pub address_hash: String,
    /// The version of the normal form that was hashed.
    #[field(read_only)]
    pub normaliser_version: Option<i64>,
    /// Why.
    #[field(default = SuppressionReason::Manual)]
    pub reason: SuppressionReason,
    /// From where it is known, for example the name of an import.
    #[field(max = 200)]
    pub source: Option<String>,
    /// Since when: since it was entered, unless another time is given.
    pub effective_at: Option<Timestamp>,
    /// Until when; without an end when nothing is said.
    pub expires_at: Option<Timestamp>,
    /// Since when it is lifted.
    #[field(read_only)]
    pub lifted_at: Option<Timestamp>,
    /// What the owner of the address has consented to since, as `purpose:channel:brand` with nothing for any: for that, and
    /// what lies below it, it does not hold.
    #[field(read_only)]
    pub lifted_for: Vec<String>,
}

/// A national register of those who want no calls or mail, as it was on a day. Its entries are kept as hashes of
/// addresses. The latest complete snapshot of a register is screened against; older ones lose their entries to it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "register_snapshot",
    plural = "register_snapshots",
    id = RegisterSnapshotId,
    index("registry", "fetched_at"),
    rules = super::register_rules::RegisterRules
)]
pub struct RegisterSnapshot {
    /// What every record has.
    pub meta: Meta,
    /// The register, for example `us_dnc`, `ca_dncl`, `uk_tps`, `au_dncr`.
    #[field(max = 60)]
    pub registry: String,
    /// What kind of addresses it lists.
    #[field(required, default = AddressType::Phone)]
    pub address_type: Option<AddressType>,
    /// When it was fetched.
    pub fetched_at: Option<Timestamp>,
    /// For how many days a call may rest on it: 31 in the United States (47 CFR 64.1200(c)(2)(i)(D)) and Canada, 28 in the
    /// United Kingdom.
    #[field(required, range(1, 366), default = 31)]
    pub max_age_days: Option<i64>,
    /// How many entries it has; known when it is complete.
    #[field(read_only)]
    pub entry_count: Option<i64>,
    /// When it was complete. Before, it is not screened against.
    #[field(read_only)]
    pub completed_at: Option<Timestamp>,
}
