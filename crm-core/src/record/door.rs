//! The ways into a database: a session, a transaction, a snapshot. Areas work on any of them.

use std::cell::RefCell;
use std::sync::Arc;

use super::filter::terms::VALUE_TABLE;
use super::schema::{RecordType, Schema};
use super::unit::UnitOfWork;
use crate::crm::Engine;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::as_of::Past;
use crate::privacy::reading::Logged;
use crate::privacy::reading::scope::ReadScope;
use crate::session::{Session, Viewer};
use crate::storage::{Connection, ReadMode};

/// The table with the entries of timelines.
const TIMELINE_TABLE: &str = "crm_timeline";

/// What a reading closure gets.
pub(crate) struct Reader<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) connection: &'a dyn Connection,
    pub(crate) viewer: &'a Viewer,
    pub(crate) schema: Arc<Schema>,
    /// What the session may read.
    pub(crate) scope: Arc<ReadScope>,
    /// The state that is read: `None` for the present one.
    pub(crate) as_of: Option<&'a Past>,
    /// How often what all permits rest on has been changed, where what is read is committed and of now: then facts may be
    /// kept under it.
    pub(crate) permits: Option<i64>,
}

impl<'a> Reader<'a> {
    /// What a unit of work reads in the name of its session.
    pub(crate) fn of_unit(unit: &'a UnitOfWork<'_>) -> Result<Self> {
        Ok(Self {
            engine: unit.engine,
            connection: unit.connection,
            viewer: unit.viewer,
            schema: Arc::clone(&unit.schema),
            scope: unit.scope()?,
            as_of: None,
            permits: None,
        })
    }
}

impl Reader<'_> {
    /// What stands behind `FROM` for a type: its table, or the view of its past.
    pub(crate) fn table(&self, record_type: &RecordType) -> String {
        self.as_of.map_or_else(|| record_type.table.clone(), |past| past.table(record_type))
    }

    /// What stands behind `FROM` for the value index.
    pub(crate) fn value_table(&self) -> &str {
        self.as_of.map_or(VALUE_TABLE, Past::value_table)
    }

    /// What stands behind `FROM` for the entries of timelines.
    pub(crate) fn timeline_table(&self) -> &str {
        self.as_of.map_or(TIMELINE_TABLE, Past::timeline_table)
    }

    /// Whether all present records of a type are read, with all their cells, so that a statement needs no condition.
    pub(crate) fn sees_all(&self, record_type: &RecordType) -> bool {
        self.as_of.is_none()
            && self.scope.is_open_for(record_type)
            && self.engine.access.predicate(self.viewer, record_type).is_none()
    }

    /// The time that is read: now, or that of the past.
    pub(crate) fn now(&self) -> Timestamp {
        self.as_of.map_or_else(|| self.engine.clock.now(), Past::at)
    }
}

/// What is done with a unit of work.
pub(crate) type Write<'w> = dyn FnMut(&mut UnitOfWork<'_>) -> Result<()> + 'w;
/// What is done with a reader.
pub(crate) type Read<'r> = dyn FnMut(&Reader<'_>) -> Result<()> + 'r;

