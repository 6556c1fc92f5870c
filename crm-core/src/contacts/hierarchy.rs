//! The hierarchy of organisations: what stands above and below.

use std::collections::HashSet;

use serde::Serialize;

use super::ids::OrganisationId;
use super::model::Organisation;
use super::queries::{names, text};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::record::Records;
use crate::record::door::{Reader, read};
use crate::record::set::visible;
use crate::record::tree::DEEPEST_TREE;
use crate::record::unit::not_found;
use crate::storage::{Param, ReadMode, query_all};

/// An organisation in a hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HierarchyEntry {
    /// The organisation.
    pub id: OrganisationId,
    /// The name that it is known by.
    pub name: String,
    /// The organisation that it belongs to.
    pub parent: Option<OrganisationId>,
    /// How many levels it stands above or below the one that was asked for, from 1.
    pub level: u32,
}

/// The most organisations that one call lists.
pub const MOST_DESCENDANTS: usize = 10_000;

impl Records<'_, Organisation> {
    /// The organisations above one, the nearest first. Those that the session may not see are left out.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn ancestors(&self, id: impl Into<RecordId>) -> Result<Vec<HierarchyEntry>> {
        self.walk(id.into(), ABOVE, DEEPEST_TREE)
    }

    /// The organisations below one, level by level, each level by name, down to `levels` below it. Those that the
    /// session may not see are left out.
    ///
    /// # Errors
    /// `record.not_found`; `hierarchy.too_many` when there are more than [`MOST_DESCENDANTS`]: ask for fewer levels.
    pub fn descendants(&self, id: impl Into<RecordId>, levels: u32) -> Result<Vec<HierarchyEntry>> {
        self.walk(id.into(), BELOW, levels.min(DEEPEST_TREE))
    }

    fn walk(&self, id: RecordId, sql: &str, levels: u32) -> Result<Vec<HierarchyEntry>> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require("organisation")?;
            visible(reader, record_type, id)?.ok_or_else(|| not_found("organisation"))?;
            reader.check_field(record_type, record_type.require("name")?)?;
            let most = i64::try_from(MOST_DESCENDANTS).unwrap_or(i64::MAX) + 1;
            let parameters = [Param::Id(id), Param::Integer(levels.into()), Param::Integer(most)];
            let mut found =
                query_all(reader.connection, &over(sql, &reader.table(record_type)), &parameters, |row| {
                    Ok(HierarchyEntry {
                        id: row.id(0)?.unwrap_or_default().into(),
                        name: text(row, 1)?,
                        parent: row.id(2)?.map(Into::into),
                        level: u32::try_from(row.integer(3)?.unwrap_or_default()).unwrap_or_default(),
                    })
                })?;
            if found.len() > MOST_DESCENDANTS {
                let reason = format!("has more than {MOST_DESCENDANTS} organisations below it");
                return Err(CrmError::new(ErrorKind::Limit, "hierarchy.too_many", reason).at("levels"));
            }
            // Two devices can make a ring of what was a tree on each of them; it is walked once.
            let mut seen = HashSet::from([OrganisationId::from(id)]);
            found.retain(|entry| seen.insert(entry.id));
            keep_visible(reader, id, &mut found)?;
            Ok(found)
        })
    }
}

fn keep_visible(reader: &Reader<'_>, from: RecordId, found: &mut Vec<HierarchyEntry>) -> Result<()> {
    let record_type = reader.schema.require("organisation")?;
    if reader.sees_all(record_type) {
        return Ok(());
    }
    let ids: Vec<RecordId> = found.iter().map(|entry| entry.id.into()).collect();
    let names = names(reader, record_type, &ids)?;
    found.retain(|entry| names.contains_key(&entry.id.into()));
    let mut kept: HashSet<OrganisationId> = found.iter().map(|entry| entry.id).collect();
    kept.insert(from.into());
    for entry in found {
        entry.parent = entry.parent.filter(|parent| kept.contains(parent));
    }
    Ok(())
}

/// A statement over the table of organisations, or over the view of its past.
pub(super) fn over(sql: &str, table: &str) -> String {
    sql.replace("$table", table)
}

// `CROSS JOIN` keeps SQLite from going through the whole table and looking each row up in the walk.
pub(super) const ABOVE: &str = "WITH RECURSIVE line (id, level) AS (\
    SELECT parent, 1 FROM $table WHERE id = ?1 AND parent IS NOT NULL AND ?2 > 0 UNION ALL \
    SELECT o.parent, line.level + 1 FROM line JOIN $table AS o ON o.id = line.id \
    WHERE o.parent IS NOT NULL AND line.level < ?2) \
    SELECT t.id, t.name, t.parent, line.level FROM line CROSS JOIN $table AS t WHERE t.id = line.id \
    ORDER BY line.level LIMIT ?3";

pub(super) const BELOW: &str = "WITH RECURSIVE tree (id, level) AS (\
    SELECT id, 1 FROM $table WHERE parent = ?1 AND ?2 > 0 UNION ALL \
    SELECT o.id, tree.level + 1 FROM tree JOIN $table AS o ON o.parent = tree.id \
    WHERE tree.level < ?2) \
    SELECT t.id, t.name, t.parent, tree.level FROM tree CROSS JOIN $table AS t WHERE t.id = tree.id \
    ORDER BY tree.level, t.name_key, t.row_id LIMIT ?3";
