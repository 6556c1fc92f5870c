//! The course of a copy: prepare, records, links, the engine's tables, finish, verify.

use std::sync::Arc;

use super::cell::Cell;
use super::plan::{BATCH, Source, links};
use super::state::{self, Place};
use super::tables::TABLES;
use super::{CopyProgress, CopyReport, CopyStep, CopyWatch, verify};
use crate::crm::Crm;
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::proof::TreeHead;
use crate::record::columns::read_record;
use crate::record::data::RecordData;
use crate::record::schema::RecordType;
use crate::record::{Schema, derived, install};
use crate::search::index;
use crate::storage::{Connection, Param, ReadMode};

/// A copy on its way.
pub(super) struct Copy<'c, 'w> {
    pub(super) source: &'c Crm,
    pub(super) target: &'c Crm,
    watch: &'c mut CopyWatch<'w>,
    rows: u64,
}

/// One step of the plan.
enum Step {
    Records(Arc<RecordType>),
    Links(Arc<RecordType>),
    Engine(Source),
}

impl Step {
    fn all(schema: &Schema) -> Vec<Self> {
        let types = || schema.types().iter().map(Arc::clone);
        let linked = types().filter(|record_type| !links(record_type).is_empty());
        let engine = TABLES.iter().map(|table| Self::Engine(Source::of_engine(table)));
        types().map(Self::Records).chain(linked.map(Self::Links)).chain(engine).collect()
    }
}

impl<'c, 'w> Copy<'c, 'w> {
    pub(super) fn new(source: &'c Crm, target: &'c Crm, watch: &'c mut CopyWatch<'w>) -> Self {
        Self { source, target, watch, rows: 0 }
    }

    pub(super) fn run(mut self) -> Result<CopyReport> {
        let head = self.head()?;
        // The custom definitions may have been changed by another handle.
        let schema = self.source_schema()?;
        let start = self.prepare(&schema, &head)?;
        for (number, step) in Step::all(&schema).iter().enumerate().skip(start.step) {
            let after = if number == start.step { start.after } else { i64::MIN };
            match step {
                Step::Records(record_type) => self.records(record_type, number, &head)?,
                Step::Links(record_type) => self.links(record_type, number, after, &head)?,
                Step::Engine(source) => self.engine(source, number, &head)?,
            }
        }
        self.finish(&schema)?;
        if self.head()? != head {
            return Err(state::source_changed());
        }
        let report = verify::compare(&mut self, &schema, &head)?;
        // Only now: a comparison that was broken off is made again.
        self.write(state::forget)?;
        Ok(report)
    }

    /// Tells how far the copy is.
    pub(super) fn tell(&mut self, step: CopyStep, table: &str, rows: usize) -> Result<()> {
        self.rows += rows as u64;
        let progress = CopyProgress { step, table: table.trim_matches('"').to_owned(), rows: self.rows };
        if (self.watch)(&progress).is_break() {
            let reason = "the host broke the copy off";
            return Err(CrmError::new(ErrorKind::Interrupted, "copy.cancelled", reason));
        }
        Ok(())
    }

    /// Reads from one of the two.
    pub(super) fn read<T>(from: &Crm, mut work: impl FnMut(&dyn Connection) -> Result<T>) -> Result<T> {
        let mut outcome = None;
        from.engine.database.read(ReadMode::Snapshot, &mut |connection| {
            outcome = Some(work(connection)?);
            Ok(())
        })?;
        outcome.ok_or_else(|| CrmError::internal("a read did not run"))
    }

    fn write(&self, mut work: impl FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.target.engine.database.write(&mut |connection| work(connection))
    }

    fn head(&self) -> Result<TreeHead> {
        Self::read(self.source, state::head)
    }

    fn source_schema(&self) -> Result<Arc<Schema>> {
        let known = self.source.schema();
        let newer = Self::read(self.source, |connection| {
            install::newer(connection, &known, install::stamp(connection)?)
        })?;
        Ok(newer.unwrap_or(known))
    }

