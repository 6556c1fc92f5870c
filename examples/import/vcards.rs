//! vCards in and out again: how many of the properties of each file come back.

use std::path::{Path, PathBuf};

use crm_core::interchange::vcard::{OutputVersion, VCard, read};
use crm_core::interchange::{ImportOptions, VcardOptions};
use crm_core::record::query::Query;
use crm_core::{Actor, Config};
use crm_core::{Crm, Purpose, RecordId, Result, Session};

use crate::support::files::{io_error, print_rejects};
use crate::support::screen::{bad, dim, good, section};
use crate::support::table::Table;

/// Imports each vCard file of the folder, or of the folder `vcards` beside it, and exports it again.
pub(crate) fn round_trip(crm: &Crm, folder: &Path) -> Result<()> {
    let beside = folder.parent().unwrap_or(folder).join("vcards");
    let files: Vec<PathBuf> = [folder, &beside].into_iter().flat_map(files_in).collect();
    if files.is_empty() {
        return Ok(());
    }
    section(
        4,
        "vCards",
        &[
            "session.imports().vcards(file, &VcardOptions::default(), options)?",
            "session.exports().vcards(&mut out, &ids, OutputVersion::V4_0)?",
        ],
    );
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    let mut table = Table::default()
        .left("file", 32)
        .right("cards")
        .right("loaded")
        .right("rejected")
        .right("properties")
        .right("came out again")
        .left("", 10);
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| io_error(&file, &error))?;
        let report =
            session.imports().vcards(bytes.as_slice(), &VcardOptions::default(), ImportOptions::default())?;
        let (properties, kept) = kept(&bytes)?;
        table.row([
            file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            report.total.read.to_string(),
            report.total.loaded().to_string(),
            report.total.rejected.to_string(),
            properties.to_string(),
            kept.to_string(),
            if kept == properties { good("✔ all").to_string() } else { bad("✘ lost").to_string() },
        ]);
        if report.total.rejected > 0 {
            print_rejects(&report, 5);
        }
    }
    table.print();
    println!(
        "  {}",
        dim("A property comes out again when its name and value stand in the export as vCard 4.0.")
    );
    Ok(())
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("vcf")))
        .collect();
    files.sort();
    files
}

/// How many properties a file has, and how many of them an export gives back. It goes through a database of its own,
/// so that nothing else is in the export.
fn kept(bytes: &[u8]) -> Result<(usize, usize)> {
    let session = Crm::memory(Config::default().country("US")?)?
        .session(Actor::System, Purpose::TechnicalServiceProvision)?;
    session.imports().vcards(bytes, &VcardOptions::default(), ImportOptions::default())?;
    let mut out = Vec::new();
    session.exports().vcards(&mut out, &contacts(&session)?, OutputVersion::V4_0)?;
    let exported: Vec<VCard> = read(&out).filter_map(Result::ok).map(|card| card.card).collect();
    let (mut properties, mut kept) = (0, 0);
    for card in read(bytes).filter_map(Result::ok) {
        for property in card.card.converted(OutputVersion::V4_0).properties {
            properties += 1;
            let found = exported
                .iter()
                .flat_map(|card| &card.properties)
                .any(|other| other.name == property.name && other.value == property.value);
            kept += usize::from(found);
        }
    }
    Ok((properties, kept))
}

fn contacts(session: &Session) -> Result<Vec<RecordId>> {
    let all = Query::new().limit(1000);
    let people = session.people().list(&all)?.records.into_iter().map(|person| person.meta.id);
    let firms = session.organisations().list(&all)?.records.into_iter().map(|firm| firm.meta.id);
    Ok(people.chain(firms).collect())
}
