//! What a session may read, worked out once and kept until something changes that decides it.

use std::sync::{Arc, PoisonError};

use super::guard::{Guard, holds_personal_data};
use super::model::ReadingEffect;
use super::policy::{Policy, Question, RedactionReason, Rule};
use crate::crm::Engine;
use crate::error::{CrmError, ErrorKind, Result};
use crate::privacy::kinds::PurposeClass;
use crate::privacy::purposes;
use crate::record::schema::{Field, RecordType, Schema};
use crate::session::{Purpose, Viewer};
use crate::storage::{Connection, Param, query_all};

/// What a session may read. It holds for one state of the schema and of all that governs reading.
#[derive(Debug)]
pub(crate) struct ReadScope {
    purpose: String,
    gate: bool,
    schema: i64,
    reading: i64,
    /// By the place of the type in the schema: the fields that may not be read, by position.
    hidden: Vec<Vec<(usize, RedactionReason)>>,
    pub(super) guard: Option<Guard>,
    /// Fewer people than this are no group, in a session whose purpose is not to look at single people.
    pub(crate) least_group: Option<u32>,
    is_open: bool,
}

/// How many scopes are kept.
const KEPT: usize = 64;

impl ReadScope {
    /// The scope of a viewer, from those that are kept or anew. `reading` counts the changes of what governs reading, as
    /// the committed state has it.
    pub(crate) fn of(
        engine: &Engine,
        connection: &dyn Connection,
        viewer: &Viewer,
        schema: &Schema,
        reading: i64,
    ) -> Result<Arc<Self>> {
        let kept = engine.scopes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(scope) = kept.iter().find(|scope| scope.is_of(viewer, schema, reading)) {
            return Ok(Arc::clone(scope));
        }
        drop(kept);
        let scope = Arc::new(Self::load(engine, connection, viewer, schema, reading)?);
        let mut kept = engine.scopes.write().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|old| old.schema == scope.schema && old.reading == scope.reading);
        kept.truncate(KEPT - 1);
        kept.push(Arc::clone(&scope));
        Ok(scope)
    }

    fn is_of(&self, viewer: &Viewer, schema: &Schema, reading: i64) -> bool {
        self.reading == reading
            && self.schema == schema.generation
            && self.gate == viewer.special_ground.is_some()
            && self.purpose == viewer.purpose_key()
    }

    /// Works the scope out from what the connection sees.
    pub(crate) fn load(
        engine: &Engine,
        connection: &dyn Connection,
        viewer: &Viewer,
        schema: &Schema,
        reading: i64,
    ) -> Result<Self> {
        let key = viewer.purpose_key();
        let Resolved { root, class, lineage } = resolve(connection, key)?;
        let gate = viewer.special_ground.is_some();
        let policy = Policy { root, gate, rules: rules(connection, &lineage)? };
        let hidden: Vec<_> = schema.types().iter().map(|known| hidden_of(&policy, known)).collect();
        let guard =
            if is_exempt(root) { None } else { Guard::load(connection, &lineage, engine.clock.now())? };
        Ok(Self {
            purpose: key.to_owned(),
            gate,
            schema: schema.generation,
            reading,
            is_open: guard.is_none() && hidden.iter().all(Vec::is_empty),
            hidden,
            guard,
            least_group: (root == Purpose::Analytics || class == PurposeClass::Analytics)
                .then_some(engine.config.least_group),
        })
    }

    /// Whether everything may be read.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether all cells of a type may be read.
    pub(crate) fn is_open_for(&self, record_type: &RecordType) -> bool {
        self.is_open || (self.hidden_of(record_type).is_empty() && !self.guards(record_type))
    }

    /// The fields of a type that may not be read, whoever's data they are.
    pub(crate) fn hidden_of(&self, record_type: &RecordType) -> &[(usize, RedactionReason)] {
        self.hidden.get(record_type.index).map_or(&[], Vec::as_slice)
    }

    /// Why a field may not be read, whoever's data it is.
    pub(crate) fn reason(&self, record_type: &RecordType, field: &Field) -> Option<RedactionReason> {
        let hidden = self.hidden_of(record_type);
        hidden.iter().find(|(position, _)| *position == field.position).map(|(_, reason)| *reason)
    }

    /// Refuses to use a field that may not be read.
    ///
    /// # Errors
    /// `field.redacted`.
    pub(crate) fn check(&self, record_type: &RecordType, field: &Field) -> Result<()> {
        match self.reason(record_type, field) {
            None => Ok(()),
            Some(reason) => Err(redacted(reason).at(field.name())),
        }
    }

    /// Whether rows of a type have to be asked whose data they hold.
    pub(crate) fn guards(&self, record_type: &RecordType) -> bool {
        self.guard.is_some() && holds_personal_data(record_type)
    }
}

/// The error for a field that the session may not read.
pub(crate) fn redacted(reason: RedactionReason) -> CrmError {
    CrmError::new(ErrorKind::Forbidden, "field.redacted", reason.words()).detail("reason", reason.code())
}

/// Purposes to which no restriction and no objection closes data: what the law demands, the rights of the people
/// themselves, and storage (GDPR Articles 18(2), 21(1)).
fn is_exempt(root: Purpose) -> bool {
    matches!(root, Purpose::LegalCompliance | Purpose::RightsFulfilment | Purpose::TechnicalServiceProvision)
}

/// A purpose with what lies above it.
pub(crate) struct Resolved {
    /// The root, one of the built-in purposes.
    pub(crate) root: Purpose,
    /// What the purpose itself amounts to.
    pub(crate) class: PurposeClass,
    /// Its key, and the keys of those above it.
    pub(crate) lineage: Vec<String>,
}

/// Looks a purpose up, with what lies above it.
///
/// # Errors
/// `purpose.unknown`.
pub(crate) fn resolve(connection: &dyn Connection, key: &str) -> Result<Resolved> {
    let lineage = purposes::tree::lineage(connection, key)?;
    Ok(Resolved {
        root: lineage.last().map_or(key, |root| root.key.as_str()).parse()?,
        class: lineage.first().map(|purpose| purpose.class).unwrap_or_default(),
        lineage: lineage.into_iter().map(|purpose| purpose.key).collect(),
    })
}

fn rules(connection: &dyn Connection, lineage: &[String]) -> Result<Vec<Rule>> {
    let mut found = Vec::new();
    let sql =
        "SELECT record_type, field, category, effect, special_ground FROM reading_rule WHERE purpose = ?1";
    for key in lineage {
        found.extend(query_all(connection, sql, &[Param::Text(key)], |row| {
            let text = |column| Ok::<_, CrmError>(row.text(column)?.map(str::to_owned));
            Ok(Rule {
                record_type: text(0)?.filter(|name| name != "*"),
                field: text(1)?,
                category: row.text(2)?.map(str::parse).transpose()?,
                effect: row.text(3)?.map(str::parse).transpose()?.unwrap_or(ReadingEffect::Deny),
                has_ground: row.text(4)?.is_some(),
            })
        })?);
    }
    Ok(found)
}

fn hidden_of(policy: &Policy, record_type: &RecordType) -> Vec<(usize, RedactionReason)> {
    let decide = |field: &Field| {
        let question = Question {
            record_type: record_type.name(),
            field: field.name(),
            class: field.descriptor.class,
            category: field.descriptor.category,
        };
        policy.decide(&question).map(|reason| (field.position, reason))
    };
    record_type.own_fields().iter().filter_map(decide).collect()
}
