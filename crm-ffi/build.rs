//! Packs the schema document, and names the shared library as the dynamic linker looks for it.

use std::path::PathBuf;
use std::{env, fs, io};

/// The number behind `libcrm.so.`: that of the ABI, `c::library::ABI_VERSION`.
const ABI: u32 = 1;

const SCHEMA: &str = "../bindings/schema/operations.json";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("operations.json"), packed(&fs::read_to_string(SCHEMA)?))?;
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcrm.so.{ABI}");
    }
    Ok(())
}

/// JSON without the spaces between its tokens: a third of the file, which every host would carry along.
fn packed(json: &str) -> String {
    let (mut packed, mut quoted, mut escaped) = (String::with_capacity(json.len()), false, false);
    for character in json.chars() {
        if quoted || !character.is_ascii_whitespace() {
            packed.push(character);
        }
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
    }
    packed
}
