//! The one way from typed calls to the operation table.

use std::ops::ControlFlow;
use std::sync::Arc;

use crm_core::ErrorKind;
use crm_core::operation::Progress;
use serde_json::Value as Json;

use super::error::{CrmError, Result};
use super::form::{Form, Lowering, Members, Outcome, Shape, Wrong};
use super::progress::{ProgressListener, Report};

/// The text of any JSON value, such as `"42"`, `"\"open\""` or `{"a": 1}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonText(pub String);

uniffi::custom_newtype!(JsonText, String);

/// A filter: its text form such as `stage_type = "open" and amount > 1000 EUR`, or the text of its JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter(pub String);

uniffi::custom_newtype!(Filter, String);

/// A session as the areas hold it.
#[derive(Clone)]
pub(crate) struct Bridge {
    session: Arc<crm_core::Session>,
    listener: Option<Arc<dyn ProgressListener>>,
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

/// What a typed call takes.
pub(crate) trait Input {
    fn into_input(self) -> crm_core::Result<Json>;
}

impl Input for Members {
    fn into_input(self) -> crm_core::Result<Json> {
        let mut wrong = Wrong::default();
        let input = self.into_json(&mut wrong);
        wrong.check().map(|()| input)
    }
}

/// A record is the input itself.
impl<T: Form> Input for Record<T> {
    fn into_input(self) -> crm_core::Result<Json> {
        let mut wrong = Wrong::default();
        let input = self.0.write(&mut wrong);
        wrong.check().map(|()| input)
    }
}

/// A record that is the input of an operation.
pub(crate) struct Record<T>(pub(crate) T);

impl Bridge {
    pub(super) fn new(session: crm_core::Session) -> Self {
        Self { session: Arc::new(session), listener: None }
    }

    pub(super) fn with_listener(&self, listener: Arc<dyn ProgressListener>) -> Self {
        Self { session: Arc::clone(&self.session), listener: Some(listener) }
    }

    /// Runs an operation with typed input and output.
    pub(crate) fn call<T: Outcome>(&self, operation: &str, input: impl Input) -> Result<T> {
        let buffer = self.lower(operation, input.into_input()?, T::SHAPE)?;
        T::of(buffer).ok_or_else(|| mismatch(operation, T::SHAPE.in_words()))
    }

    /// Runs an operation and lays its output out.
    fn lower(&self, operation: &str, input: Json, shape: &'static Shape) -> Result<Vec<u8>> {
        let mut output = Lowering::new(shape);
        self.told(|progress| self.session.call_into(operation, input, progress, &mut output))?;
        output.finish().map_err(|expected| mismatch(operation, expected))
    }

    /// Runs an operation with the text of its input; gives the text of its output.
    pub(super) fn run_text(&self, operation: &str, input: &str) -> Result<String> {
        self.told(|progress| self.session.call_json(operation, input, progress))
    }

    /// Runs what tells the listener, if there is one, how far it is.
    fn told<T>(&self, work: impl FnOnce(Progress<'_>) -> crm_core::Result<T>) -> Result<T> {
        match &self.listener {
            None => Ok(work(&mut |_| ControlFlow::Continue(()))?),
            Some(listener) => {
                let mut report = Report::to(&**listener);
                let outcome = work(&mut |done| report.tell(done));
                report.settle(outcome)
            }
        }
    }
}

fn mismatch(operation: &str, expected: &str) -> CrmError {
    let reason = format!("the result of {operation} is not as its type says: {expected} expected");
    crm_core::CrmError::new(ErrorKind::Internal, "surface.result", reason).into()
}

/// What the generated files use.
pub(crate) mod prelude {
    pub(crate) use std::collections::HashMap;

    pub(crate) use serde_json::Value as Json;

    pub(crate) use super::{Bridge, Filter, JsonText, Record};
    pub(crate) use crate::uniffi::error::Result;
    pub(crate) use crate::uniffi::form::{Form, Keyed, Lowered, Members, Shape, Wrong, optional, required};
}
