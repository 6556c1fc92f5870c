//! The records of service.

use super::ids::{
    CaseCategoryId, CaseId, CaseLinkId, CaseMessageId, CaseParticipantId, CaseStatusId, QueueId,
};
use super::kinds::{
    CaseLinkKind, CasePriority, Channel, FollowUp, MessageDirection, MessageVisibility, ParticipantRole,
    StatusType,
};
use crate::access::users::{TeamId, UserId};
use crate::contacts::{OrganisationId, PersonId};
use crate::ground::time::Timestamp;
use crate::record::{Meta, Record, Reference};

/// Where cases wait for those who work on them.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "queue", plural = "queues", id = QueueId, sort_key("name"))]
pub struct Queue {
    /// What every record has.
    pub meta: Meta,
    /// The name.
    #[field(unique, search = title, max = 200)]
    pub name: String,
    /// What belongs into the queue.
    #[field(long)]
    pub description: Option<String>,
    /// The user to whom a case goes that comes into the queue.
    #[field(on_delete = clear)]
    pub default_assignee: Option<UserId>,
    /// The team to which a case goes that comes into the queue.
    #[field(on_delete = clear)]
    pub default_team: Option<TeamId>,
    /// What an answer of the requester does to a finished case.
    #[field(default = FollowUp::Reopen)]
    pub follow_up: FollowUp,
    /// For how many days after its end an answer opens a case again; always when empty.
    #[field(range(0, 36_500))]
    pub reopen_days: Option<i64>,
    /// Whether new cases may come into the queue.
    #[field(default = true)]
    pub active: Option<bool>,
}

/// A status that a case can have. Teams name their own; each is of a type that the engine knows.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case_status",
    plural = "case_statuses",
    id = CaseStatusId,
    sort_key("name"),
    index("status_type"),
    rules = super::statuses::StatusRules
)]
pub struct CaseStatus {
    /// What every record has.
    pub meta: Meta,
    /// What people read.
    #[field(max = 100)]
    pub name: String,
    /// The stable key for programs, for example `waiting_for_parts`.
    #[field(unique, max = 60)]
    pub key: String,
    /// How the status counts. It cannot be changed while cases have the status.
    pub status_type: StatusType,
    /// Where it stands among the others, from the least.
    pub position: Option<i64>,
    /// Whether it is the one that a case gets when only the type is named. One of each type is.
    pub is_default: bool,
    /// Whether cases may get it.
    #[field(default = true)]
    pub active: Option<bool>,
}

/// What a case is about, as a tree.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case_category",
    plural = "case_categories",
    id = CaseCategoryId,
    sort_key("name"),
    rules = super::relation_rules::CategoryRules
)]
pub struct CaseCategory {
    /// What every record has.
    pub meta: Meta,
    /// The name.
    #[field(search = title, max = 200)]
    pub name: String,
    /// The category that it is a part of.
    #[field(on_delete = restrict)]
    pub parent: Option<CaseCategoryId>,
}

