//! What a host asks.

use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::ContactChannel;
use crate::privacy::permit::ContentFacts;

/// Whether a person, or whoever has an address, may be contacted.
#[derive(Clone, Debug, Default)]
pub struct ContactRequest {
    /// The person.
    pub person: Option<PersonId>,
    /// The address, in any spelling; of a person the one to use first, when nothing is said.
    pub address: Option<String>,
    /// The key of the purpose.
    pub purpose: String,
    /// The channel.
    pub channel: ContactChannel,
    /// The brand under which the contact is made.
    pub brand: Option<String>,
    /// What it is about, such as one newsletter of several.
    pub topic: Option<String>,
    /// What is known of the content.
    pub content: ContentFacts,
    /// When; now when nothing is said.
    pub at: Option<Timestamp>,
}

/// Whether data of a person may be processed.
#[derive(Clone, Debug, Default)]
pub struct ProcessRequest {
    /// The person.
    pub person: PersonId,
    /// The key of the purpose.
    pub purpose: String,
    /// The category of the data, for example `contact`.
    pub category: String,
    /// Whether the data are of a special category (GDPR Article 9), or sensitive.
    pub special_category: bool,
    /// Whether they leave the country.
    pub transfer: bool,
    /// When; now when nothing is said.
    pub at: Option<Timestamp>,
}
