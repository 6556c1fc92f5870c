//! What is due: the open requests, the most pressing first.

use super::kinds::{IdentityState, RequestStatus, RightsRegime, SubjectRight, TrafficLight};
use super::model::RightsRequest;
use super::{RightsRequestId, stores};
use crate::error::Result;
use crate::ground::sort;
use crate::ground::time::Date;
use crate::record::door::Reader;
use crate::record::filter::field;
use crate::record::list;
use crate::record::query::Query;
use crate::record::{Record, RecordData};

/// An open request in the list of what is due. It says nothing about the person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueRequest {
    /// The request.
    pub request: RightsRequestId,
    /// Its number.
    pub number: String,
    /// Which right.
    pub right: SubjectRight,
    /// Under which law.
    pub regime: RightsRegime,
    /// How far it is.
    pub status: RequestStatus,
    /// Whether it is known that the requester is the person.
    pub identity_state: IdentityState,
    /// How pressing it is.
    pub light: TrafficLight,
    /// The next day on which something is due: the acknowledgement, as long as it is owed, or else the answer.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_due: Option<Date>,
    /// The last day on which the answer is in time.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due_on: Option<Date>,
    /// How many days there are until then; negative when it is late, nothing while the clock stands still.
    pub days_left: Option<i64>,
    /// How many lines of work are open.
    pub open_tasks: i64,
}

/// Within how many days a request is pressing.
const PRESSING_DAYS: i64 = 7;

/// How pressing something is that is due in so many days; `waits` while the clock stands still.
pub(super) fn light(waits: bool, days_left: Option<i64>) -> TrafficLight {
    match days_left {
        _ if waits => TrafficLight::Paused,
        None => TrafficLight::NoClock,
        Some(days) if days < 0 => TrafficLight::Red,
        Some(days) if days <= PRESSING_DAYS => TrafficLight::Amber,
        Some(_) => TrafficLight::Green,
    }
}

/// The open requests, the first to be due first, those without a clock last; at most `limit`.
pub(super) fn open_requests(reader: &Reader<'_>, limit: u32) -> Result<Vec<DueRequest>> {
    let record_type = reader.schema.require(RightsRequest::NAME)?;
    let open = RequestStatus::ALL.iter().filter(|status| status.is_open());
    let is_open = field("status").is_in(open.map(|status| status.key()));
    let today = reader.engine.config.default_zone.date(reader.now());
    let mut due = Vec::new();
    let mut query = Query::new().filter(is_open).limit(crate::record::query::MAX_LIMIT);
    loop {
        let give = |data: RecordData| data.into_record::<RightsRequest>(record_type);
        let (requests, next) = list::page(reader, record_type, &query, give)?;
        for request in requests {
            due.push(line(reader, &request, today)?);
        }
        match next {
            Some(cursor) => query = query.after(cursor),
            None => break,
        }
    }
    // What is due on the same day stays in the order in which it came.
    sort::by_key(&mut due, |request| (request.next_due.is_none(), request.next_due));
    due.truncate(limit as usize);
    Ok(due)
}

fn line(reader: &Reader<'_>, request: &RightsRequest, today: Date) -> Result<DueRequest> {
    let status = request.status.unwrap_or_default();
    let owed = request.acknowledge_by.filter(|_| request.acknowledged_at.is_none());
    let next_due = [owed, request.due_on].into_iter().flatten().min();
    // Who still owes the acknowledgement does so whether the clock of the answer stands still or not.
    let waits = status == RequestStatus::Paused && owed.is_none();
    let days_left = next_due.filter(|_| !waits).map(|day| (day - today).num_days());
    Ok(DueRequest {
        request: request.meta.id.into(),
        number: request.number.clone().unwrap_or_default(),
        right: request.right,
        regime: request.regime,
        status,
        identity_state: request.identity_state.unwrap_or_default(),
        light: light(waits, days_left),
        next_due,
        due_on: request.due_on,
        days_left,
        open_tasks: stores::open_work(reader.connection, request.meta.id.into())?,
    })
}
