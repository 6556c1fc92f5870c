//! Consent records and receipts by ISO/IEC TS 27560:2023, as JSON-LD.
//!
//! The members have the names of the specification; the context gives each its term of the Data Privacy Vocabulary, by the
//! profile of the DPVCG (`dpv-27560`). So the same document is read by who knows the one and by who knows the other.
//! The fields that are mandatory there are always present: a record that lacks one is an error, not a record.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::model::ConsentEvent;
use super::state::Key;
use super::table::{Holder, state_of};
use super::{lineages::Lineages, queries::LEDGER};
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ConsentStatus, LegalBasis};
use crate::privacy::purposes::{PrivacyNotice, require};
use crate::privacy::typed_rows;
use crate::record::door::Reader;
use crate::storage::Param;

/// The specification that the documents follow.
pub const SCHEMA_VERSION: &str = "ISO/IEC TS 27560:2023";
/// The profile for a record.
const RECORD_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#record";
/// The profile for a receipt.
const RECEIPT_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt-record";

/// What the host says of the processing that is consented to, which no event of the ledger knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Processing {
    /// Which data, at least one.
    pub pii_information: Vec<PiiItem>,
    /// Who decides on the processing, at least one.
    pub pii_controllers: Vec<Party>,
    /// Where the data are stored, at least one place.
    pub storage_locations: Vec<String>,
    /// How long they are stored, an ISO 8601 duration such as `P2Y`, or in words until what event.
    pub retention_period: String,
    /// The law that holds, for example `EU` or `DE`.
    pub jurisdiction: String,
    /// Who gets the data; none when nobody does.
    pub recipients: Vec<Party>,
    /// How the consent is withdrawn.
    pub withdrawal_method: String,
    /// The notice, for events that name none: its address or its name.
    pub privacy_notice: Option<String>,
    /// The legal basis; consent when nothing is said.
    pub lawful_basis: Option<LegalBasis>,
    /// The service that it is for.
    pub service: Option<String>,
    /// How the data are collected.
    pub collection_method: Option<String>,
    /// How the data are processed.
    pub processing_method: Option<String>,
    /// Where the data are processed.
    pub processing_locations: Vec<String>,
    /// Where they must not go.
    pub geographic_restrictions: Vec<String>,
    /// Which rights the person has, as identifiers such as `eu-gdpr:A17`.
    pub privacy_rights: Vec<String>,
    /// The supervisory authority.
    pub authority: Option<Party>,
}

/// A kind of personal data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PiiItem {
    /// Which, as an identifier such as `pd:EmailAddress`, or in words.
    pub pii_type: String,
    /// The identifier of the attribute where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pii_attribute_id: Option<String>,
    /// Whether the person may leave it out.
    pub pii_optional: bool,
    /// Whether it is sensitive.
    pub sensitive_pii_category: bool,
    /// Whether it is of a special category (GDPR Article 9).
    pub special_pii_category: bool,
}

/// A party to the processing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Party {
    /// The identifier by which it is named in the record.
    pub party_id: String,
    /// The name.
    pub party_name: String,
    /// The postal address.
    pub party_address: String,
    /// How it is reached.
    pub party_contact: String,
    /// What it is, for example `dpv:DataController`.
    pub party_type: String,
    /// Its role in this processing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_role: Option<String>,
    /// Its e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_email: Option<String>,
    /// Its web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_url: Option<String>,
    /// Its telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_phone: Option<String>,
}

fn incomplete(path: &str) -> CrmError {
    let reason = "is mandatory in a consent record (ISO/IEC TS 27560)";
    CrmError::invalid("consent.record_incomplete", reason).at(path)
}

fn given(path: &str, texts: &[&str]) -> Result<()> {
    if texts.iter().any(|text| text.trim().is_empty()) { Err(incomplete(path)) } else { Ok(()) }
}

impl Processing {
    /// Makes sure that all is there which is mandatory.
    fn check(&self) -> Result<()> {
        given("retention_period", &[&self.retention_period])?;
        given("jurisdiction", &[&self.jurisdiction])?;
        given("withdrawal_method", &[&self.withdrawal_method])?;
        for (path, is_empty) in [
            ("pii_information", self.pii_information.is_empty()),
            ("pii_controllers", self.pii_controllers.is_empty()),
            ("storage_locations", self.storage_locations.is_empty()),
        ] {
            if is_empty {
                return Err(incomplete(path));
            }
        }
        for (number, item) in self.pii_information.iter().enumerate() {
            given(&format!("pii_information[{number}].pii_type"), &[&item.pii_type])?;
        }
        for (list, parties) in [("pii_controllers", &self.pii_controllers), ("recipients", &self.recipients)]
        {
            for (number, party) in parties.iter().enumerate() {
                for (member, text) in [
                    ("party_id", &party.party_id),
                    ("party_name", &party.party_name),
                    ("party_address", &party.party_address),
                    ("party_contact", &party.party_contact),
                    ("party_type", &party.party_type),
                ] {
                    given(&format!("{list}[{number}].{member}"), &[text])?;
                }
            }
        }
        Ok(())
    }
}

