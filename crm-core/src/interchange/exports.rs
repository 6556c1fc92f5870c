//! Exports as a session sees them.

use std::io::Write;
use std::ops::ControlFlow;

use super::csv_export::{self, CsvExport};
use super::jsonl::{self, Exported};
use super::vcard::OutputVersion;
use super::vcard_map;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::session::Session;

/// Exports: records out.
pub struct Exports<'s> {
    session: &'s Session,
}

impl Exports<'_> {
    /// Writes the whole database as JSON Lines, from one state; see [`jsonl`](super::jsonl) for the format.
    /// `progress` is told every 500 records; `Break` cancels.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use crm_core::{Actor, Config, Crm, Purpose, contacts::Person};
    /// let open = || -> crm_core::Result<_> {
    ///     Crm::memory(Config::default())?.session(Actor::System, Purpose::TechnicalServiceProvision)
    /// };
    /// let (here, there) = (open()?, open()?);
    /// here.people().create(Person { family_name: Some("Lovelace".into()), ..Person::default() })?;
    /// let (mut first, mut second) = (Vec::new(), Vec::new());
    /// here.exports().jsonl(&mut first, &mut |_| ControlFlow::Continue(()))?;
    /// there.imports().jsonl(first.as_slice(), &mut |_| ControlFlow::Continue(()))?;
    /// there.exports().jsonl(&mut second, &mut |_| ControlFlow::Continue(()))?;
    /// assert_eq!(first, second);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `export.forbidden` for a session that does not see all records; `export.write`, `export.cancelled`.
    pub fn jsonl(
        &self,
        mut out: impl Write,
        progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
    ) -> Result<Exported> {
        jsonl::export(self.session, &mut out, progress)
    }

    /// Writes records of one type as a file of separated values (RFC 4180). Gives their number.
    ///
    /// # Errors
    /// `type.unknown`, `field.unknown`; `export.write`.
    pub fn csv(&self, out: impl Write, export: &CsvExport) -> Result<u64> {
        csv_export::export(self.session, out, export)
    }

    /// Writes the vCards of people and organisations, in the order of their identifiers' list. Gives their number.
    ///
    /// # Errors
    /// `record.not_found`; `export.write`.
    pub fn vcards(&self, mut out: impl Write, ids: &[RecordId], version: OutputVersion) -> Result<u64> {
        vcard_map::export(self.session, &mut out, ids, version)
    }
}

impl Session {
    /// Exports of records.
    pub fn exports(&self) -> Exports<'_> {
        Exports { session: self }
    }
}
