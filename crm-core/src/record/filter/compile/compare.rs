//! Comparison, sets, ranges and null tests of values that stand in a column.

use super::operand::{Operands, option_position};
use super::path::{Scope, Target};
use super::{Compiler, NEVER, joined, negated};
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::ast::{Comparison, Path};
use crate::record::filter::context::OwnedParam;
use crate::record::filter::operand::{Literal, Operand};
use crate::record::schema::Field;

impl<'c> Compiler<'c> {
    pub(super) fn compare(
        &mut self,
        path: &Path,
        op: Comparison,
        operand: &Operand,
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        match self.target(path, scope)? {
            Target::Column { field, sql, .. } => self.compare_column(field, &sql, op, operand, path),
            Target::NameKey { sql, .. } => {
                let folded = (self.context.fold)(plain_text(operand, path)?);
                Ok(self.simple(&sql, op, OwnedParam::Text(folded)))
            }
            Target::Currency { sql } => {
                equality(op, path)?;
                let code = Self::currency(operand, path)?;
                Ok(self.simple(&sql, op, code))
            }
            Target::ReferenceType { sql } => {
                equality(op, path)?;
                let condition = self.reference_type(&sql, operand, path)?;
                Ok(if op == Comparison::Equal { condition } else { negated(&condition) })
            }
            Target::Multiple { alias, field, member } => {
                self.compare_multiple(&alias, field, member, op, operand, path)
            }
        }
    }

    fn compare_column(
        &mut self,
        field: &Field,
        sql: &str,
        op: Comparison,
        operand: &Operand,
        path: &Path,
    ) -> Result<String> {
        match field.kind() {
            FieldKind::Json => return Err(no_operator(path, "only null tests apply to a JSON document")),
            FieldKind::Boolean | FieldKind::Link { .. } | FieldKind::Reference { .. } => equality(op, path)?,
            FieldKind::Select(_) if !op.is_equality() => {
                return self.compare_options(field, sql, op, operand);
            }
            _ => {}
        }
        match self.operands(field, operand)? {
            Operands::Point(value) => Ok(self.simple(sql, op, value)),
            Operands::Points(values) => {
                let condition = self.any_of(sql, values);
                Ok(if op == Comparison::Equal { condition } else { negated(&condition) })
            }
            Operands::Span { first, last, included } => {
                let within = if included { "<=" } else { "<" };
                let beyond = if included { ">" } else { ">=" };
                Ok(match op {
                    Comparison::Equal | Comparison::NotEqual => {
                        let (first, last) = (self.bind(first), self.bind(last));
                        let condition = format!("({sql} >= {first} AND {sql} {within} {last})");
                        if op == Comparison::Equal { condition } else { negated(&condition) }
                    }
                    Comparison::Less => format!("{sql} < {}", self.bind(first)),
                    Comparison::LessOrEqual => format!("{sql} {within} {}", self.bind(last)),
                    Comparison::Greater => format!("{sql} {beyond} {}", self.bind(last)),
                    Comparison::GreaterOrEqual => format!("{sql} >= {}", self.bind(first)),
                })
            }
            Operands::Money(money) => {
                let currency_column = field.currency_column.as_deref().unwrap_or_default();
                // The columns of a field stand in the same table, so they share its alias.
                let alias = sql.split('.').next().unwrap_or_default();
                let positive = if op == Comparison::NotEqual { Comparison::Equal } else { op };
                let amount = self.bind(OwnedParam::Integer(money.minor()));
                let currency = self.bind_text(money.currency().code());
                let condition = format!(
                    "({sql} {} {amount} AND {alias}.{currency_column} = {currency})",
                    positive.symbol()
                );
                Ok(if op == Comparison::NotEqual { negated(&condition) } else { condition })
            }
        }
    }

    /// Options compare by their order, so that `priority >= "high"` reads as it should.
    fn compare_options(
        &mut self,
        field: &Field,
        sql: &str,
        op: Comparison,
        operand: &Operand,
    ) -> Result<String> {
        let Operands::Point(OwnedParam::Text(key)) = self.operands(field, operand)? else {
            return Err(CrmError::internal("an option is not a text"));
        };
        let FieldKind::Select(options) = field.kind() else {
            return Err(CrmError::internal("only options are compared by their order"));
        };
        let at = option_position(options, &key)?;
        let wanted = options.iter().enumerate().filter(|(position, _)| match op {
            Comparison::Less => *position < at,
            Comparison::LessOrEqual => *position <= at,
            Comparison::Greater => *position > at,
            _ => *position >= at,
        });
        let keys = wanted.map(|(_, option)| OwnedParam::Text(option.key.to_string())).collect();
        Ok(self.any_of(sql, keys))
    }

