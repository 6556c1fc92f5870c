//! The packages that answer requests for access and portability: complete, without other people, safe to open.

use crm_core::access::OwnAndTeam;
use crm_core::access::users::User;
use crm_core::activity::{Attachment, Call, Meeting, MeetingAttendee, Note, Task};
use crm_core::contacts::{
    Email, Household, Organisation, Person, PersonId, Phone, PostalAddress, Relationship, RelationshipType,
};
use crm_core::customize::{CustomField, CustomKind, CustomType, LinkRule};
use crm_core::privacy::rights::{
    AutomatedDecision, IdentityCheck, IdentityState, Language, Package, PackageFormat, PackageOptions,
    RightsRequest,
};
use crm_core::privacy::{DataSubject, Objection};
use crm_core::record::Record;
use crm_core::sales::{Deal, DealContact};
use crm_core::service::{Case, CaseMessage, CaseParticipant, MessageDirection};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Reference, SeededRandom, Session};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// What is typed into the fields: something to look for, or something hostile.
#[derive(Clone, Copy)]
struct Texts(&'static str);

impl Texts {
    fn of(self, field: &str) -> String {
        format!("{}{field}", self.0)
    }
}

const HARMLESS: Texts = Texts("Needle ");
const HOSTILE: Texts = Texts("</dd></dl><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{202e} ");

struct World {
    crm: Crm,
    session: Session,
    ada: PersonId,
}

const CHARLES: [&str; 4] = ["Charles", "Babbage", "charles@example.com", "2345678"];

fn open(config: Config) -> (Crm, Session) {
    let clock = ManualClock::at("2026-03-10T09:00:00Z".parse().unwrap());
    let config = config.clock(clock).random(SeededRandom::new([7; 32])).zone("Europe/Berlin").unwrap();
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::RightsFulfilment).unwrap();
    (crm, session)
}

