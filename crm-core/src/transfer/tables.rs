//! The engine's own tables, as a copy reads them.

use crate::storage::ColumnType::{self, Blob, Id, Integer, Json, Text, Timestamp};

/// A table, with its columns. The first ones are its key, in whose order it is copied.
pub(super) struct Table {
    /// The name.
    pub(super) name: &'static str,
    /// How many columns the key has.
    pub(super) key: usize,
    /// The columns; those that the database fills by itself are not among them.
    pub(super) columns: &'static [(&'static str, ColumnType)],
}

/// All of them but those that are made with a database (`crm_meta`, `crm_number`) or from its records (`crm_search`). A
/// test compares them with the tables that there are.
pub(super) const TABLES: &[Table] = &[
    Table { name: "crm_counter", key: 1, columns: &[("name", Text), ("value", Integer)] },
    Table {
        name: "crm_journal",
        key: 1,
        columns: &[
            ("sequence", Integer),
            ("at", Timestamp),
            ("actor", Id),
            ("purpose", Integer),
            ("job", Id),
            ("record_type", Integer),
            ("record", Id),
            ("operation", Integer),
            ("version", Integer),
            ("subject", Id),
            ("plain", Text),
            ("sealed", Blob),
            ("sealed_hash", Blob),
            ("leaf", Blob),
        ],
    },
    Table {
        name: "crm_journal_tile",
        key: 2,
        columns: &[("level", Integer), ("position", Integer), ("hash", Blob)],
    },
    Table { name: "crm_subject_key", key: 1, columns: &[("subject", Id), ("wrapped", Blob)] },
    Table { name: "crm_value", key: 3, columns: &[("field", Integer), ("value", Text), ("record", Integer)] },
    Table {
        name: "crm_timeline",
        key: 4,
        columns: &[("subject", Id), ("at", Timestamp), ("record_type", Integer), ("record", Integer)],
    },
    Table {
        name: "crm_period",
        key: 3,
        columns: &[
            ("field", Integer),
            ("record", Id),
            ("entered_at", Timestamp),
            ("left_at", Timestamp),
            ("link", Id),
            ("value", Text),
            ("entered_by", Id),
        ],
    },
    Table {
        name: "crm_bin",
        key: 1,
        columns: &[
            ("record", Id),
            ("record_type", Integer),
            ("deleted_at", Timestamp),
            ("deleted_by", Id),
            ("batch", Integer),
            ("sequence", Integer),
        ],
    },
    Table {
        name: "crm_standing",
        key: 5,
        columns: &[
            ("holder", Id),
            ("purpose", Text),
            ("channel", Text),
            ("brand", Text),
            ("address", Text),
            ("noted", Integer),
            ("status", Text),
            ("event", Id),
            ("at", Timestamp),
            ("expires_at", Timestamp),
            ("expression", Text),
            ("method", Text),
            ("notice", Id),
            ("guardian", Id),
        ],
    },
    Table {
        name: "crm_deal_total",
        key: 2,
        columns: &[
            ("stage", Id),
            ("currency", Text),
            ("deals", Integer),
            ("amount_high", Integer),
            ("amount_low", Integer),
            ("weighted_high", Integer),
            ("weighted_low", Integer),
        ],
    },
    Table {
        name: "crm_soft_bounce",
        key: 1,
        columns: &[("address", Text), ("count", Integer), ("last_at", Timestamp)],
    },
    Table { name: "crm_register_entry", key: 2, columns: &[("snapshot", Id), ("address", Text)] },
    Table {
        name: "crm_erased_subject",
        key: 1,
        columns: &[
            ("pseudonym", Blob),
            ("erased_at", Timestamp),
            ("journal_size", Integer),
            ("journal_root", Blob),
        ],
    },
    Table {
        name: "crm_attachment_chunk",
        key: 2,
        columns: &[("attachment", Id), ("position", Integer), ("bytes", Blob)],
    },
    Table {
        name: "crm_job",
        key: 1,
        columns: &[("id", Id), ("kind", Text), ("started_at", Timestamp), ("actor", Id), ("summary", Json)],
    },
    Table {
        name: "crm_external_key",
        key: 3,
        columns: &[("source", Text), ("record_type", Integer), ("external_key", Text), ("record", Id)],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TABLES;
    use crate::record::install;
    use crate::storage::ReadMode;
    use crate::{Config, Crm};

    #[test]
    fn every_table_of_the_engine_is_known() {
        let crm = Crm::memory(Config::default()).unwrap();
        let left_out = ["crm_meta", "crm_number", "crm_search"];
        let statements = crm.schema().statements(crm.database().dialect());
        let made = statements.iter().filter_map(|statement| statement.split_once("TABLE crm_"));
        let made: BTreeSet<String> = made
            .map(|(_, rest)| format!("crm_{}", rest.split(' ').next().unwrap()))
            .filter(|name| !left_out.contains(&name.as_str()))
            .collect();
        let known: BTreeSet<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        assert_eq!(made, known);
        crm.database()
            .read(ReadMode::Snapshot, &mut |connection| {
                for table in TABLES {
                    let mut there = install::columns(connection, table.name)?;
                    there.remove("row_id");
                    let known = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
                    assert_eq!(there, known, "{}", table.name);
                }
                Ok(())
            })
            .unwrap();
    }
}
