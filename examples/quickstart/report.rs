//! Section 6: one search over everything.

use console::measure_text_width;
use crm_core::Result;
use crm_core::ground::snippet::Snippet;
use crm_core::search::{Hit, SearchQuery};

use crate::sample::Demo;
use crate::support::screen::{dim, heading, section};
use crate::support::table::Table;

/// What is looked for, and what the search has to get over.
const SEARCHES: [(&str, &str); 4] = [
    ("lichtplanung", "a word, in every record type"),
    ("0033 (0)6-39.98.13.30", "a number in another spelling"),
    ("peronnel", "a name without its accents"),
    ("dali-2", "a word in messages and notes, in any record type"),
];

pub(crate) fn search(demo: &Demo) -> Result<()> {
    section(6, "Search", &["session.search().run(&SearchQuery::new(\"lichtplanung\").limit(4))?"]);
    let service = demo.service()?;
    for (position, (text, why)) in SEARCHES.into_iter().enumerate() {
        if position > 0 {
            println!();
        }
        let hits = service.search().run(&SearchQuery::new(text).limit(4))?;
        heading(&format!("“{text}”"), why);
        let widest =
            hits.iter().map(|hit| measure_text_width(&hit.title)).max().unwrap_or_default().clamp(5, 52);
        let mut table = Table::default().left("type", 13).left("title", widest).left("found in", 79 - widest);
        for hit in &hits {
            table.row([dim(hit.record_type.replace('_', " ")).to_string(), title(hit), place(hit)]);
        }
        table.print();
    }
    Ok(())
}

fn title(hit: &Hit) -> String {
    match &hit.snippet {
        Some(found) if found.field == "title" => marked(&found.snippet),
        _ if hit.title.is_empty() => "–".to_owned(),
        _ => hit.title.clone(),
    }
}

fn place(hit: &Hit) -> String {
    match &hit.snippet {
        Some(found) if found.field == "title" => dim("title").to_string(),
        Some(found) => format!("{} {}", dim(format!("{}:", found.field)), marked(&found.snippet)),
        None => dim("phone number").to_string(),
    }
}

/// The text of a snippet with its hits marked.
fn marked(snippet: &Snippet) -> String {
    let mut text = String::new();
    let mut done = 0;
    for range in &snippet.ranges {
        let (start, end) = (range.start as usize, range.end as usize);
        text.push_str(snippet.text.get(done..start).unwrap_or_default());
        let hit = snippet.text.get(start..end).unwrap_or_default();
        text.push_str(&console::style(hit).black().on_yellow().to_string());
        done = end;
    }
    text.push_str(snippet.text.get(done..).unwrap_or_default());
    text
}