/// A person in records of all sorts, together with another one.
fn world(texts: Texts) -> World {
    let (crm, session) = open(Config::default());
    for (name, kind) in [("x_shoe_size", CustomKind::Text), ("x_mentor", CustomKind::Link)] {
        let field = CustomField {
            kind,
            target: (kind == CustomKind::Link).then(|| "person".into()),
            ..CustomField::new("person", name)
        };
        session.custom_fields().create(field).unwrap();
    }
    session.custom_types().create(CustomType { name: "x_badge".into(), ..CustomType::default() }).unwrap();
    session.custom_fields().create(CustomField::new("x_badge", "x_code")).unwrap();
    let holder = CustomField {
        kind: CustomKind::Link,
        target: Some("person".into()),
        on_delete: Some(LinkRule::Cascade),
        ..CustomField::new("x_badge", "x_holder")
    };
    session.custom_fields().create(holder).unwrap();

    let works = Organisation { name: texts.of("Works"), ..Organisation::default() };
    let works = session.organisations().create(works).unwrap().id();
    let household = Household { name: texts.of("Household"), ..Household::default() };
    let household = session.households().create(household).unwrap().id();
    let charles = session.people().create(Person {
        given_name: Some("Charles".into()),
        family_name: Some("Babbage".into()),
        emails: vec![Email::work("charles@example.com")],
        phones: vec![Phone { number: "+49 171 2345678".into(), ..Phone::default() }],
        ..Person::default()
    });
    let charles = charles.unwrap().id();
    let ada = session.people().create(Person {
        given_name: Some(texts.of("Given")),
        family_name: Some(texts.of("Family")),
        organisation: Some(works),
        household: Some(household),
        job_title: Some(texts.of("Job")),
        emails: vec![Email::work("ada@example.com")],
        phones: vec![Phone { number: "+49 30 1234567".into(), ..Phone::default() }],
        addresses: vec![PostalAddress {
            street: texts.of("Street"),
            country: "DE".into(),
            ..PostalAddress::default()
        }],
        birth_date: Some("1815-12-10".parse().unwrap()),
        tags: vec![texts.of("Tag")],
        source: Some(texts.of("Source")),
        description: Some(texts.of("Description by Babbage")),
        ..Person::default()
    });
    let ada = ada.unwrap().id();
    let custom = json!({"x_shoe_size": texts.of("Custom"), "x_mentor": charles});
    session.people().patch(ada, &custom).unwrap();
    session.people().patch(ada, &json!({"department": texts.of("Old")})).unwrap();
    session.people().patch(ada, &json!({"department": texts.of("New")})).unwrap();
    session.records("x_badge").create(&json!({"x_code": texts.of("Badge"), "x_holder": ada})).unwrap();

    let about = Reference::new("person", ada);
    let note = |text: &str| Note { about: about.clone(), body: texts.of(text), ..Note::default() };
    session.notes().create(note("Note: met Charles Babbage, 0171 234 56 78")).unwrap();
    let gone = session.notes().create(note("Deleted")).unwrap();
    session.notes().delete(gone.meta.id).unwrap();
    session
        .tasks()
        .create(Task { subject: texts.of("Task"), about: Some(about.clone()), ..Task::default() })
        .unwrap();
    let call = Call {
        subject: texts.of("Call"),
        person: Some(ada),
        phone: Some("+49301234567".into()),
        ..Call::default()
    };
    session.calls().create(call).unwrap();
    let file = Attachment {
        about: about.clone(),
        file_name: "needle.txt".into(),
        description: Some(texts.of("File")),
        ..Attachment::default()
    };
    session.attachments().add(file, &mut "content".as_bytes()).unwrap();
    let meeting = Meeting {
        subject: texts.of("Meeting"),
        starts_at: "2026-03-11T09:00:00Z".parse().unwrap(),
        ends_at: "2026-03-11T10:00:00Z".parse().unwrap(),
        ..Meeting::default()
    };
    let meeting = session.meetings().create(meeting).unwrap().id();
    for attendee in [ada, charles] {
        let attendee = Reference::new("person", attendee);
        session
            .meeting_attendees()
            .create(MeetingAttendee { meeting, attendee, ..MeetingAttendee::default() })
            .unwrap();
    }
    let case = Case { subject: texts.of("Case"), requester: Some(ada), ..Case::default() };
    let case = session.cases().create(case).unwrap().id();
    let participant = CaseParticipant { case, person: charles, ..CaseParticipant::default() };
    session.case_participants().create(participant).unwrap();
    // The case of another, in which Ada only takes part.
    let secret = Case { subject: "Secret matter".into(), requester: Some(charles), ..Case::default() };
    let secret = session.cases().create(secret).unwrap().id();
    let participant = CaseParticipant { case: secret, person: ada, ..CaseParticipant::default() };
    session.case_participants().create(participant).unwrap();
    for (direction, person, body) in [
        (MessageDirection::Inbound, ada, "Asked"),
        (MessageDirection::Outbound, charles, "Answered by Charles"),
    ] {
        let body = Some(texts.of(body));
        session
            .case_messages()
            .create(CaseMessage { case, direction, person: Some(person), body, ..CaseMessage::default() })
            .unwrap();
    }
    let pipeline = session.call("pipeline.create", json!({"name": "Sales"})).unwrap();
    for (name, kind) in [("Open", "open"), ("Won", "won"), ("Lost", "lost")] {
        let stage = json!({"pipeline": pipeline["id"], "name": name, "stage_type": kind});
        session.call("stage.create", stage).unwrap();
    }
    let pipeline = pipeline["id"].as_str().unwrap().parse::<crm_core::RecordId>().unwrap();
    let deal = |name: &str, person| Deal {
        name: texts.of(name),
        pipeline: pipeline.into(),
        person,
        ..Deal::default()
    };
    session.deals().create(deal("Deal", Some(ada))).unwrap();
    let other_deal = session.deals().create(deal("Other deal", None)).unwrap().id();
    session
        .deal_contacts()
        .create(DealContact { deal: other_deal, person: ada, ..DealContact::default() })
        .unwrap();
    let kind = session.relationship_types().create(RelationshipType {
        name: texts.of("Friend"),
        symmetric: true,
        ..RelationshipType::default()
    });
    let relationship = Relationship {
        kind: kind.unwrap().id(),
        first: Some(about),
        second: Some(Reference::new("person", charles)),
        description: Some(texts.of("Friendship")),
        ..Relationship::default()
    };
    session.relationships().create(relationship).unwrap();
    session
        .data_subjects()
        .create(DataSubject { person: ada, residence_country: Some("DE".into()), ..DataSubject::default() })
        .unwrap();
    // The child of another: only that Ada is the guardian is Ada's.
    let child = DataSubject {
        person: charles,
        guardian: Some(ada),
        residence_country: Some("AQ".into()),
        ..DataSubject::default()
    };
    session.data_subjects().create(child).unwrap();
    let objection = Objection {
        person: ada,
        purpose: "direct_marketing".into(),
        received_at: session.now(),
        description: Some(texts.of("Objection")),
        ..Objection::default()
    };
    session.objections().create(objection).unwrap();
    let decision = AutomatedDecision {
        person: ada,
        decision: "credit_limit".into(),
        result: texts.of("Result"),
        inputs: Some(json!({"postcode": texts.of("Postcode")})),
        model: "limits 4.2".into(),
        logic: Some(texts.of("Logic")),
        purpose: "customer_order_management".into(),
        ..AutomatedDecision::default()
    };
    session.automated_decisions().create(decision).unwrap();
    let request =
        RightsRequest { person: Some(ada), description: Some(texts.of("Wish")), ..RightsRequest::default() };
    session.rights().open(request).unwrap();
    World { crm, session, ada }
}

