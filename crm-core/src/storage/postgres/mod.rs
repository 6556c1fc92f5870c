//! The PostgreSQL driver: one connection that writes, several that read, on the main server or on replicas of it.
//!
//! Writes are serialisable transactions. They queue at a lock, because each of them appends to the one journal; where
//! the server has no such lock, or it is turned off, those that meet begin again. Reads are read-only transactions of
//! one snapshot. What each feature of the server is used for, and which distributed engines have it, stands in the
//! `README.md` beside this file.
//!
//! The calls block their thread and must not come from a task of an asynchronous runtime.

mod connect;
mod connection;
mod error;
mod fold;
mod interrupt;
mod link;
mod listen;
mod maintenance;
mod numeric;
mod options;
mod pool;
mod replica;
mod retry;
mod rewrite;
mod row;
mod server;
mod setup;
mod sweep;
mod value;
pub(super) mod words;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use options::Options;

use self::connect::Target;
use self::connection::{BEGIN_SCRATCH, Mode, PostgresConnection};
use self::interrupt::Signals;
use self::link::Link;
use self::pool::{Lease, Pool, Role};
use self::replica::Progress;
use self::server::Server;
use super::error as storage_error;
use super::{Connection, ContentVisitor, Database, Dialect, ReadMode, Residue};
use crate::error::{CrmError, ErrorKind, Result};

/// An open PostgreSQL database: one schema of a server.
///
/// ```no_run
/// use crm_core::storage::postgres::{Options, PostgresDatabase};
/// let database = PostgresDatabase::open("postgres://crm@db.example/crm?sslmode=require", Options::default())?;
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct PostgresDatabase {
    pool: Pool,
    target: Arc<Target>,
    server: Server,
    options: Options,
    signals: Arc<Signals>,
    progress: Progress,
    /// What this handle signs its commits with, so that it does not hear its own.
    own: String,
    closed: Arc<AtomicBool>,
}

impl PostgresDatabase {
    /// Connects to a server. The URL is that of libpq: `postgres://user:password@host:port,host:port/database?…` with
    /// `sslmode`, `target_session_attrs`, `connect_timeout` and the like; and `schema` and `sslrootcert`, as in
    /// [`Options`]. Certificates are always checked; `sslmode=disable` does without TLS. The schema and what the
    /// driver needs in it are made when they are not there.
    ///
    /// # Errors
    /// `storage.url`, `storage.schema`, `storage.certificates`, `storage.connect`; `storage.newer_version` and, of one
    /// that is only read, `storage.not_a_database`.
    pub fn open(url: &str, options: Options) -> Result<Self> {
        let mut target = Target::new(url, &options)?;
        if !options.read_only {
            target.prefer_writable();
        }
        let target = Arc::new(target);
        let replica = options.replicas.as_deref().map(|url| Target::new(url, &options)).transpose()?;
        let signals = Arc::new(Signals::default());
        let progress = Progress::new(replica.is_some());

        let (main, watch, read_only) = (Arc::clone(&target), Arc::clone(&signals), options.read_only);
        let open = move |role| match (role, &replica) {
            (Role::Replica, Some(replica)) => replica.link(true, &watch),
            (role, _) => main.link(read_only || role != Role::Writer, &watch),
        };
        let patience = Duration::from_millis(u64::from(options.busy_timeout_ms));
        let pool = Pool::new(Box::new(open), options.readers, patience);
        let server = {
            let lease = pool.lend(Role::Writer)?;
            setup::prepare(lease.link(), &target, &options)?;
            lease.link().server
        };
        let own = format!("{:016x}", retry::some_number());
        Ok(Self { pool, target, server, options, signals, progress, own, closed: Arc::default() })
    }

