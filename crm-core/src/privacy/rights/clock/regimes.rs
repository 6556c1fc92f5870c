//! The clocks of the laws, as dated data with their sources.

use super::calendar::Calendar;
use super::period::{Period, Roll};
use crate::ground::country::CountryCode;
use crate::ground::time::Date;
use crate::privacy::rights::kinds::{PauseReason, RightsRegime, SubjectRight};

/// What a pause does to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseEffect {
    /// Nothing: the law knows no pause for the reason.
    None,
    /// The days from the question to the answer do not count.
    Days,
    /// The day of the question, the day of the answer and those between do not count.
    DaysInclusive,
    /// The time begins anew with the answer.
    Restart,
}

/// By how much the time to answer can be extended. The requester must be told before the time without it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// By how much.
    pub by: Period,
}

/// Which rights a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rights {
    /// Those that are answered: all but opt-outs and complaints.
    Answered,
    /// The opt-outs of California.
    OptOut,
    /// Complaints to the controller.
    Complaint,
}

/// Whose working days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    /// Those of the country of the controller.
    Controller,
    /// Those of one country.
    Country(&'static str),
}

/// The clock of a law for some rights, as it is in force from a day to a day.
#[derive(Clone, Copy, Debug)]
pub struct ClockRule {
    /// The law.
    pub regime: RightsRegime,
    rights: Rights,
    /// From which day on requests fall under it: year, month, day.
    from: (i32, u32, u32),
    /// The last day on which requests do.
    until: Option<(i32, u32, u32)>,
    /// By when the requester is told that the request was received.
    pub acknowledge: Option<Period>,
    /// By when the request is answered.
    pub answer: Option<Period>,
    /// By how much that can be extended.
    pub extension: Option<Extension>,
    identity: PauseEffect,
    clarification: PauseEffect,
    /// What happens when the time ends on a day on which nobody works.
    pub roll: Roll,
    place: Where,
    /// Whether the figures are the law's own, and not those that an authority recommends where the law says `timely`.
    pub statutory: bool,
    /// Where it is written.
    pub source: &'static str,
}

/// The beginning of all time, for laws that are in force already.
const ALWAYS: (i32, u32, u32) = (1, 1, 1);

/// What most rules have in common: nothing.
const NONE: ClockRule = ClockRule {
    regime: RightsRegime::Other,
    rights: Rights::Answered,
    from: ALWAYS,
    until: None,
    acknowledge: None,
    answer: None,
    extension: None,
    identity: PauseEffect::None,
    clarification: PauseEffect::None,
    roll: Roll::None,
    place: Where::Controller,
    statutory: true,
    source: "",
};

/// One month, which can be extended by two.
const MONTH: ClockRule = ClockRule {
    answer: Some(Period::Months(1)),
    extension: Some(Extension { by: Period::Months(2) }),
    roll: Roll::NextWorkingDay,
    ..NONE
};

