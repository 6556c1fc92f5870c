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
    /// Reads the identifier and the columns of the name of the row with the `row_id` `?1`.
    pub title: String,
    /// The same for the first `?3` rows whose name key is from `?1` on and before `?2`.
    pub suggest: String,
    /// How many columns the name has.
    pub title_columns: usize,
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
        let titles = titles(record_type);
        let title = format!("SELECT t.\"id\", {} FROM {table} AS t", titles.join(", "));
        Self {
            insert: format!(
                "INSERT INTO {table} ({NAME_KEY}, {}) VALUES ({})",
                names.join(", "),
                places.join(", ")
            ),
            get: format!("SELECT {columns} FROM {table} AS t WHERE t.\"id\" = ?1"),
            delete: format!("DELETE FROM {table} WHERE row_id = ?1"),
            suggest: format!(
                "{title} WHERE t.{NAME_KEY} >= ?1 AND t.{NAME_KEY} < ?2 ORDER BY t.{NAME_KEY} LIMIT ?3"
            ),
            title: format!("{title} WHERE t.row_id = ?1"),
            title_columns: titles.len(),
            column_count: names.len(),
            columns,
        }
    }
}

/// The columns that a record is called by.
fn titles(record_type: &RecordType) -> Vec<String> {
    let fields = record_type.own_fields().iter();
    let titles: Vec<String> =
        fields.filter(|field| field.is_title()).map(|field| format!("t.{}", field.column)).collect();
    if titles.is_empty() { vec![format!("t.{NAME_KEY}")] } else { titles }
}
