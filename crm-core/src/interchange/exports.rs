//! Exports as a session sees them.

use std::cell::RefCell;
use std::io::Write;
use std::ops::ControlFlow;

use super::csv_export::{self, CsvExport};
use super::jsonl::{self, Exported};
use super::vcard::OutputVersion;
use super::vcard_map;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::privacy::Disclosure;
use crate::privacy::reading::Logged;
use crate::record::Record;
use crate::session::{Purpose, Session, Viewer};

/// Exports: records out. Each is written into the read log, with the people whose data left the database.
pub struct Exports<'s> {
    session: &'s Session,
    disclosure: Option<Disclosure>,
    redacted: RefCell<Vec<RedactedCell>>,
}

/// A cell that is blank in an export because the session may not see it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RedactedCell {
    /// The record.
    pub record: RecordId,
    /// The field, or the path of the column.
    pub field: String,
    /// Why, as a stable code.
    pub reason: String,
}

impl Exports<'_> {
    /// The exports of a session that are given to somebody: each writes this disclosure, with what it held. Without a
    /// purpose it is that of the session.
    ///
    /// ```
    /// use crm_core::contacts::Person;
    /// use crm_core::interchange::CsvExport;
    /// use crm_core::privacy::Disclosure;
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::DirectMarketing)?;
    /// let ada = session.people().create(Person { given_name: Some("Ada".into()), ..Person::default() })?;
    /// let exports = session.exports().disclosed_to(Disclosure::to("Printers Ltd", "direct_marketing"));
    /// exports.csv(Vec::new(), &CsvExport::new("person", &["given_name"]))?;
    /// assert_eq!(session.disclosures().of_person(ada.meta.id)?[0].recipient, "Printers Ltd");
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn disclosed_to(mut self, disclosure: Disclosure) -> Self {
        self.disclosure = Some(disclosure);
        self
    }

    /// The cells that are blank in what was exported so far, because the session may not see them.
    pub fn redactions(&self) -> Vec<RedactedCell> {
        self.redacted.borrow().clone()
    }

    /// Writes what was exported into the read log, and the disclosure.
    fn log(&self, exported: &Logged) -> Result<()> {
        if exported.categories().is_empty() && self.disclosure.is_none() {
            return Ok(());
        }
        self.session.engine.write(&self.session.viewer, None, &mut |unit| {
            let disclosure = match self.disclosure.clone() {
                None => None,
                Some(disclosure) => {
                    Some(unit.create_record(of_export(disclosure, exported, unit.viewer))?.id())
                }
            };
            exported.write(unit, disclosure)
        })
    }

    /// Writes the whole database as JSON Lines, from one state; see [`jsonl`](super::jsonl) for the format.
    /// `progress` is told every 500 records; `Break` cancels. What a session for technical service provision writes for
    /// nobody else is a backup and is not logged.
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
    /// `export.forbidden` for a session that does not see all records, or not all of a record; `export.write`,
    /// `export.cancelled`.
    pub fn jsonl(
        &self,
        mut out: impl Write,
        progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
    ) -> Result<Exported> {
        let (exported, logged) = jsonl::export(self.session, &mut out, progress)?;
        // A copy for the system itself is storage, as a backup is. It must not change what is copied.
        let is_backup = self.session.viewer.purpose == Purpose::TechnicalServiceProvision;
        if exported.records > 0 && (!is_backup || self.disclosure.is_some()) {
            self.log(&logged)?;
        }
        Ok(exported)
    }

    /// Writes records of one type as a file of separated values (RFC 4180). Gives their number.
    ///
    /// # Errors
    /// `type.unknown`, `field.unknown`; `field.redacted` for a column that the session may not read; `export.write`.
    pub fn csv(&self, out: impl Write, export: &CsvExport) -> Result<u64> {
        let logged = csv_export::export(self.session, out, export, &mut self.redacted.borrow_mut())?;
        self.log(&logged)?;
        Ok(u64::try_from(logged.records()).unwrap_or_default())
    }

    /// Writes the vCards of people and organisations, in the order of their identifiers' list. Gives their number.
    ///
    /// # Errors
    /// `record.not_found`; `export.write`.
    pub fn vcards(&self, mut out: impl Write, ids: &[RecordId], version: OutputVersion) -> Result<u64> {
        let redacted = &mut self.redacted.borrow_mut();
        let logged = vcard_map::export(self.session, &mut out, ids, version, redacted)?;
        self.log(&logged)?;
        Ok(ids.len() as u64)
    }
}

impl Session {
    /// Exports of records.
    pub fn exports(&self) -> Exports<'_> {
        Exports { session: self, disclosure: None, redacted: RefCell::default() }
    }
}

/// The disclosure of an export, with what the export held.
fn of_export(mut disclosure: Disclosure, exported: &Logged, viewer: &Viewer) -> Disclosure {
    if disclosure.purpose.is_empty() {
        viewer.purpose_key().clone_into(&mut disclosure.purpose);
    }
    disclosure.record_types = vec![exported.record_type().to_owned()];
    disclosure.categories = exported.categories();
    disclosure.records = Some(exported.records());
    disclosure
}
