//! Where the keys come from: subject keys are stored wrapped under a key encryption key that the host holds.
//!
//! A wrapped key is 65 bytes: `format (1 byte, 1) ‖ epoch (4, most significant first) ‖ nonce (12 random bytes) ‖
//! encrypted key (32) ‖ tag (16)` with AES-256-GCM-SIV; the associated data are
//! `format ‖ subject (16) ‖ epoch (4)`, so a wrapped key does not open for another subject.
//!
//! To erase a person is to delete the wrapped key. A backup still has it, so a host that wants backups to forget
//! too starts a new *epoch*: the engine wraps the live keys again under the new key, and the host destroys the
//! old one.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit,
    aead::{AeadInOut, Nonce, Tag},
};
use zeroize::Zeroizing;

use super::seal::SubjectKey;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::storage::DatabaseKey;

const FORMAT: u8 = 1;
const WRAPPED_BYTES: usize = 65;

/// The port to the host's key store: keychain, key management service, a file or a password.
pub trait KeyProvider: Send + Sync {
    /// The epoch under whose key new subject keys are wrapped. Epochs only grow.
    fn current_epoch(&self) -> u32;

    /// The key of an epoch. Called for every wrapping, so a slow store keeps the key in memory.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] with `privacy.key.unavailable` for an epoch whose key is gone or was never there.
    fn key(&self, epoch: u32) -> Result<KeyEncryptionKey>;

    /// The key under which the whole database is encrypted at rest, `None` for a plain one. Asked for once, when the
    /// database is opened. It must not depend on the keys of the epochs, which lie wrapped inside.
    ///
    /// A library that is built without the feature `sqlcipher` refuses to open anything when it is given a key.
    ///
    /// # Errors
    /// What the host's store reports; opening fails with it.
    fn database_key(&self) -> Result<Option<DatabaseKey>> {
        Ok(None)
    }

    /// The key to which [`Crm::rekey`](crate::Crm::rekey) changes, `None` when no change is due.
    ///
    /// A crash may leave the file under either key, and a database that [`database_key`](Self::database_key) does not open
    /// is tried with this one. So a host stores the new key here first, changes, and then lets it take the place
    /// of the old one.
    ///
    /// # Errors
    /// What the host's store reports.
    fn next_database_key(&self) -> Result<Option<DatabaseKey>> {
        Ok(None)
    }
}

/// The 256-bit key of one epoch, under which subject keys are wrapped. Overwritten when the last clone is dropped.
#[derive(Clone)]
pub struct KeyEncryptionKey(Arc<Zeroizing<[u8; 32]>>);

impl KeyEncryptionKey {
    /// The key with these bytes. They must be random or come from a key derivation function.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let mut own = Arc::new(Zeroizing::new([0; 32]));
        Arc::get_mut(&mut own).expect("the key was not shared yet").copy_from_slice(bytes);
        Self(own)
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new((&**self.0).into())
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey")
    }
}

/// A subject key as it is stored.
///
/// ```
/// use crm_core::privacy::keys::{KeyProvider, StaticKey, WrappedKey};
/// use crm_core::privacy::seal::SubjectKey;
/// use crm_core::{RecordId, SeededRandom};
/// let random = SeededRandom::new([7; 32]);
/// let host = StaticKey::new(&[1; 32]);
/// let subject = RecordId::from_bytes([3; 16]);
/// let wrapped = WrappedKey::wrap(&host, &random, subject, &SubjectKey::generate(&random))?;
/// let stored = wrapped.as_bytes().to_vec();
/// let wrapped = WrappedKey::from_bytes(&stored)?;
/// assert_eq!(wrapped.epoch(), host.current_epoch());
/// assert!(wrapped.open(&host, subject).is_ok());
/// assert!(wrapped.open(&host, RecordId::NIL).is_err());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey([u8; WRAPPED_BYTES]);

impl WrappedKey {
    /// Wraps the key of a subject under the key of the current epoch.
    ///
    /// # Errors
    /// Errors of the provider.
    pub fn wrap(
        provider: &dyn KeyProvider,
        random: &dyn Random,
        subject: RecordId,
        key: &SubjectKey,
    ) -> Result<Self> {
        let epoch = provider.current_epoch();
        let cipher = provider.key(epoch)?.cipher();
        let mut bytes = [0; WRAPPED_BYTES];
        bytes[0] = FORMAT;
        bytes[1..5].copy_from_slice(&epoch.to_be_bytes());
        random.fill(&mut bytes[5..17]);
        bytes[17..49].copy_from_slice(key.expose());
        let nonce = nonce_of(&bytes);
        let tag = cipher
            .encrypt_inout_detached(&nonce, &associated_data(subject, epoch), (&mut bytes[17..49]).into())
            .expect("a key is far below the cipher's limit");
        bytes[49..].copy_from_slice(&tag);
        Ok(Self(bytes))
    }

    /// Opens the key of a subject.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `privacy.key.mismatch` when the provider's key is not the one it was wrapped
    /// under, the bytes were changed or belong to another subject; errors of the provider.
    pub fn open(&self, provider: &dyn KeyProvider, subject: RecordId) -> Result<SubjectKey> {
        let cipher = provider.key(self.epoch())?.cipher();
        let mut outcome = Ok(());
        let key = SubjectKey::filled(|bytes| {
            bytes.copy_from_slice(&self.0[17..49]);
            let tag = <&Tag<Aes256GcmSiv>>::try_from(&self.0[49..]).expect("the tag is the last 16 bytes");
            let data = associated_data(subject, self.epoch());
            outcome =
                cipher.decrypt_inout_detached(&nonce_of(&self.0), &data, bytes.as_mut_slice().into(), tag);
        });
        outcome.map(|()| key).map_err(|_| {
            CrmError::new(
                ErrorKind::Corrupt,
                "privacy.key.mismatch",
                "the host's key does not open the subject's key",
            )
        })
    }

