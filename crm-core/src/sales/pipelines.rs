//! What pipelines and stages can do besides what every record can.

use super::deals::put;
use super::ids::{PipelineId, StageId};
use super::model::{ForecastCategory, Pipeline, Stage, StageType};
use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::record::door::write;
use crate::record::set::require_visible;
use crate::record::unit::Origin;
use crate::record::{RecordData, Records, Value};

/// How many deals are moved between two looks for more.
const BATCH: i64 = 500;

/// A pipeline with the stages that most begin with: qualification, needs analysis, proposal, negotiation, won, lost.
/// To be changed at will and given to [`create_with_stages`](Records::create_with_stages).
pub fn template(name: impl Into<String>) -> (Pipeline, Vec<Stage>) {
    let stage = |name: &str, key: &str, probability: i64, category, stage_type| Stage {
        name: name.to_owned(),
        key: Some(key.to_owned()),
        probability: Some(probability.into()),
        forecast_category: Some(category),
        stage_type,
        ..Stage::default()
    };
    let stages = vec![
        stage("Qualification", "qualification", 10, ForecastCategory::Pipeline, StageType::Open),
        stage("Needs analysis", "needs_analysis", 20, ForecastCategory::Pipeline, StageType::Open),
        stage("Proposal", "proposal", 50, ForecastCategory::BestCase, StageType::Open),
        stage("Negotiation", "negotiation", 80, ForecastCategory::Commit, StageType::Open),
        stage("Won", "won", 100, ForecastCategory::Closed, StageType::Won),
        stage("Lost", "lost", 0, ForecastCategory::Omitted, StageType::Lost),
    ];
    (Pipeline { name: name.into(), ..Pipeline::default() }, stages)
}

impl Records<'_, Pipeline> {
    /// Creates a pipeline together with its stages, in the order in which they are given.
    ///
    /// # Errors
    /// As [`create`](Self::create), with `stages[…]` in front of the field of a stage; nothing is created then.
    #[expect(clippy::needless_pass_by_value, reason = "records are given away, as to every creation")]
    pub fn create_with_stages(
        &self,
        pipeline: Pipeline,
        stages: Vec<Stage>,
    ) -> Result<(Pipeline, Vec<Stage>)> {
        write(self.set.door, None, |unit| {
            let pipelines = unit.record_type("pipeline")?;
            let stage_type = unit.record_type("stage")?;
            let data = RecordData::from_record(&pipelines, pipeline.clone())?;
            let created: Pipeline = unit.create(&pipelines, data, Origin::Host)?.into_record(&pipelines)?;
            let mut made = Vec::with_capacity(stages.len());
            for (index, stage) in stages.iter().enumerate() {
                let stage = Stage { pipeline: created.meta.id.into(), ..stage.clone() };
                let outcome = RecordData::from_record(&stage_type, stage)
                    .and_then(|data| unit.create(&stage_type, data, Origin::Host))
                    .map_err(|error| error.within(&format!("stages[{index}]")))?;
                made.push(outcome.into_record(&stage_type)?);
            }
            Ok((created, made))
        })
    }
}

impl Records<'_, Stage> {
    /// Puts the stages of a pipeline into this order.
    ///
    /// # Errors
    /// `stage.order.incomplete` unless every stage of the pipeline is named once.
    pub fn reorder(&self, pipeline: impl Into<PipelineId>, order: &[StageId]) -> Result<()> {
        let pipeline = pipeline.into();
        write(self.set.door, None, |unit| {
            require_visible(unit, &*unit.record_type("pipeline")?, pipeline.into())?;
            let stages = unit.record_type("stage")?;
            let named = sort::set(order.iter().copied().map(RecordId::from));
            let there = sort::set(queries::stage_ids(unit.connection, pipeline.into())?);
            if named != there || named.len() != order.len() {
                let reason = "must name every stage of the pipeline once";
                return Err(CrmError::invalid("stage.order.incomplete", reason).at("order"));
            }
            for (stage, position) in order.iter().zip(1..) {
                let position = Value::Integer(position);
                unit.update(&stages, (*stage).into(), None, Origin::Host, &mut |data| {
                    data.set(&stages, "position", position.clone())
                })?;
            }
            Ok(())
        })
    }

    /// Deletes a stage, into the bin. Deals that are in it are moved first, each with an entry in its history; the
    /// requirements of the stage that they enter hold. Gives how many were moved.
    ///
    /// # Errors
    /// `record.restricted` when deals are in the stage and it is not said where they go; as
    /// [`move_to`](Records::move_to), and then nothing is changed.
    pub fn remove(&self, stage: impl Into<StageId>, move_deals_to: Option<StageId>) -> Result<u64> {
        let stage = RecordId::from(stage.into());
        write(self.set.door, None, |unit| {
            let stages = unit.record_type("stage")?;
            require_visible(unit, &stages, stage)?;
            let mut moved = 0;
            if let Some(target) = move_deals_to.map(RecordId::from) {
                if target == stage {
                    let reason = "is the stage that is to be deleted";
                    return Err(CrmError::new(ErrorKind::Invalid, "stage.same", reason).at("move_deals_to"));
                }
                let deals = unit.record_type("deal")?;
                loop {
                    let some = queries::deals_in(unit.connection, stage, BATCH)?;
                    if some.is_empty() {
                        break;
                    }
                    for deal in some {
                        put(unit, &deals, deal, target, None, Origin::Rule, &[])
                            .map_err(|error| error.detail("deal", deal.to_string()))?;
                        moved += 1;
                    }
                }
            }
            unit.delete(&stages, stage, None, Origin::Host)?;
            Ok(moved)
        })
    }
}
