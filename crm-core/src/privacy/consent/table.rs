//! The states that are kept beside the ledger, in `crm_standing`.

use std::ops::ControlFlow;

use super::fold::fold;
use super::lineages::Lineages;
use super::queries::{self, LEDGER, LedgerEvent, option};
use super::state::{ConsentState, Key};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::address::holder_of;
use crate::privacy::kinds::{ConsentStatus, ContactChannel};
use crate::privacy::standing::Noted;
use crate::record::door::Reader;
use crate::record::select;
use crate::storage::{Connection, Param, Row, query_all};

/// Whose states they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder<'h> {
    Person(RecordId),
    /// By the hash of the address.
    Address(&'h str),
}

impl Holder<'_> {
    /// Under which identifier the states are stored.
    fn id(self) -> Result<RecordId> {
        match self {
            Self::Person(person) => Ok(person),
            Self::Address(hash) => holder_of(hash),
        }
    }

    pub(super) fn events(self, connection: &dyn Connection, table: &str) -> Result<Vec<LedgerEvent>> {
        match self {
            Self::Person(person) => queries::of_person(connection, table, person),
            Self::Address(address) => queries::of_address(connection, table, address),
        }
    }
}

/// Folds the states of a holder: one for everything that any event is about, out of all events that cover it.
pub(super) fn folded(
    connection: &dyn Connection,
    events: &[LedgerEvent],
    at: Timestamp,
) -> Result<Vec<ConsentState>> {
    let mut lineages = Lineages::new(connection);
    let keys = sort::set(events.iter().map(|event| &event.key));
    let mut states = Vec::with_capacity(keys.len());
    for key in keys {
        states.extend(state_of(events, key, lineages.of(&key.purpose)?, at));
    }
    Ok(states)
}

/// The state of one thing. Its status is that of the event: whether it has run out is for whoever asks.
pub(super) fn state_of(
    events: &[LedgerEvent],
    key: &Key,
    lineage: &[String],
    at: Timestamp,
) -> Option<ConsentState> {
    let covering = || events.iter().filter(|event| event.key.covers(key, lineage));
    let decisive = fold(covering().map(|event| &event.folded), at)?;
    let event = covering().find(|event| event.folded.id == decisive.id)?;
    Some(ConsentState {
        purpose: key.purpose.clone(),
        channel: key.channel,
        brand: key.brand.clone(),
        of_address: key.address.is_some(),
        status: decisive.kind,
        valid: decisive.kind.is_valid(),
        event: decisive.id.into(),
        since: decisive.at,
        expires_at: decisive.expires_at,
        expression: event.expression,
        method: event.method,
        notice: event.notice.map(Into::into),
        guardian: event.guardian.map(Into::into),
        address: key.address.clone(),
    })
}

/// Folds the states of a holder anew and stores them.
pub(super) fn refold(connection: &dyn Connection, holder: Holder<'_>) -> Result<()> {
    let id = holder.id()?;
    // The times of events are at most a little ahead of ours, so all of them count.
    let states = folded(connection, &holder.events(connection, LEDGER)?, Timestamp::MAX)?;
    forget(connection, id)?;
    for state in &states {
        insert(connection, id, state)?;
    }
    Ok(())
}

/// Folds the states of everybody anew.
pub(super) fn refold_all(connection: &dyn Connection) -> Result<()> {
    let sql = "SELECT DISTINCT person FROM consent_event WHERE person IS NOT NULL";
    for person in query_all(connection, sql, &[], |row| row.id(0))?.into_iter().flatten() {
        refold(connection, Holder::Person(person))?;
    }
    let sql = "SELECT DISTINCT address_hash FROM consent_event WHERE address_hash IS NOT NULL";
    let hashes = query_all(connection, sql, &[], |row| Ok(row.text(0)?.map(str::to_owned)))?;
    hashes.iter().flatten().try_for_each(|hash| refold(connection, Holder::Address(hash)))
}

fn insert(connection: &dyn Connection, holder: RecordId, state: &ConsentState) -> Result<()> {
    let link = |id: Option<RecordId>| id.map_or(Param::Null, Param::Id);
    connection.execute(
        "INSERT INTO crm_standing (holder, purpose, channel, brand, address, status, event, at, expires_at, \
         expression, method, notice, guardian) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        &[
            Param::Id(holder),
            Param::Text(&state.purpose),
            Param::Text(state.channel.map(ContactChannel::key).unwrap_or_default()),
            Param::Text(state.brand.as_deref().unwrap_or_default()),
            Param::Text(state.address.as_deref().unwrap_or_default()),
            Param::Text(state.status.key()),
            Param::Id(state.event.into()),
            Param::Timestamp(state.since),
            state.expires_at.map_or(Param::Null, Param::Timestamp),
            Param::Text(state.expression.key()),
            Param::Text(state.method.key()),
            link(state.notice.map(Into::into)),
            link(state.guardian.map(Into::into)),
        ],
    )?;
    Ok(())
}

