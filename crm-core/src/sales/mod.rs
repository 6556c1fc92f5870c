//! Sales: pipelines and their stages, deals, boards, forecasts.
//!
//! # Probability
//! A deal without a probability of its own follows its stage's: it is looked up when a figure is made, so that a
//! change of a stage's probability counts at once and rewrites no deal. A deal that is won or lost gets 100 or 0 for
//! good; what happens to stages later does not touch it. The same holds for the forecast category.
//!
//! # Weighted amounts
//! The amount of each deal is multiplied by its probability and rounded half up to whole minor units; the results
//! are added up. Boards, lists and forecasts agree to the cent. Sums are never made across currencies.
//!
//! # The past
//! Boards, forecasts, outcomes, conversion and velocity read what they hang off: behind
//! [`Session::as_of`](crate::Session::as_of) they show what was there, and what was known, at that time.

mod board;
mod deal_rules;
mod deals;
mod decimal_text;
mod forecast;
mod history;
pub mod ids;
pub mod model;
mod pair_rules;
mod pipelines;
mod queries;
mod rules;
mod select_deals;
mod stage_rules;
mod totals;

pub use board::{Board, BoardColumn};
pub use forecast::{ForecastQuery, ForecastRow, LostReasonCount, Outcome};
pub use history::{Cohort, Conversion, PassageQuery, StageSpan, Velocity};
pub use ids::{CompetitorId, DealCompetitorId, DealContactId, DealId, LostReasonId, PipelineId, StageId};
pub use model::{
    Competitor, Deal, DealCompetitor, DealContact, ForecastCategory, LostReason, Pipeline, Stage, StageType,
};
pub use pipelines::template;
pub use rules::{effective_probability, weighted};

crate::record::areas! {
    /// The pipelines.
    pipelines: Pipeline;
    /// The stages of the pipelines.
    stages: Stage;
    /// Why deals are lost.
    lost_reasons: LostReason;
    /// The competitors.
    competitors: Competitor;
    /// The deals.
    deals: Deal;
    /// Who has a part in which deal.
    deal_contacts: DealContact;
    /// Which competitors are after which deal.
    deal_competitors: DealCompetitor;
}
