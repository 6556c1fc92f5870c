//! Retention: records go when their time is over, reports stay what they were, holds and statutes go before.

use std::ops::ControlFlow;

use crate::erasure_support::{Folder, call, config, create, left};
use crm_core::privacy::erasure::{ErasureState, ReviewHit};
use crm_core::privacy::retention::{RetentionAction, RetentionReport};
use crm_core::record::query::Query;
use crm_core::{Actor, Crm, Purpose, RecordId, Reference, Session};
use serde_json::{Value as Json, json};

fn rule(session: &Session, fields: Json) -> RecordId {
    let mut rule = json!({"name": "Rule", "trigger": "created_at", "active": true});
    for (name, value) in fields.as_object().unwrap() {
        rule[name] = value.clone();
    }
    create(session, "retention_rule", rule)
}

fn run(session: &Session) -> RetentionReport {
    session.retention().run(None, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Deals of several stages and years, each of a person with a description.
fn deals(session: &Session, count: usize) -> Vec<RecordId> {
    let pipeline = call(
        session,
        "pipeline.create_with_stages",
        json!({
            "pipeline": {"name": "Sales"},
            "stages": [
                {"name": "Open", "key": "open", "stage_type": "open", "probability": "10"},
                {"name": "Won", "key": "won", "stage_type": "won"},
                {"name": "Lost", "key": "lost", "stage_type": "lost"},
            ],
        }),
    );
    let reason = create(session, "lost_reason", json!({"name": "Price"}));
    (0..count)
        .map(|n| {
            let person = create(session, "person", json!({"family_name": format!("zqfamilyxw{n}")}));
            let stage = &pipeline["stages"][n % 3]["id"];
            let closed = (n % 3 > 0).then(|| format!("20{:02}-03-01T10:00:00Z", 15 + n % 12));
            create(session, "deal", json!({
                "name": format!("Deal {n}"), "pipeline": pipeline["pipeline"]["id"], "stage": stage, "person": person,
                "amount": format!("{}.00 EUR", 100 + n), "description": "zqdealdesc", "closed_at": closed,
                "lost_reason": (n % 3 == 2).then_some(reason),
            }))
        })
        .collect()
}

fn sums(session: &Session) -> Json {
    call(
        session,
        "deal.group",
        json!({
            "by": [{"path": "stage"}],
            "measures": [{"measure": "count"}, {"measure": "sum", "of": "amount"}, {"measure": "average", "of": "amount"}],
        }),
    )
}

#[test]
fn anonymous_deals_leave_every_sum_as_it_was() {
    let folder = Folder::new("retention");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = crate::erasure_support::session(&crm);
    let deals = deals(&session, 240);
    let rule = rule(
        &session,
        json!({
            "record_type": "deal", "trigger": "closed_at", "ceiling_months": 36, "action": "anonymise",
            "filter": "stage.stage_type in (\"won\", \"lost\")", "purpose": "customer_relationship_management",
        }),
    );
    let (before, years) = (
        sums(&session),
        call(
            &session,
            "deal.group",
            json!({
                "by": [{"path": "closed_at", "bucket": "year"}], "measures": [{"measure": "sum", "of": "amount"}],
            }),
        ),
    );
    let due = session.retention().due(Some(rule.into()), 1_000).unwrap();
    assert!(due.len() > 100, "{}", due.len());
    assert!(due.iter().all(|due| due.action == RetentionAction::Anonymise && !due.kept));
    assert!(due.iter().all(|due| due.due_on <= crm_core::parse_date("2026-11-21").unwrap()));

    // Stopped after the first step, it goes on where it was.
    let mut steps = 0;
    let stopped = session
        .retention()
        .run(None, &mut |_| {
            steps += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!((steps, stopped.complete), (1, false));
    assert!(stopped.anonymised > 0 && stopped.anonymised < due.len() as u64);
    let report = run(&session);
    assert!(report.complete);
    assert_eq!(report.anonymised + stopped.anonymised, due.len() as u64);
    assert_eq!(run(&session).anonymised, 0, "what is anonymous stays as it is");

    assert_eq!(sums(&session), before);
    let after = call(
        &session,
        "deal.group",
        json!({
            "by": [{"path": "closed_at", "bucket": "year"}], "measures": [{"measure": "sum", "of": "amount"}],
        }),
    );
    assert_eq!(after, years);
    let mut anonymous = 0;
    for id in deals {
        let deal = call(&session, "deal.get", json!({"id": id}));
        let wanted = due.iter().any(|due| due.record.id == id);
        assert_eq!((deal.get("person").is_none(), deal.get("description").is_none()), (wanted, wanted));
        anonymous += usize::from(wanted);
    }
    assert_eq!(anonymous, due.len());
    assert!(session.journal().verify().unwrap().is_sound());
    assert!(crm.integrity_check().unwrap().is_empty());
}

#[test]
fn people_go_with_everything_about_them() {
    let (config, clock) = config();
    let folder = Folder::new("retention-people");
    let crm = Crm::open(folder.database(), config).unwrap();
    let session = crate::erasure_support::session(&crm);
    let world = crate::erasure_support::fill(&session);
    rule(
        &session,
        json!({
            "record_type": "person", "trigger": "updated_at", "ceiling_days": 365, "action": "erase",
            "filter": "nickname is not null",
        }),
    );
    assert_eq!(run(&session).due, 0, "not yet");
    clock.advance_days(364);
    assert_eq!(run(&session).due, 0);
    clock.advance_days(1);
    let report = run(&session);
    assert_eq!((report.due, report.erased), (1, 1));
    assert!(session.people().find(world.ada).unwrap().is_none());
    assert!(session.people().find(world.bob).unwrap().is_some());
    assert_eq!(session.erasures().list(&Query::new()).unwrap().records[0].state, ErasureState::Completed);
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
}

#[test]
fn other_records_are_erased_with_what_hangs_on_them() {
    let (config, clock) = config();
    let folder = Folder::new("retention-records");
    let crm = Crm::open(folder.database(), config).unwrap();
    let session = crate::erasure_support::session(&crm);
    let world = crate::erasure_support::fill(&session);
    rule(
        &session,
        json!({
            "record_type": "case", "trigger": "resolved_at", "ceiling_days": 30, "action": "erase",
        }),
    );
    clock.advance_days(31);
    let report = run(&session);
    assert_eq!(report.erased, 1);
    let gone = |record_type: &str, id: RecordId| {
        let error = session.call(&format!("{record_type}.get"), json!({"id": id})).unwrap_err();
        let restored = session.call(&format!("{record_type}.restore"), json!({"id": id})).unwrap_err();
        (error.code().to_owned(), restored.code().to_owned())
    };
    let expected = ("record.not_found".to_owned(), "record.erased".to_owned());
    assert_eq!(gone("case", world.case), expected);
    assert_eq!(gone("case_message", world.message), expected, "its messages go with it");
    assert!(session.people().find(world.ada).unwrap().is_some());
    assert!(session.journal().verify().unwrap().is_sound());
    crm.database().checkpoint().unwrap();
    let hits = left(&folder.0);
    for needle in ["zqcasesubject", "zqcasedesc", "zqresolution", "zqmessage"] {
        assert!(!hits.iter().any(|hit| hit.starts_with(needle)), "{needle}: {hits:?}");
    }
}

#[test]
fn holds_and_statutes_go_before_ceilings() {
    let (config, clock) = config();
    let crm = crate::engine_support::open(config);
    let session = crate::erasure_support::session(&crm);
    let deals = deals(&session, 6);
    let old: Vec<RecordId> = {
        let page = call(&session, "deal.list", json!({"filter": "closed_at is not null"}));
        page["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|deal| deal["id"].as_str().unwrap().parse().unwrap())
            .collect()
    };
    assert_eq!((deals.len(), old.len()), (6, 4));
    let held = old[0];
    create(
        &session,
        "legal_hold",
        json!({"record": Reference::new("deal", held).to_string(), "reason": "A suit"}),
    );
    let of_person = call(&session, "deal.get", json!({"id": old[1]}))["person"].clone();
    create(
        &session,
        "legal_hold",
        json!({"person": of_person, "reason": "Another suit", "until": "2026-12-31"}),
    );
    rule(
        &session,
        json!({
            "name": "Letters", "record_type": "deal", "trigger": "closed_at", "ceiling_months": 24, "action": "anonymise",
            "statutory_class": "letter", "jurisdiction": "DE",
        }),
    );
    let due = session.retention().due(None, 100).unwrap();
    for found in &due {
        let closed = call(&session, "deal.get", json!({"id": found.record.id}))["closed_at"].clone();
        let year: i32 = closed.as_str().unwrap()[..4].parse().unwrap();
        let until = crm_core::parse_date(&format!("{}-12-31", year + 6)).unwrap();
        let by_statute = until >= crm_core::parse_date("2026-11-21").unwrap();
        let by_hold = found.record.id == held || found.record.id == old[1];
        assert_eq!(found.kept, by_statute || by_hold, "{found:?}");
        if by_statute && !by_hold {
            assert_eq!(found.kept_until, Some(until));
        }
    }
    let kept = due.iter().filter(|due| due.kept).count() as u64;
    let report = run(&session);
    assert_eq!((report.kept, report.anonymised), (kept, due.len() as u64 - kept));
    // Two by holds, and the letters of 2020 by the statute.
    assert_eq!((kept, due.len()), (3, 4));
    // When the last reason is gone, they go.
    clock.set("2040-01-01T10:00:00Z".parse().unwrap());
    for hold in session.legal_holds().list(&Query::new()).unwrap().records {
        call(&session, "legal_hold.delete", json!({"id": hold.meta.id}));
    }
    let report = run(&session);
    assert_eq!((report.kept, report.anonymised), (0, kept));
}

#[test]
fn reviews_are_queued_once() {
    let (config, clock) = config();
    let crm = crate::engine_support::open(config);
    let session = crate::erasure_support::session(&crm);
    deals(&session, 3);
    let rule = rule(&session, json!({"record_type": "deal", "ceiling_days": 10, "action": "review"}));
    clock.advance_days(10);
    assert_eq!(run(&session).queued, 3);
    assert_eq!(run(&session).queued, 0);
    let reviews = session.erasure_reviews().list(&Query::new()).unwrap().records;
    assert!(
        reviews.iter().all(|review| review.hit == ReviewHit::Retention && review.rule == Some(rule.into()))
    );
    assert_eq!(reviews.len(), 3);
}

#[test]
fn rules_that_cannot_be_followed_are_refused() {
    let crm = crate::engine_support::open(config().0);
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let base = json!({"name": "R", "record_type": "deal", "trigger": "closed_at", "ceiling_days": 10});
    for (change, code, path) in [
        (json!({"record_type": "dael"}), "type.unknown", "record_type"),
        (json!({"record_type": "erasure", "trigger": "erased_at"}), "retention.type", "record_type"),
        (json!({"trigger": "closed"}), "field.unknown", "trigger"),
        (json!({"trigger": "amount"}), "retention.trigger", "trigger"),
        (json!({"filter": "stage ="}), "filter.unexpected_end", "filter"),
        (json!({"filter": "colour = \"red\""}), "field.unknown", "filter"),
        (json!({"purpose": "world_domination"}), "purpose.unknown", "purpose"),
        (json!({"ceiling_days": null}), "retention.ceiling", "ceiling_days"),
        (json!({"ceiling_months": 3}), "retention.ceiling", "ceiling_days"),
        (json!({"ceiling_days": -1}), "field.range", "ceiling_days"),
        (json!({"statutory_class": "letter"}), "retention.floor.unknown", "statutory_class"),
        (
            json!({"statutory_class": "letter", "jurisdiction": "XX"}),
            "retention.floor.unknown",
            "statutory_class",
        ),
        (
            json!({"record_type": "person", "trigger": "created_at", "action": "anonymise"}),
            "retention.action",
            "action",
        ),
    ] {
        let mut rule = base.clone();
        for (name, value) in change.as_object().unwrap() {
            rule[name] = value.clone();
        }
        let error = session.call("retention_rule.create", rule).unwrap_err();
        let at = error.path().unwrap_or_default();
        assert!(
            error.code() == code || code.starts_with("filter.") && error.code().starts_with("filter."),
            "{change}: {error}"
        );
        assert!(at.starts_with(path), "{change}: {at}");
    }
    session.call("retention_rule.create", base).unwrap();
    for (hold, code) in [
        (json!({"reason": "R"}), "legal_hold.target"),
        (json!({"reason": "R", "from": "2026-01-02", "until": "2026-01-01"}), "legal_hold.target"),
    ] {
        assert_eq!(session.call("legal_hold.create", hold).unwrap_err().code(), code);
    }
}
