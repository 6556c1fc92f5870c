//! The engine beside its floors.
fn main() {}