/// The clocks, law by law.
const RULES: &[ClockRule] = &[
    ClockRule {
        regime: RightsRegime::Gdpr,
        identity: PauseEffect::Days,
        clarification: PauseEffect::Days,
        source: "GDPR Article 12(3), 12(6), recital 63; Regulation 1182/71 Article 3; EDPB Guidelines 01/2022, 5.3",
        ..MONTH
    },
    ClockRule {
        regime: RightsRegime::UkGdpr,
        until: Some((2026, 2, 4)),
        identity: PauseEffect::Restart,
        clarification: PauseEffect::Days,
        place: Where::Country("GB"),
        source: "UK GDPR Article 12(3) before the Data (Use and Access) Act 2025; ICO guidance on the right of access",
        ..MONTH
    },
    ClockRule {
        regime: RightsRegime::UkGdpr,
        from: (2026, 2, 5),
        identity: PauseEffect::Restart,
        clarification: PauseEffect::DaysInclusive,
        place: Where::Country("GB"),
        source: "UK GDPR Article 12A(1)-(5) (Data (Use and Access) Act 2025, s. 76)",
        ..MONTH
    },
    ClockRule {
        regime: RightsRegime::UkGdpr,
        rights: Rights::Complaint,
        from: (2026, 6, 19),
        acknowledge: Some(Period::Days(30)),
        place: Where::Country("GB"),
        source: "Data Protection Act 2018 s. 164A(3) (Data (Use and Access) Act 2025, s. 103)",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::SwissFadp,
        answer: Some(Period::Days(30)),
        source: "FADP Article 25(7); Data Protection Ordinance Article 18",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Ccpa,
        acknowledge: Some(Period::WorkingDays(10)),
        answer: Some(Period::Days(45)),
        extension: Some(Extension { by: Period::Days(45) }),
        place: Where::Country("US"),
        source: "California Civil Code 1798.130(a)(2)(A); 11 CCR 7021(a), (b): the time runs while the identity is verified",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Ccpa,
        rights: Rights::OptOut,
        answer: Some(Period::WorkingDays(15)),
        place: Where::Country("US"),
        source: "11 CCR 7026(f)(1), 7027(g)(1)",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::UsState,
        answer: Some(Period::Days(45)),
        extension: Some(Extension { by: Period::Days(45) }),
        place: Where::Country("US"),
        source: "Code of Virginia 59.1-577(B)(1); Colorado Revised Statutes 6-1-1306(2)(a)",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::UsState,
        rights: Rights::OptOut,
        answer: Some(Period::Days(45)),
        extension: Some(Extension { by: Period::Days(45) }),
        place: Where::Country("US"),
        source: "Code of Virginia 59.1-577(B)(1); Colorado Revised Statutes 6-1-1306(2)(a)",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Lgpd,
        // The simplified answer is owed at once.
        acknowledge: Some(Period::Days(0)),
        answer: Some(Period::Days(15)),
        source: "LGPD Article 19, I and II",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::LgpdSmallAgent,
        acknowledge: Some(Period::Days(15)),
        answer: Some(Period::Days(30)),
        source: "Resolution CD/ANPD 2/2022, Articles 14, I and 15; LGPD Article 19",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::QuebecLaw25,
        answer: Some(Period::Days(30)),
        source: "CQLR c. P-39.1, s. 32: silence is a refusal",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Pipeda,
        answer: Some(Period::Days(30)),
        extension: Some(Extension { by: Period::Days(30) }),
        source: "PIPEDA s. 8(3)-(5)",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Pipl,
        answer: Some(Period::Days(30)),
        statutory: false,
        source: "PIPL Articles 45, 50 say `timely`; 30 days are those of GB/T 35273-2020",
        ..NONE
    },
    ClockRule {
        regime: RightsRegime::Australia,
        answer: Some(Period::Days(30)),
        statutory: false,
        source: "Australian Privacy Principles 12.4, 13.5 say `within a reasonable period`; 30 days are those of the OAIC",
        ..NONE
    },
];

impl ClockRule {
    /// The rule for a right under a law for requests that are received on a day; `None` where there is no clock.
    pub fn find(regime: RightsRegime, right: SubjectRight, received: Date) -> Option<&'static Self> {
        let rights = match right {
            _ if right.is_opt_out() => Rights::OptOut,
            SubjectRight::Complaint => Rights::Complaint,
            _ => Rights::Answered,
        };
        RULES.iter().find(|rule| {
            rule.regime == regime
                && rule.rights == rights
                && day(rule.from).is_none_or(|from| from <= received)
                && rule.until.and_then(day).is_none_or(|until| received <= until)
        })
    }

    /// Whether a law knows a right at all: only some states of the USA know opt-outs, and California alone the
    /// limitation of sensitive data.
    pub fn is_known(regime: RightsRegime, right: SubjectRight) -> bool {
        match right {
            SubjectRight::LimitSensitive => matches!(regime, RightsRegime::Ccpa | RightsRegime::Other),
            SubjectRight::DoNotSell => {
                matches!(regime, RightsRegime::Ccpa | RightsRegime::UsState | RightsRegime::Other)
            }
            _ => true,
        }
    }

    /// What a pause for a reason does.
    pub fn pause_effect(&self, reason: PauseReason) -> PauseEffect {
        match reason {
            PauseReason::Identity => self.identity,
            PauseReason::Clarification => self.clarification,
        }
    }

    /// The working days that count, for a controller in a country.
    pub fn calendar(&self, controller: CountryCode) -> Calendar {
        match self.place {
            Where::Controller => Calendar::of_country(controller.code()),
            Where::Country(code) => Calendar::of_country(code),
        }
    }
}

fn day((year, month, day): (i32, u32, u32)) -> Option<Date> {
    Date::from_ymd_opt(year, month, day)
}