    /// A connection that reads what this handle has written: to a replica if one has it.
    fn reader(&self) -> Result<Lease<'_>> {
        // A replica that cannot be reached, or is behind, is as good as none.
        if self.progress.asks_replicas() {
            match self.pool.lend(Role::Replica) {
                Ok(lease) if self.progress.is_reached_by(lease.link()) => return Ok(lease),
                Ok(lease) if !lease.link().is_alive() => self.progress.rest(),
                Ok(_) => {}
                Err(error) if matches!(error.code(), "storage.nested" | "storage.closed") => {
                    return Err(error);
                }
                Err(_) => self.progress.rest(),
            }
        }
        self.pool.lend(Role::Reader)
    }

    fn begin_write(&self, link: &Link) -> Result<()> {
        let queue = self.options.queue_writers && link.server.locks_tables();
        // The snapshot is taken by the first statement that reads, so it is of a time when the lock is held.
        let lock =
            if queue { format!("; LOCK TABLE {} IN EXCLUSIVE MODE", setup::TABLE) } else { String::new() };
        link.begin(&format!("BEGIN ISOLATION LEVEL SERIALIZABLE{lock}"))
    }

    fn commit_write(&self, link: &Link) -> Result<()> {
        let mut sql = String::new();
        if self.options.notify && link.server.notifies() {
            sql = format!("NOTIFY \"{}\", '{}'; ", listen::channel(self.target.schema()), self.own);
        }
        sql.push_str("COMMIT");
        let followed = self.progress.is_followed() && link.server.has_log_positions();
        if followed {
            // Not the place that is written: with asynchronous commits that one is behind the commit.
            sql.push_str("; SELECT CAST(pg_current_wal_insert_lsn() AS text)");
        }
        match link.commit(&sql) {
            Ok(position) => {
                self.progress.advance(position.as_deref());
                Ok(())
            }
            Err(error) if !link.is_alive() => {
                let reason = "the connection was lost at the commit; whether it was carried out is not known";
                Err(CrmError::new(ErrorKind::Io, "storage.commit_unknown", reason)
                    .detail("cause", error.code().to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Runs the closure once in a transaction.
    fn write_once(&self, link: &Link, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.begin_write(link)?;
        work(&PostgresConnection::new(link, Mode::Write))?;
        // The server would answer a commit with a rollback, and without an error.
        link.require_sound()?;
        self.commit_write(link)
    }
}

impl Database for PostgresDatabase {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        // A replica has no temporary tables.
        let mut lease =
            if mode == ReadMode::Scratch { self.pool.lend(Role::Reader)? } else { self.reader()? };
        let mut outcome = read_once(lease.link(), mode, work);
        if outcome.is_err() && lease.link().is_lost_unused() {
            lease.revive()?;
            outcome = read_once(lease.link(), mode, work);
        }
        outcome
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        if self.options.read_only {
            return Err(if self.pool.is_closed() {
                storage_error::closed()
            } else {
                storage_error::read_only()
            });
        }
        let mut lease = self.pool.lend(Role::Writer)?;
        let interrupts = self.signals.count();
        let mut attempt = 0;
        loop {
            let outcome = self.write_once(lease.link(), work);
            let Err(error) = outcome else { return Ok(()) };
            if attempt == 0 && lease.link().is_lost_unused() {
                attempt = 1;
                lease.revive()?;
                continue;
            }
            let again = lease.link().met_another();
            lease.link().roll_back();
            attempt += 1;
            if !again || attempt > self.options.retries {
                return Err(if again { storage_error::busy() } else { error });
            }
            std::thread::sleep(retry::pause(attempt));
            if self.signals.count() != interrupts {
                return Err(storage_error::interrupted());
            }
            lease.revive()?;
        }
    }

    fn interrupt(&self) {
        self.signals.interrupt();
    }

    fn backup(&self, _target: &Path) -> Result<()> {
        self.refuse("a server has no file to copy: pg_dump writes its backup")
    }

    fn export(&self) -> Result<Vec<u8>> {
        self.refuse("a server has no file to export: pg_dump writes its backup")
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        let lease = self.pool.lend(Role::Reader)?;
        lease.link().begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        maintenance::integrity_check(lease.link())
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        let lease = self.pool.lend(Role::Reader)?;
        let mut settings = maintenance::settings(lease.link())?;
        settings.push(("schema".to_owned(), self.target.schema().to_owned()));
        settings.push(("readers".to_owned(), self.options.readers.to_string()));
        Ok(settings)
    }

    fn checkpoint(&self) -> Result<bool> {
        if self.options.read_only {
            return Err(storage_error::read_only());
        }
        // Not the connection that writes: it may take a while, and nobody needs to wait for it.
        let lease = self.pool.lend(Role::Reader)?;
        let patience = Duration::from_millis(u64::from(self.options.busy_timeout_ms));
        if self.server.keeps_dead_rows() { sweep::dead_rows(lease.link(), patience) } else { Ok(true) }
    }

    fn remains(&self) -> &'static [Residue] {
        self.server.remains()
    }

    fn contents(&self, each: &mut ContentVisitor<'_>) -> Result<()> {
        let lease = self.pool.lend(Role::Reader)?;
        lease.link().begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        maintenance::contents(lease.link(), each)
    }

    fn close(&self) -> Result<()> {
        let outcome = self.pool.close(&|| self.signals.interrupt()).map(|_| ());
        if !matches!(&outcome, Err(error) if error.code() == "storage.nested") {
            self.closed.store(true, Ordering::Release);
        }
        outcome
    }

    fn listen(&self, hear: Box<dyn Fn() + Send + Sync>) -> Result<bool> {
        let notifies = self.options.notify && self.pool.lend(Role::Reader)?.link().server.notifies();
        if notifies {
            listen::start(Arc::clone(&self.target), self.own.clone(), Arc::clone(&self.closed), hear)?;
        }
        Ok(notifies)
    }
}

/// Runs a reading closure on a connection. On failure and in the end the lease rolls back: there is nothing to commit.
fn read_once(link: &Link, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
    let access = match mode {
        ReadMode::Statement => Mode::Read,
        ReadMode::Snapshot => {
            link.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            Mode::Read
        }
        ReadMode::Scratch => {
            link.begin(BEGIN_SCRATCH)?;
            Mode::Scratch
        }
    };
    work(&PostgresConnection::new(link, access))
}

impl PostgresDatabase {
    fn refuse<T>(&self, reason: &'static str) -> Result<T> {
        Err(if self.pool.is_closed() { storage_error::closed() } else { error::unsupported(reason) })
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
    }
}

impl std::fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresDatabase").field("options", &self.options).finish_non_exhaustive()
    }
}
