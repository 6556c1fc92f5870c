//! The open database.

use std::sync::Arc;

use crm_core::surface;
use crm_core::{Config, Crm};

use super::bridge::JsonText;
use super::error::Result;
use super::events::Events;
use super::session::Session;

/// How a database is opened.
#[derive(Clone, Default, uniffi::Record)]
pub struct OpenOptions {
    /// The database file; `:memory:` or nothing for a database in memory.
    #[uniffi(default = None)]
    pub path: Option<String>,
    /// The country whose spelling of phone numbers and addresses is assumed, ISO 3166-1 alpha-2.
    #[uniffi(default = None)]
    pub country: Option<String>,
    /// The time zone in which "today" is meant, by its IANA name.
    #[uniffi(default = None)]
    pub zone: Option<String>,
    /// The key that wraps the keys of data subjects, 64 hexadecimal digits; a key file beside the database otherwise.
    #[uniffi(default = None)]
    pub key: Option<String>,
    /// The key under which the whole database is encrypted, 64 hexadecimal digits; needs `key` beside it, and a library that
    /// is built with the feature `sqlcipher`.
    #[uniffi(default = None)]
    pub database_key: Option<String>,
    /// The key under which the database shall be from now on, 64 hexadecimal digits; `database_key` is the one from before.
    /// A database that is under it already is just opened.
    #[uniffi(default = None)]
    pub next_database_key: Option<String>,
    /// The ledger of erasures, as the text that `privacy.erasure_ledger` gives: who it names is erased before anything is
    /// read.
    #[uniffi(default = None)]
    pub erasure_ledger: Option<String>,
    /// The largest content of an attachment, in bytes.
    #[uniffi(default = None)]
    pub attachment_limit: Option<u64>,
    /// The controller: where it is seated, and whether it is a charity.
    #[uniffi(default = None)]
    pub controller: Option<ControllerOptions>,
    /// The keys of the regimes whose laws decide, for example `eu` and `uk`, at least one; all when nothing is said.
    #[uniffi(default = None)]
    pub regimes: Option<Vec<String>>,
    /// How often an address is contacted at most, besides what the laws say: up to 16 caps.
    #[uniffi(default = None)]
    pub contact_caps: Option<Vec<ContactCapOptions>>,
    /// Groups of fewer people than this are suppressed in sessions for analytics; 5 when nothing is said.
    #[uniffi(default = None)]
    pub least_group: Option<u32>,
    /// Every how many reads of records one is written into the read log; 0 for none, as when nothing is said.
    #[uniffi(default = None)]
    pub read_log_every: Option<u32>,
    /// A time at which the clock stands still until `clock.set` moves it: for tests.
    #[uniffi(default = None)]
    pub clock: Option<String>,
    /// What makes identifiers and keys repeatable, 64 hexadecimal digits: for tests.
    #[uniffi(default = None)]
    pub seed: Option<String>,
}

/// The controller.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct ControllerOptions {
    /// Where it is seated: a country or a part of one by ISO 3166, such as `DE` or `US-CA`. The laws of the seat bind it
    /// wherever people live.
    #[uniffi(default = None)]
    pub seat: Option<String>,
    /// Whether it is a charity.
    #[uniffi(default = false)]
    pub charity: bool,
}

/// A cap on the contacts of an address.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct ContactCapOptions {
    /// How many contacts; 0 for none at all.
    pub contacts: u16,
    /// Within how many hours, from 1 to 720.
    pub hours: u16,
}

impl From<ControllerOptions> for surface::ControllerOptions {
    fn from(ControllerOptions { seat, charity }: ControllerOptions) -> Self {
        Self { seat, charity }
    }
}

impl From<ContactCapOptions> for surface::ContactCapOptions {
    fn from(ContactCapOptions { contacts, hours }: ContactCapOptions) -> Self {
        Self { contacts, hours }
    }
}

// The keys must not come into a log with the rest.
impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A URL may hold a password.
        let path = self.path.as_deref().filter(|path| !path.contains("://"));
        f.debug_struct("OpenOptions").field("path", &path).finish_non_exhaustive()
    }
}

