//! Where consents stand: what the states of a person and an address say to a question.

use super::fold::status_at;
use super::ids::ConsentEventId;
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ConsentExpression, ConsentStatus, ContactChannel, IndicationMethod};
use crate::privacy::purposes::PrivacyNoticeId;

/// What a state of consent is about. What is not said stands for any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) purpose: String,
    pub(crate) channel: Option<ContactChannel>,
    pub(crate) brand: Option<String>,
    /// The hash of the address.
    pub(crate) address: Option<String>,
}

impl Key {
    /// Whether what is said of this is said of the other, too, whose purpose has this lineage.
    pub(crate) fn covers(&self, other: &Self, lineage: &[String]) -> bool {
        fn any_or_same<T: PartialEq>(this: Option<&T>, other: Option<&T>) -> bool {
            this.is_none() || this == other
        }
        lineage.contains(&self.purpose)
            && any_or_same(self.channel.as_ref(), other.channel.as_ref())
            && any_or_same(self.brand.as_ref(), other.brand.as_ref())
            && any_or_same(self.address.as_ref(), other.address.as_ref())
    }

    /// Whether what is said of this answers a question whose purpose has this lineage. A question that names no address is
    /// about all that the ledger knows.
    fn answers(&self, question: &Self, lineage: &[String]) -> bool {
        let asked =
            Self { address: question.address.clone().or_else(|| self.address.clone()), ..question.clone() };
        self.covers(&asked, lineage)
    }

    /// Whether it says less than the other about everything, where both cover a question: `purposes` is the lineage of
    /// that question, the most special purpose first.
    fn is_wider_than(&self, other: &Self, purposes: &[String]) -> bool {
        let place = |key: &Self| purposes.iter().position(|purpose| *purpose == key.purpose);
        self != other
            && place(self) >= place(other)
            && (self.channel.is_none() || self.channel == other.channel)
            && (self.brand.is_none() || self.brand == other.brand)
            && (self.address.is_none() || self.address == other.address)
    }
}

/// Where a consent stands.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentState {
    /// The key of the purpose.
    pub purpose: String,
    /// The channel; all when none is named.
    pub channel: Option<ContactChannel>,
    /// The brand; all when none is named.
    pub brand: Option<String>,
    /// Whether it is about one address only.
    pub of_address: bool,
    /// The state. A consent that has run out is `expired`.
    pub status: ConsentStatus,
    /// Whether the state permits what was consented to.
    pub valid: bool,
    /// The event that decides.
    pub event: ConsentEventId,
    /// Since when, by the time of that event.
    pub since: Timestamp,
    /// When the validity ends.
    pub expires_at: Option<Timestamp>,
    /// How plainly it was said.
    pub expression: ConsentExpression,
    /// By which means. `double_opt_in` means that the address was shown to belong to the person.
    pub method: IndicationMethod,
    /// What the person had read.
    pub notice: Option<PrivacyNoticeId>,
    /// Who said it for the person.
    pub guardian: Option<PersonId>,
    /// The hash of the address.
    #[serde(skip)]
    pub(crate) address: Option<String>,
}

impl ConsentState {
    pub(crate) fn key(&self) -> Key {
        Key {
            purpose: self.purpose.clone(),
            channel: self.channel,
            brand: self.brand.clone(),
            address: self.address.clone(),
        }
    }

    /// Whether it is about another address than the one with a hash.
    pub(crate) fn is_about_another(&self, hash: Option<&str>) -> bool {
        self.address.as_deref().is_some_and(|address| Some(address) != hash)
    }

    /// The state as it is at a time: without a look at the clock, a state does not know that it has run out.
    pub(crate) fn at(mut self, at: Timestamp) -> Self {
        self.status = status_at(self.status, self.expires_at, at);
        self.valid = self.status.is_valid();
        self
    }
}

/// What states say to a question, whose purpose has this lineage, the purpose itself first.
///
/// Of the states that cover the question those count that no other covers more closely; each has been folded with all
/// wider events already. Where several are left, such as one for the channel and one for the brand, a refusal goes before
/// a consent, a consent before what was only told, and the later before the earlier.
pub(crate) fn effective(
    states: &[ConsentState],
    question: &Key,
    lineage: &[String],
    at: Timestamp,
) -> Option<ConsentState> {
    let covering: Vec<(Key, &ConsentState)> = states
        .iter()
        .map(|state| (state.key(), state))
        .filter(|(key, _)| key.answers(question, lineage))
        .collect();
    covering
        .iter()
        .filter(|(key, _)| !covering.iter().any(|(other, _)| key.is_wider_than(other, lineage)))
        .map(|(_, state)| (*state).clone().at(at))
        .max_by_key(|state| (weight(state.status), state.since, state.event))
}

