//! What is kept of the deals of each stage: how many there are, and the sums of their amounts.
//!
//! To add up a million deals takes 40 ms and more; a board that reads kept sums takes the same at any size. The rows of
//! `crm_deal_total` follow from the deals: each change of a deal changes them in its transaction, whoever makes it, and a
//! new probability of a stage weighs its deals anew. They are not journalled, since the deals are.
//! `journal.verify_records` adds the deals up and names the stages whose sums differ.
//!
//! A sum of amounts may leave 64 bits where each amount fits, and a deal must not be refused for the others. So a sum is
//! kept in two halves, which carry into each other only when it is read.

use std::ops::{AddAssign, ControlFlow, Neg};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::currency::Currency;
use crate::ground::ids::RecordId;
use crate::ground::sort::FewByKey;
use crate::journal::entry::Operation;
use crate::record::schema::RecordType;
use crate::record::unit::Change;
use crate::record::{RecordData, Value};
use crate::storage::{Connection, Param, Row, query_all};

/// The table of the totals.
pub(super) const TABLE: &str = "crm_deal_total";

/// A sum of whole numbers: the upper halves of its summands, and the lower ones.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    high: i64,
    low: i64,
}

impl Sum {
    const fn of(number: i64) -> Self {
        Self { high: number >> 32, low: number & 0xFFFF_FFFF }
    }

    const fn value(self) -> i128 {
        ((self.high as i128) << 32) + self.low as i128
    }
}

/// The same number may be cut in several ways.
impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.high += other.high;
        self.low += other.low;
    }
}

impl Neg for Sum {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

/// The deals of one stage whose amounts are in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Total {
    /// How many.
    deals: i64,
    /// Their amounts.
    amount: Sum,
    /// Their amounts at their probabilities, each rounded.
    weighted: Sum,
}

impl Total {
    /// What one deal adds. The probability is in hundredths of a per cent.
    fn of(amount: Option<i64>, probability: i64) -> Self {
        let weighted = amount.map(|amount| weigh(amount, probability)).unwrap_or_default();
        Self { deals: 1, amount: Sum::of(amount.unwrap_or_default()), weighted: Sum::of(weighted) }
    }

    /// How many deals.
    ///
    /// # Errors
    /// `storage.corrupt` for fewer than none.
    pub(super) fn deals(&self) -> Result<u64> {
        u64::try_from(self.deals).map_err(|_| crate::storage::error::corrupt())
    }

    /// The sum of the amounts in minor units.
    ///
    /// # Errors
    /// `money.overflow`.
    pub(super) fn amount(&self) -> Result<i64> {
        minor(self.amount)
    }

    /// The sum of the weighted amounts in minor units.
    ///
    /// # Errors
    /// `money.overflow`.
    pub(super) fn weighted(&self) -> Result<i64> {
        minor(self.weighted)
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        self.deals += other.deals;
        self.amount += other.amount;
        self.weighted += other.weighted;
    }
}

impl Neg for Total {
    type Output = Self;

    fn neg(self) -> Self {
        Self { deals: -self.deals, amount: -self.amount, weighted: -self.weighted }
    }
}

fn minor(sum: Sum) -> Result<i64> {
    i64::try_from(sum.value())
        .map_err(|_| CrmError::new(ErrorKind::Invalid, "money.overflow", "the sum does not fit in 64 bits"))
}

/// What an amount is worth at a probability in hundredths of a per cent: the words of
/// [`weighted_by`](super::select_deals::weighted_by) in Rust.
fn weigh(amount: i64, probability: i64) -> i64 {
    (amount / 10_000) * probability + ((amount % 10_000) * probability + 5_000) / 10_000
}

/// The hundredths of a per cent of a probability.
pub(super) fn hundredths(probability: Decimal) -> i64 {
    (probability * Decimal::ONE_HUNDRED).to_i64().unwrap_or_default()
}

/// A row of the table: a stage, a currency, and what one change adds there. A deal without an amount has no currency,
/// which the table writes as an empty text.
#[derive(Debug, PartialEq)]
struct Entry {
    stage: RecordId,
    currency: Option<Currency>,
    total: Total,
}

impl Entry {
    /// What a deal adds, and where.
    fn of(connection: &dyn Connection, deals: &RecordType, deal: &RecordData) -> Result<Option<Self>> {
        let Some(stage) = deal.get(deals, "stage").as_id() else { return Ok(None) };
        let (currency, total) = match deal.get(deals, "amount") {
            Value::Money(amount) => {
                let probability = match deal.get(deals, "probability") {
                    Value::Decimal(own) => hundredths(*own),
                    _ => queries::stage_probability(connection, stage)?,
                };
                (Some(amount.currency()), Total::of(Some(amount.minor()), probability))
            }
            _ => (None, Total::of(None, 0)),
        };
        Ok(Some(Self { stage, currency, total }))
    }

    /// Adds to the row of the table, which is made when it is not there.
    fn add(&self, connection: &dyn Connection) -> Result<()> {
        // An upsert would do it at once, but SQLite may guard one by a savepoint; see `UnitOfWork::next_number`.
        let code = code(self.currency.as_ref());
        let parameters = self.parameters(code);
        if connection.execute(ADD, &parameters)? == 0 {
            connection.execute(INSERT, &parameters)?;
        }
        Ok(())
    }

    fn insert(&self, connection: &dyn Connection) -> Result<()> {
        let code = code(self.currency.as_ref());
        connection.execute(INSERT, &self.parameters(code)).map(|_| ())
    }

