//! `bindgen INPUT.wasm FOLDER`: writes `crm.wasm` and the glue around it, `glue.esm.js` and `glue.cjs.js`.
//! `bindgen reorder INPUT.wasm OUTPUT.wasm`: puts the functions into the order in which they compress best.
//!
//! wasm-bindgen's own loaders keep one instance for ever. The package throws an instance away after a trap, so the glue
//! is made a function that gives a fresh one each time.

mod order;
mod reorder;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

const BEGIN: &str = "let wasm_bindgen = (function(exports) {";
const END: &str = "})({ __proto__: null });";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["reorder", input, output] => reorder(input, output),
        [input, folder] => write(input, Path::new(folder)),
        _ => {
            eprintln!("usage: bindgen INPUT.wasm FOLDER | reorder INPUT.wasm OUTPUT.wasm");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn reorder(input: &str, output: &str) -> Result<(), String> {
    let module = fs::read(input).map_err(|error| error.to_string())?;
    fs::write(output, reorder::reordered(&module)?).map_err(|error| error.to_string())
}

fn write(input: &str, folder: &Path) -> Result<(), String> {
    let mut output = Bindgen::new()
        .input_path(input)
        .no_modules(true)
        .and_then(|bindgen| {
            bindgen
                .omit_default_module_path(true)
                .typescript(false)
                .remove_producers_section(true)
                .generate_output()
        })
        .map_err(|error| format!("{error:#}"))?;
    let body = body_of(output.js())?;
    if body.contains("require(\"env\")") {
        return Err(
            "a function is missing: the linker made an import of the environment out of it".to_owned()
        );
    }
    let fresh = "() {\n    const exports = { __proto__: null };";
    let files = [
        ("glue.esm.js", format!("export function glue{fresh}{body}}}\n")),
        ("glue.cjs.js", format!("\"use strict\";\nexports.glue = function glue{fresh}{body}}};\n")),
    ];
    let failed = |error: std::io::Error| error.to_string();
    fs::create_dir_all(folder).map_err(failed)?;
    for (name, text) in files {
        fs::write(folder.join(name), text).map_err(failed)?;
    }
    fs::write(folder.join("crm.wasm"), output.wasm_mut().emit_wasm()).map_err(failed)
}

/// What is inside the function that wasm-bindgen calls at once.
fn body_of(glue: &str) -> Result<&str, String> {
    let shape = || "the glue does not have the shape that wasm-bindgen 0.2.130 gives it".to_owned();
    let (before, rest) = glue.split_once(BEGIN).ok_or_else(shape)?;
    let (body, after) = rest.rsplit_once(END).ok_or_else(shape)?;
    let alone = before.trim().is_empty() && after.trim().is_empty() && !body.contains(BEGIN);
    if alone { Ok(body) } else { Err(shape()) }
}