impl World {
    fn access(&self, format: PackageFormat, language: Language) -> Package {
        let controller = Some("Works & Sons <data@example.com>".to_owned());
        let options = PackageOptions { format, language, controller };
        self.session.rights().access_package(Some(self.ada), None, &options).unwrap()
    }

    fn document(&self) -> Json {
        serde_json::from_str(&self.access(PackageFormat::Json, Language::En).files[0].content).unwrap()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The records of a type in a document.
fn records<'d>(document: &'d Json, record_type: &str) -> Vec<&'d Json> {
    let chapters = document["chapters"].as_array().unwrap();
    let all = chapters.iter().flat_map(|chapter| chapter["records"].as_array().unwrap());
    all.filter(|record| record["record_type"] == record_type).collect()
}

fn field<'d>(record: &'d Json, name: &str) -> &'d Json {
    let fields = record["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap_or(&Json::Null)
}

#[test]
fn everything_about_the_person_is_in_it() {
    let world = world(HARMLESS);
    for file in world.access(PackageFormat::Both, Language::En).files {
        for text in [
            "Given",
            "Family",
            "Job",
            "Street",
            "Tag",
            "Source",
            "Description",
            "Custom",
            "Badge",
            "Note",
            "Task",
            "Call",
            "File",
            "Meeting",
            "Case",
            "Asked",
            "Answered",
            "Deal",
            "Other deal",
            "Friendship",
            "Household",
            "Objection",
            "Result",
            "Postcode",
            "Logic",
            "Wish",
            "Works",
            "Deleted",
            "Old",
            "New",
        ] {
            assert!(file.content.contains(&HARMLESS.of(text)), "{text} in {}", file.name);
        }
        for text in ["ada@example.com", "needle.txt", "Deleted records"] {
            assert!(file.content.contains(text), "{text} in {}", file.name);
        }
    }
    let document = world.document();
    assert_eq!(document["format"], "crm-access-package");
    let person = records(&document, "person");
    assert_eq!((person.len(), &person[0]["relation"]), (1, &json!("person")));
    assert_eq!(field(person[0], "birth_date")["text"], "10 December 1815");
    assert_eq!(field(person[0], "emails")["value"][0]["address"], "ada@example.com");
    // What it was before, out of the journal.
    let before: Vec<&Json> = person[0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|change| change["fields"].as_array().into_iter().flatten())
        .filter(|field| field["name"] == "department")
        .map(|field| &field["before"]["value"])
        .collect();
    assert_eq!(before, [&Json::Null, &json!("Needle Old")]);
    let purposes = document["processing"]["purposes"].as_array().unwrap();
    assert_eq!(purposes[0]["key"], "rights_fulfilment");
    assert_eq!(
        records(&document, "note").iter().map(|note| &note["relation"]).collect::<Vec<_>>(),
        ["subject", "deleted"]
    );
    assert_eq!(
        field(records(&document, "automated_decision")[0], "inputs")["value"]["postcode"],
        "Needle Postcode"
    );
}

