//! Where a path leads: through links, to a column or the value index.

use super::{ALWAYS, Compiler};
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::ast::Path;
use crate::record::filter::context::FilterContext;
use crate::record::filter::limits::{MAX_JOINS, MAX_LINKS, exceeded};
use crate::record::parts::PartMember;
use crate::record::schema::{Field, NAME_KEY, RecordType, system, unknown_field};

/// A table in a statement, with the joins that paths from it need.
#[derive(Debug)]
pub(super) struct Scope<'c> {
    pub(super) alias: String,
    pub(super) record_type: &'c RecordType,
    joins: Vec<Join>,
    /// The conditions under which rows take part with their personal cells, by the alias of their table.
    guards: Vec<(String, String)>,
}

/// A link that is followed: once for all paths that go through it.
#[derive(Debug)]
struct Join {
    from: String,
    field: usize,
    alias: String,
    sql: String,
}

impl<'c> Scope<'c> {
    pub(super) fn new(alias: String, record_type: &'c RecordType) -> Self {
        Self { alias, record_type, joins: Vec::new(), guards: Vec::new() }
    }

    /// The conditions under which rows take part with their personal cells.
    pub(super) fn guards(&self) -> impl Iterator<Item = &String> {
        self.guards.iter().map(|(_, condition)| condition)
    }

    /// What stands behind `FROM`.
    pub(super) fn from(&self, context: &FilterContext<'_>) -> String {
        let mut from = format!("{} AS {}", (context.table)(self.record_type), self.alias);
        for join in &self.joins {
            from.push_str(&join.sql);
        }
        from
    }
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Target<'c> {
    /// A field that stands in a column.
    Column { alias: String, record_type: &'c RecordType, field: &'c Field, sql: String, linked: bool },
    /// The folded name.
    NameKey { sql: String, linked: bool },
    /// The currency of an amount of money.
    Currency { sql: String },
    /// The type that a reference points at.
    ReferenceType { sql: String },
    /// A field of several values, or a member of its parts.
    Multiple { alias: String, field: &'c Field, member: Option<&'static PartMember> },
}

