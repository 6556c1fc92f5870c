//! One-click unsubscribing (RFC 8058): a token for the header of a message, and what its return does.
//!
//! The token holds the hash of the address and what the message was about, sealed with the secret of the database. So it
//! needs no row, tells nothing to whoever reads it, cannot be made or changed by anybody else, and works as long as the
//! secret is there: after a merge, after an erasure, and however late.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::refusal::{Refusal, refuse};
use crate::error::{CrmError, ErrorKind, Result};
use crate::privacy::consent;
use crate::privacy::kinds::{AddressType, ContactChannel, SuppressionReason, SuppressionScope};
use crate::privacy::purposes;
use crate::privacy::secret::DatabaseSecret;
use crate::record::select;
use crate::record::unit::UnitOfWork;

/// What a message says about how to unsubscribe from it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnsubscribeHeaders {
    /// The token, BASE64 for URLs.
    pub token: String,
    /// The address for the link in the message.
    pub url: String,
    /// The value of the header `List-Unsubscribe`.
    pub list_unsubscribe: String,
    /// The value of the header `List-Unsubscribe-Post`.
    pub list_unsubscribe_post: String,
}

/// What somebody has unsubscribed from. It does not say who.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unsubscribed {
    /// The key of the purpose.
    pub purpose: String,
    /// The channel.
    pub channel: ContactChannel,
    /// The brand.
    pub brand: Option<String>,
    /// The topic, when it was about one.
    pub topic: Option<String>,
    /// Whether the address was unsubscribed before. Mail programs may send a request twice.
    pub already: bool,
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) address_hash: String,
    pub(super) purpose: String,
    pub(super) channel: ContactChannel,
    pub(super) brand: Option<String>,
    pub(super) topic: Option<String>,
}

/// The form of the content. Another one would have another number.
const FORM: &str = "1";
/// Stands between the parts: the separator of units in ASCII, which no key and no name holds.
const SEPARATOR: char = '\u{1f}';

impl Content {
    fn written(&self) -> String {
        let parts = [
            FORM,
            &self.address_hash,
            self.channel.key(),
            &self.purpose,
            self.brand.as_deref().unwrap_or_default(),
            self.topic.as_deref().unwrap_or_default(),
        ];
        parts.join(&SEPARATOR.to_string())
    }

    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(SEPARATOR).collect();
        let [FORM, address_hash, channel, purpose, brand, topic] = parts[..] else { return None };
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Some(Self {
            address_hash: address_hash.to_owned(),
            purpose: purpose.to_owned(),
            channel: select::parse(channel).ok()?,
            brand: known(brand),
            topic: known(topic),
        })
    }

    /// The token.
    pub(super) fn sealed(
        &self,
        secret: &DatabaseSecret,
        random: &dyn crate::ground::random::Random,
    ) -> String {
        URL_SAFE_NO_PAD.encode(secret.seal(random, self.written().as_bytes()))
    }

    /// What a token stands for.
    ///
    /// # Errors
    /// `unsubscribe.token`, whatever is wrong with it.
    pub(super) fn opened(secret: Option<&DatabaseSecret>, token: &str) -> Result<Self> {
        let content = || {
            let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
            let text = String::from_utf8(secret?.open(&sealed).ok()?).ok()?;
            Self::read(&text)
        };
        content().ok_or_else(|| {
            let reason = "is no token of this database";
            CrmError::new(ErrorKind::NotFound, "unsubscribe.token", reason).at("token")
        })
    }
}

/// The headers for a token.
///
/// # Errors
/// `unsubscribe.url` for what is no HTTPS address: RFC 8058, section 3.1 asks for one.
pub(super) fn headers(token: String, base_url: &str) -> Result<UnsubscribeHeaders> {
    let rest = base_url.strip_prefix("https://").filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let is_plain = base_url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"#".contains(&byte));
    if rest.is_none() || !is_plain {
        let reason = "is no HTTPS address without a fragment";
        return Err(CrmError::invalid("unsubscribe.url", reason).at("base_url"));
    }
    let joint = if base_url.contains('?') { '&' } else { '?' };
    let url = format!("{base_url}{joint}token={token}");
    Ok(UnsubscribeHeaders {
        list_unsubscribe: format!("<{url}>"),
        list_unsubscribe_post: "List-Unsubscribe=One-Click".to_owned(),
        token,
        url,
    })
}

/// Unsubscribes the address of a token.
pub(super) fn redeem(work: &mut UnitOfWork<'_>, content: Content) -> Result<Unsubscribed> {
    let address_type = content.channel.address_type();
    let refusal = refusal(work, &content, address_type)?;
    let (_, already) = refuse(work, refusal.clone())?;
    if !already && refusal.scope == SuppressionScope::Purpose {
        // The ledger has it, too: with when and how, as the answer to whatever was given before.
        consent::withdraw_by_click(work, &content.address_hash, address_type, &refusal)?;
    }
    let Content { purpose, channel, brand, topic, .. } = content;
    Ok(Unsubscribed { purpose, channel, brand, topic, already })
}

fn refusal(work: &UnitOfWork<'_>, content: &Content, address_type: AddressType) -> Result<Refusal> {
    let (scope, scope_key) = match &content.topic {
        Some(topic) => (SuppressionScope::Topic, Some(topic.clone())),
        None => match purposes::require(work.connection, &content.purpose) {
            Ok(purpose) => (SuppressionScope::Purpose, Some(purpose.key)),
            Err(error) if error.kind().is_environmental() => return Err(error),
            // The purpose is gone. Whoever unsubscribes from it wants no more of the like.
            Err(_) => (SuppressionScope::Controller, None),
        },
    };
    Ok(Refusal {
        scope,
        scope_key,
        channel: Some(content.channel),
        brand: content.brand.clone(),
        reason: SuppressionReason::Unsubscribe,
        source: Some("one-click".to_owned()),
        effective_at: Some(work.now()),
        ..Refusal::of(address_type, content.address_hash.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_of_a_token_is_read_as_it_was_written() {
        let content = Content {
            address_hash: "0123456789abcdef0123456789abcdef".into(),
            purpose: "newsletter".into(),
            channel: ContactChannel::Email,
            brand: Some("Acme: & Sons".into()),
            topic: None,
        };
        assert_eq!(Content::read(&content.written()), Some(content));
        for text in
            ["", "1", "2\u{1f}a\u{1f}email\u{1f}b\u{1f}\u{1f}", "1\u{1f}a\u{1f}owl\u{1f}b\u{1f}\u{1f}"]
        {
            assert_eq!(Content::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn headers_are_those_of_rfc_8058() {
        for (base, expected) in [
            ("https://example.com/u", Some("<https://example.com/u?token=T>")),
            ("https://example.com/u?l=1", Some("<https://example.com/u?l=1&token=T>")),
            ("http://example.com/u", None),
            ("https:///u", None),
            ("https://", None),
            ("https://example.com/u#top", None),
            ("https://example.com/u>,<x", None),
            ("https://example.com/u v", None),
            ("mailto:a@example.com", None),
        ] {
            let made = headers("T".into(), base);
            match expected {
                None => assert_eq!(made.unwrap_err().code(), "unsubscribe.url", "{base}"),
                Some(value) => {
                    let made = made.unwrap();
                    assert_eq!(made.list_unsubscribe, value);
                    assert_eq!(made.list_unsubscribe_post, "List-Unsubscribe=One-Click");
                }
            }
        }
    }
}
