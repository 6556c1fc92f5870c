//! Operations on cases: status, assignment, links, numbers, and what the queues hold.

use super::case_rules::{merged, move_to};
use super::ids::{CaseId, CaseLinkId, CaseStatusId, QueueId};
use super::kinds::{CaseLinkKind, StatusType};
use super::model::{Case, CaseLink, CaseMessage};
use super::queries;
use crate::access::users::UserId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::as_of::Past;
use crate::privacy::reading::small_groups;
use crate::record::door::{Reader, read, write};
use crate::record::filter::field;
use crate::record::list;
use crate::record::query::{GroupQuery, MAX_GROUPS, MAX_LIMIT, Measure, Query};
use crate::record::set::{require_visible, visible};
use crate::record::unit::{Origin, UnitOfWork, not_found};
use crate::record::{FieldType, Record, Records, Value};
use crate::storage::ReadMode;

/// For how long a case had a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusPeriod {
    /// The status.
    pub status: CaseStatusId,
    /// When the case got it.
    pub entered_at: Timestamp,
    /// When it got the next; empty while it lasts.
    pub left_at: Option<Timestamp>,
    /// The user who set it; nil for the system.
    pub entered_by: RecordId,
}

/// What a queue holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueOverview {
    /// The queue; empty for the cases in none.
    pub queue: Option<QueueId>,
    /// How many cases are open.
    pub open: u64,
    /// How many wait for the requester.
    pub pending: u64,
    /// How many wait for a third party.
    pub on_hold: u64,
    /// How many are resolved.
    pub resolved: u64,
    /// How many are closed.
    pub closed: u64,
    /// How many of the unfinished ones nobody is responsible for.
    pub unassigned: u64,
    /// When the oldest of the unfinished ones was opened.
    pub oldest: Option<Timestamp>,
}

/// A case as another case sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkedCase {
    /// The link.
    pub link: CaseLinkId,
    /// The other case.
    pub case: CaseId,
    /// The kind.
    pub kind: CaseLinkKind,
    /// What the asked case is to the other, in words: the kind's label, or its inverse.
    pub label: &'static str,
}

/// Where a reader finds cases and messages.
pub(super) fn tables(reader: &Reader<'_>) -> Result<queries::Tables> {
    Ok(queries::Tables {
        cases: reader.table(reader.schema.require(Case::NAME)?),
        messages: reader.table(reader.schema.require(CaseMessage::NAME)?),
    })
}

/// Sets fields of a case in the name of the session.
fn set(unit: &mut UnitOfWork<'_>, case: CaseId, values: &[(&str, Value)]) -> Result<Case> {
    let record_type = unit.record_type(Case::NAME)?;
    require_visible(unit, &record_type, case.into())?;
    let target = std::sync::Arc::clone(&record_type);
    unit.update(&record_type, case.into(), None, Origin::Host, &mut |data| {
        values.iter().try_for_each(|(name, value)| data.set(&target, name, value.clone()))
    })?
    .into_record(&record_type)
}

/// A case that the session may see.
pub(super) fn require_case(unit: &UnitOfWork<'_>, case: CaseId) -> Result<Case> {
    let record_type = unit.record_type(Case::NAME)?;
    require_visible(unit, &record_type, case.into())?;
    unit.require_record::<Case>(case)
}

