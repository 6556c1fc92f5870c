//! The mapping files of the project load the data that they are made for.

use std::fs::File;
use std::path::{Path, PathBuf};

use crm_core::interchange::{ImportOptions, ImportReport, Plan};
use crm_core::{Actor, Config, Crm, CrmError, ManualClock, Purpose, SeededRandom, Session};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn load(mapping: &str, folder: &Path) -> (Session, ImportReport) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = Crm::memory(Config::default().clock(clock).random(SeededRandom::new([1; 32]))).unwrap();
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let plan = Plan::from_json(&std::fs::read_to_string(project(mapping)).unwrap()).unwrap();
    let open = |name: &str| match File::open(folder.join(name)) {
        Ok(file) => Ok(Box::new(file) as Box<dyn std::io::Read>),
        Err(_) => Err(CrmError::invalid("test.file", name.to_owned())),
    };
    let report = session.imports().plan(&plan, open, ImportOptions::default()).unwrap();
    (session, report)
}

#[test]
fn the_sample_organisation_loads_without_a_rejected_row() {
    let (_, report) = load("examples/mappings/sample.json", &project("examples/data"));
    println!("{report}");
    assert_eq!(report.rejects, []);
    let created: Vec<u64> = report.files.iter().map(|file| file.counts.created).collect();
    assert_eq!(created, [3, 8, 8, 96, 364, 38, 7, 82]);
}

#[test]
fn the_real_graph_loads_where_it_is_present() {
    let Some(folder) = [project("../shared/data/npsp-1k"), PathBuf::from("/work/shared/data/npsp-1k")]
        .into_iter()
        .find(|folder| folder.join("Account.csv").exists())
    else {
        return;
    };
    let (_, report) = load("examples/mappings/npsp-1k.json", &folder);
    let loaded: Vec<u64> = report.files.iter().map(|file| file.counts.loaded()).collect();
    println!("{:?} {} warnings, {} rejected", loaded, report.warned, report.total.rejected);
    for reject in report.rejects.iter().take(5) {
        println!("{reject:?}");
    }
    assert_eq!(loaded[..6], [880, 343, 1024, 1, 2, 1517]);
    assert_eq!(loaded[8], 654, "each relationship once per pair");
    assert_eq!(loaded[9], 1699);
}
