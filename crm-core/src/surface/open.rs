//! How a database is opened.

use serde::Deserialize;

use super::privacy::{ContactCapOptions, ControllerOptions, contact_caps, rule_set};
use crate::config::Config;
use crate::crm::Crm;
use crate::error::{CrmError, Result};
use crate::ground::clock::ManualClock;
use crate::ground::random::SeededRandom;
use crate::ground::time::Timestamp;
use crate::privacy::erasure::ErasureLedger;
use crate::privacy::keys::StaticKey;
use crate::storage::DatabaseKey;

/// How a database is opened: the members of the JSON object that C, Kotlin, Swift, Python and JavaScript pass.
///
/// ```
/// use crm_core::surface::OpenOptions;
/// use crm_core::Config;
/// let options = OpenOptions::parse(r#"{"country": "AT", "zone": "Europe/Vienna"}"#)?;
/// let crm = options.open(Config::default())?;
/// # crm.close()?;
/// assert!(OpenOptions::parse(r#"{"colour": 1}"#).is_err());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenOptions {
    /// The database file; `:memory:` or nothing for a database in memory; where the library is built with it, the URL of a
    /// PostgreSQL database, `postgres://…`.
    pub path: Option<String>,
    /// The country whose spelling of phone numbers and addresses is assumed, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The time zone in which "today" is meant, by its IANA name.
    pub zone: Option<String>,
    /// The key that wraps the keys of data subjects, 64 hexadecimal digits; a key file beside the database otherwise.
    pub key: Option<String>,
    /// The key under which the database is encrypted, 64 hexadecimal digits; needs `key` beside it. A library that was built
    /// without encryption refuses it.
    pub database_key: Option<String>,
    /// The key under which the database shall be from now on, 64 hexadecimal digits; needs `database_key`, the key from
    /// before. A database that is under it already is just opened, so that a change that was cut off is asked for again.
    pub next_database_key: Option<String>,
    /// The ledger of erasures, as `privacy.erasure_ledger` gives it: who it names is erased before anything is read.
    pub erasure_ledger: Option<serde_json::Value>,
    /// The largest content of an attachment, in bytes.
    pub attachment_limit: Option<u64>,
    /// The controller: where it is seated, and whether it is a charity.
    pub controller: Option<ControllerOptions>,
    /// The keys of the regimes whose laws decide, for example `eu` and `uk`, at least one; all that the engine knows when
    /// nothing is said.
    pub regimes: Option<Vec<String>>,
    /// How often an address is contacted at most, besides what the laws say: up to 16 caps.
    pub contact_caps: Option<Vec<ContactCapOptions>>,
    /// Groups of fewer people than this are suppressed in sessions for analytics.
    pub least_group: Option<u32>,
    /// Every how many reads of records one is written into the read log; 0 for none.
    pub read_log_every: Option<u32>,
    /// A time at which the clock stands still until `clock.set` moves it: for tests.
    pub clock: Option<String>,
    /// What makes identifiers and keys repeatable, 64 hexadecimal digits: for tests.
    pub seed: Option<String>,
}

