//! Disclosures: to whom personal data were given, and the register of what is done with them.
//!
//! The recipients must be nameable, not only their kinds (GDPR Article 15(1)(c); CJEU C-154/21, *Österreichische Post*), and
//! are told of rectification, erasure and restriction (Article 19). An export that names its recipient writes the disclosure
//! by itself; the host enters others.

mod area;
pub mod ids;
pub mod model;
mod register;
mod render;
mod rules;

pub use area::DisclosedTo;
pub use ids::DisclosureId;
pub use model::{Disclosure, TransferTool};
pub use register::{Activity, ReadData, Register};

crate::record::areas! {
    /// To whom personal data were given.
    disclosures: Disclosure;
}
