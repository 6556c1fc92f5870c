//! A mapping brought together with the header of a file and the schema, once for all rows.

use std::sync::Arc;

use super::convert::Spelling;
use super::find::Finder;
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::currency::Currency;
use crate::ground::sort;
use crate::interchange::mapping::{ColumnRule, Existing, LinkRule, Mapping, Missing, Mode, OncePer};
use crate::record::Schema;
use crate::record::descriptor::FieldKind;
use crate::record::parts::PartMember;
use crate::record::schema::{Field, RecordType, clip, system};

/// Where the text of a rule comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Constant(String),
    Cells { cells: Vec<usize>, join: String },
}

/// Where the value of a rule goes.
#[derive(Debug)]
pub(crate) enum Place {
    Whole,
    Member { item: usize, member: &'static PartMember },
}

/// How the target of a link is found.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) finder: Finder,
    pub(crate) missing: Missing,
    /// Whether the field may link to any type, so that the value says which.
    pub(crate) any: bool,
}

/// One line of the mapping.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) declared: ColumnRule,
    pub(crate) source: Source,
    pub(crate) position: usize,
    pub(crate) place: Place,
    pub(crate) spelling: Spelling,
    pub(crate) currency_cell: Option<usize>,
    pub(crate) link: Option<Link>,
    pub(crate) existing: Existing,
}

/// A mapping that is ready to run.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) record_type: Arc<RecordType>,
    pub(crate) mode: Mode,
    pub(crate) source: String,
    pub(crate) key: Vec<usize>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) only: Option<(usize, Vec<String>)>,
    pub(crate) once: Option<(Vec<usize>, Vec<usize>)>,
    pub(crate) country: Option<CountryCode>,
    pub(crate) country_cell: Option<usize>,
    /// The rules by whose fields a record is found: the finder and the number of the rule.
    pub(crate) matching: Vec<(Option<Finder>, usize)>,
    pub(crate) unmapped: Vec<String>,
    /// The names of the columns, for reports.
    pub(crate) header: Vec<String>,
}

/// The source of keys when nobody names one.
pub(crate) const DEFAULT_SOURCE: &str = "import";

impl Compiled {
    /// Brings a mapping together with a header.
    ///
    /// # Errors
    /// `type.unknown`, `field.unknown`, `mapping.*`, `csv.header.unknown_column`, naming the line of the mapping or
    /// the column.
    pub(crate) fn new(
        mapping: &Mapping,
        plan_source: Option<&str>,
        header: Vec<String>,
        schema: &Schema,
    ) -> Result<Self> {
        let record_type = schema.require(&mapping.record_type)?;
        let cells = Columns(&header);
        let source = mapping.source.as_deref().or(plan_source).unwrap_or(DEFAULT_SOURCE).to_owned();
        let mut rules = Vec::with_capacity(mapping.columns.len());
        for (line, declared) in mapping.columns.iter().enumerate() {
            let rule = rule(declared, &source, record_type, &cells, schema)
                .map_err(|error| error.within(&format!("columns[{line}]")))?;
            rules.extend(rule);
        }
        let key = mapping.key.iter().map(|name| cells.require(name)).collect::<Result<Vec<_>>>()?;
        let matching = matching(mapping, record_type, &rules)?;
        if mapping.mode != Mode::Create && key.is_empty() && matching.is_empty() {
            let reason = "an update needs a key or fields to match";
            return Err(CrmError::invalid("mapping.no_match", reason).at("match"));
        }
        let only = match &mapping.only {
            Some(only) => Some((cells.require(&only.column)?, only.is.clone())),
            None => None,
        };
        let once = match &mapping.once_per {
            Some(OncePer { columns, unordered }) => Some((
                columns.iter().map(|name| cells.require(name)).collect::<Result<_>>()?,
                unordered.iter().map(|name| cells.require(name)).collect::<Result<_>>()?,
            )),
            None => None,
        };
        let country = mapping.country.as_deref().map(CountryCode::parse).transpose()?;
        let country_cell = mapping.country_column.as_deref().map(|name| cells.require(name)).transpose()?;
        let unmapped: Vec<String> = header.iter().filter(|name| !named(mapping, name)).cloned().collect();
        if let (true, Some(name)) = (mapping.strict, unmapped.first()) {
            let reason = "is a column that the mapping does not name";
            return Err(CrmError::invalid("csv.header.unknown_column", reason).at(clip(name)));
        }
        Ok(Self {
            record_type: Arc::clone(record_type),
            mode: mapping.mode,
            source,
            key,
            rules,
            only,
            once,
            country,
            country_cell,
            matching,
            unmapped,
            header,
        })
    }
}

fn named(mapping: &Mapping, name: &str) -> bool {
    let once = mapping.once_per.iter().flat_map(|once| once.columns.iter().chain(&once.unordered));
    mapping
        .columns
        .iter()
        .flat_map(|rule| rule.sources().chain(rule.currency_column.as_deref()))
        .chain(mapping.key.iter().chain(once).map(String::as_str))
        .chain(mapping.only.iter().map(|only| only.column.as_str()))
        .chain(mapping.country_column.as_deref())
        .any(|known| known == name)
}

/// The columns of a file by name.
struct Columns<'h>(&'h [String]);

impl Columns<'_> {
    fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }

    fn require(&self, name: &str) -> Result<usize> {
        self.find(name).ok_or_else(|| {
            CrmError::invalid("csv.header.missing_column", "the file has no such column").at(clip(name))
        })
    }
}

