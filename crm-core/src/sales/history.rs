//! How deals go through their stages: the history of one, conversion and velocity of many.
//!
//! Everything here is made of the periods that the engine keeps of the field `stage`.

use rust_decimal::Decimal;

use super::ids::{DealId, StageId};
use super::model::{Deal, Pipeline};
use super::select_deals::with_deals;
use crate::access::users::UserId;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::money::Rounding;
use crate::ground::sort::{self, FewByKey};
use crate::ground::time::Timestamp;
use crate::ground::zone::{DateUnit, Zone};
use crate::privacy::reading::small_groups;
use crate::record::Records;
use crate::record::door::{Reader, read};
use crate::record::filter::{Filter, OwnedParam};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::storage::{Param, ReadMode, query_all};

/// That a deal was in a stage.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageSpan {
    /// The stage.
    pub stage: StageId,
    /// Its name; `None` when it was deleted since.
    pub name: Option<String>,
    /// When the deal came in.
    pub entered_at: Timestamp,
    /// When it left; `None` while it is there.
    pub left_at: Option<Timestamp>,
    /// How long it was there, until now if it still is, in seconds.
    pub seconds: i64,
    /// Who moved it there; nil for the system.
    pub entered_by: UserId,
}

/// From which stage to which, and of which deals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PassageQuery {
    /// The stage that deals come into first.
    pub from: StageId,
    /// The stage that they are to reach after it, directly or by way of others.
    pub to: StageId,
    /// Only deals that came into the first stage at this time or later.
    pub since: Option<Timestamp>,
    /// Only deals that came into the first stage before this time.
    pub until: Option<Timestamp>,
    /// Only deals that pass the filter.
    pub filter: Option<Filter>,
}

/// How many deals go on from one stage to another.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conversion {
    /// How many came into the first stage.
    pub entered: u64,
    /// How many of them reached the second one.
    pub converted: u64,
    /// How many of a hundred, rounded half up to two places; `None` when none came in.
    #[serde(serialize_with = "super::decimal_text::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub rate: Option<Decimal>,
    /// The same for each month in which deals came in.
    pub months: Vec<Cohort>,
}

/// The deals that came into the first stage in one month.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cohort {
    /// The month, for example `2026-11`, in the time zone of the database.
    pub month: String,
    /// How many came in.
    pub entered: u64,
    /// How many of them reached the second stage.
    pub converted: u64,
    /// How many of a hundred.
    #[serde(serialize_with = "super::decimal_text::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub rate: Option<Decimal>,
}

/// How long deals take from one stage to another: from first coming in to first reaching the second after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Velocity {
    /// How many deals reached the second stage.
    pub count: u64,
    /// Half of them took at most so long, in seconds; of an even number the mean of the middle two.
    pub median_seconds: Option<i64>,
    /// The mean, in seconds.
    pub mean_seconds: Option<i64>,
    /// Nine of ten took at most so long, in seconds (nearest rank).
    pub p90_seconds: Option<i64>,
}

impl Records<'_, Deal> {
    /// The stages that a deal was in, the first first, with how long it was there. A move back is a span of its own.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn stage_history(&self, deal: impl Into<DealId>) -> Result<Vec<StageSpan>> {
        let deal = deal.into();
        read(self.set.door, ReadMode::Snapshot, |reader| spans(reader, deal))
    }
}

impl Records<'_, Pipeline> {
    /// How many deals go on from one stage to another. Behind [`Session::as_of`](crate::Session::as_of): what was
    /// known then.
    ///
    /// # Errors
    /// `stage.same` when both are one stage; `filter.*`; `aggregate.suppressed` in a session for analytics, for few deals.
    pub fn conversion(&self, query: &PassageQuery) -> Result<Conversion> {
        let zone = self.set.door.engine().config.default_zone;
        Ok(conversion(&self.journeys(query)?, zone))
    }

    /// How long deals take from one stage to another.
    ///
    /// # Errors
    /// As [`conversion`](Self::conversion).
    pub fn velocity(&self, query: &PassageQuery) -> Result<Velocity> {
        Ok(velocity(&self.journeys(query)?))
    }

    fn journeys(&self, query: &PassageQuery) -> Result<Vec<Journey>> {
        read(self.set.door, ReadMode::Snapshot, |reader| journeys(reader, query))
    }
}

