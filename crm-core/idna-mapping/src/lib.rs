//! The mapping of UTS 46 for the crate `idna`, in a hundredth of the space.
//!
//! The crate of this name on crates.io stores what each character is mapped to: 100 KB, of which most follows from
//! tables that a program with `unicode-normalization` has anyway. Here only which characters are disallowed is stored;
//! the rest is a compatibility decomposition in lower case. `tests/published.rs` compares the two for every character.
#![forbid(unsafe_code)]

mod disallowed;
mod joining;
mod mapper;

pub use joining::{
    JoiningType, JoiningTypeMask, LEFT_OR_DUAL_JOINING_MASK, RIGHT_OR_DUAL_JOINING_MASK, joining_type,
};
pub use mapper::Mapper;
