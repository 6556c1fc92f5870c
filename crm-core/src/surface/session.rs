//! How a session is begun.

use serde::Deserialize;

use crate::crm::Crm;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::session::{Actor, Purpose, Session};

/// Who acts and why: the members of the JSON object that other languages pass.
///
/// ```
/// use crm_core::surface::SessionOptions;
/// use crm_core::{Config, Crm};
/// let crm = Crm::memory(Config::default())?;
/// let session = SessionOptions::parse(r#"{"actor": "system", "purpose": "customer_care"}"#)?.begin(&crm)?;
/// assert_eq!(session.viewer().purpose.key(), "customer_care");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionOptions {
    /// `system`, or `user:` and the identifier of a user; the system when nothing is said.
    pub actor: Option<String>,
    /// The key of the purpose, built in or registered; `customer_relationship_management` when nothing is said.
    pub purpose: Option<String>,
    /// The ground of GDPR Article 9(2) on which the session reads special categories, for example `explicit_consent`; it
    /// does not when nothing is said.
    pub special_categories: Option<String>,
}

impl SessionOptions {
    /// The options from the text of a JSON object, empty for none.
    ///
    /// # Errors
    /// `options.json`, `options.invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        super::parse(text)
    }

    /// Begins the session.
    ///
    /// # Errors
    /// `actor.invalid`, `purpose.unknown`, `purpose.inactive`, `select.unknown`, `user.unknown`, naming the option.
    pub fn begin(&self, crm: &Crm) -> Result<Session> {
        let actor = match self.actor.as_deref() {
            None | Some("system") => Actor::System,
            Some(text) => {
                let user = text.strip_prefix("user:").and_then(|id| id.parse::<RecordId>().ok()).ok_or_else(
                    || {
                        CrmError::invalid(
                            "actor.invalid",
                            "is neither `system` nor `user:` and an identifier",
                        )
                        .at("actor")
                    },
                )?;
                Actor::User(user.into())
            }
        };
        let purpose = self.purpose.as_deref().unwrap_or(Purpose::CustomerRelationshipManagement.key());
        let session = crm.session_for(actor, purpose).map_err(|error| {
            if error.code().starts_with("purpose.") { error.at("purpose") } else { error }
        })?;
        match &self.special_categories {
            None => Ok(session),
            Some(key) => {
                let ground = key.parse().map_err(|error: CrmError| error.at("special_categories"))?;
                Ok(session.with_special_categories(ground))
            }
        }
    }
}
