//! The statements of a record type, written once from its fields.

use std::iter;

use super::descriptor::{FieldKind, SearchRole};
use super::schema::{Field, NAME_KEY, RecordType};

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
    /// The same for all rows; the range of names that is wanted comes behind it.
    pub names: String,
    /// The identifier and the columns of the name.
    pub name_columns: String,
    /// How many columns the name has.
    pub title_columns: usize,
    /// Whether the columns of the name are followed by the beginning of the record's text, which stands for a name in
    /// records that may have none.
    pub has_opening: bool,
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
        let opening = opening(record_type);
        let has_opening = opening.is_some();
        let columns_of_name: Vec<String> =
            iter::once("t.\"id\"".to_owned()).chain(titles.iter().cloned()).chain(opening).collect();
        let name_columns = columns_of_name.join(", ");
        let names_of_all = format!("SELECT {name_columns} FROM {table} AS t");
        Self {
            insert: format!(
                "INSERT INTO {table} ({NAME_KEY}, {}) VALUES ({})",
                names.join(", "),
                places.join(", ")
            ),
            get: format!("SELECT {columns} FROM {table} AS t WHERE t.\"id\" = ?1"),
            delete: format!("DELETE FROM {table} WHERE row_id = ?1"),
            title: format!("{names_of_all} WHERE t.row_id = ?1"),
            names: names_of_all,
            name_columns,
            title_columns: titles.len(),
            has_opening,
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
    if titles.is_empty() && !record_type.sort_key.is_empty() { vec![format!("t.{NAME_KEY}")] } else { titles }
}

/// The beginning of the first running text, for records that may be without a name.
fn opening(record_type: &RecordType) -> Option<String> {
    let fields = record_type.own_fields();
    let named = |field: &Field| field.descriptor.search == SearchRole::Title && field.descriptor.required;
    if !record_type.sort_key.is_empty() || fields.iter().any(named) {
        return None;
    }
    let body = fields.iter().find(|field| {
        let text = matches!(field.kind(), FieldKind::Text | FieldKind::LongText);
        text && field.descriptor.search == SearchRole::Body
    });
    body.map(|field| format!("substr(t.{}, 1, {OPENING})", field.column))
}

/// How many characters of a text are read for a name, so that white space at its beginning does no harm.
const OPENING: usize = 400;
