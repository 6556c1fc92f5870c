//! What privacy knows of a person, and what the person claimed.

use super::ids::{DataSubjectId, ObjectionId, RestrictionId};
use crate::contacts::PersonId;
use crate::ground::time::{Date, Timestamp};
use crate::privacy::kinds::{
    AgeBand, ContactChannel, EvidenceSource, ObjectionOutcome, RestrictionGround, SubjectKind,
};
use crate::record::{Meta, Record};

/// A person as the subject of personal data: what decides which rules hold. A person without one is taken for an adult
/// who lives where the addresses and telephone numbers say.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "data_subject",
    plural = "data_subjects",
    id = DataSubjectId,
    subject = "person",
    rules = super::rules::DataSubjectRules
)]
pub struct DataSubject {
    /// What every record has.
    pub meta: Meta,
    /// The person.
    #[field(unique, on_delete = cascade)]
    pub person: PersonId,
    /// What kind of subject it is.
    #[field(default = SubjectKind::Natural)]
    pub kind: SubjectKind,
    /// The country where the person lives, ISO 3166-1 alpha-2.
    #[field(personal = location, max = 2)]
    pub residence_country: Option<String>,
    /// The part of the country, ISO 3166-2, for example `US-CA`.
    #[field(personal = location, max = 6)]
    pub residence_subdivision: Option<String>,
    /// Since when the person lives there.
    #[field(personal = location)]
    pub residence_since: Option<Date>,
    /// From where that is known.
    pub residence_source: Option<EvidenceSource>,
    /// The time zone where the person is, an IANA name; that of the residence when nothing is said.
    #[field(personal = location, max = 60)]
    pub time_zone: Option<String>,
    /// How old the person is. The date of birth of the person goes before it.
    #[field(personal = demographic)]
    pub age_band: Option<AgeBand>,
    /// From where the age is known.
    pub age_source: Option<EvidenceSource>,
    /// Who consents for the person: a parent or another guardian.
    #[field(on_delete = clear)]
    pub guardian: Option<PersonId>,
    /// When the person died.
    #[field(personal = demographic)]
    pub deceased_at: Option<Date>,
    /// Since when the processing of the person's data is restricted; nothing when it is not. It follows from the
    /// restrictions.
    #[field(read_only)]
    pub restricted_since: Option<Timestamp>,
}

/// A restriction of processing (GDPR Article 18): while it holds, the data are stored and otherwise used only with the
/// consent of the person, for legal claims or to protect somebody.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "restriction",
    plural = "restrictions",
    id = RestrictionId,
    subject = "person",
    rules = super::rules::RestrictionRules
)]
pub struct Restriction {
    /// What every record has.
    pub meta: Meta,
    /// Whose data.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// Why.
    #[field(default = RestrictionGround::AccuracyContested)]
    pub ground: RestrictionGround,
    /// Since when: since it was entered, unless another time is given.
    #[field(filled)]
    pub since: Timestamp,
    /// When it ended. The person must be told before it ends (Article 18(3)).
    #[field(indexed)]
    pub until: Option<Timestamp>,
    /// What it is about, in words.
    #[field(personal = communication, long)]
    pub description: Option<String>,
}

/// An objection to processing (GDPR Article 21). To direct marketing it is final; elsewhere the processing stops until
/// it is weighed. It is not the withdrawal of a consent.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "objection",
    plural = "objections",
    id = ObjectionId,
    subject = "person",
    rules = super::rules::ObjectionRules
)]
pub struct Objection {
    /// What every record has.
    pub meta: Meta,
    /// Who objects.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// The key of the purpose that is objected to, with all below it.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// The channel, when the objection is to it only.
    pub channel: Option<ContactChannel>,
    /// When it came: when it was entered, unless another time is given.
    #[field(filled)]
    pub received_at: Timestamp,
    /// How it was decided.
    #[field(default = ObjectionOutcome::Upheld)]
    pub outcome: ObjectionOutcome,
    /// The reasons that the person gave, or on which the objection was overridden.
    #[field(personal = communication, long)]
    pub description: Option<String>,
}
