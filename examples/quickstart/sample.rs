//! Section 1: opening a database file and importing the sample organisation.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crm_core::access::users::{User, UserId};
use crm_core::interchange::{ImportOptions, ImportReport, Mapping, Plan, VcardOptions};
use crm_core::journal::proof::TreeHead;
use crm_core::record::filter::{Filter, field};
use crm_core::record::query::Query;
use crm_core::{
    Actor, Clock, Config, Crm, CrmError, ErrorKind, ManualClock, Purpose, RecordId, Result, Session,
    Timestamp,
};

use crate::place::Place;
use crate::support::files;
use crate::support::screen::{bold, dim, done, heading, refused, say, section};
use crate::support::words::number;
use crate::weeks;

/// The open database and who works with it.
pub(crate) struct Demo {
    pub(crate) crm: Crm,
    pub(crate) clock: Arc<ManualClock>,
    /// The host itself, for set-up and imports.
    pub(crate) system: Session,
    /// When the sales data came in, in the evening.
    pub(crate) start: Timestamp,
    /// The day of the report.
    pub(crate) today: Timestamp,
}

/// What the imports left to be looked at later.
pub(crate) struct Imported {
    /// The import of the broken file, to be undone.
    pub(crate) broken: RecordId,
    /// The head of the journal after the first import.
    pub(crate) head: TreeHead,
}

/// A clock that the tour moves on, so that weeks go by in a second.
struct DemoClock(Arc<ManualClock>);

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    folder.canonicalize().unwrap_or(folder)
}

fn plan(name: &str) -> Result<Plan> {
    files::plan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/mappings").join(name))
}

/// Opens the database. The sample was written for 20 November 2026, so that is what the clock shows in the end.
pub(crate) fn open(place: &Place) -> Result<Demo> {
    let start: Timestamp = "2026-10-19T07:00:00Z".parse()?;
    let clock = Arc::new(ManualClock::at(start));
    let config = Config::default().country("DE")?.zone("Europe/Berlin")?.clock(DemoClock(Arc::clone(&clock)));
    let crm = place.open(config)?;
    let system = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    if system.journal().head()?.size > 0 {
        let reason = format!("{place} holds records; name a database that does not");
        return Err(CrmError::new(ErrorKind::Duplicate, "example.exists", reason));
    }
    Ok(Demo { crm, clock, system, start, today: "2026-11-20T16:00:00Z".parse()? })
}

impl Demo {
    /// A session of a user of Nordlicht Werke.
    pub(crate) fn session_of(&self, email: &str, purpose: Purpose) -> Result<Session> {
        let found = self.system.users().list(&Query::new().filter(field("email").equals(email)))?;
        let user: &User = found.records.first().ok_or_else(|| missing("user"))?;
        self.crm.session(Actor::User(UserId::from(user.meta.id)), purpose)
    }

    /// Somebody who sells.
    pub(crate) fn sales(&self) -> Result<Session> {
        self.session_of("annika.brandt@nordlicht-werke.example", Purpose::CustomerRelationshipManagement)
    }

    /// Somebody who answers cases.
    pub(crate) fn service(&self) -> Result<Session> {
        self.session_of("tobias.koehnke@nordlicht-werke.example", Purpose::CustomerCare)
    }

    /// Lets some minutes go by.
    pub(crate) fn minutes_pass(&self, minutes: i64) {
        self.clock.advance_micros(minutes * 60_000_000);
    }
}

/// The error for sample data that is not what the tour is written for.
pub(crate) fn missing(what: &str) -> CrmError {
    CrmError::new(
        ErrorKind::NotFound,
        "example.sample",
        format!("the sample has no {what} as it is looked for"),
    )
}

/// Imports everything: sales five weeks ago, service today, and two broken files.
pub(crate) fn import(demo: &Demo) -> Result<Imported> {
    section(
        1,
        "Import",
        &[
            "let crm = Crm::open(path, Config::default())?;",
            "let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;",
            "let plan = Plan::from_json(text)?;",
            "session.imports().plan(&plan, open, ImportOptions::default().progress(&mut bar))?",
        ],
    );
    heading("Sales moves in on 19 October", "mappings/sales.json: eight files in one transaction");
    files::print_counts(&files::import(&demo.system, &plan("sales.json")?, &folder())?);
    let head = demo.system.journal().head()?;
    println!();
    heading("Four weeks go by", "session.deals().move_to(deal, stage)?");
    let weeks = weeks::go_by(demo)?;
    done(
        &format!("{} deals went on by a stage, {} were lost", weeks.moved, weeks.lost),
        &format!("{} stayed: they lack what the next stage requires", weeks.refused),
    );
    println!();
    heading("Service moves in on 20 November", "mappings/service.json");
    demo.clock.set(demo.today.plus_seconds(-3600));
    let service = files::import(&demo.system, &plan("service.json")?, &folder())?;
    files::print_counts(&service);
    vcards(demo)?;
    println!();
    let broken = broken(demo)?;
    demo.clock.set(demo.today);
    Ok(Imported { broken, head })
}

/// Two address books, as vCard 4.0 and 3.0.
fn vcards(demo: &Demo) -> Result<()> {
    println!();
    heading("Address books", "session.imports().vcards(file, &VcardOptions::default(), options)?");
    for name in ["contacts-extra.vcf", "partners.vcf"] {
        demo.minutes_pass(10);
        let file = BufReader::new(files::open(&folder(), name)?);
        let report =
            demo.system.imports().vcards(file, &VcardOptions::default(), ImportOptions::default())?;
        let outcome = format!("{} cards, {} loaded", report.total.read, report.total.loaded());
        done(name, &outcome);
        for reject in &report.rejects {
            refused(&format!("card {}", reject.row), &reject.reason);
        }
    }
    Ok(())
}

/// Two files with mistakes in them: bad rows are listed and left out, an unreadable file changes nothing.
fn broken(demo: &Demo) -> Result<RecordId> {
    let plan = plan("sales.json")?;
    let people = plan.steps.into_iter().find(|step| step.file == "people.csv");
    let people = people.ok_or_else(|| missing("mapping of people"))?;
    let mapping = Mapping { source: plan.source, ..people.mapping };
    let folder = folder().join("broken");
    demo.minutes_pass(10);
    let options = ImportOptions::default();
    let report: ImportReport =
        demo.system.imports().csv(files::open(&folder, "people.csv")?, &mapping, options)?;
    heading(
        "A file with mistakes",
        &format!(
            "broken/people.csv: {} rows taken, {} rejected, each with its reason",
            number(report.total.loaded()),
            number(report.total.rejected)
        ),
    );
    files::print_rejects(&report, 10);
    println!();
    heading("A file that cannot be read", "broken/quote.csv: nothing of it is stored");
    let people = demo.system.people().count(&Filter::all())?;
    let mapping = Mapping::new("person")
        .key("key")
        .column("given_name", "given_name")
        .column("family_name", "family_name")
        .column("email", "emails[0].address")
        .link("organisation_key", "organisation", "key");
    let outcome =
        demo.system.imports().csv(files::open(&folder, "quote.csv")?, &mapping, ImportOptions::default());
    match outcome {
        Ok(_) => return Err(missing("broken file")),
        Err(error) => refused("broken/quote.csv", &error.to_string()),
    }
    let now = demo.system.people().count(&Filter::all())?;
    say(format!(
        "    {} {}",
        dim("people before and after:"),
        bold(format!("{} = {}", number(people), number(now)))
    ));
    Ok(report.job)
}
