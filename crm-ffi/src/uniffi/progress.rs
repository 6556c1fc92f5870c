//! How a host hears how far a long operation is, and stops it.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use super::bridge::JsonText;
use super::error::{CrmError, Result};

/// Hears how far imports and exports are.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// Is told what is done, the text of an object with counts such as `{"records": 500}`, and gives whether to go on. It
    /// must not call the database.
    fn on_progress(&self, done: JsonText) -> Result<bool>;
}

/// One call as its listener hears it.
pub(super) struct Report<'a> {
    listener: &'a dyn ProgressListener,
    failure: Option<CrmError>,
}

impl<'a> Report<'a> {
    pub(super) fn to(listener: &'a dyn ProgressListener) -> Self {
        Self { listener, failure: None }
    }

    pub(super) fn tell(&mut self, done: &Json) -> ControlFlow<()> {
        match self.listener.on_progress(JsonText(done.to_string())) {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// The outcome; what the listener threw instead of the cancellation that it caused.
    pub(super) fn settle<T>(self, outcome: crm_core::Result<T>) -> Result<T> {
        match (outcome, self.failure) {
            (Err(_), Some(failure)) => Err(failure),
            (outcome, _) => Ok(outcome?),
        }
    }
}
