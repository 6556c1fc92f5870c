//! The kinds of rules: the closed vocabulary in which every regime is written.

use serde::Serialize;

use super::day::Day;
use super::hours::HourTable;
use super::obligation::{Amount, Obligation, ObligationCode};
use super::place::{Place, Territory};
use super::sets::{Bases, Channels, Classes, Events, Subjects};
use crate::privacy::kinds::ConsentExpression;
use crate::record::select::select;

select! {
    /// A register of people who do not want to be called.
    pub enum Register {
        /// The National Do Not Call Registry of the United States.
        #[default]
        UsNational = "us_national": "US National Do Not Call Registry",
        /// The National Do Not Call List of Canada.
        CanadaDncl = "canada_dncl": "Canadian National Do Not Call List",
        /// The Telephone Preference Service of the United Kingdom.
        UkTps = "uk_tps": "UK Telephone Preference Service",
        /// The Corporate Telephone Preference Service of the United Kingdom.
        UkCtps = "uk_ctps": "UK Corporate Telephone Preference Service",
        /// The Do Not Call Register of Australia.
        AustraliaDncr = "australia_dncr": "Australian Do Not Call Register",
        /// Bloctel of France, until 2026-08-10.
        FranceBloctel = "france_bloctel": "French Bloctel",
        /// The Registro pubblico delle opposizioni of Italy.
        ItalyRpo = "italy_rpo": "Italian Registro pubblico delle opposizioni",
    }
}

/// What permits a contact, or lifts a listing in a register.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A valid consent that was expressed at least so plainly.
    Consent {
        /// How plainly.
        expression: ConsentExpression,
        /// Whether it must be on file what the person was told (GDPR 4(11), 7(1)).
        informed: bool,
    },
    /// The person got into touch in one of these ways, less than so many months ago.
    Relationship {
        /// In which ways.
        events: Events,
        /// How many months it lasts. A day that the last month does not have is its last day.
        months: u32,
    },
    /// A contract or membership runs, or ended less than so many months ago.
    Ongoing {
        /// What begins it.
        start: Events,
        /// What ends it.
        end: Events,
        /// How many months it lasts after the end.
        months: u32,
    },
    /// The address was got in the course of one of these, from the same controller; the message offers its own similar
    /// goods; a refusal was offered at collection.
    SoftOptIn {
        /// In the course of what.
        events: Events,
        /// Whether it is for charities only, for their own purposes.
        charity: bool,
        /// Whether it needs no legal basis beside it (C-654/23).
        stands_alone: bool,
    },
    /// The content concerns a contract that runs.
    RunningContract,
    /// The address is published, and the content has to do with the role of its owner.
    PublishedAddress,
    /// The content answers what the person asked for.
    SolicitedReply,
    /// A legitimate interest whose assessment is on file, and to which nobody objected.
    LegitimateInterest,
    /// Nothing is needed, as long as nobody refused.
    NotRefused,
}

/// When a duty holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// With every contact.
    Always,
    /// With an artificial or recorded voice.
    ArtificialVoice,
    /// When the call is recorded.
    RecordedCall,
}

/// What a rule demands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// A contact needs one of these grounds.
    Needs(&'static [Ground]),
    /// Processing needs one of these legal bases.
    Basis(Bases),
    /// The number must have been checked against a register; a listing refuses unless a ground lifts it.
    Screen {
        /// Against which register.
        register: Register,
        /// How old the copy may be, in days.
        max_age_days: u16,
        /// What lifts a listing.
        lifted_by: &'static [Ground],
    },
    /// Contacts are made within hours of the person's wall clock only.
    Hours(&'static HourTable),
    /// At most so many contacts within so many hours.
    Cap {
        /// How many.
        contacts: u16,
        /// Within how many hours.
        hours: u16,
    },
    /// A duty that comes with a permitted contact.
    Oblige(Obligation, Trigger),
    /// Below this age, in years, a guardian has to consent.
    GuardianConsents {
        /// The age.
        below: u8,
    },
    /// Data of minors are sold or shared only so.
    SaleOfMinors {
        /// Below this age never.
        never_below: u8,
        /// Below this age only when a guardian has consented.
        guardian_below: u8,
        /// Below this age only when the minor has consented.
        consent_below: u8,
    },
    /// An opt-out of sale or sharing refuses them, and so does the Global Privacy Control.
    SaleOptOut,
    /// After an opt-out, consent may be asked for only so many months later.
    AskAgain {
        /// How many months.
        months: u32,
    },
    /// A refusal binds for so many years, whatever end was entered for it; for ever when nothing is said.
    RefusalBinds {
        /// How many years.
        years: Option<u16>,
    },
    /// A refusal of one kind of message on these channels reaches all kinds.
    RefusalReachesAll,
    /// Special categories of data need a ground of their own or a consent that is this plain.
    SpecialCategory {
        /// Whether the grounds of GDPR Article 9(2) other than consent are known to the regime.
        other_grounds: bool,
        /// How plain the consent must be.
        expression: ConsentExpression,
    },
    /// A request to limit the use of sensitive data is followed.
    LimitSensitive,
    /// Data leave the country only by a consent to just that.
    SeparateConsentToTransfer,
}

/// A row of a regime: what is demanded, of whom, where, for what, from when to when, and by which law.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// What is demanded.
    pub kind: RuleKind,
    /// Where, within the territory of the regime.
    pub territory: Territory,
    /// By which channels.
    pub channels: Channels,
    /// For which classes of purposes.
    pub classes: Classes,
    /// Of which kinds of people.
    pub subjects: Subjects,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub until: Day,
    /// The legal source.
    pub source: &'static str,
    /// Whether the row was compared with a public source. See the [module](super).
    pub checked: bool,
}

impl Rule {
    /// A rule for all places, channels, classes and people of its regime, at all times.
    pub(super) const fn new(kind: RuleKind, source: &'static str) -> Self {
        Self {
            kind,
            territory: Territory::Whole,
            channels: Channels::ALL,
            classes: Classes::ALL,
            subjects: Subjects::ALL,
            from: Day::ALWAYS,
            until: Day::NEVER,
            source,
            checked: false,
        }
    }

    /// A duty that comes with every contact.
    pub(super) const fn duty(code: ObligationCode, source: &'static str) -> Self {
        Self::new(RuleKind::Oblige(Obligation::plain(code), Trigger::Always), source)
    }

    /// A duty with an amount that comes with every contact.
    pub(super) const fn duty_of(code: ObligationCode, amount: Amount, source: &'static str) -> Self {
        Self::new(RuleKind::Oblige(Obligation::of(code, amount), Trigger::Always), source)
    }

    pub(super) const fn within(mut self, places: &'static [Place]) -> Self {
        self.territory = Territory::In(places);
        self
    }

    pub(super) const fn outside(mut self, places: &'static [Place]) -> Self {
        self.territory = Territory::Outside(places);
        self
    }

    pub(super) const fn by(mut self, channels: Channels) -> Self {
        self.channels = channels;
        self
    }

    pub(super) const fn for_purposes(mut self, classes: Classes) -> Self {
        self.classes = classes;
        self
    }

    pub(super) const fn to(mut self, subjects: Subjects) -> Self {
        self.subjects = subjects;
        self
    }

    pub(super) const fn from(mut self, year: i32, month: u32, day: u32) -> Self {
        self.from = Day::on(year, month, day);
        self
    }

    /// The first day on which it no longer holds.
    pub(super) const fn until(mut self, year: i32, month: u32, day: u32) -> Self {
        self.until = Day::on(year, month, day);
        self
    }

    pub(super) const fn checked(mut self) -> Self {
        self.checked = true;
        self
    }
}
