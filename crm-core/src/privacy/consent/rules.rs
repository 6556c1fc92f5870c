//! What makes an event of the ledger valid, what may become of it later, and what follows from it.

use super::effect;
use super::ids::ConsentEventId;
use super::model::ConsentEvent;
use super::queries::LEDGER;
use super::state::Key;
use super::table::{Holder, people_with, refold, refold_all};
use super::{fold, lineages::Lineages};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::{AddressType, ConsentStatus, ContactChannel};
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::standing;
use crate::privacy::suppression;
use crate::privacy::values::{link, option, text, time};
use crate::privacy::{purposes, subjects};
use crate::record::derived::items;
use crate::record::rules::{Discrepancy, Rules};
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{RecordData, Value};
use crate::storage::{Connection, Param, query_one};

/// The rules of the ledger.
pub(crate) struct ConsentRules;

/// How far an event may be ahead of our clock: devices have clocks of their own. What is further ahead is refused, and
/// what is behind is taken, however old.
pub(crate) const CLOCK_SKEW_SECONDS: i64 = 300;

impl Rules for ConsentRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        match change.operation {
            Operation::Create => arrives(work, change),
            Operation::Update => stays(change),
            // With its person into the bin, or by an erasure.
            Operation::Delete if change.origin == Origin::Rule => Ok(()),
            Operation::Delete => Err(append_only()),
            Operation::Restore | Operation::Purge => Ok(()),
        }
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.operation == Operation::Create { effect::take(work, change) } else { Ok(()) }
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let mut people = Vec::new();
        let mut addresses = Vec::new();
        for data in change.before.iter().chain([&change.after]) {
            people.extend(data.get(&change.record_type, "person").as_id());
            addresses.extend(data.get(&change.record_type, "address_hash").as_text());
        }
        addresses.dedup();
        for address in addresses {
            refold(work.connection, Holder::Address(address))?;
            people.extend(people_with(work.connection, address)?);
        }
        sort::ascending(&mut people);
        people.dedup();
        people.into_iter().try_for_each(|person| refold(work.connection, Holder::Person(person)))
    }

    fn tables(&self) -> &'static [&'static str] {
        &[standing::TABLE]
    }

    fn refill(&self, connection: &dyn Connection) -> Result<()> {
        refold_all(connection)?;
        standing::refill(connection)
    }

    fn wrong(&self, connection: &dyn Connection) -> Result<Vec<Discrepancy>> {
        standing::wrong(connection)
    }

    /// Undoing what brought a grant says that the grant was never valid; a refusal stays, whoever takes back how it came.
    fn undo_creation(&self, work: &mut UnitOfWork<'_>, record: &RecordData) -> Result<bool> {
        let record_type = work.record_type(LEDGER)?;
        let event: ConsentEvent = record.clone().into_record(&record_type)?;
        if event.kind.is_refusal() || event.kind == ConsentStatus::Expired {
            return Ok(true);
        }
        work.create_record(ConsentEvent {
            person: event.person,
            purpose: event.purpose,
            channel: event.channel,
            address: event.address,
            address_type: event.address_type,
            address_hash: event.address_hash,
            brand: event.brand,
            kind: ConsentStatus::Invalidated,
            event_time: event.event_time.map(|at| at.max(work.now())),
            parents: vec![event.meta.id.to_string()],
            ..ConsentEvent::default()
        })?;
        Ok(true)
    }
}

fn append_only() -> CrmError {
    let reason = "the consent ledger is appended to only; a new event says what has changed";
    CrmError::new(ErrorKind::Rule, "consent_event.append_only", reason)
}

/// What may become of an event: a merge, or its undo, gives it to another person; a guardian may go; an erasure takes out
/// what is personal.
fn stays(change: &Change) -> Result<()> {
    const LINKS: [&str; 3] = ["person", "guardian", "confirms"];
    const ERASED: [&str; 4] = ["address", "address_hash", "event_key", "evidence"];
    let allowed = |name: &str| match change.origin {
        Origin::Host => false,
        Origin::Undo => LINKS.contains(&name),
        Origin::Rule | Origin::Replica => {
            LINKS.contains(&name) || ERASED.contains(&name) && change.after(name).is_null()
        }
    };
    let fields = &change.record_type.fields[crate::record::schema::system::OWNER..];
    match fields.iter().find(|field| change.changes(field.name()) && !allowed(field.name())) {
        None => Ok(()),
        Some(field) => Err(append_only().at(field.name())),
    }
}

