//! The built-in record types: one line each.

use super::descriptor::TypeDescriptor;
use super::typed::Record;

macro_rules! catalog {
    ($($record:ty,)+) => {
        /// The declarations of all built-in types.
        pub fn descriptors() -> Vec<TypeDescriptor> {
            vec![$(<$record>::descriptor()),+]
        }

        /// Hands every built-in type to the schema.
        #[cfg(feature = "schema")]
        pub(crate) fn each_built_in(records: &mut crate::operation::schema::Records<'_>) {
            $(records.take::<$record>();)+
        }
    };
}

catalog! {
    crate::access::users::User,
    crate::access::users::Team,
    crate::access::users::TeamMember,
    crate::contacts::Household,
    crate::contacts::Organisation,
    crate::contacts::Person,
    crate::contacts::Affiliation,
    crate::contacts::RelationshipType,
    crate::contacts::Relationship,
    crate::activity::Task,
    crate::activity::Meeting,
    crate::activity::MeetingAttendee,
    crate::activity::Call,
    crate::activity::Note,
    crate::activity::Reminder,
    crate::activity::Attachment,
    crate::sales::Pipeline,
    crate::sales::Stage,
    crate::sales::LostReason,
    crate::sales::Competitor,
    crate::sales::Deal,
    crate::sales::DealContact,
    crate::sales::DealCompetitor,
    crate::service::Queue,
    crate::service::CaseStatus,
    crate::service::CaseCategory,
    crate::service::Case,
    crate::service::CaseMessage,
    crate::service::CaseParticipant,
    crate::service::CaseLink,
    crate::privacy::ProcessingPurpose,
    crate::privacy::DataSubject,
    crate::privacy::Restriction,
    crate::privacy::Objection,
    crate::privacy::PrivacyNotice,
    crate::privacy::LegitimateInterestAssessment,
    crate::privacy::ProcessingBasis,
    crate::privacy::ConsentEvent,
    crate::privacy::Suppression,
    crate::privacy::RegisterSnapshot,
    crate::privacy::RelationshipEvent,
    crate::privacy::ContactPermit,
    crate::privacy::retention::RetentionRule,
    crate::privacy::erasure::Erasure,
    crate::privacy::erasure::ErasureReview,
    crate::privacy::erasure::LegalHold,
    crate::privacy::rights::RightsRequest,
    crate::privacy::rights::RightsRequestEvent,
    crate::privacy::rights::RightsRequestTask,
    crate::privacy::rights::AutomatedDecision,
    crate::privacy::rights::PublicHoliday,
    crate::privacy::ReadingRule,
    crate::privacy::ReadLog,
    crate::privacy::Disclosure,
    crate::customize::CustomType,
    crate::customize::CustomField,
}

/// The types whose records decide what sessions may read: a change of one makes every session look again.
pub(crate) const GOVERN_READING: &[&str] =
    &["processing_purpose", "restriction", "objection", "reading_rule"];

/// The types whose records permits of everybody may rest on: a change of one makes the next permit look again.
pub(crate) const GOVERN_PERMITS: &[&str] =
    &["processing_basis", "legitimate_interest_assessment", "register_snapshot"];
