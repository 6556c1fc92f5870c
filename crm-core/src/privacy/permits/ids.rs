//! The typed identifiers of permits.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`ContactPermit`](super::ContactPermit).
    ContactPermitId => "contact_permit";
}