/// Whatever type links to people appears by itself: a type that is left out fails here.
#[test]
fn no_type_that_links_to_people_is_left_out() {
    let world = world(HARMLESS);
    let document = world.document();
    let text = document.to_string();
    let mut checked = 0;
    for record_type in world.crm.schema().types() {
        let name = record_type.name();
        // A line of work says how many records there are, and has no note here.
        if name == "rights_request_task" {
            continue;
        }
        let filter = |field: &str| format!("{field} = \"{}\"", world.ada);
        let links = record_type.own_fields().iter().filter(|field| {
            matches!(field.kind(), crm_core::record::FieldKind::Link { target, .. } if target == "person")
        });
        for link in links {
            let list =
                world.session.call(&format!("{name}.list"), json!({"filter": filter(link.name())})).unwrap();
            for record in list["records"].as_array().unwrap() {
                checked += 1;
                let id = record["id"].as_str().unwrap();
                assert!(text.contains(&format!("\"id\":\"{id}\"")), "{name} by {}", link.name());
            }
        }
    }
    assert!(checked > 12, "{checked}");
}

#[test]
fn other_people_are_left_out() {
    let world = world(HARMLESS);
    let package = world.access(PackageFormat::Both, Language::De);
    for file in &package.files {
        for needle in CHARLES {
            assert!(!file.content.contains(needle), "{needle} in {}", file.name);
        }
        assert!(file.content.contains("[andere Person]"), "{}", file.name);
        assert!(!file.content.contains("\"AQ\""), "the residence of the child");
        assert!(!file.content.contains("Secret matter"), "what another asked for");
    }
    let document: Json = serde_json::from_str(&package.files[0].content).unwrap();
    let person = records(&document, "person")[0];
    assert_eq!(
        field(person, "x_mentor"),
        &json!({
            "name": "x_mentor", "label": "Mentor", "class": "ordinary", "value": "[andere Person]", "masked": true,
        })
    );
    let note = records(&document, "note")[0];
    assert_eq!(field(note, "body")["value"], "Needle Note: met [andere Person], [andere Person]");
    let child = records(&document, "data_subject");
    assert_eq!(child.iter().map(|record| &record["relation"]).collect::<Vec<_>>(), ["subject", "mentioned"]);
    assert_eq!(child[1]["fields"].as_array().unwrap().len(), 1);
    let participants = records(&document, "case_participant");
    assert_eq!(participants.len(), 1, "that Charles takes part is his business");
    let cases = records(&document, "case");
    assert_eq!(cases.iter().map(|case| &case["relation"]).collect::<Vec<_>>(), ["subject", "context"]);
    assert_eq!(
        (&cases[1]["title"], field(cases[1], "number")["value"].as_str()),
        (&json!(""), Some("C-00002"))
    );
    // Every text in which somebody was replaced is for a human to look at.
    let review: Vec<String> =
        package.review.iter().map(|item| format!("{}.{}", item.record.record_type, item.field)).collect();
    for place in ["person.description", "note.body", "case_message.body"] {
        assert!(review.iter().any(|item| item == place), "{place} in {review:?}");
    }
}

