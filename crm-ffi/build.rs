//! Packs the schema document, and names the shared library as the dynamic linker looks for it.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, io};

use miniz_oxide::deflate::compress_to_vec;

/// The number behind `libcrm.so.`: that of the ABI, `c::library::ABI_VERSION`.
const ABI: u32 = 1;

/// The level of compression: slow and small.
const BEST: u8 = 10;

const SCHEMA: &str = "../bindings/schema/operations.json";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let document = minified(&fs::read_to_string(SCHEMA)?);
    fs::write(out.join("operations.deflate"), compress_to_vec(document.as_bytes(), BEST))?;
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcrm.so.{ABI}");
        fold_copies();
    }
    Ok(())
}

/// Lets the linker keep one of several functions with the same code, when it is the one that comes with Rust.
fn fold_copies() {
    let (Some(rustc), Ok(target)) = (env::var_os("RUSTC"), env::var("TARGET")) else { return };
    let Ok(answer) = Command::new(rustc).args(["--print", "sysroot"]).output() else { return };
    let sysroot = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    let linker = sysroot.join("lib/rustlib").join(target).join("bin/gcc-ld");
    if linker.join("ld.lld").exists() {
        println!("cargo::rustc-cdylib-link-arg=-fuse-ld=lld");
        println!("cargo::rustc-cdylib-link-arg=-B{}", linker.display());
        println!("cargo::rustc-cdylib-link-arg=-Wl,--icf=safe");
    }
}

/// JSON without the spaces between its tokens.
fn minified(json: &str) -> String {
    let (mut minified, mut quoted, mut escaped) = (String::with_capacity(json.len()), false, false);
    for character in json.chars() {
        if quoted || !character.is_ascii_whitespace() {
            minified.push(character);
        }
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
    }
    minified
}
