//! The review of automated decisions by a human (GDPR Article 22(3)).

use super::actions::{Handled, Step};
use super::kinds::{ReviewState, RightsEventKind};
use super::model::AutomatedDecision;
use super::{AutomatedDecisionId, RightsRequestId};
use crate::access::users::UserId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::record::set::require_visible;
use crate::record::unit::UnitOfWork;
use crate::record::{FieldType, Record, Value};

/// A step in the review of a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The decision.
    pub decision: AutomatedDecisionId,
    /// What the step is: the person asks for a review, or a human has upheld or changed the decision.
    pub state: ReviewState,
    /// The human who reviewed it; the user of the session when nobody is named.
    pub reviewer: Option<UserId>,
    /// What the review came to and why, or why the person contests the decision.
    pub note: Option<String>,
    /// The request that asks for it.
    pub request: Option<RightsRequestId>,
}

/// Notes a step in the review of a decision.
pub(super) fn review(unit: &mut UnitOfWork<'_>, review: &Review) -> Result<AutomatedDecision> {
    let record_type = unit.record_type(AutomatedDecision::NAME)?;
    require_visible(unit, &record_type, review.decision.into())?;
    let decision: AutomatedDecision = unit.require_record(review.decision)?;
    if let Some(request) = review.request {
        let mut handled = Handled::open(unit, request)?;
        if handled.request.person != Some(decision.person) {
            let reason = "is about the data of somebody else";
            return Err(CrmError::invalid("rights.other_person", reason).at("request"));
        }
        handled.require_identity()?;
        handled.note(Step::new(RightsEventKind::Executed, None, None))?;
    }
    let mut values = vec![("review_state", review.state.into_value())];
    match review.state {
        ReviewState::None => {
            let reason = "is not one of: requested, upheld, changed";
            return Err(CrmError::invalid("automated_decision.review", reason).at("state"));
        }
        ReviewState::Requested => {}
        ReviewState::Upheld | ReviewState::Changed => {
            let session = Some(UserId::from(unit.actor())).filter(|_| !unit.actor().is_nil());
            let Some(reviewer) = review.reviewer.or(session) else {
                let reason = "a decision is reviewed by a human, who must be named";
                return Err(
                    CrmError::new(ErrorKind::Rule, "automated_decision.reviewer", reason).at("reviewer")
                );
            };
            values.push(("reviewer", Value::Id(reviewer.into())));
            values.push(("reviewed_at", Value::Timestamp(unit.now())));
        }
    }
    if review.note.is_some() {
        values.push(("review", review.note.clone().into_value()));
    }
    unit.set(&record_type, review.decision.into(), &values)?.into_record(&record_type)
}
