//! The handle of an open database.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::access::AccessPolicy;
use crate::config::Config;
use crate::customize::definitions;
#[cfg(target_arch = "wasm32")]
use crate::error::CrmError;
use crate::error::Result;
use crate::ground::clock::Clock;
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::journal::feed::Listeners;
use crate::journal::writer::Edge;
#[cfg(not(target_arch = "wasm32"))]
use crate::privacy::key_file::FileKey;
use crate::privacy::keys::{KeyCache, KeyProvider};
use crate::record::Schema;
use crate::record::install;
use crate::record::parts::PartContext;
use crate::session::{Actor, Purpose, Session, Viewer};
use crate::storage::Database;
use crate::storage::sqlite::{Options, SqliteDatabase};

/// An open CRM database. Cheap to clone, usable from any thread.
///
/// ```
/// use crm_core::{Actor, Config, Crm, Purpose};
/// let crm = Crm::memory(Config::default())?;
/// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
/// # crm.close()?;
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone)]
pub struct Crm {
    pub(crate) engine: Arc<Engine>,
}

/// What all handles of one open database share.
pub(crate) struct Engine {
    pub(crate) database: Box<dyn Database>,
    pub(crate) schema: RwLock<Arc<Schema>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) keys: Arc<dyn KeyProvider>,
    pub(crate) key_cache: Mutex<KeyCache>,
    pub(crate) journal: Mutex<Option<Edge>>,
    pub(crate) listeners: Listeners,
    pub(crate) access: Arc<dyn AccessPolicy>,
    pub(crate) config: Config,
}

/// How many keys of data subjects are kept unwrapped.
const KEY_CACHE: usize = 16_384;

