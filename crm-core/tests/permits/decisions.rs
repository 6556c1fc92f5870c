//! The decision tables: every row names facts, a question, the outcome, the reason it turns on and the legal source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::permit_support::{facts, question};
use crm_core::privacy::PermitOutcome;
use crm_core::privacy::permit::{Decision, Inputs, replay};
use crm_core::privacy::regimes::{RegimeKey, RuleSet};
use serde::Deserialize;

/// A row of a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The facts, one a line.
    given: Vec<String>,
    /// The question.
    ask: String,
    /// The outcome; with `defer` the first moment that is permitted.
    expect: String,
    /// The code of the reason that it turns on, with `@` and the regime that asks.
    because: String,
    /// The legal source, or a part of it. Where a rule asks, its own source must have it in it.
    source: String,
}

fn tables() -> BTreeMap<String, Vec<Row>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/permits/tables");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let rows = serde_json::from_str(&std::fs::read_to_string(&path).unwrap());
            (name.clone(), rows.unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect()
}

fn outcome(decision: &Decision) -> String {
    match (decision.outcome, decision.not_before) {
        (PermitOutcome::Defer, Some(time)) => format!("defer {time}"),
        (outcome, _) => outcome.key().to_owned(),
    }
}

/// What is wrong with the decision of a row.
fn problem(row: &Row, decision: &Decision) -> Option<String> {
    let (code, regime) = row.because.split_once('@').unwrap_or((&row.because, ""));
    let regime = (!regime.is_empty()).then(|| regime.parse::<RegimeKey>().unwrap());
    let reasons: Vec<String> = decision
        .explain()
        .reasons
        .iter()
        .map(|reason| format!("    {} {:?} {}", reason.code, reason.regime, reason.source.unwrap_or("")))
        .collect();
    let wrong = |what: &str| Some(format!("{what}, got {}\n{}", outcome(decision), reasons.join("\n")));
    if outcome(decision) != row.expect {
        return wrong(&format!("expected {}", row.expect));
    }
    let mut found =
        decision.reasons.iter().filter(|reason| reason.code.key() == code && reason.regime == regime);
    let has_source = found.any(|reason| reason.rule.is_none_or(|rule| rule.source.contains(&row.source)));
    if has_source && !row.source.trim().is_empty() {
        None
    } else {
        wrong(&format!("expected {} by {}", row.because, row.source))
    }
}

#[test]
fn decisions_follow_the_tables() {
    let rules = RuleSet::all();
    let (mut rows, mut failures) = (0, Vec::new());
    for (table, lines) in tables() {
        for (number, row) in lines.iter().enumerate() {
            rows += 1;
            let inputs = Inputs::new(&rules, question(&row.ask), facts(&row.given));
            let decision = inputs.decide(&rules, &[]).unwrap();
            if let Some(problem) = problem(row, &decision) {
                failures.push(format!("{table} {number}: {:?}\n  {}\n  {problem}", row.given, row.ask));
            }
            let again = replay(&rules, &inputs.canonical_bytes(), &[]).unwrap();
            assert_eq!(again.canonical_bytes(), decision.canonical_bytes(), "{table} {number}");
        }
    }
    assert!(failures.is_empty(), "{} of {rows} rows failed:\n{}", failures.len(), failures.join("\n"));
    assert!(rows >= 200, "{rows} rows");
    println!("{rows} rows passed");
}

#[test]
fn every_regime_and_most_codes_have_rows() {
    let tables = tables();
    let reasons: BTreeSet<&str> = tables.values().flatten().map(|row| row.because.as_str()).collect();
    for regime in RegimeKey::ALL {
        let suffix = format!("@{regime}");
        assert!(reasons.iter().any(|reason| reason.ends_with(&suffix)), "{regime} has no row");
    }
    let codes: BTreeSet<&str> = reasons.iter().map(|reason| reason.split('@').next().unwrap()).collect();
    let missing: Vec<&str> = crm_core::privacy::permit::ReasonCode::ALL
        .iter()
        .map(|code| code.key())
        .filter(|code| !codes.contains(code) && !NOT_TURNED_ON.contains(code))
        .collect();
    assert!(missing.is_empty(), "no row turns on {missing:?}");
}

/// Codes on which no row turns: they only accompany others, or are tested elsewhere.
const NOT_TURNED_ON: &[&str] = &["jurisdiction.applies", "host.refused"];
