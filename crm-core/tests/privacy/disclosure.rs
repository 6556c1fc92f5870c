//! Small groups, the read log, disclosures, and the register of processing activities.

use std::ops::ControlFlow;

use crm_core::contacts::{Person, PersonId};
use crm_core::interchange::CsvExport;
use crm_core::privacy::rights::{IdentityCheck, IdentityState, RightsRequest};
use crm_core::privacy::{Disclosure, LegalBasis, ProcessingPurpose, ReadLog, TransferTool};
use crm_core::record::Value;
use crm_core::record::filter::{Filter, parse};
use crm_core::record::query::{Direction, GroupColumn, GroupQuery, Groups, Measure, Query};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};
use proptest::prelude::*;

fn config() -> Config {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    Config::default().clock(clock).random(SeededRandom::new([7; 32]))
}

fn session(crm: &Crm, purpose: Purpose) -> Session {
    crm.session(Actor::System, purpose).unwrap()
}

fn system(crm: &Crm) -> Session {
    session(crm, Purpose::TechnicalServiceProvision)
}

/// So many people of each job and source.
fn people(crm: &Crm, groups: &[(&str, &str, usize)]) {
    let mut all = Vec::new();
    for (job, source, count) in groups {
        all.extend((0..*count).map(|number| Person {
            given_name: Some(format!("Person {number}")),
            job_title: Some((*job).into()),
            source: Some((*source).into()),
            ..Person::default()
        }));
    }
    for outcome in system(crm).people().create_all(all).unwrap() {
        outcome.unwrap();
    }
}

/// The groups as text: the keys, then the count, `-` for a suppressed one.
fn shown(groups: &Groups) -> Vec<String> {
    let row = |row: &crm_core::record::query::GroupRow| {
        let keys: Vec<&str> = row.keys.iter().map(|key| key.as_text().unwrap_or("none")).collect();
        match &row.measures[0] {
            Value::Integer(count) => format!("{} {count}", keys.join("/")),
            Value::Null if row.suppressed => format!("{} -", keys.join("/")),
            other => panic!("{other:?}"),
        }
    };
    groups.rows.iter().map(row).collect()
}

#[test]
fn groups_of_few_people_are_suppressed_for_analytics() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 3), ("Baker", "Fair", 9), ("Cook", "Web", 20), ("Driver", "Web", 30)]);
    let by_job = GroupQuery::new().by("job_title").measure(Measure::Count);
    let analytics = session(&crm, Purpose::Analytics);
    let groups = |query: &GroupQuery| analytics.people().group(query).unwrap();
    let found = groups(&by_job);
    assert_eq!(shown(&found), ["Cook 20", "Driver 30", "Analyst -", "Baker -"]);
    assert!(found.suppressed && !found.more);
    // The order of the others does not tell where a suppressed group would stand.
    let ranked = by_job.clone().sort(GroupColumn::Measure(0), Direction::Descending);
    assert_eq!(shown(&groups(&ranked)), ["Driver 30", "Cook 20", "Analyst -", "Baker -"]);
    let limited = groups(&ranked.limit(1));
    assert_eq!((shown(&limited), limited.more), (vec!["Driver 30".to_owned()], true));
    // Who is to look at single people sees every group.
    let relations = session(&crm, Purpose::CustomerRelationshipManagement);
    let all = relations.people().group(&by_job).unwrap();
    assert_eq!(shown(&all), ["Analyst 3", "Baker 9", "Cook 20", "Driver 30"]);
    assert!(!all.suppressed);
    // Over two keys nothing comes out that the totals over one would tell.
    let two = GroupQuery::new().by("source").by("job_title").measure(Measure::Count);
    assert_eq!(shown(&groups(&two)), ["Web/Cook 20", "Web/Driver 30", "Fair/Analyst -", "Fair/Baker -"]);
    let total = groups(&GroupQuery::new().measure(Measure::Count));
    assert_eq!(shown(&total), [" 62"]);
}

#[test]
fn counts_of_few_people_and_of_all_but_a_few_are_refused() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 3), ("Baker", "Web", 12)]);
    let analytics = session(&crm, Purpose::Analytics);
    let count = |filter: &str| {
        analytics.people().count(&parse(filter).unwrap()).map_err(|error| error.code().to_owned())
    };
    let refused = Err("aggregate.suppressed".to_owned());
    assert_eq!(count("job_title = \"Analyst\""), refused);
    assert_eq!(count("job_title != \"Analyst\""), refused);
    assert_eq!(count("job_title = \"Nobody\""), Ok(0));
    assert_eq!(analytics.people().count(&Filter::All).unwrap(), 15);
    let few =
        GroupQuery::new().filter(parse("source = \"Fair\"").unwrap()).by("job_title").measure(Measure::Count);
    let found = analytics.people().group(&few).unwrap();
    assert!(found.rows.is_empty() && found.suppressed);
    // The host sets the least, and other purposes have none.
    let crm = crate::engine_support::open(config().least_group(2));
    people(&crm, &[("Analyst", "Fair", 3), ("Baker", "Web", 12)]);
    let analytics = session(&crm, Purpose::Analytics);
    assert_eq!(analytics.people().count(&parse("job_title = \"Analyst\"").unwrap()).unwrap(), 3);
}

