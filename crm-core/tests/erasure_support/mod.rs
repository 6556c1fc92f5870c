//! A database in which one person has left traces everywhere, and what is looked for afterwards.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a module of several tests, none of which needs all"
)]

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crm_core::activity::Attachment;
use crm_core::privacy::keys::StaticKey;
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, RecordId, Reference, SeededRandom, Session};
use serde_json::{Value as Json, json};

/// Words that stand in the database because of Ada only, one for every field and every way in.
pub const NEEDLES: [&str; 44] = [
    "zqsalutation",
    "zqgivenxw",
    "zqmiddlexw",
    "zqfamilyxw",
    "zqsuffixw",
    "zqnickname",
    "zqjobtitle",
    "zqdepartment",
    "zqmailbox",
    "zqstreetname",
    "zqcityname",
    "zqprofile",
    "1961-04-17",
    "zqdescription",
    "zqvcardextra",
    "zqoldfamily",
    "zqhousehold",
    "zqhousestreet",
    "zqaffiliation",
    "zqrelation",
    "zqtasksubject",
    "zqtaskbody",
    "zqmeetsubject",
    "zqmeetbody",
    "zqlocation",
    "zqcallsubject",
    "zqcallbody",
    "zqoutcome",
    "zqnoteabout",
    "zqnotedeal",
    "zqfilename",
    "zqfilewords",
    "zqfilebytes",
    "zqdealdesc",
    "zqlostnotes",
    "zqdealrole",
    "zqcasesubject",
    "zqcasedesc",
    "zqresolution",
    "zqmessage",
    "zqbinnote",
    "zqexternal",
    "zqcustom",
    "zqvisitreport",
];

/// More needles, for places that came later than the list above was full.
pub const MORE: [&str; 5] = ["zqrestricted", "4930555019", "zqreminder", "Europe/Vaduz", "zqhold"];

/// A folder of its own for every test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("crm-erasure-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("crm.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn config() -> (Config, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let options = crm_core::storage::sqlite::Options { busy_timeout_ms: 200, ..Default::default() };
    let config = Config::default()
        .clock(Arc::clone(&clock))
        .random(SeededRandom::new([9; 32]))
        .keys(StaticKey::new(&[4; 32]))
        .sqlite(options);
    (config, clock)
}

