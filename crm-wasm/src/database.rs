//! Opening and closing, and what concerns the database as a whole.

use std::rc::Rc;
use std::sync::{Arc, PoisonError};

use crm_core::journal::area::Subscription;
use crm_core::operation::{self, Kind};
use crm_core::surface::{OpenOptions, SessionOptions};
use crm_core::{Config, Crm, CrmError};
use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::events::Events;
use crate::failure::thrown;
use crate::ports::{HostClock, host_random};
use crate::session::Session;

/// An open database.
#[wasm_bindgen]
pub struct Database {
    crm: Crm,
    events: Rc<Events>,
    // Dropped with the database, it ends the engine's listener.
    _commits: Subscription,
}

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Whether an operation only reads, so that it may be called again when its answer was lost. `false` for a name that
/// is no operation.
#[wasm_bindgen]
pub fn is_query(name: &str) -> bool {
    operation::find(name).is_ok_and(|(operation, _)| operation.kind == Kind::Query)
}

/// Opens a database by the text of its options. Without `path` it is in memory, and begins with `bytes` if there are
/// any; with one it lies in the file system that `opfs_install` has installed.
///
/// # Errors
/// Thrown as the text of an envelope: `options.*`, `country.unknown`, `zone.unknown`, `storage.*`.
#[wasm_bindgen]
pub fn open(options: &str, bytes: Option<Vec<u8>>) -> Result<Database, JsValue> {
    opened(options, bytes.as_deref()).map_err(thrown)
}

fn opened(options: &str, bytes: Option<&[u8]>) -> crm_core::Result<Database> {
    let options = OpenOptions::parse(options)?;
    let in_memory = matches!(options.path.as_deref(), None | Some("" | ":memory:"));
    // What SQLite has without a file system of the browser would be memory by another name.
    if !in_memory && !crate::opfs::is_installed() {
        return Err(CrmError::invalid("options.path", "there is no file system to open it in").at("path"));
    }
    let host = Config::default().clock(HostClock).random(host_random()?);
    let crm = match bytes {
        None => options.open(host)?,
        Some(bytes) if in_memory => options.open_bytes(bytes, host)?,
        Some(_) => return Err(CrmError::invalid("options.bytes", "are for a database in memory").at("bytes")),
    };
    let events = Rc::new(Events::default());
    let commits = Arc::clone(&events.commits);
    let subscription = crm.on_commit(move |range| {
        commits.lock().unwrap_or_else(PoisonError::into_inner).push(range);
    });
    Ok(Database { crm, events, _commits: subscription })
}

#[wasm_bindgen]
impl Database {
    /// A session by the text of its options: `{"actor": "system" | "user:UUID", "purpose": "…"}`.
    ///
    /// # Errors
    /// Thrown as the text of an envelope: `options.*`, `actor.invalid`, `purpose.unknown`, `user.unknown`.
    pub fn session(&self, options: &str) -> Result<Session, JsValue> {
        let session =
            SessionOptions::parse(options).and_then(|options| options.begin(&self.crm)).map_err(thrown)?;
        Ok(Session::new(session, Rc::clone(&self.events)))
    }

    /// Calls a function with the sequences of new journal entries (the first, and the one after the last), after the
    /// call that made them. `undefined` ends it.
    pub fn on_commit(&self, listener: Option<Function>) {
        self.events.listen(listener);
    }

    /// The bytes of the database, as a file would hold them.
    ///
    /// # Errors
    /// Thrown as the text of an envelope: `storage.*`.
    pub fn export_bytes(&self) -> Result<Vec<u8>, JsValue> {
        self.crm.export_bytes().map_err(thrown)
    }

    /// Stops what is running, when called from the progress function of a call; nothing of that call is stored.
    pub fn interrupt(&self) {
        self.crm.interrupt();
    }

    /// The settings of SQLite as it reads them back, as the text of an object, for diagnostics.
    ///
    /// # Errors
    /// Thrown as the text of an envelope: `storage.*`.
    pub fn settings(&self) -> Result<String, JsValue> {
        let settings = self.crm.database().settings().map_err(thrown)?;
        let settings: serde_json::Map<_, _> =
            settings.into_iter().map(|(name, value)| (name, value.into())).collect();
        Ok(serde_json::Value::Object(settings).to_string())
    }

    /// Closes the database. A second call does nothing; later calls of its sessions fail with `storage.closed`.
    ///
    /// # Errors
    /// Thrown as the text of an envelope: `storage.io`.
    pub fn close(&self) -> Result<(), JsValue> {
        self.crm.close().map_err(thrown)
    }
}
