//! What the library says of itself.

use std::ffi::c_char;

use crm_core::CrmError;
use miniz_oxide::inflate::decompress_to_vec;

use super::buffer::Buffer;
use super::edge::{report, require};

/// The version of the ABI that a header was written for. It grows when a symbol changes its meaning or goes;
/// new symbols and new operations leave it as it is.
pub const ABI_VERSION: u32 = 1;

/// The version of the ABI of the linked library. A host that loads the library at run time compares it with
/// CRM_ABI_VERSION of its header and refuses another one.
///
/// Owner, lifetime, NULL: nothing is handed over. Threads: any, at any time. It cannot fail.
#[unsafe(no_mangle)]
pub extern "C" fn crm_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of the library, such as "0.1.0", as a C string.
///
/// Owner: the library; never to be freed. Lifetime: as long as the library is loaded. Threads: any, at any time.
/// NULL: it never gives NULL.
#[unsafe(no_mangle)]
pub extern "C" fn crm_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Every operation and record type of this library as one JSON document with JSON Schemas: `version`, `records`,
/// `operations`, `$defs`. Custom fields and types are not in it; the operation `schema.list` has those of a database.
///
/// Owner: the host frees `output` with crm_buffer_free(). Threads: any, at any time.
/// NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
///
/// # Safety
/// `output` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_schema_json(output: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(output, || {
            require(output, "output")?;
            schema()
        })
    }
}

/// The document that the generator of the bindings commits, as `build.rs` compresses it: a tenth, and seldom asked for.
const SCHEMA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/operations.deflate"));

fn schema() -> crm_core::Result<Vec<u8>> {
    decompress_to_vec(SCHEMA).map_err(|_| CrmError::internal("the document was compressed by the build"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::{SCHEMA, schema};

    #[test]
    fn the_document_is_the_one_that_is_committed() {
        let text = schema().unwrap();
        let committed = include_str!("../../../bindings/schema/operations.json");
        assert_eq!(
            serde_json::from_slice::<Json>(&text).unwrap(),
            serde_json::from_str::<Json>(committed).unwrap()
        );
        assert!(SCHEMA.len() * 4 < committed.len(), "it is packed");
        assert!(!text.contains(&b'\n'), "it has no spaces between its tokens");
    }
}
