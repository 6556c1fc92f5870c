//! What an event of the ledger does to the suppressions of an address.
//!
//! A refusal suppresses the address, and a consent that stands lifts the suppressions that it is about: the address owns
//! both, whatever becomes of the contact that has it. An event that names no address speaks for all that the person has.
//!
//! What counts is where the ledger stands now, not the event by itself. An old refusal that comes late refuses nothing
//! that was given since; a refusal that another ending outweighs is still one; and an event of any kind may let an older
//! refusal stand again, as when a grant turns out never to have been valid.

use std::collections::BTreeMap;

use super::fold::open_endings;
use super::lineages::Lineages;
use super::queries::{LEDGER, LedgerEvent};
use super::rules::key_of;
use super::state::{ConsentState, Key, effective};
use super::table::{Holder, stored};
use crate::contacts::Person;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort::FewByKey;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{
    AddressType, ConsentStatus, ContactChannel, IndicationMethod, SuppressionReason, SuppressionScope,
};
use crate::privacy::subjects;
use crate::privacy::suppression::{self, Grant, Refusal};
use crate::privacy::values::{link, option, text};
use crate::record::Value;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::Connection;

/// Lifts and suppresses what follows from the ledger, now that an event is in it.
pub(super) fn take(work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
    if let Some(state) = standing(work, change)?.filter(|state| state.valid) {
        lift(work, change, &state)?;
    }
    for refusal in standing_refusals(work, change)? {
        suppress(work, change, &refusal)?;
    }
    Ok(())
}

/// Where the consent stands that an event is about: as its address sees it, or else as its person does.
fn standing(work: &UnitOfWork<'_>, change: &Change) -> Result<Option<ConsentState>> {
    let key = key_of(change)?;
    let address = text(change, "address_hash");
    let person = if address.is_some() { None } else { link(change, "person") };
    let states = stored(work.connection, person, address)?;
    let mut lineages = Lineages::new(work.connection);
    Ok(effective(&states, &key, lineages.of(&key.purpose)?, work.now()))
}

fn lift(work: &mut UnitOfWork<'_>, change: &Change, state: &ConsentState) -> Result<()> {
    let key = key_of(change)?;
    let mut lineages = Lineages::new(work.connection);
    let grant = Grant {
        purpose: &key.purpose,
        lineage: lineages.of(&key.purpose)?,
        channel: key.channel,
        brand: key.brand.as_deref(),
        at: state.since,
        reinstates: *change.after("reinstates") == Value::Boolean(true),
    };
    for (_, hash) in addresses(work, change, key.channel)? {
        suppression::lift(work, &hash, &grant)?;
    }
    Ok(())
}

/// What is refused of a thing.
struct StandingRefusal {
    /// The latest of the refusals that no grant has followed.
    latest: LedgerEvent,
    /// Whether one of them came just now: it is to hold for all that it is about, whatever was lifted before.
    is_new: bool,
}

/// What the owner of the address has refused and not granted since, by what it is about.
fn standing_refusals(work: &UnitOfWork<'_>, change: &Change) -> Result<Vec<StandingRefusal>> {
    let connection = work.connection;
    let mut found = FewByKey::<Key, Option<StandingRefusal>>::default();
    for event in open_for_address(connection, change)? {
        let is_new = event.folded.id == change.id();
        match found.of(event.key.clone()) {
            Some(known) => {
                known.is_new |= is_new;
                if (known.latest.folded.at, known.latest.folded.id) < (event.folded.at, event.folded.id) {
                    known.latest = event;
                }
            }
            unknown => *unknown = Some(StandingRefusal { latest: event, is_new }),
        }
    }
    Ok(found.into_iter().filter_map(|(_, refusal)| refusal).collect())
}

