//! What is written in a case: replies, notes, what comes in, and the conversation as a whole.

use super::cases::{require_case, tables};
use super::ids::{CaseId, CaseMessageId, QueueId};
use super::kinds::{Channel, MessageDirection, MessageVisibility};
use super::message_rules::arrive;
use super::model::{Case, CaseMessage};
use super::queries::{self, Tables};
use super::rules::{FollowUpAction, ThreadEntry, arrange, bare_message_id, number_in};
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::door::{read, write};
use crate::record::filter::field;
use crate::record::query::{MAX_LIMIT, Query};
use crate::record::set::visible;
use crate::record::unit::{UnitOfWork, not_found};
use crate::record::{Record, Records};
use crate::storage::{Connection, ReadMode};

/// An answer to the requester.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The way that it goes.
    pub channel: Channel,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// The message that it answers.
    pub in_reply_to: Option<CaseMessageId>,
    /// The `Message-ID` under which it is sent, so that the answer to it finds the case.
    pub message_id: Option<String>,
}

/// A message that has come in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inbound {
    /// The case that it belongs to, when the host knows it; it is looked for otherwise.
    pub case: Option<CaseId>,
    /// The person who wrote it: the requester of a new case.
    pub from: Option<PersonId>,
    /// The way that it came.
    pub channel: Channel,
    /// The queue of a new case.
    pub queue: Option<QueueId>,
    /// The subject; that of a new case, too.
    pub subject: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// When it was sent; now when nothing is said.
    pub sent_at: Option<Timestamp>,
    /// Its `Message-ID`. A message that is there already is not taken in again.
    pub message_id: Option<String>,
    /// The `Message-ID` of the message that it answers.
    pub in_reply_to: Option<String>,
    /// The `Message-ID`s of the conversation, the oldest first.
    pub references: Vec<String>,
}

/// By what a message that came in was matched with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CaseMatchedBy"))]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// Its own `Message-ID`: it was taken in before.
    MessageId,
    /// The message that it answers, or another of the conversation.
    Thread,
    /// The number of the case in its subject.
    Number,
}

/// The case that a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CaseMatch"))]
pub struct Match {
    /// The case.
    pub case: CaseId,
    /// The message of that case that it answers, or is.
    pub message: Option<CaseMessageId>,
    /// By what it was found.
    pub by: MatchedBy,
}

/// What became of a message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReceivedAs {
    /// It was there already; nothing was changed.
    Known,
    /// It was added to its case.
    Added,
    /// It was added to its case and has opened it again.
    Reopened,
    /// It has begun a new case that is linked to the finished one.
    Continued,
    /// It has begun a new case.
    New,
}

/// A message that was taken in.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ReceivedMessage"))]
pub struct Received {
    /// The case that it is in now.
    pub case: Case,
    /// The message.
    pub message: CaseMessage,
    /// What became of it.
    pub received_as: ReceivedAs,
}

/// How much of a conversation is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThreadView {
    /// What the requester may read, too.
    Public,
    /// Everything.
    #[default]
    All,
}

/// The subject of a case whose first message has none.
const NO_SUBJECT: &str = "(no subject)";

impl Records<'_, Case> {
    /// Answers the requester: a public message that goes out. The first one stops the clock of the first response.
    ///
    /// # Errors
    /// `record.not_found`; `case.merged` when the case was merged into one that was merged; whatever makes the
    /// message invalid.
    ///
    /// ```
    /// use crm_core::service::{Case, Reply};
    /// # use crm_core::{Actor, Config, Crm, Purpose};
    /// # let session = Crm::memory(Config::default())?.session(Actor::System, Purpose::CustomerCare)?;
    /// let case = session.cases().create(Case { subject: "Printer is on fire".into(), ..Case::default() })?;
    /// assert_eq!(case.number.as_deref(), Some("C-00001"));
    /// let reply = Reply { body: "Please leave the room.".into(), ..Reply::default() };
    /// session.cases().reply(case.meta.id.into(), reply)?;
    /// assert!(session.cases().get(case.meta.id)?.first_response_at.is_some());
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn reply(&self, case: CaseId, reply: Reply) -> Result<CaseMessage> {
        self.add(&CaseMessage {
            case,
            direction: MessageDirection::Outbound,
            visibility: Some(MessageVisibility::Public),
            channel: reply.channel,
            subject: reply.subject,
            body: Some(reply.body),
            in_reply_to: reply.in_reply_to,
            message_id: reply.message_id,
            ..CaseMessage::default()
        })
    }

    /// Writes something down that only we read.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn note(&self, case: CaseId, body: &str) -> Result<CaseMessage> {
        self.add(&CaseMessage {
            case,
            direction: MessageDirection::Note,
            body: Some(body.to_owned()),
            ..CaseMessage::default()
        })
    }

    fn add(&self, message: &CaseMessage) -> Result<CaseMessage> {
        write(self.set.door, None, |unit| {
            let case = require_case(unit, message.case)?;
            let visibility = message.visibility.unwrap_or_default();
            let (case, _) = arrive(unit, case, message.direction, visibility, unit.now())?;
            let message = unit.create_record(CaseMessage { case: case.id(), ..message.clone() })?;
            unit.shown(message)
        })
    }

    /// Takes in a message that arrives now: finds its case, or begins one, and lets it open a finished case again
    /// as the queue says. The same `Message-ID` is taken in once.
    ///
    /// # Errors
    /// `record.not_found` for a named case that is not there; `queue.inactive`; whatever makes the message invalid.
    pub fn receive(&self, inbound: &Inbound) -> Result<Received> {
        write(self.set.door, None, |unit| {
            let Received { case, message, received_as } = receive(unit, inbound)?;
            Ok(Received { case: unit.shown(case)?, message: unit.shown(message)?, received_as })
        })
    }

    /// The case that a message belongs to: by its own `Message-ID`, by the message that it answers, by the number
    /// of a case in its subject, in this order. A case that was merged leads to the one that it was merged into.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn match_inbound(&self, inbound: &Inbound) -> Result<Option<Match>> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let Some(found) = matching(reader.connection, &tables(reader)?, inbound)? else {
                return Ok(None);
            };
            let record_type = reader.schema.require(Case::NAME)?;
            Ok(visible(reader, record_type, found.case.into())?.map(|_| found))
        })
    }

    /// The conversation of a case: each message is followed by its answers, the oldest first.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn thread(&self, case: CaseId, view: ThreadView) -> Result<Vec<ThreadEntry>> {
        self.find(case)?.ok_or_else(|| not_found(Case::NAME))?;
        let mut filter = field("case").equals(RecordId::from(case));
        if view == ThreadView::Public {
            filter = filter.and(field("visibility").equals(MessageVisibility::Public.key()));
        }
        let mut query = Query::new().filter(filter).ascending("sent_at").limit(MAX_LIMIT);
        let records = Records::<CaseMessage>::behind(self.set.door);
        let mut messages = Vec::new();
        loop {
            let page = records.list(&query)?;
            messages.extend(page.records);
            match page.next {
                Some(next) => query = query.after(next),
                None => return Ok(arrange(messages)),
            }
        }
    }
}

