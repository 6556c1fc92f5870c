//! What an operation works with.

use std::cell::RefCell;
use std::ops::{ControlFlow, Deref};

use serde_json::Value as Json;

use super::envelope::Progress;
use super::table::find;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json::{Sink, TreeSink};
use crate::record::door::Scope;
use crate::record::{Snapshot, Transaction};
use crate::session::Session;

/// What an operation works with: a way into the database, be it a session, or a transaction, a snapshot or a past state
/// of one; and whom it tells how far it is. All areas hang off it.
pub struct Context<'a> {
    scope: Scope<'a>,
    session: &'a Session,
    whole: bool,
    progress: &'a Report<'a>,
}

/// What is told how far a long operation is.
type Report<'a> = dyn Fn(&Json) -> ControlFlow<()> + 'a;

impl<'a> Deref for Context<'a> {
    type Target = Scope<'a>;

    fn deref(&self) -> &Scope<'a> {
        &self.scope
    }
}

impl<'a> Context<'a> {
    pub(super) fn of_session(session: &'a Session, progress: &'a Report<'a>) -> Self {
        Self { scope: Scope::new(session), session, whole: true, progress }
    }

    /// The same caller inside a transaction.
    pub(super) fn inside<'b>(&'b self, transaction: &'b Transaction<'_, '_>) -> Context<'b> {
        Context {
            scope: Scope::new(transaction),
            session: self.session,
            whole: false,
            progress: self.progress,
        }
    }

    /// The same caller on one state.
    pub(super) fn on<'b>(&'b self, snapshot: &'b Snapshot<'_>) -> Context<'b> {
        Context { scope: Scope::new(snapshot), session: self.session, whole: false, progress: self.progress }
    }

    /// The session, for work that makes its own transactions.
    ///
    /// # Errors
    /// `operation.nested` inside a transaction, a snapshot or a past state.
    pub(super) fn session(&self) -> Result<&'a Session> {
        if self.whole {
            return Ok(self.session);
        }
        let reason = "makes its own transactions and cannot be part of another one";
        Err(CrmError::new(ErrorKind::Invalid, "operation.nested", reason))
    }

    /// Tells the caller how far a long operation is.
    pub(super) fn report(&self, done: &Json) -> ControlFlow<()> {
        (self.progress)(done)
    }

    /// Runs an operation by its name, and writes its output into a sink.
    pub(super) fn call(&self, name: &str, input: Json, output: &mut dyn Sink) -> Result<()> {
        let (operation, record_type) = find(name)?;
        let Json::Object(members) = input else {
            return Err(CrmError::invalid("input.type", "the input of an operation is a JSON object"));
        };
        (operation.call)(self, record_type.unwrap_or_default(), members, output)
    }
}

impl Session {
    /// Runs an operation by its name, with its input as a JSON object; gives its output.
    ///
    /// # Errors
    /// `operation.unknown`; `input.*`, naming the member of the input; what the operation reports.
    pub fn call(&self, name: &str, input: Json) -> Result<Json> {
        self.call_with(name, input, &mut |_| ControlFlow::Continue(()))
    }

    /// Runs an operation that may take long: `progress` is told how far it is, and can stop it.
    ///
    /// # Errors
    /// As [`call`](Self::call); `import.cancelled` and the like when it was stopped.
    pub fn call_with(&self, name: &str, input: Json, progress: Progress<'_>) -> Result<Json> {
        let mut output = TreeSink::default();
        self.call_into(name, input, progress, &mut output)?;
        Ok(output.into_value())
    }

    /// Runs an operation as [`call_with`](Self::call_with) does, and writes its output into a sink piece by piece: for
    /// surfaces with a form of their own, which then need no tree of values. After an error, what the sink holds is no
    /// output.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use crm_core::operation::TextSink;
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
    /// let mut text = String::new();
    /// let input = serde_json::json!({"given_name": "Ada"});
    /// session.call_into("person.create", input, &mut |_| ControlFlow::Continue(()), &mut TextSink::at_end_of(&mut text))?;
    /// assert!(text.contains(r#""given_name":"Ada""#));
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with).
    pub fn call_into(
        &self,
        name: &str,
        input: Json,
        progress: Progress<'_>,
        output: &mut dyn Sink,
    ) -> Result<()> {
        let progress = RefCell::new(progress);
        // A callback that calls the engine again is told nothing about that call.
        let report = |done: &Json| match progress.try_borrow_mut() {
            Ok(mut progress) => (*progress)(done),
            Err(_) => ControlFlow::Continue(()),
        };
        Context::of_session(self, &report).call(name, input, output)
    }
}