#[test]
fn who_of_the_staff_is_nobodys_business() {
    let world = world(HARMLESS);
    let grace =
        world.session.users().create(User { name: "Grace Hopper".into(), ..User::default() }).unwrap();
    let session = world.crm.session(Actor::User(grace.id()), Purpose::CustomerCare).unwrap();
    session.people().patch(world.ada, &json!({"owner": grace.meta.id, "nickname": "A"})).unwrap();
    for file in world.access(PackageFormat::Both, Language::En).files {
        assert!(
            !file.content.contains("Hopper") && !file.content.contains(&grace.meta.id.to_string()),
            "{}",
            file.name
        );
        assert!(file.content.contains("staff"), "{}", file.name);
    }
    let document = world.document();
    let changes = &records(&document, "person")[0]["changes"];
    let last = changes.as_array().unwrap().last().unwrap();
    assert_eq!((&last["by"], &last["purpose"]), (&json!("staff"), &json!("customer_care")));
}

#[test]
fn lists_of_people_count_and_are_not_shown() {
    let (_, session) = open(Config::default());
    session.custom_types().create(CustomType { name: "x_log".into(), ..CustomType::default() }).unwrap();
    for (name, kind) in [("x_subjects", CustomKind::List), ("x_what", CustomKind::Text)] {
        session.custom_fields().create(CustomField { kind, ..CustomField::new("x_log", name) }).unwrap();
    }
    let person = |name: &str| {
        session.people().create(Person { family_name: Some(name.into()), ..Person::default() }).unwrap().id()
    };
    let (ada, charles) = (person("Lovelace"), person("Babbage"));
    for (subjects, what) in [(vec![ada, charles], "both"), (vec![charles], "one")] {
        session.records("x_log").create(&json!({"x_subjects": subjects, "x_what": what})).unwrap();
    }
    let package = session.rights().access_package(Some(ada), None, &PackageOptions::default()).unwrap();
    let document: Json = serde_json::from_str(&package.files[0].content).unwrap();
    let log = records(&document, "x_log");
    assert_eq!((log.len(), &field(log[0], "x_what")["value"]), (1, &json!("both")));
    assert!(!package.files[0].content.contains(&charles.to_string()));
}

#[test]
fn who_only_takes_part_is_left_out_of_texts_too() {
    let (_, session) = open(Config::default());
    let person = |name: &str| {
        session.people().create(Person { family_name: Some(name.into()), ..Person::default() }).unwrap().id()
    };
    let (ada, mary, annabella) = (person("Lovelace"), person("Somerville"), person("Milbanke"));
    let case = Case { subject: "Lessons of Somerville".into(), requester: Some(ada), ..Case::default() };
    let case = session.cases().create(case).unwrap().id();
    let participant = CaseParticipant { case, person: mary, ..CaseParticipant::default() };
    session.case_participants().create(participant).unwrap();
    let meeting = Meeting {
        subject: "Tea with Milbanke".into(),
        starts_at: "2026-03-11T09:00:00Z".parse().unwrap(),
        ends_at: "2026-03-11T10:00:00Z".parse().unwrap(),
        ..Meeting::default()
    };
    let meeting = session.meetings().create(meeting).unwrap().id();
    for attendee in [ada, annabella] {
        let attendee = Reference::new("person", attendee);
        session
            .meeting_attendees()
            .create(MeetingAttendee { meeting, attendee, ..MeetingAttendee::default() })
            .unwrap();
    }
    let package = session.rights().access_package(Some(ada), None, &PackageOptions::default()).unwrap();
    let content = &package.files[0].content;
    assert!(content.contains("Lessons of [another person]") && content.contains("Tea with [another person]"));
    assert!(!content.contains("Somerville") && !content.contains("Milbanke"));
}

