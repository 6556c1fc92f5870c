//! From a filter to SQL: checked against the schema, with bound parameters only.

mod children;
mod compare;
mod multiple;
mod operand;
mod path;
mod text;

use super::ast::{Filter, Path};
use super::context::{FilterContext, OwnedParam, Statement};
use super::limits::{check_limits, exceeded};
use crate::error::Result;
use crate::record::schema::RecordType;
use path::Scope;
pub(crate) use path::Target;

/// The most parameters of a statement; SQLite takes 32,766, PostgreSQL 65,535.
const MAX_PARAMETERS: usize = 30_000;

/// Compiles a filter, together with what the session may see, for the type's rows.
///
/// The rows are called `t`. Further conditions, columns and parameters may be added to the [`Selection`].
///
/// ```
/// use crm_core::record::filter::{FilterContext, compile::compile, parse};
/// use crm_core::record::{Schema, TypeDescriptor};
/// # use crm_core::record::{FieldDescriptor, FieldKind};
/// # let mut numbers = Default::default();
/// # let schema = Schema::build(
/// #     vec![TypeDescriptor::new("user", "users"), TypeDescriptor::new("team", "teams"),
/// #         TypeDescriptor::new("task", "tasks").field(FieldDescriptor::new("done", FieldKind::Boolean))],
/// #     &mut numbers,
/// # )?;
/// # let dialect = crm_core::storage::Dialect::Sqlite;
/// let context = FilterContext::new(&schema, dialect, "2026-11-21T10:00:00Z".parse()?);
/// let selection = compile(&parse("done = false")?, schema.require("task")?, &context)?;
/// let statement = selection.statement("SELECT t.row_id")?;
/// assert_eq!(statement.sql, r#"SELECT t.row_id FROM "task" AS t WHERE t."done" = ?1"#);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
///
/// # Errors
/// `field.unknown`, `type.unknown`; `filter.path`, `filter.link_depth`, `filter.too_many_links`,
/// `filter.operator`, `filter.operand`, `filter.option`, `filter.currency_missing`, `filter.date_range`,
/// `filter.not_indexed`, `filter.child`, `filter.no_user`; `filter.too_deep`, `filter.too_many`. The path is
/// the place in the text or JSON, or the field when the filter was built in Rust.
pub fn compile<'c>(
    filter: &Filter,
    record_type: &'c RecordType,
    context: &'c FilterContext<'c>,
) -> Result<Selection<'c>> {
    let mut selection = Selection::new(record_type, context)?;
    selection.restrict(filter)?;
    Ok(selection)
}

/// Rows of a type: what stands behind `FROM` and `WHERE`, with its parameters.
#[derive(Debug)]
pub struct Selection<'c> {
    pub(super) compiler: Compiler<'c>,
    scope: Scope<'c>,
    conditions: Vec<String>,
}

impl<'c> Selection<'c> {
    /// The rows of a type that the session may see.
    ///
    /// # Errors
    /// When the access predicate does not compile.
    pub fn new(record_type: &'c RecordType, context: &'c FilterContext<'c>) -> Result<Self> {
        let mut compiler = Compiler { context, parameters: Vec::new(), aliases: 0, trusted: false };
        let mut scope = Scope::new("t".to_owned(), record_type);
        let conditions = compiler.access(&mut scope)?.into_iter().collect();
        Ok(Self { compiler, scope, conditions })
    }

    /// Takes only the rows that pass the filter.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn restrict(&mut self, filter: &Filter) -> Result<()> {
        check_limits(filter)?;
        if *filter != Filter::All {
            let condition = self.compiler.condition(filter, &mut self.scope)?;
            self.conditions.push(condition);
        }
        Ok(())
    }

    /// Takes only the rows that pass a condition in SQL; its parameters come from [`Selection::bind`].
    pub fn restrict_sql(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Adds a parameter; gives its place, for example `?3`.
    pub fn bind(&mut self, parameter: OwnedParam) -> String {
        self.compiler.bind(parameter)
    }

    pub(crate) fn target(&mut self, path: &Path) -> Result<Target<'c>> {
        self.compiler.target(path, &mut self.scope)
    }

    pub(crate) fn context(&self) -> &'c FilterContext<'c> {
        self.compiler.context
    }

    /// What stands behind `FROM`, with the joins that the paths need.
    pub fn from(&self) -> String {
        self.scope.from(self.compiler.context)
    }

    /// What stands behind `WHERE`; holds for every row when all are taken.
    pub fn condition(&self) -> String {
        conjunction(&self.all_conditions())
    }

    fn all_conditions(&self) -> Vec<String> {
        self.conditions.iter().chain(self.scope.guards()).cloned().collect()
    }

    /// The statement that starts with this text.
    ///
    /// # Errors
    /// `filter.too_many` when there are more parameters than a statement can have.
    pub fn statement(self, start: &str) -> Result<Statement> {
        let conditions = self.all_conditions();
        let condition = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conjunction(&conditions))
        };
        let sql = format!("{start} FROM {}{condition}", self.from());
        self.finish(sql)
    }

    /// The statement with this text, which the caller has put together.
    ///
    /// # Errors
    /// As [`Selection::statement`].
    pub fn finish(self, sql: String) -> Result<Statement> {
        let parameters = self.compiler.parameters;
        if parameters.len() > MAX_PARAMETERS {
            let reason = format!("needs more than {MAX_PARAMETERS} parameters");
            return Err(exceeded("filter.too_many", reason));
        }
        Ok(Statement { sql, parameters })
    }
}

