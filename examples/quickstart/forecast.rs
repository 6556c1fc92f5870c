//! Section 3: the forecast by month and category, and how deals ended.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crm_core::record::filter::field;
use crm_core::sales::{ForecastCategory, ForecastQuery, ForecastRow};
use crm_core::{Date, Money, Result};

use crate::board::{MAIN, others};
use crate::sample::Demo;
use crate::support::bars::stack;
use crate::support::screen::{cool, dim, good, heading, say, section, warm};
use crate::support::table::Table;
use crate::support::words::{major, money, number, whole};

/// The categories of a bar, from sure to unsure, and what they are drawn with.
const CATEGORIES: [(ForecastCategory, &str); 3] =
    [(ForecastCategory::Commit, "█"), (ForecastCategory::BestCase, "▓"), (ForecastCategory::Pipeline, "░")];

/// One month: the sums of each category, and the weighted sum, in one currency.
#[derive(Default)]
struct Month {
    categories: [f64; 3],
    count: u64,
    weighted: Vec<Money>,
    amounts: Vec<Money>,
}

/// Prints the forecast of the open deals.
pub(crate) fn show(demo: &Demo) -> Result<()> {
    section(
        3,
        "Forecast",
        &["session.deals().forecast(&ForecastQuery { filter, unit: DateUnit::Month, .. })?"],
    );
    let sales = demo.sales()?;
    let open = ForecastQuery { filter: Some(field("closed_at").is_null()), ..ForecastQuery::default() };
    let months = by_month(sales.deals().forecast(&open)?)?;
    let legend = CATEGORIES
        .iter()
        .map(|(category, block)| format!("{block} {}", category.label().to_lowercase()))
        .collect::<Vec<_>>()
        .join("   ");
    heading("Open deals in EUR by expected close", &legend);
    let most = months.values().map(|month| month.categories.iter().sum::<f64>()).fold(0.0, f64::max);
    let mut table =
        Table::default().left("month", 10).left("", 46).right("deals").right("EUR").right("weighted");
    for (period, month) in &months {
        let in_main = |amounts: &[Money]| {
            amounts
                .iter()
                .find(|amount| amount.currency_code() == MAIN)
                .copied()
                .map(whole)
                .unwrap_or_default()
        };
        table.row([
            name_of_month(period),
            drawn(month, most),
            number(month.count),
            in_main(&month.amounts),
            in_main(&month.weighted),
        ]);
        let others = others(&month.amounts, &month.weighted);
        if !others.is_empty() {
            table.below(1, dim(others));
        }
    }
    table.print();
    println!();
    outcome(demo)
}

fn by_month(rows: Vec<ForecastRow>) -> Result<BTreeMap<String, Month>> {
    let mut months: BTreeMap<String, Month> = BTreeMap::new();
    for row in rows {
        let Some(place) = CATEGORIES.iter().position(|(category, _)| *category == row.category) else {
            continue;
        };
        let month = months.entry(row.period.clone().unwrap_or_else(|| "later".to_owned())).or_default();
        month.count += row.count;
        let (Some(amount), Some(weighted)) = (row.amount, row.weighted) else { continue };
        if amount.currency_code() == MAIN {
            month.categories[place] += major(amount);
        }
        add(&mut month.amounts, amount)?;
        add(&mut month.weighted, weighted)?;
    }
    Ok(months)
}

/// Adds an amount to the sum of its currency.
fn add(sums: &mut Vec<Money>, amount: Money) -> Result<()> {
    match sums.iter_mut().find(|sum| sum.currency() == amount.currency()) {
        Some(sum) => *sum = sum.checked_add(amount)?,
        None => sums.push(amount),
    }
    sums.sort_by(|a, b| a.currency_code().cmp(b.currency_code()));
    Ok(())
}

fn drawn(month: &Month, most: f64) -> String {
    let lengths = stack(&month.categories, most, 44);
    let mut text = String::new();
    for (length, (category, block)) in lengths.into_iter().zip(CATEGORIES) {
        let part = block.repeat(length);
        let part = match category {
            ForecastCategory::Commit => good(part),
            ForecastCategory::BestCase => cool(part),
            _ => warm(part),
        };
        text.push_str(&part.to_string());
    }
    text
}

fn name_of_month(period: &str) -> String {
    format!("{period}-01")
        .parse::<Date>()
        .map_or_else(|_| "no date".to_owned(), |day| day.format("%b %Y").to_string())
}

/// How the deals ended that were closed since the import.
fn outcome(demo: &Demo) -> Result<()> {
    let sales = demo.sales()?;
    let since = field("closed_at").greater_than(demo.start);
    let outcome = sales.deals().outcome(Some(&since))?;
    heading("Decided since 19 October", "session.deals().outcome(Some(&filter))?");
    let amounts = |amounts: &[Money]| amounts.iter().copied().map(money).collect::<Vec<_>>().join(" · ");
    let rate = outcome.win_rate.map(|rate| format!("{} %", rate.normalize())).unwrap_or_default();
    say(format!("{} won, {} lost, win rate {}", good(outcome.won), warm(outcome.lost), good(rate)));
    say(format!("won       {}", amounts(&outcome.won_amounts)));
    say(format!("average   {}", amounts(&outcome.average_won)));
    let mut reasons = Vec::new();
    for lost in &outcome.lost_reasons {
        if let Some(reason) = lost.reason {
            reasons.push((Reverse(lost.count), sales.lost_reasons().get(reason)?.name));
        }
    }
    reasons.sort();
    let mut reasons: Vec<String> =
        reasons.into_iter().map(|(Reverse(count), name)| format!("{name} {count}")).collect();
    reasons.truncate(4);
    say(format!("lost for  {}", reasons.join(" · ")));
    Ok(())
}
