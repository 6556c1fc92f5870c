//! The records of erasures. None of them holds personal data of the person who was erased.

use super::ids::{ErasureId, ErasureReviewId, LegalHoldId};
use super::kinds::{ErasureState, HoldGround, ReviewHit, ReviewStatus};
use crate::contacts::PersonId;
use crate::ground::time::{Date, Timestamp};
use crate::privacy::retention::RetentionRuleId;
use crate::record::{Meta, Record, Reference};

/// That a person was erased, with the certificate of it. Only the engine writes it, and nobody deletes it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "erasure", plural = "erasures", id = ErasureId, rules = super::rules::ErasureRules)]
pub struct Erasure {
    /// What every record has.
    pub meta: Meta,
    /// The keyed hash under which the person is known to have been erased, 64 hexadecimal digits. It leads to nobody.
    #[field(unique, read_only, max = 64)]
    pub pseudonym: String,
    /// The request that it answers.
    #[field(read_only, on_delete = clear)]
    pub request: Option<Reference>,
    /// How far it is.
    #[field(read_only, indexed, default = ErasureState::Pending)]
    pub state: ErasureState,
    /// When it was committed.
    #[field(read_only)]
    pub erased_at: Timestamp,
    /// When the last bytes were gone.
    #[field(read_only)]
    pub finished_at: Option<Timestamp>,
    /// Until when a law or a hold keeps the rest; nothing when there is no rest, or no end of it is known.
    #[field(read_only)]
    pub kept_until: Option<Date>,
    /// The certificate: what was done, counted, and what was found when it was looked for afterwards.
    #[field(read_only)]
    pub certificate: Option<serde_json::Value>,
    /// The host's signature over the certificate, in BASE64.
    #[field(read_only, max = 1_000)]
    pub signature: Option<String>,
    /// Which key signed.
    #[field(read_only, max = 255)]
    pub signer: Option<String>,
}

/// Something that a person must look at, because a program cannot tell whom a text means. It names the place and says
/// nothing of what stands there.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "erasure_review", plural = "erasure_reviews", id = ErasureReviewId, index("status", "erasure"))]
pub struct ErasureReview {
    /// What every record has.
    pub meta: Meta,
    /// The erasure that it is part of.
    #[field(on_delete = cascade)]
    pub erasure: Option<ErasureId>,
    /// The rule of retention that asks for it.
    #[field(on_delete = cascade)]
    pub rule: Option<RetentionRuleId>,
    /// The record.
    #[field(on_delete = cascade)]
    pub record: Reference,
    /// The field; nothing when the whole record is meant.
    #[field(max = 100)]
    pub field: Option<String>,
    /// What points at the person.
    #[field(default = ReviewHit::FullName)]
    pub hit: ReviewHit,
    /// What became of it.
    #[field(default = ReviewStatus::Open)]
    pub status: ReviewStatus,
}

/// That data must stay although they would be erased: those of a person, or one record. Who placed it is its creator.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "legal_hold",
    plural = "legal_holds",
    id = LegalHoldId,
    subject = "person",
    on_erasure = erase,
    rules = super::rules::LegalHoldRules
)]
pub struct LegalHold {
    /// What every record has.
    pub meta: Meta,
    /// The person whose data stay. A hold names a person or a record.
    #[field(on_delete = restrict)]
    pub person: Option<PersonId>,
    /// The record that stays.
    #[field(on_delete = restrict)]
    pub record: Option<Reference>,
    /// On which ground.
    #[field(default = HoldGround::LegalClaims)]
    pub ground: HoldGround,
    /// Why, in words.
    #[field(personal, long, required, max = 10_000)]
    pub reason: String,
    /// The first day; the day on which it is entered, unless another is given.
    #[field(filled)]
    pub from: Date,
    /// The last day; empty while no end is known.
    pub until: Option<Date>,
}
