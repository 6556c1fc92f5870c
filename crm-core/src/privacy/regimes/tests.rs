//! The tables of the regimes hold together.

use std::collections::BTreeSet;

use super::area_codes::AREA_CODES;
use super::regime::Reach;
use super::rule_set::REGIMES;
use super::zones::zones_of;
use super::*;
use crate::ground::zone::Zone;
use crate::privacy::kinds::PurposeClass;

fn exists(place: Place) -> bool {
    place.to_string().parse::<Place>() == Ok(place)
}

#[test]
fn places_of_the_tables_exist() {
    for regime in REGIMES {
        if let Reach::PeopleAndControllers(places) | Reach::People(places) = regime.reach {
            assert!(places.iter().all(|place| exists(*place)), "{}", regime.key);
        }
        for rule in regime.rules() {
            if let Territory::In(places) | Territory::Outside(places) = rule.territory {
                assert!(!places.is_empty(), "{}", rule.source);
                for place in places {
                    assert!(exists(*place) && regime.protects(*place), "{place}: {}", rule.source);
                }
            }
        }
    }
}

#[test]
fn regimes_stand_in_the_order_of_their_keys_and_have_clocks() {
    assert_eq!(REGIMES.map(|regime| regime.key).as_slice(), RegimeKey::ALL);
    for regime in REGIMES {
        assert!(regime.clock.parse::<Zone>().is_ok(), "{}", regime.key);
        assert!(regime.rules().next().is_some(), "{}", regime.key);
    }
}

#[test]
fn rules_have_sources_and_reach_somebody() {
    for rule in REGIMES.iter().flat_map(|regime| regime.rules()) {
        assert!(rule.source.len() > 5 && rule.from < rule.until, "{}", rule.source);
        assert_ne!(rule.channels, Channels::NONE, "{}", rule.source);
        assert_ne!(rule.classes, Classes::NONE, "{}", rule.source);
        assert_ne!(rule.subjects, Subjects::NONE, "{}", rule.source);
        // What a law demands of its own is stopped by no rule that asks for a ground.
        let stops_legal = matches!(rule.kind, RuleKind::Needs(_)) && rule.classes.has(PurposeClass::Legal);
        assert!(!stops_legal, "{}", rule.source);
    }
}

#[test]
fn hours_are_sorted_and_lie_within_the_day() {
    for rule in REGIMES.iter().flat_map(|regime| regime.rules()) {
        let RuleKind::Hours(table) = rule.kind else { continue };
        for spans in table.days {
            assert!(spans.iter().all(|(from, to)| from < to && *to <= 1_440), "{}", rule.source);
            assert!(spans.is_sorted_by(|left, right| left.1 < right.0), "{}", rule.source);
        }
    }
}

#[test]
fn area_codes_are_sorted_and_belong_to_one_place() {
    let mut seen = BTreeSet::new();
    for (place, codes) in AREA_CODES {
        assert!(exists(*place) && codes.is_sorted_by(|left, right| left < right), "{place}");
        assert!(codes.iter().all(|code| (201..=989).contains(code) && seen.insert(*code)), "{place}");
    }
    for (number, place) in [
        ("+13055550100", Some("US-FL")),
        ("+1 (514) 555-0100", Some("CA-QC")),
        ("+12425550100", None),
        ("+4930901820", None),
        ("+1", None),
        ("", None),
    ] {
        assert_eq!(Place::of_north_american(number), place.map(|place| place.parse().unwrap()), "{number}");
    }
}

#[test]
fn every_covered_place_has_zones() {
    let check = |place: Place| {
        for name in zones_of(place) {
            assert!(name.parse::<Zone>().is_ok(), "{name}");
        }
        !zones_of(place).is_empty()
    };
    for (place, _) in AREA_CODES {
        assert!(check(*place), "{place}");
    }
    for place in ["DE", "GB", "US", "US-NV", "CA", "CA-NU", "BR", "CN", "AU", "AU-NSW", "ES-CN"] {
        assert!(check(place.parse().unwrap()), "{place}");
    }
    assert!(!check("JP".parse().unwrap()));
}

#[test]
fn places_are_read() {
    for (code, expected) in [
        ("DE", Some(("DE", ""))),
        ("US-CA", Some(("US", "CA"))),
        ("GB-ENG", Some(("GB", "ENG"))),
        ("FR-2A", Some(("FR", "2A"))),
        ("FR-75", Some(("FR", "75"))),
        ("de", None),
        ("D", None),
        ("", None),
        ("US-", None),
        ("US-CALI", None),
        ("XX", None),
        ("US_CA", None),
        ("ÄÖ", None),
    ] {
        let place = code.parse::<Place>();
        assert_eq!(
            place.as_ref().map_or(None, |place| Some((place.country(), place.part()))),
            expected,
            "{code}"
        );
    }
    assert_eq!("US-".parse::<Place>().unwrap_err().code(), "place.unknown");
    let read = |country, part| Place::from_residence(country, part).map_err(|error| error.code().to_owned());
    assert_eq!(read(None, None), Ok(None));
    assert_eq!(read(Some("US"), Some("US-CA")), Ok("US-CA".parse().ok()));
    assert_eq!(read(Some("US"), None), Ok("US".parse().ok()));
    assert_eq!(read(Some("us"), None), Err("place.unknown".to_owned()));
}

#[test]
fn the_stricter_duty_stays() {
    let honour = |amount| Obligation::of(ObligationCode::HonourOptOut, amount);
    let keep = |amount| Obligation::of(ObligationCode::KeepOptOutAlive, amount);
    for (left, right, expected) in [
        (honour(Amount::BusinessDays(10)), honour(Amount::Days(0)), honour(Amount::Days(0))),
        (honour(Amount::BusinessDays(10)), honour(Amount::BusinessDays(5)), honour(Amount::BusinessDays(5))),
        (honour(Amount::BusinessDays(10)), honour(Amount::Days(10)), honour(Amount::Days(10))),
        (keep(Amount::Days(30)), keep(Amount::Days(60)), keep(Amount::Days(60))),
        (keep(Amount::Days(60)), Obligation::plain(ObligationCode::KeepOptOutAlive), keep(Amount::Days(60))),
    ] {
        assert_eq!((left.stricter(right), right.stricter(left)), (expected, expected));
    }
}

#[test]
fn a_choice_of_regimes_is_part_of_the_identifier() {
    let all = RuleSet::all();
    assert_eq!(all.id(), RuleSet::of(RegimeSet::ALL).id());
    let mut seen = BTreeSet::from([all.id().to_string()]);
    for key in RegimeKey::ALL {
        let fewer = RuleSet::of(RegimeSet::ALL.without(*key));
        assert!(seen.insert(fewer.id().to_string()), "{key}");
        assert!(fewer.regimes().all(|regime| regime.key != *key) && !fewer.enabled().has(*key));
    }
}

/// The identifier stands for the rules. Whoever changes a rule changes the version, too, and then this test.
#[test]
fn the_rules_are_those_of_the_version() {
    assert_eq!(RuleSet::all().id().to_string(), "2026-11-28-beff34f58ddb1808");
}

#[test]
fn words_that_revoke() {
    for word in ["stop", "QUIT", "End.", "revoke", "Opt out", "OPT-OUT", "optout", "cancel", " unsubscribe "]
    {
        assert!(is_revocation(word), "{word}");
    }
    for text in ["stop by any time", "please continue", "", "the end"] {
        assert!(!is_revocation(text), "{text}");
    }
}
