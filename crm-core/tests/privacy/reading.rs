//! Purpose-bound reading, on every path by which something can be read.

use std::collections::BTreeMap;

use crm_core::operation::{Kind, RECORD_OPERATIONS, table};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};
use serde_json::{Value as Json, json};

/// Stands in every personal value of the person whose data are closed.
const NEEDLE: &str = "zqneedle";
/// The digits of the person's number, and the date of birth.
const OTHER_NEEDLES: [&str; 2] = ["23125123", "1901-02-03"];

fn open() -> Crm {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([7; 32])))
}

fn session(crm: &Crm, purpose: Purpose) -> Session {
    crm.session(Actor::System, purpose).unwrap()
}

fn call(session: &Session, operation: &str, input: Json) -> Json {
    session.call(operation, input).unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// Creates a record and gives its identifier.
fn create(session: &Session, record_type: &str, record: Json) -> String {
    let created = call(session, &format!("{record_type}.create"), record);
    created["id"].as_str().unwrap().to_owned()
}

/// The identifiers of what a database holds of a person, by the names under which the table of inputs asks for them.
type Ids = BTreeMap<&'static str, String>;

/// Fills a database with records that hold the needles in every personal field, and with an ordinary person.
fn fill(session: &Session) -> Ids {
    let mut ids = Ids::new();
    let text = |what: &str| format!("{NEEDLE} {what}");
    ids.insert("organisation", create(session, "organisation", json!({"name": "Works", "tags": ["vip"]})));
    ids.insert("household", create(session, "household", json!({"name": "Castle"})));
    let organisation = ids["organisation"].clone();
    let person = json!({
        "salutation": text("Dr"), "given_name": text("Ada"), "middle_name": text("M"), "family_name": text("King"),
        "name_suffix": text("PhD"), "nickname": text("Addie"), "job_title": text("Analyst"),
        "department": text("Engines"), "emails": [{"address": format!("{NEEDLE}@example.com")}],
        "phones": [{"number": "+49 30 23125123"}], "birth_date": "1901-02-03",
        "addresses": [{"street": text("Street 1"), "locality": text("Town")}],
        "profiles": [{"kind": "website", "address": format!("https://example.com/{NEEDLE}")}],
        "description": text("notes"), "vcard_extras": [{"property": {"name": "X-A", "value": NEEDLE}}],
        "organisation": organisation, "household": ids["household"], "tags": ["vip"], "source": "Fair",
    });
    ids.insert("person", create(session, "person", person));
    let person = ids["person"].clone();
    ids.insert("other", create(session, "person", json!({"given_name": "Grace", "tags": ["vip"]})));
    let about = format!("person:{person}");
    ids.insert("reference", about.clone());
    ids.insert("user", create(session, "user", json!({"name": "Alan", "email": "alan@example.com"})));
    let user = ids["user"].clone();
    let of_person = |more: Json| {
        let mut record = json!({"person": person, "owner": user});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    };
    let task = json!({"subject": text("task"), "body": text("body"), "due_date": "2026-11-22"});
    ids.insert("task", create(session, "task", of_person(task)));
    let meeting = json!({
        "subject": text("meeting"), "body": text("body"), "location": text("room"),
        "starts_at": "2026-11-22T10:00:00Z", "ends_at": "2026-11-22T11:00:00Z",
    });
    ids.insert("meeting", create(session, "meeting", of_person(meeting)));
    let call_record = json!({
        "subject": text("call"), "body": text("body"), "outcome": text("outcome"), "phone": "+493023125123",
        "direction": "outbound", "starts_at": "2026-11-22T12:00:00Z",
    });
    ids.insert("call", create(session, "call", of_person(call_record)));
    ids.insert(
        "note",
        create(session, "note", json!({"body": text("note"), "about": about, "person": person})),
    );
    let file = json!({
        "attachment": {"about": about, "file_name": format!("{NEEDLE}.txt"), "description": text("file")},
        "content": "enFuZWVkbGU=",
    });
    let file = call(session, "attachment.add", file);
    ids.insert("attachment", file["id"].as_str().unwrap().to_owned());
    let stages = json!({
        "pipeline": {"name": "Sales"},
        "stages": [{"name": "Open", "position": 1, "stage_type": "open", "probability": "10"},
                   {"name": "Won", "position": 2, "stage_type": "won", "probability": "100"}],
    });
    let pipeline = call(session, "pipeline.create_with_stages", stages);
    for (name, value) in [
        ("pipeline", &pipeline["pipeline"]["id"]),
        ("stage", &pipeline["stages"][0]["id"]),
        ("won", &pipeline["stages"][1]["id"]),
    ] {
        ids.insert(name, value.as_str().unwrap().to_owned());
    }
    let deal = json!({
        "name": "Engine", "stage": ids["stage"], "person": person, "description": text("deal"),
        "lost_notes": text("lost"), "amount": "10.00 EUR",
    });
    ids.insert("deal", create(session, "deal", deal));
    call(session, "case_status.install_defaults", json!({}));
    let case = json!({"subject": text("case"), "description": text("case"), "requester": person});
    let case = call(session, "case.create", case);
    ids.insert("case", case["id"].as_str().unwrap().to_owned());
    ids.insert("number", case["number"].as_str().unwrap().to_owned());
    call(session, "case.reply", json!({"case": ids["case"], "subject": text("re"), "body": text("reply")}));
    call(session, "case.resolve", json!({"case": ids["case"], "resolution": text("resolution")}));
    let affiliation = json!({
        "person": person, "organisation": organisation, "role": text("role"), "start_date": "1901-02-03",
    });
    ids.insert("affiliation", create(session, "affiliation", affiliation));
    let kind = create(session, "relationship_type", json!({"name": "knows", "inverse_name": "is known by"}));
    let relationship = json!({
        "kind": kind, "first": format!("person:{}", ids["other"]), "second": about,
    });
    ids.insert("relationship", create(session, "relationship", relationship));
    let subject = json!({"person": person, "time_zone": "Europe/Berlin", "residence_country": "DE"});
    ids.insert("data_subject", create(session, "data_subject", subject));
    let consent = json!({
        "event": {"person": person, "purpose": "direct_marketing", "channel": "email", "kind": "given"},
        "evidence": {"form": text("form")},
    });
    let consent = call(session, "consent.record", consent);
    ids.insert("consent_event", consent["event"]["id"].as_str().unwrap().to_owned());
    let permit = json!({"person": person, "purpose": "direct_marketing", "channel": "email"});
    let permit = call(session, "privacy.issue_permit", permit);
    ids.insert("contact_permit", permit["permit"].as_str().unwrap().to_owned());
    // A change, for histories and timelines.
    call(session, "person.patch", json!({"id": person, "patch": {"nickname": text("Countess")}}));
    ids
}

/// What each reading operation is called with. `None` for one that reads no records, with the reason.
fn inputs(ids: &Ids) -> BTreeMap<&'static str, Option<Vec<Json>>> {
    let of = |name: &str| ids[name].clone();
    let day = json!({"from": "2026-11-20T00:00:00Z", "to": "2026-11-30T00:00:00Z", "user": of("user")});
    let passage = json!({"from": of("stage"), "to": of("won")});
    let nested = json!([{"operation": "person.get", "input": {"id": of("person")}}]);
    let columns =
        json!(["given_name", "emails[0].address", "birth_date", "organisation.name", "phones[0].number"]);
    BTreeMap::from([
        ("batch.snapshot", Some(vec![json!({"calls": nested})])),
        ("batch.as_of", Some(vec![json!({"at": "2026-11-21T10:00:00Z", "calls": nested})])),
        ("journal.feed", Some(vec![json!({"limit": 1000})])),
        ("journal.verify", None),
        // It names fields, never what they hold.
        ("journal.verify_records", None),
        ("consent.evidence", Some(vec![json!({"event": of("consent_event")})])),
        ("consent.receipt", Some(vec![json!({"person": of("person")})])),
        ("consent.records", Some(vec![json!({"person": of("person")})])),
        ("consent.state", Some(vec![json!({"person": of("person"), "purpose": "direct_marketing"})])),
        ("consent.states", Some(vec![json!({"person": of("person")})])),
        ("privacy.erasure_ledger", Some(vec![json!({})])),
        (
            "privacy.may_contact",
            Some(vec![json!({"person": of("person"), "purpose": "direct_marketing", "channel": "email"})]),
        ),
        (
            "privacy.may_process",
            Some(vec![json!({"person": of("person"), "purpose": "direct_marketing", "category": "contact"})]),
        ),
        ("privacy.plan_erasure", Some(vec![json!({"person": of("person")})])),
        ("privacy.replay_permit", Some(vec![json!({"permit": of("contact_permit")})])),
        ("privacy.rule_set", None),
        ("privacy.screen", Some(vec![json!({"purpose": "direct_marketing", "channel": "email"})])),
        // It looks through bytes for what its caller says.
        ("privacy.verify_erasure", None),
        ("privacy_notice.current", None),
        ("processing_purpose.tree", None),
        ("register_snapshot.screen", Some(vec![json!({"registry": "uk_tps", "address": "+44 7400 123456"})])),
        ("retention.due", Some(vec![json!({})])),
        ("rights.clock", None),
        ("rights.due", Some(vec![json!({})])),
        (
            "suppression.check",
            Some(vec![
                json!({"address": "x@example.com", "channel": "email", "purpose": "direct_marketing"}),
            ]),
        ),
        ("journal.head", None),
        ("journal.inclusion_proof", None),
        ("journal.consistency_proof", None),
        ("bin.list", Some(vec![json!({})])),
        (
            "search.run",
            Some(vec![
                json!({"text": NEEDLE}),
                json!({"text": "23125123"}),
                json!({"text": "vip"}),
                json!({"text": "zq"}),
            ]),
        ),
        (
            "search.suggest",
            Some(vec![
                json!({"record_type": "person", "prefix": "zq"}),
                json!({"record_type": "task", "prefix": ""}),
                json!({"record_type": "attachment", "prefix": "zq"}),
            ]),
        ),
        ("import.list", Some(vec![json!({})])),
        (
            "export.csv",
            Some(vec![
                json!({"record_type": "person", "columns": columns}),
                json!({"record_type": "case", "columns": ["number", "subject", "requester.family_name"]}),
            ]),
        ),
        ("export.vcards", Some(vec![json!({"ids": [of("person"), of("other")]})])),
        ("export.jsonl", Some(vec![json!({})])),
        ("pipeline.template", None),
        ("pipeline.board", Some(vec![json!({"pipeline": of("pipeline")})])),
        ("pipeline.conversion", Some(vec![passage.clone()])),
        ("pipeline.velocity", Some(vec![passage])),
        ("deal.stage_history", Some(vec![json!({"deal": of("deal")})])),
        ("deal.rotting", Some(vec![json!({"pipeline": of("pipeline")})])),
        ("deal.forecast", Some(vec![json!({})])),
        ("deal.outcome", Some(vec![json!({})])),
        ("person.card", Some(vec![json!({"id": of("person")})])),
        ("person.find_by_email", Some(vec![json!({"address": format!("{NEEDLE}@example.com")})])),
        ("person.find_by_phone", Some(vec![json!({"number": "+493023125123"})])),
        ("person.suggest", Some(vec![json!({"prefix": "zq"}), json!({"prefix": ""})])),
        (
            "person.organisations",
            Some(vec![json!({"id": of("person")}), json!({"id": of("person"), "on": "1950-01-01"})]),
        ),
        ("organisation.find_by_email", Some(vec![json!({"address": "a@example.com"})])),
        ("organisation.find_by_phone", Some(vec![json!({"number": "+493023125123"})])),
        ("organisation.suggest", Some(vec![json!({"prefix": ""})])),
        ("organisation.ancestors", Some(vec![json!({"id": of("organisation")})])),
        ("organisation.descendants", Some(vec![json!({"id": of("organisation")})])),
        ("organisation.people", Some(vec![json!({"id": of("organisation")})])),
        ("household.members", Some(vec![json!({"id": of("household")})])),
        ("relationship.of", Some(vec![json!({"contact": format!("person:{}", of("other"))})])),
        ("tag.list", Some(vec![json!({"record_type": "person"})])),
        ("attachment.read_content", Some(vec![json!({"id": of("attachment")})])),
        ("meeting.busy", Some(vec![day])),
        ("reminder.due", Some(vec![json!({"until": "2026-12-01T00:00:00Z"})])),
        ("agenda.list", Some(vec![json!({"user": of("user")})])),
        (
            "timeline.list",
            Some(vec![
                json!({"subject": of("reference")}),
                json!({"subject": format!("organisation:{}", of("organisation")), "with_people": true}),
            ]),
        ),
        ("schema.list", None),
        ("system.info", None),
        ("system.integrity_check", None),
        ("privacy.readable", None),
        ("privacy.reads_of", Some(vec![json!({"person": of("person")})])),
        ("privacy.disclosures_of", Some(vec![json!({"person": of("person")})])),
        ("privacy.register", Some(vec![json!({})])),
        ("privacy.register_document", Some(vec![json!({})])),
        ("case.match_inbound", Some(vec![json!({"subject": format!("Re: {}", of("number"))})])),
        ("case.thread", Some(vec![json!({"case": of("case")})])),
        ("case.links", Some(vec![json!({"case": of("case")})])),
        ("case.status_periods", Some(vec![json!({"case": of("case")})])),
        ("case.find_by_number", Some(vec![json!({"number": of("number")})])),
        ("case.queue_overview", Some(vec![json!({})])),
    ])
}

