//! The records of sales.

use rust_decimal::Decimal;

use super::deal_rules::DealRules;
use super::ids::{CompetitorId, DealCompetitorId, DealContactId, DealId, LostReasonId, PipelineId, StageId};
use super::pair_rules::{COMPETITOR_RULES, CONTACT_RULES};
use super::stage_rules::{PipelineRules, StageRules};
use crate::contacts::{OrganisationId, PersonId};
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};
use crate::record::select::select;
use crate::record::{Meta, Record};

select! {
    /// How a stage counts.
    pub enum StageType {
        /// The deal is being worked on.
        #[default]
        Open = "open",
        /// The deal waits; it still counts as open.
        OnHold = "on_hold",
        /// The deal was won: probability 100, forecast category closed.
        Won = "won",
        /// The deal was lost: probability 0, forecast category omitted.
        Lost = "lost",
    }

    /// How sure a deal is in a forecast.
    pub enum ForecastCategory {
        /// Open, and no more is known.
        #[default]
        Pipeline = "pipeline",
        /// Likely if all goes well.
        BestCase = "best_case",
        /// Promised.
        Commit = "commit",
        /// Left out of forecasts.
        Omitted = "omitted",
        /// Won.
        Closed = "closed",
    }
}

/// A way of selling: an ordered set of stages that deals go through.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "pipeline", plural = "pipelines", id = PipelineId, sort_key("name"), rules = PipelineRules)]
pub struct Pipeline {
    /// What every record has.
    pub meta: Meta,
    /// The name, for example `New business`.
    #[field(unique, search = title, max = 150)]
    pub name: String,
    /// What it is for.
    #[field(long, search = body)]
    pub description: Option<String>,
    /// Whether new deals may be put into it.
    #[field(default = true)]
    pub active: Option<bool>,
    /// The currency that a form offers for new deals, an ISO 4217 code.
    #[field(max = 3)]
    pub default_currency: Option<String>,
}

/// One stage of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "stage", plural = "stages", id = StageId, sort_key("name"), rules = StageRules)]
pub struct Stage {
    /// What every record has.
    pub meta: Meta,
    /// The pipeline, which never changes. A stage that is created together with its pipeline gets that one.
    #[field(filled, on_delete = cascade)]
    pub pipeline: PipelineId,
    /// The name, for example `Negotiation`.
    #[field(search = title, max = 150)]
    pub name: String,
    /// A stable key for programs, unique in the pipeline, for example `negotiation`.
    #[field(max = 60)]
    pub key: Option<String>,
    /// Its place among the stages of the pipeline, the first first; behind the last when none is given.
    #[field(range(0, 1_000_000))]
    pub position: Option<i64>,
    /// The probability in per cent of deals that have none of their own. 100 for won and 0 for lost.
    #[field(scale = 2, range(0, 100))]
    pub probability: Option<Decimal>,
    /// The forecast category of deals that have none of their own. Closed for won and omitted for lost.
    pub forecast_category: Option<ForecastCategory>,
    /// How the stage counts.
    #[field(default = StageType::Open)]
    pub stage_type: StageType,
    /// What a deal must have to enter: names of its fields, custom ones too, `contacts`, `primary_contact` or
    /// `competitors`. A truth value must be true.
    #[field(max = 50)]
    pub required_fields: Vec<String>,
    /// After how many days in the stage a deal is taken for rotting.
    #[field(range(1, 3650))]
    pub rotting_days: Option<i64>,
    /// Whether deals may enter it. Those that are in it stay.
    #[field(default = true)]
    pub active: Option<bool>,
}

/// Why deals are lost, for example `Price`.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "lost_reason", plural = "lost_reasons", id = LostReasonId, sort_key("name"))]
pub struct LostReason {
    /// What every record has.
    pub meta: Meta,
    /// The name.
    #[field(unique, search = title, max = 150)]
    pub name: String,
    /// What it stands for.
    #[field(long)]
    pub description: Option<String>,
    /// Whether it is offered.
    #[field(default = true)]
    pub active: Option<bool>,
}

