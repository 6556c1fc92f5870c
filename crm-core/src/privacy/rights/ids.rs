//! The typed identifiers of requests and of what belongs to them.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`RightsRequest`](super::RightsRequest).
    RightsRequestId => "rights_request";
    /// The identifier of a [`RightsRequestEvent`](super::RightsRequestEvent).
    RightsRequestEventId => "rights_request_event";
    /// The identifier of a [`RightsRequestTask`](super::RightsRequestTask).
    RightsRequestTaskId => "rights_request_task";
    /// The identifier of an [`AutomatedDecision`](super::AutomatedDecision).
    AutomatedDecisionId => "automated_decision";
    /// The identifier of a [`PublicHoliday`](super::PublicHoliday).
    PublicHolidayId => "public_holiday";
}
