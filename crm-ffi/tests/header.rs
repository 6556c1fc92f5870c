//! The committed header is what cbindgen writes from the sources.

use std::path::Path;
use std::{env, fs};

/// The sources in the order in which a reader of the header wants them.
const SOURCES: [&str; 7] = ["status", "buffer", "library", "database", "session", "call", "events"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn header() -> String {
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("the settings are read");
    let builder = SOURCES.iter().fold(cbindgen::Builder::new().with_config(config), |builder, source| {
        builder.with_src(root().join(format!("src/c/{source}.rs")))
    });
    let mut written = Vec::new();
    builder.generate().expect("the sources are parsed").write(&mut written);
    String::from_utf8(written).expect("cbindgen writes UTF-8")
}

#[test]
fn the_header_is_fresh() {
    let (written, path) = (header(), root().join("include/crm.h"));
    if env::var_os("CRM_UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == committed,
        "include/crm.h is stale: CRM_UPDATE_SNAPSHOTS=1 cargo test -p crm-ffi --test header"
    );
}

#[test]
fn every_symbol_states_its_rules() {
    let header = header();
    // Each part ends with the comment of the symbol at the beginning of the next one.
    let parts: Vec<&str> = header.split("\nCRM_API\n").collect();
    for pair in parts.windows(2) {
        let comment = pair[0].rsplit("/**").next().unwrap_or_default();
        let symbol = pair[1].split('(').next().unwrap_or_default();
        for rule in ["Owner", "Threads", "NULL"] {
            assert!(comment.contains(rule), "{symbol} does not state its rule: {rule}");
        }
    }
    assert_eq!(parts.len() - 1, 17, "a symbol came or went: the ABI is frozen");
}
