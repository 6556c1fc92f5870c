//! Commits, told to the host after the call that made them has left the engine.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use js_sys::Function;
use wasm_bindgen::JsValue;

/// What was committed and not told yet.
pub(crate) type Commits = Arc<Mutex<Vec<Range<u64>>>>;

/// The commits of a database and who is told of them.
#[derive(Default)]
pub(crate) struct Events {
    /// Filled by the engine's listener.
    pub(crate) commits: Commits,
    listener: RefCell<Option<Function>>,
}

impl Events {
    /// Replaces who is told.
    pub(crate) fn listen(&self, listener: Option<Function>) {
        *self.listener.borrow_mut() = listener;
    }

    /// Tells the commits since the last time: the sequence of the first entry, and the one after the last.
    pub(crate) fn deliver(&self) {
        let commits = std::mem::take(&mut *self.commits.lock().unwrap_or_else(PoisonError::into_inner));
        if commits.is_empty() {
            return;
        }
        // The listener may call the engine, or replace itself.
        let Some(listener) = self.listener.borrow().clone() else { return };
        for range in commits {
            // A listener that throws has only itself to tell.
            let _ = listener.call2(&JsValue::NULL, &number(range.start), &number(range.end));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a journal of 2^53 entries fits no disk")]
fn number(sequence: u64) -> JsValue {
    JsValue::from_f64(sequence as f64)
}
