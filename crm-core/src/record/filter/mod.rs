//! Stub until the filter lands.
/// A filter.
#[derive(Clone, Debug)]
pub struct Filter;
impl Filter {
    /// x
    pub fn link_in(_: &str, _: impl Iterator<Item = crate::RecordId>) -> Self {
        Self
    }
    /// x
    pub fn is_null(_: &str) -> Self {
        Self
    }
    /// x
    pub fn and(self, _: Self) -> Self {
        self
    }
    /// x
    pub fn or(self, _: Self) -> Self {
        self
    }
}
