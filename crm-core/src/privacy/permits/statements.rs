//! The statements that facts are read by: look-ups in indexes only, within one snapshot.
//!
//! What has one key is read by one statement: a decision is made of so few look-ups that to run a statement costs as much
//! as what it does. The names of tables stand in quotes, so that a read of the past can put its views in their place.

use std::borrow::Cow;

use crate::error::Result;
use crate::privacy::consent::standing_columns;
use crate::record::door::Reader;

/// A statement over the tables that are read: those of now, or the views of a past state.
pub(super) fn on(reader: &Reader<'_>, text: &'static str) -> Result<Cow<'static, str>> {
    if reader.as_of.is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut past = text.to_owned();
    for name in TYPES {
        let table = reader.table(reader.schema.require(name)?);
        past = past.replace(&format!("\"{name}\" AS"), &format!("{table} AS"));
    }
    Ok(Cow::Owned(past))
}

/// People as contacts, by a condition: a row for each state and mark of the person, and one where there is none.
macro_rules! people {
    ($condition:literal) => {
        concat!(
            "SELECT p.\"id\", p.row_id, p.\"birth_date\", p.\"emails\", p.\"phones\", p.\"addresses\", ",
            "p.\"profiles\", s.holder, ",
            standing_columns!(),
            " FROM \"person\" AS p LEFT JOIN crm_standing AS s ON s.holder = p.\"id\" WHERE ",
            $condition
        )
    };
}

/// The legal bases of people, by what is said of the person. The last two columns, which a basis does not have, give
/// their types to the statements that follow in a union.
macro_rules! bases {
    ($person:literal) => {
        concat!(
            "SELECT 'basis', b.\"id\", b.\"purpose\", b.\"legal_basis\", b.\"special_category_ground\", b.\"status\", ",
            "a.\"outcome\", b.\"informed_at\", b.\"effective_from\", b.\"effective_to\", a.\"review_at\", ",
            "CAST(NULL AS boolean), CAST(NULL AS boolean) FROM \"processing_basis\" AS b ",
            "LEFT JOIN \"legitimate_interest_assessment\" AS a ON a.\"id\" = b.\"assessment\" WHERE b.\"person\" ",
            $person
        )
    };
}

/// The person with an identifier.
pub(crate) const PERSON: &str = people!("p.\"id\" = ?1");

/// What is noted of a person as a data subject.
pub(crate) const SUBJECT: &str = "SELECT d.\"kind\", d.\"residence_country\", d.\"residence_subdivision\", \
     d.\"time_zone\", d.\"age_band\", d.\"deceased_at\", d.\"restricted_since\" \
     FROM \"data_subject\" AS d WHERE d.\"person\" = ?1";

/// Whether the key of a person is there.
pub(crate) const KEY: &str = "SELECT 1 FROM crm_subject_key AS k WHERE k.subject = ?1";

/// The person in a row.
pub(crate) const PERSON_OF_ROW: &str = people!("p.row_id = ?1");

/// What was noted of a person: the legal bases, the objections, what the person had to do with the controller. The first
/// column says which of them.
pub(crate) const OF_PERSON: &str = concat!(
    bases!("= ?1"),
    " UNION ALL SELECT 'objection', o.\"id\", o.\"purpose\", o.\"channel\", o.\"outcome\", NULL, NULL, NULL, NULL, NULL, ",
    "NULL, NULL, NULL FROM \"objection\" AS o WHERE o.\"person\" = ?1 ",
    "UNION ALL SELECT 'event', e.\"id\", e.\"kind\", e.\"seller\", NULL, NULL, NULL, e.\"occurred_at\", NULL, NULL, NULL, ",
    "e.\"own_similar_goods\", e.\"opt_out_offered_at_collection\" FROM \"relationship_event\" AS e ",
    "WHERE e.\"person\" = ?1"
);

/// The legal bases of everybody of a purpose.
pub(crate) const BASES_OF_ALL: &str = bases!("IS NULL");

/// What was noted of an address: its suppressions, and, without an identifier, when it was contacted lately on a channel.
pub(crate) const OF_ADDRESS: &str = "SELECT s.\"id\", s.\"scope\", s.\"scope_key\", s.\"channel\", s.\"reason\", s.\"lifted_for\", \
     s.\"effective_at\", s.\"expires_at\", s.\"lifted_at\" FROM \"suppression\" AS s WHERE s.\"address_hash\" = ?1 \
     UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, c.\"consumed_at\", NULL, NULL FROM \"contact_permit\" AS c \
     WHERE c.\"address_hash\" = ?1 AND c.\"channel\" = ?2 AND c.\"consumed_at\" >= ?3";

/// The complete copies of registers, the latest first.
pub(crate) const SNAPSHOTS: &str = "SELECT r.\"id\", r.\"registry\", r.\"fetched_at\" FROM \"register_snapshot\" AS r \
     WHERE r.\"completed_at\" IS NOT NULL ORDER BY r.\"fetched_at\" DESC";

/// The types whose tables they read.
const TYPES: [&str; 9] = [
    "person",
    "data_subject",
    "objection",
    "relationship_event",
    "processing_basis",
    "legitimate_interest_assessment",
    "suppression",
    "contact_permit",
    "register_snapshot",
];
