//! What is done with a request: each step checks what was before, leaves an event, and moves the clock.

use super::clockwork::{Clockwork, Facts};
use super::kinds::{IdentityState, PauseReason, RefusalGround, RequestStatus, RightsEventKind};
use super::model::{RightsRequest, RightsRequestEvent};
use super::rules::closed;
use super::{RightsRequestId, stores};
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::time::Timestamp;
use crate::record::set::require_visible;
use crate::record::unit::UnitOfWork;
use crate::record::{FieldType, Record, Value};
use crate::storage::{Param, query_one};

/// What became of the question who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityCheck {
    /// What came of it: requested, verified or failed.
    pub state: IdentityState,
    /// The person that the requester is, when that was found out.
    pub person: Option<PersonId>,
    /// How it was checked. No copy of a document belongs here.
    pub note: Option<String>,
    /// When; now when nothing is said.
    pub at: Option<Timestamp>,
}

/// A step of a request: its event, before it is written.
#[derive(Default)]
pub(super) struct Step {
    pub(super) kind: RightsEventKind,
    pub(super) at: Option<Timestamp>,
    pub(super) reason: Option<PauseReason>,
    pub(super) note: Option<String>,
}

impl Step {
    pub(super) fn new(kind: RightsEventKind, at: Option<Timestamp>, note: Option<String>) -> Self {
        Self { kind, at, reason: None, note }
    }
}

/// A request that is worked on inside a unit of work.
pub(super) struct Handled<'u, 'w> {
    pub(super) unit: &'u mut UnitOfWork<'w>,
    pub(super) request: RightsRequest,
}

impl<'u, 'w> Handled<'u, 'w> {
    /// The request, which must be open.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`.
    pub(super) fn open(unit: &'u mut UnitOfWork<'w>, id: RightsRequestId) -> Result<Self> {
        let record_type = unit.record_type(RightsRequest::NAME)?;
        require_visible(unit, &record_type, id.into())?;
        let request: RightsRequest = unit.require_record(id)?;
        if !request.status.unwrap_or_default().is_open() {
            return Err(closed());
        }
        Ok(Self { unit, request })
    }

    pub(super) fn id(&self) -> RightsRequestId {
        self.request.meta.id.into()
    }

