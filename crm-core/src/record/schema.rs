//! The schema in force: the built-in types together with the custom ones, resolved for use.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::descriptor::{
    DataClass, FieldDescriptor, FieldKind, OnDelete, SearchRole, Subject, TypeDescriptor,
};
use super::statements::Statements;
use crate::error::{CrmError, Result};
use crate::storage::{ColumnType, Connection, Dialect};

/// Positions of the fields that every record has, in [`RecordType::fields`].
pub mod system {
    /// The identifier.
    pub const ID: usize = 0;
    /// The version, 1 after creation.
    pub const VERSION: usize = 1;
    /// When the record was created.
    pub const CREATED_AT: usize = 2;
    /// Who created it.
    pub const CREATED_BY: usize = 3;
    /// When it was changed last.
    pub const UPDATED_AT: usize = 4;
    /// Who changed it last.
    pub const UPDATED_BY: usize = 5;
    /// The user who is responsible for it.
    pub const OWNER: usize = 6;
    /// The team that is responsible for it.
    pub const TEAM: usize = 7;
    /// How many there are.
    pub const COUNT: usize = 8;
}

/// What the names of custom types and fields begin with, and no built-in one does.
pub const CUSTOM_PREFIX: &str = "x_";

/// The name under which lists are sorted by, and filtered on, the folded name of a record.
pub const NAME_KEY: &str = "name_key";

/// A field in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What was declared.
    pub descriptor: FieldDescriptor,
    /// Where its value stands in a record's values.
    pub position: usize,
    /// The quoted name of its first column.
    pub column: String,
    /// The quoted name of its second column: the currency of an amount of money.
    pub currency_column: Option<String>,
    /// Its number in the value index and in the table of periods; 0 when it is in neither.
    pub number: i64,
}

impl Field {
    /// The name.
    pub fn name(&self) -> &str {
        &self.descriptor.name
    }

    /// The kind.
    pub fn kind(&self) -> &FieldKind {
        &self.descriptor.kind
    }

    /// Whether every record type has the field.
    pub fn is_system(&self) -> bool {
        self.position < system::COUNT
    }

    /// Whether rows have it only if they have a value, so that its index leaves out the others.
    fn is_sparse(&self) -> bool {
        // Links are looked up by a value, never sorted by. A custom field comes to tables that are full already:
        // an index of its values alone is empty at first, and made at once.
        self.descriptor.custom || matches!(self.kind(), FieldKind::Link { .. } | FieldKind::Reference { .. })
    }

    /// Whether records are called by it.
    pub(crate) fn is_title(&self) -> bool {
        self.descriptor.search == SearchRole::Title
    }

    /// Whether its values in the journal are sealed.
    pub fn is_personal(&self) -> bool {
        self.descriptor.class >= DataClass::Personal
    }

    /// Its columns with their types.
    pub fn columns(&self) -> impl Iterator<Item = (&str, ColumnType)> {
        std::iter::once((self.column.as_str(), self.descriptor.kind.column_type()))
            .chain(self.currency_column.as_deref().map(|column| (column, ColumnType::Text)))
    }
}

/// A link from a field of one type to records of another, seen from its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingLink {
    /// The number of the type that has the field.
    pub source: usize,
    /// The position of the field.
    pub field: usize,
    /// What happens to the source when the target is deleted.
    pub on_delete: OnDelete,
}

/// A record type in force.
#[derive(Debug)]
pub struct RecordType {
    /// Its place in the schema of this process.
    pub index: usize,
    /// Its number in the database: journal and search entries hold it. Stable for ever.
    pub number: i64,
    /// What was declared.
    pub descriptor: TypeDescriptor,
    /// All fields: the system ones, the declared ones, the custom ones.
    pub fields: Vec<Field>,
    /// The quoted name of the table.
    pub table: String,
    /// The links of other records to records of this type.
    pub incoming: Vec<IncomingLink>,
    /// Where the person stands whose data this record holds.
    pub subject_field: Option<usize>,
    /// The positions of the fields that make the sort key.
    pub sort_key: Vec<usize>,
    /// Whether any field goes into the search index.
    pub searched: bool,
    /// Whether its records decide what sessions may read.
    pub(crate) governs_reading: bool,
    /// Whether permits of everybody may rest on its records.
    pub(crate) governs_permits: bool,
    /// The positions of the time and the subject fields of its timeline entries.
    pub timeline: Option<(usize, Vec<usize>)>,
    by_name: HashMap<String, usize>,
    statements: OnceLock<Statements>,
}

impl RecordType {
    /// The name.
    pub fn name(&self) -> &str {
        &self.descriptor.name
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.by_name.get(name).map(|position| &self.fields[*position])
    }

