//! What makes a basis and an assessment valid.

use super::tree::require;
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::kinds::{AssessmentOutcome, BasisStatus, LegalBasis, SpecialCategoryGround};
use crate::privacy::standing;
use crate::privacy::values::{in_order, link, option, text};
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::select;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::{Param, query_one};

/// The rules of bases.
pub(crate) struct BasisRules;
/// The rules of assessments.
pub(crate) struct AssessmentRules;

impl Rules for BasisRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        names_a_purpose(work, change)?;
        if change.after("effective_from").is_null() {
            change.set("effective_from", Value::Timestamp(work.now()))?;
        }
        in_order(change, "effective_from", "effective_to", "processing_basis.period")?;
        let assessed = match link(change, "assessment") {
            None => None,
            Some(assessment) => outcome_of(work, assessment)?,
        };
        let Some(legal_basis) = option::<LegalBasis>(change, "legal_basis")? else { return Ok(()) };
        // What holds no more is a fact of the past, whatever it lacked.
        if option::<BasisStatus>(change, "status")? != Some(BasisStatus::Active) {
            return Ok(());
        }
        complete(&Basis {
            legal_basis,
            special: option(change, "special_category_ground")?,
            assessed,
            names_a_law: text(change, "law_reference").is_some(),
        })
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }
}

/// What a basis says, as far as it must say it.
struct Basis {
    legal_basis: LegalBasis,
    special: Option<SpecialCategoryGround>,
    assessed: Option<AssessmentOutcome>,
    names_a_law: bool,
}

/// Whether a basis that holds says what it needs: a legitimate interest an assessment that came out for it (recital 47), a
/// legal obligation and a public task the law (Article 6(3)), and so the grounds of Article 9(2)(b), (g), (h), (i), (j),
/// which are grounds "on the basis of Union or Member State law".
fn complete(basis: &Basis) -> Result<()> {
    let missing = |code: &'static str, reason: &str, field: &str| {
        Err(CrmError::new(ErrorKind::Rule, code, reason).at(field))
    };
    let weighed = basis.assessed == Some(AssessmentOutcome::Outweighs);
    if basis.legal_basis == LegalBasis::LegitimateInterests && !weighed {
        let reason = "a legitimate interest needs an assessment that came out for it";
        return missing("processing_basis.assessment", reason, "assessment");
    }
    let by_law = matches!(
        basis.legal_basis,
        LegalBasis::LegalObligation | LegalBasis::PublicTask | LegalBasis::RecognisedLegitimateInterests
    ) || matches!(
        basis.special,
        Some(
            SpecialCategoryGround::EmploymentLaw
                | SpecialCategoryGround::SubstantialPublicInterest
                | SpecialCategoryGround::HealthCare
                | SpecialCategoryGround::PublicHealth
                | SpecialCategoryGround::Archiving
        )
    );
    if by_law && !basis.names_a_law {
        return missing("processing_basis.law", "needs the law that it rests on", "law_reference");
    }
    Ok(())
}

fn outcome_of(
    work: &UnitOfWork<'_>,
    assessment: crate::ground::ids::RecordId,
) -> Result<Option<AssessmentOutcome>> {
    query_one(
        work.connection,
        "SELECT outcome FROM legitimate_interest_assessment WHERE \"id\" = ?1",
        &[Param::Id(assessment)],
        |row| select::parse(row.text(0)?.unwrap_or_default()),
    )
}

impl Rules for AssessmentRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        names_a_purpose(work, change)?;
        in_order(change, "decided_at", "review_at", "legitimate_interest_assessment.review")?;
        let decided = option::<AssessmentOutcome>(change, "outcome")?
            .is_some_and(|outcome| outcome != AssessmentOutcome::Pending);
        if decided && change.after("decided_at").is_null() {
            change.set("decided_at", Value::Timestamp(work.now()))?;
        }
        Ok(())
    }
}

fn names_a_purpose(work: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    match text(change, "purpose") {
        None => Ok(()),
        Some(key) => require(work.connection, key).map(|_| ()).map_err(|error| error.at("purpose")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basis_says_what_it_needs() {
        use AssessmentOutcome::{Outweighed, Outweighs, Pending};
        use LegalBasis::{Consent, LegalObligation, LegitimateInterests, PublicTask};
        use SpecialCategoryGround::{EmploymentLaw, ExplicitConsent};
        let (assessment, law) = (Some("processing_basis.assessment"), Some("processing_basis.law"));
        for (legal_basis, special, assessed, names_a_law, expected) in [
            (Consent, None, None, false, None),
            (LegitimateInterests, None, None, true, assessment),
            (LegitimateInterests, None, Some(Pending), true, assessment),
            (LegitimateInterests, None, Some(Outweighed), true, assessment),
            (LegitimateInterests, None, Some(Outweighs), false, None),
            (LegalObligation, None, None, false, law),
            (LegalObligation, None, None, true, None),
            (PublicTask, None, Some(Outweighs), false, law),
            (Consent, Some(ExplicitConsent), None, false, None),
            (Consent, Some(EmploymentLaw), None, false, law),
        ] {
            let outcome = complete(&Basis { legal_basis, special, assessed, names_a_law });
            let code = outcome.as_ref().err().map(CrmError::code);
            assert_eq!(code, expected, "{legal_basis} {special:?} {assessed:?} {names_a_law}");
        }
    }
}