#[test]
fn a_purpose_below_another_is_analytics_by_its_class() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 3), ("Baker", "Web", 12)]);
    for (key, class) in
        [("reports", crm_core::privacy::PurposeClass::Analytics), ("service", Default::default())]
    {
        let purpose = ProcessingPurpose {
            key: key.into(),
            name: key.into(),
            parent: "customer_relationship_management".into(),
            class: Some(class),
            ..ProcessingPurpose::default()
        };
        system(&crm).processing_purposes().create(purpose).unwrap();
        let session = crm.session_for(Actor::System, key).unwrap();
        let counted = session.people().count(&parse("job_title = \"Analyst\"").unwrap());
        assert_eq!(counted.is_err(), key == "reports");
    }
}

#[test]
fn figures_of_deals_of_few_people_are_refused_for_analytics() {
    let crm = crate::engine_support::open(config());
    let system = system(&crm);
    let (pipeline, stages) = crm_core::sales::template("Sales");
    let (pipeline, stages) = system.pipelines().create_with_stages(pipeline, stages).unwrap();
    let deal = |person: Option<PersonId>| crm_core::sales::Deal {
        name: "Engine".into(),
        stage: stages[0].meta.id.into(),
        person,
        ..Default::default()
    };
    system.deals().create(deal(None)).unwrap();
    let analytics = session(&crm, Purpose::Analytics);
    // Deals of nobody are not about people.
    assert_eq!(analytics.pipelines().board(pipeline.meta.id, None).unwrap().columns[0].count, 1);
    let ada = system.people().create(Person { given_name: Some("Ada".into()), ..Person::default() }).unwrap();
    system.deals().create(deal(Some(ada.meta.id.into()))).unwrap();
    let board = analytics.pipelines().board(pipeline.meta.id, None).unwrap_err();
    let forecast = analytics.deals().forecast(&crm_core::sales::ForecastQuery::default()).unwrap_err();
    assert_eq!((board.code(), forecast.code()), ("aggregate.suppressed", "aggregate.suppressed"));
    assert!(system.pipelines().board(pipeline.meta.id, None).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is shown over two keys, over each of them and in all, no group of fewer people than the least follows by
    /// subtraction: in a row or column with a total, suppressed groups are two at least and as many people as the least.
    #[test]
    fn no_total_tells_of_a_small_group(counts in proptest::collection::vec(0_usize..12, 9)) {
        let crm = crate::engine_support::open(config().least_group(4));
        let (jobs, sources) = (["A", "B", "C"], ["X", "Y", "Z"]);
        let groups: Vec<_> = counts
            .iter()
            .enumerate()
            .map(|(place, count)| (jobs[place / 3], sources[place % 3], *count))
            .collect();
        people(&crm, &groups);
        let analytics = session(&crm, Purpose::Analytics);
        let two = GroupQuery::new().by("job_title").by("source").measure(Measure::Count);
        let found = analytics.people().group(&two).unwrap();
        let seen = |job: &str, source: &str| {
            let row = found.rows.iter().find(|row| row.keys[0].as_text() == Some(job) && row.keys[1].as_text() == Some(source));
            row.map(|row| row.measures[0].clone())
        };
        for (job, source, count) in &groups {
            if let Some(Value::Integer(shown)) = seen(job, source) {
                prop_assert_eq!(usize::try_from(shown).unwrap(), *count);
                prop_assert!(*count >= 4);
            }
        }
        for (by, names, place) in [("job_title", jobs, 0), ("source", sources, 1)] {
            let totals = analytics.people().group(&GroupQuery::new().by(by).measure(Measure::Count)).unwrap();
            for name in names {
                let total = totals.rows.iter().find(|row| row.keys[0].as_text() == Some(name));
                if !total.is_some_and(|row| row.measures[0] != Value::Null) || found.rows.is_empty() {
                    continue;
                }
                let line: Vec<_> = groups
                    .iter()
                    .filter(|group| [group.0, group.1][place] == name && group.2 > 0)
                    .filter(|(job, source, _)| seen(job, source) == Some(Value::Null))
                    .collect();
                let people: usize = line.iter().map(|group| group.2).sum();
                prop_assert!(line.is_empty() || (line.len() >= 2 && people >= 4), "{name}: {line:?} of {groups:?}");
            }
        }
    }
}

#[test]
fn exports_are_logged_with_the_people_in_them() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 2)]);
    let relations = session(&crm, Purpose::CustomerRelationshipManagement);
    let all = relations.people().list(&Query::new()).unwrap().records;
    let (first, second) = (all[0].meta.id, all[1].meta.id);
    assert_eq!(
        relations.read_logs().count(&Filter::All).unwrap(),
        0,
        "lists are not logged unless the host says so"
    );
    let export = CsvExport::new("person", &["given_name", "job_title"]);
    relations.exports().csv(Vec::new(), &export).unwrap();
    relations
        .exports()
        .vcards(Vec::new(), &[second], crm_core::interchange::vcard::OutputVersion::V4_0)
        .unwrap();
    relations.exports().jsonl(Vec::new(), &mut |_| ControlFlow::Continue(())).unwrap();
    let operations = |person| -> Vec<String> {
        relations
            .read_logs()
            .of_person(person, 10)
            .unwrap()
            .into_iter()
            .map(|entry| entry.operation)
            .collect()
    };
    let mut of_second = operations(second);
    of_second.sort_unstable();
    assert_eq!(of_second, ["export.csv", "export.jsonl", "export.vcards"]);
    assert_eq!(operations(first).len(), 2);
    let entry = relations
        .read_logs()
        .of_person(first, 10)
        .unwrap()
        .into_iter()
        .find(|entry| entry.operation == "export.csv");
    let entry = entry.unwrap();
    assert_eq!(
        (entry.purpose.as_str(), entry.record_type.as_str(), entry.user),
        ("customer_relationship_management", "person", None)
    );
    assert!(entry.categories.contains(&"identity".to_owned()));
    // Nothing personal, nothing to log.
    relations.exports().csv(Vec::new(), &CsvExport::new("pipeline", &["name"])).unwrap();
    assert_eq!(relations.read_logs().count(&Filter::All).unwrap(), 3);
    // An entry stays as it was written, and goes when its time is over.
    let error =
        relations.read_logs().patch(entry.id, &serde_json::json!({"purpose": "analytics"})).unwrap_err();
    assert_eq!(error.code(), "read_log.fixed");
    relations.read_logs().delete(entry.id).unwrap();
    assert_eq!(
        relations.read_logs().of_person(crm_core::RecordId::NIL, 1).unwrap_err().code(),
        "record.not_found"
    );
}

