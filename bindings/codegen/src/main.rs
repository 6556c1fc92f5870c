//! `cargo run -p codegen -- generate` writes the generated files, `verify` tells which are stale.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match std::env::args().nth(1).as_deref() {
        Some("generate") => match codegen::files::generate(&root) {
            Ok(changed) => {
                println!("{changed} files changed");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("codegen: {error}");
                ExitCode::FAILURE
            }
        },
        Some("verify") => {
            let stale = codegen::files::stale(&root);
            for path in &stale {
                eprintln!("stale: {path}");
            }
            if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => {
            eprintln!("usage: codegen generate|verify");
            ExitCode::from(2)
        }
    }
}