/// The records of a person, one for each thing that the person was asked for, in the order of their first events.
pub(super) fn records(reader: &Reader<'_>, person: PersonId, processing: &Processing) -> Result<Vec<Json>> {
    let events: Vec<ConsentEvent> =
        typed_rows::records(reader, "t.person = ?1", &[Param::Id(person.into())])?;
    let mut groups: Vec<(Key, Vec<ConsentEvent>)> = Vec::new();
    for event in events {
        let key = key_of(&event);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(event),
            None => groups.push((key, vec![event])),
        }
    }
    groups.iter().map(|(key, events)| record(reader, key, events, processing)).collect()
}

/// The receipt of an event.
pub(super) fn receipt(reader: &Reader<'_>, event: &ConsentEvent, processing: &Processing) -> Result<Json> {
    let (condition, parameter) = match (event.person, &event.address_hash) {
        (Some(person), _) => ("t.person = ?1", Param::Id(person.into())),
        (None, Some(hash)) => ("t.address_hash = ?1 AND t.person IS NULL", Param::Text(hash)),
        (None, None) => ("t.id = ?1", Param::Id(event.meta.id)),
    };
    let key = key_of(event);
    let mut events: Vec<ConsentEvent> = typed_rows::records(reader, condition, &[parameter])?;
    events.retain(|other| key_of(other) == key);
    let record = record(reader, &key, &events, processing)?;
    Ok(json!({
        "@context": context(),
        "@id": format!("urn:uuid:{}", event.meta.id),
        "@type": "dpv:ConsentReceipt",
        "conforms_to": RECEIPT_PROFILE,
        "schema_version": SCHEMA_VERSION,
        "receipt_id": event.meta.id,
        "record": without_context(record),
    }))
}

fn without_context(mut record: Json) -> Json {
    if let Json::Object(members) = &mut record {
        members.remove("@context");
    }
    record
}

fn key_of(event: &ConsentEvent) -> Key {
    Key {
        purpose: event.purpose.clone(),
        channel: event.channel,
        brand: event.brand.clone(),
        address: event.address_hash.clone(),
    }
}

fn record(reader: &Reader<'_>, key: &Key, events: &[ConsentEvent], processing: &Processing) -> Result<Json> {
    processing.check()?;
    let first = events.first().ok_or_else(|| CrmError::internal("a consent record has no events"))?;
    let principal = first.person.map_or(first.meta.id, RecordId::from);
    let mut record = Map::new();
    let mut put = |name: &str, value: Json| {
        // What is optional and not known is left out.
        if !value.is_null() && value != json!([]) || name == "recipients" {
            record.insert(name.to_owned(), value);
        }
    };
    put("@context", context());
    put("@id", json!(format!("urn:uuid:{}", first.meta.id)));
    put("@type", json!("dpv:ConsentRecord"));
    put("conforms_to", json!(RECORD_PROFILE));
    put("schema_version", json!(SCHEMA_VERSION));
    put("record_id", json!(first.meta.id));
    put("pii_principal_id", json!(principal));
    put("privacy_notice", notices(reader, events, processing)?);
    put("purposes", purposes(reader, key, processing)?);
    put("pii_information", plain(&processing.pii_information)?);
    put("pii_controllers", plain(&processing.pii_controllers)?);
    put("storage_locations", json!(processing.storage_locations));
    put("retention_period", json!(processing.retention_period));
    put("jurisdiction", json!(processing.jurisdiction));
    put("recipients", plain(&processing.recipients)?);
    put("withdrawal_method", json!(processing.withdrawal_method));
    put("collection_method", json!(processing.collection_method));
    put("processing_method", json!(processing.processing_method));
    put("processing_locations", json!(processing.processing_locations));
    put("geographic_restrictions", json!(processing.geographic_restrictions));
    put("privacy_rights", json!(processing.privacy_rights));
    put("authority", plain(&processing.authority)?);
    put("channel", json!(key.channel));
    put("brand", json!(key.brand));
    put("consent_status", json!(status(reader, key, first)?.iri()));
    put("events", events.iter().map(event).collect());
    Ok(Json::Object(record))
}

/// What the host has said, as it stands in the record.
fn plain(said: &impl Serialize) -> Result<Json> {
    json::tree(said).map_err(|_| CrmError::internal("a consent record does not serialise"))
}

