//! The closed lists of service: what a status, a message or a link can be.

use crate::record::select::select;

select! {
    /// How a status counts, whatever a team calls it.
    pub enum StatusType {
        /// Somebody of ours has to act.
        #[default]
        Open = "open",
        /// The requester has to act.
        Pending = "pending",
        /// A third party has to act.
        OnHold = "on_hold",
        /// Answered, until the requester disagrees.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
    }

    /// How urgent a case is.
    pub enum CasePriority {
        /// Can wait.
        Low = "low",
        /// In its turn.
        #[default]
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }

    /// The way by which a case or a message came or went.
    pub enum Channel {
        /// By e-mail.
        Email = "email",
        /// By telephone.
        Phone = "phone",
        /// By a form or a portal.
        Web = "web",
        /// By chat.
        Chat = "chat",
        /// By a social network.
        Social = "social",
        /// Face to face.
        InPerson = "in_person",
        /// By a program.
        Api = "api": "API",
        /// Any other way.
        #[default]
        Other = "other",
    }

    /// Where a message goes.
    pub enum MessageDirection {
        /// From outside to us.
        Inbound = "inbound",
        /// From us to the outside.
        Outbound = "outbound",
        /// Written down by us.
        #[default]
        Note = "note",
    }

    /// Who may read a message.
    pub enum MessageVisibility {
        /// The requester, too.
        Public = "public",
        /// Only we.
        #[default]
        Internal = "internal",
    }

    /// What an answer of the requester does to a finished case.
    pub enum FollowUp {
        /// It opens the case again, within the days that the queue says; after them it opens a new case.
        #[default]
        Reopen = "reopen",
        /// It always opens a new case.
        NewCase = "new_case",
    }

    /// What a person is in a case besides its requester.
    pub enum ParticipantRole {
        /// Asks, too.
        Requester = "requester",
        /// Gets a copy of what is written.
        #[default]
        Copy = "copy",
        /// Is told of changes.
        Watcher = "watcher",
    }

    /// What the first case of a link is to the second.
    pub enum CaseLinkKind {
        /// They have to do with each other.
        #[default]
        Related = "related",
        /// The first asks the same as the second.
        DuplicateOf = "duplicate_of",
        /// The second is the reason for the first.
        CausedBy = "caused_by",
        /// The second cannot go on before the first is done.
        Blocks = "blocks",
        /// The second is a part of the first.
        ParentOf = "parent_of",
    }
}

impl StatusType {
    /// Whether the case needs no more work.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }
}

impl CaseLinkKind {
    /// What the first case is to the second, in words.
    pub const fn forward_label(self) -> &'static str {
        match self {
            Self::Related => "is related to",
            Self::DuplicateOf => "is a duplicate of",
            Self::CausedBy => "is caused by",
            Self::Blocks => "blocks",
            Self::ParentOf => "is the parent of",
        }
    }

    /// What the second case is to the first, in words.
    pub const fn inverse_label(self) -> &'static str {
        match self {
            Self::Related => "is related to",
            Self::DuplicateOf => "has the duplicate",
            Self::CausedBy => "is the cause of",
            Self::Blocks => "is blocked by",
            Self::ParentOf => "is a part of",
        }
    }
}
