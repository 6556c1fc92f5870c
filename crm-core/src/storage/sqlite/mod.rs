//! The SQLite driver: one writer, several readers, cached statements, every setting set and read back.
//!
//! A file is looked at before it is opened for writing, so one that is refused stays as it was. A busy lock is
//! waited for up to [`Options::busy_timeout_ms`]; an interrupt ends that wait too.

mod connection;
mod error;
mod functions;
mod maintenance;
mod open;
mod options;
mod pool;
mod row;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use open::APPLICATION_ID;
pub use options::{Options, Synchronous};

use self::connection::{Mode, SqliteConnection, control};
use self::open::Access;
use self::pool::{Lease, Pool, Role, Signals, roll_back};
use super::error as storage_error;
use super::{Connection, Database, Dialect, ReadMode};
use crate::error::{ErrorKind, Result};

/// An open SQLite database.
///
/// ```
/// use crm_core::storage::sqlite::{Options, SqliteDatabase};
/// use crm_core::storage::{Database, Param, ReadMode, query_one};
///
/// let database = SqliteDatabase::memory(Options::default())?;
/// database.write(&mut |c| {
///     c.execute_batch("CREATE TABLE note (row_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")?;
///     c.insert("INSERT INTO note (text) VALUES (?1)", &[Param::Text("hello")]).map(|_| ())
/// })?;
/// let mut text = None;
/// database.read(ReadMode::Statement, &mut |c| {
///     text = query_one(c, "SELECT text FROM note", &[], |row| Ok(row.text(0)?.unwrap_or_default().to_owned()))?;
///     Ok(())
/// })?;
/// assert_eq!(text.as_deref(), Some("hello"));
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct SqliteDatabase {
    pool: Pool,
    options: Options,
}

impl SqliteDatabase {
    /// Opens a file, or makes it if it does not exist or is empty.
    ///
    /// # Errors
    /// `storage.not_a_database`, `storage.not_ours`, `storage.newer_version`, `storage.corrupt`; the file was then
    /// only read. `storage.io` when it cannot be opened, `storage.busy`, `storage.path` for a path that is none.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let path = path.as_ref();
        open::inspect(path, options.supported)?;
        let access = if options.read_only { Access::Read } else { Access::Write };
        let mut writer = open::connect(path, access)?;
        let signals = Arc::new(Signals::default());
        let fresh = open::check_owner(&writer, options.supported)?;
        open::set_up(&mut writer, &options, access, fresh, &signals)?;

