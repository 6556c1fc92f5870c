//! Public holidays on which a regime lets nobody be called.

use crate::ground::holidays::{Holiday, Observance, easter, on};

pub(super) use crate::ground::holidays::FRANCE;

/// The holidays of a regime. A day on which one is kept instead is closed as well.
pub type Holidays = &'static [Holiday];

/// None that matters.
pub(super) const NONE: Holidays = &[];

/// The national holidays of Spain that no community can replace. Source: Real Decreto 2001/1983, art. 45.
pub(super) const SPAIN: Holidays =
    &[on(1, 1), easter(-2), on(5, 1), on(8, 15), on(10, 12), on(11, 1), on(12, 6), on(12, 8), on(12, 25)];

/// The national public holidays of Australia. Source: Telecommunications (Telemarketing and Research Calls) Industry
/// Standard 2017, s. 5.
pub(super) const AUSTRALIA: Holidays = &[
    on(1, 1).observed(Observance::NextFree),
    on(1, 26).observed(Observance::NextFree),
    easter(-2),
    easter(1),
    on(4, 25),
    on(12, 25).observed(Observance::NextFree),
    on(12, 26).observed(Observance::NextFree),
];

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;
    use crate::ground::holidays::is_holiday;
    use crate::privacy::regimes::day::Day;

    #[test]
    fn holidays_of_a_year() {
        let check = |holidays: Holidays, year: i32, expected: &[(u32, u32)]| {
            let start = Day::on(year, 1, 1);
            let found: Vec<(u32, u32)> = (0..365)
                .map(|days| start.plus(days))
                .filter_map(Day::date)
                .filter(|day| is_holiday(holidays, *day))
                .map(|day| (day.month(), day.day()))
                .collect();
            assert_eq!(found, expected, "{year}");
        };
        let france =
            [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        check(FRANCE, 2026, &france);
        check(AUSTRALIA, 2026, &[(1, 1), (1, 26), (4, 3), (4, 6), (4, 25), (12, 25), (12, 26), (12, 28)]);
        // The first of January and Christmas fell on weekends.
        let australia = [(1, 1), (1, 3), (1, 26), (4, 15), (4, 18), (4, 25), (12, 25), (12, 26), (12, 27)];
        check(AUSTRALIA, 2022, &australia);
        check(NONE, 2026, &[]);
    }
}