/// When a deal came into one stage, and when it reached another after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Journey {
    entered: Timestamp,
    reached: Option<Timestamp>,
}

fn stage_number(reader: &Reader<'_>) -> Result<i64> {
    Ok(reader.schema.require("deal")?.require("stage")?.number)
}

fn spans(reader: &Reader<'_>, deal: DealId) -> Result<Vec<StageSpan>> {
    visible(reader, reader.schema.require("deal")?, deal.into())?.ok_or_else(|| not_found("deal"))?;
    let at = reader.now();
    let stages = reader.table(reader.schema.require("stage")?);
    let sql = format!(
        "SELECT p.link, s.\"name\", p.entered_at, p.left_at, p.entered_by FROM crm_period AS p \
         LEFT JOIN {stages} AS s ON s.\"id\" = p.link \
         WHERE p.record = ?1 AND p.field = ?2 AND p.entered_at <= ?3 ORDER BY p.entered_at"
    );
    let key = [Param::Id(deal.into()), Param::Integer(stage_number(reader)?), Param::Timestamp(at)];
    query_all(reader.connection, &sql, &key, |row| {
        let entered_at = row.timestamp(2)?.unwrap_or_default();
        let left_at = row.timestamp(3)?.filter(|left| *left <= at);
        Ok(StageSpan {
            stage: row.id(0)?.unwrap_or_default().into(),
            name: row.text(1)?.map(str::to_owned),
            entered_at,
            left_at,
            seconds: seconds(entered_at, left_at.unwrap_or(at)),
            entered_by: row.id(4)?.unwrap_or_default().into(),
        })
    })
}

/// The deals that came into the first stage, each with its first time in the range.
fn journeys(reader: &Reader<'_>, query: &PassageQuery) -> Result<Vec<Journey>> {
    if query.from == query.to {
        return Err(CrmError::invalid("stage.same", "is the stage that deals come from").at("to"));
    }
    let at = reader.now();
    let number = stage_number(reader)?;
    let statement = with_deals(reader, query.filter.as_ref(), |mut selection| {
        let stage = selection.bind(OwnedParam::Integer(number));
        let from = selection.bind(OwnedParam::Id(query.from.into()));
        let to = selection.bind(OwnedParam::Id(query.to.into()));
        let at = selection.bind(OwnedParam::Timestamp(at));
        let since = selection.bind(OwnedParam::Timestamp(query.since.unwrap_or(Timestamp::MIN)));
        let until = selection.bind(OwnedParam::Timestamp(query.until.unwrap_or(Timestamp::MAX)));
        let (deals, condition) = (selection.from(), selection.condition());
        selection.finish(format!(
            "SELECT p.record, p.entered_at, \
             (SELECT min(q.entered_at) FROM crm_period AS q WHERE q.record = p.record AND q.field = {stage} \
             AND q.entered_at > p.entered_at AND q.entered_at <= {at} AND q.link = {to}) \
             FROM crm_period AS p WHERE p.field = {stage} AND p.link = {from} \
             AND p.entered_at >= {since} AND p.entered_at < {until} AND p.entered_at <= {at} \
             AND EXISTS (SELECT 1 FROM {deals} WHERE t.\"id\" = p.record AND {condition}) \
             ORDER BY p.record, p.entered_at"
        ))
    })?;
    let rows = query_all(reader.connection, &statement.sql, &statement.params(), |row| {
        let journey = Journey { entered: row.timestamp(1)?.unwrap_or_default(), reached: row.timestamp(2)? };
        Ok((row.id(0)?.unwrap_or_default(), journey))
    })?;
    let journeys = first_of_each(rows);
    // A deal stands for a person here: there are no more people than deals.
    small_groups::check_people(reader, reader.schema.require("deal")?, journeys.len() as u64)?;
    Ok(journeys)
}

/// A deal that came into the stage again counts from its first time.
fn first_of_each(rows: Vec<(RecordId, Journey)>) -> Vec<Journey> {
    let mut last = None;
    rows.into_iter()
        .filter_map(|(deal, journey)| {
            let first = last != Some(deal);
            last = Some(deal);
            first.then_some(journey)
        })
        .collect()
}

fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    (to.micros() - from.micros()) / 1_000_000
}

/// A part of a whole in per cent, rounded half up to two places.
pub(super) fn rate(part: u64, whole: u64) -> Option<Decimal> {
    (whole > 0).then(|| {
        Decimal::try_from_i128_with_scale(
            Rounding::HalfUp.divide(i128::from(part) * 10_000, i128::from(whole)),
            2,
        )
        .unwrap_or_default()
        .normalize()
    })
}

fn conversion(journeys: &[Journey], zone: Zone) -> Conversion {
    let mut months = FewByKey::<String, (u64, u64)>::default();
    for journey in journeys {
        let month = months.of(DateUnit::Month.label(zone.date(journey.entered)));
        month.0 += 1;
        month.1 += u64::from(journey.reached.is_some());
    }
    let (entered, converted) = months
        .iter()
        .fold((0, 0), |(all, some), (_, (entered, converted))| (all + entered, some + converted));
    let months = months
        .into_iter()
        .map(|(month, (entered, converted))| Cohort {
            month,
            entered,
            converted,
            rate: rate(converted, entered),
        })
        .collect();
    Conversion { entered, converted, rate: rate(converted, entered), months }
}

fn velocity(journeys: &[Journey]) -> Velocity {
    let mut took: Vec<i64> = journeys
        .iter()
        .filter_map(|journey| Some(journey.reached?.micros() - journey.entered.micros()))
        .collect();
    sort::ascending(&mut took);
    let count = took.len();
    let Some(last) = count.checked_sub(1) else { return Velocity::default() };
    let middle = i128::midpoint(took[last / 2].into(), took[count / 2].into());
    let sum: i128 = took.iter().copied().map(i128::from).sum();
    let p90 = took[(count * 9).div_ceil(10) - 1];
    let whole = |micros: i128| i64::try_from(micros / 1_000_000).ok();
    Velocity {
        count: count as u64,
        median_seconds: whole(middle),
        mean_seconds: whole(sum / count as i128),
        p90_seconds: whole(p90.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey(entered: i64, took: Option<i64>) -> Journey {
        let entered = Timestamp::from_micros(entered * 1_000_000);
        Journey { entered, reached: took.map(|seconds| entered.plus_seconds(seconds)) }
    }

    #[test]
    fn velocities() {
        let check = |took: &[i64], expected: (Option<i64>, Option<i64>, Option<i64>)| {
            let mut journeys: Vec<_> = took.iter().map(|seconds| journey(5, Some(*seconds))).collect();
            journeys.push(journey(0, None));
            let found = velocity(&journeys);
            assert_eq!(found.count, took.len() as u64);
            assert_eq!((found.median_seconds, found.mean_seconds, found.p90_seconds), expected, "{took:?}");
        };
        check(&[], (None, None, None));
        check(&[7], (Some(7), Some(7), Some(7)));
        check(&[10, 2], (Some(6), Some(6), Some(10)));
        check(&[1, 2, 9], (Some(2), Some(4), Some(9)));
        check(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], (Some(5), Some(5), Some(9)));
        check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], (Some(6), Some(6), Some(10)));
    }

    #[test]
    fn rates() {
        for (part, whole, expected) in [
            (0, 0, None),
            (0, 3, Some("0")),
            (1, 3, Some("33.33")),
            (2, 3, Some("66.67")),
            (1, 1, Some("100")),
        ] {
            assert_eq!(rate(part, whole).map(|rate| rate.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn conversions_by_month() {
        let day = 86_400;
        let journeys = [journey(0, Some(day)), journey(40 * day, None), journey(41 * day, Some(1))];
        let found = conversion(&journeys, Zone::UTC);
        assert_eq!((found.entered, found.converted), (3, 2));
        let months: Vec<_> = found
            .months
            .iter()
            .map(|cohort| (cohort.month.as_str(), cohort.entered, cohort.converted))
            .collect();
        assert_eq!(months, [("1970-01", 1, 1), ("1970-02", 2, 1)]);
    }
}
