//! Trees: records of one type under each other by a link, in no ring and of bounded height.

use super::schema::RecordType;
use super::unit::{Change, UnitOfWork};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::storage::{Connection, Param, query_all, query_one};

/// How many levels a tree may have. Every walk through one is bounded by it.
pub(crate) const DEEPEST_TREE: u32 = 64;

/// Refuses a change that would put a record below itself, or make the tree too deep: `<type>.<link>.cycle` and
/// `<type>.<link>.too_deep`, naming the link.
///
/// Two devices can all the same make a ring of what was a tree on each of them; what walks through one is bounded.
pub(crate) fn check_place(work: &UnitOfWork<'_>, change: &Change, link: &'static str) -> Result<()> {
    if change.operation == Operation::Delete || !change.changes(link) {
        return Ok(());
    }
    let Some(parent) = change.after(link).as_id() else { return Ok(()) };
    let record_type = &change.record_type;
    let above = line_up(work.connection, record_type, link, parent)?;
    // What is new has nothing below it.
    let below = if change.operation == Operation::Update {
        height(work.connection, record_type, link, change.id())?
    } else {
        1
    };
    let code = |what: &str| format!("{}.{link}.{what}", record_type.name());
    match place(change.id(), &above, below) {
        Place::Fits => Ok(()),
        Place::Ring => {
            let reason = format!("would make the {} a part of itself", record_type.name());
            Err(CrmError::invalid(code("cycle"), reason).at(link))
        }
        Place::TooDeep => {
            let reason = format!("would make the hierarchy deeper than {DEEPEST_TREE} levels");
            Err(CrmError::new(ErrorKind::Limit, code("too_deep"), reason).at(link))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Fits,
    Ring,
    TooDeep,
}

/// Whether a record with so many levels, its own among them, may stand under a line of records.
fn place(id: RecordId, above: &[RecordId], below: u32) -> Place {
    let levels = u32::try_from(above.len()).unwrap_or(u32::MAX).saturating_add(below);
    match above.contains(&id) {
        true => Place::Ring,
        false if levels > DEEPEST_TREE => Place::TooDeep,
        false => Place::Fits,
    }
}

fn up(table: &str, link: &str) -> String {
    format!(
        "WITH RECURSIVE line (id, level) AS (SELECT id, 1 FROM {table} WHERE id = ?1 UNION ALL \
         SELECT o.\"{link}\", line.level + 1 FROM line JOIN {table} AS o ON o.id = line.id \
         WHERE o.\"{link}\" IS NOT NULL AND line.level <= ?2) SELECT id FROM line"
    )
}

fn down(table: &str, link: &str) -> String {
    format!(
        "WITH RECURSIVE tree (id, level) AS (SELECT id, 1 FROM {table} WHERE id = ?1 UNION ALL \
         SELECT o.id, tree.level + 1 FROM tree JOIN {table} AS o ON o.\"{link}\" = tree.id \
         WHERE tree.level <= ?2) SELECT max(level) FROM tree"
    )
}

/// A record and those above it, the nearest first; at most one more than a tree may have levels.
fn line_up(
    connection: &dyn Connection,
    record_type: &RecordType,
    link: &str,
    id: RecordId,
) -> Result<Vec<RecordId>> {
    let parameters = [Param::Id(id), Param::Integer(DEEPEST_TREE.into())];
    query_all(connection, &up(&record_type.table, link), &parameters, |row| {
        Ok(row.id(0)?.unwrap_or_default())
    })
}

/// How many levels a record and those below it have.
fn height(connection: &dyn Connection, record_type: &RecordType, link: &str, id: RecordId) -> Result<u32> {
    let parameters = [Param::Id(id), Param::Integer(DEEPEST_TREE.into())];
    let levels = query_one(connection, &down(&record_type.table, link), &parameters, |row| row.integer(0))?;
    Ok(u32::try_from(levels.flatten().unwrap_or(1)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::ReadMode;
    use crate::{Config, Crm};

    #[test]
    fn a_record_stands_in_a_tree() {
        let id = |n: u8| RecordId::from_bytes([n; 16]);
        let line = |n: u8| (1..=n).map(id).collect::<Vec<_>>();
        for (own, above, below, expected) in [
            (9, line(3), 1, Place::Fits),
            (9, line(63), 1, Place::Ring),
            (99, line(63), 1, Place::Fits),
            (99, line(63), 2, Place::TooDeep),
            (99, line(64), 1, Place::TooDeep),
            (3, line(3), 1, Place::Ring),
        ] {
            assert_eq!(place(id(own), &above, below), expected, "{own} under {}", above.len());
        }
    }

    #[test]
    fn no_walk_reads_a_whole_table() {
        let crm = Crm::memory(Config::default()).unwrap();
        let parameters = [Param::Id(RecordId::NIL), Param::Integer(9)];
        for table in ["organisation", "case_category"] {
            for sql in [up(table, "parent"), down(table, "parent")] {
                let mut plan = Vec::new();
                crm.database()
                    .read(ReadMode::Statement, &mut |connection| {
                        plan = connection.explain(&sql, &parameters)?;
                        Ok(())
                    })
                    .unwrap();
                let scans = |step: &String| {
                    step.starts_with("SCAN") && !["SCAN line", "SCAN tree"].contains(&step.as_str())
                };
                assert!(!plan.is_empty() && !plan.iter().any(scans), "{sql}\n{plan:#?}");
            }
        }
    }
}
