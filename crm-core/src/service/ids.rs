//! The typed identifiers of service.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Queue`](super::Queue).
    QueueId => "queue";
    /// The identifier of a [`CaseStatus`](super::CaseStatus).
    CaseStatusId => "case_status";
    /// The identifier of a [`CaseCategory`](super::CaseCategory).
    CaseCategoryId => "case_category";
    /// The identifier of a [`Case`](super::Case).
    CaseId => "case";
    /// The identifier of a [`CaseMessage`](super::CaseMessage).
    CaseMessageId => "case_message";
    /// The identifier of a [`CaseParticipant`](super::CaseParticipant).
    CaseParticipantId => "case_participant";
    /// The identifier of a [`CaseLink`](super::CaseLink).
    CaseLinkId => "case_link";
}
