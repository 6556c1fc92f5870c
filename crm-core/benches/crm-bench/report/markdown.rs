//! The page of results.

use std::fmt::Write;

use super::{Run, floor_name, gate_text, grouped, growth, steps};
use crate::machine::Machine;
use crate::measure::real;

const HEAD: &str = "# Results of crm-bench

Written by the command below; not edited by hand. Microseconds of processor time an operation, medians of five rounds in
turns; the ratio is the median of the ratios within a round. **F0** is bare SQL through rusqlite, **F1** the same with
identifiers, an audit row and a row of a change log; both keep the totals of the stages. Bold ratios are over their gate;
`~` marks a step whose floor differed by more than 15 per cent between its first and its last run. Allocations are those of
Rust an operation at the last size, without SQLite's own.
";

/// The page for some runs.
pub(super) fn page(machine: &Machine, runs: &[Run]) -> String {
    let mut text = HEAD.to_owned();
    let sizes: Vec<String> = runs.iter().map(|run| run.size.to_string()).collect();
    let loads: Vec<f64> = runs.iter().flat_map(|run| &run.lines).filter_map(|line| line.load).collect();
    let load = |pick: fn(f64, f64) -> f64, first| loads.iter().copied().fold(first, pick);
    let mut say = |line: String| writeln!(text, "{line}").expect("writing to a string does not fail");
    say(format!(
        "\n- Command: `CRM_BENCH_N={} CRM_BENCH_RESULTS=1 cargo bench -p crm-core --bench crm-bench`",
        sizes.join(",")
    ));
    say(format!("- Day: {}", machine.day));
    say(format!("- Machine: {}, {} cores, {}", machine.processor, machine.cores, machine.system));
    if !loads.is_empty() {
        let (least, most) = (load(f64::min, f64::MAX), load(f64::max, 0.0));
        say(format!("- Load of the machine while it ran: {least:.1} to {most:.1}"));
    }
    let mut head = "\n| step | floor | gate |".to_owned();
    let mut rule = "|---|---|--:|".to_owned();
    for run in runs {
        write!(head, " {} floor | engine | ratio |", grouped(real(run.size))).expect("it is a string");
        rule.push_str("--:|--:|--:|");
    }
    head.push_str(" allocations | growth of the floor | of the engine |");
    rule.push_str("--:|--:|--:|");
    say(head);
    say(rule);
    for step in steps(runs) {
        let mut row = format!("| {} | {} | {} |", step.name, floor_name(step), gate_text(step.gate));
        for run in runs {
            match run.line(step.name) {
                Some(line) => {
                    let mark = if line.noisy { " ~" } else { "" };
                    let ratio = match line.passes() {
                        Some(false) => format!("**{:.2}**{mark}", line.ratio),
                        _ => format!("{:.2}{mark}", line.ratio),
                    };
                    write!(row, " {} | {} | {ratio} |", grouped(line.bare), grouped(line.engine))
                }
                None => write!(row, " | | |"),
            }
            .expect("it is a string");
        }
        let last = runs.iter().rev().find_map(|run| run.line(step.name));
        let allocations = last.and_then(|line| line.allocations).map(grouped).unwrap_or_default();
        let (floor, engine) = growth(runs, step.name)
            .map_or_else(Default::default, |(floor, engine)| (format!("{floor:.2}"), format!("{engine:.2}")));
        write!(row, " {allocations} | {floor} | {engine} |").expect("it is a string");
        say(row);
    }
    say("\nFiles after the fill, KiB:\n\n| size | F0 | F1 | engine | engine by F1 |\n|--:|--:|--:|--:|--:|"
        .to_owned());
    for run in runs {
        let [f0, f1, engine] = run.bytes.map(|bytes| real(usize::try_from(bytes >> 10).unwrap_or_default()));
        let size = grouped(real(run.size));
        say(format!(
            "| {size} | {} | {} | {} | {:.2} |",
            grouped(f0),
            grouped(f1),
            grouped(engine),
            engine / f1
        ));
    }
    say("\nWhat a record takes in the file, in bytes, with its indexes, its search entry and its entry in the journal:".to_owned());
    say("\n| size | record | F0 | F1 | engine |\n|--:|---|--:|--:|--:|".to_owned());
    for run in runs {
        for weight in &run.weights {
            let [f0, f1, engine] = weight.bytes.map(grouped);
            say(format!("| {} | {} | {f0} | {f1} | {engine} |", grouped(real(run.size)), weight.name));
        }
    }
    text
}
