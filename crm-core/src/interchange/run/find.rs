//! Finding the record that a text stands for: by its key in another system, its identifier, or a field.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::interchange::keys;
use crate::record::descriptor::FieldKind;
use crate::record::filter::terms::{VALUE_TABLE, index_term};
use crate::record::parts::{PartContext, PartMember};
use crate::record::schema::{NAME_KEY, RecordType};
use crate::record::unit::UnitOfWork;
use crate::record::validate::normal_form;
use crate::record::value::Value;
use crate::storage::{Param, query_all};

/// The most records that one text is taken to stand for; more are as good as ambiguous.
const MOST: i64 = 100;

/// A way to find records of one type.
#[derive(Debug)]
pub(crate) struct Finder {
    pub(crate) record_type: Arc<RecordType>,
    how: How,
}

#[derive(Debug)]
enum How {
    Key { source: String },
    Id,
    Column { position: usize, sql: String },
    Name { sql: String },
    Term { position: usize, member: Option<&'static PartMember>, sql: String },
}

impl Finder {
    /// A way to find by the key of another system.
    pub(crate) fn by_key(record_type: &Arc<RecordType>, source: &str) -> Self {
        Self { record_type: Arc::clone(record_type), how: How::Key { source: source.to_owned() } }
    }

    /// A way to find by `id`, by a field, or by a member of a part, for example `emails.address`.
    ///
    /// # Errors
    /// `field.unknown`; `mapping.not_indexed` for a field by which every record would have to be looked at.
    pub(crate) fn by_field(record_type: &Arc<RecordType>, path: &str) -> Result<Self> {
        let (name, member) = path.split_once('.').map_or((path, None), |(name, member)| (name, Some(member)));
        let name = name.trim_end_matches("[0]");
        let field = record_type.require(name)?;
        let table = &record_type.table;
        let select = |condition: &str| {
            format!("SELECT t.\"id\" FROM {table} AS t WHERE {condition} ORDER BY t.row_id LIMIT {MOST}")
        };
        let term = |member| How::Term {
            position: field.position,
            member,
            sql: format!(
                "SELECT t.\"id\" FROM {VALUE_TABLE} AS v JOIN {table} AS t ON t.row_id = v.record \
                 WHERE v.field = ?1 AND v.value = ?2 ORDER BY t.row_id LIMIT {MOST}"
            ),
        };
        let how = match (field.kind(), member) {
            _ if name == "id" => How::Id,
            (FieldKind::Parts(parts), Some(member)) => term(Some(
                parts
                    .members
                    .iter()
                    .find(|known| known.name == member && known.indexed.is_some())
                    .ok_or_else(|| not_indexed(path))?,
            )),
            (FieldKind::List, None) => term(None),
            (
                FieldKind::Text
                | FieldKind::Email
                | FieldKind::Phone
                | FieldKind::Url
                | FieldKind::Integer
                | FieldKind::Date
                | FieldKind::Select(_),
                None,
            ) if field.descriptor.indexed || field.descriptor.unique => {
                How::Column { position: field.position, sql: select(&format!("t.{} = ?1", field.column)) }
            }
            (FieldKind::Text, None) if record_type.sort_key == [field.position] => {
                How::Name { sql: select(&format!("t.{NAME_KEY} = ?1")) }
            }
            _ => return Err(not_indexed(path)),
        };
        Ok(Self { record_type: Arc::clone(record_type), how })
    }

    /// The position of the field that is looked in, unless it is the key or the identifier.
    pub(crate) fn position(&self) -> Option<usize> {
        match &self.how {
            How::Column { position, .. } | How::Term { position, .. } => Some(*position),
            How::Name { .. } => self.record_type.sort_key.first().copied(),
            How::Key { .. } | How::Id => None,
        }
    }

    /// The records that a text stands for.
    ///
    /// # Errors
    /// What the text is refused for; `storage.*`.
    pub(crate) fn find(
        &self,
        unit: &UnitOfWork<'_>,
        text: &str,
        country: Option<CountryCode>,
    ) -> Result<Vec<RecordId>> {
        let connection = unit.connection;
        let context = PartContext { default_country: country };
        let ids = |sql: &str, parameters: &[Param<'_>]| {
            query_all(connection, sql, parameters, |row| Ok(row.id(0)?.unwrap_or_default()))
        };
        match &self.how {
            How::Key { source } => {
                Ok(keys::find(connection, &self.record_type, source, text)?.into_iter().collect())
            }
            How::Id => {
                let id: RecordId = text.parse()?;
                Ok(unit.get(&self.record_type, id)?.map(|_| id).into_iter().collect())
            }
            How::Name { sql } => ids(sql, &[Param::Text(&fold(text))]),
            How::Column { position, sql } => {
                let field = &self.record_type.fields[*position];
                let value = match field.kind() {
                    FieldKind::Integer => Value::Integer(text.parse().map_err(|_| {
                        CrmError::invalid("field.type", "takes a whole number").at(field.name())
                    })?),
                    FieldKind::Date => Value::Date(crate::parse_date(text)?),
                    _ => Value::Text(text.to_owned()),
                };
                match normal_form(field, value, &context)? {
                    Value::Text(text) => ids(sql, &[Param::Text(&text)]),
                    Value::Integer(number) => ids(sql, &[Param::Integer(number)]),
                    Value::Date(date) => ids(sql, &[Param::Date(date)]),
                    _ => Ok(Vec::new()),
                }
            }
            How::Term { position, member, sql } => {
                let field = &self.record_type.fields[*position];
                let forms = match member {
                    Some(PartMember { indexed: Some(form), .. }) => form(text, &context),
                    _ => vec![fold(text)],
                };
                let mut found: Vec<RecordId> = Vec::new();
                for form in &forms {
                    let term: Cow<'_, str> = index_term(field, member.map(|member| member.name), form);
                    for id in ids(sql, &[Param::Integer(field.number), Param::Text(&term)])? {
                        if !found.contains(&id) {
                            found.push(id);
                        }
                    }
                }
                Ok(found)
            }
        }
    }
}

fn not_indexed(path: &str) -> CrmError {
    let reason = "has no index, so that records cannot be found by it";
    CrmError::invalid("mapping.not_indexed", reason).at(crate::record::schema::clip(path))
}
