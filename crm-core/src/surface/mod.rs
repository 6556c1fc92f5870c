//! What all surfaces other than Rust share: how a database is opened and a session begun, as JSON.

mod open;
mod privacy;
mod session;

pub use open::OpenOptions;
pub use privacy::{ContactCapOptions, ControllerOptions};
pub use session::SessionOptions;

use serde::de::DeserializeOwned;

use crate::error::{CrmError, Result, reason_of};
use crate::ground::json;

/// Options from the text of a JSON object, empty for none.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)
        .map_err(|_| CrmError::invalid("options.json", "the options are no JSON object"))?;
    json::read(serde_json::Value::Object(members))
        .map_err(|error| CrmError::invalid("options.invalid", reason_of(&error)))
}
