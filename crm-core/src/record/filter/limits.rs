//! How large a filter may be. All limits are far above what people write and far below what hurts.

use super::ast::Filter;
use crate::error::{CrmError, ErrorKind, Result};

/// The longest text or JSON of a filter, in bytes.
pub const MAX_LENGTH: usize = 65_536;
/// How deep conditions may be nested in each other.
pub const MAX_DEPTH: usize = 32;
/// How deep conditions on linking records may be nested in each other. Each level multiplies the work.
pub const MAX_CHILDREN_DEPTH: usize = 8;
/// How many conditions and connectives a filter may have.
pub const MAX_NODES: usize = 1_000;
/// How many operands a filter may name in all.
pub const MAX_OPERANDS: usize = 10_000;
/// How many links a path may go through.
pub const MAX_LINKS: usize = 5;
/// How many different links the paths of one list of conditions may go through in all.
pub const MAX_JOINS: usize = 30;

pub(super) fn exceeded(code: &'static str, reason: String) -> CrmError {
    CrmError::new(ErrorKind::Limit, code, reason)
}

pub(super) fn check_length(text: &str) -> Result<()> {
    match text.len() <= MAX_LENGTH {
        true => Ok(()),
        false => Err(exceeded("filter.too_long", format!("is longer than {MAX_LENGTH} bytes"))
            .at(format!("position {MAX_LENGTH}"))),
    }
}

pub(super) fn too_deep() -> CrmError {
    exceeded("filter.too_deep", format!("is nested deeper than {MAX_DEPTH} levels"))
}

/// Counts what a filter consists of while it is read or checked.
#[derive(Debug, Default)]
pub(super) struct Budget {
    nodes: usize,
    operands: usize,
}

impl Budget {
    pub(super) fn node(&mut self) -> Result<()> {
        self.nodes += 1;
        match self.nodes <= MAX_NODES {
            true => Ok(()),
            false => Err(exceeded("filter.too_many", format!("has more than {MAX_NODES} conditions"))),
        }
    }

    pub(super) fn operands(&mut self, count: usize) -> Result<()> {
        self.operands += count;
        match self.operands <= MAX_OPERANDS {
            true => Ok(()),
            false => Err(exceeded("filter.too_many", format!("names more than {MAX_OPERANDS} values"))),
        }
    }
}

/// Checks that a filter keeps the limits, however it was made.
///
/// # Errors
/// `filter.too_deep`, `filter.too_many`.
pub fn check_limits(filter: &Filter) -> Result<()> {
    check(filter, 0, 0, &mut Budget::default())
}

fn check(filter: &Filter, depth: usize, children_depth: usize, budget: &mut Budget) -> Result<()> {
    if depth >= MAX_DEPTH {
        return Err(too_deep());
    }
    budget.node()?;
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().try_for_each(|filter| check(filter, depth + 1, children_depth, budget))
        }
        Filter::Not(inner) => check(inner, depth + 1, children_depth, budget),
        Filter::Children(children) if children_depth < MAX_CHILDREN_DEPTH => {
            check(&children.filter, depth + 1, children_depth + 1, budget)
        }
        Filter::Children(children) => {
            let reason =
                format!("has conditions on linking records nested deeper than {MAX_CHILDREN_DEPTH} levels");
            let child = &children.child;
            Err(child.place.locate(exceeded("filter.too_deep", reason), &child.text))
        }
        Filter::In { operands, .. } | Filter::Has { operands, .. } => budget.operands(operands.len()),
        Filter::Compare { .. } | Filter::Match { .. } => budget.operands(1),
        Filter::Between { .. } => budget.operands(2),
        Filter::All | Filter::IsNull { .. } => Ok(()),
    }
}
