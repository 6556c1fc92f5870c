//! The typed identifiers of the consent ledger.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`ConsentEvent`](super::ConsentEvent).
    ConsentEventId => "consent_event";
}
