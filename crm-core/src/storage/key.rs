//! The key of a database that is encrypted at rest.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// The 256-bit key under which a driver encrypts everything that it writes to the disk. Overwritten when the last clone
/// is dropped.
///
/// It is used as it is, without a derivation that would make guessing slow: the bytes must be random, or come from a
/// key derivation function of the host's when a person types a password.
///
/// ```
/// use crm_core::storage::DatabaseKey;
/// let key = DatabaseKey::new(&[7; 32]);
/// assert!(key == key.clone() && key != DatabaseKey::new(&[8; 32]));
/// assert_eq!(format!("{key:?}"), "DatabaseKey");
/// ```
#[derive(Clone)]
pub struct DatabaseKey(Arc<Zeroizing<[u8; 32]>>);

impl DatabaseKey {
    /// The key with these bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let mut own = Arc::new(Zeroizing::new([0; 32]));
        Arc::get_mut(&mut own).expect("the key was not shared yet").copy_from_slice(bytes);
        Self(own)
    }

    /// The bytes, for the driver.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In the same time wherever two keys differ.
impl PartialEq for DatabaseKey {
    fn eq(&self, other: &Self) -> bool {
        let differences = self.0.iter().zip(other.0.iter()).fold(0, |found, (a, b)| found | (a ^ b));
        std::hint::black_box(differences) == 0
    }
}

impl Eq for DatabaseKey {}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey")
    }
}
