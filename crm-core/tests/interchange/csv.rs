//! Importing files of separated values: rejects, modes, links by key, undo, cancel, faults.

use std::ops::ControlFlow;

use crm_core::contacts::{Organisation, Person};
use crm_core::interchange::{
    CsvExport, ImportOptions, ImportReport, JobState, Mapping, Mode, OnReject, Plan, Transactions,
};
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::{Actor, Config, Crm, CrmError, ManualClock, Purpose, SeededRandom, Session};

fn config() -> Config {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    Config::default().clock(clock).random(SeededRandom::new([1; 32]))
}

fn session_of(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn open() -> Session {
    session_of(&crate::engine_support::open(config()))
}

/// Everything that the database says of itself, for "nothing was changed".
fn state(session: &Session) -> String {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
    String::from_utf8(out).unwrap()
}

fn people() -> Mapping {
    Mapping::from_json(
        r#"{
            "record_type": "person", "mode": "upsert", "key": ["Id"], "match": ["emails.address"], "country": "AT",
            "country_column": "Country",
            "columns": [
                {"column": "First", "field": "given_name"},
                {"column": "Last", "field": "family_name", "required": true},
                {"column": "Mail", "field": "emails[0].address"},
                {"constant": "home", "field": "emails[0].kind"},
                {"column": "Mail 2", "field": "emails[1].address", "optional": true},
                {"column": "Phone", "field": "phones[0].number"},
                {"column": "Born", "field": "birth_date", "formats": ["%d.%m.%Y", "%Y-%m-%d"], "empty": "clear"},
                {"column": "Tags", "field": "tags", "separator": "/"},
                {"column": "Lang", "field": "language", "values": {"German": "de", "Italian": "it"}, "otherwise": "reject"},
                {"column": "Firm", "field": "organisation", "link": {"by": "name"}}
            ]
        }"#,
    )
    .unwrap()
}

const HEADER: &str = "Id,First,Last,Mail,Mail 2,Phone,Born,Tags,Lang,Firm,Country\n";

fn import(session: &Session, rows: &str) -> Result<ImportReport, CrmError> {
    session.imports().csv(format!("{HEADER}{rows}").as_bytes(), &people(), ImportOptions::default())
}

fn all(session: &Session) -> Vec<Person> {
    session.people().list(&Query::new().limit(1000)).unwrap().records
}

#[test]
fn a_row_becomes_a_record() {
    let session = open();
    session
        .organisations()
        .create(Organisation { name: "Ärzte AG".into(), ..Organisation::default() })
        .unwrap();
    let report = import(
        &session,
        "7, Ada ,Lovelace,Ada@Example.COM,ada@home.example,0660 1234567,10.12.1815,a/b /a,German,ärzte ag,\n\
         8,Bo,Rossi,bo@example.com,,06 698 12345,,,,,Italy\n",
    )
    .unwrap();
    assert_eq!(report.rejects, []);
    assert_eq!((report.total.read, report.total.created), (2, 2));
    let found = all(&session);
    let ada = &found[0];
    assert_eq!(ada.given_name.as_deref(), Some("Ada"));
    assert_eq!(ada.emails.len(), 2);
    assert_eq!(ada.emails[0].address, "Ada@example.com");
    assert_eq!(ada.emails[0].kind.key(), "home");
    assert_eq!(ada.phones[0].number, "+436601234567");
    assert_eq!(ada.birth_date.unwrap().to_string(), "1815-12-10");
    assert_eq!(ada.tags, ["a", "b"]);
    assert_eq!(ada.language.as_deref(), Some("de"));
    assert!(ada.organisation.is_some());
    assert_eq!(found[1].phones[0].number, "+390669812345", "the row's own country counts");
}

