//! Operations on cases.

use crate::access::users::UserId;
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::service::{
    Case, CaseId, CaseLink, CaseLinkKind, CaseMessage, CaseMessageId, CaseStatusId, Channel, Inbound,
    LinkedCase, Match, Merged, QueueId, QueueOverview, Received, Reply, Split, StatusPeriod, ThreadEntry,
    ThreadView,
};

operations! {
    /// Answers the requester of a case: a public message that goes out.
    command "case.reply" (context, input {
        /// The case.
        case: CaseId,
        /// The text.
        body: String,
        /// The way that it goes.
        channel: Channel = Channel::default(),
        /// The subject.
        subject: Option<String>,
        /// The message that it answers.
        in_reply_to: Option<CaseMessageId>,
        /// The `Message-ID` under which it is sent, so that the answer to it finds the case.
        message_id: Option<String>,
    }) -> CaseMessage ["record.not_found", "case.merged", "field.*"] {
        let (channel, subject, body) = (input.channel, input.subject, input.body);
        let (in_reply_to, message_id) = (input.in_reply_to, input.message_id);
        context.cases().reply(input.case, Reply { channel, subject, body, in_reply_to, message_id })
    }

    /// Adds an internal note to a case, which the requester does not see.
    command "case.note" (context, input {
        /// The case.
        case: CaseId,
        /// The text.
        body: String,
    }) -> CaseMessage ["record.not_found", "case.merged", "field.*"] {
        context.cases().note(input.case, &input.body)
    }

    /// Takes in a message: it is added to the case that it belongs to, opens that again if need be, or begins a new one.
    command "case.receive" (context, input {
        /// The case that it belongs to, when the host knows it; it is looked for otherwise.
        case: Option<CaseId>,
        /// The person who wrote it: the requester of a new case.
        from: Option<PersonId>,
        /// The way that it came.
        channel: Channel = Channel::default(),
        /// The queue of a new case.
        queue: Option<QueueId>,
        /// The subject; that of a new case, too.
        subject: Option<String>,
        /// The text.
        body: Option<String>,
        /// When it was sent; now when nothing is said.
        sent_at: Option<Timestamp>,
        /// Its `Message-ID`. A message that is there already is not taken in again.
        message_id: Option<String>,
        /// The `Message-ID` of the message that it answers.
        in_reply_to: Option<String>,
        /// The `Message-ID`s of the conversation, the oldest first.
        references: Vec<String> = Vec::new(),
    }) -> Received ["record.not_found", "case.merged", "field.*"] {
        context.cases().receive(&Inbound {
            case: input.case,
            from: input.from,
            channel: input.channel,
            queue: input.queue,
            subject: input.subject,
            body: input.body,
            sent_at: input.sent_at,
            message_id: input.message_id,
            in_reply_to: input.in_reply_to,
            references: input.references,
        })
    }

    /// Finds the case that a message belongs to, without taking it in.
    query "case.match_inbound" (context, input {
        /// The subject.
        subject: Option<String>,
        /// Its `Message-ID`.
        message_id: Option<String>,
        /// The `Message-ID` of the message that it answers.
        in_reply_to: Option<String>,
        /// The `Message-ID`s of the conversation, the oldest first.
        references: Vec<String> = Vec::new(),
    }) -> Option<Match> [] {
        context.cases().match_inbound(&Inbound {
            subject: input.subject,
            message_id: input.message_id,
            in_reply_to: input.in_reply_to,
            references: input.references,
            ..Inbound::default()
        })
    }

    /// Reads the conversation of a case: each message is followed by its answers.
    query "case.thread" (context, input {
        /// The case.
        case: CaseId,
        /// Whether internal messages are left out: what the requester may read.
        public_only: bool = false,
    }) -> Vec<ThreadEntry> ["record.not_found"] {
        let view = if input.public_only { ThreadView::Public } else { ThreadView::All };
        context.cases().thread(input.case, view)
    }

    /// Gives a case a status.
    command "case.set_status" (context, input {
        /// The case.
        case: CaseId,
        /// The status.
        status: CaseStatusId,
    }) -> Case ["record.not_found", "case.merged", "case_status.inactive", "link.broken"] {
        context.cases().set_status(input.case, input.status)
    }

    /// Resolves a case: answered, until the requester disagrees.
    command "case.resolve" (context, input {
        /// The case.
        case: CaseId,
        /// How it was resolved.
        resolution: Option<String>,
    }) -> Case ["record.not_found", "case.merged", "case_status.missing"] {
        context.cases().resolve(input.case, input.resolution.as_deref())
    }

    /// Closes a case.
    command "case.close" (context, input {
        /// The case.
        case: CaseId,
    }) -> Case ["record.not_found", "case.merged", "case_status.missing"] {
        context.cases().close(input.case)
    }

    /// Opens a case again that was resolved or closed.
    command "case.reopen" (context, input {
        /// The case.
        case: CaseId,
    }) -> Case ["record.not_found", "case.merged", "case.not_finished"] {
        context.cases().reopen(input.case)
    }

    /// Makes a user responsible for a case.
    command "case.assign" (context, input {
        /// The case.
        case: CaseId,
        /// The user.
        user: UserId,
    }) -> Case ["record.not_found", "link.broken"] {
        context.cases().assign(input.case, input.user)
    }

    /// Makes nobody responsible for a case.
    command "case.unassign" (context, input {
        /// The case.
        case: CaseId,
    }) -> Case ["record.not_found"] {
        context.cases().unassign(input.case)
    }

    /// Links two cases.
    command "case.link" (context, input {
        /// The one.
        first: CaseId,
        /// The other.
        second: CaseId,
        /// What the first is to the second.
        kind: CaseLinkKind,
    }) -> CaseLink ["record.not_found", "case_link.*"] {
        context.cases().link(input.first, input.second, input.kind)
    }

    /// Lists the cases that are linked with one.
    query "case.links" (context, input {
        /// The case.
        case: CaseId,
    }) -> Vec<LinkedCase> ["record.not_found"] {
        context.cases().links(input.case)
    }

    /// Lists from when to when a case had which status.
    query "case.status_periods" (context, input {
        /// The case.
        case: CaseId,
    }) -> Vec<StatusPeriod> ["record.not_found"] {
        context.cases().status_periods(input.case)
    }

    /// Finds a case by its number.
    query "case.find_by_number" (context, input {
        /// The number.
        number: String,
    }) -> Option<Case> [] {
        context.cases().find_by_number(&input.number)
    }

    /// Counts the cases of each queue by how they stand.
    query "case.queue_overview" (context, input {}) -> Vec<QueueOverview> ["aggregate.suppressed"] {
        context.cases().queue_overview()
    }

    /// Merges a case into another: its messages and what belongs to it move; nothing is lost, and it can be undone as a job.
    command "case.merge" (context, input {
        /// The case that is merged into the other.
        source: CaseId,
        /// The case that stays.
        target: CaseId,
    }) -> Merged ["record.not_found", "case.merged", "case.itself"] {
        context.cases().merge(input.source, input.target)
    }

    /// Splits messages off a case into a new one.
    command "case.split" (context, input {
        /// The case.
        case: CaseId,
        /// The messages.
        messages: Vec<CaseMessageId>,
        /// The subject of the new case.
        subject: String,
    }) -> Split ["record.not_found", "case.merged", "case.split.*"] {
        context.cases().split(input.case, &input.messages, &input.subject)
    }

    /// Creates the statuses that most begin with, unless there are statuses already. Gives how many were made.
    command "case_status.install_defaults" (context, input {}) -> usize [] {
        context.case_statuses().install_defaults()
    }
}
