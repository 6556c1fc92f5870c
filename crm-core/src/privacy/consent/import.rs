//! Taking over the states of other systems.
//!
//! A state is not a consent because a system calls its contacts "subscribed": that is the default of some. Each mapping
//! below says what in the other system stands for an act of the person; all else becomes `unknown`. A consent without a
//! time cannot be proven and becomes `unknown`, too. A refusal is taken at its word.

use super::ledger::{append, record};
use super::model::ConsentEvent;
use crate::contacts::{Person, PersonId};
use crate::error::{CrmError, Result};
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::{
    AddressType, ConsentStatus, ContactChannel, IndicationMethod, SuppressionReason, SuppressionScope,
};
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::subjects::hashed_addresses;
use crate::privacy::suppression::{Refusal, refuse};
use crate::record::select::select;
use crate::record::unit::UnitOfWork;

select! {
    /// A system whose states can be taken over.
    pub enum ForeignSystem {
        /// Salesforce: `PrivacyConsentStatus` of `ContactPointConsent` and the like.
        Salesforce = "salesforce",
        /// HubSpot: status and legal basis of a subscription.
        Hubspot = "hubspot": "HubSpot",
        /// Mautic: the reason of a do-not-contact entry, 0 for none.
        Mautic = "mautic",
        /// Braze: the state of a subscription.
        Braze = "braze",
        /// SuiteCRM: the lawful basis of a contact.
        Suitecrm = "suitecrm": "SuiteCRM",
        /// Fides: the preference, with the mechanism of its notice as the basis.
        Fides = "fides",
    }
}

/// A state in another system.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ForeignState {
    /// The state, in the words of the system.
    pub state: String,
    /// What it rests on there: the legal basis of HubSpot, the mechanism of Fides.
    pub basis: Option<String>,
    /// Whose it is.
    pub person: Option<PersonId>,
    /// The address that it is about.
    pub address: Option<String>,
    /// What kind of address it is; that of the channel when nothing is said.
    pub address_type: Option<AddressType>,
    /// The key of the purpose here.
    pub purpose: String,
    /// The channel.
    pub channel: Option<ContactChannel>,
    /// The brand.
    pub brand: Option<String>,
    /// When the person said so. Without it a consent becomes `unknown`.
    pub at: Option<Timestamp>,
    /// The key of the state there. With it, the same state is taken over once.
    pub key: Option<String>,
}

/// What was taken over, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Imported {
    /// Consents.
    pub given: u64,
    /// Refusals and withdrawals.
    pub refused: u64,
    /// What said nothing of a consent, among it all defaults.
    pub unknown: u64,
    /// Suppressions for bounces and the like.
    pub suppressed: u64,
    /// What was taken over before.
    pub duplicates: u64,
}

/// What a foreign state becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Meaning {
    status: ConsentStatus,
    suppress: Option<SuppressionReason>,
}

