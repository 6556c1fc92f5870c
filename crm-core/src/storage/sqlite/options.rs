//! How a SQLite database is opened.

/// How hard a commit is pressed to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// A power cut may undo the last commits, but never damages the file.
    #[default]
    Normal,
    /// Each commit is on the disk before it returns. Slower: one flush a commit.
    Full,
}

impl Synchronous {
    /// The value that `PRAGMA synchronous` reads back.
    pub(super) const fn level(self) -> i64 {
        match self {
            Self::Normal => 1,
            Self::Full => 2,
        }
    }
}

/// The options of a SQLite database.
///
/// ```
/// use crm_core::storage::sqlite::{Options, SqliteDatabase};
/// let options = Options { cache_kib: 65_536, ..Options::default() };
/// let database = SqliteDatabase::memory(options)?;
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for somebody else's lock, in milliseconds. 5,000 by default.
    pub busy_timeout_ms: u32,
    /// The page cache of each connection, in KiB; it is filled only as far as pages are read. 16,384 by default.
    pub cache_kib: u32,
    /// How many connections read beside the writer; they open when they are first needed. 4 by default. With 0,
    /// in memory and in the browser one connection does everything, one read or write at a time.
    pub readers: usize,
    /// How many prepared statements each connection keeps. 512 by default, at least 256.
    pub statements: usize,
    /// How hard a commit is pressed to the disk. [`Synchronous::Normal`] by default.
    pub synchronous: Synchronous,
    /// Whether the file is only read. `false` by default.
    pub read_only: bool,
    /// The newest schema number that the caller understands; a file with a newer one is refused, untouched.
    /// Every number is accepted by default.
    pub supported: u32,
    /// The number of pages (4 KiB) to which the file may grow, after which writes fail with `storage.full`.
    /// No limit by default.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout_ms: 5_000,
            cache_kib: 16_384,
            readers: 4,
            statements: 512,
            synchronous: Synchronous::Normal,
            read_only: false,
            supported: u32::MAX,
            max_pages: None,
        }
    }
}
