//! One connection to the server: its prepared statements, and the state of its transaction.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use postgres::types::{ToSql, Type};
use postgres::{Client, Row, SimpleQueryMessage, Statement};

use super::error;
use super::interrupt::Gate;
use super::rewrite::rewrite;
use super::server::Server;
use super::value::{self, Bound, fits, type_of};
use crate::error::{CrmError, Result};
use crate::storage::Param;
use crate::storage::error as storage_error;

/// A connection.
pub(super) struct Link {
    client: RefCell<Client>,
    statements: RefCell<Statements>,
    gate: Arc<Gate>,
    /// What the server is.
    pub(super) server: Server,
    transaction: Cell<Transaction>,
    lost: Cell<bool>,
    answered: Cell<bool>,
}

/// The state of the connection's transaction.
#[derive(Clone, Copy, Default)]
struct Transaction {
    open: bool,
    /// A statement failed: the server refuses all others until it is rolled back, or back to a savepoint.
    aborted: bool,
    /// The failure was a meeting with another transaction.
    met_another: bool,
}

impl Link {
    pub(super) fn new(client: Client, gate: Arc<Gate>, server: Server, statements: usize) -> Self {
        Self {
            client: RefCell::new(client),
            statements: RefCell::new(Statements::new(statements)),
            gate,
            server,
            transaction: Cell::default(),
            lost: Cell::default(),
            answered: Cell::default(),
        }
    }

    /// Whether the connection can still be used, as far as is known: one that was idle shows that it was lost when it is
    /// used next.
    pub(super) fn is_alive(&self) -> bool {
        !self.lost.get() && self.client.try_borrow().is_ok_and(|client| !client.is_closed())
    }

    /// Begins to count the answers of the server anew, for somebody who takes the connection over.
    pub(super) fn take_over(&self) {
        self.answered.set(false);
    }

    /// Whether the connection was lost before the server has answered anything to whom it was lent to, so that the same
    /// can be asked of another connection.
    pub(super) fn is_lost_unused(&self) -> bool {
        !self.is_alive() && !self.answered.get()
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        self.transaction.get().open
    }

    /// Whether a failed statement has ended the transaction for all but rolling back.
    pub(super) fn is_aborted(&self) -> bool {
        self.transaction.get().aborted
    }

    /// Whether the transaction has met another one, so that it may go through when it is begun again.
    pub(super) fn met_another(&self) -> bool {
        self.transaction.get().met_another
    }

    /// Begins a transaction with these statements.
    pub(super) fn begin(&self, sql: &str) -> Result<()> {
        self.transaction.set(Transaction { open: true, ..Transaction::default() });
        self.batch(sql)
    }