impl Records<'_, Case> {
    /// Gives a case another status.
    ///
    /// # Errors
    /// `record.not_found`; `link.broken` for an unknown status; `case_status.inactive`; `case.merged`.
    pub fn set_status(&self, case: CaseId, status: CaseStatusId) -> Result<Case> {
        write(self.set.door, None, |unit| {
            let case = set(unit, case, &[("status", Value::Id(status.into()))])?;
            unit.shown(case)
        })
    }

    /// Resolves a case, with what has helped if it is told. A case that is resolved stays so.
    ///
    /// # Errors
    /// `record.not_found`; `case.merged`; `case_status.missing` when no status is of the type `resolved`.
    pub fn resolve(&self, case: CaseId, resolution: Option<&str>) -> Result<Case> {
        write(self.set.door, None, |unit| {
            if let Some(resolution) = resolution {
                set(unit, case, &[("resolution", Value::Text(resolution.to_owned()))])?;
            }
            let case = become_type(unit, case, StatusType::Resolved)?;
            unit.shown(case)
        })
    }

    /// Closes a case. A case that is closed stays so.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn close(&self, case: CaseId) -> Result<Case> {
        write(self.set.door, None, |unit| {
            let case = become_type(unit, case, StatusType::Closed)?;
            unit.shown(case)
        })
    }

    /// Opens a resolved or closed case again, and counts it.
    ///
    /// # Errors
    /// `record.not_found`; `case.merged`; `case.not_finished` for a case that is neither resolved nor closed.
    pub fn reopen(&self, case: CaseId) -> Result<Case> {
        write(self.set.door, None, |unit| {
            if !require_case(unit, case)?.status_type.is_some_and(StatusType::is_finished) {
                let reason = "is neither resolved nor closed";
                return Err(CrmError::new(ErrorKind::Rule, "case.not_finished", reason).at("status"));
            }
            become_type(unit, case, StatusType::Open)
        })
    }

    /// Makes a user responsible for a case.
    ///
    /// # Errors
    /// `record.not_found`; `link.broken` for an unknown user.
    pub fn assign(&self, case: CaseId, user: UserId) -> Result<Case> {
        write(self.set.door, None, |unit| {
            let case = set(unit, case, &[("owner", Value::Id(user.into()))])?;
            unit.shown(case)
        })
    }

    /// Leaves a case without anybody who is responsible for it. Its team stays.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn unassign(&self, case: CaseId) -> Result<Case> {
        write(self.set.door, None, |unit| {
            let case = set(unit, case, &[("owner", Value::Null)])?;
            unit.shown(case)
        })
    }

    /// Says that two cases have to do with each other: what the first is to the second.
    ///
    /// # Errors
    /// `record.not_found`; `case_link.itself`; `case_link.exists`, whichever of the two stands first.
    pub fn link(&self, first: CaseId, second: CaseId, kind: CaseLinkKind) -> Result<CaseLink> {
        write(self.set.door, None, |unit| {
            for case in [first, second] {
                require_case(unit, case)?;
            }
            unit.create_record(CaseLink { first, second, kind, ..CaseLink::default() })
        })
    }

    /// The cases that a case is linked with and that the session may see, in the order of the links.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn links(&self, case: CaseId) -> Result<Vec<LinkedCase>> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(Case::NAME)?;
            visible(reader, record_type, case.into())?.ok_or_else(|| not_found(Case::NAME))?;
            let link_type = reader.schema.require(CaseLink::NAME)?;
            let this = RecordId::from(case);
            let ends = field("first").equals(this).or(field("second").equals(this));
            let mut query = Query::new().filter(ends).limit(MAX_LIMIT);
            let mut linked = Vec::new();
            loop {
                let (links, next) =
                    list::page(reader, link_type, &query, |data| data.into_record::<CaseLink>(link_type))?;
                for link in links {
                    let is_first = link.first == case;
                    let other = if is_first { link.second } else { link.first };
                    if visible(reader, record_type, other.into())?.is_some() {
                        let label =
                            if is_first { link.kind.forward_label() } else { link.kind.inverse_label() };
                        linked.push(LinkedCase { link: link.id(), case: other, kind: link.kind, label });
                    }
                }
                match next {
                    Some(next) => query = query.after(next),
                    None => return Ok(linked),
                }
            }
        })
    }

    /// From when to when a case had which status, the earliest first.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn status_periods(&self, case: CaseId) -> Result<Vec<StatusPeriod>> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(Case::NAME)?;
            visible(reader, record_type, case.into())?.ok_or_else(|| not_found(Case::NAME))?;
            let field = record_type.require("status")?.number;
            let periods = queries::periods(reader.connection, case.into(), field)?;
            // Seen from an earlier time, what came after it has not happened yet.
            let at = reader.as_of.map_or(Timestamp::MAX, Past::at);
            Ok(periods
                .into_iter()
                .filter(|(_, entered_at, ..)| *entered_at <= at)
                .map(|(status, entered_at, left_at, entered_by)| StatusPeriod {
                    status: status.into(),
                    entered_at,
                    left_at: left_at.filter(|left_at| *left_at <= at),
                    entered_by,
                })
                .collect())
        })
    }

    /// The case with a number, however it is written (`C-00042`, `c-42` is too short). A case that was merged
    /// leads to the one that it was merged into.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn find_by_number(&self, number: &str) -> Result<Option<Case>> {
        let Some(number) = super::rules::number_in(number.trim()) else { return Ok(None) };
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(Case::NAME)?;
            let Some(id) = queries::case_by_number(reader.connection, &tables(reader)?, &number)? else {
                return Ok(None);
            };
            visible(reader, record_type, id)?.map(|data| data.into_record(record_type)).transpose()
        })
    }

    /// What each queue holds, of the cases that the session may see: first the cases in no queue, then the queues
    /// in the order of their identifiers. A queue without cases is not listed.
    ///
    /// # Errors
    /// `query.*` for more than ten thousand queues.
    pub fn queue_overview(&self) -> Result<Vec<QueueOverview>> {
        let unfinished = field("status_type").is_in(["open", "pending", "on_hold"]);
        let by_type = GroupQuery::new()
            .by("queue")
            .by("status_type")
            .measure(Measure::Count)
            .measure(Measure::Minimum("opened_at".into()))
            .limit(MAX_GROUPS);
        let unassigned = GroupQuery::new()
            .filter(unfinished.and(field("owner").is_null()))
            .by("queue")
            .measure(Measure::Count)
            .limit(MAX_GROUPS);
        let mut overviews = std::collections::BTreeMap::<Option<QueueId>, QueueOverview>::new();
        for row in small_groups::whole(self.group(&by_type)?)? {
            let [queue, status_type] = &row.keys[..] else { continue };
            let overview = overviews.entry(queue.as_id().map(QueueId)).or_default();
            let status_type: StatusType = FieldType::from_value(status_type.clone())?;
            let count = whole(&row.measures[0]);
            match status_type {
                StatusType::Open => overview.open = count,
                StatusType::Pending => overview.pending = count,
                StatusType::OnHold => overview.on_hold = count,
                StatusType::Resolved => overview.resolved = count,
                StatusType::Closed => overview.closed = count,
            }
            if let (false, Value::Timestamp(at)) = (status_type.is_finished(), &row.measures[1]) {
                overview.oldest = Some(overview.oldest.map_or(*at, |oldest| oldest.min(*at)));
            }
        }
        for row in small_groups::whole(self.group(&unassigned)?)? {
            let queue = row.keys.first().and_then(Value::as_id).map(QueueId);
            overviews.entry(queue).or_default().unassigned = whole(&row.measures[0]);
        }
        Ok(overviews.into_iter().map(|(queue, overview)| QueueOverview { queue, ..overview }).collect())
    }
}

fn whole(value: &Value) -> u64 {
    match value {
        Value::Integer(number) => u64::try_from(*number).unwrap_or_default(),
        _ => 0,
    }
}

/// Gives a case the default status of a type, unless its status is of the type.
fn become_type(unit: &mut UnitOfWork<'_>, case: CaseId, to: StatusType) -> Result<Case> {
    let current = require_case(unit, case)?;
    if current.merged_into.is_some() {
        return Err(merged());
    }
    if current.status_type == Some(to) {
        return Ok(current);
    }
    move_to(unit, case.into(), to)?;
    unit.require_record::<Case>(case)
}