#[test]
fn packages_are_logged_whoever_asks_for_them() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 2)]);
    let rights = session(&crm, Purpose::RightsFulfilment);
    let all = rights.people().list(&Query::new()).unwrap().records;
    let (ada, other) = (all[0].meta.id, all[1].meta.id);
    let package = rights.rights().access_package(Some(ada.into()), None, &Default::default()).unwrap();
    let request = RightsRequest { person: Some(ada.into()), ..RightsRequest::default() };
    let request = rights.rights().open(request).unwrap().meta.id.into();
    let verified = IdentityCheck { state: IdentityState::Verified, ..IdentityCheck::default() };
    rights.rights().verify_identity(request, verified).unwrap();
    rights.rights().portability_package(None, Some(request)).unwrap();
    let read = rights.read_logs().of_person(ada, 10).unwrap();
    let mut operations: Vec<_> = read.iter().map(|entry| entry.operation.as_str()).collect();
    operations.sort_unstable();
    assert_eq!(operations, ["rights.access_package", "rights.portability_package"]);
    assert!(read.iter().all(|entry| entry.purpose == "rights_fulfilment" && !entry.categories.is_empty()));
    assert_eq!(rights.read_logs().of_person(other, 10).unwrap(), []);
    let logged: Vec<ReadLog> = rights.read_logs().list(&Query::new()).unwrap().records;
    assert_eq!(logged[0].records, i64::try_from(package.records).unwrap());
    // Who may not have it has read nothing.
    let care = session(&crm, Purpose::CustomerCare);
    care.rights().access_package(Some(ada.into()), None, &Default::default()).unwrap_err();
    assert_eq!(rights.read_logs().count(&Filter::All).unwrap(), 2);
}

#[test]
fn reads_are_logged_as_often_as_the_host_says() {
    let crm = crate::engine_support::open(config().read_log_every(2));
    people(&crm, &[("Analyst", "Fair", 3)]);
    let relations = session(&crm, Purpose::CustomerRelationshipManagement);
    let all = relations.people().list(&Query::new()).unwrap().records;
    relations.people().list(&Query::new()).unwrap();
    for _ in 0..4 {
        relations.people().get(all[0].meta.id).unwrap();
    }
    // What holds no personal data does not count.
    relations.read_logs().list(&Query::new()).unwrap();
    let logged: Vec<ReadLog> = relations.read_logs().list(&Query::new()).unwrap().records;
    let told: Vec<_> =
        logged.iter().map(|entry| (entry.operation.as_str(), entry.subjects.len(), entry.records)).collect();
    assert_eq!(told, [("list", 3, 3), ("get", 1, 1), ("get", 1, 1)]);
}

