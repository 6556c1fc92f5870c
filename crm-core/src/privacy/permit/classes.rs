//! Which gates the class of a purpose passes through.

use crate::privacy::kinds::{LegalBasis, PurposeClass, SuppressionReason};

/// The gates of a class.
pub(super) struct Gates {
    /// Whether the refusals of advertising stop it: unsubscribing, objections to direct marketing, withdrawn consents.
    pub(super) stopped_by_opt_outs: bool,
    /// Whether a restriction of processing stops it. Legal claims may go on (GDPR 18(2)).
    pub(super) stopped_by_restriction: bool,
    /// The legal basis that the class itself declares; the others need one on file.
    pub(super) declares: Option<LegalBasis>,
    /// Whether a basis of its own is needed even where no regime asks for one.
    pub(super) always_needs_basis: bool,
}

/// The gates of each class.
///
/// What was ordered or asked for is contract (GDPR 6(1)(b)), what a law demands is legal obligation (6(1)(c)), and the
/// security of the own systems is the legitimate interest of Recital 49: to call a purpose so is to declare its basis.
/// Training models is new processing whatever the data were collected for, so it needs a basis of its own everywhere.
pub(super) const fn gates(class: PurposeClass) -> Gates {
    let optional = Gates {
        stopped_by_opt_outs: true,
        stopped_by_restriction: true,
        declares: None,
        always_needs_basis: false,
    };
    match class {
        PurposeClass::Marketing | PurposeClass::Profiling | PurposeClass::SaleShare => optional,
        PurposeClass::AiTraining => Gates { always_needs_basis: true, ..optional },
        PurposeClass::Analytics => Gates { stopped_by_opt_outs: false, ..optional },
        PurposeClass::Service | PurposeClass::Transactional => {
            Gates { stopped_by_opt_outs: false, declares: Some(LegalBasis::Contract), ..optional }
        }
        PurposeClass::Security => {
            Gates { stopped_by_opt_outs: false, declares: Some(LegalBasis::LegitimateInterests), ..optional }
        }
        PurposeClass::Legal => Gates {
            stopped_by_opt_outs: false,
            stopped_by_restriction: false,
            declares: Some(LegalBasis::LegalObligation),
            always_needs_basis: false,
        },
    }
}

/// Whether a suppression for a reason, which reaches the question, stops the class when it does not name its purpose.
pub(super) const fn stops(reason: SuppressionReason, class: PurposeClass) -> bool {
    match reason {
        // Somebody else would read what is meant for the person.
        SuppressionReason::Deceased | SuppressionReason::Reassigned => true,
        // What a law demands is sent even where it may not arrive, and to who was erased: the answer itself, for one.
        SuppressionReason::Erased | SuppressionReason::Bounce | SuppressionReason::Manual => {
            !matches!(class, PurposeClass::Legal)
        }
        _ => gates(class).stopped_by_opt_outs,
    }
}

/// Whether a reason is a refusal by the person, as opposed to a state of the address.
pub(super) const fn is_refusal(reason: SuppressionReason) -> bool {
    matches!(
        reason,
        SuppressionReason::Unsubscribe
            | SuppressionReason::Objection
            | SuppressionReason::Withdrawal
            | SuppressionReason::InternalDoNotCall
            | SuppressionReason::Complaint
    )
}
