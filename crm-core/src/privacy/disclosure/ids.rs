//! The typed identifiers of disclosures.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Disclosure`](super::Disclosure).
    DisclosureId => "disclosure";
}
