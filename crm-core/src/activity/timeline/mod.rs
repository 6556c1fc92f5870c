//! The timeline of a record: the activities on it and the changes of the record itself, the newest first.
//!
//! It merges the entries of `crm_timeline`, which every record type with a timeline keeps, with the journal entries
//! of the record. Both are read by an index from where the last page ended. Behind
//! [`Session::as_of`](crate::Session::as_of) it has what was there, and what was done, up to that time.
//!
//! ```
//! use crm_core::activity::{Note, TimelineQuery};
//! use crm_core::contacts::Organisation;
//! use crm_core::{Actor, Config, Crm, Purpose, Reference};
//! let crm = Crm::memory(Config::default())?;
//! let session = crm.session(Actor::System, Purpose::CustomerCare)?;
//! let acme = session.organisations().create(Organisation { name: "Acme".into(), ..Organisation::default() })?;
//! let about = Reference::new("organisation", acme.meta.id);
//! session.notes().create(Note { about: about.clone(), body: "Called".into(), ..Note::default() })?;
//! let page = session.timeline(&about, &TimelineQuery::default())?;
//! let kinds: Vec<&str> = page.records.iter().map(|item| item.kind.as_str()).collect();
//! assert_eq!(kinds, ["note", "change"]);
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod labels;
mod present;
mod sources;

use super::page::{check_limit, cursor, find, place};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::record::door::{Door, Reader, Snapshot, Transaction, read};
use crate::record::filter::OwnedParam;
use crate::record::query::{Cursor, DEFAULT_LIMIT};
use crate::record::unit::not_found;
use crate::record::{Page, Redaction, Reference};
use crate::session::Session;
use crate::storage::ReadMode;
use present::Presenter;
use sources::{Place, Sources, Wanted};

/// The kind of the items that are changes of the record itself.
pub const CHANGE: &str = "change";

/// Which part of a timeline is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineQuery {
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// Only these kinds: names of record types such as `note`, and [`CHANGE`]. All when there is none.
    pub kinds: Vec<String>,
    /// Whether the timeline of an organisation has the activities of its people, too.
    pub with_people: bool,
}

impl Default for TimelineQuery {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, cursor: None, kinds: Vec::new(), with_people: false }
    }
}

/// One item of a timeline.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineItem {
    /// The name of the record type of an activity, or [`CHANGE`].
    pub kind: String,
    /// When it took place, or is to take place.
    pub at: Timestamp,
    /// What it is, in a line.
    pub title: String,
    /// More about it, at most 160 characters.
    pub text: Option<String>,
    /// The activity, or the record that was changed.
    pub record: Reference,
    /// The user who entered it; `None` for the system.
    pub actor: Option<RecordId>,
    /// The name of that user.
    pub actor_name: Option<String>,
    /// What was done, for a change.
    pub operation: Option<Operation>,
    /// The number of the journal entry, for a change: what `journal().undo` takes.
    pub sequence: Option<u64>,
    /// The fields that were changed, for a change of fields.
    pub changes: Vec<TimelineChange>,
    /// Whether values of the change were erased and are missing here.
    pub erased: bool,
    /// The fields of the activity, or of the change, that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// A field that was changed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineChange {
    /// The name of the field.
    pub field: String,
    /// What people read for it.
    pub label: String,
    /// The value before.
    pub before: TimelineValue,
    /// The value after.
    pub after: TimelineValue,
}

/// A value with what people read for it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineValue {
    /// The JSON value.
    pub value: serde_json::Value,
    /// The label of an option, or the name of the record that a link points at. `None` for other values, and for a
    /// record that is gone or that the session may not see.
    pub label: Option<String>,
}

fn timeline(door: &dyn Door, subject: &Reference, query: &TimelineQuery) -> Result<Page<TimelineItem>> {
    let limit = check_limit(query.limit)?;
    let list = list_name(subject, query);
    let after: Option<Place> = query.cursor.as_ref().map(|cursor| place(&list, cursor)).transpose()?;
    read(door, ReadMode::Snapshot, |reader| {
        check_subject(reader, subject, query)?;
        let wanted = Wanted::of(reader, subject, query)?;
        let mut sources = Sources::after(reader, &wanted, after, limit + 1);
        let mut presenter = Presenter::new(reader, &wanted);
        let (mut items, mut last): (Vec<TimelineItem>, Option<Place>) = (Vec::new(), None);
        let mut next = None;
        while let Some((found, here)) = sources.next()? {
            let Some(item) = presenter.item(found)? else { continue };
            if items.len() == limit {
                next = last.map(|last| cursor(&list, &last)).transpose()?;
                break;
            }
            items.push(item);
            last = Some(here);
        }
        Ok(Page { records: items, next })
    })
}

/// What a cursor belongs to.
fn list_name(subject: &Reference, query: &TimelineQuery) -> String {
    let people = if query.with_people { " with people" } else { "" };
    format!("timeline of {subject}{people}: {}", query.kinds.join(","))
}

fn check_subject(reader: &Reader<'_>, subject: &Reference, query: &TimelineQuery) -> Result<()> {
    let record_type = reader.schema.require(&subject.record_type)?;
    if query.with_people && subject.record_type != "organisation" {
        let reason = "only an organisation has people";
        return Err(CrmError::invalid("timeline.people", reason).at("with_people"));
    }
    find(reader, record_type, "\"id\"", OwnedParam::Id(subject.id))?
        .map(|_| ())
        .ok_or_else(|| not_found(record_type.name()))
}

macro_rules! timeline_of {
    ($($door:ty),+) => {$(
        impl $door {
            /// The timeline of a record: its activities, the messages and whatever else stands on it, and its own
            /// changes, the newest first. What the session may not see is left out.
            ///
            /// # Errors
            /// `record.not_found`; `type.unknown`; `timeline.people`; `query.limit`, `cursor.invalid`, `cursor.other_query`.
            pub fn timeline(&self, subject: &Reference, query: &TimelineQuery) -> Result<Page<TimelineItem>> {
                timeline(self, subject, query)
            }
        }
    )+};
}
timeline_of!(Session, Transaction<'_, '_>, Snapshot<'_>, crate::record::door::Scope<'_>);
