//! The options of an open database.

use std::sync::{Arc, OnceLock};

use crate::access::{AccessPolicy, OpenAccess};
use crate::error::Result;
use crate::ground::clock::Clock;
use crate::ground::country::CountryCode;
use crate::ground::random::Random;
use crate::ground::zone::Zone;
use crate::privacy::erasure::{ErasureLedger, Signer};
use crate::privacy::keys::KeyProvider;
use crate::privacy::permit::{ContactCap, ControllerFacts, ExtraRule};
use crate::privacy::regimes::RuleSet;
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
    /// Who signs the certificates of erasures; `None` for certificates without a signature.
    pub signer: Option<Arc<dyn Signer>>,
    /// The erasures that the host knows of: those that the database does not know are done before anything is read.
    pub erasure_ledger: Option<Arc<ErasureLedger>>,
    /// What a session may read.
    pub access: Arc<dyn AccessPolicy>,
    /// The country whose spelling of phone numbers and addresses is assumed.
    pub default_country: CountryCode,
    /// The time zone in which "today" is meant.
    pub default_zone: Zone,
    /// The largest content of an attachment, in bytes.
    pub attachment_limit: u64,
    /// Which laws decide who may be contacted and what may be processed.
    pub rules: Arc<RuleSet>,
    /// Rules of the host besides: they may refuse a contact, and nothing else.
    pub extra_rules: Vec<Arc<dyn ExtraRule + Send + Sync>>,
    /// How often the host contacts an address at most, besides what the laws say.
    pub contact_caps: Vec<ContactCap>,
    /// The controller: where it is seated, and whether it is a charity.
    pub controller: ControllerFacts,
    /// Fewer people than this are no group in a session for analytics: what would tell of them is suppressed.
    pub least_group: u32,
    /// Every how many reads of records one is written into the read log; 0 for none. Exports are always written there.
    pub read_log_every: u32,
    /// The settings of the SQLite driver.
    pub sqlite: Options,
    /// The settings of the PostgreSQL driver.
    #[cfg(feature = "postgres")]
    pub postgres: crate::storage::postgres::Options,
}

/// The largest content of an attachment when the host does not say: 25 MiB.
const ATTACHMENT_LIMIT: u64 = 25 * 1024 * 1024;

/// All regimes. Their identifier is a hash over every rule, so it is worked out once.
fn all_rules() -> Arc<RuleSet> {
    static ALL: OnceLock<Arc<RuleSet>> = OnceLock::new();
    Arc::clone(ALL.get_or_init(|| Arc::new(RuleSet::all())))
}

/// How many people a group has at least when the host does not say.
const LEAST_GROUP: u32 = 5;

impl Default for Config {
    fn default() -> Self {
        Self {
            clock: None,
            random: None,
            keys: None,
            signer: None,
            erasure_ledger: None,
            access: Arc::new(OpenAccess),
            default_country: CountryCode::from_code("DE").expect("DE is in the table"),
            default_zone: Zone::UTC,
            attachment_limit: ATTACHMENT_LIMIT,
            rules: all_rules(),
            extra_rules: Vec::new(),
            contact_caps: Vec::new(),
            controller: ControllerFacts::default(),
            least_group: LEAST_GROUP,
            read_log_every: 0,
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

    /// Signs the certificates of erasures.
    pub fn signer(mut self, signer: impl Signer + 'static) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    /// Holds the database against this ledger when it is opened: a restored backup forgets who was erased since.
    pub fn erasure_ledger(mut self, ledger: ErasureLedger) -> Self {
        self.erasure_ledger = Some(Arc::new(ledger));
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

    /// Decides by these laws; by all that the engine knows otherwise.
    pub fn rules(mut self, rules: RuleSet) -> Self {
        self.rules = Arc::new(rules);
        self
    }

    /// Adds a rule of the host, which may refuse a contact and nothing else.
    pub fn extra_rule(mut self, rule: impl ExtraRule + Send + Sync + 'static) -> Self {
        self.extra_rules.push(Arc::new(rule));
        self
    }

    /// Contacts an address at most so often.
    pub fn contact_cap(mut self, cap: ContactCap) -> Self {
        self.contact_caps.push(cap);
        self
    }

    /// Acts for this controller: the laws of its seat bind it wherever people live.
    pub fn controller(mut self, controller: ControllerFacts) -> Self {
        self.controller = controller;
        self
    }

    /// Suppresses groups of fewer people than this in sessions for analytics.
    pub fn least_group(mut self, people: u32) -> Self {
        self.least_group = people;
        self
    }

    /// Writes every so manieth read of records into the read log; 0 for none.
    pub fn read_log_every(mut self, reads: u32) -> Self {
        self.read_log_every = reads;
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
