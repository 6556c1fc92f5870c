//! Four weeks of work between the imports, so that boards, histories and forecasts have a past.

use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::sales::{Deal, LostReason, Stage, StageType};
use crm_core::{Result, Session, Timestamp};
use serde_json::json;

use crate::sample::{Demo, missing};

/// The mornings on which deals are looked through.
const MONDAYS: [&str; 4] =
    ["2026-10-26T08:30:00Z", "2026-11-02T09:15:00Z", "2026-11-09T08:45:00Z", "2026-11-16T09:00:00Z"];

/// What came of the weeks.
#[derive(Default)]
pub(crate) struct Weeks {
    pub(crate) moved: u64,
    pub(crate) lost: u64,
    pub(crate) refused: u64,
}

/// Each Monday the two deals of each open stage that should be decided next are looked at: every fourth is lost, the
/// others go on by a stage. A deal that lacks what the next stage requires stays where it is.
pub(crate) fn go_by(demo: &Demo) -> Result<Weeks> {
    let sales = demo.sales()?;
    let stages = sales.stages().list(&Query::new().ascending("position"))?.records;
    let reasons = sales.lost_reasons().list(&Query::new())?.records;
    let mut weeks = Weeks::default();
    let mut looked_at = 0;
    for morning in MONDAYS {
        let morning: Timestamp = morning.parse()?;
        demo.clock.set(morning);
        // The last stage first, so that no deal takes two steps at once.
        for stage in stages.iter().rev().filter(|stage| stage.stage_type == StageType::Open) {
            let next = Query::new()
                .filter(field("stage").equals(stage.meta.id))
                .filter(field("stage_entered_at").less_than(morning.plus_days(-6)))
                .ascending("expected_close_date")
                .limit(2);
            for deal in sales.deals().list(&next)?.records {
                demo.minutes_pass(7);
                looked_at += 1;
                if looked_at % 4 == 0 {
                    lose(&sales, &stages, &reasons[looked_at / 4 % reasons.len()], &deal)?;
                    weeks.lost += 1;
                } else if goes_on(&sales, &stages, &deal)? {
                    weeks.moved += 1;
                } else {
                    weeks.refused += 1;
                }
            }
        }
    }
    Ok(weeks)
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

fn lose(sales: &Session, stages: &[Stage], reason: &LostReason, deal: &Deal) -> Result<()> {
    let lost =
        stages.iter().find(|stage| stage.pipeline == deal.pipeline && stage.stage_type == StageType::Lost);
    let lost = lost.ok_or_else(|| missing("stage"))?;
    sales.deals().move_with(deal.meta.id, lost.meta.id, &json!({"lost_reason": reason.meta.id}))?;
    Ok(())
}
