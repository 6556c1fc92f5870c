//! The laws of the fold, and the cases that its documentation names.

use proptest::prelude::*;

use super::*;

use ConsentStatus::{
    Expired, Given, Invalidated, Refused, Renewed, RequestDeferred, Requested, Terminated, Unknown, Withdrawn,
};

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

fn event(number: u8, kind: ConsentStatus, at: i64) -> FoldedEvent {
    FoldedEvent {
        id: id(number),
        kind,
        at: Timestamp::from_micros(at),
        origin: None,
        parents: Vec::new(),
        expires_at: None,
    }
}

/// An event of a device that knows of some others.
fn elsewhere(number: u8, kind: ConsentStatus, at: i64, origin: &str, parents: &[u8]) -> FoldedEvent {
    FoldedEvent {
        origin: Some(origin.into()),
        parents: parents.iter().map(|number| id(*number)).collect(),
        ..event(number, kind, at)
    }
}

fn naming(number: u8, at: i64, parents: &[u8]) -> FoldedEvent {
    FoldedEvent { origin: None, ..elsewhere(number, Invalidated, at, "", parents) }
}

fn until(event: FoldedEvent, end: i64) -> FoldedEvent {
    FoldedEvent { expires_at: Some(Timestamp::from_micros(end)), ..event }
}

fn status(events: &[FoldedEvent], at: i64) -> Option<(ConsentStatus, u8)> {
    let at = Timestamp::from_micros(at);
    fold(events, at).map(|event| (status_at(event.kind, event.expires_at, at), event.id.as_bytes()[0]))
}

#[test]
fn the_fold_follows_its_rules() {
    for (name, events, at, expected) in [
        ("nothing was said", vec![], 9, None),
        ("not yet", vec![event(1, Given, 5)], 4, None),
        ("given", vec![event(1, Given, 5)], 5, Some((Given, 1))),
        ("asked for", vec![event(1, Requested, 5)], 9, Some((Requested, 1))),
        (
            "put off",
            vec![event(1, Requested, 5), event(2, RequestDeferred, 6)],
            9,
            Some((RequestDeferred, 2)),
        ),
        (
            "asked for again while given",
            vec![event(1, Given, 5), event(2, Requested, 6)],
            9,
            Some((Given, 1)),
        ),
        ("a default is no consent", vec![event(1, Unknown, 5)], 9, Some((Unknown, 1))),
        ("renewed", vec![event(1, Given, 5), event(2, Renewed, 6)], 9, Some((Renewed, 2))),
        ("withdrawn later", vec![event(1, Given, 5), event(2, Withdrawn, 6)], 9, Some((Withdrawn, 2))),
        ("as of before", vec![event(1, Given, 5), event(2, Withdrawn, 6)], 5, Some((Given, 1))),
        (
            "withdrawn at the same time",
            vec![event(1, Given, 5), event(2, Withdrawn, 5)],
            9,
            Some((Withdrawn, 2)),
        ),
        ("given again", vec![event(1, Withdrawn, 5), event(2, Given, 6)], 9, Some((Given, 2))),
        ("refused, then given", vec![event(1, Refused, 5), event(2, Given, 6)], 9, Some((Given, 2))),
        (
            "ended by the controller",
            vec![event(1, Given, 5), event(2, Terminated, 6)],
            9,
            Some((Terminated, 2)),
        ),
        ("said to have run out", vec![event(1, Given, 5), event(2, Expired, 6)], 9, Some((Expired, 2))),
        ("not yet run out", vec![until(event(1, Given, 5), 9)], 8, Some((Given, 1))),
        ("run out", vec![until(event(1, Given, 5), 9)], 9, Some((Expired, 1))),
        (
            "given on a device that did not know of the withdrawal",
            vec![elsewhere(1, Withdrawn, 5, "a", &[]), elsewhere(2, Given, 6, "b", &[])],
            9,
            Some((Withdrawn, 1)),
        ),
        (
            "given on a device that knew of it",
            vec![elsewhere(1, Withdrawn, 5, "a", &[]), elsewhere(2, Given, 6, "b", &[1])],
            9,
            Some((Given, 2)),
        ),
        (
            "known by way of another event",
            vec![
                elsewhere(1, Withdrawn, 5, "a", &[]),
                elsewhere(2, Requested, 6, "a", &[]),
                elsewhere(3, Given, 7, "b", &[2]),
            ],
            9,
            Some((Given, 3)),
        ),
        (
            "a refusal lends its way to no other",
            vec![
                elsewhere(1, Withdrawn, 5, "a", &[]),
                elsewhere(2, Withdrawn, 6, "a", &[]),
                elsewhere(3, Given, 7, "b", &[2]),
            ],
            9,
            Some((Withdrawn, 1)),
        ),
        (
            "a parent that is later by its own clock",
            vec![elsewhere(1, Withdrawn, 6, "a", &[]), elsewhere(2, Given, 5, "b", &[1])],
            9,
            Some((Withdrawn, 1)),
        ),
        (
            "a grant that came before does not lift",
            vec![event(1, Given, 4), event(2, Withdrawn, 5), elsewhere(3, Given, 6, "b", &[1])],
            9,
            Some((Withdrawn, 2)),
        ),
        (
            "two withdrawals, one of them not known",
            vec![
                elsewhere(1, Withdrawn, 5, "a", &[]),
                elsewhere(2, Withdrawn, 5, "b", &[]),
                elsewhere(3, Given, 6, "b", &[]),
            ],
            9,
            Some((Withdrawn, 1)),
        ),
        (
            "a grant that was never valid",
            vec![event(1, Given, 5), naming(2, 6, &[1])],
            9,
            Some((Invalidated, 2)),
        ),
        (
            "what was before it stands again",
            vec![event(1, Given, 4), event(2, Renewed, 5), naming(3, 6, &[2])],
            9,
            Some((Given, 1)),
        ),
        ("it counted until then", vec![event(1, Given, 5), naming(2, 7, &[1])], 6, Some((Given, 1))),
        (
            "a withdrawal cannot be declared void",
            vec![event(1, Given, 4), event(2, Withdrawn, 5), naming(3, 6, &[2])],
            9,
            Some((Invalidated, 3)),
        ),
        (
            "a grant that was never valid lifts nothing",
            vec![event(1, Withdrawn, 4), event(2, Given, 5), naming(3, 6, &[2])],
            9,
            Some((Withdrawn, 1)),
        ),
        ("all of it invalid", vec![event(1, Given, 5), event(2, Invalidated, 6)], 9, Some((Invalidated, 2))),
    ] {
        assert_eq!(status(&events, at), expected, "{name}");
    }
}