/// The open refusals of the address that an event names, or else of its person. What a person refused for one address
/// must be open in the ledger of that address, too: somebody else who shares it may have consented since.
fn open_for_address(connection: &dyn Connection, change: &Change) -> Result<Vec<LedgerEvent>> {
    if let Some(hash) = text(change, "address_hash") {
        return open_refusals(connection, Holder::Address(hash));
    }
    let Some(person) = link(change, "person") else { return Ok(Vec::new()) };
    let mut open = open_refusals(connection, Holder::Person(person))?;
    let mut of_addresses: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
    for event in &open {
        if let Some(hash) = &event.key.address {
            if !of_addresses.contains_key(hash) {
                let events = open_refusals(connection, Holder::Address(hash))?;
                let ids = events.iter().map(|event| event.folded.id).collect();
                of_addresses.insert(hash.clone(), ids);
            }
        }
    }
    open.retain(|event| {
        event.key.address.as_ref().is_none_or(|hash| of_addresses[hash].contains(&event.folded.id))
    });
    Ok(open)
}

/// The refusals in a ledger that no grant about the same thing has followed.
fn open_refusals(connection: &dyn Connection, holder: Holder<'_>) -> Result<Vec<LedgerEvent>> {
    let events = holder.events(connection, LEDGER)?;
    let mut lineages = Lineages::new(connection);
    let mut open = Vec::new();
    for event in events.iter().filter(|event| is_refused(event.folded.kind)) {
        let lineage = lineages.of(&event.key.purpose)?;
        let covering = events.iter().filter(|other| other.key.covers(&event.key, lineage));
        let endings = open_endings(covering.map(|other| &other.folded), Timestamp::MAX);
        if endings.iter().any(|ending| ending.id == event.folded.id) {
            open.push(event.clone());
        }
    }
    Ok(open)
}

/// Whether it is the word of the data subject. What the controller ends or declares invalid stops by its own state.
fn is_refused(kind: ConsentStatus) -> bool {
    matches!(kind, ConsentStatus::Refused | ConsentStatus::Withdrawn)
}

fn suppress(
    work: &mut UnitOfWork<'_>,
    change: &Change,
    StandingRefusal { latest, is_new }: &StandingRefusal,
) -> Result<()> {
    let key = &latest.key;
    let of_key = key.address.as_ref().map(|hash| {
        let address_type = key.channel.map(ContactChannel::address_type).unwrap_or_default();
        vec![(address_type, hash.clone())]
    });
    let addresses = match of_key {
        Some(addresses) => addresses,
        None => addresses(work, change, key.channel)?,
    };
    let by_click = latest.method == IndicationMethod::OneClick;
    for (address_type, hash) in addresses {
        let refusal = Refusal {
            scope: SuppressionScope::Purpose,
            scope_key: Some(key.purpose.clone()),
            channel: key.channel,
            brand: key.brand.clone(),
            reason: if by_click { SuppressionReason::Unsubscribe } else { SuppressionReason::Withdrawal },
            source: Some("consent".to_owned()),
            effective_at: Some(latest.folded.at),
            ..Refusal::of(address_type, hash)
        };
        if *is_new {
            suppression::refuse(work, refusal)?;
        } else {
            suppression::keep(work, refusal)?;
        }
    }
    Ok(())
}

/// The addresses that an event speaks for: its own, or all of its person that a channel reaches.
fn addresses(
    work: &mut UnitOfWork<'_>,
    change: &Change,
    channel: Option<ContactChannel>,
) -> Result<Vec<(AddressType, String)>> {
    if let Some(hash) = text(change, "address_hash") {
        let own: Option<ContactChannel> = option(change, "channel")?;
        let address_type = option(change, "address_type")?.or(own.map(ContactChannel::address_type));
        return Ok(vec![(address_type.unwrap_or_default(), hash.to_owned())]);
    }
    let Some(person) = link(change, "person") else { return Ok(Vec::new()) };
    let person: Person = work.require_record(person.into())?;
    subjects::hashed_addresses(work, &person, channel)
}
