//! The database that a test runs on: SQLite in memory, or PostgreSQL when `CRM_TEST_DATABASE` has the URL of a server.
//!
//! On a server every test has a database of its own, copied from one that has the tables already, and dropped when
//! the thread of the test ends.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, reason = "each test program uses a part")]

use crm_core::{Config, Crm};

/// An empty database with the engine's tables.
pub fn open(config: Config) -> Crm {
    try_open(config).unwrap()
}

/// An empty database with the engine's tables, or why there is none.
pub fn try_open(config: Config) -> crm_core::Result<Crm> {
    match url() {
        None => Crm::memory(config),
        #[cfg(feature = "postgres")]
        Some(url) => {
            let keys = crm_core::privacy::keys::StaticKey::new(&[7; 32]);
            Crm::connect(&url, if config.keys.is_some() { config } else { config.keys(keys) })
        }
        #[cfg(not(feature = "postgres"))]
        Some(_) => panic!("CRM_TEST_DATABASE is set, and the feature postgres is not"),
    }
}

/// The URL of a new database with the engine's tables; nothing where tests run in memory.
pub fn url() -> Option<String> {
    let server = std::env::var("CRM_TEST_DATABASE").ok()?;
    #[cfg(feature = "postgres")]
    return Some(server::database(&server));
    #[cfg(not(feature = "postgres"))]
    Some(server)
}

/// Whether the tests run on a server.
pub fn is_server() -> bool {
    std::env::var_os("CRM_TEST_DATABASE").is_some()
}

/// Drops the databases that this thread has made so far. What is open in them is closed by force.
pub fn finish() {
    #[cfg(feature = "postgres")]
    server::drop_all();
}

#[cfg(feature = "postgres")]
pub mod server {
    //! Databases on a server.

    use std::cell::RefCell;
    use std::hash::{BuildHasher, Hasher};
    use std::sync::OnceLock;

    use crm_core::privacy::keys::StaticKey;
    use crm_core::{Config, Crm};
    use postgres::{Client, NoTls};

    static TEMPLATE: OnceLock<String> = OnceLock::new();

    thread_local! {
        static MADE: RefCell<Made> = const { RefCell::new(Made { names: Vec::new() }) };
    }

    /// The databases of a thread, dropped with it.
    struct Made {
        names: Vec<String>,
    }

    impl Drop for Made {
        fn drop(&mut self) {
            drop_databases(&mut self.names);
        }
    }

    /// The URL of the server that tests use.
    pub fn address() -> String {
        std::env::var("CRM_TEST_DATABASE").expect("CRM_TEST_DATABASE has the URL of a server")
    }

    /// A connection to the server.
    pub fn client() -> Client {
        Client::connect(&address(), NoTls).unwrap()
    }

    /// The URL with another database in it.
    pub fn with_database(server: &str, name: &str) -> String {
        let (address, query) =
            server.split_once('?').map_or((server, ""), |(address, query)| (address, query));
        let (host, _) = address.rsplit_once('/').unwrap();
        format!("{host}/{name}{}{query}", if query.is_empty() { "" } else { "?" })
    }

    /// A name that no other database has. A program may hold this module twice, so that counting is not enough.
    pub fn name() -> String {
        let number = std::hash::RandomState::new().build_hasher().finish();
        format!("crm_test_{}_{number:016x}", std::process::id())
    }

    /// Makes an empty database, or a copy of another one; it is dropped with the thread.
    pub fn create(template: Option<&str>) -> String {
        let name = name();
        let copied = template.map(|template| format!(" TEMPLATE \"{template}\"")).unwrap_or_default();
        client().batch_execute(&format!("CREATE DATABASE \"{name}\"{copied}")).unwrap();
        MADE.with(|made| made.borrow_mut().names.push(name.clone()));
        name
    }

    pub(super) fn database(server: &str) -> String {
        let template = TEMPLATE.get_or_init(|| template(server));
        with_database(server, &create(Some(template)))
    }

    /// A database with the engine's tables. Every run of the same tables shares it, so it stays.
    fn template(server: &str) -> String {
        let schema = Crm::memory(Config::default()).unwrap().schema();
        let statements = schema.statements(crm_core::storage::Dialect::Postgres).join("\n");
        let hash = statements.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let name = format!("crm_test_template_{hash:016x}");
        let mut client = client();
        client.batch_execute("SELECT pg_advisory_lock(4711)").unwrap();
        let sql = "SELECT 1 FROM pg_database WHERE datname = $1 AND NOT datallowconn";
        if client.query_opt(sql, &[&name]).unwrap().is_none() {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\"")).unwrap();
            client.batch_execute(&format!("CREATE DATABASE \"{name}\"")).unwrap();
            let config = Config::default().keys(StaticKey::new(&[7; 32]));
            Crm::connect(&with_database(server, &name), config).unwrap().close().unwrap();
            // Nobody may be connected to what is copied.
            client.batch_execute(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).unwrap();
        }
        client.batch_execute("SELECT pg_advisory_unlock(4711)").unwrap();
        name
    }

    pub(super) fn drop_all() {
        MADE.with(|made| drop_databases(&mut made.borrow_mut().names));
    }

    fn drop_databases(names: &mut Vec<String>) {
        if names.is_empty() {
            return;
        }
        let Ok(mut client) = Client::connect(&address(), NoTls) else { return };
        for name in names.drain(..) {
            // What cannot be dropped goes with the cluster.
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
        }
    }
}
