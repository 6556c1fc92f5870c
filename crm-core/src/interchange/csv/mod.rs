//! Reading files of separated values: bytes in, rows out, one in memory at a time.

mod decode;
mod read;
mod sniff;
mod watch;

pub(crate) use read::{Cells, Rows};
