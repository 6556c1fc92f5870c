//! Operations on pipelines, stages and deals.

use crate::ground::time::Timestamp;
use crate::ground::zone::DateUnit;
use crate::operation::declare::operations;
use crate::operation::input::{MergePatch, RecordInput};
use crate::record::Page;
use crate::record::filter::Filter;
use crate::record::query::{Cursor, DEFAULT_LIMIT, Query};
use crate::sales::{
    Board, Conversion, Deal, DealId, ForecastQuery, ForecastRow, Outcome, PassageQuery, Pipeline, PipelineId,
    Stage, StageId, StageSpan, Velocity, template,
};

/// A pipeline with its stages.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct PipelineWithStages {
    /// The pipeline.
    pipeline: Pipeline,
    /// Its stages, in their order.
    stages: Vec<Stage>,
}

impl From<(Pipeline, Vec<Stage>)> for PipelineWithStages {
    fn from((pipeline, stages): (Pipeline, Vec<Stage>)) -> Self {
        Self { pipeline, stages }
    }
}

operations! {
    /// Gives a pipeline with the stages that most begin with: to be changed at will and given to
    /// `pipeline.create_with_stages`. Nothing is stored.
    query "pipeline.template" (context, input {
        /// The name of the pipeline.
        name: String,
    }) -> PipelineWithStages [] {
        Ok(template(input.name).into())
    }

    /// Creates a pipeline together with its stages, in the order in which they are given.
    command "pipeline.create_with_stages" (context, input {
        /// The pipeline.
        pipeline: RecordInput<Pipeline>,
        /// Its stages.
        stages: Vec<RecordInput<Stage>>,
    }) -> PipelineWithStages ["field.*", "select.unknown", "text.*", "field.duplicate"] {
        let pipeline = input.pipeline.typed(context).map_err(|error| error.within("pipeline"))?;
        let mut stages = Vec::with_capacity(input.stages.len());
        for (index, stage) in input.stages.into_iter().enumerate() {
            stages.push(stage.typed(context).map_err(|error| error.within(&format!("stages[{index}]")))?);
        }
        Ok(context.pipelines().create_with_stages(pipeline, stages)?.into())
    }

    /// Reads the board of a pipeline: for each stage how many deals, their sum, their weighted sum, the oldest.
    query "pipeline.board" (context, input {
        /// The pipeline.
        pipeline: PipelineId,
        /// Only deals that pass the filter.
        filter: Option<Filter> as filter,
    }) -> Board ["record.not_found", "filter.*", "aggregate.suppressed"] {
        context.pipelines().board(input.pipeline, input.filter.as_ref())
    }

    /// Counts how many deals go on from one stage to another, in all and month by month.
    query "pipeline.conversion" (context, input {
        /// The stage that deals come into first.
        from: StageId,
        /// The stage that they are to reach after it.
        to: StageId,
        /// Only deals that came into the first stage at this time or later.
        since: Option<Timestamp>,
        /// Only deals that came into the first stage before this time.
        until: Option<Timestamp>,
        /// Only deals that pass the filter.
        filter: Option<Filter> as filter,
    }) -> Conversion ["stage.same", "record.not_found", "filter.*", "aggregate.suppressed"] {
        let (from, to, since, until, filter) = (input.from, input.to, input.since, input.until, input.filter);
        context.pipelines().conversion(&PassageQuery { from, to, since, until, filter })
    }

    /// Measures how long deals take from one stage to another.
    query "pipeline.velocity" (context, input {
        /// The stage that deals come into first.
        from: StageId,
        /// The stage that they are to reach after it.
        to: StageId,
        /// Only deals that came into the first stage at this time or later.
        since: Option<Timestamp>,
        /// Only deals that came into the first stage before this time.
        until: Option<Timestamp>,
        /// Only deals that pass the filter.
        filter: Option<Filter> as filter,
    }) -> Velocity ["stage.same", "record.not_found", "filter.*", "aggregate.suppressed"] {
        let (from, to, since, until, filter) = (input.from, input.to, input.since, input.until, input.filter);
        context.pipelines().velocity(&PassageQuery { from, to, since, until, filter })
    }

    /// Puts the stages of a pipeline into an order.
    command "stage.reorder" (context, input {
        /// The pipeline.
        pipeline: PipelineId,
        /// Every stage of the pipeline, once.
        order: Vec<StageId>,
    }) -> () ["stage.order.incomplete", "record.not_found"] {
        context.stages().reorder(input.pipeline, &input.order)
    }

    /// Deletes a stage, into the bin. Deals that are in it are moved first. Gives how many were moved.
    command "stage.remove" (context, input {
        /// The stage.
        stage: StageId,
        /// The stage that its deals are moved to.
        move_deals_to: Option<StageId>,
    }) -> u64 ["record.restricted", "record.not_found", "stage.same", "deal.stage.*"] {
        context.stages().remove(input.stage, input.move_deals_to)
    }

    /// Moves a deal to another stage of its pipeline, changing fields that the stage asks for on the way.
    command "deal.move_to" (context, input {
        /// The deal.
        deal: DealId,
        /// The stage.
        stage: StageId,
        /// Fields that are changed with the move, as a JSON Merge Patch.
        patch: Option<MergePatch>,
    }) -> Deal ["record.not_found", "deal.*", "field.*"] {
        match input.patch {
            None => context.deals().move_to(input.deal, input.stage),
            Some(MergePatch(patch)) => {
                context.deals().move_with(input.deal, input.stage, &serde_json::Value::Object(patch))
            }
        }
    }

    /// Lists the stages that a deal was in, the first first, with how long it was there.
    query "deal.stage_history" (context, input {
        /// The deal.
        deal: DealId,
    }) -> Vec<StageSpan> ["record.not_found"] {
        context.deals().stage_history(input.deal)
    }

    /// Lists the open deals of a pipeline that are in their stage for longer than its rotting days.
    query "deal.rotting" (context, input {
        /// The pipeline.
        pipeline: PipelineId,
        /// Only deals that pass the filter.
        filter: Option<Filter> as filter,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> Page<Deal> ["record.not_found", "filter.*", "query.*", "cursor.*"] {
        let query = Query { filter: input.filter, limit: input.limit, cursor: input.cursor, ..Query::default() };
        context.deals().rotting(input.pipeline, &query)
    }

    /// Forecasts deals by period, category and currency.
    query "deal.forecast" (context, input {
        /// Only deals that pass the filter.
        filter: Option<Filter> as filter,
        /// The calendar unit of the rows.
        unit: DateUnit = DateUnit::Month,
        /// Whether each owner has rows of their own.
        by_owner: bool = false,
    }) -> Vec<ForecastRow> ["filter.*", "forecast.too_many", "aggregate.suppressed"] {
        let (filter, unit, by_owner) = (input.filter, input.unit, input.by_owner);
        context.deals().forecast(&ForecastQuery { filter, unit, by_owner })
    }

    /// Tells how closed deals ended: win rate, average size, reasons of loss.
    query "deal.outcome" (context, input {
        /// Only deals that pass the filter, such as `closed_at in last quarter`.
        filter: Option<Filter> as filter,
    }) -> Outcome ["filter.*", "aggregate.suppressed"] {
        context.deals().outcome(input.filter.as_ref())
    }
}