    /// The field with this name.
    ///
    /// # Errors
    /// `field.unknown`, naming the field.
    pub fn require(&self, name: &str) -> Result<&Field> {
        self.field(name).ok_or_else(|| unknown_field(self.name(), name))
    }

    /// The statements that write and read rows of the type.
    pub fn statements(&self) -> &Statements {
        self.statements.get_or_init(|| Statements::of(self))
    }

    /// The declared and custom fields, without the system ones.
    pub fn own_fields(&self) -> &[Field] {
        &self.fields[system::COUNT..]
    }

    /// The statement that creates the table, without its indexes.
    pub fn create_table(&self, dialect: Dialect) -> String {
        let mut columns =
            vec![dialect.row_id_column().to_owned(), format!("{NAME_KEY} {} NOT NULL", text(dialect))];
        columns.extend(self.fields.iter().flat_map(|field| field_columns(field, dialect)));
        format!("CREATE TABLE {} ({}){}", self.table, columns.join(", "), dialect.table_suffix())
    }

    /// The names and statements of the table's indexes.
    pub fn create_indexes(&self, dialect: Dialect) -> Vec<(String, String)> {
        // Indexes and tables share their names: a dot, which no type or field has, keeps the index on the field
        // `status` of a `case` apart from the table `case_status`.
        let name = self.name();
        let mut indexes = vec![self.index_statement(dialect, &format!("{name}.id"), "UNIQUE ", "\"id\"", "")];
        if !self.sort_key.is_empty() {
            // With all that a suggestion shows, so that type-ahead reads the index alone; lists are sorted by the
            // first two. Custom fields come and go without the index being built anew.
            let titles =
                self.own_fields().iter().filter(|field| field.is_title() && !field.descriptor.custom);
            let columns = titles.fold(format!("{NAME_KEY}, row_id, \"id\""), |columns, field| {
                format!("{columns}, {}", field.column)
            });
            indexes.push(self.index_statement(dialect, &format!("{name}.name_key"), "", &columns, ""));
        }
        for field in &self.fields {
            if field.position == system::ID || field.descriptor.kind.is_multiple() {
                continue;
            }
            let (unique, needed) =
                (field.descriptor.unique, field.descriptor.indexed || field.descriptor.unique);
            if needed {
                let sparse = field.is_sparse();
                let only =
                    if sparse { format!(" WHERE {} IS NOT NULL", field.column) } else { String::new() };
                let kind = if unique { "UNIQUE " } else { "" };
                let name = format!("{name}.{}", field.name());
                indexes.push(self.index_statement(dialect, &name, kind, &field.column, &only));
            }
        }
        for fields in &self.descriptor.indexes {
            let columns: Vec<&str> = fields
                .iter()
                .filter_map(|name| self.field(name))
                .map(|field| field.column.as_str())
                .collect();
            indexes.push(self.index_statement(
                dialect,
                &format!("{name}.{}", fields.join(".")),
                "",
                &columns.join(", "),
                "",
            ));
        }
        indexes
    }

    /// Whether the type is a custom one.
    pub fn is_custom(&self) -> bool {
        self.descriptor.name.starts_with(CUSTOM_PREFIX)
    }

    /// The name of the index of one field.
    pub(crate) fn index_name(&self, dialect: Dialect, field: &Field) -> String {
        dialect.identifier(&format!("{}.{}", self.name(), field.name())).into_owned()
    }

    fn index_statement(
        &self,
        dialect: Dialect,
        name: &str,
        unique: &str,
        columns: &str,
        only: &str,
    ) -> (String, String) {
        let name = dialect.identifier(name);
        let statement = format!("CREATE {unique}INDEX {} ON {} ({columns}){only}", quote(&name), self.table);
        (name.into_owned(), statement)
    }

    /// The columns that are links, with the statements that make the database check them, where that comes after the
    /// tables are made.
    pub fn create_links(&self, dialect: Dialect) -> Vec<(&str, String)> {
        if dialect.links_query().is_none() {
            return Vec::new();
        }
        self.fields
            .iter()
            .filter_map(|field| Some((field, reference(field)?)))
            .map(|(field, reference)| {
                let (table, column) = (&self.table, field.column.as_str());
                let link = format!("ALTER TABLE {table} ADD FOREIGN KEY ({column}){reference} DEFERRABLE");
                (column, link)
            })
            .collect()
    }
}

/// The error for a field that a type does not have.
pub(crate) fn unknown_field(record_type: &str, field: &str) -> CrmError {
    CrmError::invalid("field.unknown", format!("{record_type} has no such field")).at(clip(field))
}

