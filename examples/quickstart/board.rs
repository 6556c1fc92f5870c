//! Section 2: the boards of both pipelines, and moving deals.

use crm_core::record::filter::{Filter, field};
use crm_core::record::query::Query;
use crm_core::sales::{BoardColumn, Deal, DealId, Stage, StageType};
use crm_core::{Money, RecordId, Result, Session, Timestamp};
use serde_json::json;

use crate::sample::{Demo, missing};
use crate::support::bars::bar;
use crate::support::screen::{bad, cool, dim, done, good, heading, refused, say, section, warm};
use crate::support::table::Table;
use crate::support::words::{age, brief, money, number, whole};

/// The currency that bars and columns are in; sums are never made across currencies.
pub(crate) const MAIN: &str = "EUR";

/// Prints the board of each pipeline.
pub(crate) fn show(demo: &Demo) -> Result<()> {
    section(2, "Pipelines", &["session.pipelines().board(pipeline, None)?"]);
    let sales = demo.sales()?;
    for pipeline in sales.pipelines().list(&Query::new().ascending("name_key"))?.records {
        let board = sales.pipelines().board(pipeline.meta.id, None)?;
        heading(&pipeline.name, "sums in EUR, below them the other currencies in brief");
        let most = board.columns.iter().map(|column| column.count).max().unwrap_or(1);
        let mut table = Table::default()
            .left("stage", 16)
            .right("prob.")
            .left("deals", 30)
            .right("")
            .right("EUR")
            .right("weighted")
            .right("oldest")
            .right("rotting");
        for column in &board.columns {
            table.row(cells(column, most, board.at));
            let weighted = if column.stage_type.is_closed() { &column.amounts } else { &column.weighted };
            let others = others(&column.amounts, weighted);
            if !others.is_empty() {
                table.below(2, dim(others));
            }
        }
        table.print();
        println!();
    }
    Ok(())
}

fn cells(column: &BoardColumn, most: u64, now: Timestamp) -> [String; 8] {
    #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
    let length = bar(column.count as f64, most as f64, 28);
    let length = match column.stage_type {
        StageType::Won => good(length),
        StageType::Lost => bad(length),
        StageType::OnHold => dim(length),
        _ => cool(length),
    };
    let rotting = match column.rotting {
        0 => dim('·').to_string(),
        count => warm(count).to_string(),
    };
    let in_main = |amounts: &[Money]| main_amount(amounts).map(whole).unwrap_or_default();
    [
        column.name.clone(),
        format!("{} %", column.probability.normalize()),
        length.to_string(),
        number(column.count),
        in_main(&column.amounts),
        if column.stage_type.is_closed() { dim('·').to_string() } else { in_main(&column.weighted) },
        column.oldest.map(|since| age(since, now)).unwrap_or_default(),
        rotting,
    ]
}

pub(crate) fn main_amount(amounts: &[Money]) -> Option<Money> {
    amounts.iter().copied().find(|amount| amount.currency_code() == MAIN)
}

/// The other currencies in brief: the sum, and what it is weighted.
pub(crate) fn others(amounts: &[Money], weighted: &[Money]) -> String {
    let mut words = Vec::new();
    for (amount, weighted) in amounts.iter().zip(weighted) {
        if amount.currency_code() != MAIN {
            let change = if amount == weighted { String::new() } else { format!("→{}", brief(*weighted)) };
            words.push(format!("{} {}{change}", amount.currency_code(), brief(*amount)));
        }
    }
    words.join("   ")
}

/// Moves a few deals; one is refused first. Gives the one whose history is looked at later.
pub(crate) fn move_deals(demo: &Demo) -> Result<DealId> {
    let sales = demo.sales()?;
    heading("Moving deals", "session.deals().move_to(deal, stage)? · move_with(deal, stage, &json!({…}))?");
    let deal = first_in(&sales, "Qualification", &field("person").is_null().and(field("amount").is_null()))?;
    let proposal = stage(&sales, "Proposal")?;
    let what = format!("{} → {}", deal.name, proposal.name);
    match sales.deals().move_to(deal.meta.id, proposal.meta.id) {
        Ok(_) => return Err(missing("deal without an amount")),
        Err(error) => {
            let missing = error.details().get("missing").cloned().unwrap_or_default();
            refused(&what, &error.to_string());
            say(format!("    {}", dim(format!("error.details()[\"missing\"] = {missing}"))));
        }
    }
    demo.minutes_pass(3);
    let colleagues = field("organisation").equals(deal.organisation.map(RecordId::from).unwrap_or_default());
    let contact = sales.people().list(&Query::new().filter(colleagues).ascending("name_key").limit(1))?;
    let contact = contact.records.first().ok_or_else(|| missing("contact"))?;
    let amount: Money = "18400 EUR".parse()?;
    let patch = json!({"person": contact.meta.id, "amount": amount});
    let moved = sales.deals().move_with(deal.meta.id, proposal.meta.id, &patch)?;
    done(
        &what,
        &format!("with {} and {}: version {}", contact.display_name(), money(amount), moved.meta.version),
    );

    demo.minutes_pass(10);
    let won = first_in(&sales, "Verbal agreement", &field("amount.currency").equals(MAIN))?;
    let won = sales.deals().move_to(won.meta.id, stage(&sales, "Won")?.meta.id)?;
    done(&format!("{} → Won", won.name), &won.amount.map(money).unwrap_or_default());

    demo.minutes_pass(5);
    let lost = first_in(&sales, "Qualification", &field("amount.currency").equals(MAIN))?;
    let reasons = sales.lost_reasons().list(&Query::new().filter(field("name").equals("price")))?.records;
    let reason = reasons.first().ok_or_else(|| missing("reason of loss"))?;
    let patch = json!({"lost_reason": reason.meta.id});
    let lost = sales.deals().move_with(lost.meta.id, stage(&sales, "Lost")?.meta.id, &patch)?;
    done(&format!("{} → Lost", lost.name), &format!("lost_reason = {}", reason.name));
    demo.minutes_pass(30);
    Ok(deal.meta.id.into())
}

pub(crate) fn stage(session: &Session, name: &str) -> Result<Stage> {
    let found = session.stages().list(&Query::new().filter(field("name").equals(name)))?;
    found.records.into_iter().next().ok_or_else(|| missing("stage"))
}

/// The largest deal of a stage that passes a filter.
fn first_in(session: &Session, name: &str, filter: &Filter) -> Result<Deal> {
    let stage: RecordId = stage(session, name)?.meta.id;
    let query = Query::new()
        .filter(field("stage").equals(stage))
        .filter(filter.clone())
        .descending("amount")
        .limit(1);
    session.deals().list(&query)?.records.into_iter().next().ok_or_else(|| missing("deal"))
}