fn purposes(reader: &Reader<'_>, key: &Key, processing: &Processing) -> Result<Json> {
    let purpose = require(reader.connection, &key.purpose)?;
    Ok(json!([{
        "@type": purpose.iri.as_deref().unwrap_or("dpv:Purpose"),
        "purpose": purpose.key,
        "purpose_title": purpose.name,
        "purpose_type": purpose.class,
        "lawful_basis": processing.lawful_basis.unwrap_or(LegalBasis::Consent).iri(),
        "service": processing.service,
    }]))
}

/// The notices that the events name, each once, or else what the host says.
fn notices(reader: &Reader<'_>, events: &[ConsentEvent], processing: &Processing) -> Result<Json> {
    let mut ids: Vec<_> = events.iter().filter_map(|event| event.notice).collect();
    ids.dedup();
    let mut notices = Vec::with_capacity(ids.len());
    for id in ids {
        let found: Vec<PrivacyNotice> = typed_rows::records(reader, "t.id = ?1", &[Param::Id(id.into())])?;
        notices.extend(found.into_iter().map(|notice| {
            json!({
                "@id": format!("urn:uuid:{}", notice.meta.id),
                "@type": "dpv:ConsentNotice",
                "notice_key": notice.key,
                "notice_version": notice.notice_version,
                "language": notice.language,
                "content_hash": notice.content_hash,
                "url": notice.url,
            })
        }));
    }
    if let (true, Some(notice)) = (notices.is_empty(), &processing.privacy_notice) {
        notices.push(json!({"@type": "dpv:ConsentNotice", "url": notice}));
    }
    if notices.is_empty() { Err(incomplete("privacy_notice")) } else { Ok(Json::Array(notices)) }
}

/// Where the consent stands at the time that is read.
fn status(reader: &Reader<'_>, key: &Key, event: &ConsentEvent) -> Result<ConsentStatus> {
    let holder = match (event.person, &event.address_hash) {
        (Some(person), _) => Holder::Person(person.into()),
        (None, Some(hash)) => Holder::Address(hash),
        (None, None) => return Ok(event.kind),
    };
    let of_address = matches!(holder, Holder::Address(_));
    let key = if of_address { Key { address: None, ..key.clone() } } else { key.clone() };
    let events = holder.events(reader.connection, LEDGER)?;
    let mut lineages = Lineages::new(reader.connection);
    let state = state_of(&events, &key, lineages.of(&key.purpose)?, reader.now());
    Ok(state.map_or(ConsentStatus::Unknown, |state| state.at(reader.now()).status))
}

fn event(event: &ConsentEvent) -> Json {
    let principal = event.person.map_or(event.meta.id, RecordId::from);
    let mut members = json!({
        "@type": [event.kind.iri(), event.expression.iri()],
        "event_id": event.meta.id,
        "event_time": event.event_time,
        "validity_duration": duration(event),
        "entity_id": event.guardian.map_or(principal, RecordId::from),
        "event_type": event.expression.iri(),
        "event_state": event.kind.iri(),
        "indication_method": event.method,
        "received_at": event.received_at,
    });
    for (name, value) in [
        ("requested_at", json!(event.requested_at)),
        ("expires_at", json!(event.expires_at)),
        ("notice_hash", json!(event.notice_hash)),
        ("guardian_id", json!(event.guardian)),
    ] {
        if !value.is_null() {
            members[name] = value;
        }
    }
    members
}

/// How long the event is valid, as an ISO 8601 duration; without an end the term of DPV for that.
fn duration(event: &ConsentEvent) -> String {
    let until = |end: Timestamp, from: Timestamp| (end.micros() - from.micros()) / 1_000_000;
    match (event.validity_days, event.expires_at, event.event_time) {
        (Some(days), _, _) => format!("P{days}D"),
        (None, Some(end), Some(from)) => format!("PT{}S", until(end, from)),
        _ => "dpv:IndeterminateDuration".to_owned(),
    }
}

/// What the members are in DPV and Dublin Core.
fn context() -> Json {
    let prefixes = PREFIXES.iter().map(|(prefix, iri)| ((*prefix).to_owned(), json!(iri)));
    let terms = TERMS.iter().map(|(name, id, kind)| {
        let kind = match kind {
            Kind::Literal => return ((*name).to_owned(), json!({"@id": id})),
            Kind::Link => "@id",
            Kind::Time => "xsd:dateTime",
        };
        ((*name).to_owned(), json!({"@id": id, "@type": kind}))
    });
    Json::Object(prefixes.chain(terms).collect())
}

/// What a member holds.
enum Kind {
    Literal,
    Link,
    Time,
}

