//! The events of a ledger, read for folding.

use super::fold::FoldedEvent;
use super::state::Key;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::privacy::kinds::{ConsentExpression, IndicationMethod};
use crate::record::derived::items;
use crate::record::select::{self, Select};
use crate::storage::{Connection, Param, Row, query_all};

/// An event with what it is about and what a state shows of it.
#[derive(Clone, Debug)]
pub(super) struct LedgerEvent {
    pub(super) folded: FoldedEvent,
    pub(super) key: Key,
    pub(super) expression: ConsentExpression,
    pub(super) method: IndicationMethod,
    pub(super) notice: Option<RecordId>,
    pub(super) guardian: Option<RecordId>,
}

const COLUMNS: &str = "e.\"id\", e.\"kind\", e.event_time, e.\"origin\", e.parents, e.expires_at, e.purpose, \
     e.channel, e.brand, e.address_hash, e.expression, e.\"method\", e.notice, e.guardian";

/// What stands behind `FROM` for the ledger as it is now.
pub(super) const LEDGER: &str = "consent_event";

/// All events that speak of a person: the person's own, and those of the person's addresses that name nobody.
pub(super) fn of_person(
    connection: &dyn Connection,
    table: &str,
    person: RecordId,
) -> Result<Vec<LedgerEvent>> {
    let own = format!("SELECT {COLUMNS} FROM {table} AS e WHERE e.person = ?1");
    let mut events = query_all(connection, &own, &[Param::Id(person)], read)?;
    let mut addresses: Vec<String> = events.iter().filter_map(|event| event.key.address.clone()).collect();
    sort::ascending(&mut addresses);
    addresses.dedup();
    let nobodys =
        format!("SELECT {COLUMNS} FROM {table} AS e WHERE e.address_hash = ?1 AND e.person IS NULL");
    for address in addresses {
        events.extend(query_all(connection, &nobodys, &[Param::Text(&address)], read)?);
    }
    Ok(events)
}

/// All events that speak of an address. The address is not a part of what they are about then, but whose they are.
pub(super) fn of_address(
    connection: &dyn Connection,
    table: &str,
    address: &str,
) -> Result<Vec<LedgerEvent>> {
    let sql = format!("SELECT {COLUMNS} FROM {table} AS e WHERE e.address_hash = ?1");
    let mut events = query_all(connection, &sql, &[Param::Text(address)], read)?;
    for event in &mut events {
        event.key.address = None;
    }
    Ok(events)
}

fn read(row: &dyn Row) -> Result<LedgerEvent> {
    let text = |column| Ok::<_, crate::CrmError>(row.text(column)?.map(str::to_owned));
    let parents = items(row.json(4)?.unwrap_or("[]"));
    Ok(LedgerEvent {
        folded: FoldedEvent {
            id: row.id(0)?.unwrap_or_default(),
            kind: option(row, 1)?,
            at: row.timestamp(2)?.unwrap_or_default(),
            origin: text(3)?,
            parents: parents.iter().filter_map(|parent| parent.parse().ok()).collect(),
            expires_at: row.timestamp(5)?,
        },
        key: Key {
            purpose: text(6)?.unwrap_or_default(),
            channel: row.text(7)?.map(select::parse).transpose()?,
            brand: text(8)?,
            address: text(9)?,
        },
        expression: option(row, 10)?,
        method: option(row, 11)?,
        notice: row.id(12)?,
        guardian: row.id(13)?,
    })
}

/// The option in a column that always has one.
pub(super) fn option<S: Select>(row: &dyn Row, column: usize) -> Result<S> {
    select::parse(row.text(column)?.unwrap_or_default())
}
