//! One disclosure.

use super::ids::DisclosureId;
use crate::contacts::OrganisationId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::LegalBasis;
use crate::record::select::select;
use crate::record::{Meta, Record};

select! {
    /// What makes a transfer out of the country lawful (GDPR Chapter V; eu-gdpr:A45 to A49).
    pub enum TransferTool {
        /// The data stay where the law is the same.
        #[default]
        None = "none",
        /// The Commission has decided that the country protects data adequately (Article 45).
        AdequacyDecision = "adequacy_decision",
        /// Standard contractual clauses (Article 46(2)(c), (d)).
        StandardContractualClauses = "standard_contractual_clauses",
        /// Binding corporate rules (Article 47).
        BindingCorporateRules = "binding_corporate_rules",
        /// Another safeguard: a code of conduct, a certificate, clauses that were authorised (Article 46).
        OtherSafeguard = "other_safeguard",
        /// A derogation for a specific situation (Article 49).
        Derogation = "derogation",
    }
}

/// Personal data that were given to somebody outside. Whose data, the entries of the read log
/// that link here say, or `subjects` where the host entered it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "disclosure",
    plural = "disclosures",
    id = DisclosureId,
    sort_key("recipient"),
    rules = super::rules::DisclosureRules
)]
pub struct Disclosure {
    /// What every record has.
    pub meta: Meta,
    /// Who got them, as one can be named to the people concerned. The name of the organisation when nothing is said.
    #[field(search = title, max = 255, filled)]
    pub recipient: String,
    /// The organisation that got them, when it is known here.
    #[field(on_delete = restrict)]
    pub organisation: Option<OrganisationId>,
    /// The key of the purpose for which they were given.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// On which ground.
    pub legal_basis: Option<LegalBasis>,
    /// When: when it was entered, unless another time is given.
    #[field(indexed, filled)]
    pub disclosed_at: Option<Timestamp>,
    /// The record types that were given; `*` for the whole database.
    #[field(max = 100)]
    pub record_types: Vec<String>,
    /// The categories of the personal data.
    #[field(max = 40)]
    pub categories: Vec<String>,
    /// How many records.
    #[field(range(0, 9_000_000_000))]
    pub records: Option<i64>,
    /// The identifiers of the people, where the host enters them.
    #[field(max = 1_000)]
    pub subjects: Vec<String>,
    /// The country that they went to, ISO 3166-1 alpha-2.
    #[field(max = 2)]
    pub country: Option<String>,
    /// What makes the transfer there lawful.
    #[field(default = TransferTool::None)]
    pub transfer_tool: TransferTool,
    /// The contract, the request or the law behind it, in words.
    #[field(long)]
    pub description: Option<String>,
}

impl Disclosure {
    /// A disclosure to somebody, to be refined: what an export takes.
    ///
    /// ```
    /// use crm_core::privacy::Disclosure;
    /// let disclosure = Disclosure::to("Printers Ltd", "direct_marketing");
    /// assert_eq!(disclosure.recipient, "Printers Ltd");
    /// ```
    pub fn to(recipient: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self { recipient: recipient.into(), purpose: purpose.into(), ..Self::default() }
    }
}
