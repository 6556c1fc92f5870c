//! What a filter is compiled with, and what comes out.

use crate::error::Result;
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::ground::time::{Date, Timestamp};
use crate::ground::zone::Zone;
use crate::record::descriptor::FieldKind;
use crate::record::filter::Filter;
use crate::record::filter::terms::VALUE_TABLE;
use crate::record::schema::{Field, RecordType, Schema};
use crate::storage::{Dialect, Param};

/// Adds a parameter to a statement and gives its place, for example `?3`.
pub type Bind<'b> = dyn FnMut(OwnedParam) -> String + 'b;

/// Gives the condition for the rows of a type in a table called by an alias.
pub type Guarding<'a> = dyn Fn(&RecordType, &str, &mut Bind<'_>) -> Option<String> + 'a;

/// What the compilation of filters and queries may need to know. Make one with [`FilterContext::new`] and set
/// what differs.
pub struct FilterContext<'a> {
    /// The schema in force.
    pub schema: &'a Schema,
    /// The database that the statement is for.
    pub dialect: Dialect,
    /// What `now` and `today` start from.
    pub now: Timestamp,
    /// Where days begin.
    pub zone: Zone,
    /// The acting user, for `me`.
    pub me: Option<RecordId>,
    /// The teams of the acting user, for `my team`.
    pub teams: &'a [RecordId],
    /// The country whose spelling of phone numbers is assumed.
    pub default_country: Option<CountryCode>,
    /// Which records of a type the session may see; `None` for all. Compiled into every list, count, group, join
    /// and subquery. It is trusted: inside it, no further predicate is applied.
    pub access: &'a dyn Fn(&RecordType) -> Option<Filter>,
    /// Whether the session may filter, sort and group by a field. Not asked inside access predicates.
    pub check_field: &'a dyn Fn(&RecordType, &Field) -> Result<()>,
    /// The condition that rows must meet, in a table called by an alias, to take part with their personal cells: `None`
    /// when all do. Compiled wherever a personal field is used, so that what is asked of a cell that may not be read, and its
    /// contrary, pass the row over alike. Not asked inside access predicates.
    pub guard: &'a Guarding<'a>,
    /// What stands behind `FROM` for a type: its table, or a view of it as of a day.
    pub table: &'a dyn Fn(&RecordType) -> String,
    /// The value index: its table, or a view of it as of a day.
    pub value_table: &'a str,
    /// The folded form of a text, as the name key and `crm_fold` have it.
    pub fold: &'a dyn Fn(&str) -> String,
    /// The stored form of an e-mail address, phone number or web address; `None` to take it as it is.
    pub normalise: &'a dyn Fn(&FieldKind, &str) -> Option<String>,
}

impl<'a> FilterContext<'a> {
    /// A context without restrictions, in UTC, for nobody.
    pub fn new(schema: &'a Schema, dialect: Dialect, now: Timestamp) -> Self {
        Self {
            schema,
            dialect,
            now,
            zone: Zone::UTC,
            me: None,
            teams: &[],
            default_country: None,
            access: &|_| None,
            check_field: &|_, _| Ok(()),
            guard: &|_, _, _| None,
            table: &|record_type| record_type.table.clone(),
            value_table: VALUE_TABLE,
            fold: &fold,
            normalise: &|_, _| None,
        }
    }
}

impl std::fmt::Debug for FilterContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilterContext")
            .field("now", &self.now)
            .field("zone", &self.zone)
            .finish_non_exhaustive()
    }
}

/// A parameter that owns its value.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedParam {
    /// SQL NULL.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A binary floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// An identifier.
    Id(RecordId),
    /// A point in time.
    Timestamp(Timestamp),
    /// A date.
    Date(Date),
}

impl OwnedParam {
    /// The parameter as the storage port takes it.
    pub fn as_param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Boolean(value) => Param::Boolean(*value),
            Self::Integer(value) => Param::Integer(*value),
            Self::Real(value) => Param::Real(*value),
            Self::Text(value) => Param::Text(value),
            Self::Id(value) => Param::Id(*value),
            Self::Timestamp(value) => Param::Timestamp(*value),
            Self::Date(value) => Param::Date(*value),
        }
    }
}

/// A statement with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text, with numbered parameters.
    pub sql: String,
    /// The parameters, from `?1` on.
    pub parameters: Vec<OwnedParam>,
}

impl Statement {
    /// The parameters as the storage port takes them.
    pub fn params(&self) -> Vec<Param<'_>> {
        self.parameters.iter().map(OwnedParam::as_param).collect()
    }
}
