//! Requests of data subjects, what happened to them, and what is left to be done.

use super::ids::{
    AutomatedDecisionId, PublicHolidayId, RightsRequestEventId, RightsRequestId, RightsRequestTaskId,
};
use super::kinds::{
    IdentityState, PauseReason, RefusalGround, RequestChannel, RequestStatus, ReviewState, RightsEventKind,
    RightsRegime, SubjectRight, TaskState,
};
use crate::access::users::UserId;
use crate::contacts::PersonId;
use crate::ground::time::{Date, Timestamp};
use crate::privacy::kinds::LegalBasis;
use crate::record::{Meta, Record};

/// A request by which somebody exercises a right over their data. Its status, its clock and its identity state change
/// by the operations of [`Rights`](super::Rights) only, each of which leaves a [`RightsRequestEvent`].
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "rights_request",
    plural = "rights_requests",
    id = RightsRequestId,
    owned,
    subject = "person",
    timeline(at = "received_at", subjects("person")),
    index("status", "due_on"),
    rules = super::rules::RequestRules
)]
pub struct RightsRequest {
    /// What every record has.
    pub meta: Meta,
    /// The running number, for example `R-00042`.
    #[field(unique, read_only, search = detail, max = 30)]
    pub number: Option<String>,
    /// Which right.
    #[field(default = SubjectRight::Access)]
    pub right: SubjectRight,
    /// Under which law.
    #[field(default = RightsRegime::Gdpr)]
    pub regime: RightsRegime,
    /// The person whose data it is about, as soon as that is known. The request outlives the person's record.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The name of who asks.
    #[field(personal, max = 200)]
    pub requester_name: Option<String>,
    /// Where the answer goes: an e-mail address, a postal address, a telephone number.
    #[field(personal, max = 500)]
    pub requester_contact: Option<String>,
    /// What is asked for, in the words of the request.
    #[field(personal, long)]
    pub description: Option<String>,
    /// When it came: when it was entered, unless another time is given. The clock runs from here.
    #[field(filled, required)]
    pub received_at: Option<Timestamp>,
    /// The way by which it came.
    #[field(default = RequestChannel::Other)]
    pub channel: RequestChannel,
    /// Whether it is known that the requester is the person.
    #[field(read_only)]
    pub identity_state: Option<IdentityState>,
    /// How far it is.
    #[field(read_only)]
    pub status: Option<RequestStatus>,
    /// By which day the requester must be told that it was received, where the law demands that.
    #[field(read_only)]
    pub acknowledge_by: Option<Date>,
    /// When the requester was told.
    #[field(read_only)]
    pub acknowledged_at: Option<Timestamp>,
    /// The last day on which the answer is in time; nothing where the law gives no time. While the clock stands still,
    /// the day on which it would be if the requester had answered on the day on which it was stopped.
    #[field(read_only)]
    pub due_on: Option<Date>,
    /// The last moment of that day in the zone of the controller.
    #[field(read_only)]
    pub due_at: Option<Timestamp>,
    /// When it was answered, refused or otherwise closed.
    #[field(read_only)]
    pub completed_at: Option<Timestamp>,
    /// What the requester was told in the end.
    #[field(personal, long, read_only)]
    pub outcome: Option<String>,
    /// On which ground it was refused.
    #[field(read_only)]
    pub refusal_ground: Option<RefusalGround>,
    /// The request that says the same.
    #[field(read_only, on_delete = clear)]
    pub duplicate_of: Option<RightsRequestId>,
    /// The SHA-256 of the package that was handed out, in hexadecimal digits.
    #[field(personal, read_only, max = 64)]
    pub response_hash: Option<String>,
}

/// Something that happened to a request. Events are added by the operations and never changed.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "rights_request_event",
    plural = "rights_request_events",
    id = RightsRequestEventId,
    subject = "person",
    index("request", "at"),
    rules = super::rules::EventRules
)]
pub struct RightsRequestEvent {
    /// What every record has.
    pub meta: Meta,
    /// The request. The index that it has together with the time serves for it alone, too.
    #[field(on_delete = cascade, unindexed)]
    pub request: RightsRequestId,
    /// The person of the request.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// What happened.
    pub kind: RightsEventKind,
    /// When.
    pub at: Timestamp,
    /// Why the clock stands still.
    pub reason: Option<PauseReason>,
    /// What was said about it: how the identity was verified, why more time is needed.
    #[field(personal, long)]
    pub note: Option<String>,
}

/// The work that a request asks for in one store of data, so that a handler sees what is left. The lines are made when
/// the person is known.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "rights_request_task",
    plural = "rights_request_tasks",
    id = RightsRequestTaskId,
    subject = "person"
)]
pub struct RightsRequestTask {
    /// What every record has.
    pub meta: Meta,
    /// The request.
    #[field(on_delete = cascade)]
    pub request: RightsRequestId,
    /// The person of the request.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The store: the name of a record type, or whatever the host keeps outside of the engine.
    #[field(max = 100)]
    pub store: String,
    /// How many records were found there.
    pub count: Option<i64>,
    /// How far the work on it is.
    #[field(default = TaskState::Open)]
    pub state: TaskState,
    /// What was done, or why nothing was.
    #[field(personal, long)]
    pub note: Option<String>,
}

/// A decision that a program made about somebody, alone or nearly so (GDPR Article 22): with what it knew, by which
/// model, on which ground, and what a human made of it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "automated_decision",
    plural = "automated_decisions",
    id = AutomatedDecisionId,
    subject = "person",
    timeline(at = "decided_at", subjects("person")),
    rules = super::rules::DecisionRules
)]
pub struct AutomatedDecision {
    /// What every record has.
    pub meta: Meta,
    /// About whom.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// What was decided, for example `credit_limit`.
    #[field(max = 100)]
    pub decision: String,
    /// What came out.
    #[field(personal, max = 1_000)]
    pub result: String,
    /// What the program knew: the inputs with their values.
    #[field(personal)]
    pub inputs: Option<serde_json::Value>,
    /// Which model or set of rules it was, with its version.
    #[field(max = 200)]
    pub model: String,
    /// The logic behind it, in words that the person understands (GDPR Article 15(1)(h)).
    #[field(long)]
    pub logic: Option<String>,
    /// What follows from it for the person.
    #[field(long)]
    pub consequences: Option<String>,
    /// The key of the purpose.
    #[field(max = 100)]
    pub purpose: String,
    /// The legal ground (GDPR Article 22(2) knows contract, law and explicit consent).
    pub basis: Option<LegalBasis>,
    /// Whether no human took part.
    #[field(default = true)]
    pub solely_automated: Option<bool>,
    /// When it was made: when it was entered, unless another time is given.
    #[field(filled, required)]
    pub decided_at: Option<Timestamp>,
    /// How far the review by a human is.
    #[field(read_only)]
    pub review_state: Option<ReviewState>,
    /// The human who reviewed it.
    #[field(read_only, on_delete = clear)]
    pub reviewer: Option<UserId>,
    /// When it was reviewed.
    #[field(read_only)]
    pub reviewed_at: Option<Timestamp>,
    /// What the review came to, and why.
    #[field(personal, long, read_only)]
    pub review: Option<String>,
}

/// A day on which the controller does not work, besides weekends and the holidays that the engine
/// knows: a regional holiday, a day of mourning.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "public_holiday", plural = "public_holidays", id = PublicHolidayId, sort_key("name"))]
pub struct PublicHoliday {
    /// What every record has.
    pub meta: Meta,
    /// The day.
    #[field(indexed)]
    pub date: Date,
    /// What it is called.
    #[field(max = 150)]
    pub name: String,
}