/// The people whose states an event of an address without a person goes into.
pub(super) fn people_with(connection: &dyn Connection, address: &str) -> Result<Vec<RecordId>> {
    query_all(connection, WITH_ADDRESS, &[Param::Text(address)], |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// The statement of [`people_with`].
pub(super) const WITH_ADDRESS: &str =
    "SELECT DISTINCT holder FROM crm_standing WHERE address = ?1 AND address <> ''";

/// The columns of `crm_standing AS s` that [`Standing::take`] reads.
macro_rules! standing_columns {
    () => {
        "s.noted, s.purpose, s.channel, s.brand, s.address, s.status, s.event, s.at, s.expires_at, s.expression, \
         s.method, s.notice, s.guardian"
    };
}
pub(crate) use standing_columns;

/// The statement of [`standing_of`]: the states of a holder, and the marks, in a row without a purpose.
pub(super) const STANDING: &str =
    concat!("SELECT ", standing_columns!(), " FROM crm_standing AS s WHERE s.holder = ?1");

/// Where a person or an address stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// Which records besides the ledger have something on the holder.
    pub(crate) noted: Noted,
    /// The states of the consents.
    pub(crate) states: Vec<ConsentState>,
}

impl Standing {
    /// Takes a row in, whose columns from a position on are those of [`standing_columns`].
    pub(crate) fn take(&mut self, row: &dyn Row, first: usize, holder: Holder<'_>) -> Result<()> {
        match row.integer(first)? {
            Some(bits) => self.noted = Noted::from_bits(bits),
            None => self.states.push(of_holder(read(row, first)?, holder)),
        }
        Ok(())
    }
}

/// Where a holder stands: one key of one table. Of the past, the states are folded from the ledger as it was, and
/// everything may have been noted.
pub(crate) fn standing_of(reader: &Reader<'_>, holder: Holder<'_>) -> Result<Standing> {
    if reader.as_of.is_none() {
        return stored_standing(reader.connection, holder);
    }
    let table = reader.table(reader.schema.require("consent_event")?);
    let events = holder.events(reader.connection, &table)?;
    let states = folded(reader.connection, &events, Timestamp::MAX)?;
    let states = states.into_iter().map(|state| of_holder(state, holder)).collect();
    Ok(Standing { noted: Noted::EVERYTHING, states })
}

/// The states of a person and of the address, by its hash, that the person shall be reached by: either may be left out.
/// What the states say to a question is found by [`effective`](super::state::effective).
pub(crate) fn states_of(
    reader: &Reader<'_>,
    person: Option<RecordId>,
    address: Option<&str>,
) -> Result<Vec<ConsentState>> {
    of_both(person, address, |holder| standing_of(reader, holder))
}

fn of_both(
    person: Option<RecordId>,
    address: Option<&str>,
    of: impl Fn(Holder<'_>) -> Result<Standing>,
) -> Result<Vec<ConsentState>> {
    let mut states = Vec::new();
    for holder in person.map(Holder::Person).into_iter().chain(address.map(Holder::Address)) {
        states.extend(of(holder)?.states);
    }
    Ok(states)
}

/// The states that are stored now; see [`states_of`].
pub(super) fn stored(
    connection: &dyn Connection,
    person: Option<RecordId>,
    address: Option<&str>,
) -> Result<Vec<ConsentState>> {
    of_both(person, address, |holder| stored_standing(connection, holder))
}

fn stored_standing(connection: &dyn Connection, holder: Holder<'_>) -> Result<Standing> {
    let mut standing = Standing::default();
    connection.query(STANDING, &[Param::Id(holder.id()?)], &mut |row| {
        standing.take(row, 0, holder)?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(standing)
}

/// A state of an address is about that address, which its own row need not say.
pub(super) fn of_holder(state: ConsentState, holder: Holder<'_>) -> ConsentState {
    match holder {
        Holder::Person(_) => state,
        Holder::Address(address) => {
            ConsentState { of_address: true, address: Some(address.to_owned()), ..state }
        }
    }
}

fn read(row: &dyn Row, first: usize) -> Result<ConsentState> {
    fn known(row: &dyn Row, column: usize) -> Result<Option<&str>> {
        Ok(row.text(column)?.filter(|text| !text.is_empty()))
    }
    let address = known(row, first + 4)?.map(str::to_owned);
    let status: ConsentStatus = option(row, first + 5)?;
    Ok(ConsentState {
        purpose: known(row, first + 1)?.unwrap_or_default().to_owned(),
        channel: known(row, first + 2)?.map(select::parse).transpose()?,
        brand: known(row, first + 3)?.map(str::to_owned),
        of_address: address.is_some(),
        status,
        valid: status.is_valid(),
        event: row.id(first + 6)?.unwrap_or_default().into(),
        since: row.timestamp(first + 7)?.unwrap_or_default(),
        expires_at: row.timestamp(first + 8)?,
        expression: option(row, first + 9)?,
        method: option(row, first + 10)?,
        notice: row.id(first + 11)?.map(Into::into),
        guardian: row.id(first + 12)?.map(Into::into),
        address,
    })
}

/// Removes the states of a holder: to fold them anew, or because the ledger of a person was taken out of the database
/// by other means than through the one door. The marks stay.
pub(crate) fn forget(connection: &dyn Connection, holder: RecordId) -> Result<()> {
    connection
        .execute("DELETE FROM crm_standing WHERE holder = ?1 AND purpose <> ''", &[Param::Id(holder)])?;
    Ok(())
}