/// Completes a new event, and refuses one that cannot be.
fn arrives(work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let purpose = text(change, "purpose").unwrap_or_default().to_owned();
    if !purpose.is_empty() {
        purposes::require(work.connection, &purpose).map_err(|error| error.at("purpose"))?;
    }
    let live = change.after("event_time").is_null()
        && change.after("origin").is_null()
        && change.after("parents").is_null();
    address(work, change)?;
    let kind: ConsentStatus = option(change, "kind")?.unwrap_or_default();
    if !kind.is_valid() {
        forget_the_erased(work, change)?;
    }
    let person = link(change, "person");
    if person.is_none() && change.after("address_hash").is_null() {
        let reason = "an event belongs to a person or to an address";
        return Err(CrmError::invalid("consent_event.holder", reason).at("person"));
    }
    if person.is_some() && person == link(change, "guardian") {
        let reason = "a person is not their own guardian";
        return Err(CrmError::invalid("consent_event.guardian", reason).at("guardian"));
    }
    times(work.now(), change)?;
    parents(change)?;
    if let Some(notice) = link(change, "notice") {
        let hash = hash_of_notice(work.connection, notice)?;
        change.set("notice_hash", hash.map_or(Value::Null, Value::Text))?;
    }
    if kind.is_valid() {
        is_not_erased(work, change)?;
        if live {
            knows_all_refusals(work, change)?;
        }
    }
    Ok(())
}

/// Brings the address into its normal form and hashes it. An event that the engine makes may come with the hash alone.
fn address(work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let channel: Option<ContactChannel> = option(change, "channel")?;
    let address_type: Option<AddressType> =
        option(change, "address_type")?.or(channel.map(ContactChannel::address_type));
    let Some(given) = text(change, "address").map(str::to_owned) else { return Ok(()) };
    let Some(address_type) = address_type else {
        let reason = "must be given when the channel does not say it";
        return Err(CrmError::invalid("consent_event.address_type", reason).at("address_type"));
    };
    if channel.is_some_and(|channel| channel.address_type() != address_type) {
        let reason = "is not the kind of address that the channel needs";
        return Err(CrmError::invalid("address.not_for_channel", reason).at("address_type"));
    }
    let country = work.engine.config.default_country;
    let address =
        ContactAddress::parse(address_type, &given, Some(country)).map_err(|error| error.at("address"))?;
    let hash = address.hash(&DatabaseSecret::of(work)?);
    change.set("address", Value::Text(address.readable(&given).to_owned()))?;
    change.set("address_type", Value::Text(address_type.key().to_owned()))?;
    change.set("address_hash", Value::Text(hash))
}

fn times(now: Timestamp, change: &mut Change) -> Result<()> {
    let latest = now.plus_seconds(CLOCK_SKEW_SECONDS);
    for field in ["event_time", "received_at"] {
        match time(change, field) {
            None => change.set(field, Value::Timestamp(now))?,
            Some(at) if at > latest => {
                let reason = "lies in the future by more than five minutes";
                return Err(CrmError::invalid("consent_event.future", reason).at(field));
            }
            Some(_) => {}
        }
    }
    let said_at = time(change, "event_time").unwrap_or(now);
    if let (Value::Integer(days), true) =
        (change.after("validity_days"), change.after("expires_at").is_null())
    {
        // Of a request it says how long the consent will hold; until when it can be confirmed is said by itself.
        if change.after("token_hash").is_null() {
            let end = said_at.plus_days(*days);
            change.set("expires_at", Value::Timestamp(end))?;
        }
    }
    if time(change, "expires_at").is_some_and(|end| end <= said_at) {
        let reason = "ends before it begins";
        return Err(CrmError::invalid("consent_event.expiry", reason).at("expires_at"));
    }
    Ok(())
}

fn parents(change: &Change) -> Result<()> {
    let own = change.id().to_string();
    let given = items(change.after("parents").as_text().unwrap_or("[]"));
    for (position, parent) in given.iter().enumerate() {
        let is_event = parent.parse::<RecordId>().is_ok_and(|id| !id.is_nil()) && *parent != own;
        if !is_event {
            let reason = "is not the identifier of another event";
            let path = format!("parents[{position}]");
            return Err(CrmError::invalid("consent_event.parents", reason).at(path));
        }
    }
    Ok(())
}

