//! What the schema does not say: in which chapter a record type belongs, and which types need more than to be listed.

/// A chapter of the package, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chapter {
    Identity,
    Relations,
    Consent,
    Processing,
    Disclosures,
    Decisions,
    Requests,
    Conversations,
    Business,
    Files,
    Other,
    Deleted,
}

impl Chapter {
    pub(super) const ALL: [Self; 12] = [
        Self::Identity,
        Self::Relations,
        Self::Consent,
        Self::Processing,
        Self::Disclosures,
        Self::Decisions,
        Self::Requests,
        Self::Conversations,
        Self::Business,
        Self::Files,
        Self::Other,
        Self::Deleted,
    ];

    /// The stable key for programs.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relations => "relations",
            Self::Consent => "consent",
            Self::Processing => "processing",
            Self::Disclosures => "disclosures",
            Self::Decisions => "decisions",
            Self::Requests => "requests",
            Self::Conversations => "conversations",
            Self::Business => "business",
            Self::Files => "files",
            Self::Other => "other",
            Self::Deleted => "deleted",
        }
    }

    /// The chapter of a record type. One that is not named, such as a host's own, is among the others.
    pub(super) fn of(record_type: &str) -> Self {
        CHAPTERS
            .iter()
            .find(|(_, types)| types.contains(&record_type))
            .map_or(Self::Other, |(chapter, _)| *chapter)
    }
}

const CHAPTERS: &[(Chapter, &[&str])] = &[
    (Chapter::Identity, &["person", "data_subject", "household"]),
    (Chapter::Relations, &["affiliation", "relationship", "relationship_event"]),
    (Chapter::Consent, &["consent_event", "consent_state", "privacy_notice", "objection", "restriction"]),
    (
        Chapter::Processing,
        &[
            "processing_basis",
            "processing_purpose",
            "legitimate_interest_assessment",
            "retention_rule",
            "legal_hold",
        ],
    ),
    (Chapter::Disclosures, &["disclosure", "read_log"]),
    (Chapter::Decisions, &["automated_decision"]),
    (Chapter::Requests, &["rights_request", "rights_request_event", "rights_request_task"]),
    (
        Chapter::Conversations,
        &["note", "task", "meeting", "meeting_attendee", "call", "case", "case_message", "case_participant"],
    ),
    (Chapter::Business, &["deal", "deal_contact"]),
    (Chapter::Files, &["attachment"]),
];

/// What a record links to and is worth nothing without: the text of the notice that a consent was given to, the
/// assessment that a processing rests on.
pub(super) const READ_ALONG: &[&str] = &["privacy_notice", "legitimate_interest_assessment"];

/// What is not shown: what follows from other fields by a hash, and the evidence of a consent, which is sealed once
/// more and opened by its own operation.
pub(super) const NOT_SHOWN: &[(&str, &[&str])] =
    &[("consent_event", &["address_hash", "token_hash", "evidence"])];

/// What people have in common, with fields about all of them.
pub(super) const SHARED: &[&str] = &["household"];

/// What a link shows by its name, or not at all: the records are about others.
pub(super) const KNOWN_BY_NAME: &[&str] = &["person", "organisation", "user", "team", "team_member"];

/// What holds for everybody and is part of the answer (GDPR Article 15(1)(a), (d)): the type, and the link that must be
/// empty for it to hold for everybody.
pub(super) const FOR_EVERYBODY: &[(&str, Option<&str>)] =
    &[("processing_purpose", None), ("processing_basis", Some("person")), ("retention_rule", None)];

/// What is confirmed and not shown, because it is kept apart from the person on purpose: refusals by the keyed hash of
/// an address. The type and its field with the hash.
pub(super) const CONFIRMED_ONLY: (&str, &str) = ("suppression", "address_hash");

/// What is in the package only if a field of it says something: a line of work without a note says nothing of the
/// person.
pub(super) const SILENT_WITHOUT: &[(&str, &str)] = &[("rights_request_task", "note")];

/// Links to these are links to people of the controller, whose names are nobody else's business (C-579/21).
pub(super) const STAFF: &[&str] = &["user", "team", "team_member"];