    /// The epoch under whose key it is wrapped.
    pub fn epoch(&self) -> u32 {
        u32::from_be_bytes([self.0[1], self.0[2], self.0[3], self.0[4]])
    }

    /// The 65 bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The wrapped key from its stored bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `privacy.key.wrapped` when the length or the format is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        match <[u8; WRAPPED_BYTES]>::try_from(bytes) {
            Ok(bytes) if bytes[0] == FORMAT => Ok(Self(bytes)),
            _ => Err(CrmError::new(
                ErrorKind::Corrupt,
                "privacy.key.wrapped",
                "the bytes are not a wrapped key",
            )),
        }
    }
}

fn associated_data(subject: RecordId, epoch: u32) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[0] = FORMAT;
    bytes[1..17].copy_from_slice(subject.as_bytes());
    bytes[17..].copy_from_slice(&epoch.to_be_bytes());
    bytes
}

fn nonce_of(wrapped: &[u8; WRAPPED_BYTES]) -> Nonce<Aes256GcmSiv> {
    Nonce::<Aes256GcmSiv>::try_from(&wrapped[5..17]).expect("the nonce has 12 bytes")
}

/// A provider with the keys that the host gave at open. Its epoch is 1.
///
/// ```
/// use crm_core::privacy::keys::{KeyProvider, StaticKey};
/// use crm_core::storage::DatabaseKey;
/// let host = StaticKey::new(&[1; 32]).database(DatabaseKey::new(&[2; 32]));
/// assert!(host.database_key()?.is_some() && host.next_database_key()?.is_none());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug)]
pub struct StaticKey {
    subjects: KeyEncryptionKey,
    database: Option<DatabaseKey>,
    next_database: Option<DatabaseKey>,
}

impl StaticKey {
    /// A provider with this key for the keys of data subjects, and none for the database.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self { subjects: KeyEncryptionKey::new(bytes), database: None, next_database: None }
    }

    /// Encrypts the database under this key.
    pub fn database(mut self, key: DatabaseKey) -> Self {
        self.database = Some(key);
        self
    }

    /// Has this key ready for the change of the database's key.
    pub fn next_database(mut self, key: DatabaseKey) -> Self {
        self.next_database = Some(key);
        self
    }

    /// A provider with a fresh key that is stored nowhere, for a database in memory.
    pub fn ephemeral(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(&mut *bytes);
        Self::new(&bytes)
    }
}

impl KeyProvider for StaticKey {
    fn current_epoch(&self) -> u32 {
        1
    }

    fn key(&self, epoch: u32) -> Result<KeyEncryptionKey> {
        if epoch == self.current_epoch() {
            Ok(self.subjects.clone())
        } else {
            Err(CrmError::new(
                ErrorKind::NotFound,
                "privacy.key.unavailable",
                "there is no key of this epoch",
            ))
        }
    }

    fn database_key(&self) -> Result<Option<DatabaseKey>> {
        Ok(self.database.clone())
    }

    fn next_database_key(&self) -> Result<Option<DatabaseKey>> {
        Ok(self.next_database.clone())
    }
}

/// The subject keys used last, so that not every change unwraps one. Dropped keys are overwritten.
#[derive(Debug)]
pub struct KeyCache {
    capacity: usize,
    uses: u64,
    keys: HashMap<RecordId, (u64, SubjectKey)>,
    /// Every use in order. One that is not the last of its subject counts no more.
    used: VecDeque<(u64, RecordId)>,
}

impl KeyCache {
    /// A cache for so many keys; with a capacity of 0 it keeps none.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, uses: 0, keys: HashMap::new(), used: VecDeque::new() }
    }

    /// The key of a subject, if it is here.
    pub fn get(&mut self, subject: RecordId) -> Option<SubjectKey> {
        let (used, key) = self.keys.get_mut(&subject)?;
        self.uses += 1;
        *used = self.uses;
        let key = key.clone();
        self.note(subject);
        Some(key)
    }

    /// Keeps the key of a subject; the one that was unused for longest makes room for it.
    pub fn insert(&mut self, subject: RecordId, key: SubjectKey) {
        if self.capacity == 0 {
            return;
        }
        self.uses += 1;
        self.keys.insert(subject, (self.uses, key));
        self.note(subject);
        while self.keys.len() > self.capacity {
            let Some((use_number, oldest)) = self.used.pop_front() else { return };
            if self.keys.get(&oldest).is_some_and(|(last, _)| *last == use_number) {
                self.keys.remove(&oldest);
            }
        }
    }

    /// Forgets the key of a subject: its erasure, or the rollback of the transaction that made the key.
    pub fn remove(&mut self, subject: RecordId) {
        self.keys.remove(&subject);
    }

    /// Forgets all keys: the database is closed or was replaced.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.used.clear();
    }

    /// Writes the newest use down, and strikes those that count no more when they are the most.
    fn note(&mut self, subject: RecordId) {
        self.used.push_back((self.uses, subject));
        if self.used.len() > 2 * self.capacity {
            let keys = &self.keys;
            self.used.retain(|(number, subject)| keys.get(subject).is_some_and(|(last, _)| last == number));
        }
    }
}
