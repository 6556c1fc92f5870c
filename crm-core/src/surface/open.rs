//! How a database is opened.

use serde::Deserialize;

use crate::config::Config;
use crate::crm::Crm;
use crate::error::{CrmError, Result};
use crate::ground::clock::ManualClock;
use crate::ground::random::SeededRandom;
use crate::ground::time::Timestamp;
use crate::privacy::keys::StaticKey;

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
    /// The largest content of an attachment, in bytes.
    pub attachment_limit: Option<u64>,
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
    /// `country.unknown`, `zone.unknown`, `options.hex`, `time.invalid`, naming the option.
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
        if let Some(key) = &self.key {
            config = config.keys(StaticKey::new(&*bytes_of(key, "key")?));
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

    /// Opens the database over a configuration that holds what the host supplies.
    ///
    /// # Errors
    /// As [`configure`](Self::configure) and [`Crm::open`]; `storage.unsupported` for a URL where the library is built
    /// without PostgreSQL.
    pub fn open(&self, config: Config) -> Result<Crm> {
        let config = self.configure(config)?;
        match self.path.as_deref() {
            None | Some("" | ":memory:") => Crm::memory(config),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Self::connect(url, config)
            }
            Some(path) => Crm::open(path, config),
        }
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
