//! Permits for one contact each: giving and using them up.

use super::area::{Replayed, decide, extra_rules, rules};
use super::ids::ContactPermitId;
use super::model::ContactPermit;
use super::request::ContactRequest;
use crate::contacts::Person;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::permit::replay::{Asked, Inputs};
use crate::privacy::permit::{Explanation, replay as replay_inputs};
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::subjects::addresses_of;
use crate::privacy::token;
use crate::privacy::values::sha256;
use crate::record::door::Reader;
use crate::record::unit::{UnitOfWork, not_found};
use crate::record::{Record, Value};
use crate::storage::{Param, query_one};

/// How long a permit is good for when the host does not say: an hour.
const USUAL_MINUTES: u32 = 60;
/// How long at most: a day. What was permitted yesterday may have been withdrawn.
const MOST_MINUTES: u32 = 24 * 60;

/// A decision, and the token for the contact if it is permitted.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssuedPermit {
    /// The record of the decision.
    pub permit: ContactPermitId,
    /// The decision in words.
    pub decision: Explanation,
    /// The token, told once and stored nowhere; none when the contact is not permitted now.
    pub token: Option<String>,
    /// Until when the token is good.
    pub expires_at: Option<Timestamp>,
}

/// Decides, keeps the decision and makes the token.
pub(super) fn issue(
    work: &mut UnitOfWork<'_>,
    request: &ContactRequest,
    valid_minutes: Option<u32>,
) -> Result<IssuedPermit> {
    let minutes = valid_minutes.unwrap_or(USUAL_MINUTES);
    if minutes == 0 || minutes > MOST_MINUTES {
        let reason = format!("takes from 1 to {MOST_MINUTES} minutes");
        return Err(CrmError::invalid("permit.minutes", reason).at("valid_minutes"));
    }
    // The hash of an address needs the secret of the database, which only a write can make.
    DatabaseSecret::of(work)?;
    let decided = as_reader(work, |reader| decide(reader, request))?;
    let (decision, inputs, address_hash) = decided.with_inputs(&work.engine.config.rules);
    let explanation = decision.explain();
    let token = decision.is_permitted().then(|| token::fresh(&*work.engine.random));
    let by_clock = decision.at.max(work.now()).plus_seconds(i64::from(minutes) * 60);
    let expires_at = token.is_some().then(|| decision.expires.map_or(by_clock, |end| end.min(by_clock)));
    let plain = |what: &str| CrmError::internal(format!("the {what} of a decision does not serialise"));
    let permit = work.create_record(ContactPermit {
        person: request.person,
        address_hash,
        channel: request.channel,
        purpose: request.purpose.clone(),
        brand: request.brand.clone(),
        topic: request.topic.clone(),
        outcome: decision.outcome,
        decision_hash: Some(sha256(&decision.canonical_bytes())),
        decision: Some(json::tree(&explanation).map_err(|_| plain("words"))?),
        inputs_hash: Some(sha256(&inputs.canonical_bytes())),
        inputs: Some(json::tree(&inputs).map_err(|_| plain("inputs"))?),
        token_hash: token.as_deref().map(token::hash),
        expires_at,
        ..ContactPermit::default()
    })?;
    Ok(IssuedPermit { permit: permit.meta.id.into(), decision: explanation, token, expires_at })
}

/// Uses a permit up.
pub(super) fn redeem(work: &mut UnitOfWork<'_>, token: &str, address: Option<&str>) -> Result<ContactPermit> {
    let permit = with_token(work, token)?;
    if permit.consumed_at.is_some() {
        return Err(rule("permit.token_used", "the permit was used for a contact"));
    }
    if permit.expires_at.is_none_or(|end| end <= work.now()) {
        return Err(rule("permit.token_expired", "the permit has run out; ask again"));
    }
    let address = address_of(work, &permit, address)?;
    still_permitted(work, &permit, address)?;
    let record_type = work.record_type(ContactPermit::NAME)?;
    let consumed = [("consumed_at", Value::Timestamp(work.now()))];
    work.set(&record_type, permit.meta.id, &consumed)?.into_record(&record_type)
}

