//! The engine's statements by hand: written down once while the engine runs, then sent again through the `postgres` crate,
//! prepared once, with the same values, in the same transactions.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::{BufMut, BytesMut};
use crm_core::storage::postgres::{Options, PostgresDatabase};
use crm_core::storage::{Connection, Database, Dialect, Param, ReadMode, RowVisitor};
use crm_core::{Date, RecordId, Result, Timestamp};
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

/// One step of what the engine does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The beginning of a transaction; a single read has none.
    Begin(&'static str),
    /// A statement; whether it is asked for the number of its row; its values.
    Statement(Arc<str>, bool, Vec<Value>),
    /// The end of a transaction.
    End(&'static str),
}

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE crm_storage IN EXCLUSIVE MODE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const COMMIT: &str = "NOTIFY \"crm_commit_crm\", 'by hand'; COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A value of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
    Id(RecordId),
    Timestamp(Timestamp),
    Date(Date),
    Json(String),
}

impl From<&Param<'_>> for Value {
    fn from(parameter: &Param<'_>) -> Self {
        match *parameter {
            Param::Null => Self::Null,
            Param::Boolean(value) => Self::Boolean(value),
            Param::Integer(value) => Self::Integer(value),
            Param::Real(value) => Self::Real(value),
            Param::Text(text) => Self::Text(text.to_owned()),
            Param::Blob(bytes) => Self::Blob(bytes.to_vec()),
            Param::Id(id) => Self::Id(id),
            Param::Timestamp(at) => Self::Timestamp(at),
            Param::Date(date) => Self::Date(date),
            Param::Json(json) => Self::Json(json.to_owned()),
        }
    }
}

impl Value {
    fn wanted(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Boolean(_) => Type::BOOL,
            Self::Integer(_) => Type::INT8,
            Self::Real(_) => Type::FLOAT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
            Self::Id(_) => Type::UUID,
            Self::Timestamp(_) => Type::TIMESTAMPTZ,
            Self::Date(_) => Type::DATE,
            Self::Json(_) => Type::JSONB,
        }
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Boolean(value) => value.to_sql(wanted, out),
            Self::Integer(value) => value.to_sql(wanted, out),
            Self::Real(value) => value.to_sql(wanted, out),
            Self::Text(text) => text.to_sql(wanted, out),
            Self::Blob(bytes) => bytes.to_sql(wanted, out),
            Self::Id(id) => {
                out.put_slice(id.as_bytes());
                Ok(IsNull::No)
            }
            Self::Timestamp(at) => {
                out.put_i64(at.micros() - 946_684_800_000_000);
                Ok(IsNull::No)
            }
            Self::Date(date) => {
                let first = crm_core::parse_date("2000-01-01").expect("it is a date");
                out.put_i32(i32::try_from(date.signed_duration_since(first).num_days())?);
                Ok(IsNull::No)
            }
            Self::Json(json) => {
                out.put_u8(1);
                out.put_slice(json.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value that was read, whatever its type: its bytes, as the host would keep them.
struct Kept(Vec<u8>);

impl<'a> FromSql<'a> for Kept {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A connection that sends what was written down.
pub(crate) struct Hand {
    client: Client,
    statements: HashMap<(Arc<str>, bool, Vec<Type>), Statement>,
}

impl Hand {
    /// Connects.
    pub(crate) fn connect(url: &str) -> Self {
        let mut client = Client::connect(url, NoTls).unwrap();
        client.batch_execute("SET search_path TO crm; SET TIME ZONE 'UTC'; SET jit = off").unwrap();
        Self { client, statements: HashMap::new() }
    }

    /// Does the steps, and reads every value of every row. Gives the number of rows.
    pub(crate) fn run(&mut self, steps: &[Step]) -> usize {
        let mut read = 0;
        for step in steps {
            match step {
                Step::Begin(sql) | Step::End(sql) => self.client.batch_execute(sql).unwrap(),
                Step::Statement(sql, numbered, values) => {
                    let statement = self.prepared(sql, *numbered, values);
                    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                    for row in self.client.query(&statement, &values).unwrap() {
                        read += 1;
                        for column in 0..row.len() {
                            std::hint::black_box(row.get::<_, Option<Kept>>(column).map(|kept| kept.0));
                        }
                    }
                }
            }
        }
        read
    }

    fn prepared(&mut self, sql: &Arc<str>, numbered: bool, values: &[Value]) -> Statement {
        // The columns of an insert say what they take.
        let types: Vec<Type> = if numbered { Vec::new() } else { values.iter().map(Value::wanted).collect() };
        let client = &mut self.client;
        self.statements
            .entry((Arc::clone(sql), numbered, types))
            .or_insert_with_key(|(sql, numbered, types)| {
                // No question mark stands anywhere else: the port refuses such statements.
                let text = sql.replace('?', "$") + if *numbered { " RETURNING row_id" } else { "" };
                client.prepare_typed(&text, types).unwrap()
            })
            .clone()
    }
}

/// A database that writes down what the engine does on it.
pub(crate) struct Recorder {
    inner: PostgresDatabase,
    steps: Arc<Mutex<Vec<Step>>>,
}

/// What was written down.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Arc<Mutex<Vec<Step>>>);

impl Recorded {
    /// What was written down since the last call.
    pub(crate) fn take(&self) -> Vec<Step> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Recorder {
    /// Opens a database.
    pub(crate) fn open(url: &str) -> (Self, Recorded) {
        let inner = PostgresDatabase::open(url, Options::default()).unwrap();
        let recorded = Recorded::default();
        (Self { inner, steps: Arc::clone(&recorded.0) }, recorded)
    }

    fn note(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }
}

struct Recording<'c> {
    inner: &'c dyn Connection,
    database: &'c Recorder,
}

impl Recording<'_> {
    fn note(&self, sql: &str, numbered: bool, parameters: &[Param<'_>]) {
        let values = parameters.iter().map(Value::from).collect();
        self.database.note(Step::Statement(sql.into(), numbered, values));
    }
}

impl Connection for Recording<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.note(sql, false, parameters);
        self.inner.execute(sql, parameters)
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.note(sql, true, parameters);
        self.inner.insert(sql, parameters)
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.note(sql, false, parameters);
        self.inner.query(sql, parameters, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.inner.execute_batch(sql)
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        self.inner.explain(sql, parameters)
    }

    fn format_version(&self) -> Result<u32> {
        self.inner.format_version()
    }

    fn set_format_version(&self, version: u32) -> Result<()> {
        self.inner.set_format_version(version)
    }

    fn is_aborted(&self) -> bool {
        self.inner.is_aborted()
    }
}

impl Database for Recorder {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        let transaction = mode != ReadMode::Statement;
        if transaction {
            self.note(Step::Begin(BEGIN_READ));
        }
        self.inner.read(mode, &mut |inner| work(&Recording { inner, database: self }))?;
        if transaction {
            self.note(Step::End(ROLLBACK));
        }
        Ok(())
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.note(Step::Begin(BEGIN_WRITE));
        self.inner.write(&mut |inner| work(&Recording { inner, database: self }))?;
        self.note(Step::End(COMMIT));
        Ok(())
    }

    fn interrupt(&self) {
        self.inner.interrupt();
    }

    fn backup(&self, target: &Path) -> Result<()> {
        self.inner.backup(target)
    }

    fn export(&self) -> Result<Vec<u8>> {
        self.inner.export()
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        self.inner.integrity_check()
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.inner.settings()
    }

    fn checkpoint(&self) -> Result<bool> {
        self.inner.checkpoint()
    }

    fn close(&self) -> Result<()> {
        self.inner.close()
    }
}
