//! The closed lists of privacy: channels, purposes, legal grounds, what became of a consent. The words are those of the
//! Data Privacy Vocabulary (DPV 2), ISO/IEC TS 27560:2023 and the laws; each option says which.

use crate::record::select::select;

select! {
    /// The way by which somebody is contacted, as finely as the laws tell the ways apart (ePrivacy Directive 13, 47 CFR
    /// 64.1200, PECR 19-22).
    pub enum ContactChannel {
        /// By e-mail.
        #[default]
        Email = "email",
        /// By text message.
        Sms = "sms": "SMS",
        /// By a message with pictures.
        Mms = "mms": "MMS",
        /// By a rich message of a telephone network.
        Rcs = "rcs": "RCS",
        /// By a call that a person dials and speaks.
        VoiceLive = "voice_live",
        /// By a call that a system dials and a person speaks.
        VoiceAutodialed = "voice_autodialed",
        /// By a call with an artificial or recorded voice.
        VoicePrerecorded = "voice_prerecorded",
        /// By fax.
        Fax = "fax",
        /// By post.
        Postal = "postal",
        /// By a notification on a device.
        Push = "push",
        /// Within an app.
        InApp = "in_app",
        /// Within a web site.
        Onsite = "onsite",
        /// By a messenger that goes by a telephone number.
        Messenger = "messenger",
        /// By a direct message of a social network.
        SocialDm = "social_dm": "Social direct message",
        /// Face to face.
        InPerson = "in_person",
    }

    /// What kind of address a channel needs.
    pub enum AddressType {
        /// An e-mail address.
        #[default]
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A postal address.
        Postal = "postal",
        /// A profile of a social network.
        Profile = "profile",
        /// None: a device or an account of the person.
        None = "none",
    }

    /// What a purpose amounts to, whatever it is called. The rules of the regimes go by it.
    pub enum PurposeClass {
        /// Advertising to people directly.
        Marketing = "marketing",
        /// Judging or predicting what people are like.
        Profiling = "profiling",
        /// Selling personal data, or sharing them for advertising (California Civil Code 1798.140(ad), (ah)).
        SaleShare = "sale_share",
        /// Serving those who ask for it.
        #[default]
        Service = "service",
        /// Carrying out what was ordered: confirmations, invoices, notices of delivery.
        Transactional = "transactional",
        /// Meeting a legal duty, or establishing, exercising or defending claims.
        Legal = "legal",
        /// Keeping systems and people secure.
        Security = "security",
        /// Measuring without a look at the single person.
        Analytics = "analytics",
        /// Training models of artificial intelligence.
        AiTraining = "ai_training": "AI training",
    }

    /// The ground on which personal data are processed: GDPR Article 6(1), UK GDPR Article 6(1), and the further bases of
    /// LGPD Article 7.
    pub enum LegalBasis {
        /// The data subject has consented (Article 6(1)(a); eu-gdpr:A6-1-a).
        Consent = "consent",
        /// It is needed for a contract with the data subject, or before one (6(1)(b); eu-gdpr:A6-1-b).
        Contract = "contract",
        /// A law demands it (6(1)(c); eu-gdpr:A6-1-c).
        LegalObligation = "legal_obligation",
        /// Somebody's life depends on it (6(1)(d); eu-gdpr:A6-1-d).
        VitalInterests = "vital_interests",
        /// A task in the public interest (6(1)(e); eu-gdpr:A6-1-e).
        PublicTask = "public_task",
        /// A legitimate interest that outweighs those of the data subject (6(1)(f); eu-gdpr:A6-1-f).
        LegitimateInterests = "legitimate_interests",
        /// An interest that UK law recognises as legitimate (UK GDPR 6(1)(ea), Annex 1).
        RecognisedLegitimateInterests = "recognised_legitimate_interests",
        /// Protecting credit (LGPD Article 7, X).
        CreditProtection = "credit_protection",
        /// Protecting health, by health professionals or authorities (LGPD Article 7, VIII).
        HealthProtection = "health_protection",
        /// Studies by a research body (LGPD Article 7, IV).
        Research = "research",
        /// Exercising rights in proceedings (LGPD Article 7, VI).
        LegalProceedings = "legal_proceedings",
    }

    /// The further ground that special categories of personal data need (GDPR Article 9(2); eu-gdpr:A9-2-a to A9-2-j).
    pub enum SpecialCategoryGround {
        /// Explicit consent (a).
        ExplicitConsent = "explicit_consent",
        /// Employment, social security and social protection law (b).
        EmploymentLaw = "employment_law",
        /// The vital interests of somebody who cannot consent (c).
        VitalInterests = "vital_interests",
        /// The members of a not-for-profit body (d).
        NotForProfitBody = "not_for_profit_body",
        /// The data subject has manifestly made them public (e).
        MadePublic = "made_public",
        /// Legal claims (f).
        LegalClaims = "legal_claims",
        /// Substantial public interest, by law (g).
        SubstantialPublicInterest = "substantial_public_interest",
        /// Preventive or occupational medicine, health or social care (h).
        HealthCare = "health_care",
        /// Public health (i).
        PublicHealth = "public_health",
        /// Archiving, research, statistics (j).
        Archiving = "archiving",
    }

    /// What became of a consent: the kind of an event of the ledger, and the state that follows from it (DPV consent
    /// status; ISO/IEC TS 27560 `event_state`).
    pub enum ConsentStatus {
        /// Nothing is known (dpv:ConsentUnknown). A refusal, never a consent.
        #[default]
        Unknown = "unknown",
        /// It was asked for (dpv:ConsentRequested).
        Requested = "requested",
        /// It was asked for, and the answer put off (dpv:ConsentRequestDeferred).
        RequestDeferred = "request_deferred",
        /// It was given (dpv:ConsentGiven).
        Given = "given",
        /// It was given again (dpv:RenewedConsentGiven).
        Renewed = "renewed",
        /// It was refused (dpv:ConsentRefused).
        Refused = "refused",
        /// The data subject took it back (dpv:ConsentWithdrawn).
        Withdrawn = "withdrawn",
        /// Its time ran out (dpv:ConsentExpired).
        Expired = "expired",
        /// The controller ended it (dpv:ConsentRevoked).
        Terminated = "terminated",
        /// It turned out never to have been valid (dpv:ConsentInvalidated).
        Invalidated = "invalidated",
    }

    /// How plainly a consent was expressed (DPV; ISO/IEC TS 27560 `event_type`).
    pub enum ConsentExpression {
        /// It follows from what the person did, where a law lets it (CASL 10(9), dpv:ImpliedConsent).
        Implied = "implied",
        /// Said, ticked or written (dpv:ExpressedConsent).
        #[default]
        Expressed = "expressed",
        /// Said in so many words, for just this (dpv:ExplicitlyExpressedConsent; GDPR 9(2)(a)).
        ExplicitlyExpressed = "explicitly_expressed",
        /// In writing with a signature, electronic ones included (47 CFR 64.1200(f)(9)).
        Written = "written",
    }

    /// The kind of a data subject.
    pub enum SubjectKind {
        /// A natural person in private life.
        #[default]
        Natural = "natural",
        /// A natural person who trades in their own name. Most laws protect them as natural persons.
        SoleTrader = "sole_trader",
        /// A natural person as one who acts for an organisation.
        Representative = "representative",
    }

    /// How old a data subject is, where no date of birth is known.
    pub enum AgeBand {
        /// Below 13.
        Under13 = "under_13": "Under 13",
        /// 13, 14 or 15.
        From13To15 = "from_13_to_15": "13 to 15",
        /// 16 or 17.
        From16To17 = "from_16_to_17": "16 or 17",
        /// 18 and above.
        Adult = "adult",
    }

    /// From where it is known, for example, where somebody lives.
    pub enum EvidenceSource {
        /// The data subject said so.
        #[default]
        Subject = "subject",
        /// A document or a register shows it.
        Document = "document",
        /// It was concluded from something else, such as the country code of a telephone number.
        Inferred = "inferred",
        /// Somebody else said so.
        ThirdParty = "third_party",
    }

    /// Why the processing of somebody's data is restricted (GDPR Article 18(1)).
    pub enum RestrictionGround {
        /// The accuracy is contested, until it is verified (a).
        #[default]
        AccuracyContested = "accuracy_contested",
        /// The processing is unlawful and the person wants restriction instead of erasure (b).
        Unlawful = "unlawful",
        /// The person needs the data for legal claims (c).
        LegalClaims = "legal_claims",
        /// An objection is pending (d).
        ObjectionPending = "objection_pending",
    }

    /// How an objection was decided (GDPR Article 21).
    pub enum ObjectionOutcome {
        /// It stands: the processing has stopped. An objection to direct marketing always does (21(2), (3)).
        #[default]
        Upheld = "upheld",
        /// It is weighed; meanwhile the processing has stopped.
        Pending = "pending",
        /// Compelling grounds of the controller override it (21(1)). Not possible for direct marketing.
        Overridden = "overridden",
        /// The person took it back.
        TakenBack = "taken_back",
    }

    /// How somebody indicated a choice (ISO/IEC TS 27560 `collection_method`; dpv:isIndicatedBy says who, this how).
    pub enum IndicationMethod {
        /// By a form on a web site.
        WebForm = "web_form",
        /// By a form on paper.
        PaperForm = "paper_form",
        /// In words, face to face or by telephone.
        Verbal = "verbal",
        /// By answering an e-mail.
        EmailReply = "email_reply",
        /// By a keyword in a text message, for example STOP.
        SmsKeyword = "sms_keyword": "SMS keyword",
        /// By following the link that was sent to the address.
        DoubleOptIn = "double_opt_in": "Double opt-in",
        /// Face to face, in another way than by words.
        InPerson = "in_person",
        /// By another system that asked the person.
        Api = "api": "API",
        /// Taken over from the records of another system.
        Import = "import",
        /// In a contract.
        Contract = "contract",
        /// By a signal of the browser, for example Global Privacy Control.
        BrowserSignal = "browser_signal",
        /// By the one-click button of a mail program (RFC 8058).
        OneClick = "one_click": "One-click unsubscribe",
        /// Any other way.
        #[default]
        Other = "other",
    }

    /// What a notice tells people about (ISO/IEC 29184).
    pub enum NoticeKind {
        /// How personal data are processed (GDPR Articles 13, 14).
        #[default]
        Privacy = "privacy",
        /// What a consent is asked for (GDPR Article 7(2)).
        Consent = "consent",
    }

    /// Whether a processing rests on a basis now.
    pub enum BasisStatus {
        /// It does.
        #[default]
        Active = "active",
        /// It does not for the time being, for example until an assessment is renewed.
        Suspended = "suspended",
        /// It does no more.
        Ended = "ended",
    }

    /// What the balancing of a legitimate interest came to (GDPR Article 6(1)(f)).
    pub enum AssessmentOutcome {
        /// It is not decided yet.
        #[default]
        Pending = "pending",
        /// The interest outweighs those of the data subjects.
        Outweighs = "outweighs",
        /// It does not: the processing needs another basis.
        Outweighed = "outweighed",
    }

    /// What happened between us and a person or an organisation, as far as a permission to contact follows from it
    /// (ePrivacy Directive 13(2); CASL 10(10), (13); 47 CFR 64.1200(f)(5)).
    pub enum RelationshipEventKind {
        /// Something was bought, leased or bartered.
        #[default]
        Purchase = "purchase",
        /// A quote was asked for.
        Quote = "quote",
        /// There was an inquiry or an application.
        Inquiry = "inquiry",
        /// A contract began.
        ContractStart = "contract_start",
        /// A contract ended.
        ContractEnd = "contract_end",
        /// There was a gift to a charity, a party or a candidate.
        Donation = "donation",
        /// There was voluntary work.
        Volunteering = "volunteering",
        /// A membership began.
        MembershipStart = "membership_start",
        /// A membership ended.
        MembershipEnd = "membership_end",
        /// Somebody recommended us to the person.
        Referral = "referral",
        /// The person published the address without a word against advertising.
        PublishedAddress = "published_address",
    }

    /// How far a suppression reaches.
    pub enum SuppressionScope {
        /// Nothing goes to the address, whatever it is for.
        Global = "global",
        /// Nothing goes to the address but what was asked for or ordered, what a law demands, and what serves security.
        #[default]
        Controller = "controller",
        /// As `controller`, for messages under one brand.
        Brand = "brand",
        /// Nothing goes to the address for one purpose and those below it.
        Purpose = "purpose",
        /// Nothing goes to the address about one topic.
        Topic = "topic",
    }

    /// Why an address is suppressed.
    pub enum SuppressionReason {
        /// Its owner has unsubscribed.
        Unsubscribe = "unsubscribe",
        /// Its owner has objected to direct marketing (GDPR Article 21(2)).
        Objection = "objection",
        /// Its owner has withdrawn or refused a consent.
        Withdrawal = "withdrawal",
        /// Its owner is on our own list of those who must not be called (47 CFR 64.1200(d)).
        InternalDoNotCall = "internal_do_not_call",
        /// It is on a national register.
        NationalRegister = "national_register",
        /// Messages to it come back.
        Bounce = "bounce",
        /// Its owner has called a message unwanted.
        Complaint = "complaint",
        /// Its owner was erased.
        Erased = "erased",
        /// Its owner has died.
        Deceased = "deceased",
        /// Its owner is a child.
        Minor = "minor",
        /// It belongs to somebody else now.
        Reassigned = "reassigned",
        /// Somebody of ours said so.
        #[default]
        Manual = "manual",
    }

    /// What came of the question whether somebody may be contacted or data may be processed. The later, the stricter.
    pub enum PermitOutcome {
        /// Yes.
        Permit = "permit",
        /// Yes, if the obligations are met.
        PermitWithObligations = "permit_with_obligations",
        /// Not before a time.
        Defer = "defer",
        /// No.
        #[default]
        Refused = "refused",
    }
}

