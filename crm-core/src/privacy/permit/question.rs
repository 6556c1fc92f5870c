//! What is asked.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, PurposeClass};

/// Whether an address may be contacted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactQuestion<'a> {
    /// The key of the purpose and of all above it, the purpose itself first.
    pub purposes: Vec<Cow<'a, str>>,
    /// What the purpose amounts to.
    pub class: PurposeClass,
    /// By which channel.
    pub channel: ContactChannel,
    /// Under which brand.
    pub brand: Option<Cow<'a, str>>,
    /// On which topic, such as one newsletter of several.
    pub topic: Option<Cow<'a, str>>,
    /// What is known of the content.
    pub content: ContentFacts,
    /// When.
    pub at: Timestamp,
}

/// What is known of a message or call. What is not known becomes a duty where a rule asks for it; what is known to be
/// missing refuses the contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentFacts {
    /// Whether it advertises something, whatever the purpose is called. A message that does is advertising.
    pub commercial: Option<bool>,
    /// Whether it is marked as advertising.
    pub advertising_label: Option<bool>,
    /// Whether it holds the postal address of the sender.
    pub postal_address: Option<bool>,
    /// Whether it offers a way to refuse.
    pub opt_out: Option<bool>,
    /// Whether the headers of one-click unsubscribing are set (RFC 8058).
    pub one_click: Option<bool>,
    /// Whether it says who sends.
    pub sender_identified: Option<bool>,
    /// Whether a number is sent that can be called back.
    pub caller_id: Option<bool>,
    /// Whether the voice is artificial or recorded.
    pub artificial_voice: Option<bool>,
    /// Whether the call is recorded.
    pub recorded_call: Option<bool>,
    /// Whether it concerns a contract that runs.
    pub running_contract: Option<bool>,
    /// Whether it answers what the person asked for.
    pub solicited: Option<bool>,
    /// Whether it offers the controller's own goods that are similar to those sold before; with a charity, whether it
    /// serves the charity's own purposes only.
    pub own_similar_goods: Option<bool>,
    /// Whether it has to do with the role in which the owner of a published address acts.
    pub relevant_to_role: Option<bool>,
    /// Whether it asks for a consent.
    pub asks_for_consent: Option<bool>,
}

/// Whether data of somebody may be processed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessQuestion<'a> {
    /// The key of the purpose and of all above it, the purpose itself first.
    pub purposes: Vec<Cow<'a, str>>,
    /// What the purpose amounts to.
    pub class: PurposeClass,
    /// The category of the data, for example `contact` or `health`; it is only named in the decision.
    pub category: Cow<'a, str>,
    /// Whether the data are of a special category, or sensitive.
    pub special_category: bool,
    /// Whether they leave the country.
    pub transfer: bool,
    /// When.
    pub at: Timestamp,
}

impl<'a> ContactQuestion<'a> {
    /// A question of which only the necessary is known.
    pub fn new(purposes: &[&'a str], class: PurposeClass, channel: ContactChannel, at: Timestamp) -> Self {
        Self {
            purposes: purposes.iter().map(|key| Cow::Borrowed(*key)).collect(),
            class,
            channel,
            brand: None,
            topic: None,
            content: ContentFacts::default(),
            at,
        }
    }
}

impl<'a> ProcessQuestion<'a> {
    /// A question about ordinary data that stay in the country.
    pub fn new(purposes: &[&'a str], class: PurposeClass, category: &'a str, at: Timestamp) -> Self {
        Self {
            purposes: purposes.iter().map(|key| Cow::Borrowed(*key)).collect(),
            class,
            category: category.into(),
            special_category: false,
            transfer: false,
            at,
        }
    }
}
