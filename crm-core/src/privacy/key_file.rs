//! The default of an embedded database: the key encryption key lies in a file beside it.
//!
//! The file is `<database>.key`, readable by its owner only, 48 bytes: `"CRMKEY1\n" ‖ epoch (4, most significant
//! first) ‖ key (32) ‖ first 4 bytes of the SHA-256 of all before`. A copy of the database alone does not open the
//! sealed payloads; the host backs the key up separately, or not at all.
//!
//! It gives no key for the database itself. Whoever takes a device takes both files, so a database that is encrypted under
//! a key beside it would only look protected; erasing a person, for which the keys of data subjects are there, works
//! all the same.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::keys::{KeyEncryptionKey, KeyProvider};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::random::Random;

const MAGIC: &[u8; 8] = b"CRMKEY1\n";
const FILE_BYTES: usize = 48;
const FIRST_EPOCH: u32 = 1;

/// A provider whose key lies in `<database>.key`. Native only: a browser has no such file.
#[derive(Clone, Debug)]
pub struct FileKey {
    epoch: u32,
    key: KeyEncryptionKey,
}

impl FileKey {
    /// The path of the key file of a database.
    pub fn path_for(database: &Path) -> PathBuf {
        with_suffix(database, ".key")
    }

    /// Reads the key of an existing database.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] with `privacy.key.unavailable` when there is no key file; [`ErrorKind::Corrupt`]
    /// with `privacy.key.file` when it is damaged; [`ErrorKind::Io`] with `privacy.key.io`.
    pub fn open(database: &Path) -> Result<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES + 1));
        File::open(Self::path_for(database))
            .and_then(|file| file.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| io_error(&error))?;
        Self::parse(&bytes)
            .ok_or_else(|| CrmError::new(ErrorKind::Corrupt, "privacy.key.file", "the key file is damaged"))
    }

    /// Reads the key, or makes a fresh one for a new database. When it returns, the key is safely on the disk.
    /// Of several processes that do this at once, all get the same key.
    ///
    /// For a database that has sealed payloads already use [`FileKey::open`]: a lost key must be an error and not
    /// be replaced.
    ///
    /// # Errors
    /// Those of [`FileKey::open`] except the missing file.
    pub fn open_or_create(database: &Path, random: &dyn Random) -> Result<Self> {
        match Self::open(database) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create(database, random).map_err(|error| io_error(&error))?;
                Self::open(database)
            }
            outcome => outcome,
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = <&[u8; FILE_BYTES]>::try_from(bytes).ok()?;
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        let (epoch, key) = body.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
        let key = <&[u8; 32]>::try_from(key).ok()?;
        let intact = Sha256::digest(body).starts_with(sum);
        intact.then(|| Self { epoch: u32::from_be_bytes(*epoch), key: KeyEncryptionKey::new(key) })
    }
}

impl KeyProvider for FileKey {
    fn current_epoch(&self) -> u32 {
        self.epoch
    }

    fn key(&self, epoch: u32) -> Result<KeyEncryptionKey> {
        if epoch == self.epoch {
            Ok(self.key.clone())
        } else {
            Err(unavailable("there is no key of this epoch"))
        }
    }
}

/// Writes a fresh key to `<database>.key.new` and renames it, so that `<database>.key` is whole or absent.
///
/// Whoever holds the lock of the new file looks for the key file first. That the new file changes its identity only
/// by a rename, or is removed only beside a key file, makes two creators at once impossible.
fn create(database: &Path, random: &dyn Random) -> std::io::Result<()> {
    let (path, new_path) = (FileKey::path_for(database), with_suffix(database, ".key.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new_path)?;
    match file.lock() {
        // Where files have no locks, apps have their files for themselves.
        Err(error) if error.kind() != IoKind::Unsupported => return Err(error),
        _ => {}
    }
    if fs::exists(&path)? {
        // Somebody else was faster. The file under the new name may be theirs to remove, too.
        return match fs::remove_file(&new_path) {
            Err(error) if error.kind() != IoKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let mut bytes = Zeroizing::new([0; FILE_BYTES]);
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&FIRST_EPOCH.to_be_bytes());
    random.fill(&mut bytes[12..44]);
    let sum = Sha256::digest(&bytes[..44]);
    bytes[44..].copy_from_slice(&sum[..4]);
    // A crash may have left a file here, and one with other permissions may come from anybody.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&*bytes)?;
    file.sync_all()?;
    fs::rename(&new_path, &path)?;
    sync_folder(&path)
}

/// Makes the rename itself durable.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened; the file system's own journal keeps the rename.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn with_suffix(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn unavailable(reason: &str) -> CrmError {
    CrmError::new(ErrorKind::NotFound, "privacy.key.unavailable", reason)
}

fn io_error(error: &std::io::Error) -> CrmError {
    match error.kind() {
        IoKind::NotFound => unavailable("there is no key file beside the database"),
        IoKind::StorageFull | IoKind::QuotaExceeded => {
            CrmError::new(ErrorKind::Full, "privacy.key.io", "there is no room for the key file")
        }
        // The kind and not the error: its text may name the path.
        kind => CrmError::new(ErrorKind::Io, "privacy.key.io", format!("the key file: {kind}")),
    }
}
