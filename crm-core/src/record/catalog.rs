//! The built-in record types: one line each.

use super::descriptor::TypeDescriptor;
use super::typed::Record;

/// The declarations of all built-in types.
pub fn descriptors() -> Vec<TypeDescriptor> {
    vec![
        crate::access::users::User::descriptor(),
        crate::access::users::Team::descriptor(),
        crate::access::users::TeamMember::descriptor(),
        crate::contacts::Household::descriptor(),
        crate::contacts::Organisation::descriptor(),
        crate::contacts::Person::descriptor(),
        crate::contacts::Affiliation::descriptor(),
        crate::contacts::RelationshipType::descriptor(),
        crate::contacts::Relationship::descriptor(),
        crate::customize::CustomType::descriptor(),
        crate::customize::CustomField::descriptor(),
    ]
}