/// One line of the mapping; nothing when the file lacks a column that it may lack.
fn rule(
    declared: &ColumnRule,
    source: &str,
    record_type: &Arc<RecordType>,
    cells: &Columns<'_>,
    schema: &Schema,
) -> Result<Option<Rule>> {
    let (field, place) = place(record_type, &declared.field)?;
    let from = match (&declared.constant, declared.sources().next()) {
        (Some(constant), None) => Source::Constant(constant.clone()),
        (None, Some(_)) => {
            let mut found = Vec::new();
            for name in declared.sources() {
                match cells.find(name) {
                    Some(cell) => found.push(cell),
                    None if declared.optional => {}
                    None => found.push(cells.require(name)?),
                }
            }
            if found.is_empty() {
                return Ok(None);
            }
            Source::Cells { cells: found, join: declared.join.clone().unwrap_or_else(|| " ".to_owned()) }
        }
        _ => {
            let reason = "takes either columns or a constant";
            return Err(CrmError::invalid("mapping.source", reason).at(clip(&declared.field)));
        }
    };
    if let Some(currency) = &declared.currency {
        Currency::from_code(currency).map_err(|error| error.at("currency"))?;
    }
    let link = match &declared.link {
        Some(link) => Some(compile_link(link, source, field, schema)?),
        None => None,
    };
    let existing = declared.existing.unwrap_or(if field.kind().is_multiple() {
        Existing::Add
    } else {
        Existing::Replace
    });
    Ok(Some(Rule {
        source: from,
        position: field.position,
        place,
        spelling: Spelling {
            formats: declared.formats.clone(),
            decimal_comma: declared.decimal_comma,
            separator: declared
                .separator
                .clone()
                .filter(|separator| !separator.is_empty())
                .unwrap_or_else(|| ";".to_owned()),
        },
        currency_cell: declared.currency_column.as_deref().map(|name| cells.require(name)).transpose()?,
        link,
        existing,
        declared: declared.clone(),
    }))
}

/// The most parts of one list that a mapping may name.
const MOST_ITEMS: usize = 50;

fn place<'t>(record_type: &'t RecordType, path: &str) -> Result<(&'t Field, Place)> {
    let invalid = |reason: &str| CrmError::invalid("mapping.field", reason).at(clip(path));
    let Some((head, member)) = path.split_once('.') else {
        let field = record_type.require(path)?;
        let set_by_engine = field.is_system()
            && !matches!(field.position, system::ID | system::OWNER | system::TEAM)
            || field.descriptor.read_only && !field.descriptor.at_creation && field.position != system::ID;
        if set_by_engine {
            return Err(CrmError::invalid("field.read_only", "is set by the engine only").at(clip(path)));
        }
        return Ok((field, Place::Whole));
    };
    let (name, item) = match head.split_once('[') {
        None => (head, 0),
        Some((name, rest)) => (
            name,
            rest.strip_suffix(']')
                .and_then(|number| number.parse().ok())
                .filter(|item| *item < MOST_ITEMS)
                .ok_or_else(|| invalid("is not of the form list[0].member"))?,
        ),
    };
    let field = record_type.require(name)?;
    let FieldKind::Parts(parts) = field.kind() else {
        return Err(invalid("has no members"));
    };
    let member = parts
        .members
        .iter()
        .find(|known| known.name == member)
        .ok_or_else(|| CrmError::invalid("field.unknown", "has no such member").at(clip(path)))?;
    Ok((field, Place::Member { item, member }))
}

fn compile_link(link: &LinkRule, source: &str, field: &Field, schema: &Schema) -> Result<Link> {
    let invalid = |reason: &str| CrmError::invalid("mapping.link", reason).at(field.name());
    let (target, any) = match (field.kind(), &link.record_type) {
        (FieldKind::Link { target, .. }, None) => (target.as_ref(), false),
        (FieldKind::Link { target, .. }, Some(stated)) if target == stated => (target.as_ref(), false),
        (FieldKind::Link { .. }, Some(_)) => return Err(invalid("links to another record type")),
        (FieldKind::Reference { .. }, Some(stated)) => (stated.as_str(), true),
        (FieldKind::Reference { .. }, None) => return Err(invalid("needs the record type of its target")),
        _ => return Err(invalid("is no link")),
    };
    let target = schema.require(target)?;
    let finder = match link.by.as_str() {
        "key" => Finder::by_key(target, link.source.as_deref().unwrap_or(source)),
        by => Finder::by_field(target, by)?,
    };
    if link.missing == Missing::Create && finder.position().is_none() {
        return Err(invalid("can only make its target when it is found by a field"));
    }
    Ok(Link { finder, missing: link.missing, any })
}

/// The fields that a record is matched by, those with an index first.
fn matching(
    mapping: &Mapping,
    record_type: &Arc<RecordType>,
    rules: &[Rule],
) -> Result<Vec<(Option<Finder>, usize)>> {
    let mut found = Vec::with_capacity(mapping.match_fields.len());
    for path in &mapping.match_fields {
        let wanted = path.replace("[0]", "");
        let rule = rules
            .iter()
            .position(|rule| rule.declared.field.replace("[0]", "") == wanted)
            .ok_or_else(|| {
                CrmError::invalid("mapping.match", "is matched, but no column goes into it").at(clip(path))
            })?;
        let finder = match Finder::by_field(record_type, path) {
            Ok(finder) => Some(finder),
            Err(error) if error.code() == "mapping.not_indexed" => None,
            Err(error) => return Err(error),
        };
        let only_checked = matches!(rules[rule].place, Place::Member { .. }) && finder.is_none();
        if only_checked {
            return Err(CrmError::invalid("mapping.not_indexed", "has no index").at(clip(path)));
        }
        found.push((finder, rule));
    }
    sort::by_key(&mut found, |(finder, _)| finder.is_none());
    if let Some((None, _)) = found.first() {
        let reason = "none of these fields has an index";
        return Err(CrmError::invalid("mapping.not_indexed", reason).at("match"));
    }
    Ok(found)
}