    /// A comparison with one value. `!=` is true where there is no value.
    fn simple(&mut self, sql: &str, op: Comparison, value: OwnedParam) -> String {
        let place = self.bind(value);
        match op {
            Comparison::NotEqual => format!("{sql} IS DISTINCT FROM {place}"),
            op => format!("{sql} {} {place}", op.symbol()),
        }
    }

    pub(super) fn any_of(&mut self, sql: &str, mut values: Vec<OwnedParam>) -> String {
        match (values.len(), values.pop()) {
            (0, _) | (_, None) => NEVER.to_owned(),
            (1, Some(value)) => self.simple(sql, Comparison::Equal, value),
            (_, Some(last)) => {
                values.push(last);
                let places: Vec<_> = values.into_iter().map(|value| self.bind(value)).collect();
                format!("{sql} IN ({})", places.join(", "))
            }
        }
    }

    pub(super) fn one_of(
        &mut self,
        path: &Path,
        operands: &[Operand],
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        if let Target::Column { field, sql, .. } = self.target(path, scope)?
            && !matches!(field.kind(), FieldKind::Json)
        {
            let mut points = Vec::with_capacity(operands.len());
            for operand in operands {
                match self.operands(field, operand)? {
                    Operands::Point(value) => points.push(value),
                    Operands::Points(values) => points.extend(values),
                    Operands::Span { .. } | Operands::Money(_) => {
                        points.clear();
                        break;
                    }
                }
            }
            if !points.is_empty() || operands.is_empty() {
                return Ok(self.any_of(&sql, points));
            }
        }
        let conditions = operands
            .iter()
            .map(|operand| self.compare(path, Comparison::Equal, operand, scope))
            .collect::<Result<Vec<_>>>()?;
        Ok(if conditions.is_empty() { NEVER.to_owned() } else { joined(&conditions, "OR") })
    }

    pub(super) fn between(
        &mut self,
        path: &Path,
        low: &Operand,
        high: &Operand,
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        if let (Literal::Money { currency: one, .. }, Literal::Money { currency: other, .. }) =
            (&low.literal, &high.literal)
            && one != other
        {
            let error = CrmError::invalid("filter.operand", "has another currency than the lower bound");
            return Err(high.place.locate(error, &path.dotted()));
        }
        let from = self.compare(path, Comparison::GreaterOrEqual, low, scope)?;
        let to = self.compare(path, Comparison::LessOrEqual, high, scope)?;
        Ok(format!("({from} AND {to})"))
    }

    pub(super) fn is_null(&mut self, path: &Path, scope: &mut Scope<'c>) -> Result<String> {
        Ok(match self.target(path, scope)? {
            Target::Column { sql, .. } | Target::Currency { sql } | Target::ReferenceType { sql } => {
                format!("{sql} IS NULL")
            }
            // A record without a name has an empty key.
            Target::NameKey { sql, .. } => format!("({sql} IS NULL OR {sql} = '')"),
            Target::Multiple { alias, field, member: None } => {
                let sql = format!("{alias}.{}", field.column);
                format!("({sql} IS NULL OR {sql} = '[]')")
            }
            Target::Multiple { alias, field, member: Some(member) } => {
                negated(&self.has_member(&alias, field, member, path)?)
            }
        })
    }

    fn currency(operand: &Operand, path: &Path) -> Result<OwnedParam> {
        let code = plain_text(operand, path)?;
        let currency = crate::ground::currency::Currency::from_code(code)
            .map_err(|error| operand.place.locate(error, &path.dotted()))?;
        Ok(OwnedParam::Text(currency.code().to_owned()))
    }

    /// References start with the type, so those to one type stand together in an index.
    fn reference_type(&mut self, sql: &str, operand: &Operand, path: &Path) -> Result<String> {
        let name = plain_text(operand, path)?;
        self.context.schema.require(name).map_err(|error| operand.place.locate(error, &path.dotted()))?;
        // The semicolon follows the colon in ASCII.
        let (first, last) = (self.bind_text(format!("{name}:")), self.bind_text(format!("{name};")));
        Ok(format!("({sql} >= {first} AND {sql} < {last})"))
    }
}

/// The text of an operand that must be one.
pub(super) fn plain_text<'o>(operand: &'o Operand, path: &Path) -> Result<&'o str> {
    match &operand.literal {
        Literal::Text(text) => Ok(text),
        _ => {
            let error = CrmError::invalid("filter.operand", "is not text, where text is needed");
            Err(operand.place.locate(error, &path.dotted()))
        }
    }
}

pub(super) fn no_operator(path: &Path, reason: &str) -> CrmError {
    path.place.locate(CrmError::invalid("filter.operator", reason), &path.dotted())
}

fn equality(op: Comparison, path: &Path) -> Result<()> {
    match op.is_equality() {
        true => Ok(()),
        false => Err(no_operator(path, "only =, != and in apply to such a field")),
    }
}
