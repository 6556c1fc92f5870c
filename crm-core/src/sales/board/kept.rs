//! A board that is read from what is kept.

use std::ops::ControlFlow;

use super::{BoardColumn, column_of, rotting_before};
use crate::error::Result;
use crate::ground::money::Money;
use crate::ground::time::Timestamp;
use crate::privacy::reading::small_groups;
use crate::record::door::Reader;
use crate::sales::ids::PipelineId;
use crate::sales::model::Stage;
use crate::sales::select_deals::count;
use crate::sales::totals;
use crate::storage::{Connection, Param};

/// Whether what is kept is what the session may see: all present deals, with all their cells and those of the stages,
/// and no least number of people in a figure.
pub(super) fn tells(reader: &Reader<'_>) -> Result<bool> {
    let deals = reader.schema.require("deal")?;
    let stages = reader.schema.require("stage")?;
    Ok(reader.sees_all(deals) && reader.sees_all(stages) && small_groups::least(reader, deals).is_none())
}

/// Reads the totals of the stages, and finds their oldest and their rotting deals in the index over stage and time.
pub(super) fn fill(
    connection: &dyn Connection,
    pipeline: PipelineId,
    stages: &[Stage],
    at: Timestamp,
    columns: &mut [BoardColumn],
) -> Result<()> {
    connection.query(TOTALS, &[Param::Id(pipeline.into())], &mut |row| {
        let Some(place) = column_of(columns, row.id(0)?) else { return Ok(ControlFlow::Continue(())) };
        let total = totals::read(row, 2)?;
        place.count += total.deals()?;
        if let Some(currency) = totals::currency(row, 1)? {
            place.amounts.push(Money::new(total.amount()?, currency));
            place.weighted.push(Money::new(total.weighted()?, currency));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    connection.query(OLDEST, &[Param::Id(pipeline.into())], &mut |row| {
        if let Some(place) = column_of(columns, row.id(0)?) {
            place.oldest = row.timestamp(1)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (stage, place) in stages.iter().zip(columns) {
        let Some(before) = rotting_before(stage, at).filter(|_| place.count > 0) else { continue };
        connection.query(ROTTING, &[Param::Id(stage.meta.id), Param::Timestamp(before)], &mut |row| {
            place.rotting = count(row, 0)?;
            Ok(ControlFlow::Break(()))
        })?;
    }
    Ok(())
}

const TOTALS: &str = "SELECT t.stage, t.currency, t.deals, t.amount_high, t.amount_low, t.weighted_high, t.weighted_low \
     FROM \"stage\" AS s JOIN crm_deal_total AS t ON t.stage = s.\"id\" \
     WHERE s.\"pipeline\" = ?1 AND t.deals <> 0 ORDER BY t.stage, t.currency";

const OLDEST: &str = "SELECT s.\"id\", (SELECT d.\"stage_entered_at\" FROM \"deal\" AS d WHERE d.\"stage\" = s.\"id\" \
     AND d.\"stage_entered_at\" IS NOT NULL ORDER BY d.\"stage_entered_at\" LIMIT 1) \
     FROM \"stage\" AS s WHERE s.\"pipeline\" = ?1";

const ROTTING: &str = "SELECT count(*) FROM \"deal\" WHERE \"stage\" = ?1 AND \"stage_entered_at\" < ?2";
