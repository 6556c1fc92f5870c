//! The table on the terminal.

use super::screen::{bad, banner as boxed, bold, dim, good, warm};
use super::table::Table;
use super::{Run, Written, floor_name, gate_text, grouped, growth as growth_of, steps};
use crate::child::Imported;
use crate::machine::Machine;
use crate::measure::{Line, real};
use crate::settings::Settings;

/// Says what begins.
pub(crate) fn banner(settings: &Settings, machine: &Machine) {
    let sizes: Vec<String> = settings.sizes.iter().map(|size| grouped(real(*size))).collect();
    boxed(
        "crm-bench",
        &[
            format!("sizes      {}", sizes.join(", ")),
            format!("machine    {}, {} cores, {}", machine.processor, machine.cores, machine.system),
            "figures    µs of processor time an operation; F0 bare SQL, F1 with identifiers, audit and log"
                .to_owned(),
        ],
    );
}

/// Says which size is next.
pub(crate) fn begin(size: usize) {
    println!("\n  {} {}", bold(grouped(real(size))), dim("contacts, deals and cases"));
}

/// The lines of one size.
pub(crate) fn table(run: &Run) {
    let mut table = Table::default()
        .left("step", 44)
        .left("", 2)
        .right("floor")
        .right("engine")
        .right("ratio")
        .right("gate")
        .right("allocs")
        .right("load");
    for line in &run.lines {
        table.row([
            line.name.to_owned(),
            floor_name(line).to_owned(),
            grouped(line.bare),
            grouped(line.engine),
            ratio(line),
            gate_text(line.gate),
            line.allocations.map(grouped).unwrap_or_default(),
            line.load.map(|load| format!("{load:.1}")).unwrap_or_default(),
        ]);
    }
    table.print();
    let [f0, f1, engine] =
        run.bytes.map(|bytes| grouped(real(usize::try_from(bytes >> 10).unwrap_or_default())));
    println!("  {}", dim(format!("files after the fill, KiB: F0 {f0}, F1 {f1}, engine {engine}")));
}

fn ratio(line: &Line) -> String {
    let text = format!("{:.2}{}", line.ratio, if line.noisy { " noisy" } else { "" });
    match line.passes() {
        Some(true) => good(text).to_string(),
        Some(false) if line.noisy => warm(text).to_string(),
        Some(false) => bad(text).to_string(),
        None => text,
    }
}

/// What an import of so many rows came to.
pub(crate) fn imported(size: usize, done: &Imported) {
    let rate = 1e6 / done.micros;
    println!(
        "  {}",
        dim(format!(
            "import of {}: {} contacts a second of processor time, {:.1} s on the wall, at most {} MiB of memory",
            grouped(real(size)),
            grouped(rate),
            done.seconds,
            done.memory >> 20
        ))
    );
}

/// How the steps grow from the first size to the last.
pub(crate) fn growth(runs: &[Run]) {
    let [first, .., last] = runs else { return };
    println!(
        "\n  {}",
        bold(format!("growth from {} to {}", grouped(real(first.size)), grouped(real(last.size))))
    );
    let mut table = Table::default().left("step", 44).right("floor").right("engine").right("engine by floor");
    for line in steps(runs) {
        let Some((floor, engine)) = growth_of(runs, line.name) else { continue };
        table.row([
            line.name.to_owned(),
            format!("{floor:.2}"),
            format!("{engine:.2}"),
            format!("{:.2}", engine / floor),
        ]);
    }
    table.print();
}

/// Says what was written where.
pub(crate) fn end(written: &Written) {
    println!("\n  {} {}", dim("results"), written.page.display());
    println!("  {} {}", dim("plots  "), written.plots.display());
}
