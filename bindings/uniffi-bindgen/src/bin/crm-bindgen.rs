//! `crm-bindgen generate LIBRARY --language kotlin --out-dir FOLDER`: as `uniffi-bindgen`, in the pinned version, with
//! quicker readers for Kotlin.
//!
//! It is a crate of its own, because a generator linked into the library would make that larger by half.
#![allow(clippy::print_stderr, reason = "a program for people")]

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    uniffi::uniffi_bindgen_main();
    let arguments: Vec<String> = env::args().collect();
    let after = |option: &str| {
        arguments.iter().position(|argument| argument == option).and_then(|at| arguments.get(at + 1))
    };
    let (Some("kotlin"), Some(folder)) = (after("--language").map(String::as_str), after("--out-dir")) else {
        return ExitCode::SUCCESS;
    };
    match crm_bindgen::kotlin::quicken(Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("crm-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}