    /// Gives the target the numbers of the source's types and fields, and its custom tables and columns; or finds out where a
    /// copy was broken off.
    fn prepare(&self, schema: &Schema, head: &TreeHead) -> Result<Place> {
        let numbers = Self::read(self.source, install::numbers)?;
        let mut place = Place::default();
        self.write(|connection| {
            if let Some(found) = state::resume(connection, head)? {
                place = found;
                return Ok(());
            }
            place = Place::default();
            connection.execute("DELETE FROM crm_number", &[])?;
            for (name, number) in &numbers {
                connection.execute(
                    "INSERT INTO crm_number (name, number) VALUES (?1, ?2)",
                    &[Param::Text(name), Param::Integer(*number)],
                )?;
            }
            for record_type in schema.types() {
                install::complete(connection, record_type)?;
            }
            for record_type in schema.types() {
                install::complete_links(connection, record_type)?;
            }
            state::keep(connection, head, place)
        })?;
        Ok(place)
    }

    /// Copies the rows of a type without their links, whose ends may not be there yet, and makes their search entries.
    fn records(&mut self, record_type: &RecordType, number: usize, head: &TreeHead) -> Result<()> {
        let table = Source::of_type(record_type);
        let links = links(record_type);
        let mut after = Self::read(self.target, |connection| table.last_key(connection))?;
        loop {
            let page: Vec<(Vec<Cell>, RecordData)> = Self::read(self.source, |connection| {
                table.page(connection, &after, |row| Ok((table.cells(row)?, read_record(record_type, row)?)))
            })?;
            let ended = page.len() < BATCH;
            self.write(|connection| {
                for (row, data) in &page {
                    let mut row = row.clone();
                    for position in &links {
                        row[*position] = Cell::Null;
                    }
                    table.insert(connection, &row)?;
                    let document = derived::document(record_type, data, &[])?;
                    if !document.is_empty() {
                        index::add(connection, index::entry_of(record_type, data.row_id)?, &document)?;
                    }
                }
                state::keep(connection, head, Place { step: number + usize::from(ended), after: i64::MIN })
            })?;
            if let Some((last, _)) = page.last() {
                after = table.key_of(last).to_vec();
            }
            self.tell(CopyStep::Records, &table.table, page.len())?;
            if ended {
                return Ok(());
            }
        }
    }

    /// Sets the links of the rows of a type.
    fn links(&mut self, record_type: &RecordType, number: usize, after: i64, head: &TreeHead) -> Result<()> {
        let table = Source::of_type(record_type);
        let links = links(record_type);
        let mut after = vec![Cell::Integer(after)];
        loop {
            let page: Vec<Vec<Cell>> =
                Self::read(self.source, |connection| table.page(connection, &after, |row| table.cells(row)))?;
            let ended = page.len() < BATCH;
            if let Some(last) = page.last() {
                after = table.key_of(last).to_vec();
            }
            let place = match (&after[0], ended) {
                (Cell::Integer(row_id), false) => Place { step: number, after: *row_id },
                _ => Place { step: number + 1, after: i64::MIN },
            };
            self.write(|connection| {
                for row in &page {
                    let set: Vec<usize> =
                        links.iter().copied().filter(|position| row[*position] != Cell::Null).collect();
                    if !set.is_empty() {
                        table.set(connection, row, &set)?;
                    }
                }
                state::keep(connection, head, place)
            })?;
            self.tell(CopyStep::Links, &table.table, page.len())?;
            if ended {
                return Ok(());
            }
        }
    }

    /// Copies a table of the engine.
    fn engine(&mut self, table: &Source, number: usize, head: &TreeHead) -> Result<()> {
        let mut after = Self::read(self.target, |connection| table.last_key(connection))?;
        loop {
            let page: Vec<Vec<Cell>> =
                Self::read(self.source, |connection| table.page(connection, &after, |row| table.cells(row)))?;
            let ended = page.len() < BATCH;
            self.write(|connection| {
                for row in &page {
                    table.insert(connection, row)?;
                }
                state::keep(connection, head, Place { step: number + usize::from(ended), after: i64::MIN })
            })?;
            if let Some(last) = page.last() {
                after = table.key_of(last).to_vec();
            }
            self.tell(CopyStep::Engine, &table.table, page.len())?;
            if ended {
                return Ok(());
            }
        }
    }

    /// Lets the target number its next rows behind those that were copied, and all handles read its schema anew.
    fn finish(&self, schema: &Schema) -> Result<()> {
        let dialect = self.target.engine.database.dialect();
        self.write(|connection| {
            for record_type in schema.types() {
                if let Some(sql) = dialect.renumber_rows(&record_type.table) {
                    connection.query(&sql, &[], &mut |_| Ok(std::ops::ControlFlow::Continue(())))?;
                }
            }
            install::touch(connection, schema)
        })
    }
}