/// At most 80 characters of something that the caller named, for a path in an error.
pub(crate) fn clip(name: &str) -> String {
    name.chars().take(80).collect()
}

fn text(dialect: Dialect) -> &'static str {
    dialect.column_type(ColumnType::Text)
}

/// What makes the database check a field's link, if it is one that must not break.
fn reference(field: &Field) -> Option<String> {
    match field.kind() {
        // Who wrote a record is a fact, whether the user still exists or not.
        FieldKind::Link { target, .. }
            if !matches!(field.position, system::ID | system::CREATED_BY | system::UPDATED_BY) =>
        {
            // A custom field in the bin is nobody's any more: only the database still knows its links.
            let rule = if field.descriptor.custom { " ON DELETE SET NULL" } else { "" };
            Some(format!(" REFERENCES {}(\"id\"){rule}", quote(target)))
        }
        _ => None,
    }
}

/// The definitions of a field's columns, as `CREATE TABLE` and `ALTER TABLE ADD COLUMN` take them.
pub(crate) fn field_columns(field: &Field, dialect: Dialect) -> Vec<String> {
    let reference = match dialect.links_query() {
        None => reference(field).unwrap_or_default(),
        Some(_) => String::new(),
    };
    field
        .columns()
        .map(|(column, kind)| format!("{column} {}{reference}", dialect.column_type(kind)))
        .collect()
}

/// A name as an SQL identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name of the column with the currency of an amount.
pub(crate) fn currency_column(field: &str, custom: bool) -> String {
    let apart = if custom { '.' } else { '_' };
    format!("{field}{apart}currency")
}

pub(crate) fn system_fields() -> Vec<FieldDescriptor> {
    let user = |name: &'static str| {
        FieldDescriptor::new(name, FieldKind::Link { target: "user".into(), on_delete: OnDelete::Clear })
    };
    let mut created_by = user("created_by").describe("Who created the record.").read_only();
    let mut updated_by = user("updated_by").describe("Who changed it last.").read_only();
    (created_by.indexed, updated_by.indexed) = (false, false);
    vec![
        FieldDescriptor::new("id", FieldKind::Link { target: "".into(), on_delete: OnDelete::Restrict })
            .describe("The identifier, a UUIDv7.")
            .read_only(),
        FieldDescriptor::new("version", FieldKind::Integer)
            .describe("Counts the changes, from 1.")
            .read_only(),
        FieldDescriptor::new("created_at", FieldKind::Timestamp)
            .describe("When the record was created.")
            .read_only(),
        created_by,
        FieldDescriptor::new("updated_at", FieldKind::Timestamp)
            .describe("When it was changed last.")
            .read_only(),
        updated_by,
        user("owner").describe("The user who is responsible for the record."),
        FieldDescriptor::new("team", FieldKind::Link { target: "team".into(), on_delete: OnDelete::Clear })
            .describe("The team that is responsible for the record."),
    ]
}

/// All record types in force. Immutable; a change of custom fields makes a new one.
#[derive(Debug)]
pub struct Schema {
    types: Vec<Arc<RecordType>>,
    by_name: HashMap<String, usize>,
    by_number: HashMap<i64, usize>,
    /// How often the custom definitions had been changed when this was made of them.
    pub(crate) generation: i64,
    /// What adds the custom definitions.
    pub(crate) extend: Extend,
}

/// Adds the custom fields and types that a database holds to the built-in types: the port by which the engine asks
/// for what is above it.
pub(crate) type Extend = fn(&dyn Connection, Vec<TypeDescriptor>) -> Result<Vec<TypeDescriptor>>;

/// The numbers that the database has given to types and multiple fields, by name (`person`, `person.emails`).
pub type Numbers = BTreeMap<String, i64>;

impl Schema {
    /// Resolves the types; takes their numbers from the database's list and adds new ones to it.
    ///
    /// # Errors
    /// `schema.*` when a declaration contradicts itself: a link to an unknown type, two fields of one name.
    pub fn build(types: Vec<TypeDescriptor>, numbers: &mut Numbers) -> Result<Self> {
        let mut by_name = HashMap::new();
        for (index, descriptor) in types.iter().enumerate() {
            if by_name.insert(descriptor.name.to_string(), index).is_some() {
                return Err(broken(&descriptor.name, "is declared twice"));
            }
        }
        let mut resolved = Vec::with_capacity(types.len());
        for (index, descriptor) in types.into_iter().enumerate() {
            resolved.push(resolve(index, descriptor, numbers)?);
        }
        for (source, position, target, on_delete) in links(&resolved) {
            let Some(target) = by_name.get(&target) else {
                return Err(broken(resolved[source].name(), &format!("links to the unknown type {target}")));
            };
            resolved[*target].incoming.push(IncomingLink { source, field: position, on_delete });
        }
        let by_number = resolved.iter().map(|record_type| (record_type.number, record_type.index)).collect();
        let types = resolved.into_iter().map(Arc::new).collect();
        Ok(Self { types, by_name, by_number, generation: 0, extend: |_, builtin| Ok(builtin) })
    }