/// A request that somebody has to answer. `meta.owner` is the assignee, `meta.team` the team.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case",
    plural = "cases",
    id = CaseId,
    owned,
    subject = "requester",
    index("status_type", "queue", "owner", "opened_at"),
    rules = super::case_rules::CaseRules
)]
pub struct Case {
    /// What every record has.
    pub meta: Meta,
    /// The running number, for example `C-00042`. It is given once and never again.
    #[field(unique, read_only, search = detail, max = 30)]
    pub number: Option<String>,
    /// What it is about, in one line.
    #[field(personal = communication, search = title, max = 500)]
    pub subject: String,
    /// What it is about, at length.
    #[field(personal = communication, long, search = body)]
    pub description: Option<String>,
    /// The status. A new case gets the default one of the type `open`.
    #[field(filled, periods, unindexed, on_delete = restrict)]
    pub status: CaseStatusId,
    /// The type of the status, so that lists of what is to be done need no detour.
    #[field(read_only)]
    pub status_type: Option<StatusType>,
    /// How urgent it is.
    #[field(default = CasePriority::Normal)]
    pub priority: CasePriority,
    /// What it is about, as a category.
    #[field(on_delete = restrict)]
    pub category: Option<CaseCategoryId>,
    /// The way by which it came.
    #[field(default = Channel::Other)]
    pub channel: Channel,
    /// The queue that it waits in.
    #[field(on_delete = restrict)]
    pub queue: Option<QueueId>,
    /// The person who asks. While there are cases, the person cannot be deleted.
    #[field(on_delete = restrict)]
    pub requester: Option<PersonId>,
    /// The organisation for which the person asks; that of the requester when none is given.
    #[field(on_delete = restrict)]
    pub organisation: Option<OrganisationId>,
    /// When it was opened: when it was created, unless another time is given.
    pub opened_at: Option<Timestamp>,
    /// When the requester got the first answer.
    #[field(at_creation)]
    pub first_response_at: Option<Timestamp>,
    /// When it was resolved, while it is.
    #[field(at_creation)]
    pub resolved_at: Option<Timestamp>,
    /// When it was closed, while it is.
    #[field(at_creation)]
    pub closed_at: Option<Timestamp>,
    /// How often it was opened again.
    #[field(read_only, default = 0)]
    pub reopened_count: Option<i64>,
    /// The case that it was merged into. Such a case stays closed.
    #[field(read_only, on_delete = cascade)]
    pub merged_into: Option<CaseId>,
    /// Until when the requester is given time; cleared when the case is no longer pending.
    pub pending_until: Option<Timestamp>,
    /// How it was resolved.
    #[field(personal = communication, long, search = body)]
    pub resolution: Option<String>,
    /// Free tags.
    #[field(search = detail)]
    pub tags: Vec<String>,
    /// Where the case came from, for example the name of a form.
    #[field(max = 150)]
    pub source: Option<String>,
}

/// A message of a case: what came in, what went out, what was noted.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case_message",
    plural = "case_messages",
    id = CaseMessageId,
    subject = "person",
    timeline(at = "sent_at", subjects("case", "person")),
    index("case", "sent_at"),
    rules = super::message_rules::MessageRules
)]
pub struct CaseMessage {
    /// What every record has.
    pub meta: Meta,
    /// The case. Messages move to another one by a merge or a split only.
    #[field(on_delete = cascade)]
    pub case: CaseId,
    /// Where it goes.
    pub direction: MessageDirection,
    /// Who may read it; a note is internal and all else public when nothing is said.
    pub visibility: Option<MessageVisibility>,
    /// The way that it came or went.
    #[field(default = Channel::Other)]
    pub channel: Channel,
    /// Who wrote it: a user or a person.
    #[field(on_delete = clear)]
    pub author: Option<Reference>,
    /// The person whose message it is or to whom it goes; the requester when nobody is named.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The subject.
    #[field(personal = communication, search = title, max = 500)]
    pub subject: Option<String>,
    /// The text.
    #[field(personal = communication, long, search = body)]
    pub body: Option<String>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// The message that it answers.
    #[field(on_delete = clear)]
    pub in_reply_to: Option<CaseMessageId>,
    /// The identifier that mail programs know it by (RFC 5322 `Message-ID`), without angle brackets.
    #[field(indexed, max = 998)]
    pub message_id: Option<String>,
    /// The number of the case that it was written in, when a merge or a split has moved it.
    #[field(read_only, max = 30)]
    pub moved_from: Option<String>,
}

/// Somebody who takes part in a case besides its requester.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case_participant",
    plural = "case_participants",
    id = CaseParticipantId,
    subject = "person",
    rules = super::relation_rules::ParticipantRules
)]
pub struct CaseParticipant {
    /// What every record has.
    pub meta: Meta,
    /// The case.
    #[field(on_delete = cascade)]
    pub case: CaseId,
    /// The person.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// What the person is in it.
    #[field(default = ParticipantRole::Copy)]
    pub role: ParticipantRole,
}

/// That two cases have to do with each other.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "case_link",
    plural = "case_links",
    id = CaseLinkId,
    rules = super::relation_rules::LinkRules
)]
pub struct CaseLink {
    /// What every record has.
    pub meta: Meta,
    /// The first case.
    #[field(on_delete = cascade)]
    pub first: CaseId,
    /// The second case.
    #[field(on_delete = cascade)]
    pub second: CaseId,
    /// What the first is to the second.
    #[field(default = CaseLinkKind::Related)]
    pub kind: CaseLinkKind,
}
