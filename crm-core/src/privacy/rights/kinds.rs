//! The closed lists of rights: which right, under which law, how far a request is.

use crate::record::select::select;

select! {
    /// The right that somebody exercises.
    pub enum SubjectRight {
        /// To learn what is processed, and to get a copy (GDPR Article 15; "to know" in California).
        #[default]
        Access = "access",
        /// To get what one has provided in a machine-readable form (GDPR Article 20).
        Portability = "portability",
        /// To have what is wrong put right (GDPR Article 16).
        Rectification = "rectification",
        /// To have what is wrong put right, as California calls it (Civil Code 1798.106).
        Correct = "correct",
        /// To have everything erased (GDPR Article 17; "to delete" in California).
        Erasure = "erasure",
        /// To have the processing restricted (GDPR Article 18).
        Restriction = "restriction",
        /// To object to processing (GDPR Article 21).
        Objection = "objection",
        /// To have a person look at an automated decision (GDPR Article 22; UK GDPR 22A to 22D; Law 25, 12.1; PIPL 24).
        AutomatedDecision = "automated_decision",
        /// To stop the sale and the sharing of data (California Civil Code 1798.120).
        DoNotSell = "do_not_sell",
        /// To limit the use of sensitive data (California Civil Code 1798.121).
        LimitSensitive = "limit_sensitive",
        /// To complain to the controller (UK Data Protection Act 2018, 164A).
        Complaint = "complaint",
    }

    /// The law under which a request is made.
    pub enum RightsRegime {
        /// The General Data Protection Regulation of the European Union.
        #[default]
        Gdpr = "gdpr": "GDPR",
        /// The UK GDPR, as the Data (Use and Access) Act 2025 has changed it.
        UkGdpr = "uk_gdpr": "UK GDPR",
        /// The Federal Act on Data Protection of Switzerland.
        SwissFadp = "swiss_fadp": "Swiss FADP",
        /// The California Consumer Privacy Act.
        Ccpa = "ccpa": "CCPA",
        /// The privacy acts of other states of the USA, such as Virginia's, which agree on the time to answer.
        UsState = "us_state": "US state act",
        /// The Lei Geral de Proteção de Dados of Brazil.
        Lgpd = "lgpd": "LGPD",
        /// The same for small agents (Resolution CD/ANPD 2/2022).
        LgpdSmallAgent = "lgpd_small_agent": "LGPD, small agent",
        /// The act P-39.1 of Quebec, as Law 25 has changed it.
        QuebecLaw25 = "quebec_law_25": "Quebec Law 25",
        /// The Personal Information Protection and Electronic Documents Act of Canada.
        Pipeda = "pipeda": "PIPEDA",
        /// The Personal Information Protection Law of China.
        Pipl = "pipl": "PIPL",
        /// The Privacy Act 1988 of Australia.
        Australia = "australia",
        /// Any other law. The engine knows no clock for it.
        Other = "other",
    }

    /// The way by which a request came.
    pub enum RequestChannel {
        /// By e-mail.
        Email = "email",
        /// By a form.
        WebForm = "web_form",
        /// By telephone.
        Phone = "phone",
        /// By post.
        Postal = "postal",
        /// Face to face.
        InPerson = "in_person",
        /// By a signal of a browser, such as Global Privacy Control.
        BrowserSignal = "browser_signal",
        /// By somebody who acts for the person.
        Agent = "agent",
        /// Any other way.
        #[default]
        Other = "other",
    }

    /// Whether it is known that the requester is the person.
    pub enum IdentityState {
        /// It need not be known: an opt-out is honoured whoever asks for it (11 CCR 7026(d), 7060(b)).
        NotNeeded = "not_needed",
        /// Not yet.
        #[default]
        Unverified = "unverified",
        /// The requester was asked for proof.
        Requested = "requested",
        /// It is.
        Verified = "verified",
        /// The proof failed.
        Failed = "failed",
    }

    /// How far a request is.
    pub enum RequestStatus {
        /// It came in.
        #[default]
        Received = "received",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// The clock stands still until the requester answers.
        Paused = "paused",
        /// The time to answer was extended.
        Extended = "extended",
        /// It was answered.
        Completed = "completed",
        /// It was refused.
        Refused = "refused",
        /// It says what another one says.
        Duplicate = "duplicate",
        /// The requester took it back.
        Withdrawn = "withdrawn",
    }

    /// Why a request is refused.
    pub enum RefusalGround {
        /// Who asks could not be verified (GDPR Articles 11(2), 12(6)).
        IdentityNotVerified = "identity_not_verified",
        /// It is manifestly unfounded (12(5)).
        ManifestlyUnfounded = "manifestly_unfounded",
        /// It is excessive, in particular because it is repeated (12(5)).
        Excessive = "excessive",
        /// The rights and freedoms of others would suffer (15(4), 20(4)).
        RightsOfOthers = "rights_of_others",
        /// A legal duty demands that the data stay (17(3)(b)).
        LegalObligation = "legal_obligation",
        /// The data are needed for legal claims (17(3)(e), 21(1)).
        LegalClaims = "legal_claims",
        /// Compelling grounds of the controller prevail (21(1)).
        CompellingGrounds = "compelling_grounds",
        /// The law does not give this right here.
        NotApplicable = "not_applicable",
        /// No data of the person are there.
        NoData = "no_data",
        /// Another exception of the law.
        Exception = "exception",
    }

    /// What happened to a request.
    pub enum RightsEventKind {
        /// It was received.
        #[default]
        Received = "received",
        /// The requester was told that it was received.
        Acknowledged = "acknowledged",
        /// The requester was asked for proof of identity.
        IdentityRequested = "identity_requested",
        /// The identity was verified.
        IdentityVerified = "identity_verified",
        /// The proof of identity failed.
        IdentityFailed = "identity_failed",
        /// The clock was stopped.
        Pause = "pause",
        /// The clock went on.
        Resume = "resume",
        /// The time to answer was extended, and the requester told.
        Extend = "extend",
        /// A package of data was made.
        Package = "package",
        /// Something was done for it: a rectification, a restriction, an objection, a review.
        Executed = "executed",
        /// It was answered.
        Completed = "completed",
        /// It was refused.
        Refused = "refused",
        /// It was found to say what another one says.
        Duplicate = "duplicate",
        /// The requester took it back.
        Withdrawn = "withdrawn",
    }

    /// Why the clock of a request stands still.
    pub enum PauseReason {
        /// There are doubts who asks (GDPR Article 12(6)).
        #[default]
        Identity = "identity",
        /// The requester was asked which information or processing is meant (GDPR recital 63; UK GDPR 12A(5)).
        Clarification = "clarification",
    }

    /// How far the work on one store is.
    pub enum TaskState {
        /// To be done.
        #[default]
        Open = "open",
        /// Done.
        Done = "done",
        /// The right does not reach it.
        NotApplicable = "not_applicable",
    }

    /// How far the review of an automated decision by a human is.
    pub enum ReviewState {
        /// Nobody has asked for one.
        #[default]
        None = "none",
        /// The person has asked for one.
        Requested = "requested",
        /// The decision stands.
        Upheld = "upheld",
        /// The decision was changed.
        Changed = "changed",
    }

    /// How pressing a request is.
    pub enum TrafficLight {
        /// There is time.
        #[default]
        Green = "green",
        /// It is due within a week.
        Amber = "amber",
        /// It is late.
        Red = "red",
        /// The clock stands still.
        Paused = "paused",
        /// The law gives no time.
        NoClock = "no_clock",
    }
}

impl SubjectRight {
    /// Whether it is an opt-out, which is honoured without a look at who asks.
    pub const fn is_opt_out(self) -> bool {
        matches!(self, Self::DoNotSell | Self::LimitSensitive)
    }

    /// Whether who asks must be known before the request is answered. What only stops something, or complains, harms
    /// nobody when somebody else asks for it.
    pub const fn needs_identity(self) -> bool {
        !self.is_opt_out() && !matches!(self, Self::Objection | Self::Complaint)
    }
}

impl RequestStatus {
    /// Whether the request still waits for its answer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::InProgress | Self::Paused | Self::Extended)
    }
}

impl IdentityState {
    /// Whether personal data may be handed out.
    pub const fn suffices(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Verified)
    }
}
