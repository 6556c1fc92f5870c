//! The statements of a record type, written once from its fields.

use super::schema::{NAME_KEY, RecordType};

/// The texts of the statements that every record type needs. The engine binds the parameters in the order
/// that each field's documentation states.
#[derive(Debug)]
pub struct Statements {
    /// The columns of a row: `row_id`, then the columns of all fields in order. Prefixed with `t.`.
    pub columns: String,
    /// Inserts a row: the name key as `?1`, then all columns.
    pub insert: String,
    /// Reads a row by its identifier `?1`.
    pub get: String,
    /// Deletes a row by its `row_id` as `?1`.
    pub delete: String,
    /// How many columns the fields have.
    pub column_count: usize,
}

impl Statements {
    pub(super) fn of(record_type: &RecordType) -> Self {
        let names: Vec<&str> =
            record_type.fields.iter().flat_map(|field| field.columns().map(|(column, _)| column)).collect();
        let columns = format!("t.row_id, t.{}", names.join(", t."));
        let places: Vec<String> = (1..=names.len() + 1).map(|place| format!("?{place}")).collect();
        let table = &record_type.table;
        Self {
            insert: format!(
                "INSERT INTO {table} ({NAME_KEY}, {}) VALUES ({})",
                names.join(", "),
                places.join(", ")
            ),
            get: format!("SELECT {columns} FROM {table} AS t WHERE t.\"id\" = ?1"),
            delete: format!("DELETE FROM {table} WHERE row_id = ?1"),
            column_count: names.len(),
            columns,
        }
    }
}