/// What the operations that every record type has are called with, for a record of each type.
fn record_inputs(operation: &str, id: &str) -> Option<Vec<Json>> {
    Some(match operation {
        "get" | "find" => vec![json!({"id": id})],
        "history" => vec![json!({"id": id, "limit": 1000})],
        "list" => vec![json!({"limit": 1000}), json!({"sort": ["-created_at"]})],
        "count" | "group" => vec![json!({})],
        _ => return None,
    })
}

/// Every call of a reading operation: its name and its input.
fn every_read(session: &Session, ids: &Ids) -> Vec<(String, Json)> {
    let mut inputs = inputs(ids);
    let mut calls = Vec::new();
    for operation in table().filter(|operation| operation.kind == Kind::Query) {
        let found = inputs.remove(operation.name).unwrap_or_else(|| {
            panic!(
                "{} reads: say in this test with what it is called, or why it reads no records",
                operation.name
            )
        });
        calls.extend(found.into_iter().flatten().map(|input| (operation.name.to_owned(), input)));
    }
    assert!(inputs.is_empty(), "{:?} are no reading operations", inputs.keys());
    let types = call(session, "schema.list", json!({}));
    for record_type in types.as_array().unwrap() {
        let name = record_type["name"].as_str().unwrap();
        let first = call(session, &format!("{name}.list"), json!({"limit": 1}));
        let some = first["records"][0]["id"].as_str().unwrap_or("00000000-0000-7000-8000-000000000000");
        let id = ids.get(name).map_or(some, String::as_str);
        for operation in RECORD_OPERATIONS.iter().filter(|operation| operation.kind == Kind::Query) {
            let found = record_inputs(operation.name, id).unwrap_or_else(|| {
                panic!("{} reads: say in this test with what it is called", operation.name)
            });
            calls.extend(found.into_iter().map(|input| (format!("{name}.{}", operation.name), input)));
        }
    }
    calls
}