/// How much a state weighs against others.
fn weight(status: ConsentStatus) -> u8 {
    match status {
        status if status.is_refusal() => 3,
        ConsentStatus::Expired => 2,
        status if status.is_valid() => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::ids::RecordId;

    use ConsentStatus::{Expired, Given, Requested, Withdrawn};

    /// A state for `purpose/channel/brand/address`, each empty for any.
    fn state(about: &str, status: ConsentStatus, since: i64) -> ConsentState {
        let parts: Vec<_> =
            about.split('/').map(|part| Some(part.to_owned()).filter(|part| !part.is_empty())).collect();
        ConsentState {
            purpose: parts[0].clone().unwrap_or_default(),
            channel: parts[1].as_deref().map(|key| key.parse().unwrap()),
            brand: parts[2].clone(),
            of_address: parts[3].is_some(),
            status,
            valid: status.is_valid(),
            event: RecordId::from_bytes([u8::try_from(since).unwrap(); 16]).into(),
            since: Timestamp::from_micros(since),
            expires_at: None,
            expression: ConsentExpression::Expressed,
            method: IndicationMethod::WebForm,
            notice: None,
            guardian: None,
            address: parts[3].clone(),
        }
    }

    #[test]
    fn the_closest_state_answers() {
        let lineage = ["news".to_owned(), "marketing".to_owned()];
        let question = state("news/email/acme/x", Requested, 0).key();
        for (states, expected) in [
            (vec![], None),
            (vec![("news///", Given, 1)], Some(Given)),
            (vec![("other///", Given, 1)], None),
            (vec![("news/sms//", Given, 1)], None),
            (vec![("news//other/", Given, 1)], None),
            (vec![("news///y", Given, 1)], None),
            (vec![("marketing///", Given, 1)], Some(Given)),
            // The state of the newsletter was folded with the withdrawal above it: the grant came later.
            (vec![("marketing///", Withdrawn, 1), ("news/email//", Given, 2)], Some(Given)),
            (vec![("marketing///", Given, 2), ("news/email//", Withdrawn, 1)], Some(Withdrawn)),
            // Neither is closer than the other.
            (vec![("news/email//", Given, 2), ("news//acme/", Withdrawn, 1)], Some(Withdrawn)),
            (vec![("news/email//", Given, 1), ("news//acme/", Requested, 2)], Some(Given)),
            (vec![("news/email//", Given, 1), ("news//acme/", Expired, 2)], Some(Expired)),
            // The same question, once by the person and once by the address.
            (vec![("news/email//x", Given, 2), ("news/email//x", Withdrawn, 1)], Some(Withdrawn)),
        ] {
            let states: Vec<_> =
                states.iter().map(|(about, status, since)| state(about, *status, *since)).collect();
            let found = effective(&states, &question, &lineage, Timestamp::from_micros(9));
            assert_eq!(found.map(|state| state.status), expected, "{states:#?}");
        }
    }

    #[test]
    fn a_question_without_an_address_is_about_all_of_them() {
        let lineage = ["news".to_owned()];
        let question = state("news/email//", Requested, 0).key();
        for (states, expected) in [
            (vec![("news/email//x", Given, 1)], Some(Given)),
            (vec![("news/email//x", Given, 2), ("news/email//y", Withdrawn, 1)], Some(Withdrawn)),
            (vec![("news/email//", Given, 2), ("news/email//y", Withdrawn, 1)], Some(Withdrawn)),
            (vec![("news/email//", Given, 1), ("news/email//x", Given, 2)], Some(Given)),
        ] {
            let states: Vec<_> =
                states.iter().map(|(about, status, since)| state(about, *status, *since)).collect();
            let found = effective(&states, &question, &lineage, Timestamp::from_micros(9));
            assert_eq!(found.map(|state| state.status), expected, "{states:#?}");
        }
    }

    #[test]
    fn what_has_run_out_is_seen_when_it_is_asked() {
        let given =
            ConsentState { expires_at: Some(Timestamp::from_micros(5)), ..state("news///", Given, 1) };
        for (at, expected) in [(4, Given), (5, Expired)] {
            let found = given.clone().at(Timestamp::from_micros(at));
            assert_eq!((found.status, found.valid), (expected, expected == Given));
        }
    }
}
