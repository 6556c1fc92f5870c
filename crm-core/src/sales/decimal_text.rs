//! Decimals as text in JSON, so that no reader makes them inexact.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// A decimal as text.
pub(super) fn exact<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&value.normalize())
}

/// A decimal as text, or null.
#[expect(clippy::ref_option, reason = "serde passes references")]
pub(super) fn optional<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(|value| value.normalize().to_string()).serialize(serializer)
}
