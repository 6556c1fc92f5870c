//! Boards: the stages of a pipeline with what stands in them.

use std::fmt::Write;
use std::ops::ControlFlow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::ids::{PipelineId, StageId};
use super::model::{Pipeline, Stage, StageType};
use super::select_deals::{column, count, money, sum_sql, weighted_by, with_deals};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::Timestamp;
use crate::privacy::reading::small_groups;
use crate::record::door::{Reader, read};
use crate::record::filter::compile::Selection;
use crate::record::filter::{Filter, OwnedParam, field};
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
    #[serde(serialize_with = "super::decimal_text::exact")]
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
pub(super) fn stages(reader: &Reader<'_>, pipeline: PipelineId) -> Result<Vec<Stage>> {
    let record_type = reader.schema.require("stage")?;
    let query = Query::new()
        .filter(field("pipeline").equals(RecordId::from(pipeline)))
        .ascending("position")
        .limit(crate::record::query::MAX_LIMIT);
    Ok(list::page(reader, record_type, &query, |data| data.into_record(record_type))?.0)
}

/// Since when a deal must be in a stage to be taken for rotting at a time. Decided deals do not rot.
pub(super) fn rotting_before(stage: &Stage, at: Timestamp) -> Option<Timestamp> {
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
    let deals = reader.schema.require("deal")?;
    let statement = with_deals(reader, filter, |mut selection| {
        let place = selection.bind(OwnedParam::Id(pipeline.into()));
        let in_pipeline = format!("{} = {place}", column(&mut selection, "pipeline")?);
        selection.restrict_sql(in_pipeline);
        let stage = column(&mut selection, "stage")?;
        let entered = column(&mut selection, "stage_entered_at")?;
        let mut rotting = Vec::new();
        for one in &stages {
            let Some(before) = rotting_before(one, at) else { continue };
            let id = selection.bind(OwnedParam::Id(one.meta.id));
            let before = selection.bind(OwnedParam::Timestamp(before));
            rotting.push(format!("WHEN {stage} = {id} AND {entered} < {before} THEN 1"));
        }
        let rotting = match rotting.as_slice() {
            [] => "0".to_owned(),
            cases => sum_sql(&format!("CASE {} ELSE 0 END", cases.join(" "))),
        };
        let currency = column(&mut selection, "amount.currency")?;
        let amount = sum_sql(&column(&mut selection, "amount")?);
        let probability = stage_probability(&mut selection, &stage, &stages);
        let weighted = sum_sql(&weighted_by(&mut selection, &probability)?);
        let people = small_groups::people_column(reader, deals);
        let (from, condition) = (selection.from(), selection.condition());
        selection.finish(format!(
            "SELECT {stage}, {currency}, count(*), {amount}, {weighted}, min({entered}), {rotting}{people} \
             FROM {from} WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST"
        ))
    })?;
    reader.connection.query(&statement.sql, &statement.params(), &mut |row| {
        small_groups::check_row(reader, deals, row, 7)?;
        let stage = row.id(0)?.map(StageId::from);
        let Some(place) = columns.iter_mut().find(|column| Some(column.stage) == stage) else {
            return Ok(ControlFlow::Continue(()));
        };
        place.count += count(row, 2)?;
        place.amounts.extend(money(row, 3, 1)?);
        place.weighted.extend(money(row, 4, 1)?);
        let entered = row.timestamp(5)?;
        place.oldest =
            place.oldest.map_or(entered, |oldest| Some(entered.map_or(oldest, |at| at.min(oldest))));
        place.rotting += count(row, 6)?;
        Ok(ControlFlow::Continue(()))
    })?;
    let mut active = stages.iter().map(|stage| stage.active != Some(false));
    columns.retain(|column| active.next().unwrap_or(true) || column.count > 0);
    Ok(Board { pipeline, at, columns })
}

/// The probability of a deal's stage in hundredths of a per cent. The stages are known, so no row is joined.
fn stage_probability(selection: &mut Selection<'_>, stage: &str, stages: &[Stage]) -> String {
    let mut cases = String::new();
    for one in stages {
        let units = one.probability.unwrap_or_default() * Decimal::ONE_HUNDRED;
        let id = selection.bind(OwnedParam::Id(one.meta.id));
        let units = selection.bind(OwnedParam::Integer(units.to_i64().unwrap_or_default()));
        write!(cases, " WHEN {stage} = {id} THEN {units}").expect("writing to a string does not fail");
    }
    if cases.is_empty() { "0".to_owned() } else { format!("CASE{cases} END") }
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
