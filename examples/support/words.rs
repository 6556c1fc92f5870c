//! Money, numbers and times as people read them.

use chrono::Datelike;
use crm_core::{Date, Money, Timestamp};

/// A whole number with its thousands apart: `1,234,567`.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn number(value: impl ToString) -> String {
    grouped(&value.to_string())
}

/// An amount with its thousands apart and its currency: `1,234.50 EUR`.
pub(crate) fn money(amount: Money) -> String {
    let text = amount.to_decimal_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction} {}", grouped(whole), amount.currency_code())
}

/// An amount without its minor units and its currency: `1,234`.
pub(crate) fn whole(amount: Money) -> String {
    grouped(&amount.to_decimal().round().to_string())
}

/// An amount in thousands or millions: `1.23M`.
pub(crate) fn brief(amount: Money) -> String {
    let value = major(amount);
    match value {
        value if value >= 1_000_000.0 => format!("{:.1}M", value / 1_000_000.0),
        value if value >= 10_000.0 => format!("{:.0}k", value / 1_000.0),
        value if value >= 1_000.0 => format!("{:.1}k", value / 1_000.0),
        value => format!("{value:.0}"),
    }
}

/// An amount as a number to draw with.
pub(crate) fn major(amount: Money) -> f64 {
    amount.to_decimal_string().parse().unwrap_or_default()
}

/// A day: `20 Nov 2026`.
pub(crate) fn day(date: Date) -> String {
    date.format("%-d %b %Y").to_string()
}

/// A day of a year that goes without saying: `20 Nov`.
pub(crate) fn short_day(at: Timestamp, now: Timestamp) -> String {
    let (at, now) = (at.date(), now.date());
    let pattern = if at.year() == now.year() { "%-d %b" } else { "%-d %b %y" };
    at.format(pattern).to_string()
}

/// A moment: `20 Nov 2026 09:30`.
pub(crate) fn moment(at: Timestamp) -> String {
    at.to_datetime().format("%-d %b %Y %H:%M").to_string()
}

/// How many days lie between two moments: `31 d`.
pub(crate) fn age(since: Timestamp, now: Timestamp) -> String {
    format!("{} d", (now.micros() - since.micros()) / 86_400_000_000)
}

/// A size in bytes: `1.2 MB`.
pub(crate) fn bytes(size: u64) -> String {
    let tenths = size.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// The first bytes of a hash in hexadecimal digits.
pub(crate) fn hex(hash: &[u8]) -> String {
    hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