pub fn session(crm: &Crm) -> Session {
    // A copy of everything for this purpose is a backup, which the read log leaves out.
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

pub fn call(session: &Session, operation: &str, input: Json) -> Json {
    session.call(operation, input.clone()).unwrap_or_else(|error| panic!("{operation} {input}: {error}"))
}

pub fn create(session: &Session, record_type: &str, record: Json) -> RecordId {
    let created = call(session, &format!("{record_type}.create"), record);
    created["id"].as_str().unwrap().parse().unwrap()
}

/// The people, and the records that stay.
pub struct World {
    pub ada: RecordId,
    pub bob: RecordId,
    pub deal: RecordId,
    pub case: RecordId,
    pub message: RecordId,
    pub call: RecordId,
    pub note: RecordId,
    pub bin_note: RecordId,
    pub file: RecordId,
    pub household: RecordId,
}

/// Fills an empty database. Ada comes by an import, is changed, and leaves a trace in every field of every type that can
/// hold one; Bob has the like and nothing of hers.
pub fn fill(session: &Session) -> World {
    let import = call(
        session,
        "import.csv",
        json!({
            "content": "Key,Family\nzqexternal,zqoldfamily\nbob-key,Control\n",
            "mapping": {
                "record_type": "person", "mode": "upsert", "key": ["Key"],
                "columns": [{"column": "Family", "field": "family_name"}],
            },
        }),
    );
    assert_eq!(import["total"]["created"], 2, "{import}");
    let find = |name: &str| -> RecordId {
        let page = call(session, "person.list", json!({"filter": format!("family_name = \"{name}\"")}));
        page["records"][0]["id"].as_str().unwrap().parse().unwrap()
    };
    let (ada, bob) = (find("zqoldfamily"), find("Control"));
    call(
        session,
        "custom_type.create",
        json!({
            "name": "x_visit", "plural": "x_visits", "label": "Visit", "subject": "x_guest",
        }),
    );
    call(
        session,
        "custom_field.create",
        json!({
            "record_type": "x_visit", "name": "x_guest", "label": "Guest", "kind": "link", "target": "person",
            "on_delete": "clear",
        }),
    );
    for (record_type, name) in [("x_visit", "x_report"), ("person", "x_motto")] {
        call(
            session,
            "custom_field.create",
            json!({
                "record_type": record_type, "name": name, "label": name, "kind": "text", "class": "personal",
            }),
        );
    }
    let works = create(session, "organisation", json!({"name": "Works"}));
    let household = create(
        session,
        "household",
        json!({
            "name": "zqhousehold", "addresses": [{"street": "zqhousestreet 1", "locality": "Bonn"}],
        }),
    );
    call(
        session,
        "person.patch",
        json!({"id": ada, "patch": {
            "salutation": "zqsalutation", "given_name": "zqgivenxw", "middle_name": "zqmiddlexw",
            "family_name": "zqfamilyxw", "name_suffix": "zqsuffixw", "nickname": "zqnickname",
            "job_title": "zqjobtitle", "department": "zqdepartment", "organisation": works, "household": household,
            "emails": [{"address": "zqmailbox@example.com"}], "phones": [{"number": "+49 30 555019"}],
            "addresses": [{"street": "zqstreetname 7", "locality": "zqcityname"}],
            "profiles": [{"address": "https://social.example/zqprofile"}], "birth_date": "1961-04-17",
            "description": "zqdescription of a life", "vcard_extras": [["x-note", {}, "text", "zqvcardextra"]],
            "x_motto": "zqcustom", "tags": ["vip"],
        }}),
    );
    call(
        session,
        "person.patch",
        json!({"id": bob, "patch": {
            "given_name": "Bob", "emails": [{"address": "bob@example.com"}], "phones": [{"number": "+49 30 777019"}],
            "description": "A quiet man", "tags": ["vip"], "organisation": works,
        }}),
    );
    create(session, "affiliation", json!({"person": ada, "organisation": works, "role": "zqaffiliation"}));
    create(
        session,
        "data_subject",
        json!({"person": ada, "residence_country": "LI", "time_zone": "Europe/Vaduz"}),
    );
    create(session, "restriction", json!({"person": ada, "description": "zqrestricted"}));
    create(
        session,
        "legal_hold",
        json!({
            "person": ada, "reason": "zqhold", "from": "2020-01-01", "until": "2020-12-31",
        }),
    );
    let kind = create(session, "relationship_type", json!({"name": "knows", "inverse_name": "is known by"}));
    let person = |id: RecordId| Reference::new("person", id).to_string();
    create(
        session,
        "relationship",
        json!({
            "kind": kind, "first": person(ada), "second": person(bob), "description": "zqrelation",
        }),
    );
    create(
        session,
        "task",
        json!({
            "about": person(ada), "subject": "zqtasksubject", "body": "zqtaskbody", "due_date": "2026-12-01",
        }),
    );
    let meeting = create(
        session,
        "meeting",
        json!({
            "person": ada, "subject": "zqmeetsubject", "body": "zqmeetbody", "location": "zqlocation",
            "starts_at": "2026-11-20T10:00:00Z", "ends_at": "2026-11-20T11:00:00Z",
        }),
    );
    for attendee in [ada, bob] {
        create(session, "meeting_attendee", json!({"meeting": meeting, "attendee": person(attendee)}));
    }
    let call_id = create(
        session,
        "call",
        json!({
            "about": person(ada), "subject": "zqcallsubject", "body": "zqcallbody", "outcome": "zqoutcome",
            "phone": "+49 30 555019", "duration_seconds": 77, "starts_at": "2026-11-20T09:00:00Z",
        }),
    );
    let note = create(session, "note", json!({"about": person(ada), "body": "zqnoteabout"}));
    let user = create(session, "user", json!({"name": "Eve"}));
    create(
        session,
        "reminder",
        json!({
            "about": Reference::new("note", note).to_string(), "user": user, "due_at": "2026-12-01T10:00:00Z",
        }),
    );
    let sales = call(
        session,
        "pipeline.create_with_stages",
        json!({
            "pipeline": {"name": "Sales"},
            "stages": [
                {"name": "Open", "key": "open", "stage_type": "open", "probability": "10"},
                {"name": "Lost", "key": "lost", "stage_type": "lost"},
            ],
        }),
    );
    let deal = create(
        session,
        "deal",
        json!({
            "name": "Lights", "pipeline": sales["pipeline"]["id"], "person": ada, "amount": "1250.00 EUR", "description": "zqdealdesc",
            "lost_notes": "zqlostnotes",
        }),
    );
    create(
        session,
        "deal",
        json!({
            "name": "Lamps", "pipeline": sales["pipeline"]["id"], "person": bob, "amount": "99.00 EUR",
            "description": "For the hall",
        }),
    );
    create(session, "deal_contact", json!({"deal": deal, "person": ada, "role": "zqdealrole"}));
    create(
        session,
        "note",
        json!({
            "about": Reference::new("deal", deal).to_string(), "person": ada, "body": "zqnotedeal",
        }),
    );
    let file = Attachment {
        about: Reference::new("person", ada),
        file_name: "zqfilename.txt".into(),
        description: Some("zqfilewords".into()),
        ..Attachment::default()
    };
    let content = format!("{}zqfilebytes{}", ".".repeat(70_000), ".".repeat(9_000));
    let file = session.attachments().add(file, &mut content.as_bytes()).unwrap().meta.id;
    let file_of_bob = Attachment {
        about: Reference::new("person", bob),
        file_name: "bob.txt".into(),
        ..Attachment::default()
    };
    session.attachments().add(file_of_bob, &mut &b"what Bob sent"[..]).unwrap();
    call(session, "case_status.install_defaults", json!({}));
    let case = create(
        session,
        "case",
        json!({
            "subject": "zqcasesubject", "description": "zqcasedesc", "requester": ada,
        }),
    );
    let received = call(
        session,
        "case.receive",
        json!({
            "case": case, "from": ada, "body": "zqmessage in a mail", "channel": "email", "message_id": "<1@mail>",
        }),
    );
    call(session, "case.resolve", json!({"case": case, "resolution": "zqresolution"}));
    let other = create(session, "case", json!({"subject": "Heating", "requester": bob}));
    call(session, "case.receive", json!({"case": other, "from": bob, "body": "It is cold"}));
    create(session, "x_visit", json!({"x_guest": ada, "x_report": "zqvisitreport"}));
    create(session, "x_visit", json!({"x_guest": bob, "x_report": "was here"}));
    let bin_note = create(session, "note", json!({"about": person(ada), "body": "zqbinnote zqreminder"}));
    call(session, "note.delete", json!({"id": bin_note}));
    World {
        ada,
        bob,
        deal,
        case,
        message: received["message"]["id"].as_str().unwrap().parse().unwrap(),
        call: call_id,
        note,
        bin_note,
        file,
        household,
    }
}

/// All needles.
pub fn needles() -> Vec<&'static str> {
    NEEDLES.iter().chain(&MORE).copied().collect()
}

