//! Whether a fact reaches a question. A grant must name what is asked; a refusal reaches whatever it may have meant.

use std::borrow::Cow;

use super::facts::{ConsentFact, ObjectionFact, SuppressionFact};
use super::question::{ContactQuestion, ContentFacts, ProcessQuestion};
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, PurposeClass, SuppressionScope};

/// The purpose below which all advertising lies, whatever a host calls it (GDPR 21(2)).
const DIRECT_MARKETING: &str = "direct_marketing";

/// A question of either sort, as the gates see it.
pub(super) struct Query<'q> {
    pub(super) purposes: &'q [Cow<'q, str>],
    pub(super) class: PurposeClass,
    /// The channel by which the rules go; none when data are processed.
    pub(super) channel: Option<ContactChannel>,
    /// The channel that was named: a live call with an artificial voice is a prerecorded one by the rules.
    named: Option<ContactChannel>,
    brand: Option<&'q str>,
    topic: Option<&'q str>,
    pub(super) content: ContentFacts,
    /// Whether the data are of a special category.
    pub(super) special_category: bool,
    /// Whether the data leave the country.
    pub(super) transfer: bool,
    pub(super) at: Timestamp,
}

impl<'q> Query<'q> {
    /// What is asked about a contact.
    pub(super) fn of_contact(question: &'q ContactQuestion<'q>) -> Self {
        let content = question.content;
        let advertises = content.commercial == Some(true)
            && matches!(
                question.class,
                PurposeClass::Service | PurposeClass::Transactional | PurposeClass::Analytics
            );
        let artificial = content.artificial_voice == Some(true) && question.channel.is_voice();
        Self {
            purposes: &question.purposes,
            class: if advertises { PurposeClass::Marketing } else { question.class },
            channel: Some(if artificial { ContactChannel::VoicePrerecorded } else { question.channel }),
            named: Some(question.channel),
            brand: question.brand.as_deref(),
            topic: question.topic.as_deref(),
            content,
            special_category: false,
            transfer: false,
            at: question.at,
        }
    }

    /// What is asked about data.
    pub(super) fn of_process(question: &'q ProcessQuestion<'q>) -> Self {
        Self {
            purposes: &question.purposes,
            class: question.class,
            channel: None,
            named: None,
            brand: None,
            topic: None,
            content: ContentFacts::default(),
            special_category: question.special_category,
            transfer: question.transfer,
            at: question.at,
        }
    }

    /// Whether a purpose is the one that is asked about or lies above it.
    pub(super) fn has_purpose(&self, key: &str) -> bool {
        self.purposes.iter().any(|purpose| purpose == key)
    }

    /// Whether a refusal of a purpose reaches the question.
    fn purpose_is_refused(&self, key: &str) -> bool {
        self.has_purpose(key) || (key == DIRECT_MARKETING && self.class == PurposeClass::Marketing)
    }

    /// Whether a refusal of a channel reaches the question. Who does not want texts wants none with pictures, and who
    /// does not want calls wants none from a machine.
    fn channel_is_refused(&self, channel: Option<ContactChannel>) -> bool {
        let Some(refused) = channel else { return true };
        [self.channel, self.named].into_iter().flatten().any(|asked| {
            asked == refused
                || (asked.is_voice() && refused.is_voice())
                || (asked.is_text_message() && refused.is_text_message())
        })
    }

    /// Whether an objection reaches the question.
    pub(super) fn is_objected(&self, objection: &ObjectionFact<'_>) -> bool {
        self.purpose_is_refused(&objection.purpose) && self.channel_is_refused(objection.channel)
    }

    /// Whether a suppression reaches the question, whenever it holds.
    pub(super) fn is_suppressed(&self, suppression: &SuppressionFact<'_>) -> bool {
        let key = suppression.key.as_deref();
        self.channel_is_refused(suppression.channel)
            && match suppression.scope {
                SuppressionScope::Global | SuppressionScope::Controller => true,
                SuppressionScope::Brand => key.is_none() || self.brand.is_none() || key == self.brand,
                SuppressionScope::Purpose => key.is_none_or(|key| self.purpose_is_refused(key)),
                SuppressionScope::Topic => key.is_none() || key == self.topic,
            }
    }

    /// Whether a suppression names the very purpose or topic that is asked about, so that it stops every class.
    pub(super) fn is_named_by(&self, suppression: &SuppressionFact<'_>) -> bool {
        match (suppression.scope, suppression.key.as_deref()) {
            (SuppressionScope::Purpose, Some(key)) => self.has_purpose(key),
            (SuppressionScope::Topic, Some(key)) => self.topic == Some(key),
            _ => false,
        }
    }

    /// Whether a state of a consent, if it is a grant, is one for what is asked.
    pub(super) fn is_granted_by(&self, consent: &ConsentFact<'_>) -> bool {
        self.has_purpose(&consent.purpose)
            && consent.channel.is_none_or(|channel| self.channel == Some(channel))
            && consent.brand.as_deref().is_none_or(|brand| self.brand == Some(brand))
    }

    /// Whether a state of a consent, if it is a refusal, reaches what is asked.
    pub(super) fn is_refused_by(&self, consent: &ConsentFact<'_>) -> bool {
        self.has_purpose(&consent.purpose)
            && self.channel_is_refused(consent.channel)
            && consent.brand.as_deref().is_none_or(|brand| self.brand.is_none_or(|asked| asked == brand))
    }

    /// Whether a brand of a relationship is the one that is asked about.
    pub(super) fn is_brand(&self, brand: Option<&str>) -> bool {
        brand.is_none() || brand == self.brand
    }
}