#[test]
fn recipients_can_be_named() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 1)]);
    let marketing = session(&crm, Purpose::DirectMarketing);
    let ada = marketing.people().list(&Query::new()).unwrap().records[0].meta.id;
    let to = Disclosure {
        legal_basis: Some(LegalBasis::Consent),
        country: Some("us".into()),
        transfer_tool: TransferTool::StandardContractualClauses,
        ..Disclosure::to("Printers Inc", "")
    };
    let exports = marketing.exports().disclosed_to(to);
    exports.csv(Vec::new(), &CsvExport::new("person", &["given_name"])).unwrap();
    let told = marketing.disclosures().of_person(ada).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].recipient.as_str(), told[0].purpose.as_str()), ("Printers Inc", "direct_marketing"));
    assert_eq!(told[0].country.as_deref(), Some("US"));
    let stored = marketing.disclosures().get(told[0].id).unwrap();
    assert_eq!((stored.record_types, stored.records), (vec!["person".to_owned()], Some(1)));
    // What the host enters counts, too; an organisation names the recipient.
    let works = system(&crm)
        .organisations()
        .create(crm_core::contacts::Organisation { name: "Works".into(), ..Default::default() });
    let by_hand = Disclosure {
        recipient: String::new(),
        organisation: Some(works.unwrap().meta.id.into()),
        subjects: vec![ada.to_string()],
        ..Disclosure::to("", "legal_compliance")
    };
    system(&crm).disclosures().create(by_hand.clone()).unwrap();
    let told = marketing.disclosures().of_person(ada).unwrap();
    assert_eq!(
        told.iter().map(|one| one.recipient.as_str()).collect::<std::collections::BTreeSet<_>>(),
        ["Printers Inc", "Works"].into()
    );
    let subject = |text: &str| vec![text.to_owned()];
    for (wrong, code, path) in [
        (Disclosure { organisation: None, ..by_hand.clone() }, "disclosure.recipient", "recipient"),
        (Disclosure { purpose: "nonsense".into(), ..by_hand.clone() }, "purpose.unknown", "purpose"),
        (
            Disclosure { categories: subject("nonsense"), ..by_hand.clone() },
            "select.unknown",
            "categories[0]",
        ),
        (Disclosure { subjects: subject("Ada"), ..by_hand.clone() }, "id.invalid", "subjects[0]"),
        (Disclosure { country: Some("ZZ".into()), ..by_hand.clone() }, "country.unknown", "country"),
    ] {
        let error = system(&crm).disclosures().create(wrong).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
        assert!(!error.to_string().contains("Ada"));
    }
    // An export that cannot be logged is an error.
    let unknown = marketing.exports().disclosed_to(Disclosure::to("X", "nonsense"));
    let error = unknown.csv(Vec::new(), &CsvExport::new("person", &["given_name"])).unwrap_err();
    assert_eq!(error.code(), "purpose.unknown");
}

#[test]
fn the_register_follows_from_what_is_declared() {
    let crm = crate::engine_support::open(config());
    people(&crm, &[("Analyst", "Fair", 1)]);
    let system = system(&crm);
    let letter = ProcessingPurpose {
        key: "newsletter".into(),
        name: "<b>Newsletter</b>".into(),
        parent: "direct_marketing".into(),
        ..ProcessingPurpose::default()
    };
    system.processing_purposes().create(letter).unwrap();
    let to = Disclosure {
        legal_basis: Some(LegalBasis::Consent),
        country: Some("US".into()),
        transfer_tool: TransferTool::AdequacyDecision,
        ..Disclosure::to("Printers Inc", "newsletter")
    };
    system.disclosures().create(to).unwrap();
    let register = system.processing_register().unwrap();
    let of = |key: &str| register.activities.iter().find(|activity| activity.purpose == key).unwrap();
    let newsletter = of("newsletter");
    assert_eq!(newsletter.legal_bases, ["consent"]);
    assert_eq!(newsletter.recipients, ["Printers Inc"]);
    assert_eq!(newsletter.transfers, ["US: adequacy_decision"]);
    let people = newsletter.data.iter().find(|data| data.record_type == "person").unwrap();
    assert!(
        people.fields.contains(&"emails".to_owned()) && !people.fields.contains(&"description".to_owned())
    );
    assert!(!people.categories.contains(&"communication".to_owned()));
    assert!(of("ai_training").data.is_empty() && !of("customer_care").data.is_empty());
    assert!(register.security_measures.len() > 3);
    let (text, page) = (register.to_markdown(), register.to_html());
    assert!(text.contains("Printers Inc") && text.contains("person"));
    assert!(page.contains("&lt;b&gt;Newsletter&lt;/b&gt;") && !page.contains("<b>Newsletter"));
}