#[test]
fn every_rejected_row_is_listed_with_row_column_and_code() {
    let long = "x".repeat(151);
    let bad_utf8 = b"9,A,B\xFF,,,,,,,,\n";
    for (row, column, code) in [
        ("1,A,,,,,,,,,\n", Some("Last"), "import.required"),
        ("1,A,B,nobody,,,,,,,\n", Some("Mail"), "email.no_at"),
        ("1,A,B,a@example.com,nobody,,,,,,\n", Some("Mail 2"), "email.no_at"),
        ("1,A,B,,nobody,,,,,,\n", Some("Mail 2"), "email.no_at"),
        ("1,A,B,a@example.com,A@example.com,,,,,,\n", Some("Mail 2"), "parts.twice"),
        ("1,A,B,,,abc,,,,,\n", Some("Phone"), "phone.invalid"),
        ("1,A,B,,,,31.02.2026,,,,\n", Some("Born"), "date.invalid"),
        ("1,A,B,,,,01.01.0000,,,,\n", Some("Born"), "date.range"),
        ("1,A,B,,,,,,Greek,,\n", Some("Lang"), "import.value_unknown"),
        ("1,A,B,,,,,,,No such firm,\n", Some("Firm"), "link.unknown"),
        ("1,A\0,B,,,,,,,,\n", Some("First"), "text.control_character"),
        (&format!("1,{long},B,,,,,,,,\n"), Some("First"), "text.too_long"),
        (",A,B,,,,,,,,\n", Some("Id"), "import.key_missing"),
        ("1,A,B,,,,,,,,Atlantis\n", Some("Country"), "country.unknown"),
        ("1,A,B\n", None, "csv.columns"),
        ("1,A,B,,,,,,,,,\n", None, "csv.columns"),
    ] {
        let session = open();
        let good = "5,Good,\"Two\n\",,,,,,,,\n";
        let report = import(&session, &format!("{}{row}{good}", good.replace('5', "4"))).unwrap();
        let found: Vec<_> = report
            .rejects
            .iter()
            .map(|reject| (reject.row, reject.line, reject.column.as_deref(), reject.code.as_str()))
            .collect();
        assert_eq!(found, [(2, 4, column, code)], "{row} {}", report.rejects[0].reason);
        assert_eq!((report.total.created, report.total.rejected), (2, 1));
        assert_eq!(all(&session).len(), 2);
    }
    let session = open();
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(bad_utf8);
    let report = session.imports().csv(bytes.as_slice(), &people(), ImportOptions::default()).unwrap();
    let reject = &report.rejects[0];
    assert_eq!(
        (reject.row, reject.column.as_deref(), reject.code.as_str()),
        (1, Some("Last"), "csv.encoding")
    );
    assert!(report.to_string().contains("row 1 (line 2), column Last"), "{report}");
}

/// Where a refused statement ends a transaction, the rows of a batch around it are put again.
#[test]
fn rows_around_refused_ones_are_put_once_and_counted_once() {
    let mapping = Mapping::new("lost_reason").column("Name", "name");
    let check = |names: &[&str], created: u64, rejected: &[u64]| {
        let session = open();
        let file = format!("Name\n{}\n", names.join("\n"));
        let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
        assert_eq!((report.total.read, report.total.created), (names.len() as u64, created), "{names:?}");
        let rows: Vec<u64> = report.rejects.iter().map(|reject| reject.row).collect();
        assert_eq!(rows, rejected, "{names:?}");
        assert!(report.rejects.iter().all(|reject| reject.code == "field.duplicate"), "{:?}", report.rejects);
        assert_eq!(session.lost_reasons().count(&Filter::all()).unwrap(), created);
        assert!(session.journal().verify().unwrap().is_sound());
        assert_eq!(session.journal().head().unwrap().size, created);
    };
    check(&["a", "b", "c"], 3, &[]);
    check(&["a", "a", "b"], 2, &[2]);
    check(&["a", "a", "a", "a"], 1, &[2, 3, 4]);
    check(&["a", "b", "c", "b", "d", "a", "e", "f", "f"], 6, &[4, 6, 9]);
}

