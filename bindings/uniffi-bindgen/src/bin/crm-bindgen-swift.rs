//! `crm-bindgen-swift LIBRARY FOLDER --swift-sources --headers --modulemap`: as `uniffi-bindgen-swift`, in the pinned
//! version.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