impl From<OpenOptions> for surface::OpenOptions {
    fn from(options: OpenOptions) -> Self {
        let OpenOptions {
            path,
            country,
            zone,
            key,
            database_key,
            next_database_key,
            erasure_ledger,
            attachment_limit,
            controller,
            regimes,
            contact_caps,
            least_group,
            read_log_every,
            clock,
            seed,
        } = options;
        // What is no JSON is refused as no ledger.
        let erasure_ledger = erasure_ledger.map(|text| serde_json::from_str(&text).unwrap_or(text.into()));
        Self {
            path,
            country,
            zone,
            key,
            database_key,
            next_database_key,
            erasure_ledger,
            attachment_limit,
            controller: controller.map(Into::into),
            regimes,
            contact_caps: contact_caps.map(|caps| caps.into_iter().map(Into::into).collect()),
            least_group,
            read_log_every,
            clock,
            seed,
        }
    }
}

/// An open database. It may be used from any thread; long calls are moved off the main thread by the packages for
/// Kotlin and Swift.
#[derive(uniffi::Object)]
pub struct Database(Crm);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Database {
    /// Opens a database; a file that is not there is created.
    #[uniffi::constructor]
    pub fn open(options: OpenOptions) -> Result<Arc<Self>> {
        let crm = surface::OpenOptions::from(options).open(Config::default())?;
        Ok(Arc::new(Self(crm)))
    }

    /// Opens a database as the text of a JSON object says, with the members of [`OpenOptions`]: for hosts that hold their
    /// configuration as JSON.
    #[uniffi::constructor]
    pub fn open_json(options: JsonText) -> Result<Arc<Self>> {
        let crm = surface::OpenOptions::parse(&options.0)?.open(Config::default())?;
        Ok(Arc::new(Self(crm)))
    }

    /// Opens a new database in memory.
    #[uniffi::constructor]
    pub fn open_memory() -> Result<Arc<Self>> {
        Self::open(OpenOptions::default())
    }

    /// Opens a copy in memory of a database whose file has these bytes. `path` must not be given.
    #[uniffi::constructor]
    pub fn open_bytes(bytes: Vec<u8>, options: OpenOptions) -> Result<Arc<Self>> {
        let options = surface::OpenOptions::from(options);
        if options.path.is_some() {
            let error = crm_core::CrmError::invalid("options.path", "a database in memory has no file");
            return Err(error.at("path").into());
        }
        Ok(Arc::new(Self(options.open_bytes(&bytes, Config::default())?)))
    }

    /// Begins a session.
    ///
    /// - `actor`: `system`, or `user:` and the identifier of a user; the system when nothing is said.
    /// - `purpose`: the key of the purpose; `customer_relationship_management` when nothing is said.
    /// - `special_categories`: the ground of GDPR Article 9(2) on which the session reads special categories, for example
    ///   `explicit_consent`; it does not when nothing is said.
    ///
    /// Errors: `actor.invalid`, `purpose.unknown`, `purpose.inactive`, `select.unknown`, `user.unknown`.
    #[uniffi::method(default(actor = None, purpose = None, special_categories = None))]
    pub fn session(
        &self,
        actor: Option<String>,
        purpose: Option<String>,
        special_categories: Option<String>,
    ) -> Result<Arc<Session>> {
        let session = surface::SessionOptions { actor, purpose, special_categories }.begin(&self.0)?;
        Ok(Arc::new(Session::new(session)))
    }

    /// Begins a session as the text of a JSON object says, with the members `actor`, `purpose` and `special_categories`.
    ///
    /// Errors: as [`session`](Self::session), and `options.*`.
    pub fn session_json(&self, options: JsonText) -> Result<Arc<Session>> {
        let session = surface::SessionOptions::parse(&options.0)?.begin(&self.0)?;
        Ok(Arc::new(Session::new(session)))
    }

    /// Tells what is committed from now on through this handle.
    pub fn events(&self) -> Arc<Events> {
        Events::of(&self.0)
    }

    /// Stops the statements that run now, from any thread. Their calls fail with the kind `interrupted`.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }

    /// Copies the database into a new file while it is in use.
    pub fn backup(&self, path: String) -> Result<()> {
        Ok(self.0.backup(path)?)
    }

    /// The bytes of the database, as its file has them.
    pub fn export_bytes(&self) -> Result<Vec<u8>> {
        Ok(self.0.export_bytes()?)
    }

    /// Checks the file and its links. Gives the findings; none when it is sound.
    pub fn integrity_check(&self) -> Result<Vec<String>> {
        Ok(self.0.integrity_check()?)
    }

    /// Closes the database. Every later call through it or its sessions fails with the kind `closed`; a second close does
    /// nothing.
    pub fn shutdown(&self) -> Result<()> {
        Ok(self.0.close()?)
    }
}

/// The version of the library.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
