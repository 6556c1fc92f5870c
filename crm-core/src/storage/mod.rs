//! The storage port: what the engine asks of a database, and nothing more.
//!
//! A driver implements [`Database`] and [`Connection`]. SQL is written once, in the subset that SQLite and
//! PostgreSQL share, with numbered parameters (`?1`); where they differ, the [`Dialect`] has the words.
//! Every driver passes the same [`conformance`] suite, and [`fault`] makes any of them fail on demand.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};

pub mod catalog;
pub mod conformance;
pub mod dialect;
pub(crate) mod error;
pub mod fault;
mod full_text;
mod key;
#[cfg(feature = "postgres")]
pub mod postgres;
mod residue;
pub mod sqlite;
mod thread;

pub use dialect::{ColumnType, Dialect};
pub use key::DatabaseKey;
#[cfg(feature = "postgres")]
pub use postgres::PostgresDatabase;
pub use residue::Residue;
pub use sqlite::SqliteDatabase;

/// One value on its way into a statement. Borrowed, so that a hot write copies nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A binary floating-point number.
    Real(f64),
    /// Text in UTF-8.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// An identifier: sixteen bytes in SQLite, `uuid` in PostgreSQL.
    Id(RecordId),
    /// A point in time: microseconds in SQLite, `timestamptz` in PostgreSQL.
    Timestamp(Timestamp),
    /// A date: `YYYY-MM-DD` text in SQLite, `date` in PostgreSQL.
    Date(Date),
    /// A JSON document: text in SQLite, `jsonb` in PostgreSQL.
    Json(&'a str),
}

/// One row of a result. Columns count from 0. Reading a column as the wrong type is an internal error.
pub trait Row {
    /// Whether the column is SQL NULL.
    fn is_null(&self, column: usize) -> Result<bool>;
    /// A truth value, or `None` for NULL.
    fn boolean(&self, column: usize) -> Result<Option<bool>>;
    /// A whole number, or `None` for NULL.
    fn integer(&self, column: usize) -> Result<Option<i64>>;
    /// A floating-point number, or `None` for NULL. A whole number is converted.
    fn real(&self, column: usize) -> Result<Option<f64>>;
    /// Text, or `None` for NULL.
    fn text(&self, column: usize) -> Result<Option<&str>>;
    /// Bytes, or `None` for NULL.
    fn blob(&self, column: usize) -> Result<Option<&[u8]>>;
    /// An identifier, or `None` for NULL.
    fn id(&self, column: usize) -> Result<Option<RecordId>>;
    /// A point in time, or `None` for NULL.
    fn timestamp(&self, column: usize) -> Result<Option<Timestamp>>;
    /// A date, or `None` for NULL.
    fn date(&self, column: usize) -> Result<Option<Date>>;
    /// A JSON document as text, or `None` for NULL.
    fn json(&self, column: usize) -> Result<Option<&str>>;
}

/// What is done with each row: go on, or break off.
pub type RowVisitor<'v> = dyn FnMut(&dyn Row) -> Result<ControlFlow<()>> + 'v;

/// What is done with each piece of [`Database::contents`]: its name, if it has one, and its bytes.
pub type ContentVisitor<'v> = dyn FnMut(Option<&str>, &mut dyn Read) -> Result<()> + 'v;

/// A connection inside a transaction or snapshot, handed to the closure of [`Database::read`] or [`Database::write`].
pub trait Connection {
    /// The dialect of this connection.
    fn dialect(&self) -> Dialect;

    /// Runs a statement that returns no rows; gives the number of rows that an `INSERT`, `UPDATE` or `DELETE`
    /// changed (meaningless for other statements). The statement is cached.
    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize>;

    /// Runs an `INSERT` of one row into a table with a `row_id` column; gives the new row's `row_id`.
    /// Any other number of new rows is an internal error. Not for `ON CONFLICT DO UPDATE`: use `RETURNING` there.
    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64>;

    /// Runs a query and visits each row until the visitor breaks off. The statement is cached.
    /// The visitor may run other statements on the same connection.
    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()>;

