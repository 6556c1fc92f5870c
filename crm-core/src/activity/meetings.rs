//! What can be done with meetings.

use super::decisions::LONGEST_MEETING_DAYS;
use super::ids::{MeetingAttendeeId, MeetingId};
use super::model::{Meeting, MeetingAttendee};
use super::options::AttendeeResponse;
use crate::access::users::UserId;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::door::{Reader, read};
use crate::record::records::Records;
use crate::record::set::visible;
use crate::record::{FieldType, Record, Reference};
use crate::storage::{Param, ReadMode, query_all};

/// The longest time that is searched for meetings, in days.
const LONGEST_SEARCH_DAYS: i64 = 366;

/// A time at which a user is in a planned meeting.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BusyTime {
    /// When the meeting starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The meeting; `None` for one that the session may not see.
    pub meeting: Option<MeetingId>,
}

/// Meetings that overlap `?2` to `?3` and start at `?4` or later, of the attendee `?1` or the owner `?5`, without `?6`.
/// An owner who is an attendee, too, counts by the answer.
fn busy_sql(meetings: &str, attendees: &str) -> String {
    format!(
        "SELECT starts_at, ends_at, meeting FROM {attendees} AS t \
         WHERE attendee = ?1 AND agenda_at >= ?4 AND agenda_at < ?3 AND ends_at > ?2 AND meeting <> ?6 \
         UNION ALL \
         SELECT starts_at, ends_at, \"id\" FROM {meetings} AS t \
         WHERE owner = ?5 AND agenda_at >= ?4 AND agenda_at < ?3 AND ends_at > ?2 AND \"id\" <> ?6 \
         AND NOT EXISTS (SELECT 1 FROM {attendees} AS a WHERE a.meeting = t.\"id\" AND a.attendee = ?1) \
         ORDER BY 1, 2, 3"
    )
}

impl Records<'_, Meeting> {
    /// Notes the answer of an attendee. One who declines is free at that time.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn respond(
        &self,
        attendee: impl Into<MeetingAttendeeId>,
        response: AttendeeResponse,
    ) -> Result<MeetingAttendee> {
        let attendees = Records::<MeetingAttendee>::behind(self.set.door);
        let id: MeetingAttendeeId = attendee.into();
        attendees.set.set(id.into(), &[("response", response.into_value())])?.typed()
    }

    /// When a user is in planned meetings between two moments, in the order of their start: as owner, or as an
    /// attendee who has not declined. Meetings that only touch the time are left out, and so is `except`: the
    /// meeting that is to be moved.
    ///
    /// All meetings count, those that the session may not see without saying which they are.
    ///
    /// # Errors
    /// `meeting.search` when the time is empty or longer than 366 days.
    pub fn busy(
        &self,
        user: impl Into<UserId>,
        from: Timestamp,
        to: Timestamp,
        except: Option<MeetingId>,
    ) -> Result<Vec<BusyTime>> {
        if to <= from || to > from.plus_days(LONGEST_SEARCH_DAYS) {
            let reason = format!("is not between the start and {LONGEST_SEARCH_DAYS} days after it");
            return Err(CrmError::invalid("meeting.search", reason).at("to"));
        }
        let user = RecordId::from(user.into());
        let attendee = Reference::new("user", user).to_string();
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let parameters = [
                Param::Text(&attendee),
                Param::Timestamp(from),
                Param::Timestamp(to),
                Param::Timestamp(from.plus_days(-LONGEST_MEETING_DAYS)),
                Param::Id(user),
                Param::Id(except.map_or(RecordId::NIL, Into::into)),
            ];
            let table = |name| Ok::<_, CrmError>(reader.table(reader.schema.require(name)?));
            let sql = busy_sql(&table("meeting")?, &table("meeting_attendee")?);
            let found = query_all(reader.connection, &sql, &parameters, |row| {
                Ok((
                    row.timestamp(0)?.unwrap_or_default(),
                    row.timestamp(1)?.unwrap_or_default(),
                    row.id(2)?.unwrap_or_default(),
                ))
            })?;
            found
                .into_iter()
                .map(|(starts_at, ends_at, id)| {
                    Ok(BusyTime { starts_at, ends_at, meeting: seen(reader, id)? })
                })
                .collect()
        })
    }
}

/// The meeting, if the session may see it.
fn seen(reader: &Reader<'_>, id: RecordId) -> Result<Option<MeetingId>> {
    let record_type = reader.schema.require(Meeting::NAME)?;
    if reader.engine.access.predicate(reader.viewer, record_type).is_none() {
        return Ok(Some(id.into()));
    }
    Ok(visible(reader, record_type, id)?.map(|_| id.into()))
}
