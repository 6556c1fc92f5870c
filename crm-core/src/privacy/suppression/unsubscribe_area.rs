//! One-click unsubscribing, as a session sees it.

use super::unsubscribe::{Content, UnsubscribeHeaders, Unsubscribed, headers, redeem};
use crate::contacts::{Person, PersonId};
use crate::error::{CrmError, ErrorKind, Result};
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::ContactChannel;
use crate::privacy::purposes;
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::subjects::addresses_of;
use crate::record::door::{Door, Scope, read, write};
use crate::record::unit::UnitOfWork;
use crate::session::Session;
use crate::storage::ReadMode;

/// Unsubscribing by a token: the header of a message, and what comes back.
pub struct Unsubscribe<'d> {
    door: &'d dyn Door,
}

/// A message that shall say how to unsubscribe from it.
#[derive(Clone, Debug, Default)]
pub struct UnsubscribeRequest {
    /// The address that it goes to.
    pub address: Option<String>,
    /// Or the person, whose primary address for the channel it goes to.
    pub person: Option<PersonId>,
    /// The key of the purpose.
    pub purpose: String,
    /// The channel.
    pub channel: ContactChannel,
    /// The brand.
    pub brand: Option<String>,
    /// The topic, when unsubscribing shall end this topic only.
    pub topic: Option<String>,
    /// Where the host redeems tokens, an HTTPS address.
    pub base_url: String,
}

impl Session {
    /// Unsubscribing by a token.
    pub fn unsubscribe(&self) -> Unsubscribe<'_> {
        Unsubscribe { door: self }
    }
}

impl Scope<'_> {
    /// Unsubscribing by a token.
    pub fn unsubscribe(&self) -> Unsubscribe<'_> {
        Unsubscribe { door: self.door }
    }
}

impl Unsubscribe<'_> {
    /// Makes the token for a message, and the headers `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 8058). Nothing
    /// is stored.
    ///
    /// ```
    /// use crm_core::privacy::UnsubscribeRequest;
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::DirectMarketing)?;
    /// let headers = session.unsubscribe().issue(&UnsubscribeRequest {
    ///     address: Some("ada@example.com".into()),
    ///     purpose: "direct_marketing".into(),
    ///     base_url: "https://crm.example/unsubscribe".into(),
    ///     ..UnsubscribeRequest::default()
    /// })?;
    /// assert_eq!(headers.list_unsubscribe_post, "List-Unsubscribe=One-Click");
    /// // The mail program of the recipient posts the token back.
    /// assert!(!session.unsubscribe().redeem(&headers.token)?.already);
    /// assert!(session.unsubscribe().redeem(&headers.token)?.already);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `unsubscribe.address` when neither an address nor a person with one is named; `email.*`, `phone.*`, `address.*`;
    /// `purpose.unknown`; `unsubscribe.url`; `record.not_found`.
    pub fn issue(&self, request: &UnsubscribeRequest) -> Result<UnsubscribeHeaders> {
        let random = &*self.door.engine().random;
        let secret = read(self.door, ReadMode::Statement, |reader| {
            DatabaseSecret::find(reader.engine, reader.connection)
        })?;
        let secret = match secret {
            Some(secret) => secret,
            None => write(self.door, None, DatabaseSecret::of)?,
        };
        let address = read(self.door, ReadMode::Snapshot, |reader| {
            purposes::require(reader.connection, &request.purpose).map_err(|error| error.at("purpose"))?;
            let country = reader.engine.config.default_country;
            match (&request.address, request.person) {
                (Some(address), None) => ContactAddress::given(address, None, Some(request.channel), country),
                (None, Some(person)) => {
                    let person: Option<Person> =
                        super::records(reader, "t.\"id\" = ?1", &[crate::storage::Param::Id(person.into())])?
                            .pop();
                    let person = person.ok_or_else(|| crate::record::unit::not_found("person"))?;
                    let wanted = request.channel.address_type();
                    addresses_of(&person, country)
                        .into_iter()
                        .find(|address| address.address_type() == wanted)
                        .ok_or_else(|| no_address("the person has no address for the channel"))
                }
                _ => Err(no_address("an address or a person is named, and not both")),
            }
        })?;
        let content = Content {
            address_hash: address.hash(&secret),
            purpose: request.purpose.clone(),
            channel: request.channel,
            brand: request.brand.clone(),
            topic: request.topic.clone(),
        };
        headers(content.sealed(&secret, random), &request.base_url)
    }

    /// Unsubscribes whoever a token was made for: by a suppression of the address, and a withdrawal in the ledger. It asks
    /// for no login, works after an erasure, and to do it twice changes nothing. It does not say whose address it is.
    ///
    /// # Errors
    /// `unsubscribe.token` for what is no token of this database.
    pub fn redeem(&self, token: &str) -> Result<Unsubscribed> {
        write(self.door, None, |work: &mut UnitOfWork<'_>| {
            let secret = DatabaseSecret::find(work.engine, work.connection)?;
            redeem(work, Content::opened(secret.as_ref(), token)?)
        })
    }
}

fn no_address(reason: &str) -> CrmError {
    CrmError::new(ErrorKind::Invalid, "unsubscribe.address", reason).at("address")
}
