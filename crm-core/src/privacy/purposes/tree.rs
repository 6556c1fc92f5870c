//! The purposes that every database knows, and the way from any purpose up to its root.

use std::borrow::Cow;

use crate::error::{CrmError, Result};
use crate::privacy::kinds::PurposeClass;
use crate::storage::{Connection, Param, Row, query_all, query_one};

/// A purpose that every database knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// The stable key.
    pub key: &'static str,
    /// What people read.
    pub name: &'static str,
    /// The key of the purpose above it.
    pub parent: Option<&'static str>,
    /// What it amounts to.
    pub class: PurposeClass,
    /// Its identifier in the Data Privacy Vocabulary, as a compact IRI.
    pub iri: &'static str,
}

const fn built_in(
    key: &'static str,
    name: &'static str,
    parent: Option<&'static str>,
    class: PurposeClass,
    iri: &'static str,
) -> BuiltIn {
    BuiltIn { key, name, parent, class, iri }
}

/// The built-in purposes. The roots are those that a session can be begun for.
pub const BUILT_IN: &[BuiltIn] = &[
    built_in(
        "customer_relationship_management",
        "Customer relationship management",
        None,
        PurposeClass::Service,
        "dpv:CustomerRelationshipManagement",
    ),
    built_in("customer_care", "Customer care", None, PurposeClass::Service, "dpv:CustomerCare"),
    built_in(
        "communication_for_customer_care",
        "Communication for customer care",
        Some("customer_care"),
        PurposeClass::Service,
        "dpv:CommunicationForCustomerCare",
    ),
    built_in(
        "customer_order_management",
        "Customer order management",
        None,
        PurposeClass::Transactional,
        "dpv:CustomerOrderManagement",
    ),
    built_in(
        "payment_management",
        "Payment management",
        Some("customer_order_management"),
        PurposeClass::Transactional,
        "dpv:PaymentManagement",
    ),
    built_in("direct_marketing", "Direct marketing", None, PurposeClass::Marketing, "dpv:DirectMarketing"),
    built_in(
        "personalised_advertising",
        "Personalised advertising",
        Some("direct_marketing"),
        PurposeClass::Profiling,
        "dpv:PersonalisedAdvertising",
    ),
    built_in(
        "targeted_advertising",
        "Targeted advertising",
        Some("direct_marketing"),
        PurposeClass::SaleShare,
        "dpv:TargetedAdvertising",
    ),
    built_in(
        "sell_data_to_third_parties",
        "Sale of data to third parties",
        None,
        PurposeClass::SaleShare,
        "dpv:SellDataToThirdParties",
    ),
    built_in(
        "technical_service_provision",
        "Technical service provision",
        None,
        PurposeClass::Security,
        "dpv:TechnicalServiceProvision",
    ),
    built_in("legal_compliance", "Legal compliance", None, PurposeClass::Legal, "dpv:LegalCompliance"),
    built_in("rights_fulfilment", "Rights fulfilment", None, PurposeClass::Legal, "dpv:RightsFulfilment"),
    built_in("analytics", "Analytics", None, PurposeClass::Analytics, "dpv:ServiceUsageAnalytics"),
    built_in("ai_training", "Training of models", None, PurposeClass::AiTraining, "dpv:TrainAISystem"),
];

/// How deep purposes can be nested.
pub(super) const DEEPEST: usize = 16;

/// A purpose, whether built in or registered by the host.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownPurpose {
    /// The key.
    pub key: String,
    /// What people read.
    pub name: String,
    /// The key of the purpose above it.
    pub parent: Option<String>,
    /// What it amounts to.
    pub class: PurposeClass,
    /// Its identifier in a vocabulary, as a compact IRI.
    pub iri: Option<String>,
    /// Whether it is still pursued.
    pub active: bool,
}

impl From<&BuiltIn> for KnownPurpose {
    fn from(purpose: &BuiltIn) -> Self {
        Self {
            key: purpose.key.to_owned(),
            name: purpose.name.to_owned(),
            parent: purpose.parent.map(str::to_owned),
            class: purpose.class,
            iri: Some(purpose.iri.to_owned()),
            active: true,
        }
    }
}

