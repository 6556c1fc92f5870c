//! The pure decisions of sales: facts in, decision out.

use rust_decimal::Decimal;

use super::model::{ForecastCategory, StageType};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::money::{Money, Rounding};

impl StageType {
    /// Whether a deal in such a stage is decided.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }
}

/// The probability of a stage: the given one, or what its type stands for.
pub(super) fn stage_probability(stage_type: StageType, given: Option<Decimal>) -> Result<Decimal> {
    let fixed = closed_probability(stage_type);
    match (fixed, given) {
        (Some(fixed), Some(given)) if fixed != given => Err(CrmError::invalid(
            "stage.probability",
            format!("is {fixed} for every stage of the type {}", stage_type.key()),
        )
        .at("probability")),
        (Some(fixed), _) => Ok(fixed),
        (None, given) => Ok(given.unwrap_or_default()),
    }
}

/// The probability that a closed deal has; `None` for an open one.
pub(super) fn closed_probability(stage_type: StageType) -> Option<Decimal> {
    match stage_type {
        StageType::Won => Some(Decimal::ONE_HUNDRED),
        StageType::Lost => Some(Decimal::ZERO),
        StageType::Open | StageType::OnHold => None,
    }
}

/// The forecast category of a stage: the given one, or what its type stands for.
pub(super) fn stage_category(
    stage_type: StageType,
    given: Option<ForecastCategory>,
) -> Result<ForecastCategory> {
    let fits = |category: ForecastCategory| match stage_type {
        StageType::Won => category == ForecastCategory::Closed,
        StageType::Lost => category == ForecastCategory::Omitted,
        StageType::Open | StageType::OnHold => category != ForecastCategory::Closed,
    };
    match given {
        Some(category) if fits(category) => Ok(category),
        Some(_) => Err(CrmError::invalid(
            "stage.forecast_category",
            format!("is not possible for a stage of the type {}", stage_type.key()),
        )
        .at("forecast_category")),
        None => Ok(match stage_type {
            StageType::Won => ForecastCategory::Closed,
            StageType::Lost => ForecastCategory::Omitted,
            StageType::Open | StageType::OnHold => ForecastCategory::Pipeline,
        }),
    }
}

/// What entering a stage does to a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// It was open and stays open.
    Open,
    /// It is decided, and has this probability from now on.
    Close(Decimal),
    /// It was decided and is open again.
    Reopen,
}

/// What entering a stage does to a deal that was closed or not.
pub(super) fn passage(was_closed: bool, to: StageType) -> Passage {
    match closed_probability(to) {
        Some(probability) => Passage::Close(probability),
        None if was_closed => Passage::Reopen,
        None => Passage::Open,
    }
}

/// The error for a move whose requirements are not met, naming all of them.
pub(super) fn requirements(missing: Vec<String>) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let reason = format!("cannot be entered without {}", missing.join(", "));
    Err(CrmError::new(ErrorKind::Rule, "deal.stage.requirements", reason)
        .at("stage")
        .detail("missing", missing))
}

/// The probability that counts for a deal: its own, or that of its stage.
pub fn effective_probability(own: Option<Decimal>, stage: Option<Decimal>) -> Decimal {
    own.or(stage).unwrap_or_default()
}

/// What a deal is worth at a probability in per cent, rounded half up to whole minor units.
///
/// Boards, lists and forecasts round each deal so and add up the results: they agree to the cent.
///
/// ```
/// use crm_core::sales::weighted;
/// assert_eq!(weighted("10.05 EUR".parse()?, 50.into())?, "5.03 EUR".parse()?);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
///
/// # Errors
/// `money.overflow`.
pub fn weighted(amount: Money, probability: Decimal) -> Result<Money> {
    amount.percent(probability, Rounding::HalfUp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_have_what_their_type_stands_for() {
        let ten = Some(Decimal::TEN);
        for (stage_type, given, expected) in [
            (StageType::Open, None, Some(0)),
            (StageType::OnHold, ten, Some(10)),
            (StageType::Won, None, Some(100)),
            (StageType::Won, ten, None),
            (StageType::Lost, None, Some(0)),
            (StageType::Lost, ten, None),
        ] {
            let found = stage_probability(stage_type, given).ok();
            assert_eq!(found, expected.map(Decimal::from), "{stage_type} {given:?}");
        }
        for (stage_type, given, expected) in [
            (StageType::Open, None, Some(ForecastCategory::Pipeline)),
            (StageType::Open, Some(ForecastCategory::Commit), Some(ForecastCategory::Commit)),
            (StageType::Open, Some(ForecastCategory::Closed), None),
            (StageType::Won, None, Some(ForecastCategory::Closed)),
            (StageType::Won, Some(ForecastCategory::Omitted), None),
            (StageType::Lost, None, Some(ForecastCategory::Omitted)),
        ] {
            assert_eq!(stage_category(stage_type, given).ok(), expected, "{stage_type} {given:?}");
        }
    }

    #[test]
    fn passages() {
        for (was_closed, to, expected) in [
            (false, StageType::Open, Passage::Open),
            (false, StageType::OnHold, Passage::Open),
            (false, StageType::Won, Passage::Close(Decimal::ONE_HUNDRED)),
            (true, StageType::Lost, Passage::Close(Decimal::ZERO)),
            (true, StageType::OnHold, Passage::Reopen),
        ] {
            assert_eq!(passage(was_closed, to), expected);
        }
    }
}
