//! What deals can do besides what every record can.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::board::{rotting_before, stages};
use super::ids::{DealId, PipelineId, StageId};
use super::model::{Deal, ForecastCategory, Stage};
use super::rules::{effective_probability, weighted};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::privacy::reading::check_changes;
use crate::record::door::{read, write};
use crate::record::filter::{Filter, field};
use crate::record::query::Query;
use crate::record::records::{Page, object};
use crate::record::schema::RecordType;
use crate::record::set::{require_visible, split_patch};
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{RecordData, Records, Value};
use crate::storage::ReadMode;

impl Records<'_, Deal> {
    /// Moves a deal into a stage, also one of another pipeline. The stage that it leaves and how long it was there
    /// are kept: [`stage_history`](Self::stage_history).
    ///
    /// ```
    /// use crm_core::{Actor, Config, Crm, Purpose, sales::{Deal, template}};
    /// use serde_json::json;
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
    /// let (pipeline, stages) = template("Sales");
    /// let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages)?;
    /// let deal = Deal { name: "Licences".into(), pipeline: pipeline.meta.id.into(), ..Deal::default() };
    /// let deal = session.deals().create(deal)?;
    /// let lost = stages.last().expect("the template has stages").meta.id;
    /// let refused = session.deals().move_to(deal.meta.id, lost).unwrap_err();
    /// assert_eq!(refused.details()["missing"], json!(["lost_reason"]));
    /// session.deals().move_with(deal.meta.id, lost, &json!({"lost_notes": "Too dear"}))?;
    /// assert_eq!(session.deals().stage_history(deal.meta.id)?.len(), 2);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `deal.stage.requirements` when the stage requires what the deal does not have, all of it named in the
    /// detail `missing`; `deal.stage.inactive`, `deal.pipeline.inactive`; `record.not_found`; `link.broken`.
    pub fn move_to(&self, deal: impl Into<DealId>, stage: impl Into<StageId>) -> Result<Deal> {
        self.shift(deal.into(), stage.into(), &Map::new())
    }

    /// Moves a deal into a stage and sets fields by a JSON Merge Patch in the same change, for example the reason
    /// why it was lost. A `version` in the patch is checked.
    ///
    /// # Errors
    /// As [`move_to`](Self::move_to) and as [`patch`](Self::patch).
    pub fn move_with(
        &self,
        deal: impl Into<DealId>,
        stage: impl Into<StageId>,
        patch: &Json,
    ) -> Result<Deal> {
        self.shift(deal.into(), stage.into(), object(patch)?)
    }

    fn shift(&self, deal: DealId, stage: StageId, patch: &Map<String, Json>) -> Result<Deal> {
        write(self.set.door, None, |unit| {
            let record_type = unit.record_type("deal")?;
            require_visible(unit, &record_type, deal.into())?;
            let (changes, expected) = split_patch(&record_type, patch.clone())?;
            check_changes(unit, &record_type, deal.into(), &changes)?;
            let moved = put(unit, &record_type, deal.into(), stage.into(), expected, Origin::Host, &changes)?;
            unit.shown(moved.into_record(&record_type)?)
        })
    }

    /// The deals of a pipeline that are in their stage for longer than its rotting days, as a list: the query adds
    /// a filter, an order and where to go on.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn rotting(&self, pipeline: impl Into<PipelineId>, query: &Query) -> Result<Page<Deal>> {
        let pipeline = pipeline.into();
        let rotting = read(self.set.door, ReadMode::Snapshot, |reader| {
            let at = reader.now();
            let stages = stages(reader, pipeline)?;
            let cases = stages.iter().filter_map(|stage| {
                let before = rotting_before(stage, at)?;
                Some(field("stage").equals(stage.meta.id).and(field("stage_entered_at").less_than(before)))
            });
            Ok(Filter::any_of(cases.collect()))
        })?;
        self.list(&query.clone().filter(rotting))
    }
}

/// Puts a deal into a stage and into the stage's pipeline.
pub(super) fn put(
    unit: &mut UnitOfWork<'_>,
    deals: &Arc<RecordType>,
    deal: RecordId,
    stage: RecordId,
    expected: Option<i64>,
    origin: Origin,
    changes: &[(usize, Value)],
) -> Result<RecordData> {
    unit.update(deals, deal, expected, origin, &mut |data| {
        for (position, value) in changes {
            data.values[*position] = value.clone();
        }
        if data.get(deals, "stage").as_id() != Some(stage) {
            // The rules of deals take the pipeline from the stage, which they read anyway.
            data.set(deals, "pipeline", Value::Null)?;
        }
        data.set(deals, "stage", Value::Id(stage))
    })
}

impl Deal {
    /// The probability in per cent that counts: the deal's own, or that of its stage.
    pub fn effective_probability(&self, stage: &Stage) -> rust_decimal::Decimal {
        effective_probability(self.probability, stage.probability)
    }

    /// What the deal is worth at its probability, rounded half up to whole minor units as boards and forecasts do.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn weighted_amount(&self, stage: &Stage) -> Result<Option<Money>> {
        self.amount.map(|amount| weighted(amount, self.effective_probability(stage))).transpose()
    }

    /// The forecast category that counts: a closed deal has that of its stage, an open one its own if it has one.
    pub fn effective_category(&self, stage: &Stage) -> ForecastCategory {
        let own = self.forecast_category.filter(|_| !stage.stage_type.is_closed());
        own.or(stage.forecast_category).unwrap_or_default()
    }
}
