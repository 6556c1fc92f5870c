//! Checking the plain half of the journal: it should name nobody.

use super::identifiers::{Identifier, searched};
use super::locate::Located;
use super::plan::{Outcome, Store, Tally};
use crate::error::Result;
use crate::record::unit::UnitOfWork;
use crate::storage::{Param, query_all};

/// Counts the entries of the records that were found: those that hold ordinary fields only, and those in which somebody
/// has written of the person into an ordinary field.
pub(super) fn check(
    work: &UnitOfWork<'_>,
    located: &Located,
    identifiers: &[Identifier],
    tally: &mut Tally,
) -> Result<()> {
    let items = located.items.iter().map(|item| item.data.id());
    let records = items.chain(located.bin.iter().map(|binned| binned.id)).chain([located.person.id()]);
    let (mut clean, mut named) = (0, 0);
    for record in records {
        let entries = query_all(
            work.connection,
            "SELECT plain FROM crm_journal WHERE record = ?1",
            &[Param::Id(record)],
            |row| {
                let text = row.text(0)?.unwrap_or_default();
                let form = searched(text);
                Ok(identifiers.iter().any(|identifier| identifier.is_in(text, &form)))
            },
        )?;
        for found in entries {
            *(if found { &mut named } else { &mut clean }) += 1;
        }
    }
    tally.add(Store::JournalPlain, Outcome::None, clean);
    tally.add(Store::JournalPlain, Outcome::Review, named);
    Ok(())
}
