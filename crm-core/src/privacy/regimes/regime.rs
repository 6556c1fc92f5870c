//! A regime: a territory and its rules.

use serde::Serialize;

use super::place::Place;
use super::rule::Rule;
use crate::record::select::select;

select! {
    /// The regimes that the engine knows.
    pub enum RegimeKey {
        /// The European Union and the European Economic Area: GDPR, ePrivacy Directive, laws of the member states.
        #[default]
        Eu = "eu": "European Union",
        /// The United Kingdom: UK GDPR, PECR.
        Uk = "uk": "United Kingdom",
        /// The United States, federal: CAN-SPAM, TCPA.
        Us = "us": "United States",
        /// The telephone laws of the states.
        UsStates = "us_states": "US states, telephone",
        /// California: CCPA.
        California = "california",
        /// The privacy acts of the other states that know the Global Privacy Control.
        UsPrivacy = "us_privacy": "US states, privacy",
        /// Canada: CASL, Unsolicited Telecommunications Rules.
        Canada = "canada",
        /// Quebec: Act respecting the protection of personal information in the private sector.
        Quebec = "quebec",
        /// Brazil: LGPD.
        Brazil = "brazil",
        /// China: PIPL.
        China = "china",
        /// Australia: Spam Act, Do Not Call Register Act.
        Australia = "australia",
        /// The large mailbox providers: terms, not law.
        MailboxProviders = "mailbox_providers",
    }
}

/// Whom a regime concerns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// People in these places, and whoever is contacted by a controller that is seated there.
    PeopleAndControllers(&'static [Place]),
    /// People in these places, wherever the controller is seated.
    People(&'static [Place]),
    /// Everybody. It is no law of a place, so it covers none.
    Everybody,
}

/// The rules of a territory.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Regime {
    /// Which one.
    pub key: RegimeKey,
    /// Whom it concerns.
    pub reach: Reach,
    /// The time zone of its seat of government, by whose clock its rules begin and end: an IANA name.
    pub clock: &'static str,
    /// Its rules, by topic.
    pub groups: &'static [&'static [Rule]],
}

impl Regime {
    /// All its rules.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    /// Whether somebody in a place may be among the people whom the regime protects by law.
    pub fn protects(&self, place: Place) -> bool {
        match self.reach {
            Reach::PeopleAndControllers(places) | Reach::People(places) => lies_in(place, places),
            Reach::Everybody => false,
        }
    }

    /// Whether the regime binds a controller that is seated in a place, whomever it contacts.
    pub fn binds(&self, seat: Place) -> bool {
        match self.reach {
            Reach::PeopleAndControllers(places) => lies_in(seat, places),
            Reach::People(_) | Reach::Everybody => false,
        }
    }
}

fn lies_in(place: Place, places: &[Place]) -> bool {
    places.iter().any(|listed| place.may_be_in(*listed))
}
