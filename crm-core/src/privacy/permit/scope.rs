//! Which regimes apply to a person: where they live, where the number belongs, where the device is, where the
//! controller is seated. All of them at once.

use super::chain::{Chain, Source};
use super::facts::{Facts, SubjectFacts};
use super::reason::ReasonCode;
use crate::privacy::regimes::regime::Reach;
use crate::privacy::regimes::{Place, Regime, Rule, RuleSet, Territory};

/// The jurisdictions of a person.
pub(super) struct Scope {
    /// Where the person may be.
    places: [Option<Place>; 3],
    seat: Option<Place>,
    /// Whether nothing is known of the law of the person: then the rules of all enabled regimes hold.
    strictest: bool,
}

impl Scope {
    /// The jurisdictions of a person; the chain says when they are not known.
    pub(super) fn of(
        rules: &RuleSet,
        facts: &Facts<'_>,
        subject: &SubjectFacts<'_>,
        chain: &mut Chain,
        source: Source,
    ) -> Self {
        let places = refined([subject.residence, subject.device, facts.address.place]);
        let mut scope = Self { places, seat: facts.controller.seat, strictest: false };
        let known = places.iter().any(Option::is_some);
        let covered = rules.regimes().any(|regime| scope.protects(regime));
        if !covered {
            scope.strictest = true;
            let code =
                if known { ReasonCode::JurisdictionNotCovered } else { ReasonCode::JurisdictionUnknown };
            chain.say(code, source);
        }
        scope
    }

    fn protects(&self, regime: &Regime) -> bool {
        self.places.iter().flatten().any(|place| regime.protects(*place))
    }

    /// Whether a regime applies.
    pub(super) fn is_under(&self, regime: &Regime) -> bool {
        self.strictest
            || regime.reach == Reach::Everybody
            || self.protects(regime)
            || self.seat.is_some_and(|seat| regime.binds(seat))
    }

    /// Whether a rule of a regime that applies reaches the person or the controller.
    pub(super) fn is_reached(&self, regime: &Regime, rule: &Rule) -> bool {
        if self.strictest || rule.territory == Territory::Whole {
            return true;
        }
        let people = self.places.iter().flatten().filter(|place| regime.protects(**place));
        let seat = self.seat.iter().filter(|seat| regime.binds(**seat));
        people.chain(seat).any(|place| rule.territory.may_reach(*place))
    }
}

/// The places, without a country of which another one names the part.
fn refined(places: [Option<Place>; 3]) -> [Option<Place>; 3] {
    places.map(|place| {
        place.filter(|place| {
            place.has_part()
                || !places.iter().flatten().any(|other| other.has_part() && other.same_country(*place))
        })
    })
}
