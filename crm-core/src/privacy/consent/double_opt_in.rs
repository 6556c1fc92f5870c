//! Double opt-in: a request with a token that goes to the address, and the consent that its owner gives with it.

use serde_json::Value as Json;

use super::ids::ConsentEventId;
use super::ledger::{append, is_of_the_host};
use super::model::ConsentEvent;
use super::queries;
use super::rules::confirmation_of;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::privacy::kinds::{ConsentStatus, IndicationMethod};
use crate::privacy::token;
use crate::record::unit::UnitOfWork;
use crate::storage::{Param, query_one};

/// A request for a consent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requested {
    /// The request, as it is in the ledger. It is no consent.
    pub event: ConsentEvent,
    /// The token for the link that goes to the address: 43 characters of BASE64 for URLs. It is stored nowhere, and
    /// this is the only time that it is told.
    pub token: String,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmation {
    /// The grant, with the times of both: `requested_at` and `event_time`.
    pub event: ConsentEvent,
}

/// How long a request can be confirmed when the host does not say: seven days.
pub(super) const USUAL_HOURS: u32 = 7 * 24;
/// How long at most: ninety days.
const MOST_HOURS: u32 = 90 * 24;

/// Records a request and makes its token.
pub(super) fn request(
    work: &mut UnitOfWork<'_>,
    event: ConsentEvent,
    hours: u32,
    evidence: Option<&Json>,
) -> Result<Requested> {
    if hours == 0 || hours > MOST_HOURS {
        let reason = format!("takes from 1 to {MOST_HOURS} hours");
        return Err(CrmError::invalid("consent.token_hours", reason).at("hours"));
    }
    if event.address.is_none() {
        let reason = "a request goes to an address";
        return Err(CrmError::invalid("field.required", reason).at("address"));
    }
    is_of_the_host(work, &event)?;
    let token = token::fresh(&*work.engine.random);
    let asked_at = event.event_time.unwrap_or(work.now());
    let request = ConsentEvent {
        kind: ConsentStatus::Requested,
        expires_at: Some(asked_at.plus_seconds(i64::from(hours) * 3_600)),
        token_hash: Some(token::hash(&token)),
        ..event
    };
    Ok(Requested { event: append(work, request, evidence)?, token })
}

/// Records the grant of whoever has the token.
pub(super) fn confirm(
    work: &mut UnitOfWork<'_>,
    token: &str,
    evidence: Option<&Json>,
) -> Result<Confirmation> {
    let request = with_token(work, token)?;
    let id = ConsentEventId::from(request.meta.id);
    if confirmation_of(work.connection, id)?.is_some() {
        let reason = "the token was used";
        return Err(CrmError::new(ErrorKind::Rule, "consent.token_used", reason).at("token"));
    }
    if is_void(work, &request)? {
        let reason = "the request was taken back; ask for the consent anew";
        return Err(CrmError::new(ErrorKind::Rule, "consent.token_void", reason).at("token"));
    }
    let now = work.now();
    if request.expires_at.is_none_or(|end| end <= now) {
        let reason = "the time to confirm is over; ask for the consent anew";
        return Err(CrmError::new(ErrorKind::Rule, "consent.token_expired", reason).at("token"));
    }
    let grant = ConsentEvent {
        meta: crate::record::Meta::default(),
        kind: ConsentStatus::Given,
        method: IndicationMethod::DoubleOptIn,
        requested_at: request.event_time,
        event_time: None,
        received_at: None,
        expires_at: None,
        event_key: None,
        evidence: None,
        token_hash: None,
        confirms: Some(id),
        origin: None,
        parents: Vec::new(),
        ..request
    };
    Ok(Confirmation { event: append(work, grant, evidence)? })
}

/// Whether a request was declared void, as the undo of an import does.
fn is_void(work: &UnitOfWork<'_>, request: &ConsentEvent) -> Result<bool> {
    let address = request.address_hash.as_deref().unwrap_or_default();
    let events = queries::of_address(work.connection, queries::LEDGER, address)?;
    Ok(events
        .iter()
        .map(|event| &event.folded)
        .any(|event| event.kind == ConsentStatus::Invalidated && event.parents.contains(&request.meta.id)))
}

/// The request with a token.
fn with_token(work: &UnitOfWork<'_>, token: &str) -> Result<ConsentEvent> {
    let sql = "SELECT \"id\" FROM consent_event WHERE token_hash = ?1";
    let hash = token::hash(token);
    let found: Option<RecordId> =
        query_one(work.connection, sql, &[Param::Text(&hash)], |row| row.id(0))?.flatten();
    match found {
        Some(id) => work.require_record(id.into()),
        None => {
            let reason = "there is no request with this token";
            Err(CrmError::new(ErrorKind::NotFound, "consent.token_unknown", reason).at("token"))
        }
    }
}
