//! Sections 7 to 9: the history of a record, undo of a change and of an import, and the state of an earlier day.

use std::collections::BTreeMap;

use crm_core::activity::{TimelineChange, TimelineItem, TimelineQuery, TimelineValue};
use crm_core::interchange::Job;
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::sales::{Board, DealId, Pipeline};
use crm_core::{Currency, Money, Reference, Result, Session, Timestamp};
use serde_json::Value as Json;

use crate::board::main_amount;
use crate::sample::{Demo, Imported, missing};
use crate::support::bars::bar;
use crate::support::screen::{bad, cool, dim, done, good, heading, say, section, warm};
use crate::support::table::Table;
use crate::support::words::{moment, money, number, whole};

/// Prints the history of a deal, and undoes its last change.
pub(crate) fn of_deal(demo: &Demo, deal: DealId) -> Result<()> {
    section(
        7,
        "History and undo",
        &[
            "session.timeline(&Reference::new(\"deal\", deal), &TimelineQuery { kinds, .. })?",
            "session.journal().undo(sequence)?",
        ],
    );
    let sales = demo.sales()?;
    let changes = changes(&sales, deal)?;
    heading(&sales.deals().get(deal)?.name, "what was changed by whom");
    print_changes(&changes);
    let last = changes.iter().find_map(|change| change.sequence).ok_or_else(|| missing("change"))?;
    demo.minutes_pass(15);
    sales.journal().undo(last)?;
    println!();
    done(&format!("journal().undo({last})"), "the old values are back, as a change of its own:");
    print_changes(&self::changes(&sales, deal)?[..1]);
    Ok(())
}

fn changes(session: &Session, deal: DealId) -> Result<Vec<TimelineItem>> {
    let query = TimelineQuery { kinds: vec!["change".to_owned()], limit: 10, ..TimelineQuery::default() };
    Ok(session.timeline(&Reference::new("deal", deal), &query)?.records)
}

fn print_changes(changes: &[TimelineItem]) {
    let mut table = Table::default().left("when", 18).left("who", 14).left("change", 62);
    for item in changes {
        let who = item.actor_name.clone().unwrap_or_else(|| "the system".to_owned());
        let mut lines: Vec<String> =
            item.changes.iter().filter(|change| change.field != "stage_entered_at").map(in_words).collect();
        if lines.is_empty() {
            lines.push(item.title.clone());
        }
        for (place, line) in lines.into_iter().enumerate() {
            if place == 0 {
                table.row([moment(item.at), who.clone(), line]);
            } else {
                table.row([String::new(), String::new(), line]);
            }
        }
    }
    table.print();
}

fn in_words(change: &TimelineChange) -> String {
    format!(
        "{} {} → {}",
        dim(format!("{}:", change.label)),
        bad(value(&change.before)),
        good(value(&change.after))
    )
}

fn value(value: &TimelineValue) -> String {
    match (&value.label, &value.value) {
        (Some(label), _) => label.clone(),
        (None, Json::Null) => "–".to_owned(),
        (None, Json::String(text)) => text.clone(),
        (None, other) => match other.as_object().and_then(amount) {
            Some(amount) => money(amount),
            None => other.to_string(),
        },
    }
}

/// The amount in a JSON object of money.
fn amount(object: &serde_json::Map<String, Json>) -> Option<Money> {
    let member = |name: &str| object.get(name).and_then(Json::as_str);
    Money::parse(member("amount")?, Currency::from_code(member("currency")?).ok()?).ok()
}

/// Takes the import of the broken file back.
pub(crate) fn undo_import(demo: &Demo, imported: &Imported) -> Result<()> {
    section(8, "Taking an import back", &["session.imports().undo(report.job)?"]);
    let before = demo.system.people().count(&Filter::all())?;
    let undone = demo.system.imports().undo(imported.broken)?;
    let after = demo.system.people().count(&Filter::all())?;
    done(
        "broken/people.csv is undone",
        &format!("{undone} changes taken back, {} → {} people", number(before), number(after)),
    );
    let mut table = Table::default().left("imports", 18).left("state", 10).right("rows").left("files", 56);
    for job in demo.system.imports().list(None, 10)? {
        let rows = job.summary.pointer("/total/read").and_then(Json::as_u64).unwrap_or_default();
        let state = format!("{:?}", job.state).to_lowercase();
        table.row([moment(job.started_at), state, number(rows), files_of(&job)]);
    }
    println!();
    table.print();
    Ok(())
}

/// The files of an import, each once; a stream has no name.
fn files_of(job: &Job) -> String {
    let mut names: Vec<&str> = Vec::new();
    for file in job.summary.get("files").and_then(Json::as_array).into_iter().flatten() {
        let name =
            file.get("file").and_then(Json::as_str).filter(|name| !name.is_empty()).unwrap_or("a stream");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// Prints the board of the first pipeline as it was, beside what it is.
pub(crate) fn as_of(demo: &Demo) -> Result<()> {
    section(9, "The past", &["session.as_of(at, |past| past.pipelines().board(pipeline, None))?"]);
    let sales = demo.sales()?;
    let pipelines = sales.pipelines().list(&Query::new().ascending("name_key"))?.records;
    let pipeline: &Pipeline = pipelines.first().ok_or_else(|| missing("pipeline"))?;
    let times: [(&str, Timestamp); 3] = [
        ("20 Oct", "2026-10-20T00:00:00Z".parse()?),
        ("10 Nov", "2026-11-10T00:00:00Z".parse()?),
        ("now", sales.now()),
    ];
    let mut boards: Vec<Board> = Vec::new();
    for (_, at) in times {
        boards.push(sales.as_of(at, |past| past.pipelines().board(pipeline.meta.id, None))?);
    }
    heading(&pipeline.name, "deals in each stage, as they were, with the same call as for today");
    let mut table = Table::default()
        .left("stage", 16)
        .right("20 Oct")
        .left("", 16)
        .right("10 Nov")
        .left("", 16)
        .right("now")
        .left("", 16)
        .right("EUR since");
    #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
    let most =
        boards.iter().flat_map(|board| &board.columns).map(|column| column.count).max().unwrap_or(1) as f64;
    let first: BTreeMap<_, _> = boards[0].columns.iter().map(|column| (column.stage, column)).collect();
    for (place, column) in boards[2].columns.iter().enumerate() {
        let mut row = vec![column.name.clone()];
        for (number_of, board) in boards.iter().enumerate() {
            let count = board.columns.get(place).map_or(0, |column| column.count);
            #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
            let length = bar(count as f64, most, 14);
            row.push(count.to_string());
            row.push(if number_of == 2 { cool(length) } else { dim(length) }.to_string());
        }
        let was = first.get(&column.stage).and_then(|column| main_amount(&column.amounts));
        row.push(difference(was, main_amount(&column.amounts))?);
        table.row(row);
    }
    table.print();
    say(dim("Each figure comes from the journal: the present is rolled back to the day that is asked for.")
        .to_string());
    Ok(())
}

fn difference(was: Option<Money>, is: Option<Money>) -> Result<String> {
    let (Some(was), Some(is)) = (was, is) else { return Ok(String::new()) };
    let change = is.checked_sub(was)?;
    Ok(match change {
        change if change.is_zero() => dim("·").to_string(),
        change if change.is_negative() => warm(whole(change)).to_string(),
        change => cool(format!("+{}", whole(change))).to_string(),
    })
}
