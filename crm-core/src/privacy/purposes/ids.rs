//! The typed identifiers of purposes.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`ProcessingPurpose`](super::ProcessingPurpose).
    ProcessingPurposeId => "processing_purpose";
}