const PREFIXES: &[(&str, &str)] = &[
    ("dpv", "https://w3id.org/dpv#"),
    ("pd", "https://w3id.org/dpv/pd#"),
    ("eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

const TERMS: &[(&str, &str, Kind)] = &[
    ("conforms_to", "dct:conformsTo", Kind::Link),
    ("schema_version", "dct:hasVersion", Kind::Literal),
    ("record_id", "dct:identifier", Kind::Literal),
    ("receipt_id", "dct:identifier", Kind::Literal),
    ("record", "dct:source", Kind::Literal),
    ("pii_principal_id", "dpv:hasDataSubject", Kind::Literal),
    ("privacy_notice", "dpv:hasNotice", Kind::Literal),
    ("notice_version", "dct:hasVersion", Kind::Literal),
    ("notice_key", "dct:title", Kind::Literal),
    ("language", "dct:language", Kind::Literal),
    ("content_hash", "dpv:hasIdentifier", Kind::Literal),
    ("url", "dpv:hasAddress", Kind::Literal),
    ("purposes", "dpv:hasPurpose", Kind::Literal),
    ("purpose", "dct:identifier", Kind::Literal),
    ("purpose_title", "dct:title", Kind::Literal),
    ("purpose_type", "dct:type", Kind::Literal),
    ("lawful_basis", "dpv:hasLegalBasis", Kind::Link),
    ("service", "dpv:hasService", Kind::Literal),
    ("pii_information", "dpv:hasPersonalData", Kind::Literal),
    ("pii_type", "dct:type", Kind::Literal),
    ("pii_attribute_id", "dct:identifier", Kind::Literal),
    ("pii_controllers", "dpv:hasDataController", Kind::Literal),
    ("party_id", "dpv:hasIdentifier", Kind::Literal),
    ("party_name", "dpv:hasName", Kind::Literal),
    ("party_address", "dpv:hasAddress", Kind::Literal),
    ("party_contact", "dpv:hasContact", Kind::Literal),
    ("party_type", "dct:type", Kind::Literal),
    ("party_role", "dct:type", Kind::Literal),
    ("party_email", "dpv:hasContact", Kind::Literal),
    ("party_url", "dpv:hasContact", Kind::Literal),
    ("party_phone", "dpv:hasContact", Kind::Literal),
    ("pii_optional", "dpv:hasNecessity", Kind::Literal),
    ("sensitive_pii_category", "dpv:hasSensitivityLevel", Kind::Literal),
    ("special_pii_category", "dpv:hasSensitivityLevel", Kind::Literal),
    ("storage_locations", "dpv:hasLocation", Kind::Literal),
    ("retention_period", "dpv:hasDuration", Kind::Literal),
    ("jurisdiction", "dpv:hasJurisdiction", Kind::Literal),
    ("recipients", "dpv:hasRecipient", Kind::Literal),
    ("withdrawal_method", "dpv:hasConsentControl", Kind::Literal),
    ("collection_method", "dpv:hasDataSource", Kind::Literal),
    ("processing_method", "dpv:hasProcessing", Kind::Literal),
    ("processing_locations", "dpv:hasLocation", Kind::Literal),
    ("geographic_restrictions", "dpv:hasGeographicCoverage", Kind::Literal),
    ("channel", "dpv:hasApplicability", Kind::Literal),
    ("brand", "dpv:hasApplicability", Kind::Literal),
    ("privacy_rights", "dpv:hasRight", Kind::Link),
    ("authority", "dpv:hasAuthority", Kind::Literal),
    ("consent_status", "dpv:hasConsentStatus", Kind::Link),
    ("events", "dct:hasPart", Kind::Literal),
    ("event_id", "dct:identifier", Kind::Literal),
    ("event_time", "dpv:isIndicatedAtTime", Kind::Time),
    ("received_at", "dct:dateAccepted", Kind::Time),
    ("requested_at", "dct:dateSubmitted", Kind::Time),
    ("expires_at", "dct:valid", Kind::Time),
    ("notice_hash", "dct:references", Kind::Literal),
    ("guardian_id", "dpv:hasResponsibleEntity", Kind::Literal),
    ("validity_duration", "dpv:hasDuration", Kind::Literal),
    ("entity_id", "dpv:isIndicatedBy", Kind::Literal),
    ("event_type", "dct:type", Kind::Link),
    ("event_state", "dpv:hasStatus", Kind::Link),
    ("indication_method", "dpv:hasIndicationMethod", Kind::Literal),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_that_of_iso_8601() {
        let at = Some(Timestamp::default());
        for (days, end, expected) in [
            (Some(365), None, "P365D"),
            (None, Some(Timestamp::default().plus_seconds(90)), "PT90S"),
            (None, None, "dpv:IndeterminateDuration"),
        ] {
            let event = ConsentEvent {
                validity_days: days,
                expires_at: end,
                event_time: at,
                ..ConsentEvent::default()
            };
            assert_eq!(duration(&event), expected);
        }
    }
}
