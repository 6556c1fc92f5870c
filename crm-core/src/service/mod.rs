//! Service: cases, the queues that they wait in, and what is written in them.
//!
//! A case has a status that the host names and a type that the engine knows. Its times follow from the types that
//! it goes through. What the requester writes may open a finished case again, or begin a new one, as the queue
//! says. Cases are merged and split without a loss, and a merge or a split is undone as one.

mod case_rules;
mod cases;
mod conversation;
pub mod ids;
pub mod kinds;
mod merge;
mod message_rules;
pub mod model;
mod past;
mod queries;
mod relation_rules;
pub mod rules;
mod statuses;

pub use cases::{LinkedCase, QueueOverview, StatusPeriod};
pub use conversation::{Inbound, Match, MatchedBy, Received, ReceivedAs, Reply, ThreadView};
pub use ids::{CaseCategoryId, CaseId, CaseLinkId, CaseMessageId, CaseParticipantId, CaseStatusId, QueueId};
pub use kinds::{
    CaseLinkKind, CasePriority, Channel, FollowUp, MessageDirection, MessageVisibility, ParticipantRole,
    StatusType,
};
pub use merge::{Merged, Split};
pub use model::{Case, CaseCategory, CaseLink, CaseMessage, CaseParticipant, CaseStatus, Queue};
pub use rules::ThreadEntry;

crate::record::areas! {
    /// The queues of cases.
    queues: Queue;
    /// The statuses that cases can have.
    case_statuses: CaseStatus;
    /// What cases are about.
    case_categories: CaseCategory;
    /// The cases.
    cases: Case;
    /// The messages of cases.
    case_messages: CaseMessage;
    /// Who takes part in a case besides its requester.
    case_participants: CaseParticipant;
    /// Which cases have to do with each other.
    case_links: CaseLink;
}
