//! Whose data are closed to a purpose: people with a restriction, and people who object.

use super::policy::RedactionReason;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::ObjectionOutcome;
use crate::record::filter::OwnedParam;
use crate::record::schema::{RecordType, system};
use crate::storage::{Connection, Param, query_one};

/// The people whose personal data a session may not use, while there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    /// Whether there are restrictions.
    restrictions: bool,
    /// The keys of the session's purpose and of those above it, to which somebody objects.
    objections: Vec<String>,
}

/// What holds of a restriction that is in force at the time in the place `{now}`.
const IN_FORCE: &str = "(r.until IS NULL OR r.until > {now})";

/// An objection stops the processing while it is weighed, too (GDPR Article 18(1)(d)). One to a channel stops messages
/// only, which is decided by permits.
const STANDS: [ObjectionOutcome; 2] = [ObjectionOutcome::Upheld, ObjectionOutcome::Pending];

impl Guard {
    /// The guard for a purpose and those above it; `None` when nobody is closed to it.
    pub(super) fn load(
        connection: &dyn Connection,
        lineage: &[String],
        now: Timestamp,
    ) -> Result<Option<Self>> {
        let open = "SELECT 1 FROM restriction AS r WHERE r.until IS NULL LIMIT 1";
        let ending = "SELECT 1 FROM restriction AS r WHERE r.until > ?1 LIMIT 1";
        let restrictions = query_one(connection, open, &[], |_| Ok(()))?.is_some()
            || query_one(connection, ending, &[Param::Timestamp(now)], |_| Ok(()))?.is_some();
        let mut objections = Vec::new();
        let sql = "SELECT 1 FROM objection AS o WHERE o.purpose = ?1 AND o.channel IS NULL \
                   AND o.outcome IN (?2, ?3) LIMIT 1";
        for key in lineage {
            let [upheld, pending] = STANDS.map(|outcome| Param::Text(outcome.key()));
            if query_one(connection, sql, &[Param::Text(key), upheld, pending], |_| Ok(()))?.is_some() {
                objections.push(key.clone());
            }
        }
        let guard = Self { restrictions, objections };
        Ok((guard.restrictions || !guard.objections.is_empty()).then_some(guard))
    }

    /// The condition that the person in a column is not closed to the purpose; true where the column is null.
    pub(crate) fn condition(
        &self,
        person: &str,
        now: Timestamp,
        bind: &mut dyn FnMut(OwnedParam) -> String,
    ) -> String {
        let mut conditions = Vec::with_capacity(2);
        if self.restrictions {
            let in_force = IN_FORCE.replace("{now}", &bind(OwnedParam::Timestamp(now)));
            conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM restriction AS r WHERE r.person = {person} AND {in_force})"
            ));
        }
        if !self.objections.is_empty() {
            let keys: Vec<String> =
                self.objections.iter().map(|key| bind(OwnedParam::Text(key.clone()))).collect();
            let [upheld, pending] = STANDS.map(|outcome| bind(OwnedParam::Text(outcome.key().to_owned())));
            conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM objection AS o WHERE o.person = {person} AND o.channel IS NULL \
                 AND o.outcome IN ({upheld}, {pending}) AND o.purpose IN ({}))",
                keys.join(", ")
            ));
        }
        conditions.join(" AND ")
    }

    /// Why a person is closed to the purpose; `None` for one who is not.
    pub(super) fn reason(
        &self,
        connection: &dyn Connection,
        person: RecordId,
        now: Timestamp,
    ) -> Result<Option<RedactionReason>> {
        if self.restrictions {
            let in_force = IN_FORCE.replace("{now}", "?2");
            let sql = format!("SELECT 1 FROM restriction AS r WHERE r.person = ?1 AND {in_force} LIMIT 1");
            let parameters = [Param::Id(person), Param::Timestamp(now)];
            if query_one(connection, &sql, &parameters, |_| Ok(()))?.is_some() {
                return Ok(Some(RedactionReason::Restriction));
            }
        }
        let sql = "SELECT 1 FROM objection AS o WHERE o.person = ?1 AND o.purpose = ?2 AND o.channel IS NULL \
                   AND o.outcome IN (?3, ?4) LIMIT 1";
        for key in &self.objections {
            let [upheld, pending] = STANDS.map(|outcome| Param::Text(outcome.key()));
            let parameters = [Param::Id(person), Param::Text(key), upheld, pending];
            if query_one(connection, sql, &parameters, |_| Ok(()))?.is_some() {
                return Ok(Some(RedactionReason::Objection));
            }
        }
        Ok(None)
    }
}

/// The position of the field that says whose data a record holds, when that is a person: the record itself, or the one
/// that it links to.
pub(crate) fn subject_position(record_type: &RecordType) -> Option<usize> {
    match record_type.subject_field {
        Some(position) => Some(position),
        None => (record_type.name() == "person").then_some(system::ID),
    }
}

/// Whether records of a type hold personal data of a person.
pub(crate) fn holds_personal_data(record_type: &RecordType) -> bool {
    subject_position(record_type).is_some()
        && record_type.own_fields().iter().any(crate::record::Field::is_personal)
}