        let (path, settings, watch) = (path.to_owned(), options, Arc::clone(&signals));
        let open_reader = move || {
            let mut reader = open::connect(&path, Access::Read)?;
            open::set_up(&mut reader, &settings, Access::Read, false, &watch)?;
            Ok(reader)
        };
        // The browser's file system lets one connection in.
        let readers = if cfg!(target_arch = "wasm32") { 0 } else { options.readers };
        Ok(Self::around(writer, Some(Box::new(open_reader)), readers, signals, options))
    }

    /// Makes an empty database in memory. It ends with the value.
    ///
    /// # Errors
    /// `storage.memory` when there is none left.
    pub fn memory(options: Options) -> Result<Self> {
        Self::in_memory(None, options)
    }

    /// Opens a copy of a database that [`Database::export`] gave, or the bytes of a database file, in memory.
    /// No bytes make an empty database.
    ///
    /// # Errors
    /// As for [`SqliteDatabase::open`].
    pub fn from_bytes(bytes: &[u8], options: Options) -> Result<Self> {
        if bytes.is_empty() {
            return Self::memory(options);
        }
        if bytes.len() < 100 {
            return Err(storage_error::not_a_database());
        }
        open::check_header(bytes, bytes.len() as u64, true, options.supported)?;
        Self::in_memory(Some(bytes), options)
    }

    fn in_memory(bytes: Option<&[u8]>, options: Options) -> Result<Self> {
        let failed = |failure: rusqlite::Error| error::running(&failure);
        let mut connection = rusqlite::Connection::open_in_memory().map_err(failed)?;
        if let Some(bytes) = bytes {
            let mut image = bytes.to_vec();
            maintenance::without_log(&mut image);
            connection
                .deserialize_read_exact(c"main", image.as_slice(), image.len(), options.read_only)
                .map_err(failed)?;
        }
        let signals = Arc::new(Signals::default());
        let fresh = open::check_owner(&connection, options.supported)?;
        let access = if options.read_only { Access::Read } else { Access::Write };
        open::set_up(&mut connection, &options, access, fresh, &signals)?;
        Ok(Self::around(connection, None, 0, signals, options))
    }

    fn around(
        writer: rusqlite::Connection,
        open_reader: Option<Box<dyn Fn() -> Result<rusqlite::Connection> + Send + Sync>>,
        readers: usize,
        signals: Arc<Signals>,
        options: Options,
    ) -> Self {
        let patience = Duration::from_millis(u64::from(options.busy_timeout_ms));
        let pool = Pool::new(writer, open_reader, readers, patience, signals);
        Self { options: Options { readers, ..options }, pool }
    }

    /// A connection to read with, and how its closure sees it.
    fn reader(&self) -> Result<(Lease<'_>, Mode)> {
        let role = self.pool.reading();
        let mode = match role {
            Role::Reader => Mode::Reader,
            Role::Writer => Mode::Shared,
        };
        Ok((self.pool.lend(role)?, mode))
    }

    /// Begins a transaction, telling an interrupted wait for a lock from one that ran out.
    fn begin(&self, connection: &rusqlite::Connection, sql: &'static str) -> Result<()> {
        let interrupts = self.pool.signals().count();
        control(connection, sql).map_err(|error| {
            let interrupted = error.kind() == ErrorKind::Busy && self.pool.signals().count() != interrupts;
            if interrupted { storage_error::interrupted() } else { error }
        })
    }
}

impl Database for SqliteDatabase {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        let (lease, access) = self.reader()?;
        let raw = lease.connection();
        match mode {
            ReadMode::Statement => work(&SqliteConnection::for_one_statement(raw, access)),
            ReadMode::Snapshot | ReadMode::Scratch => {
                self.begin(raw, "BEGIN")?;
                // On failure the lease rolls back.
                work(&SqliteConnection::new(raw, access))?;
                if raw.is_autocommit() { Ok(()) } else { control(raw, "COMMIT") }
            }
        }
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        if self.options.read_only {
            return Err(storage_error::read_only());
        }
        let lease = self.pool.lend(Role::Writer)?;
        let raw = lease.connection();
        self.begin(raw, "BEGIN IMMEDIATE")?;
        // On failure, and when the closure panics, the lease rolls back.
        work(&SqliteConnection::new(raw, Mode::Write))?;
        if raw.is_autocommit() {
            return Err(storage_error::rolled_back());
        }
        control(raw, "COMMIT").inspect_err(|_| roll_back(raw))
    }

    fn interrupt(&self) {
        self.pool.signals().interrupt();
    }

    fn backup(&self, target: &Path) -> Result<()> {
        let (lease, _) = self.reader()?;
        maintenance::backup(lease.connection(), target)
    }

    fn export(&self) -> Result<Vec<u8>> {
        let (mut lease, _) = self.reader()?;
        maintenance::export(lease.connection_mut())
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        let (lease, _) = self.reader()?;
        maintenance::integrity_check(lease.connection())
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        let lease = self.pool.lend(Role::Writer)?;
        maintenance::settings(lease.connection(), &self.options)
    }

    fn checkpoint(&self) -> Result<bool> {
        if self.options.read_only {
            return Err(storage_error::read_only());
        }
        let lease = self.pool.lend(Role::Writer)?;
        maintenance::checkpoint(lease.connection())
    }

    fn close(&self) -> Result<()> {
        let Some(writer) = self.pool.close()? else { return Ok(()) };
        // A log that another process still reads stays where it is; nothing is lost by that.
        let moved = if self.options.read_only { Ok(true) } else { maintenance::checkpoint(&writer) };
        let closed = writer.close().map_err(|(_, failure)| error::running(&failure));
        moved.map(|_| ()).and(closed)
    }
}

impl std::fmt::Debug for SqliteDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteDatabase").field("options", &self.options).finish_non_exhaustive()
    }
}
