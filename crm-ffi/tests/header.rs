//! The committed header is what cbindgen writes from the sources.

use std::path::Path;
use std::{env, fs};

/// The sources in the order in which a reader of the header wants them.
const SOURCES: [&str; 7] = ["status", "buffer", "library", "database", "session", "call", "events"];

#[test]
fn the_header_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let builder = SOURCES.iter().fold(cbindgen::Builder::new().with_config(config), |builder, source| {
        builder.with_src(root.join(format!("src/c/{source}.rs")))
    });
    let mut written = Vec::new();
    builder.generate().unwrap().write(&mut written);
    let written = String::from_utf8(written).unwrap();
    let path = root.join("include/crm.h");
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
    let header = include_str!("../include/crm.h");
    let mut symbols = 0;
    for (before, declaration) in header.split("CRM_API").skip(2).zip(header.split("CRM_API").skip(3)) {
        let comment = before.rsplit("/**").next().unwrap_or_default();
        let name = declaration.split('(').next().unwrap_or_default();
        symbols += 1;
        for rule in ["Owner", "Threads", "NULL"] {
            assert!(comment.contains(rule), "{name} does not state its rule: {rule}");
        }
    }
    assert_eq!(symbols, 17);
}
