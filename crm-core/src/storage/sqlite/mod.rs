//! The SQLite driver: one writer, several readers, cached statements, every setting set and read back.
//!
//! A file is looked at before it is opened for writing, so one that is refused stays as it was. A busy lock is
//! waited for up to [`Options::busy_timeout_ms`]; an interrupt ends that wait too.

mod cipher;
mod connection;
mod error;
mod functions;
mod maintenance;
mod open;
mod options;
mod pool;
mod row;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use open::APPLICATION_ID;
pub use options::{Options, Synchronous};

use self::cipher::KeyInForce;
use self::connection::{Mode, SqliteConnection, control};
use self::open::Access;
use self::pool::{Lease, Pool, Role, Signals, roll_back};
use super::error as storage_error;
use super::{Connection, Database, DatabaseKey, Dialect, ReadMode};
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
    key: KeyInForce,
    /// Where it lies; nothing in memory.
    file: Option<PathBuf>,
}

impl SqliteDatabase {
    /// Opens a file, or makes it if it does not exist or is empty.
    ///
    /// # Errors
    /// `storage.not_a_database`, `storage.not_ours`, `storage.newer_version`, `storage.corrupt`, and
    /// `storage.key.missing` for a file that seems to be encrypted; the file was then only read. `storage.io` when it
    /// cannot be opened, `storage.busy`, `storage.path` for a path that is none.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        Self::open_with_key(path, None, options)
    }

    /// Opens a file that is encrypted under a key, or makes it; without a key, as [`SqliteDatabase::open`].
    ///
    /// # Errors
    /// As for [`SqliteDatabase::open`]; `storage.key` when the key does not open the file,
    /// `storage.encryption.plain` when the file is not encrypted, `storage.encryption.unsupported` in a library that is
    /// built without the feature `sqlcipher`. The file was then only read.
    pub fn open_with_key(
        path: impl AsRef<Path>,
        key: Option<&DatabaseKey>,
        options: Options,
    ) -> Result<Self> {
        let path = path.as_ref();
        let in_force = KeyInForce::new(key)?;
        open::inspect(path, key, options.supported)?;
        let signals = Arc::new(Signals::default());
        let writer = open_writer(path, key, &options, &signals)?;

        let (own_path, settings) = (path.to_owned(), options);
        let (watch, own_key) = (Arc::clone(&signals), in_force.clone());
        let open_reader = move || {
            let mut reader = open::connect(&own_path, Access::Read, own_key.get().as_ref())?;
            open::set_up(&mut reader, &settings, Access::Read, false, &watch)?;
            Ok(reader)
        };
        // The browser's file system lets one connection in.
        let readers = if cfg!(target_arch = "wasm32") { 0 } else { options.readers };
        let patience = Duration::from_millis(u64::from(options.busy_timeout_ms));
        let pool = Pool::new(writer, Some(Box::new(open_reader)), readers, patience, signals);
        let options = Options { readers, ..options };
        Ok(Self { pool, options, key: in_force, file: Some(path.to_owned()) })
    }

    /// Makes an empty database in memory. It ends with the value.
    ///
    /// # Errors
    /// `storage.memory` when there is none left.
    pub fn memory(options: Options) -> Result<Self> {
        Self::memory_with_key(None, options)
    }

    /// Makes an empty database in memory whose pages, copies and bytes are encrypted under a key; without a key, as
    /// [`SqliteDatabase::memory`].
    ///
    /// # Errors
    /// `storage.memory`; `storage.encryption.unsupported` as for [`SqliteDatabase::open_with_key`].
    pub fn memory_with_key(key: Option<&DatabaseKey>, options: Options) -> Result<Self> {
        let in_force = KeyInForce::new(key)?;
        let connection = match key {
            Some(_) => cipher::memory()?,
            None => memory()?,
        };
        Self::in_memory(connection, key, in_force, options)
    }

    /// Opens a copy of a database that [`Database::export`] gave, or the bytes of a database file, in memory.
    /// No bytes make an empty database.
    ///
    /// # Errors
    /// As for [`SqliteDatabase::open`].
    pub fn from_bytes(bytes: &[u8], options: Options) -> Result<Self> {
        Self::from_bytes_with_key(bytes, None, options)
    }

    /// Opens bytes that are encrypted under a key, in memory; without a key, as [`SqliteDatabase::from_bytes`].
    ///
    /// # Errors
    /// As for [`SqliteDatabase::open_with_key`].
    pub fn from_bytes_with_key(bytes: &[u8], key: Option<&DatabaseKey>, options: Options) -> Result<Self> {
        if bytes.is_empty() {
            return Self::memory_with_key(key, options);
        }
        let in_force = KeyInForce::new(key)?;
        if bytes.len() < 100 {
            return Err(storage_error::not_a_database());
        }
        cipher::check_start(bytes, key)?;
        let mut image = bytes.to_vec();
        if key.is_none() {
            open::check_header(bytes, bytes.len() as u64, true, options.supported)?;
            maintenance::without_log(&mut image);
        }
        let mut connection = memory()?;
        connection
            .deserialize_read_exact(c"main", image.as_slice(), image.len(), options.read_only)
            .map_err(|failure| error::running(&failure))?;
        Self::in_memory(connection, key, in_force, options)
    }

    fn in_memory(
        mut connection: rusqlite::Connection,
        key: Option<&DatabaseKey>,
        in_force: KeyInForce,
        options: Options,
    ) -> Result<Self> {
        if let Some(key) = key {
            cipher::unlock_alone(&connection, key)?;
        }
        let signals = Arc::new(Signals::default());
        let fresh = open::check_owner(&connection, options.supported)?;
        open::set_up(&mut connection, &options, access_of(&options), fresh, &signals)?;
        let patience = Duration::from_millis(u64::from(options.busy_timeout_ms));
        let pool = Pool::new(connection, None, 0, patience, signals);
        Ok(Self { pool, options: Options { readers: 0, ..options }, key: in_force, file: None })
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

    /// Encrypts the file anew. Which of the two keys it is under afterwards, only opening it again tells.
    fn rekey_file(
        &self,
        lease: &mut Lease<'_>,
        path: &Path,
        from: &DatabaseKey,
        to: &DatabaseKey,
    ) -> Result<()> {
        let outcome = cipher::rekey_file(lease.connection(), to);
        let signals = self.pool.signals();
        let mut found = to;
        lease.replace(|| match open_writer(path, Some(to), &self.options, signals) {
            Err(error) if error.code() == "storage.key" => {
                found = from;
                open_writer(path, Some(from), &self.options, signals)
            }
            opened => opened,
        })?;
        self.key.set(found);
        outcome.and_then(|()| if found == to { Ok(()) } else { Err(storage_error::not_rekeyed()) })
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

/// Opens the connection that writes, and sees whose the file is.
fn open_writer(
    path: &Path,
    key: Option<&DatabaseKey>,
    options: &Options,
    signals: &Arc<Signals>,
) -> Result<rusqlite::Connection> {
    let access = access_of(options);
    let mut writer = open::connect(path, access, key)?;
    let fresh = open::check_owner(&writer, options.supported)?;
    open::set_up(&mut writer, options, access, fresh, signals)?;
    Ok(writer)
}

fn access_of(options: &Options) -> Access {
    if options.read_only { Access::Read } else { Access::Write }
}

fn memory() -> Result<rusqlite::Connection> {
    rusqlite::Connection::open_in_memory().map_err(|failure| error::running(&failure))
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
        match (self.key.get(), &self.file) {
            (Some(key), Some(_)) => cipher::export(lease.connection(), &key),
            (key, _) => maintenance::export(lease.connection_mut(), key.is_some()),
        }
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        let encrypted = self.is_encrypted();
        // SQLCipher reads the pages past SQLite, so nobody may move the log into the file meanwhile.
        let lease = if encrypted { self.pool.lend(Role::Writer)? } else { self.reader()?.0 };
        maintenance::integrity_check(lease.connection(), encrypted)
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        let lease = self.pool.lend(Role::Writer)?;
        maintenance::settings(lease.connection(), &self.options, self.is_encrypted())
    }

    fn is_encrypted(&self) -> bool {
        self.key.get().is_some()
    }

    fn rekey(&self, key: &DatabaseKey) -> Result<()> {
        if !self.is_encrypted() {
            return Err(storage_error::not_encrypted());
        }
        if self.options.read_only {
            return Err(storage_error::read_only());
        }
        let mut lease = self.pool.lend_alone()?;
        // Nobody else can change it from here on.
        let Some(from) = self.key.get() else { return Err(storage_error::not_encrypted()) };
        if from == *key {
            // A change that was cut off after its end may have left pages under the old key behind the log.
            let moved = maintenance::checkpoint(lease.connection())?;
            return if moved { Ok(()) } else { Err(storage_error::busy()) };
        }
        match &self.file {
            None => {
                cipher::rekey_memory(lease.connection(), &from, key)?;
                self.key.set(key);
                Ok(())
            }
            Some(path) => self.rekey_file(&mut lease, path, &from, key),
        }
    }

    fn checkpoint(&self) -> Result<bool> {
        if self.options.read_only {
            return Err(storage_error::read_only());
        }
        let lease = self.pool.lend(Role::Writer)?;
        maintenance::checkpoint(lease.connection())
    }

    fn files(&self) -> Vec<PathBuf> {
        let Some(file) = &self.file else { return Vec::new() };
        ["", "-wal", "-shm", "-journal"]
            .iter()
            .map(|suffix| with_suffix(file, suffix))
            .filter(|file| file.is_file())
            .collect()
    }

    fn close(&self) -> Result<()> {
        let Some(writer) = self.pool.close()? else { return Ok(()) };
        // A log that another process still reads stays where it is; nothing is lost by that.
        let moved = if self.options.read_only { Ok(true) } else { maintenance::checkpoint(&writer) };
        let closed = writer.close().map_err(|(_, failure)| error::running(&failure));
        moved.map(|_| ()).and(closed)
    }
}

/// The file beside a database whose name ends otherwise.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl std::fmt::Debug for SqliteDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteDatabase").field("options", &self.options).finish_non_exhaustive()
    }
}