/// The purpose with a key.
pub(crate) fn find(connection: &dyn Connection, key: &str) -> Result<Option<KnownPurpose>> {
    if let Some(purpose) = BUILT_IN.iter().find(|purpose| purpose.key == key) {
        return Ok(Some(purpose.into()));
    }
    query_one(
        connection,
        "SELECT key, name, parent, class, iri, active FROM processing_purpose WHERE key = ?1",
        &[Param::Text(key)],
        purpose,
    )
}

/// All purposes: the built-in ones, then those of the host in the order of their keys.
pub(super) fn all(connection: &dyn Connection) -> Result<Vec<KnownPurpose>> {
    let registered = query_all(
        connection,
        "SELECT key, name, parent, class, iri, active FROM processing_purpose ORDER BY key",
        &[],
        purpose,
    )?;
    Ok(BUILT_IN.iter().map(KnownPurpose::from).chain(registered).collect())
}

fn purpose(row: &dyn Row) -> Result<KnownPurpose> {
    let text = |column| Ok::<_, CrmError>(row.text(column)?.map(str::to_owned));
    Ok(KnownPurpose {
        key: text(0)?.unwrap_or_default(),
        name: text(1)?.unwrap_or_default(),
        parent: text(2)?,
        class: row.text(3)?.unwrap_or_default().parse()?,
        iri: text(4)?,
        active: row.boolean(5)?.unwrap_or(true),
    })
}

/// The purpose with a key, which must be known.
///
/// # Errors
/// `purpose.unknown`.
pub(crate) fn require(connection: &dyn Connection, key: &str) -> Result<KnownPurpose> {
    find(connection, key)?.ok_or_else(|| CrmError::invalid("purpose.unknown", "is no registered purpose"))
}

/// A purpose and all above it, the purpose itself first.
///
/// # Errors
/// `purpose.unknown`; `purpose.too_deep`.
pub(crate) fn lineage(connection: &dyn Connection, key: &str) -> Result<Vec<KnownPurpose>> {
    let mut lineage = vec![require(connection, key)?];
    while let Some(parent) = lineage.last().and_then(|purpose| purpose.parent.clone()) {
        if lineage.len() == DEEPEST {
            return Err(too_deep());
        }
        lineage.push(require(connection, &parent)?);
    }
    Ok(lineage)
}

/// The keys of a purpose and of all above it, the purpose itself first, and what it amounts to. Of purposes that every
/// database knows nothing is read.
///
/// # Errors
/// As [`lineage`].
pub(crate) fn keys_above(
    connection: &dyn Connection,
    key: &str,
) -> Result<(Vec<Cow<'static, str>>, PurposeClass)> {
    let (mut keys, mut class) = (Vec::with_capacity(2), None);
    let mut wanted = Some(Cow::Owned(key.to_owned()));
    while let Some(key) = wanted {
        if keys.len() == DEEPEST {
            return Err(too_deep());
        }
        let (key, above, found) = match BUILT_IN.iter().find(|purpose| purpose.key == key) {
            Some(known) => (Cow::Borrowed(known.key), known.parent.map(Cow::Borrowed), known.class),
            None => {
                let registered = require(connection, &key)?;
                (key, registered.parent.map(Cow::Owned), registered.class)
            }
        };
        class.get_or_insert(found);
        keys.push(key);
        wanted = above;
    }
    Ok((keys, class.unwrap_or_default()))
}

fn too_deep() -> CrmError {
    CrmError::invalid("purpose.too_deep", "has too many purposes above it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Purpose;

    #[test]
    fn every_purpose_of_a_session_is_a_root() {
        for purpose in Purpose::ALL {
            let found = BUILT_IN.iter().find(|built_in| built_in.key == purpose.key()).unwrap();
            assert_eq!(found.parent, None, "{}", found.key);
        }
    }

    #[test]
    fn parents_are_there() {
        for purpose in BUILT_IN {
            assert!(purpose.parent.is_none_or(|parent| BUILT_IN.iter().any(|other| other.key == parent)));
        }
    }
}
