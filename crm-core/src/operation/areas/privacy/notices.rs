//! Operations on purposes and on what people were told.

use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::privacy::{KnownPurpose, PrivacyNotice};

operations! {
    /// Lists all purposes, the built-in ones and then those of the host, each below the purpose that it is a part of.
    query "processing_purpose.tree" (context, input {}) -> Vec<KnownPurpose> [] {
        context.processing_purposes().tree()
    }

    /// Finds the version of a notice that is shown at a time in a language; in the language without its region when there
    /// is none for the region. Of several, the one that became effective last.
    query "privacy_notice.current" (context, input {
        /// The key of the notice.
        key: String,
        /// The language, a BCP 47 tag.
        language: String,
        /// The time; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Option<PrivacyNotice> ["language.invalid"] {
        context.privacy_notices().current(&input.key, &input.language, input.at)
    }
}