fn hash_of_notice(connection: &dyn Connection, notice: RecordId) -> Result<Option<String>> {
    let sql = "SELECT content_hash FROM privacy_notice WHERE \"id\" = ?1";
    let hash = query_one(connection, sql, &[Param::Id(notice)], |row| Ok(row.text(0)?.map(str::to_owned)))?;
    Ok(hash.flatten())
}

/// A refusal of somebody who was erased is taken, and nothing of the person with it: it is that of the address, by its
/// hash, and without one it links to the record that is left. Personal values would need a key of the person again.
fn forget_the_erased(work: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let person_erased = match link(change, "person") {
        Some(person) => subjects::is_erased(work.connection, person)?,
        None => false,
    };
    let address_erased = match text(change, "address_hash") {
        Some(hash) => suppression::is_erased(work.connection, hash)?,
        None => false,
    };
    if person_erased && !change.after("address_hash").is_null() {
        change.set("person", Value::Null)?;
    }
    if person_erased || address_erased {
        for field in ["address", "event_key"] {
            change.set(field, Value::Null)?;
        }
    }
    Ok(())
}

/// Refuses a grant in the name of somebody who was erased: it would bring back what the person had us forget. That the
/// owner of an address asks expressly to be addressed again is for the event to say.
fn is_not_erased(work: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let refused = |field: &str| {
        let reason = "belongs to somebody who was erased; a grant is not taken";
        Err(CrmError::new(ErrorKind::Rule, "consent_event.subject_erased", reason).at(field))
    };
    if let Some(person) = link(change, "person") {
        if subjects::is_erased(work.connection, person)? {
            return refused("person");
        }
    }
    let reinstates = *change.after("reinstates") == Value::Boolean(true);
    match text(change, "address_hash") {
        Some(hash) if !reinstates && suppression::is_erased(work.connection, hash)? => refused("address"),
        _ => Ok(()),
    }
}

/// A grant that comes in as it happens follows all refusals that the ledger holds: it was given in the sight of them.
fn knows_all_refusals(work: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let key = key_of(change)?;
    let holders = holders(change);
    let mut lineages = Lineages::new(work.connection);
    let (mut known, mut said_at) = (Vec::new(), time(change, "event_time").unwrap_or(work.now()));
    for holder in holders {
        let events = holder.events(work.connection, LEDGER)?;
        let key = of_holder(&key, holder);
        let lineage = lineages.of(&key.purpose)?;
        let covering = events.iter().filter(|event| event.key.covers(&key, lineage));
        for event in fold::open_endings(covering.map(|event| &event.folded), Timestamp::MAX) {
            known.push(event.id.to_string());
            said_at = said_at.max(event.at);
        }
    }
    sort::ascending(&mut known);
    known.dedup();
    if known.is_empty() {
        return Ok(());
    }
    // The clock of a device may be a little ahead of ours: what was given in the sight of a refusal is not before it.
    change.set("event_time", Value::Timestamp(said_at))?;
    let list = json::text(&known).map_err(|_| CrmError::internal("a list does not serialise"))?;
    change.set("parents", Value::Json(list))
}

/// What an event is about.
pub(super) fn key_of(change: &Change) -> Result<Key> {
    Ok(Key {
        purpose: text(change, "purpose").unwrap_or_default().to_owned(),
        channel: option(change, "channel")?,
        brand: text(change, "brand").map(str::to_owned),
        address: text(change, "address_hash").map(str::to_owned),
    })
}

fn holders(change: &Change) -> Vec<Holder<'_>> {
    let person = link(change, "person").map(Holder::Person);
    person.into_iter().chain(text(change, "address_hash").map(Holder::Address)).collect()
}

/// What an event is about, as the ledger of its holder has it.
fn of_holder(key: &Key, holder: Holder<'_>) -> Key {
    let address = if matches!(holder, Holder::Person(_)) { key.address.clone() } else { None };
    Key { address, ..key.clone() }
}

/// The event of a request that a record of the ledger confirms, if there is one.
pub(super) fn confirmation_of(
    connection: &dyn Connection,
    request: ConsentEventId,
) -> Result<Option<RecordId>> {
    let sql = "SELECT \"id\" FROM consent_event WHERE confirms = ?1";
    Ok(query_one(connection, sql, &[Param::Id(request.into())], |row| row.id(0))?.flatten())
}
