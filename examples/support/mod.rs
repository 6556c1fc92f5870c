//! What the examples share: printing to a terminal, and importing with a progress bar.
//!
//! Nothing here is needed to use crm-core; it only makes the output pleasant to look at.
#![allow(dead_code, reason = "each example uses its part of this")]

pub(crate) mod bars;
pub(crate) mod files;
pub(crate) mod screen;
pub(crate) mod table;
pub(crate) mod words;
