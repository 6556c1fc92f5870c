//! Errors on their way to JavaScript.

use crm_core::CrmError;
use crm_core::operation::envelope;
use wasm_bindgen::JsValue;

/// What is thrown for an error: the text of its envelope.
pub(crate) fn thrown(error: CrmError) -> JsValue {
    JsValue::from_str(&envelope(Err(error)))
}
