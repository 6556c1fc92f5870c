//! Conditions on lists, multi-selects and parts, through the value index.

use super::compare::{no_operator, plain_text};
use super::operand::option_position;
use super::path::{Scope, Target};
use super::{ALWAYS, Compiler, NEVER, joined, negated};
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::ast::{Comparison, HasMode, Path};
use crate::record::filter::context::OwnedParam;
use crate::record::filter::operand::Operand;
use crate::record::filter::terms::index_term;
use crate::record::parts::{PartContext, PartMember};
use crate::record::schema::Field;

impl<'c> Compiler<'c> {
    /// `emails.address = "x"`: some part has it; `!=`: none has it.
    pub(super) fn compare_multiple(
        &mut self,
        alias: &str,
        field: &Field,
        member: Option<&PartMember>,
        op: Comparison,
        operand: &Operand,
        path: &Path,
    ) -> Result<String> {
        let Some(member) = member else {
            return Err(no_operator(path, whole_list(field)));
        };
        if !op.is_equality() {
            return Err(no_operator(
                path,
                "only =, !=, in, starts with, ends with and contains apply to members of parts",
            ));
        }
        let condition = self.has_one(alias, field, Some(member), operand, path)?;
        Ok(if op == Comparison::Equal { condition } else { negated(&condition) })
    }

    pub(super) fn has(
        &mut self,
        path: &Path,
        mode: HasMode,
        operands: &[Operand],
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        let Target::Multiple { alias, field, member } = self.target(path, scope)? else {
            return Err(no_operator(path, "has applies to lists; compare this field with = or in"));
        };
        if member.is_none() && matches!(field.kind(), FieldKind::Parts(_)) {
            return Err(no_operator(path, whole_list(field)));
        }
        if mode == HasMode::Any && !operands.is_empty() {
            let mut terms = Vec::new();
            for operand in operands {
                terms.extend(self.terms(field, member, operand, path)?);
            }
            return Ok(self.has_term(&alias, field, terms));
        }
        let conditions = operands
            .iter()
            .map(|operand| self.has_one(&alias, field, member, operand, path))
            .collect::<Result<Vec<_>>>()?;
        Ok(match (conditions.is_empty(), mode) {
            (true, HasMode::All) => ALWAYS.to_owned(),
            (true, HasMode::Any) => NEVER.to_owned(),
            (false, _) => joined(&conditions, "AND"),
        })
    }

    fn has_one(
        &mut self,
        alias: &str,
        field: &Field,
        member: Option<&PartMember>,
        operand: &Operand,
        path: &Path,
    ) -> Result<String> {
        let terms = self.terms(field, member, operand, path)?;
        Ok(self.has_term(alias, field, terms))
    }

    fn has_term(&mut self, alias: &str, field: &Field, terms: Vec<String>) -> String {
        if terms.is_empty() {
            return NEVER.to_owned();
        }
        let number = self.bind(OwnedParam::Integer(field.number));
        let terms = terms.into_iter().map(OwnedParam::Text).collect();
        let condition = self.any_of("v.value", terms);
        indexed(alias, self.context.value_table, &number, &condition)
    }

    /// Some part has the member at all.
    pub(super) fn has_member(
        &mut self,
        alias: &str,
        field: &Field,
        member: &PartMember,
        path: &Path,
    ) -> Result<String> {
        comparison_form(member, path)?;
        let number = self.bind(OwnedParam::Integer(field.number));
        let prefix = index_term(field, Some(member.name), "").into_owned();
        let condition = if prefix.is_empty() { ALWAYS.to_owned() } else { self.prefix("v.value", &prefix) };
        Ok(indexed(alias, self.context.value_table, &number, &condition))
    }

    /// The terms under which the value index holds an item that equals the operand.
    fn terms(
        &self,
        field: &Field,
        member: Option<&PartMember>,
        operand: &Operand,
        path: &Path,
    ) -> Result<Vec<String>> {
        let text = plain_text(operand, path)?;
        match (field.kind(), member) {
            (FieldKind::MultiSelect(options), _) => {
                option_position(options, text)
                    .map_err(|error| operand.place.locate(error, &path.dotted()))?;
                Ok(vec![text.to_owned()])
            }
            (FieldKind::Parts(_), Some(member)) => {
                let forms = comparison_form(member, path)?(text, &self.part_context());
                Ok(forms.iter().map(|form| index_term(field, Some(member.name), form).into_owned()).collect())
            }
            _ => Ok(vec![(self.context.fold)(text)]),
        }
    }

    fn part_context(&self) -> PartContext {
        PartContext { default_country: self.context.default_country }
    }

    /// Some item matches a condition on its term; `v.value` is the term.
    pub(super) fn has_match(
        &mut self,
        alias: &str,
        field: &Field,
        condition: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let number = self.bind(OwnedParam::Integer(field.number));
        let condition = condition(self);
        indexed(alias, self.context.value_table, &number, &condition)
    }
}

type ComparisonForm = fn(&str, &PartContext) -> Vec<String>;

/// How the member's values are brought into the form that the index holds.
pub(super) fn comparison_form(member: &PartMember, path: &Path) -> Result<ComparisonForm> {
    member.indexed.ok_or_else(|| {
        let error = CrmError::invalid("filter.not_indexed", format!("{} is not indexed", member.name));
        path.place.locate(error, &path.dotted())
    })
}

/// Rows whose entries in the value index fulfil a condition.
fn indexed(alias: &str, values: &str, number: &str, condition: &str) -> String {
    format!("{alias}.row_id IN (SELECT v.record FROM {values} AS v WHERE v.field = {number} AND {condition})")
}

fn whole_list(field: &Field) -> &'static str {
    match field.kind() {
        FieldKind::Parts(_) => "only null tests apply to parts as a whole; name a member",
        _ => "only has, contains and null tests apply to a list",
    }
}
