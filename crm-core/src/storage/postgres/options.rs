//! How a PostgreSQL database is opened.

use std::path::PathBuf;

/// The options of a PostgreSQL database. Where the server is, and who logs in, stands in the URL.
///
/// ```
/// use crm_core::storage::postgres::Options;
/// let options = Options { schema: "crm_north".to_owned(), readers: 8, ..Options::default() };
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Options {
    /// The schema that holds all tables, made when it is not there: lower-case letters, digits and `_`, at most 48.
    /// `crm` by default. `schema` in the URL goes before it.
    pub schema: String,
    /// The URL of the read replicas, in the form of the main one. Readers connect to them, and to the main server
    /// whenever the replica has not yet what this handle has written. None by default.
    pub replicas: Option<String>,
    /// The file with the certificates, in PEM, of who may sign that of the server; those of the operating system
    /// by default. `sslrootcert` in the URL goes before it.
    pub root_certificates: Option<PathBuf>,
    /// How long to wait for somebody else's lock or for a connection, in milliseconds. 5,000 by default.
    pub busy_timeout_ms: u32,
    /// How many connections read beside the writer, at least 1; they open when they are first needed. 4 by default.
    pub readers: usize,
    /// How many prepared statements each connection keeps. 512 by default, at least 16.
    pub statements: usize,
    /// How often a write is tried again after it has met another one. 10 by default.
    pub retries: u32,
    /// Whether writers queue for a lock before they begin, so that they never meet. All of them append to one journal,
    /// so without the lock only one of several goes through at a time and the others begin again. `true` by
    /// default; servers without `LOCK TABLE` go without.
    pub queue_writers: bool,
    /// Whether other handles are told of each commit, and those of others are listened to. `true` by default;
    /// servers without `LISTEN` go without.
    pub notify: bool,
    /// Whether the database is only read; nothing is made in it then. `false` by default.
    pub read_only: bool,
    /// The newest schema number that the caller understands; a database with a newer one is refused, untouched.
    /// Every number is accepted by default.
    pub supported: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schema: "crm".to_owned(),
            replicas: None,
            root_certificates: None,
            busy_timeout_ms: 5_000,
            readers: 4,
            statements: 512,
            retries: 10,
            queue_writers: true,
            notify: true,
            read_only: false,
            supported: u32::MAX,
        }
    }
}

/// Without the URL of the replicas, which may hold a password.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("schema", &self.schema)
            .field("replicas", &self.replicas.is_some())
            .field("readers", &self.readers)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}
