//! Imports as a session sees them.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use super::jobs::{self, IMPORT, Job, JobState};
use super::jsonl::{self, Exported};
use super::mapping::{Mapping, Plan, PlanStep};
use super::report::ImportReport;
use super::run::{ImportOptions, run, take_back};
use super::vcard_map::{self, VcardOptions};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::read;
use crate::session::Session;
use crate::storage::ReadMode;

/// Imports: files in, all or nothing, with every rejected row in the report.
pub struct Imports<'s> {
    pub(crate) session: &'s Session,
}

impl Imports<'_> {
    /// Imports a file of separated values.
    ///
    /// ```
    /// use crm_core::interchange::{ImportOptions, Mapping};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    /// let mapping = Mapping::new("person").column("Name", "family_name").column("Mail", "emails[0].address");
    /// let file = "Name,Mail\nLovelace,ada@example.com\nNobody,not an address\n";
    /// let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default())?;
    /// assert_eq!((report.total.created, report.total.rejected), (1, 1));
    /// assert_eq!(report.rejects[0].column.as_deref(), Some("Mail"));
    /// session.imports().undo(report.job)?;
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `mapping.*`, `field.unknown`, `type.unknown` for a mapping that does not fit; `field.redacted` for an update of, or a
    /// match by, a field that the session may not read; `csv.*` for a file that cannot be
    /// read, naming the row; `import.cancelled`, `import.rejected`. Nothing is stored then.
    pub fn csv(
        &self,
        source: impl Read,
        mapping: &Mapping,
        mut options: ImportOptions<'_>,
    ) -> Result<ImportReport> {
        let step = PlanStep { file: String::new(), mapping: mapping.clone() };
        let plan = Plan { source: None, steps: vec![step] };
        let mut source = Some(source);
        let mut open = |_: &str| {
            let source = source.take().ok_or_else(|| crate::CrmError::internal("a stream is read once"))?;
            Ok(Box::new(source) as Box<dyn Read + '_>)
        };
        run(self.session, &plan, &mut open, &mut options)
    }

    /// Imports several files as one: `open` gives the stream for the name of a file.
    ///
    /// # Errors
    /// As [`csv`](Self::csv); what `open` returns.
    pub fn plan<'o>(
        &self,
        plan: &Plan,
        mut open: impl FnMut(&str) -> Result<Box<dyn Read + 'o>> + 'o,
        mut options: ImportOptions<'_>,
    ) -> Result<ImportReport> {
        run(self.session, plan, &mut open, &mut options)
    }

    /// Imports vCards of version 2.1, 3.0 or 4.0 as people and organisations. No property is lost: what has no field
    /// is kept in the record and comes out of [`Exports::vcards`](super::Exports::vcards) again. A number or address
    /// that a field refuses is kept the same way.
    ///
    /// # Errors
    /// `vcard.read` when the stream fails; `import.cancelled`, `import.rejected`. Nothing is stored then. A card that
    /// cannot be read is a rejected row of the report.
    pub fn vcards(
        &self,
        mut source: impl BufRead,
        taking: &VcardOptions,
        mut options: ImportOptions<'_>,
    ) -> Result<ImportReport> {
        vcard_map::import(self.session, &mut source, taking, &mut options)
    }

    /// Reads an export of [`jsonl`](super::jsonl) into this database, which must be empty, in one transaction. Every
    /// record is as it was, with its identifier, version and times. `progress` is told every 500 records; `Break`
    /// cancels.
    ///
    /// # Errors
    /// `jsonl.not_empty`; `jsonl.invalid`, `field.*` and the like, naming the line; `jsonl.version`,
    /// `jsonl.incomplete`, `link.broken`. Nothing is stored then.
    pub fn jsonl(
        &self,
        mut source: impl BufRead,
        progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
    ) -> Result<Exported> {
        jsonl::import(self.session, &mut source, progress)
    }

    /// The imports, the latest first: at most `limit` (up to 1,000), before a job if one is given.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn list(&self, before: Option<RecordId>, limit: u32) -> Result<Vec<Job>> {
        read(self.session, ReadMode::Statement, |reader| {
            jobs::list(reader.connection, before, limit.min(1_000))
        })
    }

    /// Takes a whole import back: what it made is deleted, what it changed has its old values again. Gives the number
    /// of changes that were undone.
    ///
    /// # Errors
    /// `job.unknown`; `undo.conflict` when a record was changed again since, and then nothing is undone.
    pub fn undo(&self, job: RecordId) -> Result<u64> {
        take_back(self.session, job)
    }

    /// Undoes imports in batches that a crash has broken off. Call it when no other import runs. Gives their jobs.
    ///
    /// # Errors
    /// As [`undo`](Self::undo).
    pub fn recover(&self) -> Result<Vec<RecordId>> {
        let mut recovered = Vec::new();
        let mut before = None;
        loop {
            let jobs = self.list(before, 100)?;
            let Some(last) = jobs.last() else { return Ok(recovered) };
            before = Some(last.id);
            for job in jobs.iter().filter(|job| job.kind == IMPORT && job.state == JobState::Running) {
                take_back(self.session, job.id)?;
                recovered.push(job.id);
            }
        }
    }
}

impl Session {
    /// Imports of files.
    pub fn imports(&self) -> Imports<'_> {
        Imports { session: self }
    }
}
