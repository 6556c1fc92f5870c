//! Dump.
#![allow(clippy::print_stdout, reason = "a program for people")]
fn main() {
    println!("{:#}", crm_core::operation::schema::document());
}
