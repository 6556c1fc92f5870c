//! How long statutes want records to be kept, as dated data. Not legal advice: hosts add what holds for them by rules.

use super::kinds::StatutoryClass;
use crate::error::{CrmError, Result};
use crate::ground::time::Date;

/// From when the time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorStart {
    /// From the end of the calendar year of the event.
    YearEnd,
    /// From the event.
    Event,
}

/// One statutory period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatutoryFloor {
    /// ISO 3166-1 alpha-2, or ISO 3166-2.
    pub jurisdiction: &'static str,
    /// What the statute is about.
    pub class: StatutoryClass,
    /// From when on it holds: year, month, day. It then holds for records that are there already, too.
    pub since: (i32, u32, u32),
    /// How long, in months.
    pub months: u32,
    /// From when the time runs.
    pub start: FloorStart,
    /// The statute.
    pub source: &'static str,
}

const fn floor(
    jurisdiction: &'static str,
    class: StatutoryClass,
    since: (i32, u32, u32),
    months: u32,
    start: FloorStart,
    source: &'static str,
) -> StatutoryFloor {
    StatutoryFloor { jurisdiction, class, since, months, start, source }
}

/// All periods that are known, those of one class in the order in which they came into force.
pub const FLOORS: &[StatutoryFloor] = &[
    floor(
        "DE",
        StatutoryClass::Book,
        (1977, 1, 1),
        120,
        FloorStart::YearEnd,
        "HGB § 257(1) no. 1, (4), (5); AO § 147(1) no. 1, (3), (4)",
    ),
    floor(
        "DE",
        StatutoryClass::Invoice,
        (1998, 12, 24),
        120,
        FloorStart::YearEnd,
        "UStG § 14b(1); AO § 147(3) as before 2025",
    ),
    floor(
        "DE",
        StatutoryClass::Invoice,
        (2025, 1, 1),
        96,
        FloorStart::YearEnd,
        "UStG § 14b(1); AO § 147(3); Viertes Bürokratieentlastungsgesetz, BGBl. 2024 I no. 323",
    ),
    floor(
        "DE",
        StatutoryClass::Voucher,
        (1998, 12, 24),
        120,
        FloorStart::YearEnd,
        "HGB § 257(1) no. 4, (4), (5); AO § 147(1) no. 4, (3) as before 2025",
    ),
    floor(
        "DE",
        StatutoryClass::Voucher,
        (2025, 1, 1),
        96,
        FloorStart::YearEnd,
        "HGB § 257(4); AO § 147(3); Viertes Bürokratieentlastungsgesetz, BGBl. 2024 I no. 323",
    ),
    floor(
        "DE",
        StatutoryClass::Letter,
        (1977, 1, 1),
        72,
        FloorStart::YearEnd,
        "HGB § 257(1) nos. 2, 3, (4), (5); AO § 147(1) nos. 2, 3, (3), (4)",
    ),
    floor("DE", StatutoryClass::CallConsent, (2021, 10, 1), 60, FloorStart::Event, "UWG § 7a(2)"),
    floor("US", StatutoryClass::DoNotCall, (2005, 4, 1), 60, FloorStart::Event, "47 CFR 64.1200(d)(6)"),
    floor(
        "US-VA",
        StatutoryClass::DoNotCall,
        (2026, 1, 1),
        120,
        FloorStart::Event,
        "Code of Virginia § 59.1-514 as amended for text messages",
    ),
    floor("US-CA", StatutoryClass::RightsRequest, (2020, 8, 14), 24, FloorStart::Event, "11 CCR 7101(a)"),
    floor(
        "CA",
        StatutoryClass::DoNotCall,
        (2008, 9, 30),
        36,
        FloorStart::Event,
        "CRTC Unsolicited Telecommunications Rules, Part III",
    ),
];

/// The period that is in force on a day.
///
/// # Errors
/// `retention.floor.unknown` when none is known for the class there.
pub fn in_force(jurisdiction: &str, class: StatutoryClass, on: Date) -> Result<&'static StatutoryFloor> {
    let known = |floor: &&StatutoryFloor| {
        let (year, month, day) = floor.since;
        floor.class == class
            && floor.jurisdiction == jurisdiction
            && Date::from_ymd_opt(year, month, day).is_some_and(|since| since <= on)
    };
    FLOORS.iter().rfind(known).ok_or_else(|| {
        let reason = "no statutory period of this class is known there";
        CrmError::invalid("retention.floor.unknown", reason).at("statutory_class")
    })
}

impl StatutoryFloor {
    /// The last day on which a record of this event must still be there.
    ///
    /// ```
    /// use crm_core::Date;
    /// use crm_core::privacy::retention::{StatutoryClass, floors};
    /// let day = |y, m, d| Date::from_ymd_opt(y, m, d).expect("a day");
    /// let floor = floors::in_force("DE", StatutoryClass::Invoice, day(2026, 11, 28))?;
    /// assert_eq!(floor.until(day(2024, 3, 7)), day(2032, 12, 31));
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn until(&self, event: Date) -> Date {
        use chrono::{Datelike, Months};
        let start = match self.start {
            FloorStart::YearEnd => Date::from_ymd_opt(event.year(), 12, 31).unwrap_or(event),
            FloorStart::Event => event,
        };
        start.checked_add_months(Months::new(self.months)).unwrap_or(Date::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_when_their_statute_says() {
        let day = |text: &str| crate::parse_date(text).unwrap();
        for (jurisdiction, class, on, event, until) in [
            ("DE", StatutoryClass::Invoice, "2024-12-31", "2020-05-01", "2030-12-31"),
            ("DE", StatutoryClass::Invoice, "2025-01-01", "2020-05-01", "2028-12-31"),
            ("DE", StatutoryClass::Voucher, "2026-01-01", "2025-12-31", "2033-12-31"),
            ("DE", StatutoryClass::Letter, "2026-01-01", "2026-01-01", "2032-12-31"),
            ("DE", StatutoryClass::Book, "2026-01-01", "2015-06-30", "2025-12-31"),
            ("DE", StatutoryClass::CallConsent, "2026-01-01", "2024-02-29", "2029-02-28"),
            ("US", StatutoryClass::DoNotCall, "2026-01-01", "2026-03-01", "2031-03-01"),
            ("US-VA", StatutoryClass::DoNotCall, "2026-01-01", "2026-03-01", "2036-03-01"),
            ("US-CA", StatutoryClass::RightsRequest, "2026-01-01", "2026-01-31", "2028-01-31"),
            ("CA", StatutoryClass::DoNotCall, "2026-01-01", "2026-01-31", "2029-01-31"),
        ] {
            let floor = in_force(jurisdiction, class, day(on)).unwrap();
            assert_eq!(floor.until(day(event)), day(until), "{jurisdiction} {class:?} on {on}");
        }
        for (jurisdiction, class, on) in [
            ("FR", StatutoryClass::Invoice, "2026-01-01"),
            ("US-VA", StatutoryClass::DoNotCall, "2025-12-31"),
        ] {
            let error = in_force(jurisdiction, class, day(on)).unwrap_err();
            assert_eq!(error.code(), "retention.floor.unknown");
        }
    }

    #[test]
    fn later_periods_stand_after_earlier_ones() {
        for (at, floor) in FLOORS.iter().enumerate() {
            for earlier in &FLOORS[..at] {
                let same = earlier.class == floor.class && earlier.jurisdiction == floor.jurisdiction;
                assert!(!same || earlier.since < floor.since, "{floor:?}");
            }
        }
    }
}
