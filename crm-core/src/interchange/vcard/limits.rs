//! How large a file, a card and a line may be.

/// The limits of a [`Reader`](super::Reader). What goes beyond one is the error `vcard.limit`; it spoils that card
/// only, but for the size of the input, which ends the reading.
///
/// [`Limits::DEFAULT`] leaves room for photos of several megabytes; a host with little memory can set smaller ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line of the file, before unfolding.
    pub line: usize,
    /// Bytes of one card, and some 24 for each of its lines.
    pub card: usize,
    /// Bytes of the whole input.
    pub input: u64,
    /// Properties of one card.
    pub properties: usize,
    /// Parameters of one property.
    pub parameters: usize,
    /// How deep AGENT cards may be nested.
    pub depth: usize,
}

impl Limits {
    /// 16 MiB for a line, 32 MiB for a card, 4 GiB for the input, 10 000 properties, 100 parameters, 3 nested cards.
    pub const DEFAULT: Self = Self {
        line: 16 << 20,
        card: 32 << 20,
        input: 4 << 30,
        properties: 10_000,
        parameters: 100,
        depth: 3,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
