//! Putting events into the ledger.

use serde_json::Value as Json;

use super::evidence;
use super::model::ConsentEvent;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::privacy::kinds::{AddressType, ConsentStatus, IndicationMethod};
use crate::privacy::subjects;
use crate::privacy::suppression::Refusal;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{Record, RecordData};
use crate::storage::{Param, query_one};

/// An event of the ledger, and whether it was there before.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recorded {
    /// The event as it is in the ledger.
    pub event: ConsentEvent,
    /// Whether it was there already, by its key. Nothing was stored then.
    pub duplicate: bool,
}

/// Records an event with its evidence, once for each key.
pub(super) fn record(
    work: &mut UnitOfWork<'_>,
    event: ConsentEvent,
    evidence: Option<&Json>,
) -> Result<Recorded> {
    is_of_the_host(work, &event)?;
    if let Some(there) = with_key(work, &event)? {
        return same(&there, &event).map(|()| Recorded { event: there, duplicate: true });
    }
    Ok(Recorded { event: append(work, event, evidence)?, duplicate: false })
}

/// Appends an event that the engine has made or checked.
pub(super) fn append(
    work: &mut UnitOfWork<'_>,
    mut event: ConsentEvent,
    evidence: Option<&Json>,
) -> Result<ConsentEvent> {
    let record_type = work.record_type(ConsentEvent::NAME)?;
    // To seal evidence for somebody who was erased would make a key for the person again.
    let erased = match event.person {
        Some(person) => subjects::is_erased(work.connection, person.into())?,
        None => false,
    };
    if let Some(evidence) = evidence.filter(|_| !erased) {
        if event.meta.id.is_nil() {
            event.meta.id = work.new_id();
        }
        let id = event.meta.id;
        let subject = event.person.map_or(id, RecordId::from);
        event.evidence = Some(evidence::seal(work, &record_type, (id, subject), evidence)?);
    }
    let data = RecordData::from_record(&record_type, event)?;
    work.create(&record_type, data, Origin::Rule)?.into_record(&record_type)
}

/// Records that the owner of an address, known by its hash alone, has unsubscribed by one click.
pub(crate) fn withdraw_by_click(
    work: &mut UnitOfWork<'_>,
    address_hash: &str,
    address_type: AddressType,
    refusal: &Refusal,
) -> Result<()> {
    let event = ConsentEvent {
        purpose: refusal.scope_key.clone().unwrap_or_default(),
        channel: refusal.channel,
        address_type: Some(address_type),
        address_hash: Some(address_hash.to_owned()),
        brand: refusal.brand.clone(),
        kind: ConsentStatus::Withdrawn,
        method: IndicationMethod::OneClick,
        ..ConsentEvent::default()
    };
    append(work, event, None).map(|_| ())
}

/// Refuses what a host does not say of an event: it becomes a part of it by the engine only.
pub(super) fn is_of_the_host(work: &UnitOfWork<'_>, event: &ConsentEvent) -> Result<()> {
    let record_type = work.record_type(ConsentEvent::NAME)?;
    let data = RecordData::from_record(&record_type, event.clone())?;
    let said = record_type.own_fields().iter().find(|field| {
        let descriptor = &field.descriptor;
        descriptor.read_only && !descriptor.at_creation && !data.values[field.position].is_null()
    });
    match said {
        None => Ok(()),
        Some(field) => {
            Err(CrmError::invalid("field.read_only", "is set by the engine only").at(field.name()))
        }
    }
}

fn with_key(work: &UnitOfWork<'_>, event: &ConsentEvent) -> Result<Option<ConsentEvent>> {
    let Some(key) = event.event_key.as_deref().map(str::trim).filter(|key| !key.is_empty()) else {
        return Ok(None);
    };
    let sql = "SELECT \"id\" FROM consent_event WHERE event_key = ?1";
    let there = query_one(work.connection, sql, &[Param::Text(key)], |row| row.id(0))?.flatten();
    there.map(|id| work.require_record(id.into())).transpose()
}

/// Whether two events with one key are the same as far as the later one says.
fn same(there: &ConsentEvent, event: &ConsentEvent) -> Result<()> {
    let differs = if there.kind != event.kind {
        "kind"
    } else if there.purpose != event.purpose {
        "purpose"
    } else if event.person.is_some() && there.person != event.person {
        "person"
    } else if there.channel != event.channel {
        "channel"
    } else if event.event_time.is_some() && there.event_time != event.event_time {
        "event_time"
    } else {
        return Ok(());
    };
    let reason = "the ledger has another event with this key";
    Err(CrmError::new(ErrorKind::Conflict, "consent_event.key_reused", reason).at(differs))
}
