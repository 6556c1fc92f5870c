//! What answers at the other end: PostgreSQL itself, or one of the distributed engines that speak its protocol.

use crate::storage::Residue;

/// A server, by what it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Server {
    /// PostgreSQL, and what is built from its source and changes none of the below.
    Postgres,
    /// YugabyteDB.
    Yugabyte,
    /// CockroachDB.
    Cockroach,
}

impl Server {
    /// The server that gives this answer to `SELECT version()`.
    pub(super) fn of_version(version: &str) -> Self {
        if version.contains("CockroachDB") {
            Self::Cockroach
        } else if version.contains("-YB-") {
            Self::Yugabyte
        } else {
            Self::Postgres
        }
    }

    /// Whether writers can queue at the lock of a table.
    pub(super) fn locks_tables(self) -> bool {
        self == Self::Postgres
    }

    /// Whether one of several that make the driver's tables can be let through at a time. Elsewhere each statement says
    /// `IF NOT EXISTS`, and who comes second is refused and opens the database again.
    pub(super) fn has_advisory_locks(self) -> bool {
        self != Self::Cockroach
    }

    /// Whether commits can be announced.
    pub(super) fn notifies(self) -> bool {
        self == Self::Postgres
    }

    /// Whether deleted rows lie there until `VACUUM`.
    pub(super) fn keeps_dead_rows(self) -> bool {
        self == Self::Postgres
    }

    /// Where deleted values stay when dead rows are gone.
    pub(super) fn remains(self) -> &'static [Residue] {
        match self {
            Self::Postgres => &[Residue::FreeSpace, Residue::WriteAheadLog, Residue::Copies],
            Self::Yugabyte | Self::Cockroach => {
                &[Residue::OldVersions, Residue::WriteAheadLog, Residue::Copies]
            }
        }
    }

    /// Whether the write-ahead log tells how far a replica is.
    pub(super) fn has_log_positions(self) -> bool {
        self == Self::Postgres
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn servers_are_told_apart() {
        for (version, server) in [
            ("PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64-pc-linux-gnu", Server::Postgres),
            ("PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu", Server::Yugabyte),
            ("CockroachDB CCL v25.1.0 (x86_64-pc-linux-gnu)", Server::Cockroach),
        ] {
            assert_eq!(Server::of_version(version), server, "{version}");
        }
    }
}
