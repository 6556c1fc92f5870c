//! Erasure as a session sees it.

use std::ops::ControlFlow;
use std::path::PathBuf;

use super::execute::{self, Order};
use super::finish::{self, ErasureReport, FinishReport};
use super::ledger::ErasureLedger;
use super::needles::Needles;
use super::plan::ErasurePlan;
use super::rewrap::{self, RewrapReport};
use super::scan::{ByteScan, scan};
use crate::contacts::PersonId;
use crate::crm::Crm;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::record::Reference;
use crate::session::Session;

/// How a person is erased.
#[derive(Clone, Debug)]
pub struct ErasureOptions {
    /// The request that it answers, noted in the certificate's record.
    pub request: Option<Reference>,
    /// Whether the addresses of the person are looked for in all bytes of the database afterwards. It reads every file
    /// from one end to the other.
    pub verify: bool,
}

impl Default for ErasureOptions {
    fn default() -> Self {
        Self { request: None, verify: true }
    }
}

/// Erasing people, and proving it. Hangs off [`Session::erasure`]; works in transactions of its own.
pub struct SubjectErasure<'s> {
    session: &'s Session,
}

impl Session {
    /// Erasing people.
    pub fn erasure(&self) -> SubjectErasure<'_> {
        SubjectErasure { session: self }
    }
}

impl SubjectErasure<'_> {
    /// What erasing a person would do, store by store. It is the erasure itself, rolled back, so it says what will be
    /// done. Like a write it waits for other writers.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn plan(&self, person: impl Into<PersonId>) -> Result<ErasurePlan> {
        let person = person.into().into();
        let mut plan = None;
        let outcome = self.session.engine.write(&self.session.viewer, None, &mut |unit| {
            plan = Some(execute::run(unit, person, &Order::default())?.plan);
            Err::<(), _>(CrmError::new(ErrorKind::Rule, DRY_RUN, "only tried"))
        });
        match (plan, outcome) {
            (Some(plan), Err(error)) if error.code() == DRY_RUN => Ok(plan),
            (_, Err(error)) if error.code() == "privacy.erasure.held" => Ok(ErasurePlan::held()),
            (_, Err(error)) => Err(error),
            (_, Ok(())) => Err(CrmError::internal("a dry run was committed")),
        }
    }

    /// Erases a person: from rows, indexes, bin, journal, keys and files, in one transaction. Afterwards the log is
    /// emptied, the bytes are looked through, and the certificate is written and signed. While a reader holds on to the
    /// log the erasure is pending; [`finish`](Self::finish) goes on. On a PostgreSQL server dead rows and the samples of
    /// the planner go in its place, the rows are looked through, and the certificate names in `remains` what is out of
    /// reach, with the command that ends it.
    ///
    /// ```
    /// use crm_core::contacts::{Email, Person};
    /// use crm_core::privacy::erasure::{ErasureOptions, ErasureState};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::RightsFulfilment)?;
    /// let ada = session.people().create(Person {
    ///     family_name: Some("Lovelace".into()),
    ///     emails: vec![Email::work("ada@quartzberg.example")],
    ///     ..Person::default()
    /// })?;
    /// let report = session.erasure().erase(ada.meta.id, ErasureOptions::default())?;
    /// assert_eq!(report.erasure.state, ErasureState::Completed);
    /// assert!(report.verification.is_some_and(|found| found.is_clean()));
    /// assert!(session.journal().verify()?.is_sound());
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`; `privacy.erasure.held`; `storage.*`, and then nothing was erased.
    pub fn erase(&self, person: impl Into<PersonId>, options: ErasureOptions) -> Result<ErasureReport> {
        let person = person.into().into();
        let order = Order { request: options.request, ..Order::default() };
        let done = self
            .session
            .engine
            .write(&self.session.viewer, None, &mut |unit| execute::committed(unit, person, &order))?;
        finish::after_commit(self.session, Some(person), done, options.verify)
    }

    /// Goes on with the erasures that wait for the log to be emptied, for the ledger or for a signature, and with those
    /// that had to keep something until a time that is over.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn finish(&self) -> Result<FinishReport> {
        finish::all(self.session)
    }

    /// Looks for texts in all files of the database and in further files: as they are, in small and capital letters, in
    /// other encodings, word by word. It tells where, never what. On a server: in the rows of all tables.
    ///
    /// A text that is longer than a page of the database may be cut by the bytes that link its pages; its words and its
    /// beginning are looked for by themselves.
    ///
    /// # Errors
    /// `privacy.needle.short`; `privacy.scan.file`.
    pub fn verify<T: AsRef<str>>(&self, needles: &[T], further: &[PathBuf]) -> Result<ByteScan> {
        scan(&*self.session.engine.database, &Needles::new(needles)?, further)
    }

    /// The ledger of erasures, as [`Crm::erasure_ledger`] gives it.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn ledger(&self) -> Result<ErasureLedger> {
        ErasureLedger::of(&Crm { engine: std::sync::Arc::clone(&self.session.engine) })
    }

    /// Wraps the keys of all data subjects under the current epoch of the host's key, step by step. `progress` is told
    /// after each step how far it is and can stop it; what was done stays.
    ///
    /// # Errors
    /// `privacy.key.*`; `storage.*`.
    pub fn rewrap_keys(
        &self,
        progress: &mut dyn FnMut(&RewrapReport) -> ControlFlow<()>,
    ) -> Result<RewrapReport> {
        rewrap::run(self.session, progress)
    }
}

/// What rolls a plan back.
const DRY_RUN: &str = "privacy.erasure.dry_run";

/// Erases people whose time is over, each in a transaction of its own, and empties the log once. Gives how many; those
/// whom somebody has put under a legal hold meanwhile, or erased, are left out.
pub(crate) fn erase_people(session: &Session, people: &[RecordId]) -> Result<u64> {
    let mut erased = 0;
    for person in people {
        let done = session
            .engine
            .write(&session.viewer, None, &mut |unit| execute::committed(unit, *person, &Order::default()));
        match done {
            Ok(_) => erased += 1,
            Err(error) if matches!(error.code(), "privacy.erasure.held" | "record.not_found") => {}
            Err(error) => return Err(error),
        }
    }
    if erased > 0 {
        finish::all(session)?;
    }
    Ok(erased)
}
