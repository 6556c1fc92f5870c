//! Whether a suppression covers a message. Facts in, decision out.

use super::model::Suppression;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, PurposeClass, SuppressionReason, SuppressionScope};

/// What is to be sent, as far as suppressions go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'m> {
    /// The key of the purpose and those above it.
    pub(crate) lineage: &'m [String],
    /// What the purpose amounts to.
    pub(crate) class: PurposeClass,
    /// The channel.
    pub(crate) channel: ContactChannel,
    /// The brand under which it goes.
    pub(crate) brand: Option<&'m str>,
    /// What it is about.
    pub(crate) topic: Option<&'m str>,
    /// When it is to go.
    pub(crate) at: Timestamp,
}

/// A consent as the suppressions of an address see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant<'g> {
    /// The key of the purpose.
    pub(crate) purpose: &'g str,
    /// The key and those above it.
    pub(crate) lineage: &'g [String],
    /// The channel; all when none is named.
    pub(crate) channel: Option<ContactChannel>,
    /// The brand; all when none is named.
    pub(crate) brand: Option<&'g str>,
    /// When it was given.
    pub(crate) at: Timestamp,
    /// Whether the owner of the address asks expressly to be addressed again.
    pub(crate) reinstates: bool,
}

/// What a consent does to a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lift {
    /// Nothing.
    None,
    /// It holds no more for what was consented to, written as the field `lifted_for` has it.
    For(String),
    /// It holds no more at all.
    Whole,
}

fn fits<T: PartialEq>(this: Option<T>, other: Option<T>) -> bool {
    this.is_none() || this == other
}

impl Suppression {
    /// Whether it holds at a time.
    pub(crate) fn holds_at(&self, at: Timestamp) -> bool {
        self.effective_at.is_none_or(|since| since <= at)
            && self.expires_at.is_none_or(|end| at < end)
            && self.lifted_at.is_none_or(|end| at < end)
    }

    /// Whether it stops a message.
    pub(crate) fn covers(&self, message: &Message<'_>) -> bool {
        self.holds_at(message.at)
            && fits(self.channel, Some(message.channel))
            && fits(self.brand.as_deref(), message.brand)
            && self.reaches(message)
            && !self.is_exempt(message)
    }

    /// Whether the owner of the address has lifted it for a message, or altogether.
    pub(crate) fn is_lifted_for(&self, message: &Message<'_>) -> bool {
        self.lifted_at.is_some_and(|end| end <= message.at) || self.is_exempt(message)
    }

    fn is_exempt(&self, message: &Message<'_>) -> bool {
        self.lifted_for.iter().any(|exemption| Exemption::read(exemption).covers(message))
    }

    fn reaches(&self, message: &Message<'_>) -> bool {
        let key = self.scope_key.as_deref();
        match self.scope {
            SuppressionScope::Global => true,
            SuppressionScope::Controller => message.class.is_of_marketing(),
            SuppressionScope::Brand => key == message.brand && message.class.is_of_marketing(),
            SuppressionScope::Purpose => {
                key.is_some_and(|key| message.lineage.iter().any(|purpose| purpose == key))
            }
            SuppressionScope::Topic => key.is_some() && key == message.topic,
        }
    }

    /// What a consent of the owner of the address does to it. `lineage` is that of its own purpose, if its scope is one.
    ///
    /// A consent lifts what it is as wide as; out of what is wider it takes what it is about. That a whole erasure is
    /// taken back, and not only for one purpose, follows from the owner being a customer again.
    pub(crate) fn lift(&self, grant: &Grant<'_>, lineage: &[String]) -> Lift {
        let willing = self.reason.is_lifted_by_consent()
            && (grant.reinstates || !self.reason.needs_reinstatement())
            && self.effective_at.is_none_or(|since| since <= grant.at)
            && self.holds_at(grant.at);
        if !willing || !self.meets(grant, lineage) {
            return Lift::None;
        }
        let as_wide = match self.scope {
            SuppressionScope::Purpose => {
                lineage.iter().any(|purpose| purpose == grant.purpose)
                    && fits(grant.channel, self.channel)
                    && fits(grant.brand, self.brand.as_deref())
            }
            SuppressionScope::Global => self.reason == SuppressionReason::Erased,
            _ => false,
        };
        if as_wide { Lift::Whole } else { Lift::For(Exemption::of(grant).written()) }
    }

    /// Whether a consent and it are about something in common.
    fn meets(&self, grant: &Grant<'_>, lineage: &[String]) -> bool {
        let channels = self.channel.is_none() || fits(grant.channel, self.channel);
        let brands = self.brand.is_none() || fits(grant.brand, self.brand.as_deref());
        let key = self.scope_key.as_deref().unwrap_or_default();
        let scopes = match self.scope {
            SuppressionScope::Global | SuppressionScope::Controller => true,
            SuppressionScope::Brand => fits(grant.brand, Some(key)),
            SuppressionScope::Purpose => {
                // One is the other, or lies above it.
                grant.lineage.iter().any(|purpose| purpose == key)
                    || lineage.iter().any(|purpose| purpose == grant.purpose)
            }
            // A topic is no part of a consent.
            SuppressionScope::Topic => false,
        };
        channels && brands && scopes
    }
}

/// What a suppression does not hold for any more: `purpose:channel:brand`, with nothing for any.
#[derive(Debug, PartialEq, Eq)]
struct Exemption<'e> {
    purpose: &'e str,
    channel: &'e str,
    brand: &'e str,
}

impl<'e> Exemption<'e> {
    fn read(text: &'e str) -> Self {
        // Keys of purposes and channels hold no colon; a brand may.
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().unwrap_or_default();
        Self { purpose: part(), channel: part(), brand: part() }
    }

    fn of(grant: &Grant<'e>) -> Self {
        Self {
            purpose: grant.purpose,
            channel: grant.channel.map(ContactChannel::key).unwrap_or_default(),
            brand: grant.brand.unwrap_or_default(),
        }
    }

    fn written(&self) -> String {
        [self.purpose, self.channel, self.brand].join(":")
    }

    fn covers(&self, message: &Message<'_>) -> bool {
        let fits = |this: &str, other: &str| this.is_empty() || this == other;
        message.lineage.iter().any(|purpose| purpose == self.purpose)
            && fits(self.channel, message.channel.key())
            && fits(self.brand, message.brand.unwrap_or_default())
    }
}

#[cfg(test)]
#[path = "cover_tests.rs"]
mod tests;
