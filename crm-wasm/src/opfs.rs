//! The origin private file system of a browser, in a dedicated Worker.
//!
//! A pool of files is taken as a whole by one Worker; SQLite sees them by names of our own. Each database has a pool of
//! its own, so that two databases of one page do not wait for each other.

use std::cell::RefCell;

use crm_core::{CrmError, ErrorKind, Result};
use rsqlite_vfs::VfsFilesManager;
use rsqlite_vfs::transfer::DbTransfer;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use wasm_bindgen::prelude::*;

use crate::failure::thrown;

/// A database and its journal, and those of the one that an import puts in its place. Each file takes its time to make.
const FILES: usize = 4;

thread_local! {
    static POOL: RefCell<Option<OpfsSAHPoolUtil>> = const { RefCell::new(None) };
}

/// Takes the pool of files in a folder; databases that are opened by a name lie in it from now on.
///
/// # Errors
/// Thrown as the text of an envelope: `storage.busy` while another Worker has the pool, `storage.opfs` where the
/// browser has no such file system.
#[wasm_bindgen(wasm_bindgen_futures = js_sys::futures)]
pub async fn opfs_install(folder: String) -> std::result::Result<(), JsValue> {
    let settings = OpfsSAHPoolCfgBuilder::new().directory(&folder).initial_capacity(FILES).build();
    match install::<sqlite_wasm_rs::WasmOsCallback>(&settings, true).await {
        Ok(pool) => {
            POOL.with_borrow_mut(|slot| *slot = Some(pool));
            Ok(())
        }
        Err(failure) => Err(thrown(error_of(&failure))),
    }
}

/// Whether databases can be opened by a name.
pub(crate) fn is_installed() -> bool {
    POOL.with_borrow(Option::is_some)
}

/// The names of the files in the pool.
///
/// # Errors
/// Thrown as the text of an envelope.
#[wasm_bindgen]
pub fn opfs_names() -> std::result::Result<Vec<String>, JsValue> {
    with_pool(VfsFilesManager::names).map_err(thrown)
}

/// Writes a database under a new name. It is there whole or not at all.
///
/// # Errors
/// Thrown as the text of an envelope: `storage.not_a_database`, `storage.full`, `storage.io`.
#[wasm_bindgen]
pub fn opfs_import(name: &str, bytes: &[u8]) -> std::result::Result<(), JsValue> {
    with_pool(|pool| {
        // The pool knows a database by its first bytes, which are random in an encrypted one. Whether it is one, and
        // whose, shows when it is opened.
        if cfg!(feature = "sqlcipher") && !bytes.starts_with(b"SQLite format 3\0") {
            return pool.import_db_unchecked(name, bytes);
        }
        pool.import_db(name, bytes)
    })
    .map_err(thrown)
}

/// Removes a file, unless it is open. Gives whether there was one.
///
/// # Errors
/// Thrown as the text of an envelope: `storage.io`.
#[wasm_bindgen]
pub fn opfs_remove(name: &str) -> std::result::Result<bool, JsValue> {
    with_pool(|pool| pool.remove(name)).map_err(thrown)
}

/// Lets the pool go, so that another Worker can take it. Close the databases before.
///
/// # Errors
/// Thrown as the text of an envelope.
#[wasm_bindgen]
pub fn opfs_release() -> std::result::Result<(), JsValue> {
    match POOL.take() {
        Some(pool) => pool.pause().map_err(|failure| thrown(error_of(&failure))),
        None => Ok(()),
    }
}

fn with_pool<T>(work: impl FnOnce(&OpfsSAHPoolUtil) -> std::result::Result<T, OpfsSAHError>) -> Result<T> {
    POOL.with_borrow(|pool| match pool {
        Some(pool) => work(pool).map_err(|failure| error_of(&failure)),
        None => Err(CrmError::invalid("storage.opfs", "the file system is not installed")),
    })
}

/// What a failure of the browser means; its own words may name files and stay here.
fn error_of(failure: &OpfsSAHError) -> CrmError {
    let name = match failure {
        OpfsSAHError::Opfs { value, .. } => js_sys::Reflect::get(value, &JsValue::from_str("name"))
            .ok()
            .and_then(|name| name.as_string())
            .unwrap_or_default(),
        _ => String::new(),
    };
    match (failure, name.as_str()) {
        (OpfsSAHError::NotSupported, _) | (_, "SecurityError") => CrmError::new(
            ErrorKind::Io,
            "storage.opfs",
            "the browser has no private file system here: it takes a secure page and a dedicated Worker",
        ),
        (OpfsSAHError::Busy, _) | (_, "NoModificationAllowedError" | "InvalidStateError") => {
            CrmError::new(ErrorKind::Busy, "storage.busy", "somebody else has the files of the database open")
        }
        (OpfsSAHError::OutOfMemory, _) => {
            CrmError::new(ErrorKind::Full, "storage.memory", "there is no memory left")
        }
        (_, "QuotaExceededError") => CrmError::new(ErrorKind::Full, "storage.full", "the disk is full"),
        _ => CrmError::new(ErrorKind::Io, "storage.io", "reading or writing the files of the browser failed"),
    }
}
