//! The pure decisions of service: facts in, decision out.

use super::kinds::{FollowUp, MessageDirection, MessageVisibility, StatusType};
use super::model::CaseMessage;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;

/// What a new message meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpFacts {
    /// The type of the case's status.
    pub status: StatusType,
    /// Where the message goes.
    pub direction: MessageDirection,
    /// Who may read it.
    pub visibility: MessageVisibility,
    /// When the case was resolved or closed, if it was.
    pub finished_at: Option<Timestamp>,
    /// When the message arrives.
    pub arrives_at: Timestamp,
    /// What the queue wants.
    pub policy: FollowUp,
    /// For how many days after its end the queue opens a case again; always when there is none.
    pub reopen_days: Option<i64>,
}

/// What a new message does to its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUpAction {
    /// Nothing: the message is added.
    Keep,
    /// The requester has acted: the pending case is open.
    Open,
    /// The finished case is opened again.
    Reopen,
    /// The message begins a new case that is linked to the old one.
    NewCase,
}

/// Decides what a message does to its case. Only what the requester writes for all to read has an effect, and
/// only when it arrives after the end of the case: older messages that are taken in later are history. A case on
/// hold waits for a third party, whatever the requester writes.
pub fn follow_up(facts: &FollowUpFacts) -> FollowUpAction {
    if facts.direction != MessageDirection::Inbound || facts.visibility != MessageVisibility::Public {
        return FollowUpAction::Keep;
    }
    match facts.status {
        StatusType::Open | StatusType::OnHold => FollowUpAction::Keep,
        StatusType::Pending => FollowUpAction::Open,
        StatusType::Resolved | StatusType::Closed => {
            let finished = facts.finished_at.unwrap_or(facts.arrives_at);
            let in_time = facts.reopen_days.is_none_or(|days| facts.arrives_at <= finished.plus_days(days));
            if facts.arrives_at < finished {
                FollowUpAction::Keep
            } else if facts.policy == FollowUp::Reopen && in_time {
                FollowUpAction::Reopen
            } else {
                FollowUpAction::NewCase
            }
        }
    }
}

/// The times that follow from the status of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// When it was resolved, while it is resolved, or closed after it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed, while it is.
    pub closed_at: Option<Timestamp>,
    /// How often it was opened again.
    pub reopened: i64,
}

/// The times after a change of the status from one type to another; a new case comes from none.
pub fn stamps(from: Option<StatusType>, to: StatusType, old: Stamps, now: Timestamp) -> Stamps {
    match to {
        _ if from == Some(to) => old,
        StatusType::Resolved => Stamps { resolved_at: Some(now), closed_at: None, ..old },
        StatusType::Closed => Stamps { closed_at: Some(now), ..old },
        StatusType::Open | StatusType::Pending | StatusType::OnHold => {
            let again = from.is_some_and(StatusType::is_finished);
            Stamps { resolved_at: None, closed_at: None, reopened: old.reopened + i64::from(again) }
        }
    }
}

/// The least digits of a case number.
const DIGITS: usize = 5;

/// A running number as people read it.
pub fn case_number(number: i64) -> String {
    format!("C-{number:0DIGITS$}")
}

/// The number of a case in a text such as the subject of an e-mail: the first that stands by itself.
///
/// ```
/// use crm_core::service::rules::number_in;
/// assert_eq!(number_in("Re: [c-00042] Printer").as_deref(), Some("C-00042"));
/// assert_eq!(number_in("ABC-00042"), None);
/// ```
pub fn number_in(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 2 + DIGITS <= bytes.len() {
        let stands_alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1].is_ascii();
        if stands_alone && bytes[at].eq_ignore_ascii_case(&b'c') && bytes[at + 1] == b'-' {
            let digits: String = bytes[at + 2..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .map(|byte| char::from(*byte))
                .collect();
            let next = bytes.get(at + 2 + digits.len());
            let ends = next.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
            if ends && digits.len() >= DIGITS {
                if let Ok(number) = digits.parse() {
                    return Some(case_number(number));
                }
            }
        }
        at += 1;
    }
    None
}

/// The identifier of a message without the angle brackets that mail headers put around it.
pub fn bare_message_id(id: &str) -> &str {
    id.trim().trim_start_matches('<').trim_end_matches('>')
}

/// A message in its place in the conversation.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThreadEntry {
    /// The message.
    pub message: CaseMessage,
    /// How deep it stands: 0 for a message that answers none of this list.
    pub depth: u32,
}

/// Puts messages, the oldest first, into the order of a conversation: each is followed by its answers.
/// Messages that answer each other in a circle begin a conversation of their own.
pub fn arrange(messages: Vec<CaseMessage>) -> Vec<ThreadEntry> {
    let place_of: std::collections::HashMap<RecordId, usize> =
        messages.iter().enumerate().map(|(place, message)| (message.meta.id, place)).collect();
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); messages.len()];
    let mut roots = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        match message.in_reply_to.and_then(|parent| place_of.get(&parent.into())) {
            Some(parent) if *parent != place => answers[*parent].push(place),
            _ => roots.push(place),
        }
    }
    let mut order = Vec::with_capacity(messages.len());
    let mut seen = vec![false; messages.len()];
    // Whatever no root leads to stands in a circle; the oldest of each is taken for its root.
    for root in roots.into_iter().chain(0..messages.len()) {
        let mut waiting = vec![(root, 0)];
        while let Some((place, depth)) = waiting.pop() {
            if !std::mem::replace(&mut seen[place], true) {
                order.push((place, depth));
                waiting.extend(answers[place].iter().rev().map(|answer| (*answer, depth + 1)));
            }
        }
    }
    let mut messages: Vec<Option<CaseMessage>> = messages.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|(place, depth)| Some(ThreadEntry { message: messages[place].take()?, depth }))
        .collect()
}