    fn clockwork(&self) -> Result<Clockwork<'w>> {
        Clockwork::of(self.unit.engine, self.unit.connection, Facts::of(&self.request))
    }

    /// Writes the event of a step, which lies neither in the future nor before the one before it.
    ///
    /// # Errors
    /// `rights.time`.
    pub(super) fn note(&mut self, step: Step) -> Result<()> {
        let now = self.unit.now();
        let at = step.at.unwrap_or(now);
        let last = query_one(
            self.unit.connection,
            "SELECT MAX(\"at\") FROM rights_request_event WHERE request = ?1",
            &[Param::Id(self.id().into())],
            |row| row.timestamp(0),
        )?;
        let earliest = last.flatten().or(self.request.received_at);
        if at > now || earliest.is_some_and(|earliest| at < earliest) {
            let reason = "lies in the future, or before the last event of the request";
            return Err(CrmError::invalid("rights.time", reason).at("at"));
        }
        self.unit.create_record(RightsRequestEvent {
            request: self.id(),
            person: self.request.person,
            kind: step.kind,
            at,
            reason: step.reason,
            note: step.note,
            ..RightsRequestEvent::default()
        })?;
        Ok(())
    }

    /// Sets fields of the request.
    pub(super) fn set(&mut self, values: &[(&str, Value)]) -> Result<()> {
        let record_type = self.unit.record_type(RightsRequest::NAME)?;
        let data = self.unit.set(&record_type, self.request.meta.id, values)?;
        self.request = data.into_record(&record_type)?;
        Ok(())
    }

    /// Sets the deadlines and the status that follow from the events.
    fn follow_clock(&mut self) -> Result<()> {
        let clockwork = self.clockwork()?;
        let deadlines = clockwork.deadlines_of(self.unit.connection, self.id().into())?;
        let clock = clockwork.show(deadlines);
        self.set(&[
            ("due_on", clock.due_on.into_value()),
            ("due_at", clock.due_at.into_value()),
            ("status", clock.status().into_value()),
        ])
    }

    /// Stops the clock.
    pub(super) fn pause(
        &mut self,
        reason: PauseReason,
        at: Option<Timestamp>,
        note: Option<String>,
    ) -> Result<()> {
        if !self.can_pause(reason)? {
            let reason = "the law of the request knows no pause for this reason";
            return Err(CrmError::new(ErrorKind::Rule, "rights.pause.not_allowed", reason).at("reason"));
        }
        if self.request.status == Some(RequestStatus::Paused) {
            return Err(CrmError::new(ErrorKind::Rule, "rights.paused", "the clock stands still already")
                .at("request"));
        }
        self.in_time(at)?;
        self.note(Step { kind: RightsEventKind::Pause, at, reason: Some(reason), note })?;
        self.follow_clock()
    }

    fn can_pause(&self, reason: PauseReason) -> Result<bool> {
        let rule = self.clockwork()?.rule;
        Ok(rule.is_some_and(|rule| rule.pause_effect(reason) != super::clock::PauseEffect::None))
    }

    /// Refuses what would move a clock that has run down.
    fn in_time(&self, at: Option<Timestamp>) -> Result<()> {
        let at = at.unwrap_or(self.unit.now());
        if self.request.due_at.is_some_and(|due| at > due) {
            let reason = "the time to answer has run out";
            return Err(CrmError::new(ErrorKind::Rule, "rights.overdue", reason).at("at"));
        }
        Ok(())
    }

    /// Lets the clock go on.
    pub(super) fn resume(&mut self, at: Option<Timestamp>, note: Option<String>) -> Result<()> {
        if self.request.status != Some(RequestStatus::Paused) {
            let reason = "the clock does not stand still";
            return Err(CrmError::new(ErrorKind::Rule, "rights.not_paused", reason).at("request"));
        }
        self.note(Step::new(RightsEventKind::Resume, at, note))?;
        self.follow_clock()
    }

    /// Extends the time to answer.
    pub(super) fn extend(&mut self, at: Option<Timestamp>, note: Option<String>) -> Result<()> {
        let clockwork = self.clockwork()?;
        let deadlines = clockwork.deadlines_of(self.unit.connection, self.id().into())?;
        if deadlines.is_none_or(|deadlines| deadlines.extend_by.is_none()) {
            let reason = "the law of the request knows no extension, or no further one";
            return Err(CrmError::new(ErrorKind::Rule, "rights.extension.not_allowed", reason).at("request"));
        }
        if note.as_deref().unwrap_or_default().trim().is_empty() {
            let reason = "the requester must be told why it takes longer";
            return Err(CrmError::invalid("field.required", reason).at("reason"));
        }
        self.in_time(at)?;
        self.note(Step::new(RightsEventKind::Extend, at, note))?;
        self.follow_clock()
    }

    /// Notes what became of the question who asks, and stops the clock for it where the law says so.
    pub(super) fn check_identity(&mut self, check: IdentityCheck) -> Result<()> {
        let IdentityCheck { state, person, note, at } = check;
        let kind = match state {
            IdentityState::Requested => RightsEventKind::IdentityRequested,
            IdentityState::Verified => RightsEventKind::IdentityVerified,
            IdentityState::Failed => RightsEventKind::IdentityFailed,
            IdentityState::NotNeeded | IdentityState::Unverified => {
                let reason = "is not one of: requested, verified, failed";
                return Err(CrmError::invalid("rights.identity.state", reason).at("state"));
            }
        };
        self.note(Step::new(kind, at, note))?;
        let mut values = vec![("identity_state", state.into_value())];
        values.extend(person.map(|person| ("person", Value::Id(person.into()))));
        self.set(&values)?;
        let paused = self.request.status == Some(RequestStatus::Paused);
        match state {
            // Who asks for proof when the time has run out gets no more of it.
            IdentityState::Requested
                if !paused && self.can_pause(PauseReason::Identity)? && self.in_time(at).is_ok() =>
            {
                self.pause(PauseReason::Identity, at, None)
            }
            IdentityState::Verified if paused && self.paused_for()? == Some(PauseReason::Identity) => {
                self.resume(at, None)
            }
            _ => Ok(()),
        }
    }

    fn paused_for(&self) -> Result<Option<PauseReason>> {
        let deadlines = self.clockwork()?.deadlines_of(self.unit.connection, self.id().into())?;
        Ok(deadlines.and_then(|deadlines| deadlines.paused).map(|(_, reason)| reason))
    }

    /// Refuses to hand out or to change data for somebody who may be somebody else.
    ///
    /// # Errors
    /// `rights.identity`.
    pub(super) fn require_identity(&self) -> Result<()> {
        if self.request.identity_state.unwrap_or_default().suffices() {
            return Ok(());
        }
        let reason = "it is not verified that the requester is the person";
        Err(CrmError::new(ErrorKind::Rule, "rights.identity", reason).at("request"))
    }

    /// The person of the request.
    ///
    /// # Errors
    /// `rights.person_missing`.
    pub(super) fn require_person(&self) -> Result<PersonId> {
        self.request.person.ok_or_else(|| person_missing().at("request"))
    }

    /// Notes that the requester was told that the request was received.
    pub(super) fn acknowledge(&mut self, at: Option<Timestamp>) -> Result<()> {
        self.note(Step::new(RightsEventKind::Acknowledged, at, None))?;
        let at = at.unwrap_or(self.unit.now());
        let mut values = vec![("acknowledged_at", Value::Timestamp(at))];
        if self.request.status == Some(RequestStatus::Received) {
            values.push(("status", RequestStatus::InProgress.into_value()));
        }
        self.set(&values)
    }

    /// Closes the request as answered. Nothing may be left to be done.
    pub(super) fn complete(&mut self, outcome: Option<String>) -> Result<()> {
        self.require_identity()?;
        let open = stores::open_work(self.unit.connection, self.id())?;
        if open > 0 {
            let reason = "lines of work are open: finish them, or say that the right does not reach them";
            return Err(CrmError::new(ErrorKind::Rule, "rights.work_open", reason)
                .at("request")
                .detail("open", open));
        }
        self.close(RequestStatus::Completed, RightsEventKind::Completed, outcome, Vec::new())
    }

    /// Refuses the request. The requester is told why, and where to complain (GDPR Article 12(4)).
    pub(super) fn refuse(&mut self, ground: RefusalGround, outcome: Option<String>) -> Result<()> {
        let ground = vec![("refusal_ground", ground.into_value())];
        self.close(RequestStatus::Refused, RightsEventKind::Refused, outcome, ground)
    }

    /// Notes that the requester took the request back.
    pub(super) fn withdraw(&mut self, note: Option<String>) -> Result<()> {
        self.close(RequestStatus::Withdrawn, RightsEventKind::Withdrawn, note, Vec::new())
    }

    /// Closes the request as one that says what another one says.
    pub(super) fn mark_duplicate(&mut self, of: RightsRequestId) -> Result<()> {
        if of == self.id() {
            return Err(CrmError::invalid("rights.itself", "is the request itself").at("of"));
        }
        let record_type = self.unit.record_type(RightsRequest::NAME)?;
        require_visible(self.unit, &record_type, of.into()).map_err(|error| error.at("of"))?;
        self.unit.require_record::<RightsRequest>(of).map_err(|error| error.at("of"))?;
        let of = vec![("duplicate_of", Value::Id(of.into()))];
        self.close(RequestStatus::Duplicate, RightsEventKind::Duplicate, None, of)
    }

    fn close(
        &mut self,
        status: RequestStatus,
        kind: RightsEventKind,
        outcome: Option<String>,
        mut values: Vec<(&'static str, Value)>,
    ) -> Result<()> {
        self.note(Step::new(kind, None, None))?;
        values.push(("status", status.into_value()));
        values.push(("completed_at", Value::Timestamp(self.unit.now())));
        values.push(("outcome", outcome.into_value()));
        self.set(&values)
    }
}

/// The error for a request whose person is not known yet, or for an input that names nobody.
pub(super) fn person_missing() -> CrmError {
    CrmError::invalid("rights.person_missing", "it must be known whose data it is about")
}