    /// Runs several statements without parameters, for schema changes. Not cached.
    fn execute_batch(&self, sql: &str) -> Result<()>;

    /// The query plan of a statement, one line a step, for the tests that forbid table scans.
    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>>;

    /// The number of the schema that the database holds; 0 in a fresh one.
    fn format_version(&self) -> Result<u32>;

    /// Sets the number of the schema, as a part of the transaction of [`Database::write`].
    fn set_format_version(&self, version: u32) -> Result<()>;

    /// Whether a failed statement has ended the transaction for all but rolling back, be it to a savepoint. Where
    /// [`Dialect::aborts_on_failure`] says no, it never is.
    fn is_aborted(&self) -> bool {
        false
    }
}

/// How a read sees the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadMode {
    /// One statement; no transaction is opened.
    Statement,
    /// Several statements that must see the same state.
    Snapshot,
    /// As [`ReadMode::Snapshot`], and temporary tables may be made and filled.
    Scratch,
}

/// An open database. All methods may be called from any thread.
///
/// Reads and writes do not nest: inside the closure of one, every other method but [`Database::interrupt`] and
/// [`Database::dialect`] fails with `storage.nested` instead of waiting for itself.
pub trait Database: Send + Sync {
    /// The dialect of the SQL that this database speaks.
    fn dialect(&self) -> Dialect;

    /// Runs a reading closure on one of the readers. With [`ReadMode::Scratch`] temporary tables may be made and filled;
    /// the closure drops them before it ends. Any other change fails with `storage.read_only`.
    ///
    /// # Errors
    /// What the closure returns; `storage.closed`, `storage.busy`, `storage.interrupted`.
    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()>;

    /// Runs a writing closure in a transaction on the one writer: committed if it returns `Ok`, rolled back otherwise.
    /// Waits for other writers up to the busy timeout. A driver may call the closure again after a serialisation
    /// failure, so it must not have effects outside the database that cannot be repeated.
    ///
    /// # Errors
    /// What the closure returns; `storage.closed`, `storage.busy`, `storage.interrupted`, `storage.full`.
    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()>;

    /// Stops the statements that are running now, from any thread; they fail with `storage.interrupted`, and a
    /// write among them changes nothing. Statements that begin later are not affected.
    fn interrupt(&self);

    /// Writes a compact copy of the whole database, without remains of deleted rows, into a new file. The copy of an
    /// encrypted database is encrypted under the same key.
    ///
    /// # Errors
    /// `storage.backup.exists` when the target exists; `storage.full`, `storage.io`; `storage.unsupported` where a server
    /// holds the database, which has tools of its own for that.
    fn backup(&self, target: &Path) -> Result<()>;

    /// The bytes of the database, as a file would hold them: encrypted under the same key, where the database is.
    ///
    /// # Errors
    /// `storage.unsupported` where there is no file.
    fn export(&self) -> Result<Vec<u8>>;

    /// Checks the whole file and every foreign key; gives the list of findings, empty when it is sound.
    fn integrity_check(&self) -> Result<Vec<String>>;

    /// The settings in force, as read back from the database.
    fn settings(&self) -> Result<Vec<(String, String)>>;

    /// Removes what was deleted from where nobody can select it any more. SQLite: moves the write-ahead log into the main
    /// file and empties it. PostgreSQL: removes dead rows and their index entries by `VACUUM`, and samples the tables anew
    /// for the planner. `false` when somebody still reads from an older state, so that it has to be done again; `true`
    /// where there is nothing to remove. What it cannot reach [`remains`](Self::remains) names.
    fn checkpoint(&self) -> Result<bool>;

