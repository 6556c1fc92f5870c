//! Boards: the stages of a pipeline with what stands in them.
//!
//! The board of all present deals, in a session that may see them all, is read from the [totals](super::totals) that are
//! kept of them, at any size. Any other is added up from the deals: one with a filter, one of the past, one in a
//! session whose purpose or access hides something.

mod computed;
mod kept;

use rust_decimal::Decimal;

use super::ids::{PipelineId, StageId};
use super::model::{Pipeline, Stage, StageType};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::Timestamp;
use crate::record::door::{Reader, read};
use crate::record::filter::{Filter, field};
use crate::record::query::Query;
use crate::record::unit::not_found;
use crate::record::{Records, list};
use crate::storage::ReadMode;

/// The stages of a pipeline with what stands in them.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Board {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The time that it shows.
    pub at: Timestamp,
    /// The stages in their order; inactive ones only while deals are in them.
    pub columns: Vec<BoardColumn>,
}

/// A stage of a board. Its cards are the ordinary list of deals with `stage = …`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BoardColumn {
    /// The stage.
    pub stage: StageId,
    /// Its name.
    pub name: String,
    /// How it counts.
    pub stage_type: StageType,
    /// The probability in per cent of deals that have none of their own.
    #[serde(serialize_with = "crate::sales::decimal_text::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub probability: Decimal,
    /// How many deals.
    pub count: u64,
    /// The sums of their amounts, one for each currency, by its code.
    pub amounts: Vec<Money>,
    /// The sums of their amounts at their probabilities, each deal rounded half up to whole minor units.
    pub weighted: Vec<Money>,
    /// Since when the oldest of them is in the stage.
    pub oldest: Option<Timestamp>,
    /// How many are in the stage for longer than its rotting days.
    pub rotting: u64,
}

impl Records<'_, Pipeline> {
    /// The board of a pipeline, of all deals or of those that pass a filter. Behind
    /// [`Session::as_of`](crate::Session::as_of): the board as it was.
    ///
    /// # Errors
    /// `record.not_found`; `filter.*`; `aggregate.suppressed` in a session for analytics, when few people are concerned.
    pub fn board(&self, pipeline: impl Into<PipelineId>, filter: Option<&Filter>) -> Result<Board> {
        let pipeline = pipeline.into();
        read(self.set.door, ReadMode::Snapshot, |reader| board(reader, pipeline, filter))
    }
}

/// The stages of a pipeline as a reader sees them, in their order.
pub(in crate::sales) fn stages(reader: &Reader<'_>, pipeline: PipelineId) -> Result<Vec<Stage>> {
    let record_type = reader.schema.require("stage")?;
    let query = Query::new()
        .filter(field("pipeline").equals(RecordId::from(pipeline)))
        .ascending("position")
        .limit(crate::record::query::MAX_LIMIT);
    Ok(list::page(reader, record_type, &query, |data| data.into_record(record_type))?.0)
}

/// Since when a deal must be in a stage to be taken for rotting at a time. Decided deals do not rot.
pub(in crate::sales) fn rotting_before(stage: &Stage, at: Timestamp) -> Option<Timestamp> {
    stage.rotting_days.filter(|_| !stage.stage_type.is_closed()).map(|days| at.plus_days(-days))
}

fn board(reader: &Reader<'_>, pipeline: PipelineId, filter: Option<&Filter>) -> Result<Board> {
    let pipelines = reader.schema.require("pipeline")?;
    let visible = field("id").equals(RecordId::from(pipeline));
    if list::count_of(reader, pipelines, &visible)? == 0 {
        return Err(not_found("pipeline"));
    }
    let at = reader.now();
    let stages = stages(reader, pipeline)?;
    let mut columns: Vec<BoardColumn> = stages.iter().map(empty).collect();
    if filter.is_none() && kept::tells(reader)? {
        kept::fill(reader.connection, pipeline, &stages, at, &mut columns)?;
    } else {
        computed::fill(reader, pipeline, filter, &stages, at, &mut columns)?;
    }
    let mut active = stages.iter().map(|stage| stage.active != Some(false));
    columns.retain(|column| active.next().unwrap_or(true) || column.count > 0);
    Ok(Board { pipeline, at, columns })
}

/// The column of a stage.
fn column_of(columns: &mut [BoardColumn], stage: Option<RecordId>) -> Option<&mut BoardColumn> {
    columns.iter_mut().find(|column| Some(RecordId::from(column.stage)) == stage)
}

fn empty(stage: &Stage) -> BoardColumn {
    BoardColumn {
        stage: stage.meta.id.into(),
        name: stage.name.clone(),
        stage_type: stage.stage_type,
        probability: stage.probability.unwrap_or_default(),
        count: 0,
        amounts: Vec::new(),
        weighted: Vec::new(),
        oldest: None,
        rotting: 0,
    }
}
