//! Groups of records with counts, sums and the like: what boards and reports are made of.

use std::ops::ControlFlow;

use super::cursor::SortValue;
use super::key::{Key, KeyKind, refuse};
use super::measure::{Measure, Measured, no_currency};
use super::{Direction, check_limit};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::currency::Currency;
use crate::ground::money::Money;
use crate::ground::zone::DateUnit;
use crate::record::filter::compile::Selection;
use crate::record::filter::{Filter, FilterContext, OwnedParam, Path, Statement};
use crate::record::json::to_json;
use crate::record::schema::RecordType;
use crate::record::value::{Reference, Value};
use crate::storage::{ColumnType, Connection, Row};

/// The most groups of a result.
pub const MAX_GROUPS: u32 = 10_000;
/// The groups of a result when the query does not say.
pub const DEFAULT_GROUPS: u32 = 1_000;
/// The most keys and measures together.
pub const MAX_GROUP_COLUMNS: usize = 32;

/// What records are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKey {
    /// The value; may go through links.
    pub path: Path,
    /// The calendar unit, for dates and points in time. The key is its label then, for example `2026-W47`.
    pub bucket: Option<DateUnit>,
}

/// A column of the result: what groups are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupColumn {
    /// The key with this place in [`GroupQuery::by`].
    Key(usize),
    /// The measure with this place in [`GroupQuery::measures`].
    Measure(usize),
}

/// One column that groups are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSort {
    /// The column.
    pub column: GroupColumn,
    /// Which way; groups without a value are first ascending, last descending.
    pub direction: Direction,
}

/// Groups of records and what is measured of them.
///
/// ```
/// use crm_core::record::filter::field;
/// use crm_core::record::query::{GroupQuery, Measure};
/// use crm_core::DateUnit;
/// // A board: per stage the number of open deals, their amount, and the amount by probability.
/// let board = GroupQuery::new()
///     .filter(field("closed").equals(false))
///     .by("stage")
///     .measure(Measure::Count)
///     .measure(Measure::Sum("amount".into()))
///     .measure(Measure::Weighted { value: "amount".into(), weight: "stage.probability".into() });
/// // A report: per month of closing the amount.
/// let report = GroupQuery::new().by_bucket("close_date", DateUnit::Month).measure(Measure::Sum("amount".into()));
/// # assert_eq!((board.measures.len(), report.by.len()), (3, 1));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GroupQuery {
    /// Which records; all when there is none.
    pub filter: Option<Filter>,
    /// What they are grouped by; one group of all when there is none.
    pub by: Vec<GroupKey>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// In what order the groups come; ties, and all without one, by the keys.
    pub sort: Vec<GroupSort>,
    /// How many groups, 1 to [`MAX_GROUPS`].
    pub limit: u32,
}

impl Default for GroupQuery {
    fn default() -> Self {
        let (by, measures, sort) = (Vec::new(), Vec::new(), Vec::new());
        Self { filter: None, by, measures, sort, limit: DEFAULT_GROUPS }
    }
}

impl GroupQuery {
    /// All records in one group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only records that pass the filter, in addition to earlier ones.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(match self.filter {
            None => filter,
            Some(earlier) => earlier.and(filter),
        });
        self
    }

    /// Groups by a value.
    pub fn by(mut self, path: &str) -> Self {
        self.by.push(GroupKey { path: path.into(), bucket: None });
        self
    }

    /// Groups by the calendar unit that a date or a point in time lies in.
    pub fn by_bucket(mut self, path: &str, unit: DateUnit) -> Self {
        self.by.push(GroupKey { path: path.into(), bucket: Some(unit) });
        self
    }

    /// Measures something of each group.
    pub fn measure(mut self, measure: Measure) -> Self {
        self.measures.push(measure);
        self
    }

    /// Sorts the groups by a column, after earlier ones.
    pub fn sort(mut self, column: GroupColumn, direction: Direction) -> Self {
        self.sort.push(GroupSort { column, direction });
        self
    }

    /// At most so many groups.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupRow {
    /// The values of the keys, in the order of [`GroupQuery::by`]; the label of a bucket is text.
    #[serde(serialize_with = "as_json")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<serde_json::Value>"))]
    pub keys: Vec<Value>,
    /// The measures, in the order of [`GroupQuery::measures`].
    #[serde(serialize_with = "as_json")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<serde_json::Value>"))]
    pub measures: Vec<Value>,
    /// Whether the measures are null because the group is of too few people, or would tell of such a group.
    pub suppressed: bool,
}

