//! Erasure (GDPR Article 17): planned, done in one transaction, verified down to the bytes, certified.
//!
//! What becomes of a record follows from its declaration: what a law or a legal hold keeps stays, what is the
//! person's goes, what counts in reports stays without the person. Deals and cases keep their amounts, stages and times
//! and lose their person and every personal text; so sums, conversions and response times are after an erasure what they
//! were before. There is no stand-in for the person: a record without a contact is what it is.
//!
//! The journal stays provable: sealed payloads are deleted, their hashes stay, and every destroyed record has an entry
//! that says so.

mod area;
mod finish;
mod identifiers;
mod journal_plain;
mod locate;
mod mentions;
mod needles;
mod rewrap;
mod rules;
mod scan;

pub mod certificate;
pub(crate) mod decide;
pub(crate) mod execute;
pub mod ids;
pub mod kinds;
pub(crate) mod ledger;
pub mod model;
pub mod plan;
pub(crate) mod suppress;
pub(crate) mod tombstones;

pub(crate) use area::erase_people;
pub use area::{ErasureOptions, SubjectErasure};
pub use certificate::Signer;
pub use finish::{ErasureReport, FinishReport, WaitsFor};
pub use ids::{ErasureId, ErasureReviewId, LegalHoldId};
pub use kinds::{ErasureState, HoldGround, ReviewHit, ReviewStatus};
pub use ledger::ErasureLedger;
pub use mentions::Mention;
pub use model::{Erasure, ErasureReview, LegalHold};
pub use needles::Form;
pub use plan::{ErasurePlan, Outcome, PlanLine, Store};
pub use rewrap::RewrapReport;
pub use scan::{ByteHit, ByteScan, ScannedFile};
pub(crate) use tombstones::is_erased;

crate::record::areas! {
    /// The erasures, each with its certificate.
    erasures: Erasure;
    /// The places that somebody must look at.
    erasure_reviews: ErasureReview;
    /// The legal holds.
    legal_holds: LegalHold;
}
