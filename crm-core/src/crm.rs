//! The handle of an open database.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::access::AccessPolicy;
use crate::config::Config;
use crate::customize::definitions;
use crate::error::{CrmError, Result};
use crate::ground::clock::Clock;
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::journal::feed::Listeners;
use crate::journal::writer::Edge;
#[cfg(not(target_arch = "wasm32"))]
use crate::privacy::key_file::FileKey;
use crate::privacy::keys::{KeyCache, KeyProvider};
use crate::privacy::permits::CommonGrounds;
use crate::privacy::purposes;
use crate::privacy::reading::scope::ReadScope;
use crate::record::Schema;
use crate::record::install;
use crate::record::parts::PartContext;
use crate::session::{Actor, Purpose, Session, Viewer};
use crate::storage::sqlite::{Options, SqliteDatabase};
use crate::storage::{Database, DatabaseKey, ReadMode, error};

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
    /// What sessions may read, for the purposes that were asked for last.
    pub(crate) scopes: RwLock<Vec<Arc<ReadScope>>>,
    /// What all permits rest on, as it was read last.
    pub(crate) permit_grounds: RwLock<Option<Arc<CommonGrounds>>>,
    /// How many reads there were, to log every so many of them.
    pub(crate) reads: AtomicU64,
    pub(crate) config: Config,
}

/// How many keys of data subjects are kept unwrapped.
const KEY_CACHE: usize = 16_384;