impl<'c> Compiler<'c> {
    /// Follows a path, adding the joins that it needs.
    pub(super) fn target(&mut self, path: &Path, scope: &mut Scope<'c>) -> Result<Target<'c>> {
        let (mut record_type, mut alias) = (scope.record_type, scope.alias.clone());
        let mut links = 0;
        let mut segments = path.segments.iter().peekable();
        while let Some(segment) = segments.next() {
            let linked = links > 0;
            if segment == NAME_KEY && segments.peek().is_none() {
                self.check_name(record_type, path)?;
                self.guard(record_type, &alias, scope);
                return Ok(Target::NameKey { sql: format!("{alias}.{NAME_KEY}"), linked });
            }
            let field = self.field(record_type, segment, path)?;
            if field.is_personal() {
                self.guard(record_type, &alias, scope);
            }
            let sql = format!("{alias}.{}", field.column);
            let Some(member) = segments.peek() else {
                if field.kind().is_multiple() {
                    return Ok(Target::Multiple { alias, field, member: None });
                }
                return Ok(Target::Column { alias, record_type, field, sql, linked });
            };
            if let FieldKind::Link { target, .. } = field.kind()
                && field.position != system::ID
            {
                links += 1;
                if links > MAX_LINKS {
                    let error =
                        exceeded("filter.link_depth", format!("goes through more than {MAX_LINKS} links"));
                    return Err(path.place.locate(error, &path.dotted()));
                }
                record_type = self.context.schema.require(target)?;
                alias = self.join(field, &alias, record_type, path, scope)?;
                continue;
            }
            let found = match (field.kind(), member.as_str()) {
                (FieldKind::Money, "currency") => field
                    .currency_column
                    .as_ref()
                    .map(|column| Target::Currency { sql: format!("{alias}.{column}") }),
                (FieldKind::Reference { .. }, "type") => Some(Target::ReferenceType { sql }),
                (FieldKind::Parts(parts), name) => parts
                    .members
                    .iter()
                    .find(|member| member.name == name)
                    .map(|member| Target::Multiple { alias, field, member: Some(member) }),
                _ => None,
            };
            segments.next();
            return match (found, segments.peek()) {
                (Some(found), None) => Ok(found),
                _ => Err(wrong_path(record_type, field, path)),
            };
        }
        let error = CrmError::invalid("filter.path", "is an empty path");
        Err(path.place.locate(error, "filter"))
    }

    /// A field that the session may use.
    pub(super) fn field(&self, record_type: &'c RecordType, name: &str, path: &Path) -> Result<&'c Field> {
        let locate = |error: CrmError| path.place.locate(error, &path.dotted());
        let field = record_type.field(name).ok_or_else(|| {
            let name = crate::record::schema::clip(name);
            locate(unknown_field(record_type.name(), &name).detail("field", name))
        })?;
        if !self.trusted {
            (self.context.check_field)(record_type, field).map_err(locate)?;
        }
        Ok(field)
    }

    /// Asks of the fields that a name is made of whether the session may use them.
    fn check_name(&self, record_type: &RecordType, path: &Path) -> Result<()> {
        if self.trusted {
            return Ok(());
        }
        record_type.sort_key.iter().try_for_each(|position| {
            (self.context.check_field)(record_type, &record_type.fields[*position])
                .map_err(|error| path.place.locate(error, &path.dotted()))
        })
    }

    /// Passes over the rows of a table whose personal cells may not be used, from now on.
    pub(super) fn guard(&mut self, record_type: &RecordType, alias: &str, scope: &mut Scope<'c>) {
        if self.trusted || scope.guards.iter().any(|(known, _)| known == alias) {
            return;
        }
        let context = self.context;
        if let Some(condition) = (context.guard)(record_type, alias, &mut |parameter| self.bind(parameter)) {
            scope.guards.push((alias.to_owned(), condition));
        }
    }

    /// The alias of the table that a link leads to. Rows that the session may not see are not found.
    fn join(
        &mut self,
        field: &'c Field,
        from: &str,
        target: &'c RecordType,
        path: &Path,
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        let known = scope.joins.iter().find(|join| join.from == from && join.field == field.position);
        if let Some(known) = known {
            return Ok(known.alias.clone());
        }
        if scope.joins.len() >= MAX_JOINS {
            let reason = format!("goes through more than {MAX_JOINS} different links");
            return Err(path.place.locate(exceeded("filter.too_many_links", reason), &path.dotted()));
        }
        let alias = self.alias('j');
        let visible = match self.access_of_join(&alias, target)? {
            Some(condition) => format!(" AND {condition}"),
            None => String::new(),
        };
        let table = (self.context.table)(target);
        let sql =
            format!(" LEFT JOIN {table} AS {alias} ON {alias}.\"id\" = {from}.{}{visible}", field.column);
        scope.joins.push(Join { from: from.to_owned(), field: field.position, alias: alias.clone(), sql });
        Ok(alias)
    }

    fn access_of_join(&mut self, alias: &str, target: &'c RecordType) -> Result<Option<String>> {
        let parameters = self.parameters.len();
        let mut scope = Scope::new(alias.to_owned(), target);
        let condition = self.access(&mut scope)?;
        if scope.joins.is_empty() {
            return Ok(condition);
        }
        // A predicate that itself follows links cannot stand in an ON clause: it becomes a subquery.
        self.parameters.truncate(parameters);
        let mut scope = Scope::new(self.alias('a'), target);
        let condition = self.access(&mut scope)?.unwrap_or_else(|| ALWAYS.to_owned());
        Ok(Some(format!(
            "EXISTS (SELECT 1 FROM {} WHERE {}.row_id = {alias}.row_id AND {condition})",
            scope.from(self.context),
            scope.alias
        )))
    }
}

fn wrong_path(record_type: &RecordType, field: &Field, path: &Path) -> CrmError {
    let members = match field.kind() {
        FieldKind::Money => "only the member currency".to_owned(),
        FieldKind::Reference { .. } => "only the member type".to_owned(),
        FieldKind::Parts(parts) => {
            let names: Vec<_> = parts.members.iter().map(|member| member.name).collect();
            format!("only the members {}", names.join(", "))
        }
        _ => "no members and is no link".to_owned(),
    };
    let reason = format!("{} of {} has {members}", field.name(), record_type.name());
    path.place.locate(CrmError::invalid("filter.path", reason), &path.dotted())
}
