//! The typed identifiers of sales.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Pipeline`](super::Pipeline).
    PipelineId => "pipeline";
    /// The identifier of a [`Stage`](super::Stage).
    StageId => "stage";
    /// The identifier of a [`LostReason`](super::LostReason).
    LostReasonId => "lost_reason";
    /// The identifier of a [`Competitor`](super::Competitor).
    CompetitorId => "competitor";
    /// The identifier of a [`Deal`](super::Deal).
    DealId => "deal";
    /// The identifier of a [`DealContact`](super::DealContact).
    DealContactId => "deal_contact";
    /// The identifier of a [`DealCompetitor`](super::DealCompetitor).
    DealCompetitorId => "deal_competitor";
}
