//! The built-in record types: one line each.

use super::descriptor::TypeDescriptor;
use super::typed::Record;

/// The declarations of all built-in types.
pub fn descriptors() -> Vec<TypeDescriptor> {
    vec![
        crate::access::users::User::descriptor(),
        crate::access::users::Team::descriptor(),
        crate::access::users::TeamMember::descriptor(),
        crate::contacts::Household::descriptor(),
        crate::contacts::Organisation::descriptor(),
        crate::contacts::Person::descriptor(),
        crate::contacts::Affiliation::descriptor(),
        crate::contacts::RelationshipType::descriptor(),
        crate::contacts::Relationship::descriptor(),
        crate::activity::Task::descriptor(),
        crate::activity::Meeting::descriptor(),
        crate::activity::MeetingAttendee::descriptor(),
        crate::activity::Call::descriptor(),
        crate::activity::Note::descriptor(),
        crate::activity::Reminder::descriptor(),
        crate::activity::Attachment::descriptor(),
        crate::sales::Pipeline::descriptor(),
        crate::sales::Stage::descriptor(),
        crate::sales::LostReason::descriptor(),
        crate::sales::Competitor::descriptor(),
        crate::sales::Deal::descriptor(),
        crate::sales::DealContact::descriptor(),
        crate::sales::DealCompetitor::descriptor(),
        crate::service::Queue::descriptor(),
        crate::service::CaseStatus::descriptor(),
        crate::service::CaseCategory::descriptor(),
        crate::service::Case::descriptor(),
        crate::service::CaseMessage::descriptor(),
        crate::service::CaseParticipant::descriptor(),
        crate::service::CaseLink::descriptor(),
        crate::customize::CustomType::descriptor(),
        crate::customize::CustomField::descriptor(),
    ]
}
