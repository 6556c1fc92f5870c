//! Calls in the name of somebody.

use std::ops::ControlFlow;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::events::Events;

/// Who acts and why; the operations are called on it.
#[wasm_bindgen]
pub struct Session {
    session: crm_core::Session,
    events: Rc<Events>,
}

impl Session {
    pub(crate) fn new(session: crm_core::Session, events: Rc<Events>) -> Self {
        Self { session, events }
    }
}

#[wasm_bindgen]
impl Session {
    /// Runs an operation with the text of a JSON object; gives the text of the envelope, whether it failed or not.
    pub fn call(&self, operation: &str, input: &str) -> String {
        let outcome = self.session.call_text(operation, input, &mut |_| ControlFlow::Continue(()));
        self.events.deliver();
        outcome
    }

    /// Like `call`; `progress` is given the text of an object with counts, and stops the operation by returning `false`.
    pub fn call_with_progress(&self, operation: &str, input: &str, progress: &Function) -> String {
        let outcome = self.session.call_text(operation, input, &mut |done| {
            let answer = progress.call1(&JsValue::NULL, &JsValue::from_str(&done.to_string()));
            match answer {
                Ok(answer) if answer != JsValue::FALSE => ControlFlow::Continue(()),
                // A listener that throws wants no more of it either.
                _ => ControlFlow::Break(()),
            }
        });
        self.events.deliver();
        outcome
    }
}
