//! `crm-bindgen generate LIBRARY --language kotlin --out-dir FOLDER`: as `uniffi-bindgen`, in the pinned version.
//!
//! It is a crate of its own, because a generator linked into the library would make that larger by half.

fn main() {
    uniffi::uniffi_bindgen_main();
}
