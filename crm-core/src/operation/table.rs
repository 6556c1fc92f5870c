//! The table itself, and how an operation is found in it.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::context::Context;
use super::input::Members;
use super::{areas, batch, records};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json::Sink;
use crate::record::schema::clip;

/// Whether an operation reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It changes nothing.
    Query,
    /// It may change records.
    Command,
}

/// What an actor must be allowed to do for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// To read records.
    Read,
    /// To change records.
    Write,
    /// To change what holds for everybody: custom fields, imports, undo.
    Administer,
}

/// What a host may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stability {
    /// Name, input and output stay; optional members may be added.
    Stable,
    /// It may change with any release.
    Unstable,
    /// It will be removed; the documentation says what to use instead.
    Deprecated,
}

/// The function behind an operation: takes the record type, empty for an operation of a single area, and the members of
/// the input, and writes the output into a sink.
pub(super) type Call = fn(&Context<'_>, &str, Members, &mut dyn Sink) -> Result<()>;

/// One operation.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The name: an area or a record type, a dot, what is done. For the operations that every record type has, only
    /// what is done.
    pub name: &'static str,
    /// Whether it reads or writes.
    pub kind: Kind,
    /// What the actor must be allowed to do. A declaration for hosts that guard their own doors: the engine itself limits
    /// what a session sees and changes by its access policy, not by this.
    pub permission: Permission,
    /// The version of the library that had it first.
    pub since: &'static str,
    /// What a host may rely on.
    pub stability: Stability,
    /// What it does, in Markdown: a sentence, then more if there is more to say. Empty without the feature `documentation`.
    pub documentation: &'static str,
    /// The codes of the errors that are special to it, `*` for a family. None without the feature `documentation`.
    pub errors: &'static [&'static str],
    /// Whether every record type has it: its whole name is that of the type, a dot and [`name`](Self::name).
    pub of_records: bool,
    pub(super) call: Call,
    #[cfg(feature = "schema")]
    pub(super) input: super::schema::Describe,
    #[cfg(feature = "schema")]
    pub(super) output: super::schema::Describe,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The operations that the records of every type have: `create` stands for `person.create`, `x_asset.create` and so on.
pub const RECORD_OPERATIONS: &[Operation] = records::OPERATIONS;

/// The operations of single areas, area by area.
const AREAS: &[&[Operation]] = &[
    areas::contacts::OPERATIONS,
    areas::sales::OPERATIONS,
    areas::service::OPERATIONS,
    areas::activity::OPERATIONS,
    areas::attachments::OPERATIONS,
    areas::search::OPERATIONS,
    areas::journal::OPERATIONS,
    areas::privacy::rights::OPERATIONS,
    areas::interchange::OPERATIONS,
    areas::customize::OPERATIONS,
    areas::privacy::erasure::OPERATIONS,
    areas::privacy::retention::OPERATIONS,
    areas::privacy::reading::OPERATIONS,
    areas::system::OPERATIONS,
    areas::privacy::notices::OPERATIONS,
    areas::privacy::consent::OPERATIONS,
    areas::privacy::suppression::OPERATIONS,
    areas::privacy::permits::OPERATIONS,
    batch::OPERATIONS,
];

/// All operations of single areas; those of [`RECORD_OPERATIONS`] come with every record type besides.
pub fn table() -> impl Iterator<Item = &'static Operation> {
    AREAS.iter().copied().flatten()
}

/// The operation with this name, and for an operation of records the name of their type.
///
/// ```
/// use crm_core::operation::find;
/// assert_eq!(find("deal.move_to")?.0.name, "deal.move_to");
/// let (operation, record_type) = find("person.create")?;
/// assert_eq!((operation.name, record_type), ("create", Some("person")));
/// # Ok::<(), crm_core::CrmError>(())
/// ```
///
/// # Errors
/// `operation.unknown`. Whether the record type exists shows when the operation runs.
pub fn find(name: &str) -> Result<(&'static Operation, Option<&str>)> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Operation>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        table().chain(RECORD_OPERATIONS).map(|operation| (operation.name, operation)).collect()
    });
    let of_records = || {
        let (record_type, what) = name.rsplit_once('.')?;
        let operation = by_name.get(what)?;
        operation.of_records.then_some((*operation, Some(record_type)))
    };
    match by_name.get(name) {
        Some(operation) if !operation.of_records => Ok((operation, None)),
        _ => of_records().ok_or_else(|| {
            CrmError::new(ErrorKind::Invalid, "operation.unknown", "there is no such operation")
                .at(clip(name))
        }),
    }
}
