//! Data subjects: what decides which rules hold for a person, and what the person claimed.
//!
//! A restriction (GDPR Article 18) and an objection (Article 21) are facts of their own: neither is a withdrawn consent,
//! and neither is a flag on the contact that a merge or an import could lose.

pub(crate) mod addresses;
pub mod ids;
pub mod model;
mod rules;

pub(crate) use addresses::sharing;
pub(crate) use addresses::{addresses_of, hashed_addresses, is_erased};
pub use ids::{DataSubjectId, ObjectionId, RestrictionId};
pub use model::{DataSubject, Objection, Restriction};

crate::record::areas! {
    /// What privacy knows of people.
    data_subjects: DataSubject;
    /// The restrictions of processing.
    restrictions: Restriction;
    /// The objections to processing.
    objections: Objection;
}
