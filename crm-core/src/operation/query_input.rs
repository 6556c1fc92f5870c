//! How lists and groups are asked for in JSON.

use crate::error::{CrmError, Result};
use crate::ground::zone::DateUnit;
use crate::record::filter::Path;
use crate::record::query::{Direction, GroupColumn, GroupKey, GroupSort, Measure, Sort};

/// A key to sort by: a path such as `organisation.name`, with a `-` in front for the greatest first.
pub(super) struct SortInput(pub(super) Sort);

impl<'de> serde::Deserialize<'de> for SortInput {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (direction, path) = match text.strip_prefix('-') {
            Some(path) => (Direction::Descending, path),
            None => (Direction::Ascending, text.as_str()),
        };
        Ok(Self(Sort { path: path.into(), direction }))
    }
}

/// What is measured of each group.
#[derive(Clone, Copy, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum MeasureKind {
    /// How many records.
    Count,
    /// How many different values.
    CountDistinct,
    /// The sum of numbers or money.
    Sum,
    /// The average of numbers or money.
    Average,
    /// The least value.
    Minimum,
    /// The greatest value.
    Maximum,
    /// The sum of value times weight by a hundred: what deals are worth at their probability.
    Weighted,
}

/// One measure of each group.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Measure"))]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureInput {
    /// What is measured.
    measure: MeasureKind,
    /// The value, such as `amount` or `stage.probability`; nothing for a count of records.
    #[serde(default)]
    of: Option<Path>,
    /// The percentage that the value is weighted by, for `weighted`.
    #[serde(default)]
    weight: Option<Path>,
}

impl TryFrom<MeasureInput> for Measure {
    type Error = CrmError;

    fn try_from(MeasureInput { measure, of, weight }: MeasureInput) -> Result<Self> {
        let wrong = |reason: &str| CrmError::invalid("query.measure", reason).at("measures");
        match (measure, of, weight) {
            (MeasureKind::Count, None, None) => Ok(Self::Count),
            (MeasureKind::CountDistinct, Some(of), None) => Ok(Self::CountDistinct(of)),
            (MeasureKind::Sum, Some(of), None) => Ok(Self::Sum(of)),
            (MeasureKind::Average, Some(of), None) => Ok(Self::Average(of)),
            (MeasureKind::Minimum, Some(of), None) => Ok(Self::Minimum(of)),
            (MeasureKind::Maximum, Some(of), None) => Ok(Self::Maximum(of)),
            (MeasureKind::Weighted, Some(value), Some(weight)) => Ok(Self::Weighted { value, weight }),
            (MeasureKind::Count, ..) => Err(wrong("a count of records has neither `of` nor `weight`")),
            (MeasureKind::Weighted, ..) => Err(wrong("a weighted sum names `of` and `weight`")),
            _ => Err(wrong("this measure names `of` and no `weight`")),
        }
    }
}

/// What groups are made by.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GroupKey"))]
#[serde(deny_unknown_fields)]
pub(super) struct KeyInput {
    /// The value, such as `stage` or `organisation.name`.
    path: Path,
    /// The calendar unit, for dates and points in time.
    #[serde(default)]
    bucket: Option<DateUnit>,
}

impl From<KeyInput> for GroupKey {
    fn from(KeyInput { path, bucket }: KeyInput) -> Self {
        Self { path, bucket }
    }
}

/// What groups are sorted by: one of `key` and `measure`.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GroupSort"))]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSortInput {
    /// The place of a key, from 0.
    #[serde(default)]
    key: Option<usize>,
    /// The place of a measure, from 0.
    #[serde(default)]
    measure: Option<usize>,
    /// Which way.
    #[serde(default)]
    direction: Direction,
}

impl TryFrom<GroupSortInput> for GroupSort {
    type Error = CrmError;

    fn try_from(input: GroupSortInput) -> Result<Self> {
        let column = match (input.key, input.measure) {
            (Some(place), None) => GroupColumn::Key(place),
            (None, Some(place)) => GroupColumn::Measure(place),
            _ => return Err(CrmError::invalid("query.sort", "names either a key or a measure").at("sort")),
        };
        Ok(Self { column, direction: input.direction })
    }
}