/// A way into a database.
pub(crate) trait Door {
    fn engine(&self) -> &Engine;
    fn read(&self, mode: ReadMode, work: &mut Read<'_>) -> Result<()>;
    fn write(&self, job: Option<RecordId>, work: &mut Write<'_>) -> Result<()>;
    /// Whether a write that fails half-way can be run again from the start.
    fn can_repeat(&self) -> bool;
    /// Takes note of what was read, if reads are logged. What is part of something greater is not logged by itself.
    fn log_read(&self, _logged: &Logged) -> Result<()> {
        Ok(())
    }
}

/// Reads through a door and gives what the closure gives.
pub(crate) fn read<T>(
    door: &dyn Door,
    mode: ReadMode,
    mut work: impl FnMut(&Reader<'_>) -> Result<T>,
) -> Result<T> {
    let mut outcome = None;
    door.read(mode, &mut |reader| {
        outcome = Some(work(reader)?);
        Ok(())
    })?;
    outcome.ok_or_else(|| CrmError::internal("a read did not run"))
}

/// Writes through a door and gives what the closure gives.
pub(crate) fn write<T>(
    door: &dyn Door,
    job: Option<RecordId>,
    mut work: impl FnMut(&mut UnitOfWork<'_>) -> Result<T>,
) -> Result<T> {
    let mut outcome = None;
    door.write(job, &mut |unit| {
        outcome = Some(work(unit)?);
        Ok(())
    })?;
    outcome.ok_or_else(|| CrmError::internal("a write did not run"))
}

impl Door for Session {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn read(&self, mode: ReadMode, work: &mut Read<'_>) -> Result<()> {
        // Without a snapshot, a custom field may go between the look at the schema and the statement.
        let mut attempts = if mode == ReadMode::Statement { 3 } else { 1 };
        loop {
            attempts -= 1;
            match self.read_once(mode, work) {
                Err(error) if error.code() == "storage.statement" && attempts > 0 => {}
                outcome => return outcome,
            }
        }
    }

    fn write(&self, job: Option<RecordId>, work: &mut Write<'_>) -> Result<()> {
        self.engine.write(&self.viewer, job, &mut |unit| work(unit))
    }

    fn can_repeat(&self) -> bool {
        true
    }

    fn log_read(&self, logged: &Logged) -> Result<()> {
        logged.write_after(self, None)
    }
}

impl Session {
    fn read_once(&self, mode: ReadMode, work: &mut Read<'_>) -> Result<()> {
        self.engine.database.read(mode, &mut |connection| {
            let mut schema = self.engine.schema();
            let stamp = super::install::stamp(connection)?;
            if let Some(newer) = super::install::newer(connection, &schema, stamp)? {
                self.engine.publish(Arc::clone(&newer));
                schema = newer;
            }
            let scope = ReadScope::of(&self.engine, connection, &self.viewer, &schema, stamp.reading)?;
            work(&Reader {
                engine: &self.engine,
                connection,
                viewer: &self.viewer,
                schema: Arc::clone(&schema),
                scope,
                as_of: None,
                // Without a snapshot, the next statement may see another state.
                permits: (mode != ReadMode::Statement).then_some(stamp.permits),
            })
        })
    }
}

/// Work that is committed as one, handed to the closure of [`Session::transaction`]. All areas of a session hang
/// off it, too, and see what was written before.
pub struct Transaction<'u, 'w> {
    unit: RefCell<&'u mut UnitOfWork<'w>>,
    engine: &'w Engine,
}

impl Door for Transaction<'_, '_> {
    fn engine(&self) -> &Engine {
        self.engine
    }

    fn read(&self, _mode: ReadMode, work: &mut Read<'_>) -> Result<()> {
        let unit = self.unit.try_borrow().map_err(|_| nested())?;
        work(&Reader::of_unit(&unit)?)
    }

    fn write(&self, job: Option<RecordId>, work: &mut Write<'_>) -> Result<()> {
        let mut unit = self.unit.try_borrow_mut().map_err(|_| nested())?;
        let before = (unit.written, unit.job);
        unit.job = job.or(unit.job);
        // The closure may go on after a failure, even where the database would not.
        let outcome = if unit.connection.dialect().aborts_on_failure() {
            unit.savepoint(|unit| work(unit))
        } else {
            work(&mut unit)
        };
        unit.job = before.1;
        // A change that failed half-way must not be committed by a closure that goes on all the same.
        if outcome.is_err() && unit.written != before.0 {
            unit.broken = true;
        }
        outcome
    }

    fn can_repeat(&self) -> bool {
        false
    }
}

fn nested() -> CrmError {
    CrmError::new(
        ErrorKind::Invalid,
        "transaction.nested",
        "the transaction is in use by the call around this one",
    )
}

impl Session {
    /// Groups work: everything in the closure is committed as one if it returns `Ok`, and nothing otherwise.
    ///
    /// # Errors
    /// What the closure returns; `transaction.broken` when it returns `Ok` although a change in it failed half-way.
    pub fn transaction<T>(&self, mut work: impl FnMut(&Transaction<'_, '_>) -> Result<T>) -> Result<T> {
        self.engine.write(&self.viewer, None, &mut |unit| {
            let engine = unit.engine;
            let transaction = Transaction { unit: RefCell::new(unit), engine };
            let outcome = work(&transaction)?;
            if transaction.unit.into_inner().broken {
                let reason = "a change failed half-way; the transaction cannot be committed";
                return Err(CrmError::new(ErrorKind::Rule, "transaction.broken", reason));
            }
            Ok(outcome)
        })
    }

    /// Reads several things from the same state, which no write disturbs.
    ///
    /// # Errors
    /// What the closure returns; `storage.*`.
    pub fn snapshot<T>(&self, mut work: impl FnMut(&Snapshot<'_>) -> Result<T>) -> Result<T> {
        read(self, ReadMode::Snapshot, |reader| work(&Snapshot { reader }))
    }
}

/// One state of the database, handed to the closure of [`Session::snapshot`]. The reading half of every area hangs
/// off it.
pub struct Snapshot<'r> {
    pub(crate) reader: &'r Reader<'r>,
}

impl Door for Snapshot<'_> {
    fn engine(&self) -> &Engine {
        self.reader.engine
    }

    fn read(&self, _mode: ReadMode, work: &mut Read<'_>) -> Result<()> {
        work(self.reader)
    }

    fn write(&self, _job: Option<RecordId>, _work: &mut Write<'_>) -> Result<()> {
        Err(CrmError::new(ErrorKind::Invalid, "snapshot.read_only", "a snapshot cannot be written to"))
    }

    fn can_repeat(&self) -> bool {
        false
    }
}

/// Any of the ways in, for code that works behind whichever its caller came through. All areas hang off it.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub(crate) door: &'a dyn Door,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(door: &'a dyn Door) -> Self {
        Self { door }
    }
}

impl Door for Scope<'_> {
    fn engine(&self) -> &Engine {
        self.door.engine()
    }

    fn read(&self, mode: ReadMode, work: &mut Read<'_>) -> Result<()> {
        self.door.read(mode, work)
    }

    fn write(&self, job: Option<RecordId>, work: &mut Write<'_>) -> Result<()> {
        self.door.write(job, work)
    }

    fn can_repeat(&self) -> bool {
        self.door.can_repeat()
    }

    fn log_read(&self, logged: &Logged) -> Result<()> {
        self.door.log_read(logged)
    }
}
