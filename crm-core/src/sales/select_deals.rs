//! Selections of deals with the values that boards and forecasts are made of.
//!
//! All of them go through the filter compiler: what the session may not see is in no figure, and behind
//! [`Session::as_of`](crate::Session::as_of) the figures are those of the past.

use crate::error::{CrmError, Result};
use crate::ground::currency::Currency;
use crate::ground::money::Money;
use crate::record::door::Reader;
use crate::record::filter::compile::{Selection, Target};
use crate::record::filter::{Filter, FilterContext, OwnedParam, Path};
use crate::record::list::with_context;
use crate::record::schema::RecordType;
use crate::storage::Row;

use super::model::StageType;

/// Builds a statement over the deals that pass a filter, for a function that runs it.
pub(super) fn with_deals<T>(
    reader: &Reader<'_>,
    filter: Option<&Filter>,
    work: impl FnOnce(Selection<'_>) -> Result<T>,
) -> Result<T> {
    let deal: &RecordType = reader.schema.require("deal")?;
    with_context(reader, |context: &FilterContext<'_>| {
        let mut selection = Selection::new(deal, context)?;
        if let Some(filter) = filter {
            selection.restrict(filter)?;
        }
        work(selection)
    })
}

/// The expression of a field, through links.
pub(super) fn column(selection: &mut Selection<'_>, path: &str) -> Result<String> {
    match selection.target(&Path::new(path))? {
        Target::Column { sql, .. } | Target::Currency { sql } => Ok(sql),
        _ => Err(CrmError::internal("a figure of deals is made of a field that is no column")),
    }
}

/// What a deal is worth at its probability, in minor units, as [`weighted`](super::weighted) rounds it: the
/// probability is stored in hundredths of a per cent, amounts are not below zero, and the division is split so
/// that no product leaves 64 bits.
pub(super) fn weighted_sql(selection: &mut Selection<'_>) -> Result<String> {
    let stage = column(selection, "stage.probability")?;
    weighted_by(selection, &stage)
}

/// As [`weighted_sql`], with the expression of the stage's probability in hundredths of a per cent.
pub(super) fn weighted_by(selection: &mut Selection<'_>, stage: &str) -> Result<String> {
    let amount = column(selection, "amount")?;
    let own = column(selection, "probability")?;
    let probability = format!("COALESCE({own}, {stage}, 0)");
    Ok(format!("(({amount} / 10000) * {probability} + (({amount} % 10000) * {probability} + 5000) / 10000)"))
}

/// The forecast category that counts for a deal.
pub(super) fn category_sql(selection: &mut Selection<'_>) -> Result<String> {
    let own = column(selection, "forecast_category")?;
    let stage = column(selection, "stage.forecast_category")?;
    let kind = column(selection, "stage.stage_type")?;
    let won = selection.bind(OwnedParam::Text(StageType::Won.key().to_owned()));
    let lost = selection.bind(OwnedParam::Text(StageType::Lost.key().to_owned()));
    Ok(format!("CASE WHEN {kind} IN ({won}, {lost}) THEN {stage} ELSE COALESCE({own}, {stage}) END"))
}

/// A sum of whole numbers as one: PostgreSQL widens sums to `numeric`.
pub(super) fn sum_sql(expression: &str) -> String {
    format!("CAST(sum({expression}) AS BIGINT)")
}

/// The amount in one column with the currency in another; `None` when there is none.
pub(super) fn money(row: &dyn Row, amount: usize, currency: usize) -> Result<Option<Money>> {
    match (row.integer(amount)?, row.text(currency)?) {
        (Some(amount), Some(currency)) => Ok(Some(Money::new(amount, Currency::from_code(currency)?))),
        _ => Ok(None),
    }
}

/// A number of rows.
pub(super) fn count(row: &dyn Row, column: usize) -> Result<u64> {
    Ok(u64::try_from(row.integer(column)?.unwrap_or_default()).unwrap_or_default())
}