#[test]
fn a_file_that_cannot_be_read_changes_nothing() {
    for (file, code, place) in [
        ("", "csv.header.missing", "header"),
        ("Id,Id\n", "csv.header.duplicate", "Id"),
        ("Id,First\n", "csv.header.missing_column", "columns[1].Last"),
        (&format!("{HEADER}1,A,B,,,,,,,,\n2,A,\"B,,\n\n"), "csv.quote", "row 2 (line 3), column 3"),
        (&format!("{HEADER}1,A,B,,,,,,,,\n2,\"A\"x,B,,,,,,,,\n"), "csv.quote", "row 2 (line 3), column 2"),
    ] {
        let session = open();
        let before = state(&session);
        let error = session.imports().csv(file.as_bytes(), &people(), ImportOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(place)), "{file}: {error}");
        assert_eq!(state(&session), before);
        assert_eq!(session.journal().head().unwrap().size, 0);
    }
}

#[test]
fn a_mapping_that_does_not_fit_is_refused() {
    for (mapping, code) in [
        (Mapping::new("nothing"), "type.unknown"),
        (Mapping::new("person").column("A", "no_field"), "field.unknown"),
        (Mapping::new("person").column("A", "emails[0].no_member"), "field.unknown"),
        (Mapping::new("person").column("A", "given_name.x"), "mapping.field"),
        (Mapping::new("person").column("A", "emails[x].address"), "mapping.field"),
        (Mapping::new("person").column("A", "created_at"), "field.read_only"),
        (Mapping::new("person").mode(Mode::Update).column("A", "given_name"), "mapping.no_match"),
        (Mapping::new("person").match_on("given_name").column("A", "given_name"), "mapping.not_indexed"),
        (Mapping::new("person").match_on("family_name").column("A", "given_name"), "mapping.match"),
        (Mapping::new("person").link("A", "organisation", "industry"), "mapping.not_indexed"),
        (Mapping::new("person").link("A", "given_name", "key"), "mapping.link"),
        (Mapping::new("relationship").link("A", "first", "key"), "mapping.link"),
        (
            Mapping { strict: true, ..Mapping::new("person").column("A", "given_name") },
            "csv.header.unknown_column",
        ),
    ] {
        let error = open().imports().csv(&b"A,B\nx,y\n"[..], &mapping, ImportOptions::default()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    let error = Mapping::from_json("{\"record_type\": \"person\",\n \"colums\": []}").unwrap_err();
    assert_eq!((error.code(), error.path()), ("mapping.invalid", Some("line 2, column 9")));
}

#[test]
fn an_upsert_finds_by_key_then_by_match_and_undo_takes_all_back() {
    let session = open();
    let first =
        import(&session, "1,A,One,a@example.com,,,01.01.2000,x,,,\n2,B,Two,b@example.com,,,,,,,\n").unwrap();
    let before = state(&session);
    // Row 1 by its key, row 2 by its address under a new key, row 3 is new, row 4 is as it was.
    let rows =
        "1,A,Uno,,,,,y,,,\n22,,Two,B@example.com,bb@example.com,,,,,,\n3,C,Three,,,,,,,,\n1,A,Uno,,,,,y,,,\n";
    let dry = session
        .imports()
        .csv(format!("{HEADER}{rows}").as_bytes(), &people(), ImportOptions::dry_run())
        .unwrap();
    assert_eq!(state(&session), before, "a dry run changes nothing");
    let second = import(&session, rows).unwrap();
    assert_eq!(dry.total, second.total);
    let counts = second.total;
    assert_eq!((counts.created, counts.updated, counts.unchanged, counts.rejected), (1, 2, 1, 0));
    let found = all(&session);
    assert_eq!(found[0].family_name.as_deref(), Some("Uno"));
    assert_eq!(found[0].tags, ["x", "y"], "lists are added to");
    assert_eq!(found[0].birth_date, None, "an empty cell clears where the mapping says so");
    assert_eq!(found[0].emails.len(), 1, "an empty cell leaves the rest alone");
    assert_eq!(found[1].given_name.as_deref(), Some("B"));
    assert_eq!(found[1].emails.len(), 2);
    assert!(found[1].emails[0].primary);
    assert_eq!(found.len(), 3);

    assert_eq!(session.imports().list(None, 10).unwrap().len(), 2);
    session.imports().undo(second.job).unwrap();
    assert_eq!(session.imports().list(None, 10).unwrap()[0].state, JobState::Undone);
    let found = all(&session);
    assert_eq!(found[0].family_name.as_deref(), Some("One"));
    assert_eq!(found[0].tags, ["x"]);
    assert_eq!(found[0].birth_date.unwrap().to_string(), "2000-01-01");
    assert_eq!(found[1].emails.len(), 1);
    assert_eq!(found.len(), 2);
    session.imports().undo(first.job).unwrap();
    assert!(all(&session).is_empty());
    // The keys of what is gone do not stand in the way.
    assert_eq!(import(&session, "1,A,One,a@example.com,,,,,,,\n").unwrap().total.created, 1);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn create_and_update_say_what_they_miss() {
    let session = open();
    import(&session, "1,A,One,a@example.com,,,,,,,\n").unwrap();
    for (mode, row, code) in [
        (Mode::Create, "1,A,One,,,,,,,,\n", "import.exists"),
        (Mode::Create, "9,A,One,a@example.com,,,,,,,\n", "import.exists"),
        (Mode::Update, "9,A,One,z@example.com,,,,,,,\n", "import.not_found"),
        (Mode::Update, "9,A,One,,,,,,,,\n", "import.not_found"),
    ] {
        let mapping = people().mode(mode);
        let file = format!("{HEADER}{row}");
        let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
        assert_eq!(report.rejects[0].code, code, "{mode:?} {row}");
        assert_eq!(all(&session).len(), 1);
    }
}

#[test]
fn files_of_a_plan_link_by_their_keys() {
    let plan = Plan::from_json(
        r#"{"source": "npsp", "steps": [
            {"file": "a.csv", "mapping": {"record_type": "household", "key": ["id"],
                "only": {"column": "type", "is": ["Household"]},
                "columns": [{"column": "name", "field": "name"}]}},
            {"file": "a.csv", "mapping": {"record_type": "organisation", "key": ["id"],
                "only": {"column": "type", "is": [""]},
                "columns": [{"column": "name", "field": "name"}]}},
            {"file": "c.csv", "mapping": {"record_type": "person", "key": ["id"],
                "columns": [{"column": "name", "field": "family_name"},
                    {"column": "account", "field": "household", "link": {"missing": "ignore"}},
                    {"column": "account", "field": "organisation", "link": {"missing": "ignore"}}]}},
            {"file": "t.csv", "mapping": {"record_type": "relationship_type",
                "columns": [{"column": "name", "field": "name"}, {"column": "name", "field": "inverse_name"},
                    {"constant": "true", "field": "symmetric"}]}},
            {"file": "r.csv", "mapping": {"record_type": "relationship",
                "once_per": {"columns": ["type"], "unordered": ["a", "b"]},
                "columns": [
                    {"column": "type", "field": "kind", "link": {"by": "name"}},
                    {"column": "a", "field": "first", "link": {"record_type": "person"}},
                    {"column": "b", "field": "second", "link": {"record_type": "person"}}]}}
        ]}"#,
    )
    .unwrap();
    let session = open();
    let file = |name: &str| match name {
        "a.csv" => "id,name,type\n1,Shaw Household,Household\n2,Acme,\n",
        "c.csv" => "id,name,account\n1,Shaw,1\n2,Kim,2\n3,Loose,\n",
        "t.csv" => "name\nPartner\n",
        _ => "type,a,b\nPartner,1,2\nPartner,2,1\nPartner,1,9\nPartner,2,3\n",
    };
    let report = session
        .imports()
        .plan(&plan, |name| Ok(Box::new(file(name).as_bytes())), ImportOptions::default())
        .unwrap();
    let counts: Vec<_> = report
        .files
        .iter()
        .map(|file| (file.counts.created, file.counts.skipped, file.counts.rejected))
        .collect();
    assert_eq!(counts, [(1, 1, 0), (1, 1, 0), (3, 0, 0), (1, 0, 0), (2, 1, 1)]);
    let reject = &report.rejects[0];
    assert_eq!(
        (reject.file.as_deref(), reject.row, reject.column.as_deref(), reject.code.as_str()),
        (Some("r.csv"), 3, Some("b"), "link.unknown")
    );
    let found = all(&session);
    assert!(found[0].household.is_some() && found[0].organisation.is_none());
    assert!(found[1].household.is_none() && found[1].organisation.is_some());
    session.imports().undo(report.job).unwrap();
    assert_eq!(state(&session), state(&open()));
}

#[test]
fn cancel_and_abort_leave_nothing_at_any_row() {
    let rows: String = (0..20).map(|n| format!("{n},A,N{n},n{n}@example.com,,,,,,,\n")).collect();
    for transactions in [Transactions::Whole, Transactions::Batches] {
        for stop in 1..=4_u64 {
            let session = open();
            import(&session, "3,Old,Old,,,,,,,,\n").unwrap();
            let before = all(&session);
            let mut seen = 0;
            let mut progress = |progress: &crm_core::interchange::Progress| {
                seen = progress.total.read;
                if progress.total.read >= stop * 5 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let options =
                ImportOptions { batch: 5, transactions, ..ImportOptions::default() }.progress(&mut progress);
            let file = format!("{HEADER}{rows}");
            let error = session.imports().csv(file.as_bytes(), &people(), options).unwrap_err();
            assert_eq!(error.code(), "import.cancelled");
            assert_eq!(seen, stop * 5);
            let after = all(&session);
            assert_eq!(after.len(), 1, "{transactions:?} {stop}");
            assert_eq!(after[0].family_name, before[0].family_name);
            assert!(session.journal().verify().unwrap().is_sound());
        }
        let session = open();
        let options =
            ImportOptions { batch: 5, transactions, on_reject: OnReject::Abort, ..ImportOptions::default() };
        let file = format!("{HEADER}{rows}99,A,,,,,,,,,\n");
        let error = session.imports().csv(file.as_bytes(), &people(), options).unwrap_err();
        assert_eq!((error.code(), error.path()), ("import.rejected", Some("row 21, column Last")));
        assert!(all(&session).is_empty());
    }
}

#[test]
fn encodings_and_delimiters_are_found_out() {
    let text = "Id;First;Last;Mail;Mail 2;Phone;Born;Tags;Lang;Firm;Country\r\n1;Zoë;Müller;;;;;;;;\r\n";
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "utf-8"),
        (format!("\u{feff}{text}").into_bytes(), "utf-8"),
        (utf16, "utf-8"),
        (latin, "windows-1252"),
    ] {
        let session = open();
        let mut mapping = people();
        mapping.format = serde_json::from_value(serde_json::json!({"encoding": encoding})).unwrap();
        session.imports().csv(bytes.as_slice(), &mapping, ImportOptions::default()).unwrap();
        assert_eq!(all(&session)[0].given_name.as_deref(), Some("Zoë"));
    }
}