/// Ledgers of up to a dozen events from two devices and the host, with parents among them.
fn ledgers() -> impl Strategy<Value = Vec<FoldedEvent>> {
    let kinds = prop::sample::select(ConsentStatus::ALL);
    let origins = prop::sample::select(vec![None, Some("a"), Some("b")]);
    let parents = prop::collection::vec(0_u8..12, 0..3);
    let expires = prop::option::of(1_i64..12);
    let event = (kinds, 0_i64..8, origins, parents, expires);
    prop::collection::vec(event, 0..12).prop_map(|events| {
        let number = |index: usize| u8::try_from(index).unwrap();
        let make = |(index, (kind, at, origin, parents, expires)): (
            usize,
            (_, _, Option<&str>, Vec<u8>, Option<i64>),
        )| {
            let made = elsewhere(number(index), kind, at, origin.unwrap_or_default(), &parents);
            FoldedEvent {
                origin: origin.map(str::to_owned),
                expires_at: expires.map(|after| Timestamp::from_micros(at + after)),
                ..made
            }
        };
        events.into_iter().enumerate().map(make).collect()
    })
}

fn is_valid(events: &[FoldedEvent], at: i64) -> bool {
    status(events, at).is_some_and(|(status, _)| status.is_valid())
}

fn with(events: &[FoldedEvent], more: FoldedEvent) -> Vec<FoldedEvent> {
    events.iter().cloned().chain([more]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (events, shuffled) in ledgers().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        at in 0_i64..12,
    ) {
        prop_assert_eq!(status(&events, at), status(&shuffled, at));
    }

    #[test]
    fn what_comes_twice_counts_once(events in ledgers(), at in 0_i64..12) {
        let twice: Vec<_> = events.iter().chain(&events).cloned().collect();
        prop_assert_eq!(status(&events, at), status(&twice, at));
    }

    #[test]
    fn a_refusal_more_never_makes_a_consent_valid(
        events in ledgers(),
        at in 0_i64..12,
        said_at in 0_i64..8,
        kind in prop::sample::select(vec![Refused, Withdrawn, Expired, Terminated, Invalidated]),
        origin in prop::sample::select(vec![None, Some("a"), Some("c")]),
        parents in prop::collection::vec(0_u8..12, 0..3),
    ) {
        let refusal = FoldedEvent {
            origin: origin.map(str::to_owned),
            ..elsewhere(99, kind, said_at, "", &parents)
        };
        prop_assert!(is_valid(&events, at) || !is_valid(&with(&events, refusal), at));
    }

    #[test]
    fn a_withdrawal_that_nothing_follows_wins(events in ledgers(), at in 8_i64..12) {
        // Later than all others, or at the same time as the last of them: nothing comes after it.
        let last = events.iter().map(|event| event.at).max().unwrap_or_default();
        let withdrawal = FoldedEvent { at: last, ..event(99, Withdrawn, 0) };
        prop_assert!(!is_valid(&with(&events, withdrawal), at));
    }

    #[test]
    fn a_withdrawal_from_an_unknown_device_wins_over_all_that_do_not_name_it(
        events in ledgers(), said_at in 0_i64..8, at in 8_i64..12,
    ) {
        prop_assert!(!is_valid(&with(&events, elsewhere(99, Withdrawn, said_at, "c", &[])), at));
    }

    #[test]
    fn the_past_does_not_change_by_what_comes_later(events in ledgers(), at in 0_i64..8) {
        let by_then: Vec<_> =
            events.iter().filter(|event| event.at <= Timestamp::from_micros(at)).cloned().collect();
        prop_assert_eq!(status(&events, at), status(&by_then, at));
    }

    #[test]
    fn a_grant_that_knows_all_refusals_lifts_them(events in ledgers()) {
        let at = Timestamp::from_micros(20);
        let open: Vec<RecordId> = open_endings(&events, at).iter().map(|event| event.id).collect();
        let grant = FoldedEvent { parents: open, ..elsewhere(99, Given, 20, "c", &[]) };
        prop_assert_eq!(status(&with(&events, grant), 20), Some((Given, 99)));
    }
}
