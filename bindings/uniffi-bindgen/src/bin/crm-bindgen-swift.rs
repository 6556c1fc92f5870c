//! `crm-bindgen-swift LIBRARY FOLDER --swift-sources --headers --modulemap`: as `uniffi-bindgen-swift`, in the pinned
//! version, with quicker readers.
#![allow(clippy::print_stderr, reason = "a program for people")]

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    uniffi::uniffi_bindgen_swift();
    let positional: Vec<String> =
        env::args().skip(1).take_while(|argument| !argument.starts_with('-')).collect();
    let [_, folder] = positional.as_slice() else { return ExitCode::SUCCESS };
    match crm_bindgen::swift::quicken(Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("crm-bindgen-swift: {reason}");
            ExitCode::FAILURE
        }
    }
}