    /// All types, in the order of their declaration.
    pub fn types(&self) -> &[Arc<RecordType>] {
        &self.types
    }

    /// The type with this name.
    pub fn find(&self, name: &str) -> Option<&Arc<RecordType>> {
        self.by_name.get(name).map(|index| &self.types[*index])
    }

    /// The type with this name.
    ///
    /// # Errors
    /// `type.unknown`.
    pub fn require(&self, name: &str) -> Result<&Arc<RecordType>> {
        self.find(name)
            .ok_or_else(|| CrmError::invalid("type.unknown", "there is no such record type").at(clip(name)))
    }

    /// The type with this number in the database.
    pub fn by_number(&self, number: i64) -> Option<&Arc<RecordType>> {
        self.by_number.get(&number).map(|index| &self.types[*index])
    }

    /// The type at this place.
    pub fn at(&self, index: usize) -> &Arc<RecordType> {
        &self.types[index]
    }
}

fn broken(record_type: &str, reason: &str) -> CrmError {
    CrmError::internal(reason).with_code("schema.invalid").at(record_type)
}

fn number_of(numbers: &mut Numbers, name: String) -> i64 {
    let next = numbers.values().max().copied().unwrap_or(0) + 1;
    *numbers.entry(name).or_insert(next)
}

fn links(types: &[RecordType]) -> Vec<(usize, usize, String, OnDelete)> {
    let mut found = Vec::new();
    for record_type in types {
        for field in &record_type.fields {
            let skipped = matches!(field.position, system::ID | system::CREATED_BY | system::UPDATED_BY);
            match field.kind() {
                FieldKind::Link { target, on_delete } if !skipped => {
                    found.push((record_type.index, field.position, target.to_string(), *on_delete));
                }
                _ => {}
            }
        }
    }
    found
}

fn resolve(index: usize, descriptor: TypeDescriptor, numbers: &mut Numbers) -> Result<RecordType> {
    let number = number_of(numbers, descriptor.name.to_string());
    let mut fields = Vec::with_capacity(system::COUNT + descriptor.fields.len());
    let mut by_name = HashMap::new();
    for mut declared in system_fields().into_iter().chain(descriptor.fields.iter().cloned()) {
        let position = fields.len();
        if matches!(position, system::OWNER | system::TEAM) {
            declared.indexed = descriptor.owned;
        }
        if by_name.insert(declared.name.to_string(), position).is_some() {
            return Err(broken(&descriptor.name, &format!("has two fields named {}", declared.name)));
        }
        let number = if declared.kind.is_multiple() || declared.periods {
            number_of(numbers, format!("{}.{}", descriptor.name, declared.name))
        } else {
            0
        };
        fields.push(Field {
            column: quote(&declared.name),
            currency_column: matches!(declared.kind, FieldKind::Money)
                .then(|| quote(&currency_column(&declared.name, declared.custom))),
            position,
            number,
            descriptor: declared,
        });
    }
    let place = |name: &str| {
        by_name
            .get(name)
            .copied()
            .ok_or_else(|| broken(&descriptor.name, &format!("names the unknown field {name}")))
    };
    let subject_field = match &descriptor.subject {
        Subject::Itself => None,
        Subject::Field(name) => Some(place(name)?),
    };
    let sort_key = descriptor.sort_key.iter().map(|name| place(name)).collect::<Result<Vec<_>>>()?;
    let timeline = match &descriptor.timeline {
        None => None,
        Some(timeline) => {
            let subjects = timeline.subjects.iter().map(|name| place(name)).collect::<Result<Vec<_>>>()?;
            Some((place(&timeline.at)?, subjects))
        }
    };
    Ok(RecordType {
        index,
        number,
        table: quote(&descriptor.name),
        searched: descriptor.fields.iter().any(|field| field.search != SearchRole::None),
        fields,
        incoming: Vec::new(),
        governs_reading: super::catalog::GOVERN_READING.contains(&&*descriptor.name),
        governs_permits: super::catalog::GOVERN_PERMITS.contains(&&*descriptor.name),
        subject_field,
        sort_key,
        timeline,
        by_name,
        statements: OnceLock::new(),
        descriptor,
    })
}