/// Somebody who competes for deals.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "competitor", plural = "competitors", id = CompetitorId, sort_key("name"))]
pub struct Competitor {
    /// What every record has.
    pub meta: Meta,
    /// The name.
    #[field(unique, search = title, max = 255)]
    pub name: String,
    /// Its record among the organisations.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// What it is good at.
    #[field(long, search = body)]
    pub strengths: Option<String>,
    /// What it is weak at.
    #[field(long, search = body)]
    pub weaknesses: Option<String>,
}

/// A chance to sell something: an opportunity.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "deal", plural = "deals", id = DealId, owned, subject = "person", rules = DealRules,
    index("stage", "stage_entered_at")
)]
pub struct Deal {
    /// What every record has.
    pub meta: Meta,
    /// What is to be sold, for example `Acme: 200 licences`.
    #[field(search = title, max = 255)]
    pub name: String,
    /// The pipeline; that of the stage when only a stage is given.
    #[field(filled, on_delete = restrict, unindexed)]
    pub pipeline: PipelineId,
    /// The stage; the first open one of the pipeline when none is given.
    #[field(filled, on_delete = restrict, periods)]
    pub stage: StageId,
    /// Since when the deal is in its stage. Whoever creates a deal that is older may say so: its first period in the
    /// history of stages begins then.
    #[field(at_creation)]
    pub stage_entered_at: Option<Timestamp>,
    /// The organisation that would buy.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// The primary contact.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// What it is worth, never below zero.
    pub amount: Option<Money>,
    /// The probability in per cent. Empty while the deal follows its stage's; set by the engine while it is closed.
    #[field(scale = 2, range(0, 100))]
    pub probability: Option<Decimal>,
    /// The forecast category. Empty while the deal follows its stage's. A closed deal always has its stage's.
    pub forecast_category: Option<ForecastCategory>,
    /// When it is expected to be decided.
    #[field(indexed)]
    pub expected_close_date: Option<Date>,
    /// When it was won or lost: when it entered the stage, unless another time is given, as an import does. Empty
    /// while the deal is open.
    pub closed_at: Option<Timestamp>,
    /// What is to be done next.
    #[field(max = 255)]
    pub next_step: Option<String>,
    /// Why it was lost.
    #[field(on_delete = restrict)]
    pub lost_reason: Option<LostReasonId>,
    /// Why it was lost, in words.
    #[field(personal = communication, long)]
    pub lost_notes: Option<String>,
    /// The last open stage before it was closed: where deals are lost.
    #[field(read_only, unindexed, on_delete = clear)]
    pub last_open_stage: Option<StageId>,
    /// Where the deal came from.
    #[field(max = 150)]
    pub source: Option<String>,
    /// Free notes.
    #[field(personal = communication, long, search = body)]
    pub description: Option<String>,
    /// Free tags.
    #[field(search = detail)]
    pub tags: Vec<String>,
}

/// That a person has a part in a deal.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "deal_contact", plural = "deal_contacts", id = DealContactId, subject = "person",
    rules = CONTACT_RULES
)]
pub struct DealContact {
    /// What every record has.
    pub meta: Meta,
    /// The deal.
    #[field(on_delete = cascade)]
    pub deal: DealId,
    /// The person. Once for a deal and a role.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// The part, for example `Decision maker`. A person may have several, capitals aside.
    #[field(personal = professional, max = 100)]
    pub role: Option<String>,
    /// Whether this is the primary contact, the person of the deal itself. At most one person for a deal.
    pub primary: bool,
}

/// That a competitor is after a deal, too.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "deal_competitor", plural = "deal_competitors", id = DealCompetitorId, rules = COMPETITOR_RULES
)]
pub struct DealCompetitor {
    /// What every record has.
    pub meta: Meta,
    /// The deal.
    #[field(on_delete = cascade)]
    pub deal: DealId,
    /// The competitor. Once for a deal.
    #[field(on_delete = restrict)]
    pub competitor: CompetitorId,
    /// Whether the competitor won the deal.
    pub winner: bool,
    /// Free notes.
    #[field(long, search = body)]
    pub notes: Option<String>,
}