/// Finds the case of a message.
fn matching(connection: &dyn Connection, tables: &Tables, inbound: &Inbound) -> Result<Option<Match>> {
    let known = |id: &str, by: MatchedBy| -> Result<Option<Match>> {
        let found = queries::message_by_message_id(connection, tables, bare_message_id(id))?;
        Ok(found.map(|(message, case)| Match { case: case.into(), message: Some(message.into()), by }))
    };
    if let Some(id) = &inbound.message_id {
        if let Some(found) = known(id, MatchedBy::MessageId)? {
            return Ok(Some(found));
        }
    }
    // The nearest message of the conversation decides.
    for id in inbound.in_reply_to.iter().chain(inbound.references.iter().rev().take(MOST_REFERENCES)) {
        if let Some(found) = known(id, MatchedBy::Thread)? {
            return Ok(Some(found));
        }
    }
    let Some(number) = inbound.subject.as_deref().and_then(number_in) else { return Ok(None) };
    let case = queries::case_by_number(connection, tables, &number)?;
    Ok(case.map(|case| Match { case: case.into(), message: None, by: MatchedBy::Number }))
}

/// How many messages of a conversation are looked up.
const MOST_REFERENCES: usize = 20;

fn receive(unit: &mut UnitOfWork<'_>, inbound: &Inbound) -> Result<Received> {
    let found = matching(unit.connection, &Tables::present(), inbound)?;
    if let Some(Match { case, message: Some(message), by: MatchedBy::MessageId }) = found {
        return Ok(Received {
            case: unit.require_record(case)?,
            message: unit.require_record(message)?,
            received_as: ReceivedAs::Known,
        });
    }
    let old = match (inbound.case, &found) {
        (Some(case), _) => Some(require_case(unit, case)?),
        (None, Some(found)) => Some(unit.require_record::<Case>(found.case)?),
        (None, None) => None,
    };
    let (direction, visibility) = (MessageDirection::Inbound, MessageVisibility::Public);
    let (case, received_as) = match old {
        Some(case) => {
            let (case, action) = arrive(unit, case, direction, visibility, unit.now())?;
            let received_as = match action {
                FollowUpAction::Keep | FollowUpAction::Open => ReceivedAs::Added,
                FollowUpAction::Reopen => ReceivedAs::Reopened,
                FollowUpAction::NewCase => ReceivedAs::Continued,
            };
            (case, received_as)
        }
        None => (begin(unit, inbound)?, ReceivedAs::New),
    };
    let message = unit.create_record(CaseMessage {
        case: case.id(),
        direction,
        visibility: Some(visibility),
        channel: inbound.channel,
        person: inbound.from,
        subject: inbound.subject.clone(),
        body: inbound.body.clone(),
        sent_at: inbound.sent_at,
        in_reply_to: found.and_then(|found| found.message),
        message_id: inbound.message_id.clone(),
        ..CaseMessage::default()
    })?;
    Ok(Received { case, message, received_as })
}

fn begin(unit: &mut UnitOfWork<'_>, inbound: &Inbound) -> Result<Case> {
    if let Some(queue) = inbound.queue {
        let queue = unit.require_record::<super::Queue>(queue)?;
        if queue.active == Some(false) {
            return Err(CrmError::new(ErrorKind::Rule, "queue.inactive", "takes no new cases").at("queue"));
        }
    }
    let subject = inbound.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    unit.create_record(Case {
        subject: subject.unwrap_or(NO_SUBJECT).to_owned(),
        channel: inbound.channel,
        queue: inbound.queue,
        requester: inbound.from,
        ..Case::default()
    })
}