impl Crm {
    /// Opens a database file, or creates it. Without a key provider of the host's, the key that wraps the keys of
    /// data subjects lies in a file of the same name with `.key` behind it: keep it apart from backups.
    ///
    /// # Errors
    /// `storage.not_a_database`, `storage.not_ours`, `storage.newer_version`, `storage.io`; `privacy.key.*` when
    /// the key file is missing or damaged.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open(path: impl AsRef<Path>, config: Config) -> Result<Self> {
        let path = path.as_ref();
        let random = random_of(&config)?;
        let database = SqliteDatabase::open(path, options_of(&config))?;
        let keys: Arc<dyn KeyProvider> = match &config.keys {
            Some(keys) => Arc::clone(keys),
            // A key made anew for a database that has keys under the lost one would hide the loss.
            None if install::is_installed(&database)? => Arc::new(FileKey::open(path)?),
            None => Arc::new(FileKey::open_or_create(path, &*random)?),
        };
        Self::over(Box::new(database), keys, random, config)
    }

    /// Opens a database by its name in the file system that the host has installed in SQLite (the origin private file
    /// system of a browser), or creates it. One connection does everything. The host keeps the key that wraps the keys
    /// of data subjects: there is no place beside the database that the core could write to.
    ///
    /// # Errors
    /// `options.key` without a key provider; `storage.*` as on other machines.
    #[cfg(target_arch = "wasm32")]
    pub fn open(name: impl AsRef<Path>, config: Config) -> Result<Self> {
        if config.keys.is_none() {
            return Err(CrmError::invalid("options.key", "the host must supply the key").at("key"));
        }
        Self::on(Box::new(SqliteDatabase::open(name, options_of(&config))?), config)
    }

    /// Connects to a PostgreSQL database, and makes the tables in a schema of their own when they are not there. The URL
    /// is explained at [`PostgresDatabase::open`](crate::storage::PostgresDatabase::open); the settings of the driver are
    /// [`Config::postgres`]. The host keeps the key that wraps the keys of data subjects: a server has no place for it.
    ///
    /// The calls block their thread and must not come from a task of an asynchronous runtime.
    ///
    /// ```no_run
    /// use crm_core::{Config, Crm};
    /// use crm_core::privacy::keys::StaticKey;
    /// let config = Config::default().keys(StaticKey::new(&[7; 32]));
    /// let crm = Crm::connect("postgres://crm@db.example/crm?sslmode=require", config)?;
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `options.key` without a key provider; `storage.url`, `storage.schema`, `storage.certificates`,
    /// `storage.connect`, `storage.newer_version`.
    #[cfg(feature = "postgres")]
    pub fn connect(url: &str, config: Config) -> Result<Self> {
        if config.keys.is_none() {
            let reason = "the host must supply the key";
            return Err(crate::error::CrmError::invalid("options.key", reason).at("key"));
        }
        let options =
            crate::storage::postgres::Options { supported: install::FORMAT, ..config.postgres.clone() };
        Self::on(Box::new(crate::storage::PostgresDatabase::open(url, options)?), config)
    }

    /// Opens an empty database in memory.
    ///
    /// # Errors
    /// On wasm32 `config.clock` and `config.random` when the host did not supply them.
    pub fn memory(config: Config) -> Result<Self> {
        let database = SqliteDatabase::memory(options_of(&config))?;
        Self::on(Box::new(database), config)
    }

    /// Opens a database from the bytes that [`Crm::export_bytes`] gave, in memory.
    ///
    /// # Errors
    /// As [`Crm::open`]. The keys of data subjects are wrapped under the key of the exporting host, so
    /// [`Config::keys`] must supply it for personal values in the journal to be read.
    pub fn from_bytes(bytes: &[u8], config: Config) -> Result<Self> {
        let database = SqliteDatabase::from_bytes(bytes, options_of(&config))?;
        Self::on(Box::new(database), config)
    }

    /// Opens a database behind any driver of the storage port.
    ///
    /// # Errors
    /// What the driver reports; `storage.newer_version`.
    pub fn on(database: Box<dyn Database>, config: Config) -> Result<Self> {
        let random = random_of(&config)?;
        let keys = match &config.keys {
            Some(keys) => Arc::clone(keys),
            None => Arc::new(crate::privacy::keys::StaticKey::ephemeral(&*random)),
        };
        Self::over(database, keys, random, config)
    }

    fn over(
        database: Box<dyn Database>,
        keys: Arc<dyn KeyProvider>,
        random: Arc<dyn Random>,
        config: Config,
    ) -> Result<Self> {
        let clock = clock_of(&config)?;
        let schema = install::open(&*database, definitions::extend)?;
        Ok(Self {
            engine: Arc::new(Engine {
                database,
                schema: RwLock::new(Arc::new(schema)),
                clock,
                random,
                keys,
                key_cache: Mutex::new(KeyCache::new(KEY_CACHE)),
                journal: Mutex::new(None),
                listeners: Listeners::default(),
                access: Arc::clone(&config.access),
                config,
            }),
        })
    }

    /// A session for an actor and a purpose.
    ///
    /// # Errors
    /// `user.unknown` when the actor is no user of this database.
    pub fn session(&self, actor: Actor, purpose: Purpose) -> Result<Session> {
        let viewer = match actor {
            Actor::System => Viewer { user: RecordId::NIL, teams: Vec::new(), purpose },
            Actor::User(user) => Viewer {
                user: user.into(),
                teams: crate::access::users::teams_of(&self.engine, user)?,
                purpose,
            },
        };
        Ok(Session { engine: Arc::clone(&self.engine), viewer: Arc::new(viewer) })
    }

    /// The schema in force: the built-in types and the custom ones.
    pub fn schema(&self) -> Arc<Schema> {
        self.engine.schema()
    }

    /// Stops the work that is running now, from any thread. It fails with `storage.interrupted` and changes nothing.
    pub fn interrupt(&self) {
        self.engine.database.interrupt();
    }

    /// Writes a compact copy of the database, without remains of deleted rows, into a new file.
    ///
    /// # Errors
    /// `storage.backup.exists`, `storage.full`, `storage.io`; `storage.unsupported` on a server, where `pg_dump` writes
    /// backups.
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<()> {
        self.engine.database.backup(target.as_ref())
    }

    /// The bytes of the database, as a file would hold them.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn export_bytes(&self) -> Result<Vec<u8>> {
        self.engine.database.export()
    }

    /// Checks the file and its links; gives the list of findings, empty when it is sound.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn integrity_check(&self) -> Result<Vec<String>> {
        self.engine.database.integrity_check()
    }

    /// The driver below, for diagnostics.
    pub fn database(&self) -> &dyn Database {
        &*self.engine.database
    }

    /// Closes the database. A second call does nothing; any use after it fails with `storage.closed`.
    ///
    /// # Errors
    /// `storage.io` when the last bytes could not be written.
    pub fn close(&self) -> Result<()> {
        lock(&self.engine.key_cache).clear();
        self.engine.database.close()
    }
}

impl Engine {
    pub(crate) fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.schema.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a schema in force, unless a newer one is in force already.
    pub(crate) fn publish(&self, schema: Arc<Schema>) {
        let mut current = self.schema.write().unwrap_or_else(PoisonError::into_inner);
        if schema.generation >= current.generation {
            *current = schema;
        }
    }

    pub(crate) fn part_context(&self) -> PartContext {
        PartContext { default_country: Some(self.config.default_country) }
    }
}

/// A lock whose owner panicked is taken over: what it protects is replaced whole, never half.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The driver's options, with the newest format that this library knows.
fn options_of(config: &Config) -> Options {
    Options { supported: install::FORMAT, ..config.sqlite }
}

#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::unnecessary_wraps, reason = "it fails in the browser")
)]
fn clock_of(config: &Config) -> Result<Arc<dyn Clock>> {
    match &config.clock {
        Some(clock) => Ok(Arc::clone(clock)),
        #[cfg(not(target_arch = "wasm32"))]
        None => Ok(Arc::new(crate::ground::clock::SystemClock)),
        #[cfg(target_arch = "wasm32")]
        None => Err(CrmError::invalid("config.clock", "the host must supply a clock")),
    }
}

fn random_of(config: &Config) -> Result<Arc<dyn Random>> {
    match &config.random {
        Some(random) => Ok(Arc::clone(random)),
        #[cfg(not(target_arch = "wasm32"))]
        None => Ok(Arc::new(crate::ground::random::SeededRandom::from_system()?)),
        #[cfg(target_arch = "wasm32")]
        None => Err(CrmError::invalid("config.random", "the host must supply randomness")),
    }
}
