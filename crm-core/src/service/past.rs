//! What is told of the past of a case: an import brings along cases that were opened, answered and finished elsewhere.

use super::kinds::StatusType;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::time::Timestamp;

/// When what happened to a case, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) opened_at: Option<Timestamp>,
    pub(super) first_response_at: Option<Timestamp>,
    pub(super) resolved_at: Option<Timestamp>,
    pub(super) closed_at: Option<Timestamp>,
}

/// Refuses a past that cannot have been: in the future, in another order, or of another status.
pub(super) fn check_past(status: StatusType, past: &Past, now: Timestamp) -> Result<()> {
    let times = [
        ("opened_at", past.opened_at, true),
        ("first_response_at", past.first_response_at, true),
        ("resolved_at", past.resolved_at, status.is_finished()),
        ("closed_at", past.closed_at, status == StatusType::Closed),
    ];
    for (field, time, fits) in times {
        let Some(time) = time else { continue };
        if !fits {
            let reason = "does not go with the status of the case";
            return Err(CrmError::new(ErrorKind::Rule, "case.time.state", reason).at(field));
        }
        if time > now {
            return Err(CrmError::invalid("case.time.future", "lies in the future").at(field));
        }
        let before = |earlier: Option<Timestamp>| earlier.is_some_and(|earlier| time < earlier);
        if before(past.opened_at) {
            let reason = "lies before the case was opened";
            return Err(CrmError::invalid("case.time.order", reason).at(field));
        }
        if field == "closed_at" && before(past.resolved_at) {
            let reason = "lies before the case was resolved";
            return Err(CrmError::invalid("case.time.order", reason).at(field));
        }
    }
    Ok(())
}

/// Since when a new case has its status, if its past tells.
pub(super) fn status_since(status: StatusType, past: &Past) -> Option<Timestamp> {
    match status {
        StatusType::Open => past.opened_at,
        StatusType::Resolved => past.resolved_at,
        StatusType::Closed => past.closed_at,
        StatusType::Pending | StatusType::OnHold => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasts() {
        use StatusType::{Closed, Open, Pending, Resolved};
        let at = |second: Option<i64>| second.map(|second| Timestamp::from_micros(second * 1_000_000));
        type Times = [Option<i64>; 4];
        let check = |status, times: Times, expected: Option<(&str, &str)>| {
            let [opened_at, first_response_at, resolved_at, closed_at] = times.map(at);
            let past = Past { opened_at, first_response_at, resolved_at, closed_at };
            let found = check_past(status, &past, Timestamp::from_micros(9_000_000)).err();
            let found = found.as_ref().map(|error| (error.code(), error.path().unwrap_or_default()));
            assert_eq!(found, expected, "{status:?} {times:?}");
        };
        check(Open, [None; 4], None);
        check(Open, [Some(9), Some(9), None, None], None);
        check(Closed, [Some(1), Some(2), Some(3), Some(3)], None);
        check(Closed, [Some(1), None, None, Some(1)], None);
        check(Resolved, [Some(1), Some(4), Some(3), None], None);
        check(Open, [Some(10), None, None, None], Some(("case.time.future", "opened_at")));
        check(Closed, [Some(1), None, None, Some(10)], Some(("case.time.future", "closed_at")));
        check(Pending, [Some(1), None, Some(3), None], Some(("case.time.state", "resolved_at")));
        check(Resolved, [Some(1), None, Some(3), Some(3)], Some(("case.time.state", "closed_at")));
        check(Open, [Some(3), Some(2), None, None], Some(("case.time.order", "first_response_at")));
        check(Resolved, [Some(3), None, Some(2), None], Some(("case.time.order", "resolved_at")));
        check(Closed, [Some(1), None, Some(4), Some(3)], Some(("case.time.order", "closed_at")));
    }
}