/// All of the conditions, at the top of a `WHERE`.
fn conjunction(conditions: &[String]) -> String {
    match conditions {
        [] => ALWAYS.to_owned(),
        // Plain `AND` without parentheses keeps the conditions in sight of every query planner.
        few if few.len() <= 8 => few.join(" AND "),
        many => joined(many, "AND"),
    }
}

/// The conditions joined as a balanced tree: a long chain would be deeper than SQLite's limit on expressions.
fn joined(conditions: &[String], word: &str) -> String {
    match conditions {
        [only] => only.clone(),
        few if few.len() <= 16 => format!("({})", few.join(&format!(" {word} "))),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            format!("({} {word} {})", joined(left, word), joined(right, word))
        }
    }
}

/// What is common to a statement and its subqueries.
#[derive(Debug)]
pub(super) struct Compiler<'c> {
    pub(super) context: &'c FilterContext<'c>,
    parameters: Vec<OwnedParam>,
    aliases: usize,
    /// Inside an access predicate, nothing is checked against access again.
    trusted: bool,
}

impl<'c> Compiler<'c> {
    fn bind(&mut self, parameter: OwnedParam) -> String {
        self.parameters.push(parameter);
        format!("?{}", self.parameters.len())
    }

    fn bind_text(&mut self, text: impl Into<String>) -> String {
        self.bind(OwnedParam::Text(text.into()))
    }

    fn alias(&mut self, letter: char) -> String {
        self.aliases += 1;
        format!("{letter}{}", self.aliases)
    }

    /// What the session may see of the scope's type.
    fn access(&mut self, scope: &mut Scope<'c>) -> Result<Option<String>> {
        if self.trusted {
            return Ok(None);
        }
        let Some(filter) = (self.context.access)(scope.record_type).filter(|filter| *filter != Filter::All)
        else {
            return Ok(None);
        };
        check_limits(&filter)?;
        self.trusted = true;
        let condition = self.condition(&filter, scope);
        self.trusted = false;
        condition.map(Some)
    }

    /// A condition in SQL. It may be NULL where the filter is false; only [`negated`] negates it.
    fn condition(&mut self, filter: &Filter, scope: &mut Scope<'c>) -> Result<String> {
        match filter {
            Filter::All => Ok(ALWAYS.to_owned()),
            Filter::And(filters) | Filter::Or(filters) => {
                let and = matches!(filter, Filter::And(_));
                let conditions =
                    filters.iter().map(|filter| self.condition(filter, scope)).collect::<Result<Vec<_>>>()?;
                Ok(match (conditions.is_empty(), and) {
                    (true, true) => ALWAYS.to_owned(),
                    (true, false) => NEVER.to_owned(),
                    (false, true) => joined(&conditions, "AND"),
                    (false, false) => joined(&conditions, "OR"),
                })
            }
            Filter::Not(inner) => Ok(negated(&self.condition(inner, scope)?)),
            Filter::Compare { path, op, operand } => self.compare(path, *op, operand, scope),
            Filter::In { path, operands } => self.one_of(path, operands, scope),
            Filter::Between { path, low, high } => self.between(path, low, high, scope),
            Filter::IsNull { path } => self.is_null(path, scope),
            Filter::Match { path, how, text } => self.matches(path, *how, text, scope),
            Filter::Has { path, mode, operands } => self.has(path, *mode, operands, scope),
            Filter::Children(children) => self.children(children, scope),
        }
    }
}

/// What holds for every row, and for none. In SQLite the words `TRUE` and `FALSE` are columns first: a field of
/// that name would take their place, and silently.
const ALWAYS: &str = "1 = 1";
const NEVER: &str = "1 = 0";

/// True where the condition is false or NULL.
fn negated(condition: &str) -> String {
    format!("NOT coalesce({condition}, {NEVER})")
}
