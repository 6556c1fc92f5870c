//! Contacts: people and organisations, how they are reached, and how they belong together.

pub mod card;
pub mod hierarchy;
pub mod ids;
mod lookup;
pub mod members;
pub mod model;
mod names;
#[cfg(test)]
mod plan_tests;
pub mod points;
mod queries;
pub mod relations;
mod rules;
pub mod suggest;
pub mod tags;

pub use card::{NamedOrganisation, PersonCard};
pub use hierarchy::HierarchyEntry;
pub use ids::{AffiliationId, HouseholdId, OrganisationId, PersonId, RelationshipId, RelationshipTypeId};
pub use members::{HouseholdMember, Member, MemberPage, Membership};
pub use model::{Affiliation, ContactKind, Household, Organisation, Person, Relationship, RelationshipType};
pub use points::{AddressKind, Email, EmailKind, Phone, PhoneUse, PostalAddress, Profile, ProfileKind};
pub use relations::{Related, RelatedPage};
pub(crate) use rules::language_tag;
pub use suggest::Suggestion;
pub use tags::{TagChange, TagCount};

crate::record::areas! {
    /// The people.
    people: Person;
    /// The organisations.
    organisations: Organisation;
    /// Which person works, or worked, in which organisation.
    affiliations: Affiliation;
    /// The kinds of relationships between people and organisations.
    relationship_types: RelationshipType;
    /// The relationships between people and organisations.
    relationships: Relationship;
    /// The households.
    households: Household;
}