/// What a state of another system says. `dated` is whether it has a time.
fn meaning(system: ForeignSystem, state: &str, basis: Option<&str>, dated: bool) -> Option<Meaning> {
    use ConsentStatus::{Given, Requested, Unknown, Withdrawn};
    let word = |text: &str| text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    let (state, basis) = (word(state), basis.map(word));
    let plain = |status| Some(Meaning { status, suppress: None });
    let stopped = |reason| Some(Meaning { status: Unknown, suppress: Some(reason) });
    let found = match system {
        ForeignSystem::Salesforce => match state.as_str() {
            "optin" | "opt_in" => plain(Given),
            "optout" | "opt_out" => plain(Withdrawn),
            "seen" => plain(Requested),
            "notseen" | "not_seen" => plain(Unknown),
            _ => None,
        },
        ForeignSystem::Hubspot => match state.as_str() {
            // Its other bases, among them LEGITIMATE_INTEREST_PQL, PERFORMANCE_OF_CONTRACT and NON_GDPR, are no consent.
            "subscribed" if basis.as_deref() == Some("consent_with_notice") => plain(Given),
            "subscribed" | "not_specified" => plain(Unknown),
            "unsubscribed" | "not_opted" => plain(Withdrawn),
            _ => None,
        },
        ForeignSystem::Mautic => match state.as_str() {
            "0" => plain(Unknown),
            "1" => plain(Withdrawn),
            "2" => stopped(SuppressionReason::Bounce),
            "3" => stopped(SuppressionReason::Manual),
            _ => None,
        },
        ForeignSystem::Braze => match state.as_str() {
            "opted_in" => plain(Given),
            // The state that a user has from the start, for e-mail as for push.
            "subscribed" => plain(Unknown),
            "unsubscribed" => plain(Withdrawn),
            _ => None,
        },
        ForeignSystem::Suitecrm => match state.as_str() {
            "consent" => plain(Given),
            "withdrawn" => plain(Withdrawn),
            "contract"
            | "legal_obligation"
            | "protection_of_interest"
            | "public_interest"
            | "legitimate_interest"
            | "" => plain(Unknown),
            _ => None,
        },
        ForeignSystem::Fides => match (state.as_str(), basis.as_deref()) {
            ("opt_out", _) => plain(Withdrawn),
            ("opt_in", Some("opt_in")) => plain(Given),
            // Under the mechanism `opt_out` it is the default, and to acknowledge a notice is not to agree.
            ("opt_in" | "acknowledge" | "tcf", _) => plain(Unknown),
            _ => None,
        },
    };
    found.map(|meaning| match meaning.status {
        Given if !dated => Meaning { status: Unknown, ..meaning },
        _ => meaning,
    })
}

/// Takes over states, all or none.
pub(super) fn take_over(
    work: &mut UnitOfWork<'_>,
    system: ForeignSystem,
    rows: &[ForeignState],
) -> Result<Imported> {
    let mut imported = Imported::default();
    for (number, row) in rows.iter().enumerate() {
        take(work, system, row, &mut imported).map_err(|error| error.within(&format!("rows[{number}]")))?;
    }
    Ok(imported)
}

fn take(
    work: &mut UnitOfWork<'_>,
    system: ForeignSystem,
    row: &ForeignState,
    imported: &mut Imported,
) -> Result<()> {
    let meaning = meaning(system, &row.state, row.basis.as_deref(), row.at.is_some()).ok_or_else(|| {
        let reason = format!("is no state of {}", system.label());
        CrmError::invalid("consent.import_state", reason).at("state")
    })?;
    let event = ConsentEvent {
        person: row.person,
        purpose: row.purpose.clone(),
        channel: row.channel,
        address: row.address.clone(),
        address_type: row.address_type,
        brand: row.brand.clone(),
        kind: meaning.status,
        method: IndicationMethod::Import,
        event_time: Some(row.at.unwrap_or(work.now())),
        // A ledger of its own: what was said there does not follow what was said here.
        origin: Some(system.key().to_owned()),
        event_key: row.key.as_ref().map(|key| format!("{}:{key}", system.key())),
        ..ConsentEvent::default()
    };
    let recorded = match row.key {
        Some(_) if row.at.is_none() => record(work, ConsentEvent { event_time: None, ..event }, None)?,
        Some(_) => record(work, event, None)?,
        None => super::Recorded { event: append(work, event, None)?, duplicate: false },
    };
    if recorded.duplicate {
        imported.duplicates += 1;
        return Ok(());
    }
    match meaning.status {
        status if status.is_valid() => imported.given += 1,
        status if status.is_refusal() => imported.refused += 1,
        _ => imported.unknown += 1,
    }
    if let Some(reason) = meaning.suppress {
        imported.suppressed += suppress(work, system, row, reason)?;
    }
    Ok(())
}

