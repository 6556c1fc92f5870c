//! Forecasts, and how deals ended.

use std::ops::ControlFlow;

use rust_decimal::Decimal;

use super::history::rate;
use super::ids::LostReasonId;
use super::model::{Deal, ForecastCategory};
use super::select_deals::{category_sql, column, count, money, sum_sql, weighted_sql, with_deals};
use crate::access::users::UserId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::money::{Money, Rounding};
use crate::ground::sort;
use crate::ground::zone::DateUnit;
use crate::privacy::reading::small_groups;
use crate::record::Records;
use crate::record::door::{Reader, read};
use crate::record::filter::{Filter, OwnedParam};
use crate::storage::ReadMode;

/// What a forecast is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastQuery {
    /// Which deals, for example those of some pipelines or of one owner; all when there is none.
    pub filter: Option<Filter>,
    /// The calendar unit of the rows.
    pub unit: DateUnit,
    /// Whether each owner has rows of their own.
    pub by_owner: bool,
}

impl Default for ForecastQuery {
    fn default() -> Self {
        Self { filter: None, unit: DateUnit::Month, by_owner: false }
    }
}

/// A row of a forecast: the deals of one period, category, owner and currency.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForecastRow {
    /// The period, for example `2026-11`: of the closing for closed deals, of the expected close date for open
    /// ones; `None` without one.
    pub period: Option<String>,
    /// The category.
    pub category: ForecastCategory,
    /// The owner, in a forecast by owner.
    pub owner: Option<UserId>,
    /// How many deals.
    pub count: u64,
    /// The sum of their amounts; `None` in the row of deals without an amount.
    pub amount: Option<Money>,
    /// The sum of their amounts at their probabilities, each deal rounded half up to whole minor units.
    pub weighted: Option<Money>,
}

/// How closed deals ended.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SalesOutcome"))]
pub struct Outcome {
    /// How many were won.
    pub won: u64,
    /// How many were lost.
    pub lost: u64,
    /// Of those, how many of a hundred were won, rounded half up to two places; `None` when none is closed.
    #[serde(serialize_with = "super::decimal_text::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub win_rate: Option<Decimal>,
    /// What was won, one sum for each currency.
    pub won_amounts: Vec<Money>,
    /// What a won deal with an amount is worth on average, for each currency, rounded half up.
    pub average_won: Vec<Money>,
    /// Why deals were lost, the most frequent reason first.
    pub lost_reasons: Vec<LostReasonCount>,
}

/// How often deals were lost for a reason.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LostReasonCount {
    /// The reason; `None` for deals without one.
    pub reason: Option<LostReasonId>,
    /// How many deals.
    pub count: u64,
    /// What they would have been worth, one sum for each currency.
    pub amounts: Vec<Money>,
}

/// The most rows of a forecast.
const MOST_ROWS: usize = 10_000;

impl Records<'_, Deal> {
    /// The forecast of deals by period, category and currency. Behind [`Session::as_of`](crate::Session::as_of):
    /// the forecast as it was.
    ///
    /// # Errors
    /// `filter.*`; `forecast.too_many` for more than 10,000 rows; `aggregate.suppressed` in a session for analytics, when few
    /// people are concerned.
    pub fn forecast(&self, query: &ForecastQuery) -> Result<Vec<ForecastRow>> {
        read(self.set.door, ReadMode::Snapshot, |reader| forecast(reader, query))
    }

    /// How closed deals ended: win rate, average size, reasons of loss. A filter such as
    /// `closed_at in last quarter` says which.
    ///
    /// # Errors
    /// `filter.*`; `aggregate.suppressed` as in [`forecast`](Self::forecast).
    pub fn outcome(&self, filter: Option<&Filter>) -> Result<Outcome> {
        read(self.set.door, ReadMode::Snapshot, |reader| outcome(reader, filter))
    }
}

