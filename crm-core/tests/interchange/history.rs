//! Importing deals and cases that have a past: what happened when is taken over, and nothing that cannot have been.

use crate::sales_support::{Sales, time};
use crm_core::interchange::{ImportOptions, ImportReport, Mapping};
use crm_core::record::query::Query;
use crm_core::sales::{Deal, PassageQuery};
use crm_core::service::{Case, CaseId, StatusType};
use crm_core::{Session, Timestamp};
use serde_json::json;

fn import(session: &Session, mapping: &str, file: &str) -> ImportReport {
    let mapping = Mapping::from_json(mapping).unwrap();
    session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap()
}

const DEALS: &str = r#"{
    "record_type": "deal", "mode": "create", "key": ["Id"],
    "columns": [
        {"column": "Name", "field": "name"},
        {"column": "Stage", "field": "stage", "link": {"by": "name"}},
        {"column": "Since", "field": "stage_entered_at"},
        {"column": "Closed", "field": "closed_at"},
        {"column": "Why", "field": "lost_notes"}
    ]
}"#;

const CASES: &str = r#"{
    "record_type": "case", "mode": "upsert", "key": ["Id"],
    "columns": [
        {"column": "Subject", "field": "subject"},
        {"column": "Status", "field": "status", "link": {"by": "name"}},
        {"column": "Opened", "field": "opened_at"},
        {"column": "Answered", "field": "first_response_at"},
        {"column": "Resolved", "field": "resolved_at"},
        {"column": "Closed", "field": "closed_at"}
    ]
}"#;

#[test]
fn deals_come_with_the_time_in_their_stage() {
    let sales = Sales::open();
    let session = &sales.session;
    let now = session.now();
    session.stages().patch(sales.stage("proposal").0, &json!({"rotting_days": 10})).unwrap();
    let report = import(
        session,
        DEALS,
        "Id,Name,Stage,Since,Closed,Why\n\
         1,Old,Proposal,2026-11-01T08:00:00Z,,\n\
         2,New,Proposal,,,\n\
         3,Lost,Lost,,2026-10-05T12:00:00Z,dear\n\
         4,Won,Won,2026-10-07T12:00:00Z,2026-10-06T12:00:00Z,\n\
         5,Won,Won,2026-10-07T12:00:00Z,,\n",
    );
    assert_eq!(report.total.created, 5, "{report:?}");
    let deals = session.deals().list(&Query::new()).unwrap().records;
    let day = |text: &str| time(&format!("2026-{text}:00:00Z"));
    let expected: [(Timestamp, Option<Timestamp>); 5] = [
        (day("11-01T08"), None),
        (now, None),
        (day("10-05T12"), Some(day("10-05T12"))),
        (day("10-07T12"), Some(day("10-06T12"))),
        (day("10-07T12"), Some(day("10-07T12"))),
    ];
    for (deal, (entered, closed)) in deals.iter().zip(expected) {
        assert_eq!((deal.stage_entered_at, deal.closed_at), (Some(entered), closed), "{}", deal.name);
        let spans = session.deals().stage_history(deal.meta.id).unwrap();
        assert_eq!(spans.len(), 1);
        assert_eq!((spans[0].entered_at, spans[0].left_at), (entered, None));
    }
    let rotting = session.deals().rotting(sales.pipeline.meta.id, &Query::new()).unwrap().records;
    assert_eq!(rotting.iter().map(|deal| deal.meta.id).collect::<Vec<_>>(), [deals[0].meta.id]);

    // From here on the engine keeps the time.
    session.deals().move_to(deals[0].meta.id, sales.stage("negotiation")).unwrap();
    let spans = session.deals().stage_history(deals[0].meta.id).unwrap();
    assert_eq!((spans[0].left_at, spans[1].entered_at), (Some(now), now));
    let passage =
        PassageQuery { from: sales.stage("proposal"), to: sales.stage("negotiation"), ..Default::default() };
    let conversion = session.pipelines().conversion(&passage).unwrap();
    assert_eq!((conversion.entered, conversion.converted, conversion.months.len()), (2, 1, 1));
    let velocity = session.pipelines().velocity(&passage).unwrap();
    assert_eq!(velocity.mean_seconds, Some(20 * 86_400 + 2 * 3_600));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn the_stage_of_a_deal_has_no_impossible_time() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let report = import(
        &sales.session,
        DEALS,
        "Id,Name,Stage,Since,Closed,Why\n\
         1,Deal,Proposal,2027-01-01T00:00:00Z,,\n\
         2,Deal,Won,,2027-01-01T00:00:00Z,\n\
         3,Deal,Won,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,\n\
         4,Deal,Proposal,,2026-01-01T00:00:00Z,\n",
    );
    let found: Vec<_> = report
        .rejects
        .iter()
        .map(|reject| (reject.row, reject.column.as_deref(), reject.code.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (1, Some("Since"), "deal.stage_entered_at.future"),
            (2, Some("Closed"), "deal.closed_at.future"),
            (3, Some("Closed"), "deal.closed_at.future"),
            (4, Some("Closed"), "deal.closed_at.state"),
        ]
    );
    let since = Some(time("2026-01-01T00:00:00Z"));
    let deal = deals
        .create(Deal { stage: sales.stage("proposal"), stage_entered_at: since, ..sales.deal() })
        .unwrap();
    assert_eq!(deal.stage_entered_at, since);
    let patch = json!({"stage_entered_at": "2026-02-01T00:00:00Z"});
    let refused = deals.patch(deal.meta.id, &patch).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("field.read_only", Some("stage_entered_at")));
    let patch = json!({"stage_entered_at": "2026-02-01T00:00:00Z", "stage": sales.stage("won")});
    assert_eq!(deals.patch(deal.meta.id, &patch).unwrap_err().code(), "field.read_only");
}

