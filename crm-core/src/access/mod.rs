//! Who may read what: the one place that the read path asks.
//!
//! Every list, count, group and search of the engine takes the predicate of the session's policy and compiles
//! it into its statement; there is no second way to read records.

pub mod users;

use crate::ground::ids::RecordId;
use crate::record::RecordType;
use crate::record::filter::{Filter, field};
use crate::session::Viewer;

/// Decides which records of a type a session sees.
pub trait AccessPolicy: Send + Sync {
    /// The condition that a record must meet to be seen; `None` when all are seen.
    fn predicate(&self, viewer: &Viewer, record_type: &RecordType) -> Option<Filter>;
}

/// Everybody sees everything.
#[derive(Clone, Copy, Debug)]
pub struct OpenAccess;

impl AccessPolicy for OpenAccess {
    fn predicate(&self, _viewer: &Viewer, _record_type: &RecordType) -> Option<Filter> {
        None
    }
}

/// Users see the records of these types that they or their teams own, and records that nobody owns.
///
/// ```
/// use crm_core::{Config, access::OwnAndTeam};
/// let config = Config::default().access(OwnAndTeam::of(&["deal", "case"]));
/// ```
#[derive(Clone, Debug)]
pub struct OwnAndTeam {
    record_types: Vec<String>,
}

impl OwnAndTeam {
    /// The policy for these record types; all others are seen by everybody.
    pub fn of(record_types: &[&str]) -> Self {
        Self { record_types: record_types.iter().map(|name| (*name).to_owned()).collect() }
    }
}

impl AccessPolicy for OwnAndTeam {
    fn predicate(&self, viewer: &Viewer, record_type: &RecordType) -> Option<Filter> {
        if viewer.user.is_nil() || !self.record_types.iter().any(|name| name == record_type.name()) {
            return None;
        }
        let owned = field("owner").equals(viewer.user);
        let shared = field("team").is_in(viewer.teams.iter().copied());
        let free = field("owner").is_null().and(field("team").is_null());
        Some(owned.or(shared).or(free))
    }
}

/// The identifiers of the teams of a user, as the viewer of a session holds them.
pub type Teams = Vec<RecordId>;
