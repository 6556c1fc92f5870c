//! The clock of a stored request: its facts out of the database, for the pure functions of [`clock`](super::clock).

use super::clock::{Calendar, ClockEvent, ClockRule, Deadlines, deadlines};
use super::kinds::{PauseReason, RequestStatus, RightsEventKind, RightsRegime, SubjectRight};
use super::model::RightsRequest;
use crate::crm::Engine;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::storage::{Connection, Param, Row, query_all};

/// The clock of a request as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestClock {
    /// By which day the requester must be told that the request was received, where the law demands that.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub acknowledge_by: Option<Date>,
    /// The last day on which the answer is in time, where the law gives a time.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due_on: Option<Date>,
    /// The last moment of that day in the zone of the controller.
    pub due_at: Option<Timestamp>,
    /// The last day on which the requester can be told of an extension, while there is none and the law knows one.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub extend_by: Option<Date>,
    /// Whether the time was extended.
    pub extended: bool,
    /// Since which day the clock stands still.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub paused_since: Option<Date>,
    /// Why it stands still.
    pub pause_reason: Option<PauseReason>,
    /// Whether the figures are the law's own, and not those that an authority recommends.
    pub statutory: bool,
    /// Where the law says so.
    pub source: Option<&'static str>,
}

impl RequestClock {
    /// The status of an open request that somebody works on, by its clock.
    pub(super) fn status(&self) -> RequestStatus {
        match self {
            _ if self.paused_since.is_some() => RequestStatus::Paused,
            _ if self.extended => RequestStatus::Extended,
            _ => RequestStatus::InProgress,
        }
    }
}

/// What the clock of a request depends on, besides what happened to it.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) right: SubjectRight,
    pub(super) regime: RightsRegime,
    pub(super) received_at: Timestamp,
}

impl Facts {
    pub(super) fn of(request: &RightsRequest) -> Self {
        let RightsRequest { right, regime, received_at, .. } = *request;
        Self { right, regime, received_at: received_at.unwrap_or_default() }
    }
}

/// A clock that is wound up: the rule that holds, and the working days that count.
pub(super) struct Clockwork<'e> {
    engine: &'e Engine,
    received: Date,
    pub(super) rule: Option<&'static ClockRule>,
    calendar: Calendar,
}

impl<'e> Clockwork<'e> {
    pub(super) fn of(engine: &'e Engine, connection: &dyn Connection, facts: Facts) -> Result<Self> {
        let received = engine.config.default_zone.date(facts.received_at);
        let rule = ClockRule::find(facts.regime, facts.right, received);
        let calendar = match rule {
            Some(rule) => rule.calendar(engine.config.default_country).with(own_holidays(connection)?),
            None => Calendar::default(),
        };
        Ok(Self { engine, received, rule, calendar })
    }

    /// The deadlines after what has happened to the request.
    pub(super) fn deadlines(&self, events: &[ClockEvent]) -> Option<Deadlines> {
        self.rule.map(|rule| deadlines(rule, self.received, events, &self.calendar))
    }

    /// The deadlines of a stored request.
    pub(super) fn deadlines_of(
        &self,
        connection: &dyn Connection,
        request: RecordId,
    ) -> Result<Option<Deadlines>> {
        let zone = self.engine.config.default_zone;
        let events = query_all(
            connection,
            "SELECT kind, \"at\", reason FROM rights_request_event WHERE request = ?1 \
             AND kind IN ('pause', 'resume', 'extend') ORDER BY \"at\", row_id",
            &[Param::Id(request)],
            |row| clock_event(row, |at| zone.date(at)),
        )?;
        Ok(self.deadlines(&events.into_iter().flatten().collect::<Vec<_>>()))
    }

    /// The last moment of a day where the controller is.
    pub(super) fn end_of(&self, day: Date) -> Timestamp {
        let next = day.succ_opt().unwrap_or(day);
        Timestamp::from_micros(self.engine.config.default_zone.start_of_day(next).micros() - 1)
    }

    /// The clock in words and figures.
    pub(super) fn show(&self, deadlines: Option<Deadlines>) -> RequestClock {
        let due_on = deadlines.and_then(|deadlines| deadlines.due);
        let paused = deadlines.and_then(|deadlines| deadlines.paused);
        RequestClock {
            acknowledge_by: deadlines.and_then(|deadlines| deadlines.acknowledge),
            due_on,
            due_at: due_on.map(|day| self.end_of(day)),
            extend_by: deadlines.and_then(|deadlines| deadlines.extend_by),
            extended: deadlines.is_some_and(|deadlines| deadlines.extended),
            paused_since: paused.map(|(since, _)| since),
            pause_reason: paused.map(|(_, reason)| reason),
            statutory: self.rule.is_some_and(|rule| rule.statutory),
            source: self.rule.map(|rule| rule.source),
        }
    }
}

fn clock_event(row: &dyn Row, day: impl Fn(Timestamp) -> Date) -> Result<Option<ClockEvent>> {
    let at = day(row.timestamp(1)?.unwrap_or_default());
    Ok(match row.text(0)?.unwrap_or_default().parse()? {
        RightsEventKind::Pause => {
            let reason = row.text(2)?.map(str::parse).transpose()?.unwrap_or_default();
            Some(ClockEvent::Pause(at, reason))
        }
        RightsEventKind::Resume => Some(ClockEvent::Resume(at)),
        RightsEventKind::Extend => Some(ClockEvent::Extend(at)),
        _ => None,
    })
}

fn own_holidays(connection: &dyn Connection) -> Result<Vec<Date>> {
    let days = query_all(connection, "SELECT \"date\" FROM public_holiday", &[], |row| row.date(0))?;
    Ok(days.into_iter().flatten().collect())
}