/// The address that a permit is for: the one that is named, or that of the person, of which only the hash is kept.
fn address_of(
    work: &mut UnitOfWork<'_>,
    permit: &ContactPermit,
    given: Option<&str>,
) -> Result<Option<String>> {
    let Some(hash) = permit.address_hash.clone() else { return Ok(None) };
    let secret = DatabaseSecret::of(work)?;
    let other = || rule("permit.address", "the permit is for another address").at("address");
    if let Some(text) = given {
        let country = work.engine.config.default_country;
        let address = ContactAddress::for_channel(permit.channel, text, Some(country))
            .map_err(|error| error.at("address"))?;
        return if address.hash(&secret) == hash { Ok(Some(text.to_owned())) } else { Err(other()) };
    }
    let Some(person) = permit.person else {
        let reason = "a permit for an address without a person is used with the address";
        return Err(CrmError::invalid("permit.address_missing", reason).at("address"));
    };
    let person: Person = work.require_record(person)?;
    addresses_of(&person, work.engine.config.default_country)
        .into_iter()
        .find(|address| address.hash(&secret) == hash)
        .map(|address| Some(address.normal().to_owned()))
        .ok_or_else(other)
}

/// Asks once more: between the decision and the contact somebody may have said no.
fn still_permitted(work: &UnitOfWork<'_>, permit: &ContactPermit, address: Option<String>) -> Result<()> {
    let Asked::Contact(question) = inputs_of(permit)?.asked else {
        return Err(CrmError::internal("a permit was made from a question about data"));
    };
    let request = ContactRequest {
        person: permit.person,
        address,
        purpose: permit.purpose.clone(),
        channel: permit.channel,
        brand: permit.brand.clone(),
        topic: permit.topic.clone(),
        content: question.content,
        at: Some(work.now()),
    };
    let decision = as_reader(work, |reader| Ok(decide(reader, &request)?.decision))?;
    if decision.is_permitted() {
        return Ok(());
    }
    let codes: Vec<&str> = decision.refusals().map(|reason| reason.code.key()).collect();
    Err(rule("permit.refused", "the contact is not permitted any more").detail("reasons", codes))
}

/// Makes the decision of a permit again.
pub(super) fn replay(reader: &Reader<'_>, permit: ContactPermitId) -> Result<Replayed> {
    let record_type = reader.schema.require(ContactPermit::NAME)?;
    let found = crate::record::set::visible(reader, record_type, permit.into())?;
    let permit: ContactPermit =
        found.ok_or_else(|| not_found(ContactPermit::NAME).at("permit"))?.into_record(record_type)?;
    let inputs = inputs_of(&permit)?;
    let rules = rules(reader);
    let again = replay_inputs(rules, &inputs.canonical_bytes(), &extra_rules(reader))?;
    let identical = permit.decision_hash == Some(sha256(&again.canonical_bytes()));
    Ok(Replayed { identical, rule_set: rules.id().to_string() })
}

/// What a permit was made from.
fn inputs_of(permit: &ContactPermit) -> Result<Inputs<'static>> {
    let gone = || CrmError::new(ErrorKind::NotFound, "permit.inputs", "what it was made from was erased");
    let inputs = permit.inputs.clone().ok_or_else(gone)?;
    json::read(inputs).map_err(|_| CrmError::internal("the inputs of a permit cannot be read"))
}

fn with_token(work: &UnitOfWork<'_>, token: &str) -> Result<ContactPermit> {
    let sql = "SELECT \"id\" FROM contact_permit WHERE token_hash = ?1";
    let hash = token::hash(token);
    let found: Option<RecordId> =
        query_one(work.connection, sql, &[Param::Text(&hash)], |row| row.id(0))?.flatten();
    match found {
        Some(id) => work.require_record(id.into()),
        None => {
            let reason = "there is no permit with this token";
            Err(CrmError::new(ErrorKind::NotFound, "permit.token_unknown", reason).at("token"))
        }
    }
}

fn rule(code: &'static str, reason: &str) -> CrmError {
    CrmError::new(ErrorKind::Rule, code, reason).at("token")
}

/// Reads what a unit of work sees.
fn as_reader<T>(work: &UnitOfWork<'_>, read: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
    read(&Reader::of_unit(work)?)
}
