//! Hours of the day: when a wall clock lets somebody be contacted, and when it will.

use chrono::NaiveTime;
use serde::Serialize;

use super::day::Day;
use super::holidays::Holidays;
use crate::ground::holidays::is_holiday;
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;

/// Times of a day from one minute after midnight to another, which is no longer in it.
pub type Span = (u16, u16);

/// When contacts may be made, by the wall clock of the person who is contacted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HourTable {
    /// The hours of each day, from Monday on.
    pub days: [&'static [Span]; 7],
    /// The days on which none may be made at all.
    pub holidays: Holidays,
}

/// How far ahead an opening is looked for: the longest row of closed days is far shorter.
const DAYS_AHEAD: i32 = 15;

const MICROS_OF_MINUTE: i64 = 60_000_000;
const MICROS_OF_DAY: i64 = 1_440 * MICROS_OF_MINUTE;

/// A moment by a wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WallTime {
    day: Day,
    /// Microseconds since midnight.
    of_day: i64,
}

impl WallTime {
    /// What the wall clock of a zone shows at a time.
    pub(crate) fn of(zone: Zone, time: Timestamp) -> Self {
        let local = time.micros() + i64::from(zone.offset_seconds(time)) * 1_000_000;
        let day = i32::try_from(local.div_euclid(MICROS_OF_DAY)).unwrap_or(i32::MAX);
        Self { day: Day::from_number(day), of_day: local.rem_euclid(MICROS_OF_DAY) }
    }

    /// The day.
    pub(crate) const fn day(self) -> Day {
        self.day
    }
}

impl HourTable {
    /// The same hours from Monday to Friday, others at the weekend, whatever holidays.
    pub(super) const fn weekly(
        weekdays: &'static [Span],
        saturday: &'static [Span],
        sunday: &'static [Span],
    ) -> Self {
        let days = [weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday];
        Self { days, holidays: super::holidays::NONE }
    }

    /// The same hours every day.
    pub(super) const fn daily(spans: &'static [Span]) -> Self {
        Self::weekly(spans, spans, spans)
    }

    /// The table with holidays, which are closed.
    pub(super) const fn closed_on(mut self, holidays: Holidays) -> Self {
        self.holidays = holidays;
        self
    }

    /// The hours of a day.
    fn spans(&self, day: Day) -> &'static [Span] {
        if self.is_closed_on(day) { &[] } else { self.days[day.weekday()] }
    }

    /// Whether a day is one of the holidays.
    fn is_closed_on(&self, day: Day) -> bool {
        day.date().is_some_and(|date| is_holiday(self.holidays, date))
    }

    /// Until when it is open, if it is: the minute of that day.
    pub(crate) fn open_until(&self, wall: WallTime) -> Option<(Day, u16)> {
        let within = |span: &&Span| {
            (i64::from(span.0) * MICROS_OF_MINUTE..i64::from(span.1) * MICROS_OF_MINUTE)
                .contains(&wall.of_day)
        };
        self.days[wall.day.weekday()]
            .iter()
            .find(within)
            .filter(|_| !self.is_closed_on(wall.day))
            .map(|span| (wall.day, span.1))
    }

    /// The first moment after a time at which it opens in a zone.
    pub(crate) fn next_opening(&self, zone: Zone, after: Timestamp) -> Option<Timestamp> {
        let today = WallTime::of(zone, after).day;
        (0..DAYS_AHEAD).map(|days| today.plus(days)).find_map(|day| {
            self.spans(day).iter().map(|span| moment(zone, day, span.0)).find(|opening| *opening > after)
        })
    }
}

/// The moment at which a wall clock shows a minute of a day; the end of the day for minute 1,440.
pub(crate) fn moment(zone: Zone, day: Day, minute: u16) -> Timestamp {
    let (day, minute) = if minute >= 1_440 { (day.plus(1), 0) } else { (day, minute) };
    let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0).unwrap_or_default();
    day.date().map_or(Timestamp::MAX, |date| zone.at(date, time))
}

/// The minute of the day, for tables.
pub(super) const fn at(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

/// Whole hours, for tables.
pub(super) const fn from_to(from: u16, to: u16) -> Span {
    (at(from, 0), at(to, 0))
}