#[test]
fn what_is_invalid_can_be_left_out_with_a_warning() {
    let mapping = Mapping::from_json(
        r#"{"record_type": "person", "columns": [
            {"column": "n", "field": "family_name"},
            {"column": "p", "field": "phones[0].number", "invalid": "skip"},
            {"column": "q", "field": "phones[1].number", "invalid": "skip"},
            {"column": "s", "field": "addresses[0].locality"},
            {"column": "c", "field": "addresses[0].country", "invalid": "skip"},
            {"column": "b", "field": "birth_date", "invalid": "skip"}]}"#,
    )
    .unwrap();
    let session = open();
    let file = "n,p,q,s,c,b\nA,abc,030 23125 901,Rome,Atlantis,soon\nB,,,,Atlantis,\n";
    let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
    assert_eq!((report.total.created, report.total.rejected, report.warned), (2, 0, 4), "{report}");
    let columns: Vec<_> = report.warnings.iter().map(|warning| warning.column.as_deref().unwrap()).collect();
    assert_eq!(columns, ["b", "p", "c", "c"]);
    let found = all(&session);
    assert_eq!(found[0].phones[0].number, "+493023125901");
    assert_eq!(found[0].addresses[0].locality, "Rome");
    assert!(found[1].addresses.is_empty());
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let mapping = Mapping::new("person").column("Name", "family_name").column("Mail", "emails[0].address");
    let long = "x".repeat(100);
    for end in ["\n", "\r\n", "\r"] {
        let mut file = format!("Name,Mail{end}{end}");
        for _ in 0..2_000 {
            file.push_str(&format!("{long},{end}"));
        }
        file.push_str(&format!("\"A{end}\",{end}B,nobody{end}"));
        let report = open().imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
        let line = if end == "\r" { 1 } else { 2_005 };
        assert_eq!((report.rejects[0].row, report.rejects[0].line), (2_002, line), "{end:?}");
    }
}

