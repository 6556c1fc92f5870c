//! Four weeks of work between the import and the report, so that boards, histories and forecasts have a past.

use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::sales::{Deal, Stage, StageType};
use crm_core::{Result, Session, Timestamp};

use crate::sample::Demo;

/// The mornings on which deals are looked through, and how many go on each time.
const MONDAYS: [(&str, u32); 4] = [
    ("2026-10-26T08:30:00Z", 12),
    ("2026-11-02T09:15:00Z", 9),
    ("2026-11-09T08:45:00Z", 11),
    ("2026-11-16T09:00:00Z", 8),
];

/// Each Monday the deals that should be decided next go on by a stage; gives how many moves there were in all. A deal
/// that lacks what the next stage requires stays where it is.
pub(crate) fn go_by(demo: &Demo) -> Result<u64> {
    let sales = demo.sales()?;
    let stages = sales.stages().list(&Query::new().ascending("position"))?.records;
    let mut moves = 0;
    for (morning, most) in MONDAYS {
        let morning: Timestamp = morning.parse()?;
        demo.clock.set(morning);
        let open = Query::new()
            .filter(field("stage.stage_type").equals(StageType::Open.key()))
            .filter(field("stage_entered_at").less_than(morning.plus_days(-6)))
            .ascending("expected_close_date")
            .limit(most);
        for deal in sales.deals().list(&open)?.records {
            demo.minutes_pass(7);
            moves += u64::from(goes_on(&sales, &stages, &deal)?);
        }
    }
    demo.clock.set(demo.today);
    Ok(moves)
}

fn goes_on(sales: &Session, stages: &[Stage], deal: &Deal) -> Result<bool> {
    let mut later = stages.iter().filter(|stage| stage.pipeline == deal.pipeline);
    let here = later.by_ref().find(|stage| stage.meta.id == deal.stage.into());
    let next = later.find(|stage| matches!(stage.stage_type, StageType::Open | StageType::Won));
    let (Some(_), Some(next)) = (here, next) else { return Ok(false) };
    match sales.deals().move_to(deal.meta.id, next.meta.id) {
        Ok(_) => Ok(true),
        Err(error) if error.code() == "deal.stage.requirements" => Ok(false),
        Err(error) => Err(error),
    }
}
