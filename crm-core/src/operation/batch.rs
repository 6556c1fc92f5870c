//! Several calls as one: in one transaction, on one state, on a past state.

use serde_json::{Map, Value as Json};

use super::context::Context;
use super::declare::operations;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json::TreeSink;
use crate::ground::time::Timestamp;

/// One call of several.
#[derive(Clone, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchCall {
    /// The name of the operation.
    operation: String,
    /// Its input. `{"$result": "/0/id"}` anywhere in it stands for a value in the results of the calls before, by a JSON
    /// Pointer (RFC 6901).
    #[serde(default)]
    input: Map<String, Json>,
}

/// The most calls of one batch.
const MOST_CALLS: usize = 1_000;

fn run_all(context: &Context<'_>, calls: &[BatchCall]) -> Result<Vec<Json>> {
    if calls.len() > MOST_CALLS {
        let reason = format!("takes at most {MOST_CALLS} calls");
        return Err(CrmError::new(ErrorKind::Limit, "batch.too_many", reason).at("calls"));
    }
    let mut results = Json::Array(Vec::with_capacity(calls.len()));
    for (index, call) in calls.iter().enumerate() {
        let within = |error: CrmError| error.within(&format!("calls[{index}]"));
        let mut input = Json::Object(call.input.clone());
        resolve(&mut input, &results).map_err(within)?;
        let mut result = TreeSink::default();
        context.call(&call.operation, input, &mut result).map_err(within)?;
        if let Json::Array(results) = &mut results {
            results.push(result.into_value());
        }
    }
    match results {
        Json::Array(results) => Ok(results),
        _ => Err(CrmError::internal("results are a list")),
    }
}

/// Puts the results of earlier calls where an input refers to them.
fn resolve(input: &mut Json, results: &Json) -> Result<()> {
    match input {
        Json::Object(members) => {
            if let (1, Some(pointer)) = (members.len(), members.get("$result")) {
                let found =
                    pointer.as_str().and_then(|pointer| results.pointer(pointer)).ok_or_else(|| {
                        CrmError::invalid(
                            "batch.result",
                            "is no JSON Pointer into the results of earlier calls",
                        )
                        .at("$result")
                    })?;
                *input = found.clone();
                return Ok(());
            }
            members.values_mut().try_for_each(|value| resolve(value, results))
        }
        Json::Array(items) => items.iter_mut().try_for_each(|value| resolve(value, results)),
        _ => Ok(()),
    }
}

operations! {
    /// Runs several operations in one transaction: all of them are committed, or none is. Gives their results in order.
    command "batch.transaction" (context, input {
        /// The calls, in their order.
        calls: Vec<BatchCall>,
    }) -> Vec<Json> ["operation.*", "batch.*"] {
        context.session()?.transaction(|transaction| run_all(&context.inside(transaction), &input.calls))
    }

    /// Runs several reading operations on one state of the database, which no write disturbs. Gives their results in order.
    query "batch.snapshot" (context, input {
        /// The calls, in their order.
        calls: Vec<BatchCall>,
    }) -> Vec<Json> ["operation.*", "batch.*", "snapshot.read_only"] {
        context.session()?.snapshot(|snapshot| run_all(&context.on(snapshot), &input.calls))
    }

    /// Runs several reading operations on the database as it was at a time. Gives their results in order.
    query "batch.as_of" (context, input {
        /// The time.
        at: Timestamp,
        /// The calls, in their order.
        calls: Vec<BatchCall>,
    }) -> Vec<Json> ["operation.*", "batch.*", "snapshot.read_only"] {
        context.session()?.as_of(input.at, |past| run_all(&context.on(past), &input.calls))
    }
}