impl ContactChannel {
    /// The kind of address that the channel needs.
    pub const fn address_type(self) -> AddressType {
        match self {
            Self::Email => AddressType::Email,
            Self::Sms
            | Self::Mms
            | Self::Rcs
            | Self::VoiceLive
            | Self::VoiceAutodialed
            | Self::VoicePrerecorded
            | Self::Fax
            | Self::Messenger => AddressType::Phone,
            Self::Postal => AddressType::Postal,
            Self::SocialDm => AddressType::Profile,
            Self::Push | Self::InApp | Self::Onsite | Self::InPerson => AddressType::None,
        }
    }

    /// Whether it is a call that somebody answers.
    pub const fn is_voice(self) -> bool {
        matches!(self, Self::VoiceLive | Self::VoiceAutodialed | Self::VoicePrerecorded)
    }

    /// Whether it is a message of a telephone network.
    pub const fn is_text_message(self) -> bool {
        matches!(self, Self::Sms | Self::Mms | Self::Rcs)
    }
}

impl PurposeClass {
    /// Whether somebody who wants no advertising is to be spared it: advertising itself, and what is done with data for
    /// the controller's own ends. Answers, orders, duties and security are not (an opt-out never blocks a confirmation).
    pub const fn is_of_marketing(self) -> bool {
        match self {
            Self::Marketing | Self::Profiling | Self::SaleShare | Self::Analytics | Self::AiTraining => true,
            Self::Service | Self::Transactional | Self::Legal | Self::Security => false,
        }
    }
}

