//! Privacy: personal values are sealed under a key of their data subject, so that destroying the key erases them.

#[cfg(not(target_arch = "wasm32"))]
pub mod key_file;
pub mod keys;
pub mod seal;
pub(crate) mod store;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
