//! Section 5: one contact: the card, and the timeline on which everything meets.

use crm_core::activity::{TimelineItem, TimelineQuery};
use crm_core::{PhoneFormat, PhoneNumber, Reference, Result};
use serde_json::json;

use crate::sample::{Demo, missing};
use crate::support::screen::{WIDTH, bold, cool, dim, good, heading, section, warm};
use crate::support::table::Table;
use crate::support::words::short_day;

/// Somebody who has deals, cases, meetings and calls.
const EMAIL: &str = "peronnel@valmorin.example";

pub(crate) fn show(demo: &Demo) -> Result<()> {
    section(
        5,
        "One contact",
        &[
            "session.people().card(person)?",
            "session.timeline(&Reference::new(\"person\", person), &TimelineQuery::default())?",
        ],
    );
    let service = demo.service()?;
    let found = service.people().find_by_email(EMAIL)?;
    let person = *found.first().ok_or_else(|| missing("person"))?;
    service.people().patch(person, &json!({"job_title": "Responsable maintenance électrique"}))?;
    let card = service.people().card(person)?;
    let organisation = card.organisation.as_ref().map_or("", |organisation| organisation.name.as_str());
    let phone = card.phone.as_deref().unwrap_or_default();
    let phone = PhoneNumber::parse(phone, None).map(|phone| phone.formatted(PhoneFormat::International));
    let lines = [
        format!("{}  {}", bold(&card.name), dim(card.job_title.as_deref().unwrap_or_default())),
        organisation.to_owned(),
        format!("✉ {}   ☎ {}", card.email.as_deref().unwrap_or_default(), phone.unwrap_or_default()),
    ];
    frame(&lines);
    println!();
    heading("Timeline", "meetings, calls, tasks, messages, changes: the newest first");
    let page = service.timeline(
        &Reference::new("person", person),
        &TimelineQuery { limit: 16, ..TimelineQuery::default() },
    )?;
    let mut table = Table::default().right("when").left("what", 12).left("", 78);
    for item in &page.records {
        table.row(cells(item, service.now()));
    }
    table.print();
    if page.next.is_some() {
        println!("  {}", dim("… the next page follows from page.next"));
    }
    Ok(())
}

fn frame(lines: &[String]) {
    let inner = 60.min(WIDTH);
    println!("  {}", dim(format!("╭{}╮", "─".repeat(inner))));
    for line in lines {
        let line = console::pad_str(line, inner - 2, console::Alignment::Left, Some("…")).into_owned();
        println!("  {} {line} {}", dim("│"), dim("│"));
    }
    println!("  {}", dim(format!("╰{}╯", "─".repeat(inner))));
}

fn cells(item: &TimelineItem, now: crm_core::Timestamp) -> [String; 3] {
    let kind = match item.kind.as_str() {
        "meeting" => good("▣ meeting"),
        "call" => cool("☎ call"),
        "task" => warm("☐ task"),
        "note" => dim("✎ note"),
        "case_message" => cool("✉ message"),
        "change" => dim("Δ change"),
        other => dim(other),
    };
    let text = item.text.as_deref().unwrap_or_default().replace('\n', " ");
    // What has no subject of its own has the name of its type for a title.
    let untitled = matches!(item.kind.as_str(), "case_message" | "note");
    let words = if untitled {
        text
    } else if text.is_empty() {
        item.title.clone()
    } else {
        format!("{}  {}", item.title, dim(text))
    };
    let at = short_day(item.at, now);
    [if item.at > now { warm(at).to_string() } else { at }, kind.to_string(), words]
}