impl ConsentStatus {
    /// Whether the state permits what was consented to.
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }

    /// Whether the state is a refusal that only a newer consent lifts.
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::Terminated | Self::Invalidated)
    }

    /// The identifier in the vocabulary of DPV, as a compact IRI.
    pub const fn iri(self) -> &'static str {
        match self {
            Self::Unknown => "dpv:ConsentUnknown",
            Self::Requested => "dpv:ConsentRequested",
            Self::RequestDeferred => "dpv:ConsentRequestDeferred",
            Self::Given => "dpv:ConsentGiven",
            Self::Renewed => "dpv:RenewedConsentGiven",
            Self::Refused => "dpv:ConsentRefused",
            Self::Withdrawn => "dpv:ConsentWithdrawn",
            Self::Expired => "dpv:ConsentExpired",
            Self::Terminated => "dpv:ConsentRevoked",
            Self::Invalidated => "dpv:ConsentInvalidated",
        }
    }
}

impl ConsentExpression {
    /// The identifier in the vocabulary of DPV, as a compact IRI. DPV has none for a signature of its own; it is an
    /// explicit expression.
    pub const fn iri(self) -> &'static str {
        match self {
            Self::Implied => "dpv:ImpliedConsent",
            Self::Expressed => "dpv:ExpressedConsent",
            Self::ExplicitlyExpressed | Self::Written => "dpv:ExplicitlyExpressedConsent",
        }
    }
}