#[test]
fn texts_that_spreadsheets_would_run_are_guarded() {
    // What is stored, how it stands in a file, and how in a guarded one.
    for (name, plain, guarded) in [
        ("Ada", "Ada", "Ada"),
        ("=1+1", "=1+1", "'=1+1"),
        (
            "=HYPERLINK(\"http://a.b\",\"c\")",
            "\"=HYPERLINK(\"\"http://a.b\"\",\"\"c\"\")\"",
            "\"'=HYPERLINK(\"\"http://a.b\"\",\"\"c\"\")\"",
        ),
        ("+A1", "+A1", "'+A1"),
        ("-A1", "-A1", "'-A1"),
        ("-2+3", "-2+3", "'-2+3"),
        ("@SUM(A1)", "@SUM(A1)", "'@SUM(A1)"),
        ("-5", "-5", "-5"),
        ("+493023125901", "+493023125901", "+493023125901"),
        ("a=1", "a=1", "a=1"),
        ("a,b", "\"a,b\"", "\"a,b\""),
    ] {
        let session = open();
        session.people().create(Person { family_name: Some(name.into()), ..Person::default() }).unwrap();
        let write = |export: CsvExport| {
            let mut out = Vec::new();
            assert_eq!(session.exports().csv(&mut out, &export).unwrap(), 1);
            String::from_utf8(out).unwrap()
        };
        let mut export = CsvExport::new("person", &["family_name"]);
        assert_eq!(write(export.clone()), format!("family_name\r\n{plain}\r\n"), "{name}");
        export.columns[0].label = "=Name".into();
        assert_eq!(write(export.guard_formulas()), format!("'=Name\r\n{guarded}\r\n"), "{name}");
    }
}

#[test]
fn imports_of_one_moment_are_listed_in_their_order() {
    let session = open();
    let mut jobs: Vec<_> =
        (0..20).map(|row| import(&session, &format!("{row},A,One,,,,,,,,\n")).unwrap().job).collect();
    jobs.reverse();
    let listed = |before, limit| {
        let found = session.imports().list(before, limit).unwrap();
        found.iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, 100), jobs);
    assert_eq!(listed(Some(jobs[4]), 5), jobs[5..10]);
    session.imports().undo(jobs[3]).unwrap();
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 19);
}

#[test]
fn a_job_of_many_pages_is_undone() {
    let session = open();
    let first = import(&session, "0,A,Zero,,,,,,,,\n").unwrap();
    let rows: String = (0..1_200).map(|row| format!("{row},A,Row {row},,,,,,,,\n")).collect();
    let report = import(&session, &rows).unwrap();
    assert_eq!((report.total.created, report.total.updated), (1_199, 1));
    assert_eq!(session.imports().undo(report.job).unwrap(), 1_200);
    let found = all(&session);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].family_name.as_deref(), Some("Zero"));
    assert_eq!(session.imports().undo(first.job).unwrap(), 1);
}
