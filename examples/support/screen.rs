//! Sections and paragraphs on a terminal. Colours only where standard output is a terminal and `NO_COLOR` is unset.

use console::{StyledObject, measure_text_width, style};

/// How many columns the output has.
pub(crate) const WIDTH: usize = 100;

pub(crate) fn dim(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).dim()
}

pub(crate) fn bold(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).bold()
}

pub(crate) fn good(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).green()
}

pub(crate) fn bad(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).red()
}

pub(crate) fn warm(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).yellow()
}

pub(crate) fn cool(text: impl ToString) -> StyledObject<String> {
    style(text.to_string()).cyan()
}

/// A box with the name of the program and what it works on.
pub(crate) fn banner(name: &str, lines: &[String]) {
    let inner = WIDTH - 4;
    let row = |text: String| {
        let fill = " ".repeat(inner.saturating_sub(measure_text_width(&text)));
        println!("{} {text}{fill} {}", cool('┃'), cool('┃'));
    };
    println!("{}", cool(format!("┏{}┓", "━".repeat(WIDTH - 2))));
    row(bold(name).to_string());
    for line in lines {
        row(line.clone());
    }
    println!("{}", cool(format!("┗{}┛", "━".repeat(WIDTH - 2))));
}

/// Begins a section: its number and title, and the calls that it is made with.
pub(crate) fn section(number: u32, title: &str, calls: &[&str]) {
    let head = format!(" {number}  {title} ");
    let rule = "━".repeat(WIDTH.saturating_sub(measure_text_width(&head) + 2));
    println!("\n{}{}{}", cool("━━"), bold(&head).cyan(), cool(rule));
    for call in calls {
        println!("    {}", dim(call));
    }
    println!();
}

/// A paragraph, indented.
pub(crate) fn say(text: impl AsRef<str>) {
    println!("  {}", text.as_ref());
}

/// A heading inside a section.
pub(crate) fn heading(text: &str, aside: &str) {
    println!("  {}  {}", bold(text), dim(aside));
}

/// Words beside others, or below them where the line is too short.
fn beside(line: &str, aside: &str) {
    if measure_text_width(line) + measure_text_width(aside) + 2 > WIDTH {
        println!("{line}\n      {}", dim(aside));
    } else {
        println!("{line}  {}", dim(aside));
    }
}

/// Something that was done, and what came of it.
pub(crate) fn done(what: &str, outcome: &str) {
    beside(&format!("  {} {what}", good('✔')), outcome);
}

/// Something that was refused.
pub(crate) fn refused(what: &str, reason: &str) {
    println!("  {} {what}", bad('✘'));
    println!("      {}", bad(reason));
}