fn forecast(reader: &Reader<'_>, query: &ForecastQuery) -> Result<Vec<ForecastRow>> {
    let deals = reader.schema.require("deal")?;
    let statement = with_deals(reader, query.filter.as_ref(), |mut selection| {
        let (dialect, zone) = (selection.context().dialect, selection.context().zone);
        let zone = selection.bind(OwnedParam::Text(zone.name().to_owned()));
        let closed = column(&mut selection, "closed_at")?;
        let expected = column(&mut selection, "expected_close_date")?;
        let period = format!(
            "CASE WHEN {closed} IS NULL THEN {} ELSE {} END",
            dialect.bucket_date(&expected, query.unit),
            dialect.bucket_timestamp(&closed, query.unit, &zone)
        );
        let category = category_sql(&mut selection)?;
        let owner = if query.by_owner { column(&mut selection, "owner")? } else { "NULL".to_owned() };
        let currency = column(&mut selection, "amount.currency")?;
        let amount = sum_sql(&column(&mut selection, "amount")?);
        let weighted = sum_sql(&weighted_sql(&mut selection)?);
        let people = small_groups::people_column(reader, deals);
        let (from, condition) = (selection.from(), selection.condition());
        selection.finish(format!(
            "SELECT {period}, {category}, {owner}, {currency}, count(*), {amount}, {weighted}{people} \
             FROM {from} WHERE {condition} GROUP BY 1, 2, 3, 4 \
             ORDER BY 1 NULLS LAST, 2 NULLS FIRST, 3 NULLS FIRST, 4 NULLS FIRST"
        ))
    })?;
    let mut rows = Vec::new();
    reader.connection.query(&statement.sql, &statement.params(), &mut |row| {
        if rows.len() == MOST_ROWS {
            let reason = format!("has more than {MOST_ROWS} rows; filter the deals");
            return Err(CrmError::new(ErrorKind::Limit, "forecast.too_many", reason));
        }
        small_groups::check_row(reader, deals, row, 7)?;
        rows.push(ForecastRow {
            period: row.text(0)?.map(str::to_owned),
            category: row.text(1)?.unwrap_or(ForecastCategory::Pipeline.key()).parse()?,
            owner: row.id(2)?.map(UserId::from),
            count: count(row, 4)?,
            amount: money(row, 5, 3)?,
            weighted: money(row, 6, 3)?,
        });
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(rows)
}

fn outcome(reader: &Reader<'_>, filter: Option<&Filter>) -> Result<Outcome> {
    let record_type = reader.schema.require("deal")?;
    let statement = with_deals(reader, filter, |mut selection| {
        let closed = column(&mut selection, "closed_at")?;
        selection.restrict_sql(format!("{closed} IS NOT NULL"));
        let won = selection.bind(OwnedParam::Text("won".to_owned()));
        let won = format!("({} = {won})", column(&mut selection, "stage.stage_type")?);
        let reason = column(&mut selection, "lost_reason")?;
        let currency = column(&mut selection, "amount.currency")?;
        let amount = column(&mut selection, "amount")?;
        let people = small_groups::people_column(reader, record_type);
        let (from, condition) = (selection.from(), selection.condition());
        selection.finish(format!(
            "SELECT {won}, CASE WHEN {won} THEN NULL ELSE {reason} END, {currency}, count(*), {}, count({amount}){people} \
             FROM {from} WHERE {condition} GROUP BY 1, 2, 3 \
             ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST",
            sum_sql(&amount)
        ))
    })?;
    let mut outcome = Outcome::default();
    reader.connection.query(&statement.sql, &statement.params(), &mut |row| {
        small_groups::check_row(reader, record_type, row, 6)?;
        let (deals, amount) = (count(row, 3)?, money(row, 4, 2)?);
        if row.boolean(0)?.unwrap_or_default() {
            outcome.won += deals;
            if let Some(amount) = amount {
                let with_amount = i128::from(row.integer(5)?.unwrap_or(1).max(1));
                let average = Rounding::HalfUp.divide(i128::from(amount.minor()), with_amount);
                // The average of amounts is never greater than their sum.
                let average = i64::try_from(average).unwrap_or(amount.minor());
                outcome.average_won.push(Money::new(average, amount.currency()));
                outcome.won_amounts.push(amount);
            }
            return Ok(ControlFlow::Continue(()));
        }
        outcome.lost += deals;
        let reason = row.id(1)?.map(LostReasonId::from);
        match outcome.lost_reasons.iter_mut().find(|known| known.reason == reason) {
            Some(known) => {
                known.count += deals;
                known.amounts.extend(amount);
            }
            None => outcome.lost_reasons.push(LostReasonCount {
                reason,
                count: deals,
                amounts: amount.into_iter().collect(),
            }),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    sort::by(&mut outcome.lost_reasons, |a, b| b.count.cmp(&a.count).then(a.reason.cmp(&b.reason)));
    outcome.win_rate = rate(outcome.won, outcome.won + outcome.lost);
    Ok(outcome)
}
