//! What can be done with reminders.

use super::ids::ReminderId;
use super::model::Reminder;
use super::page::{Page, check_limit, cursor, place, with_context};
use crate::access::users::UserId;
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::record::columns::read_record;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::filter::compile::Selection;
use crate::record::query::Cursor;
use crate::record::records::Records;
use crate::record::{Record, RecordType, Value};
use crate::storage::{ReadMode, query_all};

/// Which reminders are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ReminderQuery {
    /// Those of a user; of all users when nobody is named.
    pub user: Option<UserId>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

impl Default for ReminderQuery {
    fn default() -> Self {
        Self { user: None, limit: crate::record::query::DEFAULT_LIMIT, cursor: None }
    }
}

impl Records<'_, Reminder> {
    /// The reminders that are due by a moment and neither sent nor dismissed, the earliest first.
    ///
    /// # Errors
    /// `query.limit`, `cursor.invalid`, `cursor.other_query`.
    pub fn due(&self, until: Timestamp, query: &ReminderQuery) -> Result<Page<Reminder>> {
        let limit = check_limit(query.limit)?;
        let list = match query.user {
            Some(user) => format!("reminders of {user}"),
            None => "reminders".to_owned(),
        };
        let after: Option<(i64, i64)> =
            query.cursor.as_ref().map(|cursor| place(&list, cursor)).transpose()?;
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(Reminder::NAME)?;
            let mut found = rows(reader, record_type, query, until, after)?;
            let mut next = None;
            if found.len() > limit {
                found.truncate(limit);
                if let Some(last) = found.last() {
                    let Value::Timestamp(at) = last.get(record_type, "pending_at") else {
                        return Err(crate::record::data::damaged("pending_at"));
                    };
                    next = Some(cursor(&list, &(at.micros(), last.row_id))?);
                }
            }
            let items =
                found.into_iter().map(|data| data.into_record(record_type)).collect::<Result<Vec<_>>>()?;
            Ok(Page { items, next })
        })
    }

    /// Puts a reminder away.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn dismiss(&self, id: impl Into<ReminderId>) -> Result<Reminder> {
        let now = self.set.door.engine().clock.now();
        self.with(id.into(), &[("dismissed_at", Value::Timestamp(now))])
    }

    /// Notes that the host has sent a reminder by e-mail.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn mark_sent(&self, id: impl Into<ReminderId>) -> Result<Reminder> {
        let now = self.set.door.engine().clock.now();
        self.with(id.into(), &[("sent_at", Value::Timestamp(now))])
    }

    /// Reminds again at another moment. From now on the reminder does not follow its activity any more.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn snooze(&self, id: impl Into<ReminderId>, until: Timestamp) -> Result<Reminder> {
        let values = [
            ("due_at", Value::Timestamp(until)),
            ("seconds_before", Value::Null),
            ("dismissed_at", Value::Null),
            ("sent_at", Value::Null),
        ];
        self.with(id.into(), &values)
    }

    fn with(&self, id: ReminderId, values: &[(&str, Value)]) -> Result<Reminder> {
        self.typed(self.set.set(id.into(), values)?)
    }
}

fn rows(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &ReminderQuery,
    until: Timestamp,
    after: Option<(i64, i64)>,
) -> Result<Vec<crate::record::RecordData>> {
    let statement = with_context(reader, |context| {
        let mut selection = Selection::new(record_type, context)?;
        if let Some(user) = query.user {
            let user = selection.bind(OwnedParam::Id(user.into()));
            selection.restrict_sql(format!("t.\"user\" = {user}"));
        }
        let until = selection.bind(OwnedParam::Timestamp(until));
        selection.restrict_sql(format!("t.pending_at <= {until}"));
        if let Some((at, row_id)) = after {
            let at = selection.bind(OwnedParam::Timestamp(Timestamp::from_micros(at)));
            let row_id = selection.bind(OwnedParam::Integer(row_id));
            selection.restrict_sql(format!(
                "t.pending_at >= {at} AND (t.pending_at > {at} OR t.row_id > {row_id})"
            ));
        }
        let limit = selection.bind(OwnedParam::Integer(i64::from(query.limit) + 1));
        let mut statement = selection.statement(&format!("SELECT {}", record_type.statements().columns))?;
        statement.sql.push_str(&format!(" ORDER BY t.pending_at, t.row_id LIMIT {limit}"));
        Ok(statement)
    })?;
    query_all(reader.connection, &statement.sql, &statement.params(), |row| read_record(record_type, row))
}
