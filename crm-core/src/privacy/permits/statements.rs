//! The statements that facts are read by: each one look-up in an index, within one snapshot.
//!
//! The names of tables stand in quotes, so that a read of the past can put its views in their place.

/// What is known of a person as a data subject.
pub(crate) const SUBJECT: &str = "SELECT p.\"birth_date\", d.\"kind\", d.\"residence_country\", \
     d.\"residence_subdivision\", d.\"time_zone\", d.\"age_band\", d.\"deceased_at\", d.\"restricted_since\", \
     p.\"addresses\", p.\"phones\", k.subject FROM \"person\" AS p \
     LEFT JOIN \"data_subject\" AS d ON d.\"person\" = p.\"id\" \
     LEFT JOIN crm_subject_key AS k ON k.subject = p.\"id\" WHERE p.\"id\" = ?1";

/// The addresses of a person.
pub(crate) const ADDRESSES: &str = "SELECT p.\"emails\", p.\"phones\", p.\"addresses\", p.\"profiles\" FROM \"person\" AS p WHERE p.\"id\" = ?1";

/// The objections of a person.
pub(crate) const OBJECTIONS: &str = "SELECT o.\"id\", o.\"purpose\", o.\"channel\", o.\"outcome\" FROM \"objection\" AS o WHERE o.\"person\" = ?1";

/// What a person had to do with the controller.
pub(crate) const RELATIONSHIP: &str = "SELECT e.\"id\", e.\"kind\", e.\"occurred_at\", e.\"seller\", \
     e.\"own_similar_goods\", e.\"opt_out_offered_at_collection\" FROM \"relationship_event\" AS e \
     WHERE e.\"person\" = ?1";

/// The legal bases of one person.
pub(crate) const BASES_OF_PERSON: &str = "SELECT b.\"id\", b.\"purpose\", b.\"legal_basis\", \
     b.\"special_category_ground\", b.\"informed_at\", b.\"effective_from\", b.\"effective_to\", b.\"status\", \
     a.\"outcome\", a.\"review_at\" FROM \"processing_basis\" AS b \
     LEFT JOIN \"legitimate_interest_assessment\" AS a ON a.\"id\" = b.\"assessment\" WHERE b.\"person\" = ?1";

/// The legal bases of everybody of a purpose.
pub(crate) const BASES_OF_ALL: &str = "SELECT b.\"id\", b.\"purpose\", b.\"legal_basis\", \
     b.\"special_category_ground\", b.\"informed_at\", b.\"effective_from\", b.\"effective_to\", b.\"status\", \
     a.\"outcome\", a.\"review_at\" FROM \"processing_basis\" AS b \
     LEFT JOIN \"legitimate_interest_assessment\" AS a ON a.\"id\" = b.\"assessment\" WHERE b.\"person\" IS NULL";

/// When an address was contacted lately on a channel.
pub(crate) const CONTACTED: &str = "SELECT c.\"consumed_at\" FROM \"contact_permit\" AS c \
     WHERE c.\"address_hash\" = ?1 AND c.\"channel\" = ?2 AND c.\"consumed_at\" >= ?3";

/// The complete copies of registers, the latest first.
pub(crate) const SNAPSHOTS: &str = "SELECT r.\"id\", r.\"registry\", r.\"fetched_at\" FROM \"register_snapshot\" AS r \
     WHERE r.\"completed_at\" IS NOT NULL ORDER BY r.\"fetched_at\" DESC";

/// The types whose tables they read.
pub(crate) const TYPES: [&str; 8] = [
    "person",
    "data_subject",
    "objection",
    "relationship_event",
    "processing_basis",
    "legitimate_interest_assessment",
    "contact_permit",
    "register_snapshot",
];