    /// Where deleted values stay after a [`checkpoint`](Self::checkpoint).
    fn remains(&self) -> &'static [Residue] {
        &[]
    }

    /// Shows all that is stored where there are no [`files`](Self::files), for somebody who looks for texts in it: the bytes
    /// of a database in memory, without a name; of a server the rows of each table, the columns in text form but for bytes,
    /// under the name of the table, and the samples of its planner.
    ///
    /// # Errors
    /// What the closure returns.
    fn contents(&self, each: &mut ContentVisitor<'_>) -> Result<()> {
        each(None, &mut self.export()?.as_slice())
    }

    /// The files that hold the database now: the file itself, its log, its journal. None for a database in memory or on a
    /// server.
    fn files(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Whether everything that reaches the disk is encrypted. `false` unless the driver says otherwise.
    fn is_encrypted(&self) -> bool {
        false
    }

    /// Encrypts the whole database anew, under another key. Waits for readers and writers of this handle up to the busy
    /// timeout and keeps new ones waiting. After an error, and after a crash, the database is whole under the key
    /// from before or whole under the new one; nothing to do when it is under this key already.
    ///
    /// # Errors
    /// `storage.encryption.none` for a database that is not encrypted, `storage.busy` when others use it,
    /// `storage.read_only`, `storage.full`, `storage.io`, `storage.closed`.
    fn rekey(&self, _key: &DatabaseKey) -> Result<()> {
        Err(error::not_encrypted())
    }

    /// Closes all connections. Further calls do nothing; any use after it fails with `storage.closed`.
    ///
    /// New work is refused at once. Work under way is waited for up to the busy timeout, then interrupted.
    ///
    /// # Errors
    /// `storage.busy` when work does not end even after the interrupt; the connections then close behind it.
    fn close(&self) -> Result<()>;

    /// Calls a function after commits of other handles and processes, on a thread of the driver, until the database is
    /// closed. One call may stand for several commits. `false` where the driver cannot know of them.
    ///
    /// # Errors
    /// `storage.*` when the driver cannot begin to listen.
    fn listen(&self, hear: Box<dyn Fn() + Send + Sync>) -> Result<bool> {
        drop(hear);
        Ok(false)
    }
}

/// A shared database is one, so that a test can keep a hand on what the engine has taken.
impl<D: Database + ?Sized> Database for std::sync::Arc<D> {
    fn dialect(&self) -> Dialect {
        (**self).dialect()
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        (**self).read(mode, work)
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        (**self).write(work)
    }

    fn interrupt(&self) {
        (**self).interrupt();
    }

    fn backup(&self, target: &Path) -> Result<()> {
        (**self).backup(target)
    }

    fn export(&self) -> Result<Vec<u8>> {
        (**self).export()
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        (**self).integrity_check()
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        (**self).settings()
    }

    fn checkpoint(&self) -> Result<bool> {
        (**self).checkpoint()
    }

    fn remains(&self) -> &'static [Residue] {
        (**self).remains()
    }

    fn contents(&self, each: &mut ContentVisitor<'_>) -> Result<()> {
        (**self).contents(each)
    }

    fn files(&self) -> Vec<PathBuf> {
        (**self).files()
    }

    fn is_encrypted(&self) -> bool {
        (**self).is_encrypted()
    }

    fn rekey(&self, key: &DatabaseKey) -> Result<()> {
        (**self).rekey(key)
    }

    fn close(&self) -> Result<()> {
        (**self).close()
    }

    fn listen(&self, hear: Box<dyn Fn() + Send + Sync>) -> Result<bool> {
        (**self).listen(hear)
    }
}

/// Reads the first row of a query with a closure; `None` when there is no row.
///
/// # Errors
/// What the query or the closure returns.
pub fn query_one<T>(
    connection: &dyn Connection,
    sql: &str,
    parameters: &[Param<'_>],
    mut read: impl FnMut(&dyn Row) -> Result<T>,
) -> Result<Option<T>> {
    let mut found = None;
    connection.query(sql, parameters, &mut |row| {
        found = Some(read(row)?);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// Reads all rows of a query with a closure.
///
/// # Errors
/// What the query or the closure returns.
pub fn query_all<T>(
    connection: &dyn Connection,
    sql: &str,
    parameters: &[Param<'_>],
    mut read: impl FnMut(&dyn Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    connection.query(sql, parameters, &mut |row| {
        found.push(read(row)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}