/// Suppresses what a state of another system stops without being a word of the person.
fn suppress(
    work: &mut UnitOfWork<'_>,
    system: ForeignSystem,
    row: &ForeignState,
    reason: SuppressionReason,
) -> Result<u64> {
    let addresses = match (&row.address, row.person) {
        (Some(address), _) => {
            let country = work.engine.config.default_country;
            let address = ContactAddress::given(address, row.address_type, row.channel, country)?;
            vec![(address.address_type(), address.hash(&DatabaseSecret::of(work)?))]
        }
        (None, Some(person)) => {
            let person: Person = work.require_record(person)?;
            hashed_addresses(work, &person, row.channel)?
        }
        (None, None) => Vec::new(),
    };
    let bounced = reason == SuppressionReason::Bounce;
    let scope = if bounced { SuppressionScope::Global } else { SuppressionScope::Controller };
    let mut new = 0;
    for (address_type, hash) in addresses {
        let refusal = Refusal {
            scope,
            channel: row.channel,
            reason,
            source: Some(system.key().to_owned()),
            effective_at: row.at,
            ..Refusal::of(address_type, hash)
        };
        new += u64::from(!refuse(work, refusal)?.1);
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_never_a_consent() {
        use ConsentStatus::{Given, Requested, Unknown, Withdrawn};
        use ForeignSystem::{Braze, Fides, Hubspot, Mautic, Salesforce, Suitecrm};
        for (system, state, basis, expected) in [
            (Salesforce, "OptIn", None, Some(Given)),
            (Salesforce, "OptOut", None, Some(Withdrawn)),
            (Salesforce, "Seen", None, Some(Requested)),
            (Salesforce, "NotSeen", None, Some(Unknown)),
            (Salesforce, "Yes", None, None),
            (Hubspot, "SUBSCRIBED", Some("CONSENT_WITH_NOTICE"), Some(Given)),
            (Hubspot, "SUBSCRIBED", Some("LEGITIMATE_INTEREST_CLIENT"), Some(Unknown)),
            (Hubspot, "SUBSCRIBED", None, Some(Unknown)),
            (Hubspot, "NOT_SPECIFIED", None, Some(Unknown)),
            (Hubspot, "UNSUBSCRIBED", None, Some(Withdrawn)),
            (Mautic, "0", None, Some(Unknown)),
            (Mautic, "1", None, Some(Withdrawn)),
            (Mautic, "2", None, Some(Unknown)),
            (Mautic, "3", None, Some(Unknown)),
            (Mautic, "4", None, None),
            (Braze, "opted_in", None, Some(Given)),
            (Braze, "subscribed", None, Some(Unknown)),
            (Braze, "unsubscribed", None, Some(Withdrawn)),
            (Suitecrm, "consent", None, Some(Given)),
            (Suitecrm, "legitimate_interest", None, Some(Unknown)),
            (Suitecrm, "contract", None, Some(Unknown)),
            (Suitecrm, "withdrawn", None, Some(Withdrawn)),
            (Fides, "opt_in", Some("opt_in"), Some(Given)),
            (Fides, "opt_in", Some("opt_out"), Some(Unknown)),
            (Fides, "opt_in", None, Some(Unknown)),
            (Fides, "acknowledge", Some("notice_only"), Some(Unknown)),
            (Fides, "opt_out", Some("opt_out"), Some(Withdrawn)),
        ] {
            let found = meaning(system, state, basis, true).map(|meaning| meaning.status);
            assert_eq!(found, expected, "{system} {state} {basis:?}");
            // A consent without a time cannot be proven; a refusal needs none.
            let undated = meaning(system, state, basis, false).map(|meaning| meaning.status);
            assert_eq!(undated, expected.map(|status| if status == Given { Unknown } else { status }));
        }
    }

    #[test]
    fn a_bounce_stops_the_address_without_being_a_word_of_the_person() {
        for (state, expected) in [("2", SuppressionReason::Bounce), ("3", SuppressionReason::Manual)] {
            let found = meaning(ForeignSystem::Mautic, state, None, true).unwrap();
            assert_eq!((found.status, found.suppress), (ConsentStatus::Unknown, Some(expected)));
        }
    }
}