    /// Ends a transaction with these statements, which cannot be interrupted any more. Gives the last value of the last
    /// row, if there is one.
    pub(super) fn commit(&self, sql: &str) -> Result<Option<String>> {
        let outcome = self.client.borrow_mut().simple_query(sql);
        let messages = self.noted(outcome, error::running)?;
        self.transaction.set(Transaction::default());
        Ok(messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    /// Ends an open transaction without effect.
    pub(super) fn roll_back(&self) {
        if !self.in_transaction() {
            return;
        }
        // When this fails the connection is lost, and with it the transaction.
        let _ = self.client.borrow_mut().batch_execute("ROLLBACK");
        self.transaction.set(Transaction::default());
    }

    /// Runs several statements without parameters.
    pub(super) fn batch(&self, sql: &str) -> Result<()> {
        let outcome = self.gate.pass(|| self.client.borrow_mut().batch_execute(sql));
        self.noted(outcome, error::preparing)
    }

    /// Runs a statement that returns no rows; gives the number of changed rows.
    pub(super) fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<u64> {
        self.run(sql, Form::Plain, parameters, |client, statement, parameters| {
            if statement.columns().is_empty() {
                client.execute(statement, parameters).map(Some)
            } else {
                Ok(None)
            }
        })?
        .ok_or_else(|| error::statement("a statement that returns rows was run as one that does not"))
    }

    /// Runs a query; gives all its rows, since the next statement cannot begin before they have come.
    pub(super) fn query(&self, sql: &str, form: Form, parameters: &[Param<'_>]) -> Result<Vec<Row>> {
        self.run(sql, form, parameters, |client, statement, parameters| client.query(statement, parameters))
    }

    /// Reads what the server sends for a `COPY … TO STDOUT`.
    pub(super) fn copy_out(
        &self,
        sql: &str,
        read: &mut dyn FnMut(&mut dyn Read) -> Result<()>,
    ) -> Result<()> {
        let outcome =
            self.gate.pass(|| self.client.borrow_mut().copy_out(sql).map(|mut sent| read(&mut sent)));
        self.noted(outcome, error::running)?
    }

    fn run<T>(
        &self,
        sql: &str,
        form: Form,
        parameters: &[Param<'_>],
        work: impl Fn(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        value::check(parameters)?;
        let bound: Vec<Bound<'_>> = parameters.iter().map(|parameter| Bound(*parameter)).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|bound| bound as _).collect();
        let mut again = true;
        loop {
            let statement = self.prepared(sql, form, parameters)?;
            let outcome = self.gate.pass(|| work(&mut self.client.borrow_mut(), &statement, &bound));
            if let Err(failure) = &outcome
                && error::is_outdated(failure)
            {
                // The schema was changed under the statement. Inside of a transaction all of it is begun again.
                self.statements.borrow_mut().clear();
                if !self.in_transaction() && std::mem::take(&mut again) {
                    continue;
                }
                self.note(again);
            }
            return self.noted(outcome, error::running);
        }
    }

    /// The prepared statement, from the cache if it fits the types of the parameters.
    fn prepared(&self, sql: &str, form: Form, parameters: &[Param<'_>]) -> Result<Statement> {
        if let Some(found) = self.statements.borrow_mut().find(sql, form, parameters) {
            return Ok(found);
        }
        let rewritten = rewrite(sql);
        if rewritten.parameters != parameters.len() {
            let (given, wanted) = (parameters.len(), rewritten.parameters);
            return Err(error::statement(format!("{given} parameters were given, {wanted} are wanted")));
        }
        let text = match form {
            Form::Plain => rewritten.sql,
            Form::Insert => rewritten.sql + " RETURNING row_id",
            Form::Explain => format!("EXPLAIN {}", rewritten.sql),
        };
        // The columns of an insert say what they take; given the types, the server would turn anything into text.
        let types: Vec<Type> = match form {
            Form::Insert => Vec::new(),
            Form::Plain | Form::Explain => parameters.iter().map(type_of).collect(),
        };
        let outcome = self.gate.pass(|| self.client.borrow_mut().prepare_typed(&text, &types));
        let statement = self.noted(outcome, error::preparing)?;
        if form == Form::Insert
            && !parameters.iter().zip(statement.params()).all(|(parameter, wanted)| fits(parameter, wanted))
        {
            return Err(error::wrong_type());
        }
        if form != Form::Explain {
            self.statements.borrow_mut().keep(sql, form, &statement);
        }
        Ok(statement)
    }

    /// Maps a failure, and remembers what it means for the transaction.
    fn noted<T>(
        &self,
        outcome: std::result::Result<T, postgres::Error>,
        mapped: impl FnOnce(&postgres::Error) -> CrmError,
    ) -> Result<T> {
        match outcome {
            Ok(value) => {
                self.answered.set(true);
                let mut state = self.transaction.get();
                // After a failure nothing goes through but the way back to a savepoint.
                state.aborted = false;
                state.met_another = false;
                self.transaction.set(state);
                Ok(value)
            }
            Err(failure) => {
                self.lost.set(self.lost.get() || error::is_lost(&failure));
                self.note(error::is_retryable(&failure));
                Err(mapped(&failure))
            }
        }
    }

    fn note(&self, met_another: bool) {
        let mut state = self.transaction.get();
        if state.open {
            state.aborted = true;
            state.met_another |= met_another;
            self.transaction.set(state);
        }
    }

    /// Fails when nothing but a way back can go through.
    pub(super) fn require_sound(&self) -> Result<()> {
        if self.is_aborted() { Err(storage_error::rolled_back()) } else { Ok(()) }
    }
}

/// What is made of a statement's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The statement itself.
    Plain,
    /// An insert that gives the number of its row.
    Insert,
    /// The plan of the statement.
    Explain,
}

/// The prepared statements of a connection, the latest used last to go.
struct Statements {
    all: HashMap<String, Vec<Prepared>>,
    used: u64,
    count: usize,
    most: usize,
}

struct Prepared {
    form: Form,
    statement: Statement,
    used: u64,
}

impl Statements {
    fn new(most: usize) -> Self {
        Self { all: HashMap::new(), used: 0, count: 0, most: most.max(16) }
    }

    fn find(&mut self, sql: &str, form: Form, parameters: &[Param<'_>]) -> Option<Statement> {
        self.used += 1;
        let found = self.all.get_mut(sql)?.iter_mut().find(|prepared| {
            let types = prepared.statement.params();
            prepared.form == form
                && types.len() == parameters.len()
                && parameters.iter().zip(types).all(|(parameter, wanted)| fits(parameter, wanted))
        })?;
        found.used = self.used;
        Some(found.statement.clone())
    }

    fn keep(&mut self, sql: &str, form: Form, statement: &Statement) {
        if self.count >= self.most {
            self.drop_older_half();
        }
        self.count += 1;
        let prepared = Prepared { form, statement: statement.clone(), used: self.used };
        self.all.entry(sql.to_owned()).or_default().push(prepared);
    }

    /// Half of them at once, so that it costs little for each.
    fn drop_older_half(&mut self) {
        let mut uses: Vec<u64> = self.all.values().flatten().map(|prepared| prepared.used).collect();
        uses.sort_unstable();
        let middle = uses.get(uses.len() / 2).copied().unwrap_or_default();
        self.all.retain(|_, statements| {
            statements.retain(|prepared| prepared.used > middle);
            !statements.is_empty()
        });
        self.count = self.all.values().map(Vec::len).sum();
    }

    fn clear(&mut self) {
        self.all.clear();
        self.count = 0;
    }
}