#[test]
fn finished_cases_come_with_their_times() {
    let sales = Sales::open();
    let session = &sales.session;
    let now = session.now();
    // The first case brings the statuses.
    let first = session.cases().create(Case { subject: "First".into(), ..Case::default() }).unwrap();
    let file = "Id,Subject,Status,Opened,Answered,Resolved,Closed\n\
         1,Closed,Closed,2026-01-01T08:00:00Z,2026-01-01T09:00:00Z,2026-01-02T08:00:00Z,2026-01-09T08:00:00Z\n\
         2,Resolved,Resolved,2026-01-01T08:00:00Z,,2026-01-03T08:00:00Z,\n\
         3,Open,Open,2026-01-04T08:00:00Z,,,\n\
         4,Just closed,Closed,,,,\n";
    let report = import(session, CASES, file);
    assert_eq!(report.total.created, 4, "{report:?}");
    assert_eq!(import(session, CASES, file).total.unchanged, 4, "the same again changes nothing");
    let cases = session.cases().list(&Query::new()).unwrap().records;
    let day = |day: u32| time(&format!("2026-01-0{day}T08:00:00Z"));
    for (case, opened, resolved, closed, since) in [
        (&cases[1], day(1), Some(day(2)), Some(day(9)), day(9)),
        (&cases[2], day(1), Some(day(3)), None, day(3)),
        (&cases[3], day(4), None, None, day(4)),
        (&cases[4], now, None, Some(now), now),
    ] {
        let found = (case.opened_at, case.resolved_at, case.closed_at);
        assert_eq!(found, (Some(opened), resolved, closed), "{}", case.subject);
        let periods = session.cases().status_periods(case.meta.id.into()).unwrap();
        assert_eq!(
            periods.iter().map(|one| (one.entered_at, one.left_at)).collect::<Vec<_>>(),
            [(since, None)]
        );
    }
    assert_eq!(cases[1].first_response_at, Some(time("2026-01-01T09:00:00Z")));
    assert_eq!((cases[1].number.as_deref(), first.number.as_deref()), (Some("C-00002"), Some("C-00001")));

    // From here on the engine keeps the time.
    let reopened = session.cases().reopen(CaseId::from(cases[2].meta.id)).unwrap();
    assert_eq!((reopened.status_type, reopened.resolved_at), (Some(StatusType::Open), None));
    let periods = session.cases().status_periods(cases[2].meta.id.into()).unwrap();
    assert_eq!((periods[0].left_at, periods[1].entered_at), (Some(now), now));
}

#[test]
fn a_case_has_no_impossible_past() {
    let sales = Sales::open();
    let session = &sales.session;
    let first = session.cases().create(Case { subject: "First".into(), ..Case::default() }).unwrap();
    let report = import(
        session,
        CASES,
        "Id,Subject,Status,Opened,Answered,Resolved,Closed\n\
         1,S,Resolved,2026-01-02T08:00:00Z,,2026-01-01T08:00:00Z,\n\
         2,S,Open,2026-01-02T08:00:00Z,,2026-01-03T08:00:00Z,\n\
         3,S,Closed,2026-01-02T08:00:00Z,,,2027-01-03T08:00:00Z\n\
         4,S,Resolved,,,2026-01-03T08:00:00Z,\n\
         5,S,Open,2027-01-02T08:00:00Z,,,\n\
         6,S,Open,,,,\n",
    );
    let found: Vec<_> = report
        .rejects
        .iter()
        .map(|reject| (reject.row, reject.column.as_deref(), reject.code.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (1, Some("Resolved"), "case.time.order"),
            (2, Some("Resolved"), "case.time.state"),
            (3, Some("Closed"), "case.time.future"),
            (4, Some("Resolved"), "case.time.order"),
            (5, Some("Opened"), "case.time.future"),
        ]
    );
    let cases = session.cases().list(&Query::new()).unwrap().records;
    assert_eq!(cases[1].number.as_deref(), Some("C-00002"), "what was refused used up no number");
    for (patch, code) in [
        (json!({"resolved_at": "2026-01-01T00:00:00Z"}), "field.read_only"),
        (json!({"opened_at": "2027-01-01T00:00:00Z"}), "case.time.future"),
    ] {
        assert_eq!(session.cases().patch(first.meta.id, &patch).unwrap_err().code(), code);
    }
    let json = json!({"subject": "S", "opened_at": "2026-01-01T00:00:00Z", "first_response_at": "2026-01-01T00:00:01Z"});
    assert_eq!(session.records("case").create(&json).unwrap()["first_response_at"], "2026-01-01T00:00:01Z");
}
