//! The options of an open database.

use std::sync::Arc;

use crate::access::{AccessPolicy, OpenAccess};
use crate::error::Result;
use crate::ground::clock::Clock;
use crate::ground::country::CountryCode;
use crate::ground::random::Random;
use crate::ground::zone::Zone;
use crate::privacy::keys::KeyProvider;
use crate::storage::sqlite::Options;

/// How a database is opened: what the host supplies, and what it assumes about people's input.
///
/// ```
/// use crm_core::Config;
/// let config = Config::default().country("AT")?.zone("Europe/Vienna")?;
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone)]
pub struct Config {
    /// Where the time comes from; `None` for the clock of the machine.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where random bytes come from; `None` for the operating system.
    pub random: Option<Arc<dyn Random>>,
    /// Who holds the key that wraps the keys of data subjects; `None` for a key file beside the database.
    pub keys: Option<Arc<dyn KeyProvider>>,
    /// What a session may read.
    pub access: Arc<dyn AccessPolicy>,
    /// The country whose spelling of phone numbers and addresses is assumed.
    pub default_country: CountryCode,
    /// The time zone in which "today" is meant.
    pub default_zone: Zone,
    /// The largest content of an attachment, in bytes.
    pub attachment_limit: u64,
    /// The settings of the SQLite driver.
    pub sqlite: Options,
    /// The settings of the PostgreSQL driver.
    #[cfg(feature = "postgres")]
    pub postgres: crate::storage::postgres::Options,
}

/// The largest content of an attachment when the host does not say: 25 MiB.
const ATTACHMENT_LIMIT: u64 = 25 * 1024 * 1024;

impl Default for Config {
    fn default() -> Self {
        Self {
            clock: None,
            random: None,
            keys: None,
            access: Arc::new(OpenAccess),
            default_country: CountryCode::from_code("DE").expect("DE is in the table"),
            default_zone: Zone::UTC,
            attachment_limit: ATTACHMENT_LIMIT,
            sqlite: Options::default(),
            #[cfg(feature = "postgres")]
            postgres: crate::storage::postgres::Options::default(),
        }
    }
}

impl Config {
    /// Takes the time from this clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Takes random bytes from this source.
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.random = Some(Arc::new(random));
        self
    }

    /// Wraps the keys of data subjects under the keys of this provider.
    pub fn keys(mut self, keys: impl KeyProvider + 'static) -> Self {
        self.keys = Some(Arc::new(keys));
        self
    }

    /// Restricts what sessions read.
    pub fn access(mut self, access: impl AccessPolicy + 'static) -> Self {
        self.access = Arc::new(access);
        self
    }

    /// Assumes this country, ISO 3166-1 alpha-2, for phone numbers without a country code.
    ///
    /// # Errors
    /// `country.unknown`.
    pub fn country(mut self, code: &str) -> Result<Self> {
        self.default_country = CountryCode::from_code(code)?;
        Ok(self)
    }

    /// Takes this IANA time zone for relative dates.
    ///
    /// # Errors
    /// `zone.unknown`.
    pub fn zone(mut self, name: &str) -> Result<Self> {
        self.default_zone = name.parse()?;
        Ok(self)
    }

    /// Takes attachments of up to so many bytes.
    pub fn attachment_limit(mut self, bytes: u64) -> Self {
        self.attachment_limit = bytes;
        self
    }

    /// Sets the SQLite driver.
    pub fn sqlite(mut self, options: Options) -> Self {
        self.sqlite = options;
        self
    }

    /// Sets the PostgreSQL driver.
    #[cfg(feature = "postgres")]
    pub fn postgres(mut self, options: crate::storage::postgres::Options) -> Self {
        self.postgres = options;
        self
    }
}
