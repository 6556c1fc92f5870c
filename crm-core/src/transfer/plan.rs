//! The statements of a copy, for tables of records and of the engine alike.

use super::cell::Cell;
use super::tables::Table;
use crate::error::Result;
use crate::record::descriptor::FieldKind;
use crate::record::schema::{Field, NAME_KEY, RecordType, system};
use crate::storage::{ColumnType, Connection, Param, Row, query_all, query_one};

/// How many rows are copied at a time.
pub(super) const BATCH: usize = 500;

/// A table as it is read and written.
pub(super) struct Source {
    /// The name, as SQL has it.
    pub(super) table: String,
    columns: Vec<(String, ColumnType)>,
    key: usize,
}

impl Source {
    /// A table of the engine.
    pub(super) fn of_engine(table: &Table) -> Self {
        let columns = table.columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        Self { table: table.name.to_owned(), columns, key: table.key }
    }

    /// The table of a record type: the number of the row, the columns of the fields, the name key.
    pub(super) fn of_type(record_type: &RecordType) -> Self {
        let mut columns = vec![("row_id".to_owned(), ColumnType::Integer)];
        let fields = record_type.fields.iter().flat_map(Field::columns);
        columns.extend(fields.map(|(name, kind)| (name.to_owned(), kind)));
        columns.push((NAME_KEY.to_owned(), ColumnType::Text));
        Self { table: record_type.table.clone(), columns, key: 1 }
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn keys(&self) -> String {
        self.columns[..self.key].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The rows behind a key, in the order of the keys, at most [`BATCH`]; from the first one without a key.
    pub(super) fn page<T>(
        &self,
        connection: &dyn Connection,
        after: &[Cell],
        read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let places = places(1, after.len());
        let behind = match after {
            [] => String::new(),
            _ => format!(" WHERE ({}) > ({places})", self.keys()),
        };
        let (names, table, keys) = (self.names(), &self.table, self.keys());
        let sql = format!("SELECT {names} FROM {table}{behind} ORDER BY {keys} LIMIT {BATCH}");
        query_all(connection, &sql, &params(after), read)
    }

    /// The values of a row of [`Source::page`].
    pub(super) fn cells(&self, row: &dyn Row) -> Result<Vec<Cell>> {
        self.columns.iter().enumerate().map(|(at, (_, kind))| Cell::read(row, at, *kind)).collect()
    }

    /// The key among the values of a row.
    pub(super) fn key_of<'r>(&self, row: &'r [Cell]) -> &'r [Cell] {
        &row[..self.key]
    }

    /// The greatest key in a table: rows come in the order of their keys, so a copy goes on behind it.
    pub(super) fn last_key(&self, connection: &dyn Connection) -> Result<Vec<Cell>> {
        let columns = &self.columns[..self.key];
        let backwards: Vec<String> = columns.iter().map(|(name, _)| format!("{name} DESC")).collect();
        let sql =
            format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", self.keys(), self.table, backwards.join(", "));
        let found = query_one(connection, &sql, &[], |row| {
            columns.iter().enumerate().map(|(at, (_, kind))| Cell::read(row, at, *kind)).collect()
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Writes a row.
    pub(super) fn insert(&self, connection: &dyn Connection, row: &[Cell]) -> Result<()> {
        let (table, names) = (&self.table, self.names());
        let sql = format!("INSERT INTO {table} ({names}) VALUES ({})", places(1, row.len()));
        connection.execute(&sql, &params(row)).map(|_| ())
    }

    /// Sets columns of a row, by the position of the column.
    pub(super) fn set(&self, connection: &dyn Connection, row: &[Cell], positions: &[usize]) -> Result<()> {
        let assignments: Vec<String> = positions
            .iter()
            .enumerate()
            .map(|(place, position)| format!("{} = ?{}", self.columns[*position].0, place + 2))
            .collect();
        let sql = format!("UPDATE {} SET {} WHERE row_id = ?1", self.table, assignments.join(", "));
        let mut parameters = vec![row[0].param()];
        parameters.extend(positions.iter().map(|position| row[*position].param()));
        connection.execute(&sql, &parameters).map(|_| ())
    }
}

/// The positions, among the columns of a type's table, of the links that the database checks.
pub(super) fn links(record_type: &RecordType) -> Vec<usize> {
    let mut position = 1;
    let mut found = Vec::new();
    for field in &record_type.fields {
        let own = !matches!(field.position, system::ID | system::CREATED_BY | system::UPDATED_BY);
        if own && matches!(field.kind(), FieldKind::Link { .. }) {
            found.push(position);
        }
        position += field.columns().count();
    }
    found
}

fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ")
}

fn params(cells: &[Cell]) -> Vec<Param<'_>> {
    cells.iter().map(Cell::param).collect()
}
