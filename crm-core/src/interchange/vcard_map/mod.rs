//! vCards as people and organisations, and back, without losing a property.
//!
//! What the model has a field for goes there. A property that would not come out again exactly as it came in is
//! kept beside it, in `vcard_extras`, together with what the engine would write in its place: an export writes the
//! kept one as long as the record still says the same, and what the record says otherwise.

mod extras;
mod generate;
mod import;
mod take;

pub use import::{Organisations, VcardOptions};
pub(crate) use import::{card_text, export, import};
