//! Who acts, and for which purpose.

use std::sync::Arc;

use crate::crm::Engine;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::privacy::kinds::SpecialCategoryGround;

/// Who acts in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The host itself: set-up, imports, scheduled work. Sees everything.
    System,
    /// A user of the host, by the identifier of the user record.
    User(crate::access::users::UserId),
}

/// Why a session works with personal data. Every entry of the journal names it (GDPR Article 5(1)(b)).
///
/// The names follow the purposes of the Data Privacy Vocabulary (DPV 2). These are the roots of all purposes; a session can
/// be begun for any purpose below them, too: see [`Crm::session_for`](crate::Crm::session_for).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// Selling and keeping up the relationship with customers (dpv:CustomerRelationshipManagement).
    CustomerRelationshipManagement = 1,
    /// Answering the requests of customers (dpv:CustomerCare).
    CustomerCare = 2,
    /// Fulfilling orders (dpv:CustomerOrderManagement).
    CustomerOrderManagement = 3,
    /// Advertising to people directly (dpv:DirectMarketing).
    DirectMarketing = 4,
    /// Running the system itself: set-up, imports, maintenance (dpv:TechnicalServiceProvision).
    TechnicalServiceProvision = 5,
    /// Meeting a legal duty (dpv:LegalCompliance).
    LegalCompliance = 6,
    /// Fulfilling the rights of data subjects (dpv:RightsFulfilment).
    RightsFulfilment = 7,
    /// Reports without a look at the single person (dpv:ServiceUsageAnalytics).
    Analytics = 8,
    /// Selling data, or giving them away for advertising (dpv:SellDataToThirdParties).
    SellDataToThirdParties = 9,
    /// Training models of artificial intelligence (dpv:TrainAISystem).
    AiTraining = 10,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 10] = [
        Self::CustomerRelationshipManagement,
        Self::CustomerCare,
        Self::CustomerOrderManagement,
        Self::DirectMarketing,
        Self::TechnicalServiceProvision,
        Self::LegalCompliance,
        Self::RightsFulfilment,
        Self::Analytics,
        Self::SellDataToThirdParties,
        Self::AiTraining,
    ];

    /// The number under which the journal stores the purpose.
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The stable key, for example `customer_care`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CustomerRelationshipManagement => "customer_relationship_management",
            Self::CustomerCare => "customer_care",
            Self::CustomerOrderManagement => "customer_order_management",
            Self::DirectMarketing => "direct_marketing",
            Self::TechnicalServiceProvision => "technical_service_provision",
            Self::LegalCompliance => "legal_compliance",
            Self::RightsFulfilment => "rights_fulfilment",
            Self::Analytics => "analytics",
            Self::SellDataToThirdParties => "sell_data_to_third_parties",
            Self::AiTraining => "ai_training",
        }
    }

    /// The purpose with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.number() == number)
    }
}

impl std::str::FromStr for Purpose {
    type Err = CrmError;

    fn from_str(key: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.key() == key)
            .ok_or_else(|| CrmError::invalid("purpose.unknown", "is no registered purpose"))
    }
}

/// Who looks, as the access policy sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user, nil for the system.
    pub user: RecordId,
    /// The teams that the user belongs to.
    pub teams: Vec<RecordId>,
    /// Why the session works with the data: a built-in purpose, or the root of a registered one.
    pub purpose: Purpose,
    /// The key of the purpose, when it is not a root itself.
    pub registered_purpose: Option<String>,
    /// The ground on which the session reads special categories; without one it does not.
    pub special_ground: Option<SpecialCategoryGround>,
}

impl Viewer {
    /// The key of the purpose, whether it is built in or registered.
    pub fn purpose_key(&self) -> &str {
        self.registered_purpose.as_deref().unwrap_or(self.purpose.key())
    }
}

/// Work on a database in the name of somebody and for a purpose. Cheap to clone; every area hangs off it.
#[derive(Clone)]
pub struct Session {
    pub(crate) engine: Arc<Engine>,
    pub(crate) viewer: Arc<Viewer>,
}

impl Session {
    /// Who looks.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The session with the gate for special categories open, on a ground of GDPR Article 9(2): its purpose still decides
    /// which of them it reads. The ground is the host's to have; the engine asks for it and does not check it.
    ///
    /// ```
    /// use crm_core::privacy::SpecialCategoryGround;
    /// use crm_core::{Actor, Config, Crm, Purpose};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
    /// let session = session.with_special_categories(SpecialCategoryGround::ExplicitConsent);
    /// assert!(session.viewer().special_ground.is_some());
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn with_special_categories(&self, ground: SpecialCategoryGround) -> Self {
        let viewer = Viewer { special_ground: Some(ground), ..Viewer::clone(&self.viewer) };
        Self { engine: Arc::clone(&self.engine), viewer: Arc::new(viewer) }
    }

    /// The time now, by the clock of the database.
    pub fn now(&self) -> crate::Timestamp {
        self.engine.clock.now()
    }
}
