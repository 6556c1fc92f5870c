//! Permits on a database: the facts are collected, the [evaluator](super::permit) decides, and a contact that is
//! permitted gets a token that is good for once.

pub mod area;
mod collect;
mod common;
pub mod ids;
mod issue;
pub mod model;
pub mod request;
mod rows;
mod rules;
mod screen;
pub(crate) mod statements;

pub use area::{Privacy, Replayed};
pub(crate) use collect::CONTACTED_DAYS;
pub(crate) use common::CommonGrounds;
pub use ids::ContactPermitId;
pub use issue::IssuedPermit;
pub use model::ContactPermit;
pub use request::{ContactRequest, ProcessRequest};
pub use screen::{Screened, ScreeningRequest, ScreeningSummary};

crate::record::areas! {
    /// The permits that were given, with the decisions that they rest on.
    contact_permits: ContactPermit;
}
