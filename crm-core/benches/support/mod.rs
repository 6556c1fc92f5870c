//! What both benchmarks share: the rows, the floors in bare SQL, the engine, and the clock of the processor.
#![allow(dead_code, reason = "each of the two benches takes what it needs")]

pub(crate) mod cpu;
pub(crate) mod data;
pub(crate) mod floor;
pub(crate) mod ours;

use std::path::{Path, PathBuf};

/// A folder for the databases of one run. It is removed when the value is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new empty folder under `CRM_BENCH_DIR`, or under the one for temporary files.
    pub(crate) fn new(name: &str) -> Self {
        let root = std::env::var_os("CRM_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        let path = root.join(format!("crm-bench-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written to");
        Self(path)
    }

    /// The path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The bytes of a database file.
pub(crate) fn bytes_of(path: &Path) -> u64 {
    std::fs::metadata(path).map(|metadata| metadata.len()).unwrap_or_default()
}
