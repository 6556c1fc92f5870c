//! A board that is added up from the deals.

use std::fmt::Write;
use std::ops::ControlFlow;

use super::{BoardColumn, column_of, rotting_before};
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::privacy::reading::small_groups;
use crate::record::door::Reader;
use crate::record::filter::compile::Selection;
use crate::record::filter::{Filter, OwnedParam};
use crate::sales::ids::PipelineId;
use crate::sales::model::Stage;
use crate::sales::select_deals::{column, count, money, sum_sql, weighted_by, with_deals};
use crate::sales::totals::hundredths;

/// Adds up the deals that the session may see and that pass the filter.
pub(super) fn fill(
    reader: &Reader<'_>,
    pipeline: PipelineId,
    filter: Option<&Filter>,
    stages: &[Stage],
    at: Timestamp,
    columns: &mut [BoardColumn],
) -> Result<()> {
    let deals = reader.schema.require("deal")?;
    let statement = with_deals(reader, filter, |mut selection| {
        let place = selection.bind(OwnedParam::Id(pipeline.into()));
        let in_pipeline = format!("{} = {place}", column(&mut selection, "pipeline")?);
        selection.restrict_sql(in_pipeline);
        let stage = column(&mut selection, "stage")?;
        let entered = column(&mut selection, "stage_entered_at")?;
        let mut rotting = Vec::new();
        for one in stages {
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
        let probability = stage_probability(&mut selection, &stage, stages);
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
        let Some(place) = column_of(columns, row.id(0)?) else { return Ok(ControlFlow::Continue(())) };
        place.count += count(row, 2)?;
        place.amounts.extend(money(row, 3, 1)?);
        place.weighted.extend(money(row, 4, 1)?);
        let entered = row.timestamp(5)?;
        place.oldest =
            place.oldest.map_or(entered, |oldest| Some(entered.map_or(oldest, |at| at.min(oldest))));
        place.rotting += count(row, 6)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// The probability of a deal's stage in hundredths of a per cent. The stages are known, so no row is joined.
fn stage_probability(selection: &mut Selection<'_>, stage: &str, stages: &[Stage]) -> String {
    let mut cases = String::new();
    for one in stages {
        let id = selection.bind(OwnedParam::Id(one.meta.id));
        let units = selection.bind(OwnedParam::Integer(hundredths(one.probability.unwrap_or_default())));
        write!(cases, " WHEN {stage} = {id} THEN {units}").expect("writing to a string does not fail");
    }
    if cases.is_empty() { "0".to_owned() } else { format!("CASE{cases} END") }
}
