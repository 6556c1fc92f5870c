//! The typed identifiers of suppression.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Suppression`](super::Suppression).
    SuppressionId => "suppression";
    /// The identifier of a [`RegisterSnapshot`](super::RegisterSnapshot).
    RegisterSnapshotId => "register_snapshot";
}
