//! Suppressing addresses, as a session sees it.

use super::cover::Message;
use super::ids::SuppressionId;
use super::model::Suppression;
use super::refusal::{Refusal, refuse};
use super::{bounces, covering, rules};
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::{AddressType, ContactChannel, SuppressionReason, SuppressionScope};
use crate::privacy::purposes::lineage;
use crate::privacy::secret::DatabaseSecret;
use crate::record::Records;
use crate::record::door::{read, write};
use crate::record::unit::UnitOfWork;
use crate::storage::ReadMode;

/// An address that is to be suppressed.
#[derive(Clone, Debug, Default)]
pub struct SuppressionRequest {
    /// The address, in any spelling.
    pub address: String,
    /// What kind of address it is; that of the channel when nothing is said.
    pub address_type: Option<AddressType>,
    /// How far it reaches.
    pub scope: SuppressionScope,
    /// The brand, the key of the purpose, or the topic that the scope is about.
    pub scope_key: Option<String>,
    /// The channel; all that use the address when none is named.
    pub channel: Option<ContactChannel>,
    /// The brand, when it is about messages under one brand only.
    pub brand: Option<String>,
    /// Why.
    pub reason: SuppressionReason,
    /// From where it is known.
    pub source: Option<String>,
    /// Since when; since now when nothing is said.
    pub effective_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

/// A message that may be stopped.
#[derive(Clone, Debug, Default)]
pub struct SuppressionQuestion {
    /// The address, in any spelling.
    pub address: String,
    /// The channel.
    pub channel: ContactChannel,
    /// The key of the purpose.
    pub purpose: String,
    /// The brand.
    pub brand: Option<String>,
    /// The topic.
    pub topic: Option<String>,
    /// When it is to go; now when nothing is said.
    pub at: Option<Timestamp>,
}

/// Whether an address is suppressed for a message, and by what.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checked {
    /// Whether the message is stopped.
    pub suppressed: bool,
    /// The suppressions that stop it.
    pub by: Vec<Suppression>,
}

impl Records<'_, Suppression> {
    /// Suppresses an address. What holds already is not written twice; the suppression that holds is given.
    ///
    /// ```
    /// use crm_core::privacy::{ContactChannel, SuppressionQuestion, SuppressionRequest};
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::DirectMarketing)?;
    /// session.suppressions().add(SuppressionRequest {
    ///     address: "ada@example.com".into(),
    ///     channel: Some(ContactChannel::Email),
    ///     ..SuppressionRequest::default()
    /// })?;
    /// let question = SuppressionQuestion {
    ///     address: "Ada <Ada@EXAMPLE.com>".into(),
    ///     purpose: "direct_marketing".into(),
    ///     ..SuppressionQuestion::default()
    /// };
    /// assert!(session.suppressions().check(&question)?.suppressed);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`; `address.type_missing`; `suppression.scope_key`,
    /// `suppression.period`; `purpose.unknown`.
    #[expect(clippy::needless_pass_by_value, reason = "a request is handed over, as a record is")]
    pub fn add(&self, request: SuppressionRequest) -> Result<Suppression> {
        write(self.set.door, None, |work| {
            let (address_type, address_hash) =
                hashed(work, &request.address, request.address_type, request.channel)?;
            let refusal = Refusal {
                address_type,
                address_hash,
                scope: request.scope,
                scope_key: request.scope_key.clone(),
                channel: request.channel,
                brand: request.brand.clone(),
                reason: request.reason,
                source: request.source.clone(),
                effective_at: request.effective_at,
                expires_at: request.expires_at,
            };
            Ok(refuse(work, refusal)?.0)
        })
    }

    /// Whether an address is suppressed for a message, and by what.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`; `purpose.unknown`.
    pub fn check(&self, question: &SuppressionQuestion) -> Result<Checked> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let country = reader.engine.config.default_country;
            let address = ContactAddress::given(&question.address, None, Some(question.channel), country)?;
            let purposes =
                lineage(reader.connection, &question.purpose).map_err(|error| error.at("purpose"))?;
            let class = purposes.first().map(|purpose| purpose.class).unwrap_or_default();
            let lineage: Vec<String> = purposes.into_iter().map(|purpose| purpose.key).collect();
            let message = Message {
                lineage: &lineage,
                class,
                channel: question.channel,
                brand: question.brand.as_deref(),
                topic: question.topic.as_deref(),
                at: question.at.unwrap_or_else(|| reader.now()),
            };
            let by: Vec<Suppression> = match DatabaseSecret::find(reader.engine, reader.connection)? {
                // Nothing was ever hashed, so nothing is suppressed.
                None => Vec::new(),
                Some(secret) => covering(reader, &address.hash(&secret))?
                    .into_iter()
                    .filter(|suppression| suppression.covers(&message))
                    .collect(),
            };
            Ok(Checked { suppressed: !by.is_empty(), by })
        })
    }

    /// Takes note that a message came back. An address that does not exist (a hard bounce) is suppressed at once, one that
    /// fails for the time being after three times in a row, between any two of which lie at most 30 days. Gives the
    /// suppression, if there is one now.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`.
    pub fn bounce(&self, address: &str, channel: ContactChannel, hard: bool) -> Result<Option<Suppression>> {
        write(self.set.door, None, |work| {
            let (address_type, hash) = hashed(work, address, None, Some(channel))?;
            bounces::bounce(work, address_type, hash, hard)
        })
    }

    /// Takes note that a message arrived: a row of soft bounces is over.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`.
    pub fn delivered(&self, address: &str, channel: ContactChannel) -> Result<()> {
        write(self.set.door, None, |work| {
            let (_, hash) = hashed(work, address, None, Some(channel))?;
            bounces::delivered(work, &hash)
        })
    }

    /// Takes note that the owner of an address has called a message unwanted: nothing but what was asked for or ordered
    /// goes there any more.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`.
    pub fn complaint(
        &self,
        address: &str,
        channel: ContactChannel,
        source: Option<&str>,
    ) -> Result<Suppression> {
        self.add(SuppressionRequest {
            address: address.to_owned(),
            address_type: Some(channel.address_type()),
            reason: SuppressionReason::Complaint,
            source: source.map(str::to_owned),
            ..SuppressionRequest::default()
        })
    }

    /// Lifts a suppression that somebody of ours has set, or that came from outside: a bounce, a register. What the owner
    /// of the address has said is lifted by a consent only.
    ///
    /// # Errors
    /// `record.not_found`; `suppression.of_the_owner`.
    pub fn lift(&self, id: impl Into<SuppressionId>) -> Result<Suppression> {
        let id = id.into();
        write(self.set.door, None, |work| rules::lift_ours(work, id))
    }
}

/// An address as it is suppressed.
pub(super) fn hashed(
    work: &mut UnitOfWork<'_>,
    address: &str,
    address_type: Option<AddressType>,
    channel: Option<ContactChannel>,
) -> Result<(AddressType, String)> {
    let country = work.engine.config.default_country;
    let address = ContactAddress::given(address, address_type, channel, country)?;
    Ok((address.address_type(), address.hash(&DatabaseSecret::of(work)?)))
}
