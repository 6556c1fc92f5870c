//! The committed files are what the operation table says.

use std::path::Path;

#[test]
fn no_generated_file_is_stale() {
    let stale = codegen::files::stale(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    assert!(stale.is_empty(), "run `cargo run -p codegen -- generate`; stale: {stale:#?}");
}