fn tells(outcome: &Json) -> Option<&'static str> {
    let text = outcome.to_string().to_lowercase();
    // What a content says in base64 is a needle, too.
    let coded = ["enfuzwvkbgu"];
    [NEEDLE].into_iter().chain(OTHER_NEEDLES).chain(coded).find(|needle| text.contains(needle))
}

#[test]
fn no_read_path_tells_of_a_person_whose_data_are_closed() {
    let crm = open();
    let system = session(&crm, Purpose::TechnicalServiceProvision);
    let ids = fill(&system);
    let sessions = |purpose| session(&crm, purpose);
    // What the calls tell as long as nothing is closed: a test of the needles.
    let relations = sessions(Purpose::CustomerRelationshipManagement);
    let calls = every_read(&system, &ids);
    let told = calls.iter().filter(|(name, input)| {
        relations.call(name, input.clone()).is_ok_and(|outcome| tells(&outcome).is_some())
    });
    assert!(told.count() > 45, "the needles are not where they should be");
    create(&system, "restriction", json!({"person": ids["person"], "ground": "unlawful"}));
    create(&system, "objection", json!({"person": ids["person"], "purpose": "direct_marketing"}));
    for purpose in [
        Purpose::CustomerRelationshipManagement,
        Purpose::CustomerCare,
        Purpose::CustomerOrderManagement,
        Purpose::DirectMarketing,
        Purpose::Analytics,
        Purpose::AiTraining,
        Purpose::SellDataToThirdParties,
    ] {
        let closed = sessions(purpose);
        for (name, input) in &calls {
            // A refusal tells nothing, as long as it does not quote.
            let outcome = closed.call(name, input.clone()).unwrap_or_else(|error| error.to_json());
            let echo = input.to_string().to_lowercase();
            let needle = tells(&outcome).filter(|needle| !echo.contains(needle) || outcome["code"].is_null());
            assert_eq!(needle, None, "{name} {input} for {purpose:?}: {outcome}");
        }
    }
    // The law, the rights of the person and storage see everything.
    for purpose in [Purpose::LegalCompliance, Purpose::RightsFulfilment, Purpose::TechnicalServiceProvision] {
        let seen = call(&sessions(purpose), "person.get", json!({"id": ids["person"]}));
        assert!(tells(&seen).is_some() && seen["redactions"].is_null(), "{purpose:?}: {seen}");
    }
}

