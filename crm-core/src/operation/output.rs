//! Writing outputs.

use serde::Serialize;

use crate::error::{CrmError, Result};
use crate::ground::json::{Sink, write};

/// Writes an output into a sink: a text or a tree, as the caller wants it.
pub(super) fn written(output: &impl Serialize, sink: &mut dyn Sink) -> Result<()> {
    write(output, sink).map_err(|_| CrmError::internal("the output does not serialise"))
}