/// The needles that stand in any file of a folder, in small or capital letters or in UTF-16. It is not the engine that
/// looks.
pub fn left(folder: &Path) -> Vec<String> {
    let forms = forms();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for at in 0..bytes.len().saturating_sub(3) {
            let start = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            for (form, needle) in forms.get(&start).into_iter().flatten() {
                if bytes[at..].starts_with(form) {
                    found.insert(format!("{needle} in {name}"));
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The forms of all needles by their first four bytes.
fn forms() -> HashMap<[u8; 4], Vec<(Vec<u8>, &'static str)>> {
    let wide =
        |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut forms: HashMap<_, Vec<_>> = HashMap::new();
    for needle in needles() {
        for form in [
            needle.as_bytes().to_vec(),
            needle.to_lowercase().into_bytes(),
            needle.to_uppercase().into_bytes(),
            wide(needle, u16::to_le_bytes),
            wide(needle, u16::to_be_bytes),
        ] {
            let start = [form[0], form[1], form[2], form[3]];
            forms.entry(start).or_default().push((form, needle));
        }
    }
    forms
}

/// The lines of the logical export that belong to nobody but the control person and the shared records.
pub fn export(session: &Session) -> Vec<String> {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

/// The lines of the export that speak of a record.
pub fn lines_of(export: &[String], id: RecordId) -> Vec<String> {
    let id = id.to_string();
    export.iter().filter(|line| line.contains(&id)).cloned().collect()
}
