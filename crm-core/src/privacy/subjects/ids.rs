//! The typed identifiers of data subjects and what they claimed.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`DataSubject`](super::DataSubject).
    DataSubjectId => "data_subject";
    /// The identifier of a [`Restriction`](super::Restriction).
    RestrictionId => "restriction";
    /// The identifier of an [`Objection`](super::Objection).
    ObjectionId => "objection";
}