    fn parameters<'c>(&self, code: &'c str) -> [Param<'c>; 7] {
        let Total { deals, amount, weighted } = self.total;
        [
            Param::Id(self.stage),
            Param::Text(code),
            Param::Integer(deals),
            Param::Integer(amount.high),
            Param::Integer(amount.low),
            Param::Integer(weighted.high),
            Param::Integer(weighted.low),
        ]
    }
}

const ADD: &str = "UPDATE crm_deal_total SET deals = deals + ?3, amount_high = amount_high + ?4, \
     amount_low = amount_low + ?5, weighted_high = weighted_high + ?6, weighted_low = weighted_low + ?7 \
     WHERE stage = ?1 AND currency = ?2";

const INSERT: &str = "INSERT INTO crm_deal_total \
     (stage, currency, deals, amount_high, amount_low, weighted_high, weighted_low) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Takes a deal out of the total that it was in, and puts it into the one that it is in now.
pub(super) fn follow_deal(connection: &dyn Connection, change: &Change) -> Result<()> {
    let deals = &change.record_type;
    let entry = |data| Entry::of(connection, deals, data);
    let before = change.before.as_ref().map(entry).transpose()?.flatten();
    let after = if change.operation == Operation::Delete { None } else { entry(&change.after)? };
    match (before, after) {
        (before, after) if before == after => Ok(()),
        (Some(before), Some(mut after))
            if (before.stage, before.currency) == (after.stage, after.currency) =>
        {
            after.total += -before.total;
            after.add(connection)
        }
        (before, after) => {
            let left = before.map(|before| Entry { total: -before.total, ..before });
            left.iter().chain(&after).try_for_each(|entry| entry.add(connection))
        }
    }
}

/// Adds up the deals of a stage whose probability has changed; a stage that is deleted has none.
pub(super) fn follow_stage(connection: &dyn Connection, change: &Change) -> Result<()> {
    match change.operation {
        Operation::Delete => forget(connection, change.id()),
        _ if change.before.is_some() && change.changes("probability") => recount(connection, change.id()),
        _ => Ok(()),
    }
}

fn forget(connection: &dyn Connection, stage: RecordId) -> Result<()> {
    let sql = "DELETE FROM crm_deal_total WHERE stage = ?1";
    connection.execute(sql, &[Param::Id(stage)]).map(|_| ())
}

/// Makes the totals of a stage anew.
fn recount(connection: &dyn Connection, stage: RecordId) -> Result<()> {
    forget(connection, stage)?;
    for (currency, total) in counted(connection, stage)? {
        Entry { stage, currency, total }.insert(connection)?;
    }
    Ok(())
}

/// The totals of a stage by currency, added up from its deals.
fn counted(connection: &dyn Connection, stage: RecordId) -> Result<FewByKey<Option<Currency>, Total>> {
    let general = queries::stage_probability(connection, stage)?;
    let mut totals = FewByKey::<Option<Currency>, Total>::default();
    let sql = "SELECT \"amount\", \"amount_currency\", \"probability\" FROM \"deal\" WHERE \"stage\" = ?1";
    connection.query(sql, &[Param::Id(stage)], &mut |row| {
        let total = Total::of(row.integer(0)?, row.integer(2)?.unwrap_or(general));
        *totals.of(row.text(1)?.map(Currency::from_code).transpose()?) += total;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(totals)
}

/// The kept totals of a stage by currency.
fn kept(connection: &dyn Connection, stage: RecordId) -> Result<FewByKey<Option<Currency>, Total>> {
    let sql = "SELECT currency, deals, amount_high, amount_low, weighted_high, weighted_low \
               FROM crm_deal_total WHERE stage = ?1";
    let rows = query_all(connection, sql, &[Param::Id(stage)], |row| Ok((currency(row, 0)?, read(row, 1)?)))?;
    let mut totals = FewByKey::default();
    for (currency, total) in rows.into_iter().filter(|(_, total)| *total != Total::default()) {
        *totals.of(currency) = total;
    }
    Ok(totals)
}

/// Makes the totals of all stages anew.
pub(super) fn refill(connection: &dyn Connection) -> Result<()> {
    queries::all_stages(connection)?.into_iter().try_for_each(|stage| recount(connection, stage))
}

/// The stages whose kept totals are not those of their deals.
pub(super) fn wrong(connection: &dyn Connection) -> Result<Vec<RecordId>> {
    let mut wrong = Vec::new();
    for stage in queries::all_stages(connection)? {
        if kept(connection, stage)? != counted(connection, stage)? {
            wrong.push(stage);
        }
    }
    Ok(wrong)
}

/// How the table writes a currency, or that there is none.
fn code(currency: Option<&Currency>) -> &str {
    currency.map_or("", Currency::code)
}

/// The currency in a row of the table; `None` for the total of deals without an amount.
pub(super) fn currency(row: &dyn Row, column: usize) -> Result<Option<Currency>> {
    row.text(column)?.filter(|code| !code.is_empty()).map(Currency::from_code).transpose()
}

/// The columns of a total in a row, from a position on.
pub(super) fn read(row: &dyn Row, first: usize) -> Result<Total> {
    let number = |place: usize| Ok::<_, CrmError>(row.integer(first + place)?.unwrap_or_default());
    Ok(Total {
        deals: number(0)?,
        amount: Sum { high: number(1)?, low: number(2)? },
        weighted: Sum { high: number(3)?, low: number(4)? },
    })
}
