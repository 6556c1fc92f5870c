//! A rule set: the regimes that a host has enabled, with an identifier that says exactly which rules they are.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::regime::Regime;
use super::sets::RegimeSet;
use super::{
    australia, brazil, california, canada, china, eu, mailbox, quebec, uk, us, us_privacy, us_states,
};
use crate::ground::json;
use crate::ground::zone::Zone;

/// The day on which the rules that this version of the library ships were last changed.
pub const VERSION: &str = "2026-11-28";

/// All regimes that the engine knows, in the order of their keys.
pub static REGIMES: [&Regime; 12] = [
    &eu::REGIME,
    &uk::REGIME,
    &us::REGIME,
    &us_states::REGIME,
    &california::REGIME,
    &us_privacy::REGIME,
    &canada::REGIME,
    &quebec::REGIME,
    &brazil::REGIME,
    &china::REGIME,
    &australia::REGIME,
    &mailbox::REGIME,
];

/// Which rules a decision was made by: the day of their version and a hash over all of them and the choice of regimes.
/// Two rule sets with one identifier decide alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RuleSetId([u8; 8]);

impl fmt::Display for RuleSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}-{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for RuleSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for RuleSetId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The regimes that decide. Each rule in them says from when to when it holds, so one rule set decides for any time.
///
/// ```
/// use crm_core::privacy::regimes::{RegimeKey, RuleSet};
/// let all = RuleSet::all();
/// let fewer = RuleSet::of(all.enabled().without(RegimeKey::China));
/// assert!(all.id().to_string().starts_with("2026-11-28-"));
/// assert_ne!(all.id(), fewer.id());
/// ```
#[derive(Clone, Debug)]
pub struct RuleSet {
    enabled: RegimeSet,
    /// Each with its clock.
    regimes: Vec<(&'static Regime, Zone)>,
    id: RuleSetId,
}

impl RuleSet {
    /// All regimes.
    pub fn all() -> Self {
        Self::of(RegimeSet::ALL)
    }

    /// Some regimes. People whom none of them protects are dealt with by the strictest of all that are enabled.
    pub fn of(enabled: RegimeSet) -> Self {
        let mut hasher = Sha256::new();
        let mut regimes = Vec::new();
        for regime in REGIMES.into_iter().filter(|regime| enabled.has(regime.key)) {
            regimes.push((regime, regime.clock.parse().expect("the tests read the clock of each regime")));
            let rules = json::text(regime).expect("tables of rules serialise");
            hasher.update((rules.len() as u64).to_be_bytes());
            hasher.update(rules.as_bytes());
        }
        let hash: [u8; 32] = hasher.finalize().into();
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        Self { enabled, regimes, id: RuleSetId(id) }
    }

    /// Which rules these are.
    pub fn id(&self) -> RuleSetId {
        self.id
    }

    /// Which regimes are enabled.
    pub fn enabled(&self) -> RegimeSet {
        self.enabled
    }

    /// The enabled regimes.
    pub fn regimes(&self) -> impl Iterator<Item = &'static Regime> {
        self.regimes.iter().map(|(regime, _)| *regime)
    }

    /// The enabled regimes with their clocks.
    pub(crate) fn with_clocks(&self) -> &[(&'static Regime, Zone)] {
        &self.regimes
    }
}

impl Default for RuleSet {
    fn default() -> Self {
        Self::all()
    }
}
