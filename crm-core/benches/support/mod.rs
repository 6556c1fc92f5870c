//! What the benchmarks share: the rows, the floors in bare SQL, the engine, and the clock of the processor.
#![allow(dead_code, reason = "each bench takes what it needs")]

pub(crate) mod cpu;
pub(crate) mod data;
pub(crate) mod floor;
pub(crate) mod ours;

use std::path::{Path, PathBuf};

/// A folder for the databases of one run. It is removed when the value is dropped, unless `CRM_BENCH_KEEP` is set.
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
        if std::env::var_os("CRM_BENCH_KEEP").is_none() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Merges the full-text indexes of a database, be it a floor's or the engine's. A bulk load leaves segments behind, and
/// SQLite merges them bit by bit in whatever transactions come next: at 1,000,000 records one floor took three times what
/// the other did for the same row (416 and 153 µs a deal), depending on when the merging fell due.
pub(crate) fn settle(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'")
        .unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for name in names.map(Result::unwrap) {
        connection.execute_batch(&format!("INSERT INTO {name} ({name}) VALUES ('optimize')")).unwrap();
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

/// The bytes of a database file.
pub(crate) fn bytes_of(path: &Path) -> u64 {
    std::fs::metadata(path).map(|metadata| metadata.len()).unwrap_or_default()
}
