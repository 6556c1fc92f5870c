//! The clocks of requests, law by law: each row names where it is written.
use crm_core::privacy::rights::clock::{
    Calendar, ClockEvent, ClockRule, Deadlines, PauseEffect, Roll, deadlines,
};
use crm_core::privacy::rights::{PauseReason, RightsRegime, SubjectRight};
use crm_core::{Date, parse_date};
use proptest::prelude::*;

const IDENTITY: PauseReason = PauseReason::Identity;
const CLARIFICATION: PauseReason = PauseReason::Clarification;

fn date(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn pause(from: &str, to: &str, reason: PauseReason) -> Vec<ClockEvent> {
    vec![ClockEvent::Pause(date(from), reason), ClockEvent::Resume(date(to))]
}

fn extend(on: &str) -> Vec<ClockEvent> {
    vec![ClockEvent::Extend(date(on))]
}

fn country(code: &str) -> crm_core::ground::country::CountryCode {
    crm_core::ground::country::CountryCode::from_code(code).unwrap()
}

/// The deadlines of a request to a controller in a country.
fn run(
    regime: RightsRegime,
    right: SubjectRight,
    received: &str,
    controller: &str,
    events: &[ClockEvent],
) -> Option<Deadlines> {
    let rule = ClockRule::find(regime, right, date(received))?;
    Some(deadlines(rule, date(received), events, &rule.calendar(country(controller))))
}

/// A request, what happened to it, when it is due, and which law says so.
type Row<'a> = (&'a str, &'a str, Vec<ClockEvent>, &'a str, &'a str);

fn check(regime: RightsRegime, right: SubjectRight, rows: &[Row<'_>]) {
    for (received, controller, events, due, source) in rows {
        let found = run(regime, right, received, controller, events).unwrap();
        assert_eq!(found.due, Some(date(due)), "{received} in {controller}: {source}");
    }
}

#[test]
fn a_month_of_the_gdpr_is_a_calendar_month() {
    let month_end = "GDPR 12(3); Regulation 1182/71, 3(2)(c): the last day of a month without the date";
    let weekend = "GDPR 12(3); Regulation 1182/71, 3(4): the next working day";
    let holiday = "GDPR 12(3); Regulation 1182/71, 3(3), 3(4): holidays are those of the member state";
    check(
        RightsRegime::Gdpr,
        SubjectRight::Access,
        &[
            ("2026-01-31", "DE", vec![], "2026-03-02", weekend),
            ("2028-01-31", "DE", vec![], "2028-02-29", month_end),
            ("2028-02-29", "DE", vec![], "2028-03-29", "GDPR 12(3): the same date of the next month"),
            ("2026-08-31", "DE", vec![], "2026-09-30", month_end),
            ("2025-12-31", "DE", vec![], "2026-02-02", weekend),
            ("2026-03-05", "DE", vec![], "2026-04-07", holiday),
            ("2026-03-05", "ES", vec![], "2026-04-06", "Real Decreto 2001/1983: no Easter Monday"),
            ("2026-11-25", "DE", vec![], "2026-12-28", holiday),
            ("2026-09-26", "AT", vec![], "2026-10-27", "Feiertagsruhegesetz 1957, § 1: 26 October"),
            ("2026-09-26", "DE", vec![], "2026-10-26", holiday),
            ("2026-06-14", "FR", vec![], "2026-07-15", "Code du travail L3133-1: 14 July"),
            ("2026-05-02", "IT", vec![], "2026-06-03", "Legge 336/2000: 2 June"),
            ("2027-09-04", "IT", vec![], "2027-10-05", "Legge 151/2025: 4 October since 2026"),
            ("2021-09-04", "IT", vec![], "2021-10-04", "Legge 151/2025: not before"),
            ("2026-03-27", "NL", vec![], "2026-04-28", "Algemene termijnenwet 3: the King's Day"),
            ("2025-11-24", "PL", vec![], "2025-12-29", "Ustawa o dniach wolnych: 24 December since 2025"),
            ("2024-11-24", "PL", vec![], "2024-12-24", "Ustawa o dniach wolnych: not before"),
            ("2026-04-21", "BE", vec![], "2026-05-21", "GDPR 12(3)"),
            ("2026-06-21", "BE", vec![], "2026-07-22", "Koninklijk besluit of 18 April 1974: 21 July"),
            ("2026-05-23", "LU", vec![], "2026-06-24", "Code du travail L. 232-2: 23 June"),
            ("2026-11-25", "JP", vec![], "2026-12-25", "a country that is not known has weekends only"),
        ],
    );
}

#[test]
fn a_month_of_the_gdpr_is_extended_and_suspended() {
    let extension = "GDPR 12(3): by two further months, told within the first";
    let suspension = "GDPR 12(6); EDPB Guidelines 01/2022, 5.3: until the identity is known";
    let specified = "GDPR recital 63; EDPB Guidelines 01/2022, 5.3: until it is specified";
    let mut paused_and_extended = pause("2026-03-20", "2026-03-27", IDENTITY);
    paused_and_extended.extend(extend("2026-04-15"));
    let mut twice = pause("2026-03-12", "2026-03-14", IDENTITY);
    twice.extend(pause("2026-03-20", "2026-03-27", CLARIFICATION));
    let mut extended_and_paused = extend("2026-03-15");
    extended_and_paused.extend(pause("2026-04-20", "2026-04-30", CLARIFICATION));
    check(
        RightsRegime::Gdpr,
        SubjectRight::Erasure,
        &[
            ("2026-01-31", "DE", extend("2026-02-10"), "2026-04-30", extension),
            ("2025-11-30", "DE", extend("2025-12-10"), "2026-03-02", "two months later is no 30 February"),
            ("2026-03-10", "DE", pause("2026-03-20", "2026-03-27", IDENTITY), "2026-04-17", suspension),
            ("2026-03-10", "DE", pause("2026-03-20", "2026-03-27", CLARIFICATION), "2026-04-17", specified),
            ("2026-03-10", "DE", pause("2026-03-20", "2026-03-20", IDENTITY), "2026-04-10", suspension),
            ("2026-01-15", "DE", pause("2026-01-28", "2026-02-05", IDENTITY), "2026-02-23", suspension),
            ("2026-03-10", "DE", twice, "2026-04-20", "pauses add up, and 19 April is a Sunday"),
            ("2026-03-10", "DE", paused_and_extended, "2026-06-17", extension),
            ("2026-03-10", "DE", extended_and_paused, "2026-06-22", "20 June is a Saturday"),
            ("2026-03-10", "DE", extend("2026-04-13"), "2026-04-10", "GDPR 12(3): told too late"),
            (
                "2026-03-10",
                "DE",
                [extend("2026-03-12"), extend("2026-05-12")].concat(),
                "2026-06-10",
                extension,
            ),
            ("2026-03-10", "DE", pause("2026-04-13", "2026-05-13", IDENTITY), "2026-04-10", "asked too late"),
            (
                "2026-03-10",
                "DE",
                vec![ClockEvent::Resume(date("2026-03-20"))],
                "2026-04-10",
                "nothing to resume",
            ),
        ],
    );
}

#[test]
fn a_clock_that_stands_still_says_so() {
    let events = [ClockEvent::Pause(date("2026-03-20"), IDENTITY)];
    let found = run(RightsRegime::Gdpr, SubjectRight::Access, "2026-03-10", "DE", &events).unwrap();
    assert_eq!(found.paused, Some((date("2026-03-20"), IDENTITY)));
    assert_eq!((found.due, found.extend_by), (Some(date("2026-04-10")), Some(date("2026-04-10"))));
    assert!(!found.extended);
    let found =
        run(RightsRegime::Gdpr, SubjectRight::Access, "2026-03-10", "DE", &extend("2026-03-12")).unwrap();
    assert_eq!((found.extended, found.extend_by), (true, None));
}

#[test]
fn the_united_kingdom_stops_the_clock() {
    let section_76 = "UK GDPR 12A(5) (DUAA 2025, s. 76): both days do not count";
    let relevant = "UK GDPR 12A(2)(b): the time begins with the proof of identity";
    check(
        RightsRegime::UkGdpr,
        SubjectRight::Access,
        &[
            ("2025-09-03", "GB", vec![], "2025-10-03", "ICO, Right of access: the corresponding date"),
            ("2026-03-02", "GB", pause("2026-03-04", "2026-03-20", IDENTITY), "2026-04-20", relevant),
            ("2026-03-02", "GB", pause("2026-03-09", "2026-03-13", CLARIFICATION), "2026-04-07", section_76),
            (
                "2026-01-12",
                "GB",
                pause("2026-01-19", "2026-01-23", CLARIFICATION),
                "2026-02-16",
                "ICO, before DUAA",
            ),
            ("2026-03-02", "GB", extend("2026-03-20"), "2026-06-02", "UK GDPR 12A(3): two further months"),
            ("2023-04-08", "GB", vec![], "2023-05-09", "Proclamation of 6 November 2022: the coronation"),
            ("2020-04-08", "GB", vec![], "2020-05-11", "Proclamation of 7 June 2019: VE Day"),
            ("2020-04-04", "GB", vec![], "2020-05-04", "Proclamation of 7 June 2019: in place of 4 May"),
            ("2021-11-25", "GB", vec![], "2021-12-29", "Banking and Financial Dealings Act 1971, Schedule 1"),
            ("2026-11-25", "DE", vec![], "2026-12-29", "the holidays are those of the United Kingdom"),
        ],
    );
    let complaint = |received| run(RightsRegime::UkGdpr, SubjectRight::Complaint, received, "GB", &[]);
    let found = complaint("2026-07-01").unwrap();
    assert_eq!((found.acknowledge, found.due), (Some(date("2026-07-31")), None), "DPA 2018, 164A(3)");
    assert_eq!(complaint("2026-06-18"), None, "DUAA 2025, s. 103 is in force since 19 June 2026");
}

#[test]
fn the_united_states_count_days() {
    let know = "California Civil Code 1798.130(a)(2)(A)";
    check(
        RightsRegime::Ccpa,
        SubjectRight::Access,
        &[
            ("2026-11-20", "US", vec![], "2027-01-04", know),
            ("2026-11-20", "US", extend("2026-12-10"), "2027-02-18", know),
            ("2026-11-20", "US", extend("2027-01-05"), "2027-01-04", "told after the first 45 days"),
            ("2026-11-20", "US", pause("2026-11-23", "2026-12-20", IDENTITY), "2027-01-04", "11 CCR 7021(b)"),
            (
                "2026-11-20",
                "US",
                pause("2026-11-23", "2026-12-20", CLARIFICATION),
                "2027-01-04",
                "11 CCR 7021(b)",
            ),
        ],
    );
    let found = run(RightsRegime::Ccpa, SubjectRight::Access, "2026-11-20", "US", &[]).unwrap();
    assert_eq!(found.acknowledge, Some(date("2026-12-07")), "11 CCR 7021(a): ten business days");
    check(
        RightsRegime::Ccpa,
        SubjectRight::DoNotSell,
        &[
            ("2026-06-26", "US", vec![], "2026-07-20", "11 CCR 7026(f)(1); 5 USC 6103(b): 3 July"),
            ("2027-12-30", "DE", vec![], "2028-01-24", "11 CCR 7026(f)(1); 5 USC 6103(b): 31 December"),
            ("2026-06-26", "US", extend("2026-07-01"), "2026-07-20", "11 CCR 7026 knows no extension"),
        ],
    );
    check(
        RightsRegime::Ccpa,
        SubjectRight::LimitSensitive,
        &[("2026-06-26", "US", vec![], "2026-07-20", "11 CCR 7027(g)(1)")],
    );
    check(
        RightsRegime::UsState,
        SubjectRight::Correct,
        &[
            ("2026-01-31", "US", vec![], "2026-03-17", "Code of Virginia 59.1-577(B)(1)"),
            ("2026-01-31", "US", extend("2026-02-10"), "2026-05-01", "Code of Virginia 59.1-577(B)(1)"),
        ],
    );
}

#[test]
fn the_other_laws_count_days() {
    for (regime, received, events, due, source) in [
        (RightsRegime::Lgpd, "2026-01-31", vec![], "2026-02-15", "LGPD 19, II: 15 days"),
        (RightsRegime::LgpdSmallAgent, "2026-01-31", vec![], "2026-03-02", "CD/ANPD 2/2022, 14, I: double"),
        (RightsRegime::QuebecLaw25, "2026-01-31", vec![], "2026-03-02", "P-39.1, s. 32: 30 days"),
        (
            RightsRegime::QuebecLaw25,
            "2026-01-31",
            extend("2026-02-10"),
            "2026-03-02",
            "P-39.1, s. 46: only the CAI",
        ),
        (RightsRegime::Pipeda, "2026-01-31", vec![], "2026-03-02", "PIPEDA 8(3): 30 days"),
        (RightsRegime::Pipeda, "2026-01-31", extend("2026-02-20"), "2026-04-01", "PIPEDA 8(4): 30 more"),
        (
            RightsRegime::Pipeda,
            "2026-01-31",
            pause("2026-02-02", "2026-02-12", IDENTITY),
            "2026-03-02",
            "PIPEDA 8(3)",
        ),
        (RightsRegime::Pipl, "2026-01-31", vec![], "2026-03-02", "GB/T 35273-2020: 30 days"),
        (RightsRegime::Australia, "2026-01-31", vec![], "2026-03-02", "OAIC on APP 12: 30 days"),
        (RightsRegime::SwissFadp, "2026-01-31", vec![], "2026-03-02", "FADP 25(7): 30 days"),
    ] {
        check(regime, SubjectRight::Access, &[(received, "DE", events, due, source)]);
    }
    let acknowledged =
        |regime| run(regime, SubjectRight::Access, "2026-01-31", "BR", &[]).unwrap().acknowledge;
    assert_eq!(acknowledged(RightsRegime::Lgpd), Some(date("2026-01-31")), "LGPD 19, I: at once");
    assert_eq!(acknowledged(RightsRegime::LgpdSmallAgent), Some(date("2026-02-15")), "CD/ANPD 2/2022, 15");
    let statutory =
        |regime| ClockRule::find(regime, SubjectRight::Access, date("2026-01-31")).unwrap().statutory;
    assert!(!statutory(RightsRegime::Pipl) && !statutory(RightsRegime::Australia));
    assert!(statutory(RightsRegime::Gdpr) && statutory(RightsRegime::Ccpa));
    assert!(ClockRule::find(RightsRegime::Other, SubjectRight::Access, date("2026-01-31")).is_none());
    assert!(ClockRule::find(RightsRegime::Gdpr, SubjectRight::Complaint, date("2026-07-01")).is_none());
}

#[test]
fn every_rule_has_its_source() {
    let mut rules = 0;
    for regime in RightsRegime::ALL {
        for right in SubjectRight::ALL {
            if let Some(rule) = ClockRule::find(*regime, *right, date("2026-11-21")) {
                rules += 1;
                assert!(rule.source.len() > 15, "{regime} {right}");
                assert!(rule.acknowledge.is_some() || rule.answer.is_some(), "{regime} {right}");
            }
        }
    }
    assert!(rules > 80, "{rules}");
    for (regime, right, known) in [
        (RightsRegime::Gdpr, SubjectRight::DoNotSell, false),
        (RightsRegime::Ccpa, SubjectRight::DoNotSell, true),
        (RightsRegime::UsState, SubjectRight::DoNotSell, true),
        (RightsRegime::UsState, SubjectRight::LimitSensitive, false),
        (RightsRegime::Lgpd, SubjectRight::Portability, true),
    ] {
        assert_eq!(ClockRule::is_known(regime, right), known, "{regime} {right}");
    }
}

#[test]
fn holidays_are_those_of_the_official_lists() {
    for (code, year, source, days) in [
        (
            "DE",
            2026,
            "Bundesministerium des Innern, gesetzliche Feiertage",
            "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
        ),
        (
            "FR",
            2026,
            "service-public.fr, jours fériés",
            "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
        ),
        (
            "AT",
            2026,
            "oesterreich.gv.at, Feiertage",
            "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26",
        ),
        (
            "IT",
            2026,
            "Governo, festività nazionali",
            "01-01 01-06 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26",
        ),
        ("ES", 2026, "BOE, fiestas laborales", "01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25"),
        ("NL", 2026, "Algemene termijnenwet, 3", "01-01 04-03 04-06 04-27 05-05 05-14 05-25 12-25 12-26"),
        (
            "NL",
            2025,
            "the King's Day is on a Saturday",
            "01-01 04-18 04-21 04-26 05-05 05-29 06-09 12-25 12-26",
        ),
        (
            "GB",
            2026,
            "gov.uk, bank holidays in England and Wales",
            "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
        ),
        (
            "GB",
            2022,
            "gov.uk, bank holidays in England and Wales",
            "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
        ),
        (
            "US",
            2026,
            "OPM, federal holidays",
            "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
        ),
        (
            "US",
            2021,
            "OPM, federal holidays",
            "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24",
        ),
        (
            "CA",
            2026,
            "Canada Labour Code, 166, 195",
            "01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-28",
        ),
    ] {
        let expected: Vec<String> = days.split(' ').map(|day| format!("{year}-{day}")).collect();
        let found: Vec<String> =
            Calendar::of_country(code).holidays_of(year).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{code} {year}: {source}");
    }
    assert!(Calendar::countries().count() >= 12);
}

#[test]
fn easter_is_where_it_was_and_will_be() {
    // Meeus, Astronomical Algorithms, chapter 8; Butcher's Ecclesiastical Calendar.
    for easter in [
        "1818-03-22",
        "1886-04-25",
        "1943-04-25",
        "1954-04-18",
        "1991-03-31",
        "2000-04-23",
        "2008-03-23",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25",
        "2049-04-18",
    ] {
        let monday = date(easter).succ_opt().unwrap();
        assert!(Calendar::of_country("DE").is_holiday(monday), "{easter}");
    }
}

#[test]
fn a_host_adds_days() {
    let bavaria = Calendar::of_country("DE").with([date("2026-01-06")]);
    let rule = ClockRule::find(RightsRegime::Gdpr, SubjectRight::Access, date("2025-12-06")).unwrap();
    let due = |calendar: &Calendar| deadlines(rule, date("2025-12-06"), &[], calendar).due;
    assert_eq!(due(&bavaria), Some(date("2026-01-07")));
    assert_eq!(due(&Calendar::of_country("DE")), Some(date("2026-01-06")));
}

fn later(day: Date, days: u64) -> Date {
    day.checked_add_days(chrono::Days::new(days)).unwrap()
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_u64..20_000).prop_map(|days| later(date("2000-01-01"), days))
}

fn any_rule() -> impl Strategy<Value = (RightsRegime, SubjectRight)> {
    (proptest::sample::select(RightsRegime::ALL), proptest::sample::select(SubjectRight::ALL))
}

fn any_reason() -> impl Strategy<Value = PauseReason> {
    proptest::sample::select(PauseReason::ALL)
}

/// What may happen to a request, day by day: events in the order of time.
fn any_events(received: Date) -> impl Strategy<Value = Vec<ClockEvent>> {
    proptest::collection::vec((0_u64..25, 0_u8..3, any_reason()), 0..8).prop_map(move |steps| {
        let mut day = received;
        steps
            .into_iter()
            .map(|(days, kind, reason)| {
                day = later(day, days);
                match kind {
                    0 => ClockEvent::Pause(day, reason),
                    1 => ClockEvent::Resume(day),
                    _ => ClockEvent::Extend(day),
                }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn what_happens_never_makes_it_due_earlier(
        (received, events) in any_day().prop_flat_map(|day| (Just(day), any_events(day))),
        (regime, right) in any_rule(),
        controller in proptest::sample::select(vec!["DE", "FR", "AT", "US", "GB", "JP"]),
    ) {
        let Some(rule) = ClockRule::find(regime, right, received) else { return Ok(()) };
        let calendar = rule.calendar(country(controller));
        let mut before = deadlines(rule, received, &[], &calendar).due;
        prop_assert!(before.is_none_or(|due| due >= received));
        for count in 1..=events.len() {
            let found = deadlines(rule, received, &events[..count], &calendar);
            prop_assert!(found.due >= before, "{:?}", &events[..count]);
            before = found.due;
            if let (Some(due), Roll::NextWorkingDay) = (found.due, rule.roll) {
                prop_assert!(calendar.is_working_day(due));
            }
            prop_assert!(!(found.extended && found.extend_by.is_some()));
        }
    }

    #[test]
    fn who_asks_later_is_not_answered_earlier(
        received in any_day(),
        days in 0_u64..60,
        (regime, right) in any_rule(),
    ) {
        let due = |day| run(regime, right, &Date::to_string(&day), "DE", &[]).and_then(|found| found.due);
        // A newer version of a law may be shorter; within one, the order stays.
        let rule = |day| ClockRule::find(regime, right, day).map(|rule| rule.source);
        let second = later(received, days);
        if rule(received) == rule(second) {
            prop_assert!(due(received) <= due(second));
        }
    }

    #[test]
    fn a_longer_pause_is_never_worth_less(
        received in any_day(),
        (from, short, more) in (0_u64..28, 0_u64..40, 0_u64..40),
        (regime, right) in any_rule(),
        reason in any_reason(),
    ) {
        let due = |days: u64| {
            let events = [
                ClockEvent::Pause(later(received, from), reason),
                ClockEvent::Resume(later(received, from + days)),
            ];
            run(regime, right, &received.to_string(), "DE", &events).and_then(|found| found.due)
        };
        prop_assert!(due(short) <= due(short + more));
    }

    #[test]
    fn more_holidays_never_make_it_due_earlier(
        received in any_day(),
        more in proptest::collection::vec(0_u64..120, 0..6),
        (regime, right) in any_rule(),
    ) {
        let Some(rule) = ClockRule::find(regime, right, received) else { return Ok(()) };
        let calendar = rule.calendar(country("DE"));
        let fuller = calendar.clone().with(more.into_iter().map(|days| later(received, days)));
        let (plain, full) =
            (deadlines(rule, received, &[], &calendar), deadlines(rule, received, &[], &fuller));
        prop_assert!(full.due >= plain.due && full.acknowledge >= plain.acknowledge);
    }
}

#[test]
fn a_law_that_knows_no_pause_is_not_moved_by_one() {
    for regime in RightsRegime::ALL {
        let Some(rule) = ClockRule::find(*regime, SubjectRight::Access, date("2026-03-10")) else { continue };
        for reason in PauseReason::ALL {
            let events = pause("2026-03-12", "2026-03-20", *reason);
            let due =
                |events: &[ClockEvent]| deadlines(rule, date("2026-03-10"), events, &Calendar::default()).due;
            let moves = rule.pause_effect(*reason) != PauseEffect::None;
            assert_eq!(due(&events) > due(&[]), moves, "{regime} {reason}");
        }
    }
}