impl OpenOptions {
    /// The options from the text of a JSON object, empty for none.
    ///
    /// # Errors
    /// `options.json`, `options.invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        super::parse(text)
    }

    /// Puts what the options say into a configuration that holds what the host supplies.
    ///
    /// # Errors
    /// `country.unknown`, `zone.unknown`, `options.hex`, `options.key`, `time.invalid`, `privacy.erasure.ledger`,
    /// `place.unknown`, `select.unknown`, `options.regimes`, `options.contact_caps`, naming the option.
    pub fn configure(&self, mut config: Config) -> Result<Config> {
        if let Some(country) = &self.country {
            config = config.country(country).map_err(|error| error.at("country"))?;
        }
        if let Some(zone) = &self.zone {
            config = config.zone(zone).map_err(|error| error.at("zone"))?;
        }
        if let Some(limit) = self.attachment_limit {
            config = config.attachment_limit(limit);
        }
        if let Some(controller) = &self.controller {
            config = config.controller(controller.read().map_err(|error| error.within("controller"))?);
        }
        if let Some(keys) = &self.regimes {
            config = config.rules(rule_set(keys).map_err(|error| error.within("regimes"))?);
        }
        if let Some(caps) = &self.contact_caps {
            config.contact_caps = contact_caps(caps).map_err(|error| error.within("contact_caps"))?;
        }
        if let Some(people) = self.least_group {
            config = config.least_group(people);
        }
        if let Some(reads) = self.read_log_every {
            config = config.read_log_every(reads);
        }
        if let Some(keys) = self.keys()? {
            config = config.keys(keys);
        }
        if let Some(ledger) = &self.erasure_ledger {
            let ledger = ErasureLedger::parse(&ledger.to_string());
            config = config.erasure_ledger(ledger.map_err(|error| error.at("erasure_ledger"))?);
        }
        if let Some(at) = &self.clock {
            config =
                config.clock(ManualClock::at(at.parse::<Timestamp>().map_err(|error| error.at("clock"))?));
        }
        if let Some(seed) = &self.seed {
            config = config.random(SeededRandom::new(*bytes_of(seed, "seed")?));
        }
        Ok(config)
    }

    fn keys(&self) -> Result<Option<StaticKey>> {
        let Some(key) = &self.key else {
            // The key file beside the database would be the only thing in the folder that anybody can read.
            return match &self.database_key {
                Some(_) => Err(CrmError::invalid("options.key", "is needed beside `database_key`").at("key")),
                None => Ok(None),
            };
        };
        let mut keys = StaticKey::new(&*bytes_of(key, "key")?);
        if let Some(key) = &self.database_key {
            keys = keys.database(DatabaseKey::new(&*bytes_of(key, "database_key")?));
        }
        if let Some(key) = &self.next_database_key {
            keys = keys.next_database(DatabaseKey::new(&*bytes_of(key, "next_database_key")?));
        }
        Ok(Some(keys))
    }

    /// Opens the database over a configuration that holds what the host supplies.
    ///
    /// # Errors
    /// As [`configure`](Self::configure), [`Crm::open`] and, with `next_database_key`, [`Crm::rekey`]; `storage.unsupported`
    /// for a URL where the library is built without PostgreSQL.
    pub fn open(&self, config: Config) -> Result<Crm> {
        let config = self.configure(config)?;
        let crm = match self.path.as_deref() {
            None | Some("" | ":memory:") => Crm::memory(config)?,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Self::connect(url, config)?
            }
            Some(path) => Crm::open(path, config)?,
        };
        self.rekeyed(crm)
    }

    /// Opens the bytes of a database in memory, over a configuration that holds what the host supplies.
    ///
    /// # Errors
    /// As [`configure`](Self::configure), [`Crm::from_bytes`] and, with `next_database_key`, [`Crm::rekey`].
    pub fn open_bytes(&self, bytes: &[u8], config: Config) -> Result<Crm> {
        self.rekeyed(Crm::from_bytes(bytes, self.configure(config)?)?)
    }

    fn rekeyed(&self, crm: Crm) -> Result<Crm> {
        if self.next_database_key.is_some() {
            crm.rekey()?;
        }
        Ok(crm)
    }
}

impl OpenOptions {
    #[cfg(feature = "postgres")]
    fn connect(url: &str, config: Config) -> Result<Crm> {
        Crm::connect(url, config)
    }

    #[cfg(not(feature = "postgres"))]
    fn connect(_url: &str, _config: Config) -> Result<Crm> {
        Err(CrmError::invalid("storage.unsupported", "the library is built without PostgreSQL").at("path"))
    }
}

/// Thirty-two bytes from 64 hexadecimal digits, overwritten when they are dropped.
fn bytes_of(digits: &str, option: &str) -> Result<zeroize::Zeroizing<[u8; 32]>> {
    let wrong = || CrmError::invalid("options.hex", "takes 64 hexadecimal digits").at(option);
    let digits = digits.as_bytes();
    if digits.len() != 64 {
        return Err(wrong());
    }
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0).ok_or_else(wrong)? << 4 | digit(1).ok_or_else(wrong)?;
    }
    Ok(bytes)
}
