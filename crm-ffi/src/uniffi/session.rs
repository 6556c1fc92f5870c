//! A session: who acts, and why.

use std::sync::Arc;

use super::bridge::{Bridge, JsonText};
use super::error::Result;
use super::progress::ProgressListener;

/// Who acts and for which purpose. Every area hangs off it. It may be used from any thread.
#[derive(Debug, uniffi::Object)]
pub struct Session(Bridge);

impl Session {
    pub(super) fn new(session: crm_core::Session) -> Self {
        Self(Bridge::new(session))
    }

    pub(super) fn bridge(&self) -> Bridge {
        self.0.clone()
    }
}

#[uniffi::export]
impl Session {
    /// Runs an operation by its name, such as `person.create` or `x_asset.list`, with the text of a JSON object; gives the
    /// text of its result. For records of custom types, and for hosts that hold JSON.
    #[uniffi::method(default(input = None))]
    pub fn call(&self, operation: String, input: Option<JsonText>) -> Result<JsonText> {
        let input = input.map(|text| text.0).unwrap_or_default();
        Ok(JsonText(self.0.run_text(&operation, &input)?))
    }

    /// The same session, whose imports and exports tell a listener how far they are.
    pub fn with_progress(&self, listener: Arc<dyn ProgressListener>) -> Arc<Self> {
        Arc::new(Self(self.0.with_listener(listener)))
    }
}
