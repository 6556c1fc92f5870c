//! An event of a relationship.

use super::ids::RelationshipEventId;
use crate::contacts::{OrganisationId, PersonId};
use crate::ground::time::Timestamp;
use crate::privacy::kinds::RelationshipEventKind;
use crate::record::{Meta, Record};

/// That something happened between us and a person or an organisation, from which a permission to contact may follow: the
/// soft opt-in after a sale (ePrivacy Directive 13(2)), implied consent (CASL 10(9)), an established business relationship
/// (47 CFR 64.1200(f)(5)).
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "relationship_event",
    plural = "relationship_events",
    id = RelationshipEventId,
    subject = "person",
    rules = super::rules::RelationshipEventRules
)]
pub struct RelationshipEvent {
    /// What every record has.
    pub meta: Meta,
    /// The person.
    #[field(on_delete = cascade)]
    pub person: Option<PersonId>,
    /// The organisation.
    #[field(on_delete = cascade)]
    pub organisation: Option<OrganisationId>,
    /// What happened.
    pub kind: RelationshipEventKind,
    /// When: when it was entered, unless another time is given.
    pub occurred_at: Option<Timestamp>,
    /// The brand or legal entity that sold, was asked, or received the gift: the permission is that of the same one only.
    #[field(max = 100)]
    pub seller: Option<String>,
    /// The family of products that it was about.
    #[field(max = 200)]
    pub product_family: Option<String>,
    /// Whether what is advertised because of it are the seller's own similar goods and services.
    #[field(default = false)]
    pub own_similar_goods: Option<bool>,
    /// Whether the person could say no when the address was collected. Without it there is no soft opt-in.
    #[field(default = false)]
    pub opt_out_offered_at_collection: Option<bool>,
    /// Where it is on file: the number of an order or of a contract.
    #[field(max = 200)]
    pub reference: Option<String>,
}