/// The tags of a page, without their texts.
fn tags(html: &str) -> Vec<&str> {
    let (_, body) = html.split_once("<body>").unwrap();
    body.split('<').skip(1).map(|part| part.split('>').next().unwrap()).collect()
}

#[test]
fn nothing_that_was_typed_acts_in_the_page() {
    let (hostile, harmless) = (world(HOSTILE), world(HARMLESS));
    for language in Language::ALL {
        let page = |world: &World| world.access(PackageFormat::Html, *language).files.remove(0).content;
        let (hostile, harmless) = (page(&hostile), page(&harmless));
        assert!(hostile.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!hostile.contains("<script") && !hostile.contains("<img"));
        assert_eq!(tags(&hostile), tags(&harmless), "{language}");
        assert!(hostile.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"));
        assert!(hostile.contains("Works &amp; Sons &lt;data@example.com&gt;"));
    }
}

#[test]
fn the_page_speaks_the_language_and_is_well_formed() {
    let world = world(HARMLESS);
    for (language, title, date) in [
        (Language::En, "Your personal data", "10 March 2026, 10:00 (Europe/Berlin)"),
        (Language::De, "Ihre personenbezogenen Daten", "10. März 2026, 10:00 (Europe/Berlin)"),
        (Language::Fr, "Vos données personnelles", "10 mars 2026, 10:00 (Europe/Berlin)"),
    ] {
        let html = world.access(PackageFormat::Html, language).files.remove(0).content;
        assert!(html.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{language}\">")));
        assert!(html.contains(&format!("<h1>{title}</h1>")) && html.contains(date));
        // Every element is closed by its own name, in order.
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(&html) {
            let name = tag.split([' ', '\n']).next().unwrap();
            match name.strip_prefix('/') {
                None => open.push(name),
                Some("body" | "html") => {}
                Some(name) => assert_eq!(open.pop(), Some(name), "{language}"),
            }
        }
        assert!(open.is_empty(), "{open:?}");
        for id in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn a_package_is_the_same_every_time_and_hashed() {
    // Of one state: in a world that came about alike, since a package is written into the read log that the next one shows.
    let ours = world(HARMLESS);
    let first = ours.access(PackageFormat::Both, Language::Fr);
    assert_eq!(first, world(HARMLESS).access(PackageFormat::Both, Language::Fr));
    let second = ours.access(PackageFormat::Both, Language::Fr);
    assert_eq!(second.records, first.records + 1);
    let shown = |package: &Package| package.files[0].content.contains("rights.access_package");
    assert!(!shown(&first) && shown(&second));
    let names: Vec<&str> = first.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["access.json", "access.html"]);
    let mut manifest = String::new();
    for file in &first.files {
        assert_eq!(file.sha256, hex(&Sha256::digest(file.content.as_bytes())));
        manifest += &format!("{}  {}\n", file.sha256, file.name);
    }
    assert_eq!(first.sha256, hex(&Sha256::digest(manifest.as_bytes())));
    let document: Json = serde_json::from_str(&first.files[0].content).unwrap();
    let count: usize =
        document["chapters"].as_array().unwrap().iter().map(|c| c["records"].as_array().unwrap().len()).sum();
    assert_eq!(first.records, count);
}

