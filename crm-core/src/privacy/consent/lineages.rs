//! The purposes above those that a ledger names, looked up once each.

use std::collections::HashMap;

use crate::error::Result;
use crate::privacy::purposes::lineage;
use crate::storage::Connection;

/// Lineages by the key of their purpose, the purpose itself first.
pub(super) struct Lineages<'c> {
    connection: &'c dyn Connection,
    known: HashMap<String, Vec<String>>,
}

impl<'c> Lineages<'c> {
    pub(super) fn new(connection: &'c dyn Connection) -> Self {
        Self { connection, known: HashMap::new() }
    }

    /// The lineage of a purpose. One that is not known stands alone: an import may bring the ledger before the purpose.
    pub(super) fn of(&mut self, purpose: &str) -> Result<&[String]> {
        if !self.known.contains_key(purpose) {
            let keys = match lineage(self.connection, purpose) {
                Ok(found) => found.into_iter().map(|purpose| purpose.key).collect(),
                Err(error) if error.kind().is_environmental() => return Err(error),
                Err(_) => vec![purpose.to_owned()],
            };
            self.known.insert(purpose.to_owned(), keys);
        }
        Ok(&self.known[purpose])
    }
}
