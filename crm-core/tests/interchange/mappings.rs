//! The mapping files of the project load the data that they are made for.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crm_core::interchange::{ImportOptions, ImportReport, Plan};
use crm_core::{Actor, Config, CrmError, ManualClock, Purpose, SeededRandom, Session};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn session() -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([1; 32])));
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn load(session: &Session, mapping: &str, folder: &Path) -> ImportReport {
    let plan = Plan::from_json(&std::fs::read_to_string(project(mapping)).unwrap()).unwrap();
    let open = |name: &str| match File::open(folder.join(name)) {
        Ok(file) => Ok(Box::new(file) as Box<dyn std::io::Read>),
        Err(_) => Err(CrmError::invalid("test.file", name.to_owned())),
    };
    session.imports().plan(&plan, open, ImportOptions::default()).unwrap()
}

fn created(report: &ImportReport) -> Vec<u64> {
    report.files.iter().map(|file| file.counts.created).collect()
}

#[test]
fn the_sample_organisation_loads_without_a_rejected_row() {
    let session = session();
    let sales = load(&session, "examples/mappings/sales.json", &project("examples/data"));
    assert_eq!((&sales.rejects[..], &sales.warnings[..]), (&[][..], &[][..]));
    assert_eq!(created(&sales), [3, 8, 8, 96, 364, 38, 7, 82, 2, 13, 180, 175, 46]);
    let service = load(&session, "examples/mappings/service.json", &project("examples/data"));
    assert_eq!((&service.rejects[..], &service.warnings[..]), (&[][..], &[][..]));
    assert_eq!(created(&service), [6, 152, 295, 135, 0, 91, 96, 49, 48]);
    assert_eq!(
        service.files[4].counts.updated + service.files[4].counts.unchanged,
        152,
        "the states of the cases"
    );
}

#[test]
fn the_sample_organisation_survives_an_export() {
    let session = session();
    load(&session, "examples/mappings/sales.json", &project("examples/data"));
    load(&session, "examples/mappings/service.json", &project("examples/data"));
    let export = |session: &Session| {
        let mut out = Vec::new();
        let done = session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(done.records, done.of);
        (String::from_utf8(out).unwrap(), done)
    };
    let (first, exported) = export(&session);
    let other = self::session();
    let imported = other.imports().jsonl(first.as_bytes(), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(imported, exported);
    let (second, again) = export(&other);
    assert_eq!(again, exported);
    for (number, (before, after)) in first.lines().zip(second.lines()).enumerate() {
        assert_eq!(after, before, "line {}", number + 1);
    }
    assert_eq!(second, first);
    assert!(other.journal().verify().unwrap().is_sound());
    // The keys came along: loading the same again finds all records.
    let plan = Plan::from_json(&std::fs::read_to_string(project("examples/mappings/service.json")).unwrap());
    let open = |name: &str| {
        let file = File::open(project("examples/data").join(name));
        file.map(|file| Box::new(file) as Box<dyn std::io::Read>)
            .map_err(|_| CrmError::invalid("test.file", name.to_owned()))
    };
    let report = other.imports().plan(&plan.unwrap(), open, ImportOptions::dry_run()).unwrap();
    assert_eq!(report.files[4].counts.loaded(), 152, "the states of the cases find them");
}

#[test]
fn the_real_graph_loads_where_it_is_present() {
    let folder = project("../shared/data/npsp-1k");
    if !folder.join("Account.csv").exists() {
        return;
    }
    let report = load(&session(), "examples/mappings/npsp-1k.json", &folder);
    let loaded: Vec<u64> = report.files.iter().map(|file| file.counts.loaded()).collect();
    assert_eq!(report.rejects, []);
    assert_eq!(loaded[..7], [880, 343, 1024, 1, 2, 1517, 3499]);
    assert_eq!(report.files[6].counts.created, 3499, "a person may have several roles");
    assert_eq!(loaded[8], 654, "each relationship once per pair");
    assert_eq!(loaded[9], 1699);
}
