//! Why a decision is what it is: stable codes with their plain words.

use serde::{Serialize, Serializer};

use crate::privacy::kinds::SuppressionReason;

/// What a reason does to the outcome. The later, the stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing by itself: it says what was assumed.
    Notes,
    /// It lets the gate be passed.
    Permits,
    /// It adds a duty.
    Obliges,
    /// It puts the contact off.
    Defers,
    /// It refuses.
    Refuses,
}

/// Declares the codes: variant, key, effect and plain words.
macro_rules! codes {
    ($($variant:ident = $key:literal, $effect:ident: $text:literal;)+) => {
        /// The code of a reason. The order is that of the gates.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ReasonCode {
            $(#[doc = $text] $variant),+
        }

        impl ReasonCode {
            /// All codes, in the order of the gates.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable dotted code.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// What it does to the outcome.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$variant => Effect::$effect),+ }
            }

            /// What it means, in plain words.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

codes! {
    CommercialContent = "content.commercial", Notes:
        "The message advertises something, so the rules of advertising hold.";
    SubjectErased = "subject.erased", Refuses: "The person was erased.";
    SubjectDeceased = "subject.deceased", Refuses: "The person has died.";
    SuppressedUnsubscribe = "suppression.unsubscribe", Refuses: "The owner of the address unsubscribed.";
    SuppressedObjection = "suppression.objection", Refuses: "The owner of the address objected.";
    SuppressedWithdrawal = "suppression.withdrawal", Refuses: "The owner of the address withdrew a consent.";
    SuppressedDoNotCall = "suppression.internal_do_not_call", Refuses:
        "The address is on the own do-not-call list.";
    SuppressedRegister = "suppression.national_register", Refuses:
        "The address is suppressed because of a national register.";
    SuppressedBounce = "suppression.bounce", Refuses: "Messages to the address came back.";
    SuppressedComplaint = "suppression.complaint", Refuses:
        "The owner of the address complained of a message.";
    SuppressedErased = "suppression.erased", Refuses: "The owner of the address was erased.";
    SuppressedDeceased = "suppression.deceased", Refuses: "The owner of the address has died.";
    SuppressedMinor = "suppression.minor", Refuses: "The owner of the address is a minor.";
    SuppressedReassigned = "suppression.reassigned", Refuses: "The address belongs to somebody else now.";
    SuppressedManual = "suppression.manual", Refuses: "Somebody of the controller suppressed the address.";
    SuppressionStillBinds = "suppression.still_binding", Refuses:
        "A refusal was entered with an end, but the law lets it bind for longer.";
    RefusalReachesAll = "suppression.reaches_all", Refuses:
        "A refusal of other messages on such channels reaches this one, too.";
    NotSuppressed = "suppression.none", Permits: "No suppression covers the contact.";
    Objected = "objection.upheld", Refuses: "The person objected to the purpose.";
    ObjectionPending = "objection.pending", Refuses:
        "The person objected to the purpose, and the objection is not decided yet.";
    ObjectionOverridden = "objection.overridden", Notes:
        "The person objected, and compelling grounds overrode it.";
    Restricted = "restriction", Refuses: "The processing of the person's data is restricted.";
    ConsentWithdrawn = "consent.withdrawn", Refuses: "The person withdrew the consent, and gave none since.";
    ConsentRefused = "consent.refused", Refuses:
        "The person was asked for consent and refused, and gave none since.";
    JurisdictionUnknown = "jurisdiction.unknown", Notes:
        "Nothing says where the person is, so the rules of all enabled regimes hold.";
    JurisdictionNotCovered = "jurisdiction.not_covered", Notes:
        "No enabled regime is that of the place, so the rules of all enabled regimes hold.";
    Jurisdiction = "jurisdiction.applies", Notes: "The regime applies.";
    GuardianMissing = "age.guardian_consent_missing", Refuses:
        "The person is below the age of consent, and no guardian consented.";
    GuardianConsented = "age.guardian_consented", Permits:
        "The person is below the age of consent, and a guardian consented.";
    BasisConsent = "basis.consent", Permits: "The consent of the person is the legal basis.";
    BasisOnFile = "basis.on_file", Permits: "A legal basis is on file.";
    BasisDeclared = "basis.declared", Permits: "The class of the purpose declares its legal basis.";
    BasisSoftOptIn = "basis.soft_opt_in", Permits:
        "The rule for existing customers stands alone; no other legal basis is needed.";
    BasisMissing = "basis.missing", Refuses: "No legal basis for the purpose is on file.";
    BasisNotAccepted = "basis.not_accepted", Refuses:
        "The legal basis on file is none that the regime knows.";
    BasisNotInForce = "basis.not_in_force", Refuses: "The legal basis on file is not in force at the time.";
    BasisNotAssessed = "basis.not_assessed", Refuses:
        "A legitimate interest is on file, but no assessment of it that holds.";
    BasisNotInformed = "basis.not_informed", Refuses:
        "A legitimate interest is on file, but the person was not told of it.";
    BasisObjected = "basis.objected", Refuses: "The person objected to the legitimate interest.";
    SpecialConsent = "special_category.consent", Permits:
        "The person consented plainly enough to the use of such data.";
    SpecialGround = "special_category.ground", Permits: "A ground for special categories of data is on file.";
    SpecialMissing = "special_category.missing", Refuses:
        "The data are of a special category, and no ground for that is on file.";
    LimitedSensitive = "sensitive.limited", Refuses: "The person asked to limit the use of sensitive data.";
    TransferConsent = "transfer.consent", Permits: "The person consented separately to the transfer.";
    TransferMissing = "transfer.consent_missing", Refuses:
        "The data leave the country, and there is no separate consent to it.";
    SaleOptedOut = "sale.opted_out", Refuses: "The person opted out of sale and sharing.";
    SaleSignal = "sale.global_privacy_control", Refuses:
        "The person's browser or device sends the Global Privacy Control.";
    SaleNotOptedOut = "sale.not_opted_out", Permits: "The person did not opt out of sale and sharing.";
    SaleMinorNever = "sale.minor_never", Refuses: "Data of somebody so young are never sold or shared.";
    SaleMinorGuardian = "sale.guardian_consent_missing", Refuses:
        "The person is so young that a guardian has to consent to sale and sharing.";
    SaleMinorConsent = "sale.minor_consent_missing", Refuses:
        "The person is so young that sale and sharing need their own consent.";
    SaleMinorConsented = "sale.minor_consented", Permits: "The consent that a minor's age asks for is there.";
    AskAgainTooEarly = "ask_again.too_early", Defers: "The person opted out, and may not be asked again yet.";
    GroundConsent = "consent.given", Permits: "The person consented.";
    GroundRelationship = "relationship.recent", Permits:
        "What the person had to do with the controller is recent enough.";
    GroundOngoing = "relationship.ongoing", Permits:
        "The contract or membership runs, or ended recently enough.";
    GroundSoftOptIn = "soft_opt_in.applies", Permits:
        "The person is a customer, the goods are similar, and a refusal was offered from the start.";
    GroundContract = "content.running_contract", Permits: "The content concerns a contract that runs.";
    GroundPublished = "address.published", Permits:
        "The address is published, and the content has to do with its owner's role.";
    GroundSolicited = "content.solicited", Permits: "The content answers what the person asked for.";
    GroundInterest = "legitimate_interest.assessed", Permits:
        "A legitimate interest, assessed and not objected to, is on file.";
    GroundNotRefused = "opt_out.not_refused", Permits: "No permission is needed, and nobody refused.";
    ConsentMissing = "consent.missing", Refuses:
        "There is no consent, and nothing else that permits the contact.";
    ConsentUnknown = "consent.unknown", Refuses: "A consent is on record whose state is not known.";
    ConsentRequested = "consent.requested", Refuses: "Consent was asked for, and there is no answer yet.";
    ConsentUnconfirmed = "consent.unconfirmed", Refuses: "A double opt-in was begun, and not confirmed.";
    ConsentExpired = "consent.expired", Refuses: "The consent has expired.";
    ConsentEnded = "consent.ended", Refuses: "The consent was ended, was never valid, or was given later.";
    ConsentNotPlain = "consent.not_plain_enough", Refuses:
        "The consent was not expressed as plainly as the rule asks.";
    ConsentNotInformed = "consent.not_informed", Refuses:
        "It is not on file what the person was told when consenting.";
    RelationshipExpired = "relationship.expired", Refuses:
        "What the person had to do with the controller is too long ago.";
    SoftOptInIncomplete = "soft_opt_in.incomplete", Refuses:
        "The person is a customer, but not all is there: same seller, own similar goods, a refusal offered at once.";
    RegisterLifted = "register.lifted", Permits:
        "A permission or relationship makes the register not matter.";
    RegisterClear = "register.clear", Permits: "The address is not on the register.";
    RegisterListed = "register.listed", Refuses: "The address is on the register.";
    RegisterStale = "register.stale", Refuses: "The copy of the register is too old.";
    RegisterNotScreened = "register.not_screened", Refuses:
        "The address was not checked against the register.";
    CapFree = "cap.free", Permits: "The cap on contacts is not reached.";
    CapReached = "cap.reached", Defers: "The cap on contacts is reached.";
    CapForbids = "cap.forbids", Refuses: "The cap lets nobody be contacted at all.";
    ZoneUnknown = "time_zone.unknown", Refuses:
        "Contacts are bound to hours, and nothing says what time it is for the person.";
    HoursOpen = "hours.open", Permits: "It is within the permitted hours.";
    HoursClosed = "hours.closed", Defers: "It is outside the permitted hours.";
    HoursNever = "hours.never", Refuses: "No moment of the next weeks is permitted by all hours that hold.";
    Obligation = "obligation", Obliges: "A duty comes with the contact.";
    ContentMet = "content.met", Permits: "The content has what the rule asks for.";
    ContentMissing = "content.missing", Refuses: "The content lacks what the rule asks for.";
    HostRule = "host.refused", Refuses: "A rule of the host refuses.";
}

impl ReasonCode {
    /// The code for a suppression.
    pub(super) const fn of_suppression(reason: SuppressionReason) -> Self {
        match reason {
            SuppressionReason::Unsubscribe => Self::SuppressedUnsubscribe,
            SuppressionReason::Objection => Self::SuppressedObjection,
            SuppressionReason::Withdrawal => Self::SuppressedWithdrawal,
            SuppressionReason::InternalDoNotCall => Self::SuppressedDoNotCall,
            SuppressionReason::NationalRegister => Self::SuppressedRegister,
            SuppressionReason::Bounce => Self::SuppressedBounce,
            SuppressionReason::Complaint => Self::SuppressedComplaint,
            SuppressionReason::Erased => Self::SuppressedErased,
            SuppressionReason::Deceased => Self::SuppressedDeceased,
            SuppressionReason::Minor => Self::SuppressedMinor,
            SuppressionReason::Reassigned => Self::SuppressedReassigned,
            SuppressionReason::Manual => Self::SuppressedManual,
        }
    }
}

impl Serialize for ReasonCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}