#[test]
fn a_blank_cell_is_named_with_its_reason_wherever_it_is_shown() {
    let crm = open();
    let system = session(&crm, Purpose::TechnicalServiceProvision);
    let ids = fill(&system);
    create(&system, "restriction", json!({"person": ids["person"]}));
    let closed = session(&crm, Purpose::CustomerRelationshipManagement);
    let id = json!({"id": ids["person"]});
    let restricted = |field: &str| json!({"field": field, "reason": "restriction"});
    let has = |outcome: &Json, pointer: &str, field: &str| {
        let named = outcome.pointer(pointer).and_then(Json::as_array);
        let found = named.is_some_and(|named| named.contains(&restricted(field)));
        assert!(found, "{field} is not named at {pointer}: {outcome}");
    };
    let person = call(&closed, "person.get", id.clone());
    for field in ["salutation", "given_name", "emails", "birth_date", "vcard_extras"] {
        assert!(person[field].is_null(), "{person}");
        has(&person, "/redactions", field);
    }
    // Ordinary fields and links stay.
    assert_eq!((&person["source"], &person["organisation"]), (&json!("Fair"), &json!(ids["organisation"])));
    has(&call(&closed, "person.card", id.clone()), "/redactions", "emails");
    has(&call(&closed, "person.history", id), "/0/redactions", "nickname");
    has(&call(&closed, "search.run", json!({"text": "vip"})), "/1/redactions", "given_name");
    has(
        &call(&closed, "timeline.list", json!({"subject": ids["reference"]})),
        "/records/0/redactions",
        "subject",
    );
    has(&call(&closed, "agenda.list", json!({"user": ids["user"]})), "/records/0/redactions", "subject");
    has(&call(&closed, "household.members", json!({"id": ids["household"]})), "/0/redactions", "given_name");
    has(
        &call(&closed, "organisation.people", json!({"id": ids["organisation"]})),
        "/members/0/redactions",
        "job_title",
    );
    let of_other = json!({"contact": format!("person:{}", ids["other"])});
    has(&call(&closed, "relationship.of", of_other), "/related/0/redactions", "family_name");
    let columns = json!({"record_type": "person", "columns": ["given_name", "source"]});
    let file = call(&closed, "export.csv", columns);
    assert_eq!(file["content"], "given_name,source\r\n,Fair\r\nGrace,\r\n");
    let blank = json!({"record": ids["person"], "field": "given_name", "reason": "restriction"});
    assert_eq!(file["redactions"], json!([blank]));
    // A copy of the database must be whole.
    let error = closed.call("export.jsonl", json!({})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("export.forbidden", Some("person")));
    let entries = call(&closed, "journal.feed", json!({"limit": 1000}));
    let created =
        entries.as_array().unwrap().iter().find(|entry| entry["record"] == json!(ids["person"])).unwrap();
    assert!(created["redactions"].as_array().unwrap().contains(&restricted("emails")), "{created}");
    // When the restriction ends, everything is back.
    let restriction = call(&system, "restriction.list", json!({}))["records"][0]["id"].clone();
    call(
        &system,
        "restriction.patch",
        json!({"id": restriction, "patch": {"until": "2026-11-21T10:00:00Z"}}),
    );
    assert!(call(&closed, "person.get", json!({"id": ids["person"]}))["redactions"].is_null());
}
