//! Where the database of the tour is.

use std::fmt;
use std::path::PathBuf;

use crm_core::{Config, Crm, CrmError, ErrorKind, Result};

use crate::support;
use crate::support::words::bytes;

/// A file, or a server.
pub(crate) enum Place {
    /// A database file.
    File(PathBuf),
    /// The URL of a PostgreSQL database.
    #[cfg(feature = "postgres")]
    Server(String),
}

impl Place {
    /// The place that was named, or the tour's own file, which is made anew.
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let named = match arguments.next() {
            Some(option) if option == "--database" => Some(arguments.next().ok_or_else(|| {
                CrmError::invalid("example.usage", "--database takes a file or the URL of a database")
            })?),
            named => named,
        };
        match named {
            #[cfg(feature = "postgres")]
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Self::Server(url))
            }
            Some(file) => new_file(PathBuf::from(file)),
            None => own_file(),
        }
    }

    /// Opens the database.
    pub(crate) fn open(&self, config: Config) -> Result<Crm> {
        match self {
            Self::File(path) => Crm::open(path, config),
            #[cfg(feature = "postgres")]
            Self::Server(url) => {
                // A real host keeps its key in a vault. That of the tour goes with it, and with it what it has sealed.
                let key = crm_core::privacy::keys::StaticKey::new(&random_key()?);
                Crm::connect(url, config.keys(key))
            }
        }
    }

    /// What is said in the end.
    pub(crate) fn farewell(&self) -> String {
        match self {
            Self::File(path) => {
                let size = std::fs::metadata(path).map(|file| file.len()).unwrap_or_default();
                format!("The database has {} and is yours to look at: {}", bytes(size), path.display())
            }
            #[cfg(feature = "postgres")]
            Self::Server(_) => format!("The database is yours to look at: {self}"),
        }
    }
}

/// The server without who logs in.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "postgres")]
            Self::Server(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                write!(f, "{scheme}://{}", rest.split_once('@').map_or(rest, |(_, host)| host))
            }
        }
    }
}

#[cfg(feature = "postgres")]
fn random_key() -> Result<[u8; 32]> {
    use crm_core::{Random, SeededRandom};
    let mut key = [0; 32];
    SeededRandom::from_system()?.fill(&mut key);
    Ok(key)
}

fn new_file(path: PathBuf) -> Result<Place> {
    if path.exists() {
        let reason = format!("{} exists; name a file that does not", path.display());
        return Err(CrmError::new(ErrorKind::Duplicate, "example.exists", reason));
    }
    Ok(Place::File(path))
}

fn own_file() -> Result<Place> {
    let folder = std::env::temp_dir().join("crm-core-quickstart");
    let failed = |error: std::io::Error| support::files::io_error(&folder, &error);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    Ok(Place::File(folder.join("nordlicht.db")))
}