impl SuppressionReason {
    /// Whether a new consent of the owner of the address lifts it. Some are lifted only when the owner asks for it
    /// expressly; see [`needs_reinstatement`](Self::needs_reinstatement).
    pub const fn is_lifted_by_consent(self) -> bool {
        matches!(self, Self::Unsubscribe | Self::Objection | Self::Withdrawal) || self.needs_reinstatement()
    }

    /// Whether a new consent lifts it only when it says that the owner of the address asks expressly to be addressed
    /// again.
    pub const fn needs_reinstatement(self) -> bool {
        matches!(self, Self::InternalDoNotCall | Self::Complaint | Self::Erased)
    }
}

impl LegalBasis {
    /// The identifier in the vocabulary of DPV, as a compact IRI.
    pub const fn iri(self) -> &'static str {
        match self {
            Self::Consent => "eu-gdpr:A6-1-a",
            Self::Contract => "eu-gdpr:A6-1-b",
            Self::LegalObligation => "eu-gdpr:A6-1-c",
            Self::VitalInterests => "eu-gdpr:A6-1-d",
            Self::PublicTask => "eu-gdpr:A6-1-e",
            Self::LegitimateInterests | Self::RecognisedLegitimateInterests => "eu-gdpr:A6-1-f",
            Self::CreditProtection | Self::HealthProtection | Self::Research | Self::LegalProceedings => {
                "dpv:LegalBasis"
            }
        }
    }
}

impl SpecialCategoryGround {
    /// The identifier in the vocabulary of DPV, as a compact IRI.
    pub const fn iri(self) -> &'static str {
        match self {
            Self::ExplicitConsent => "eu-gdpr:A9-2-a",
            Self::EmploymentLaw => "eu-gdpr:A9-2-b",
            Self::VitalInterests => "eu-gdpr:A9-2-c",
            Self::NotForProfitBody => "eu-gdpr:A9-2-d",
            Self::MadePublic => "eu-gdpr:A9-2-e",
            Self::LegalClaims => "eu-gdpr:A9-2-f",
            Self::SubstantialPublicInterest => "eu-gdpr:A9-2-g",
            Self::HealthCare => "eu-gdpr:A9-2-h",
            Self::PublicHealth => "eu-gdpr:A9-2-i",
            Self::Archiving => "eu-gdpr:A9-2-j",
        }
    }
}