#[test]
fn portability_has_what_was_provided_and_nothing_else() {
    let world = world(HARMLESS);
    let package = world.session.rights().portability_package(Some(world.ada), None).unwrap();
    let names: Vec<&str> = package.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "portability.json",
            "person.csv",
            "case.csv",
            "case_message.csv",
            "data_subject.csv",
            "objection.csv",
            "rights_request.csv",
            "person.vcf",
        ]
    );
    let all: String = package.files.iter().map(|file| file.content.as_str()).collect();
    for text in ["Given", "Family", "Job", "Street", "Custom", "New", "Case", "Asked", "Objection", "Wish"] {
        assert!(all.contains(&HARMLESS.of(text)), "{text}");
    }
    for text in
        ["Description", "Tag", "Source", "Note", "Task", "Call", "File", "Answered", "Deal", "Result", "Old"]
    {
        assert!(!all.contains(&HARMLESS.of(text)), "{text}");
    }
    for type_name in ["note", "deal", "automated_decision", "x_badge"] {
        assert!(
            package.left_out.iter().any(|name| name == type_name),
            "{type_name} of {:?}",
            package.left_out
        );
    }
    for needle in CHARLES {
        assert!(!all.contains(needle), "{needle}");
    }
    let json: Json = serde_json::from_str(&package.files[0].content).unwrap();
    assert_eq!(json["records"]["person"][0]["emails"][0]["address"], "ada@example.com");
    let card = &package.files.last().unwrap().content;
    assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n") && card.contains("ada@example.com"));
}

#[test]
fn no_spreadsheet_runs_what_was_typed() {
    let (_, session) = open(Config::default());
    let person = Person {
        family_name: Some("=cmd|' /C calc'!A0".into()),
        given_name: Some("-1+1".into()),
        ..Person::default()
    };
    let person = session.people().create(person).unwrap().id();
    let package = session.rights().portability_package(Some(person), None).unwrap();
    let table = &package.files.iter().find(|file| file.name == "person.csv").unwrap().content;
    assert!(table.contains("'=cmd|' /C calc'!A0") && table.contains(",'-1+1,"), "{table}");
    assert!(package.files[0].content.contains("\"=cmd|' /C calc'!A0\""), "programs get it as it is");
}

#[test]
fn a_package_is_for_rights_only_and_never_a_part() {
    let world = world(HARMLESS);
    let options = PackageOptions::default();
    for purpose in Purpose::ALL {
        let session = world.crm.session(Actor::System, purpose).unwrap();
        let outcome = session.rights().access_package(Some(world.ada), None, &options);
        let allowed = matches!(purpose, Purpose::RightsFulfilment | Purpose::LegalCompliance);
        match outcome {
            Ok(_) => assert!(allowed, "{}", purpose.key()),
            Err(error) => assert_eq!((error.code(), allowed), ("rights.purpose", false)),
        }
    }
    let nobody = world.session.rights().access_package(Some(PersonId::default()), None, &options);
    assert_eq!(nobody.unwrap_err().code(), "record.not_found");
    let (crm, session) = open(Config::default().access(OwnAndTeam::of(&["deal"])));
    let person =
        session.people().create(Person { given_name: Some("Ada".into()), ..Person::default() }).unwrap();
    let user = session.users().create(User { name: "Grace".into(), ..User::default() }).unwrap();
    let session = crm.session(Actor::User(user.id()), Purpose::RightsFulfilment).unwrap();
    let error = session.rights().access_package(Some(person.id()), None, &options).unwrap_err();
    assert_eq!((error.code(), error.path()), ("rights.incomplete", Some("deal")));
}

#[test]
fn the_package_of_a_request_names_it() {
    let world = world(HARMLESS);
    let rights = world.session.rights();
    let request = rights.due(1).unwrap()[0].request;
    let check = IdentityCheck { state: IdentityState::Verified, ..IdentityCheck::default() };
    rights.verify_identity(request, check).unwrap();
    let options = PackageOptions { format: PackageFormat::Both, ..PackageOptions::default() };
    let package = rights.access_package(None, Some(request), &options).unwrap();
    let document: Json = serde_json::from_str(&package.files[0].content).unwrap();
    assert_eq!(document["request"]["number"], "R-00001");
    assert!(package.files[1].content.contains("R-00001 (GDPR)"));
    if let Ok(folder) = std::env::var("CRM_PACKAGE_FOLDER") {
        for language in Language::ALL {
            let package = world.access(PackageFormat::Both, *language);
            for file in package.files {
                std::fs::write(format!("{folder}/{language}-{}", file.name), file.content).unwrap();
            }
        }
    }
}