impl Crm {
    /// Opens a database file, or creates it. Without a key provider of the host's, the key that wraps the keys of
    /// data subjects lies in a file of the same name with `.key` behind it: keep it apart from backups.
    ///
    /// The file is encrypted if the provider gives a [`database_key`](KeyProvider::database_key).
    ///
    /// # Errors
    /// `storage.not_a_database`, `storage.not_ours`, `storage.newer_version`, `storage.io`; `privacy.key.*` when
    /// the key file is missing or damaged. Of an encrypted file `storage.key` when the key does not open it,
    /// `storage.key.missing` without a key; `storage.encryption.plain` for a plain file with a key;
    /// `storage.encryption.unsupported` for a key in a library without the feature `sqlcipher`.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open(path: impl AsRef<Path>, config: Config) -> Result<Self> {
        let path = path.as_ref();
        let random = random_of(&config)?;
        let database =
            with_key(&config, |key| SqliteDatabase::open_with_key(path, key, options_of(&config)))?;
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
        let database =
            with_key(&config, |key| SqliteDatabase::open_with_key(&name, key, options_of(&config)))?;
        Self::on_driver(Box::new(database), config)
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
            return Err(CrmError::invalid("options.key", reason).at("key"));
        }
        let options =
            crate::storage::postgres::Options { supported: install::FORMAT, ..config.postgres.clone() };
        Self::on(Box::new(crate::storage::PostgresDatabase::open(url, options)?), config)
    }

    /// Opens an empty database in memory. Its pages are encrypted, too, if the key provider gives a key for it: so
    /// are its backups and the bytes that it exports.
    ///
    /// # Errors
    /// `storage.encryption.unsupported` as for [`Crm::open`]. On wasm32 `config.clock` and `config.random` when the host did not supply them.
    pub fn memory(config: Config) -> Result<Self> {
        let database = with_key(&config, |key| SqliteDatabase::memory_with_key(key, options_of(&config)))?;
        Self::on_driver(Box::new(database), config)
    }

    /// Opens a database from the bytes that [`Crm::export_bytes`] gave, in memory.
    ///
    /// # Errors
    /// As [`Crm::open`], also for bytes that are encrypted. The keys of data subjects are wrapped under the key of the exporting host, so
    /// [`Config::keys`] must supply it for personal values in the journal to be read.
    pub fn from_bytes(bytes: &[u8], config: Config) -> Result<Self> {
        let database =
            with_key(&config, |key| SqliteDatabase::from_bytes_with_key(bytes, key, options_of(&config)))?;
        Self::on_driver(Box::new(database), config)
    }

    /// Opens a database behind any driver of the storage port. A driver that encrypts was given its key by the host.
    ///
    /// # Errors
    /// What the driver reports; `storage.newer_version`; `storage.encryption.unsupported` when the key provider
    /// gives a key for the database and the driver does not encrypt.
    pub fn on(database: Box<dyn Database>, config: Config) -> Result<Self> {
        if let Some(keys) = &config.keys
            && !database.is_encrypted()
            && keys.database_key()?.is_some()
        {
            return Err(error::encryption_unsupported());
        }
        Self::on_driver(database, config)
    }

    fn on_driver(database: Box<dyn Database>, config: Config) -> Result<Self> {
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
        let crm = Self {
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
                scopes: RwLock::new(Vec::new()),
                permit_grounds: RwLock::new(None),
                reads: AtomicU64::new(0),
                config,
            }),
        };
        crate::privacy::erasure::ledger::on_open(&crm)?;
        Ok(crm)
    }

    /// A session for an actor and a built-in purpose.
    ///
    /// # Errors
    /// `user.unknown` when the actor is no user of this database.
    pub fn session(&self, actor: Actor, purpose: Purpose) -> Result<Session> {
        self.begin(actor, purpose, None)
    }

    /// A session for an actor and any purpose, by its key: a built-in one such as `payment_management`, or one that the
    /// host has [registered](crate::privacy::ProcessingPurpose).
    ///
    /// ```
    /// use crm_core::privacy::ProcessingPurpose;
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    /// session.processing_purposes().create(ProcessingPurpose {
    ///     key: "newsletter".into(),
    ///     name: "Newsletter".into(),
    ///     parent: "direct_marketing".into(),
    ///     ..ProcessingPurpose::default()
    /// })?;
    /// let newsletter = crm.session_for(Actor::System, "newsletter")?;
    /// assert_eq!(newsletter.viewer().purpose, Purpose::DirectMarketing);
    /// assert_eq!(newsletter.viewer().purpose_key(), "newsletter");
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `purpose.unknown`; `purpose.inactive` for one that is not pursued any more; `user.unknown`.
    pub fn session_for(&self, actor: Actor, purpose: &str) -> Result<Session> {
        if let Ok(root) = purpose.parse::<Purpose>() {
            return self.begin(actor, root, None);
        }
        let mut root = None;
        self.engine.database.read(ReadMode::Snapshot, &mut |connection| {
            root = Some(purposes::session_root(connection, purpose)?);
            Ok(())
        })?;
        let root = root.ok_or_else(|| CrmError::internal("a read did not run"))?;
        self.begin(actor, root, Some(purpose.to_owned()))
    }

    fn begin(&self, actor: Actor, purpose: Purpose, registered_purpose: Option<String>) -> Result<Session> {
        let (user, teams) = match actor {
            Actor::System => (RecordId::NIL, Vec::new()),
            Actor::User(user) => (user.into(), crate::access::users::teams_of(&self.engine, user)?),
        };
        let viewer = Viewer { user, teams, purpose, registered_purpose, special_ground: None };
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

    /// Encrypts the database anew, under the key that the provider gives as
    /// [`next_database_key`](KeyProvider::next_database_key). When it returns, the file no longer opens with the old key,
    /// not even after a power cut; copies that were made before still do. Nothing to do when the database is under the
    /// new key already, so that a change that was cut off can simply be asked for again.
    ///
    /// Work under way on this handle is waited for up to the busy timeout, and new work waits as long, then fails with
    /// `storage.busy`: the whole file is written. It cannot be interrupted.
    ///
    /// # Errors
    /// `storage.key.next` when the provider has no new key; `storage.encryption.none` for a plain database;
    /// `storage.busy` when work does not end, or another handle or process has the file open; `storage.full`,
    /// `storage.io`, `storage.rekey`. The database then goes on under the key that it is under.
    pub fn rekey(&self) -> Result<()> {
        let next = self.engine.keys.next_database_key()?.ok_or_else(error::no_next_key)?;
        self.engine.database.rekey(&next)
    }

    /// Writes a compact copy of the database, without remains of deleted rows, into a new file. The copy of an encrypted
    /// database is encrypted under the same key.
    ///
    /// # Errors
    /// `storage.backup.exists`, `storage.full`, `storage.io`; `storage.unsupported` on a server, where `pg_dump` writes
    /// backups.
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<()> {
        self.engine.database.backup(target.as_ref())
    }

    /// The bytes of the database, as a file would hold them: encrypted under the same key, if the database is.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn export_bytes(&self) -> Result<Vec<u8>> {
        self.engine.database.export()
    }

    /// The ledger of erasures, to be kept apart from backups and given to [`Config::erasure_ledger`] when one is opened.
    /// A database that has a file keeps it beside the file, too, under the same name with `.erasures` behind it.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn erasure_ledger(&self) -> Result<crate::privacy::erasure::ErasureLedger> {
        crate::privacy::erasure::ErasureLedger::of(self)
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

/// Opens with the key that the provider gives for the database, and with the next one when a crash cut a change of the
/// key off after its end.
fn with_key<D>(config: &Config, open: impl Fn(Option<&DatabaseKey>) -> Result<D>) -> Result<D> {
    let Some(keys) = &config.keys else { return open(None) };
    let Some(key) = keys.database_key()? else { return open(None) };
    match open(Some(&key)) {
        Err(error) if error.code() == "storage.key" => match keys.next_database_key()? {
            Some(next) => open(Some(&next)),
            None => Err(error),
        },
        outcome => outcome,
    }
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
