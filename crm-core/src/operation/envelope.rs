//! The envelope: how a call and its outcome travel as text.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::error::{CrmError, Result};
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
    // Straight into the text: a value that formats itself passes every comma through a formatter.
    let (name, value) = match outcome {
        Ok(result) => ("result", result),
        Err(error) => ("error", error.to_json()),
    };
    let mut text = format!("{{\"{name}\":").into_bytes();
    serde_json::to_writer(&mut text, &value).expect("a value becomes text");
    text.push(b'}');
    String::from_utf8(text).expect("JSON is UTF-8")
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
        envelope(parse_input(input).and_then(|input| self.call_with(name, input, progress)))
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
