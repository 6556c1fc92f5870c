//! Consent: a ledger of events, and where it stands.
//!
//! What is known of a consent is the sum of its events, each with what was read, how it was said, when, by whom and the
//! evidence. `fold` says how a state follows from them: it depends on the events alone, not on their arrival, and a
//! withdrawal wins every tie. The state is kept beside the ledger in the same transaction, so that a permit reads rows
//! and folds nothing; that a consent has run out is seen when it is asked.

mod area;
mod double_opt_in;
mod effect;
mod evidence;
mod fold;
pub mod ids;
mod import;
mod ledger;
mod lineages;
pub mod model;
mod queries;
pub mod receipt;
mod rules;
pub(crate) mod state;
mod table;

pub use area::{Consent, Question};
pub use double_opt_in::{Confirmation, Requested};
pub(crate) use evidence::{open as open_evidence, seal as seal_evidence};
pub use ids::ConsentEventId;
pub use import::{ForeignState, ForeignSystem, Imported};
pub use ledger::Recorded;
pub(crate) use ledger::withdraw_by_click;
pub use model::ConsentEvent;
pub use receipt::{Party, PiiItem, Processing};
pub(crate) use rules::CLOCK_SKEW_SECONDS;
pub use state::ConsentState;
#[cfg(test)]
pub(crate) use table::states_of;
pub(crate) use table::{Holder, Standing, forget, standing_columns, standing_of};

/// The statements of the states, for the test that explains them.
#[cfg(test)]
pub(crate) struct ConsentStatements;

#[cfg(test)]
impl ConsentStatements {
    pub(crate) const STANDING: &'static str = table::STANDING;
    pub(crate) const WITH_ADDRESS: &'static str = table::WITH_ADDRESS;
}

crate::record::areas! {
    /// The events of the consent ledger.
    consent_events: ConsentEvent;
}
