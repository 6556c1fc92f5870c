//! Suppression: the refusals that belong to addresses.
//!
//! A suppression holds the keyed hash of an address and links to nobody, so that no duplicate, merge, import or erasure
//! loses it. `cover` says which messages it stops, and what of it a new consent of the owner of the address lifts.
//! National registers are screened against by dated snapshots.

mod area;
mod bounces;
pub(crate) mod cover;
pub mod ids;
pub mod model;
mod refusal;
mod register_area;
mod register_rules;
pub(crate) mod registers;
mod rules;
mod unsubscribe;

pub use area::{Checked, SuppressionQuestion, SuppressionRequest};
pub(crate) use cover::Grant;
pub use ids::{RegisterSnapshotId, SuppressionId};
pub use model::{RegisterSnapshot, Suppression};
pub(crate) use refusal::{OF_ADDRESS, Refusal, is_erased, keep, lift, refuse};
pub use registers::{Loaded, Screening, ScreeningAnswer};
pub use unsubscribe::{UnsubscribeHeaders, Unsubscribed};
pub use unsubscribe_area::{Unsubscribe, UnsubscribeRequest};

mod unsubscribe_area;

use super::typed_rows::records;
use crate::error::Result;
use crate::record::door::Reader;
use crate::storage::Param;

/// All suppressions of an address, by its hash: those that hold and those that held. Which of them stop a message is said
/// by [`Suppression::covers`].
pub(crate) fn covering(reader: &Reader<'_>, address_hash: &str) -> Result<Vec<Suppression>> {
    records(reader, OF_ADDRESS, &[Param::Text(address_hash)])
}

crate::record::areas! {
    /// The suppressions of addresses.
    suppressions: Suppression;
    /// The snapshots of national registers.
    register_snapshots: RegisterSnapshot;
}