fn as_json<S: serde::Serializer>(values: &[Value], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(to_json))
}

/// The groups of a result.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Groups {
    /// The groups.
    pub rows: Vec<GroupRow>,
    /// Whether there are more than the limit.
    pub more: bool,
    /// Whether groups were suppressed because they are of too few people. They come last, with measures that are null; when
    /// all of them are, no group is listed.
    pub suppressed: bool,
}

/// A group query, ready to run.
#[derive(Debug)]
pub struct GroupPlan {
    statement: Statement,
    keys: Vec<Key>,
    measures: Vec<Measured>,
    /// The columns that hold the currencies, by the expression of the currency.
    currencies: Vec<(String, usize)>,
    first_measure: usize,
    limit: u32,
}

impl GroupPlan {
    /// Compiles a query for a type.
    ///
    /// # Errors
    /// As [`compile`](crate::record::filter::compile::compile); `query.limit`, `query.not_sortable`,
    /// `query.not_measurable`, `query.bucket`, `query.too_many_columns`, `query.sort`.
    pub fn compile<'c>(
        query: &GroupQuery,
        record_type: &'c RecordType,
        context: &'c FilterContext<'c>,
    ) -> Result<Self> {
        check_limit(query.limit, MAX_GROUPS)?;
        if query.by.len() + query.measures.len() > MAX_GROUP_COLUMNS {
            let reason = format!("has more than {MAX_GROUP_COLUMNS} keys and measures");
            return Err(CrmError::new(ErrorKind::Limit, "query.too_many_columns", reason));
        }
        if query.by.is_empty() && query.measures.is_empty() {
            return Err(CrmError::invalid("query.no_columns", "has neither keys nor measures"));
        }
        let mut selection = Selection::new(record_type, context)?;
        selection.restrict(query.filter.as_ref().unwrap_or(&Filter::All))?;
        let keys = query.by.iter().map(|key| group_key(key, &mut selection)).collect::<Result<Vec<_>>>()?;
        let measures = query
            .measures
            .iter()
            .map(|measure| Measured::of(measure, &mut selection))
            .collect::<Result<Vec<_>>>()?;
        let mut columns: Vec<String> = keys.iter().map(|key| key.sql.clone()).collect();
        let mut currencies: Vec<(String, usize)> = Vec::new();
        for currency in measures.iter().filter_map(|measure| measure.currency.as_ref()) {
            if currencies.iter().all(|(known, _)| known != currency) {
                let column = columns.iter().position(|column| column == currency).unwrap_or(columns.len());
                currencies.push((currency.clone(), column));
                if column == columns.len() {
                    columns.push(currency.clone());
                }
            }
        }
        let grouped = columns.len();
        columns.extend(measures.iter().flat_map(|measure| measure.columns.iter().cloned()));
        let order = order_by(query, &measures, grouped)?;
        let mut statement = selection.statement(&format!("SELECT {}", columns.join(", ")))?;
        if grouped > 0 {
            let places: Vec<_> = (1..=grouped).map(|place| place.to_string()).collect();
            statement.sql.push_str(&format!(" GROUP BY {}", places.join(", ")));
        }
        if !order.is_empty() {
            statement.sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
        }
        statement.parameters.push(OwnedParam::Integer(i64::from(query.limit) + 1));
        statement.sql.push_str(&format!(" LIMIT ?{}", statement.parameters.len()));
        Ok(Self { statement, keys, measures, currencies, first_measure: grouped, limit: query.limit })
    }

    /// The statement. It may give one row more than the limit.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Whether groups are split by the currencies of what is measured.
    pub(crate) fn splits_by_currency(&self) -> bool {
        !self.currencies.is_empty()
    }

    /// Reads all groups.
    ///
    /// # Errors
    /// What the statement returns; `query.overflow` when a measure does not fit its type.
    pub fn run(&self, connection: &dyn Connection) -> Result<Groups> {
        let mut groups = Groups { rows: Vec::new(), more: false, suppressed: false };
        connection.query(&self.statement.sql, &self.statement.params(), &mut |row| {
            if groups.rows.len() == self.limit as usize {
                groups.more = true;
                return Ok(ControlFlow::Break(()));
            }
            groups.rows.push(self.read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(groups)
    }

    /// The group in a row of the result.
    ///
    /// # Errors
    /// When the row is none of this query.
    pub fn read(&self, row: &dyn Row) -> Result<GroupRow> {
        let keys = self
            .keys
            .iter()
            .enumerate()
            .map(|(column, key)| value(key, row, column, None))
            .collect::<Result<Vec<_>>>()?;
        let mut measures = Vec::with_capacity(self.measures.len());
        let mut column = self.first_measure;
        for measure in &self.measures {
            let currency =
                match self.currencies.iter().find(|(sql, _)| Some(sql) == measure.currency.as_ref()) {
                    Some((_, column)) => row.text(*column)?.map(Currency::from_code).transpose()?,
                    None => None,
                };
            measures.push(measure.read(row, column, currency)?);
            column += measure.columns.len();
        }
        Ok(GroupRow { keys, measures, suppressed: false })
    }
}

fn group_key(group: &GroupKey, selection: &mut Selection<'_>) -> Result<Key> {
    let key = Key::of(&group.path, selection)?;
    if matches!(key.kind, KeyKind::Money | KeyKind::LongText) {
        let reason = "cannot be grouped by; money can by its currency";
        return Err(refuse(&group.path, "query.not_groupable", reason));
    }
    let Some(unit) = group.bucket else { return Ok(key) };
    let context = selection.context();
    let sql = match key.column_type {
        ColumnType::Date => context.dialect.bucket_date(&key.sql, unit),
        ColumnType::Timestamp => {
            let zone = selection.bind(OwnedParam::Text(context.zone.name().to_owned()));
            context.dialect.bucket_timestamp(&key.sql, unit, &zone)
        }
        _ => return Err(refuse(&group.path, "query.bucket", "is neither a date nor a point in time")),
    };
    Ok(Key { sql, column_type: ColumnType::Text, kind: KeyKind::Plain, currency: None, nullable: true })
}

fn order_by(query: &GroupQuery, measures: &[Measured], grouped: usize) -> Result<Vec<String>> {
    let mut order = Vec::new();
    for (position, sort) in query.sort.iter().enumerate() {
        let column = match sort.column {
            GroupColumn::Key(key) if key < query.by.len() => Some((key + 1).to_string()),
            GroupColumn::Measure(measure) => measures.get(measure).map(|measure| measure.order.clone()),
            GroupColumn::Key(_) => None,
        };
        let Some(column) = column else {
            return Err(
                CrmError::invalid("query.sort", "names no key or measure").at(format!("sort[{position}]"))
            );
        };
        let nulls = if sort.direction == Direction::Ascending { "FIRST" } else { "LAST" };
        order.push(format!("{column} {} NULLS {nulls}", sort.direction.sql()));
    }
    // What is left makes the order of the groups the same every time.
    order.extend((1..=grouped).map(|place| format!("{place} ASC NULLS FIRST")));
    Ok(order)
}

/// The value of a key in a row of a result.
pub(super) fn value(key: &Key, row: &dyn Row, column: usize, currency: Option<Currency>) -> Result<Value> {
    Ok(match key.read(row, column)? {
        SortValue::Null => Value::Null,
        SortValue::Boolean(value) => Value::Boolean(value),
        SortValue::Integer(number) => match key.kind {
            KeyKind::Decimal(scale) => Value::Decimal(rust_decimal::Decimal::new(number, scale)),
            KeyKind::Money => Value::Money(Money::new(number, currency.ok_or_else(no_currency)?)),
            _ => Value::Integer(number),
        },
        SortValue::Real(number) => Value::Number(number),
        SortValue::Text(text) => match key.kind {
            KeyKind::Reference => text.parse::<Reference>()?.into(),
            _ => Value::Text(text),
        },
        SortValue::Id(id) => Value::Id(id),
        SortValue::Timestamp(time) => Value::Timestamp(time),
        SortValue::Date(date) => Value::Date(date),
    })
}
