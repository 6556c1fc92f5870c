//! Conditions on the records that link to a record.

use super::path::Scope;
use super::{Compiler, conjunction};
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::Filter;
use crate::record::filter::ast::{ChildTest, Children, Comparison, Name, Path};
use crate::record::filter::context::OwnedParam;
use crate::record::schema::{Field, RecordType, system};

impl<'c> Compiler<'c> {
    pub(super) fn children(&mut self, children: &Children, scope: &mut Scope<'c>) -> Result<String> {
        let child = self.child_type(&children.child)?;
        let link = self.child_link(child, scope.record_type, children)?;
        let mut inner = Scope::new(self.alias('c'), child);
        let column = format!("{}.{}", inner.alias, link.column);
        let parent = format!("{}.\"id\"", scope.alias);
        let mut conditions = vec![match link.kind() {
            FieldKind::Reference { .. } => {
                let prefix = self.bind_text(format!("{}:", scope.record_type.name()));
                format!("{column} = {}", self.context.dialect.reference_text(&prefix, &parent))
            }
            _ => format!("{column} = {parent}"),
        }];
        conditions.extend(self.access(&mut inner)?);
        if children.filter != Filter::All {
            conditions.push(self.condition(&children.filter, &mut inner)?);
        }
        if link.is_personal() {
            let alias = inner.alias.clone();
            self.guard(child, &alias, &mut inner);
        }
        conditions.extend(inner.guards().cloned());
        let rest = format!("FROM {} WHERE {}", inner.from(self.context), conjunction(&conditions));
        Ok(match children.test {
            ChildTest::Exists => format!("EXISTS (SELECT 1 {rest})"),
            ChildTest::None => format!("NOT EXISTS (SELECT 1 {rest})"),
            ChildTest::Count(op, number) => {
                let symbol = if op == Comparison::NotEqual { "<>" } else { op.symbol() };
                let number = self.bind(OwnedParam::Integer(number.into()));
                format!("(SELECT count(*) {rest}) {symbol} {number}")
            }
        })
    }

    fn child_type(&self, name: &Name) -> Result<&'c RecordType> {
        let schema = self.context.schema;
        let found = schema
            .find(&name.text)
            .or_else(|| schema.types().iter().find(|child| child.descriptor.plural == name.text.as_str()));
        found.map(|child| &**child).ok_or_else(|| {
            let error = CrmError::invalid("type.unknown", "there is no such record type");
            name.place.locate(error, &name.text)
        })
    }

    /// The field of the child that points at the parent.
    fn child_link(
        &self,
        child: &'c RecordType,
        parent: &RecordType,
        children: &Children,
    ) -> Result<&'c Field> {
        let points_here = |field: &&Field| match field.kind() {
            FieldKind::Link { target, .. } => field.position != system::ID && target == parent.name(),
            FieldKind::Reference { .. } => true,
            _ => false,
        };
        let refuse = |name: &Name, reason: String| {
            Err(name.place.locate(CrmError::invalid("filter.child", reason), &name.text))
        };
        if let Some(via) = &children.via {
            let path = Path { segments: vec![via.text.clone()], place: via.place.clone() };
            let field = self.field(child, &via.text, &path)?;
            if points_here(&field) {
                return Ok(field);
            }
            return refuse(
                via,
                format!("{} of {} does not link to {}", field.name(), child.name(), parent.name()),
            );
        }
        let written = |field: &&Field| matches!(field.position, system::CREATED_BY | system::UPDATED_BY);
        let candidates: Vec<_> =
            child.fields.iter().filter(points_here).filter(|field| !written(field)).collect();
        let links: Vec<_> = candidates
            .iter()
            .copied()
            .filter(|field| matches!(field.kind(), FieldKind::Link { .. }))
            .collect();
        // A link to just this type says more than a reference that may point at anything.
        match (links.as_slice(), candidates.as_slice()) {
            ([only], _) | ([], [only]) => self.field(
                child,
                only.name(),
                &Path { segments: vec![only.name().to_owned()], place: children.child.place.clone() },
            ),
            ([], []) => {
                refuse(&children.child, format!("no field of {} links to {}", child.name(), parent.name()))
            }
            _ => {
                let names: Vec<_> = candidates.iter().map(|field| field.name()).collect();
                let reason = format!("several fields link here; say via {}", names.join(" or via "));
                refuse(&children.child, reason)
            }
        }
    }
}
