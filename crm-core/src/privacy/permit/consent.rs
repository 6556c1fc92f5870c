//! The consents of a person, as far as they reach the question.
//!
//! The latest state wins, and at one time a refusal does: a grant counts only when it is later than every refusal that
//! reaches the question. Whether a grant has expired is worked out here.

use super::covering::Query;
use super::facts::{ConsentFact, Facts, SubjectFacts};
use super::reason::ReasonCode;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ConsentExpression, ConsentStatus};

/// The consents of a person.
pub(super) struct Consents<'a> {
    of_subject: &'a [ConsentFact<'a>],
    of_address: &'a [ConsentFact<'a>],
    query: &'a Query<'a>,
    /// When the latest refusal was that reaches the question, whoever ended the consent: grants before it are void.
    void_until: Option<Timestamp>,
    /// The latest refusal by the person.
    refusal: Option<&'a ConsentFact<'a>>,
}

impl<'a> Consents<'a> {
    /// Those of a person and of the address.
    pub(super) fn of(facts: &'a Facts<'a>, subject: &'a SubjectFacts<'a>, query: &'a Query<'a>) -> Self {
        let (of_subject, of_address) = (&subject.consents[..], &facts.address.consents[..]);
        let refusals = || {
            let all = of_subject.iter().chain(of_address);
            all.filter(|consent| consent.status.is_refusal() && query.is_refused_by(consent))
        };
        let void_until = refusals().map(|consent| consent.at).max();
        let refusal = refusals()
            .filter(|consent| is_by_person(consent.status))
            .max_by_key(|consent| (consent.at, consent.status, consent.id));
        Self { of_subject, of_address, query, void_until, refusal }
    }

    fn iter(&self) -> impl Iterator<Item = &'a ConsentFact<'a>> + use<'a> {
        self.of_subject.iter().chain(self.of_address)
    }

    /// All states, whatever they reach.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a ConsentFact<'a>> + use<'a> {
        self.iter()
    }

    /// The refusal of the person that no later grant has replaced, with its code.
    pub(super) fn standing_refusal(&self) -> Option<(ReasonCode, RecordId)> {
        let refusal = self.refusal?;
        if self.iter().any(|consent| self.is_valid(consent)) {
            return None;
        }
        let refused = refusal.status == ConsentStatus::Refused;
        let code = if refused { ReasonCode::ConsentRefused } else { ReasonCode::ConsentWithdrawn };
        Some((code, refusal.id))
    }

    /// Until when a refusal of the person is lifted by a later grant; then it stands again.
    pub(super) fn lifted_until(&self) -> Option<Timestamp> {
        self.refusal.and_then(|_| self.longest(|_| true)).and_then(|grant| grant.expires_at)
    }

    /// Whether a state is a grant of what is asked that holds at the time.
    fn is_valid(&self, consent: &ConsentFact<'_>) -> bool {
        consent.status.is_valid() && self.query.is_granted_by(consent) && self.holds(consent)
    }

    fn holds(&self, consent: &ConsentFact<'_>) -> bool {
        let at = self.query.at;
        consent.at <= at
            && consent.expires_at.is_none_or(|expires| at < expires)
            && self.void_until.is_none_or(|refused| consent.at > refused)
            && consent.confirmed != Some(false)
    }

    /// The valid grant, at least so plain, that lasts longest.
    pub(super) fn grant(&self, expression: ConsentExpression, informed: bool) -> Option<&'a ConsentFact<'a>> {
        self.longest(|consent| consent.expression >= expression && (!informed || consent.notice.is_some()))
    }

    /// The valid grant of a guardian that lasts longest.
    pub(super) fn guardian_grant(&self) -> Option<&'a ConsentFact<'a>> {
        self.longest(|consent| consent.by_guardian)
    }

    /// The valid grant that came after a time and lasts longest.
    pub(super) fn grant_after(&self, time: Timestamp) -> Option<&'a ConsentFact<'a>> {
        self.longest(|consent| consent.at > time)
    }

    fn longest(&self, suits: impl Fn(&ConsentFact<'_>) -> bool) -> Option<&'a ConsentFact<'a>> {
        self.iter()
            .filter(|consent| self.is_valid(consent) && suits(consent))
            .max_by_key(|consent| (consent.expires_at.unwrap_or(Timestamp::MAX), consent.at, consent.id))
    }

    /// Why no grant suits, by the state that comes closest to one.
    pub(super) fn what_is_missing(
        &self,
        expression: ConsentExpression,
        informed: bool,
    ) -> Option<(ReasonCode, RecordId)> {
        self.iter()
            .filter(|consent| self.query.is_granted_by(consent))
            .map(|consent| {
                let (closeness, code) = match consent.status {
                    ConsentStatus::Given | ConsentStatus::Renewed => {
                        self.flaw_of_grant(consent, expression, informed)
                    }
                    ConsentStatus::Expired => (4, ReasonCode::ConsentExpired),
                    ConsentStatus::Requested | ConsentStatus::RequestDeferred => {
                        (3, ReasonCode::ConsentRequested)
                    }
                    ConsentStatus::Unknown => (1, ReasonCode::ConsentUnknown),
                    _ => (2, ReasonCode::ConsentEnded),
                };
                (closeness, consent.at, consent.id, code)
            })
            .max()
            .map(|(_, _, id, code)| (code, id))
    }

    fn flaw_of_grant(
        &self,
        consent: &ConsentFact<'_>,
        expression: ConsentExpression,
        informed: bool,
    ) -> (u8, ReasonCode) {
        let expired = consent.expires_at.is_some_and(|expires| expires <= self.query.at);
        if consent.confirmed == Some(false) {
            (5, ReasonCode::ConsentUnconfirmed)
        } else if expired {
            (4, ReasonCode::ConsentExpired)
        } else if !self.holds(consent) {
            (2, ReasonCode::ConsentEnded)
        } else if consent.expression < expression {
            (6, ReasonCode::ConsentNotPlain)
        } else if informed && consent.notice.is_none() {
            (7, ReasonCode::ConsentNotInformed)
        } else {
            // A grant that suits would have been found.
            (0, ReasonCode::ConsentMissing)
        }
    }
}

/// Whether a refusal comes from the person: the others end a consent without saying that none is wanted.
fn is_by_person(status: ConsentStatus) -> bool {
    matches!(status, ConsentStatus::Withdrawn | ConsentStatus::Refused)
}
