//! No statement of the hot operations walks through a whole table.
//!
//! A database that writes down every statement runs them, then each is explained. `SCAN` in the plan means that
//! all rows of a table are read. Three scans are none of that kind and are allowed:
//!
//! - `SCAN crm_search VIRTUAL TABLE INDEX …`: the full-text index is asked through its own index, whose number SQLite
//!   shows; a walk through all its rows would show the number 0 and no `M` for the condition.
//! - `SCAN CONSTANT ROW`: a statement without a table.
//! - `SCAN t USING INDEX …` of a list without a filter, in the order of the index and up to a `LIMIT`: it reads as many
//!   rows as the page has. A condition or a sort of its own would make it read more, and is not allowed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod hot_support;
mod recording_support;

use std::collections::BTreeSet;

use crm_core::storage::Database;
use crm_core::storage::dialect::check_portable;
use crm_core::{Actor, Config, ManualClock, Purpose, SeededRandom};
use hot_support::hot_operations;
use recording_support::{Recorded, plan};

fn walks(sql: &str, step: &str, sorts: bool) -> bool {
    let full_text = step.starts_with("SCAN crm_search VIRTUAL TABLE INDEX") && step.contains('M');
    let page = step.contains("USING INDEX") && sql.contains(" LIMIT ?") && !sql.contains(" WHERE ") && !sorts;
    step.starts_with("SCAN") && !full_text && !page && step != "SCAN CONSTANT ROW"
}

fn sorts(steps: &[String]) -> bool {
    steps.iter().any(|step| step.contains("TEMP B-TREE"))
}

/// The steps of plans that walk through a table, with their statement.
fn scans(database: &dyn Database, statements: &BTreeSet<(String, usize)>) -> Vec<String> {
    let mut found = Vec::new();
    for statement in statements {
        let steps = plan(database, &statement.0, statement.1);
        let sorts = sorts(&steps);
        let walking = steps.iter().filter(|step| walks(&statement.0, step, sorts));
        found.extend(walking.map(|step| format!("{step}: {}", statement.0)));
    }
    found
}

/// Asserts that people are suggested from the index over names alone, and listed by name in its order.
fn check_names(database: &dyn Database, statements: &BTreeSet<(String, usize)>) {
    let by = |text: &str| statements.iter().filter(|(sql, _)| sql.contains(text)).collect::<Vec<_>>();
    let suggests = by("t.name_key < ?2 ORDER BY t.name_key, t.row_id LIMIT");
    // People with the name of their organisation are read from the table; there are two ways of suggesting.
    let names_only: Vec<_> = suggests.into_iter().filter(|(sql, _)| !sql.contains("organisation")).collect();
    assert!(!names_only.is_empty());
    for (sql, parameters) in names_only {
        let steps = plan(database, sql, *parameters);
        assert!(steps[0].contains("USING COVERING INDEX person.name_key"), "{steps:?}");
    }
    let lists = by("ORDER BY t.name_key ASC, t.row_id ASC LIMIT");
    let sorted: Vec<_> =
        lists.iter().filter(|statement| sorts(&plan(database, &statement.0, statement.1))).collect();
    assert_eq!(lists.len(), 3);
    // Only the people of one organisation, who are few, come in another order.
    assert!(sorted.len() == 1 && sorted[0].0.contains("organisation"), "{sorted:?}");
}

#[test]
fn no_hot_statement_walks_through_a_table() {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([1; 32]));
    let (crm, recorded) = Recorded::open(config);
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    // Cases get their statuses with the first one; that is not a hot operation.
    session.case_statuses().install_defaults().unwrap();

    // Making the tables looks through the catalogue; only what follows is hot.
    recorded.take();
    hot_operations(&session).unwrap();
    let statements = recorded.take();
    assert!(statements.len() > 30, "{} statements were seen", statements.len());
    for (sql, _) in &statements {
        check_portable(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
    assert_eq!(scans(crm.database(), &statements), Vec::<String>::new());

    check_names(crm.database(), &statements);

    // The test can fail: a condition that no index serves is found.
    let by_salutation = ("SELECT t.row_id FROM person AS t WHERE t.salutation = ?1".to_owned(), 1);
    assert_eq!(scans(crm.database(), &BTreeSet::from([by_salutation])).len(), 1);
}
