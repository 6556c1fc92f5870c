//! The words of erasures.

use crate::record::select::select;

select! {
    /// How far an erasure is.
    pub enum ErasureState {
        /// It is committed, and nobody reads the data any more; but bytes may still lie in the write-ahead log, because a
        /// reader holds on to it or the process went down. `privacy.finish_erasures` goes on.
        #[default]
        Pending = "pending",
        /// Done, but for what a law or a legal hold keeps.
        Partial = "partial",
        /// Done: nothing of the person is left.
        Completed = "completed",
    }

    /// Why data of somebody are kept although they are to be erased (GDPR Article 17(3)).
    pub enum HoldGround {
        /// For the establishment, exercise or defence of legal claims (17(3)(e)).
        #[default]
        LegalClaims = "legal_claims",
        /// To comply with a legal obligation (17(3)(b)).
        LegalObligation = "legal_obligation",
        /// For a task in the public interest (17(3)(b)).
        PublicInterest = "public_interest",
        /// For public health (17(3)(c)).
        PublicHealth = "public_health",
        /// For archiving, research or statistics (17(3)(d)).
        Archiving = "archiving",
        /// For freedom of expression and information (17(3)(a)).
        Expression = "expression",
    }

    /// What in a text points at a person.
    pub enum ReviewHit {
        /// Given and family name beside each other.
        #[default]
        FullName = "full_name",
        /// The family name alone.
        FamilyName = "family_name",
        /// The name by which the person is otherwise known.
        Nickname = "nickname",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// The household, in which others live, too.
        Household = "household",
        /// The record held data of the person earlier, and no longer says whose they are.
        FormerlyLinked = "formerly_linked",
        /// Nothing in the text: a rule of retention wants somebody to look at the record.
        Retention = "retention",
    }

    /// What became of a review.
    pub enum ReviewStatus {
        /// Nobody has looked yet.
        #[default]
        Open = "open",
        /// The text was changed.
        Redacted = "redacted",
        /// It means somebody else, or is needed.
        Dismissed = "dismissed",
    }
}
