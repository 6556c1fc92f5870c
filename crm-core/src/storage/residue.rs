//! Where deleted values stay for a while, out of the reach of whoever deleted them.

/// A place of that sort. A file of SQLite has none: what is deleted is overwritten, and the log can be emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Residue {
    /// The free space inside of pages, which nobody can select from and nobody has overwritten.
    FreeSpace,
    /// The write-ahead log of a server.
    WriteAheadLog,
    /// Versions of rows that a distributed engine keeps for readers of the past.
    OldVersions,
    /// Replicas, archives of the log, backups.
    Copies,
}

impl Residue {
    /// What ends it, in words and commands for whoever runs the server.
    pub fn ended_by(self) -> &'static str {
        match self {
            Self::FreeSpace => "VACUUM (FULL, ANALYZE), or rows that take the space",
            Self::WriteAheadLog => {
                "CHECKPOINT, and the log being written on until its segments are used again"
            }
            Self::OldVersions => "the garbage collection of the engine",
            Self::Copies => "the replicas following, and the retention of archives and backups",
        }
    }
}
