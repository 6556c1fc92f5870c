//! Files of separated values: bytes in, rows out, one in memory at a time; and rows in, bytes out.

mod decode;
mod read;
mod sniff;
mod watch;
mod write;

pub(crate) use read::{Cells, Rows};
pub(crate) use write::Lines;
