//! The envelope: how a call and its outcome travel as text.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use super::output::written;
use crate::error::{CrmError, Result};
use crate::ground::json::{Sink, TextSink, write};
use crate::session::Session;

/// What is told how far a long operation is: an object with counts, such as `{"read": 500}`. It can stop the operation.
pub type Progress<'a> = &'a mut dyn FnMut(&Json) -> ControlFlow<()>;

/// The longest input of an operation, in bytes.
pub const MAX_INPUT: usize = 256 << 20;

/// The outcome of a call as text: `{"result": …}`, or `{"error": {"code", "kind", "status", "path", "reason", "details"}}`.
///
/// ```
/// use crm_core::operation::envelope;
/// use crm_core::CrmError;
/// let text = envelope(Err(CrmError::invalid("field.type", "takes a text").at("name")));
/// assert!(text.starts_with(r#"{"error":{"code":"field.type","kind":"invalid","status":100,"path":"name""#));
/// ```
pub fn envelope(outcome: Result<Json>) -> String {
    enveloped(|output| written(&outcome?, output))
}

/// What work writes, as the result of an envelope, or its error in the place of what it has written.
fn enveloped(work: impl FnOnce(&mut dyn Sink) -> Result<()>) -> String {
    let mut text = "{\"result\":".to_owned();
    if let Err(error) = work(&mut TextSink::at_end_of(&mut text)) {
        "{\"error\":".clone_into(&mut text);
        write(&error, &mut TextSink::at_end_of(&mut text)).expect("every error has a form in JSON");
    }
    text.push('}');
    text
}

impl Session {
    /// Runs an operation with its input as the text of a JSON object, empty for none; gives the [`envelope`].
    ///
    /// ```
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
    /// let text = session.call_text("person.count", "{}", &mut |_| std::ops::ControlFlow::Continue(()));
    /// assert_eq!(text, r#"{"result":0}"#);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn call_text(&self, name: &str, input: &str, progress: Progress<'_>) -> String {
        enveloped(|output| self.call_into(name, parse_input(input)?, progress, output))
    }

    /// Runs an operation as [`call_text`](Self::call_text) does; gives the text of its output.
    ///
    /// # Errors
    /// `input.too_long`, `input.json`; as [`call_with`](Self::call_with).
    pub fn call_json(&self, name: &str, input: &str, progress: Progress<'_>) -> Result<String> {
        let mut text = String::new();
        self.call_into(name, parse_input(input)?, progress, &mut TextSink::at_end_of(&mut text))?;
        Ok(text)
    }
}

/// The input of an operation from its text: empty for an input without members.
///
/// # Errors
/// `input.too_long` above [`MAX_INPUT`], `input.json` with the line and the column.
pub fn parse_input(input: &str) -> Result<Json> {
    if input.len() > MAX_INPUT {
        let reason = format!("is longer than {MAX_INPUT} bytes");
        return Err(CrmError::new(crate::ErrorKind::Limit, "input.too_long", reason));
    }
    if input.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_str(input).map_err(|error| {
        CrmError::invalid("input.json", "is not JSON")
            .at(format!("line {} column {}", error.line(), error.column()))
            .detail("line", error.line())
            .detail("column", error.column())
    })
}
