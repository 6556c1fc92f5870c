//! One row of a file as the values of a record.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::compile::{Compiled, Link, Place, Rule, Source};
use super::convert::{RowContext, convert};
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::interchange::csv::Cells;
use crate::interchange::mapping::{Existing, Invalid, Missing, Otherwise, WhenEmpty};
use crate::record::data::RecordData;
use crate::record::descriptor::FieldKind;
use crate::record::parts::PartContext;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::validate::normal_form;
use crate::record::value::{Reference, Value};

/// Why a row, or a cell of it, is not taken.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) column: Option<String>,
    pub(crate) error: CrmError,
}

impl From<CrmError> for Refused {
    fn from(error: CrmError) -> Self {
        Self { column: None, error }
    }
}

/// A value for a field.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) position: usize,
    pub(crate) value: Value,
    pub(crate) existing: Existing,
}

/// What a row says.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) key: Option<String>,
    pub(crate) sets: Vec<Set>,
    /// The text of each rule that is matched by, empty where the cell is.
    pub(crate) matches: Vec<String>,
    pub(crate) country: Option<CountryCode>,
    /// Which items of the mapping the items of a list of parts come from.
    items: Vec<(usize, Vec<usize>)>,
    pub(crate) warnings: Vec<Refused>,
}

/// Targets of links that were found lately.
#[derive(Debug, Default)]
pub(crate) struct LinkCache(HashMap<(usize, String), RecordId>);

impl LinkCache {
    const MOST: usize = 10_000;

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A part that is being put together.
struct Part {
    position: usize,
    item: usize,
    members: Map<String, Json>,
    /// Whether any member came from a cell.
    filled: bool,
    existing: Existing,
}

/// Reads a row.
///
/// # Errors
/// The first cell that is refused; errors of the database as they are.
pub(crate) fn build(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    cells: &Cells,
    cache: &mut LinkCache,
) -> Result<Built, Refused> {
    if cells.record.len() != mapping.header.len() {
        let reason =
            format!("has {} cells where the header has {}", cells.record.len(), mapping.header.len());
        return Err(CrmError::invalid("csv.columns", reason).into());
    }
    let country = match mapping.country_cell.map(|cell| text_of(mapping, cells, cell)).transpose()? {
        Some(name) if !name.is_empty() => {
            let column = mapping.country_cell.and_then(|cell| mapping.header.get(cell).cloned());
            Some(CountryCode::parse(name).map_err(|error| Refused { column, error })?)
        }
        _ => mapping.country,
    };
    let mut built = Built {
        key: key(mapping, cells)?,
        matches: vec![String::new(); mapping.matching.len()],
        country: country.or(unit.engine.part_context().default_country),
        ..Built::default()
    };
    let mut parts: Vec<Part> = Vec::new();
    for (number, rule) in mapping.rules.iter().enumerate() {
        let text = rule_text(mapping, rule, cells)?;
        for (slot, (_, matched)) in built.matches.iter_mut().zip(&mapping.matching) {
            if *matched == number {
                text.as_ref().clone_into(slot);
            }
        }
        let outcome = if text.is_empty() {
            empty(rule)
        } else {
            match &rule.place {
                Place::Member { item, member } => member_value(member.json_type, &text).map(|value| {
                    let part = part_of(&mut parts, rule, *item);
                    part.filled |= matches!(rule.source, Source::Cells { .. });
                    part.members.insert(member.name.to_owned(), value);
                    None
                }),
                Place::Whole => whole(unit, mapping, number, &text, cells, &built, cache),
            }
        };
        match outcome {
            Ok(None) => {}
            Ok(Some(value)) => built.sets.push(Set {
                position: rule.position,
                existing: if value.is_null() { Existing::Replace } else { rule.existing },
                value,
            }),
            Err(error) => {
                let refused = Refused { column: column(mapping, rule), error: named(error, rule) };
                let skipped = rule.declared.invalid == Invalid::Skip && is_about_row(&refused.error);
                if !skipped {
                    return Err(refused);
                }
                built.warnings.push(refused);
            }
        }
    }
    finish_parts(unit, mapping, &mut built, parts)?;
    Ok(built)
}

/// Whether an error is about the data and not about the database.
pub(crate) fn is_about_row(error: &CrmError) -> bool {
    !error.kind().is_environmental()
}

fn named(error: CrmError, rule: &Rule) -> CrmError {
    error.at(rule.declared.field.clone())
}

fn column(mapping: &Compiled, rule: &Rule) -> Option<String> {
    match &rule.source {
        Source::Constant(_) => None,
        Source::Cells { cells, .. } => cells.first().and_then(|cell| mapping.header.get(*cell).cloned()),
    }
}

fn text_of<'c>(mapping: &Compiled, cells: &'c Cells, cell: usize) -> Result<&'c str, Refused> {
    let bytes = cells.record.get(cell).unwrap_or_default();
    std::str::from_utf8(bytes).map(str::trim).map_err(|error| Refused {
        column: mapping.header.get(cell).cloned(),
        error: CrmError::invalid(
            "csv.encoding",
            format!("is not valid UTF-8 from byte {}", error.valid_up_to() + 1),
        ),
    })
}

fn key(mapping: &Compiled, cells: &Cells) -> Result<Option<String>, Refused> {
    let mut key = String::new();
    for (place, &cell) in mapping.key.iter().enumerate() {
        let text = text_of(mapping, cells, cell)?;
        if text.is_empty() || text.len() > 500 {
            let (code, reason) = if text.is_empty() {
                ("import.key_missing", "the row has no key")
            } else {
                ("import.key_too_long", "has more than 500 bytes")
            };
            let column = mapping.header.get(cell).cloned();
            return Err(Refused { column, error: CrmError::invalid(code, reason) });
        }
        if place > 0 {
            key.push('|');
        }
        key.push_str(text);
    }
    Ok((!mapping.key.is_empty()).then_some(key))
}

/// The text that a rule takes from a row, after its value map and its default.
fn rule_text<'c>(mapping: &Compiled, rule: &'c Rule, cells: &'c Cells) -> Result<Cow<'c, str>, Refused> {
    let mut text = match &rule.source {
        Source::Constant(text) => Cow::Borrowed(text.as_str()),
        Source::Cells { cells: from, join } => match from.as_slice() {
            [cell] => Cow::Borrowed(text_of(mapping, cells, *cell)?),
            several => {
                let mut joined = String::new();
                for cell in several {
                    let text = text_of(mapping, cells, *cell)?;
                    if !text.is_empty() {
                        if !joined.is_empty() {
                            joined.push_str(join);
                        }
                        joined.push_str(text);
                    }
                }
                Cow::Owned(joined)
            }
        },
    };
    if !text.is_empty() && !rule.declared.values.is_empty() {
        text = match (rule.declared.values.get(text.as_ref()), rule.declared.otherwise) {
            (Some(mapped), _) => Cow::Borrowed(mapped.as_str()),
            (None, Otherwise::Keep) => text,
            (None, Otherwise::Ignore) => Cow::Borrowed(""),
            (None, Otherwise::Reject) => {
                let error = CrmError::invalid("import.value_unknown", "is not in the value map");
                return Err(Refused { column: column(mapping, rule), error: named(error, rule) });
            }
        };
    }
    Ok(match &rule.declared.default {
        Some(default) if text.is_empty() => Cow::Borrowed(default.as_str()),
        _ => text,
    })
}

fn empty(rule: &Rule) -> Result<Option<Value>> {
    if rule.declared.required {
        return Err(CrmError::invalid("import.required", "is empty, and the mapping requires it"));
    }
    let clears = rule.declared.empty == WhenEmpty::Clear && matches!(rule.place, Place::Whole);
    Ok(clears.then_some(Value::Null))
}

fn member_value(json_type: &str, text: &str) -> Result<Json> {
    if json_type != "boolean" {
        return Ok(Json::String(text.to_owned()));
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(Json::Bool(true)),
        "false" | "no" | "0" => Ok(Json::Bool(false)),
        _ => Err(CrmError::invalid("field.type", "takes true or false")),
    }
}

fn part_of<'p>(parts: &'p mut Vec<Part>, rule: &Rule, item: usize) -> &'p mut Part {
    let found = parts.iter().position(|part| part.position == rule.position && part.item == item);
    let at = found.unwrap_or_else(|| {
        parts.push(Part {
            position: rule.position,
            item,
            members: Map::new(),
            filled: false,
            existing: rule.existing,
        });
        parts.len() - 1
    });
    &mut parts[at]
}

fn whole(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    number: usize,
    text: &str,
    cells: &Cells,
    built: &Built,
    cache: &mut LinkCache,
) -> Result<Option<Value>> {
    let rule = &mapping.rules[number];
    if let Some(link) = &rule.link {
        let Some(id) = target(unit, link, number, text, built.country, cache)? else { return Ok(None) };
        return Ok(Some(if link.any {
            Reference::new(link.finder.record_type.name(), id).into()
        } else {
            Value::Id(id)
        }));
    }
    let field = &mapping.record_type.fields[rule.position];
    let stated = match rule.currency_cell {
        Some(cell) => text_of(mapping, cells, cell).map_err(|refused| refused.error)?,
        None => "",
    };
    let currency = if stated.is_empty() { rule.declared.currency.as_deref() } else { Some(stated) };
    let row = RowContext { country: built.country, currency, zone: unit.engine.config.default_zone };
    let value = convert(field, text, &rule.spelling, &row)?;
    if rule.declared.invalid == Invalid::Skip {
        return normal_form(field, value, &PartContext { default_country: built.country }).map(Some);
    }
    Ok(Some(value))
}

/// The target of a link; nothing when it is not there and the mapping lets it be.
fn target(
    unit: &mut UnitOfWork<'_>,
    link: &Link,
    number: usize,
    text: &str,
    country: Option<CountryCode>,
    cache: &mut LinkCache,
) -> Result<Option<RecordId>> {
    let known = (number, text.to_owned());
    if let Some(id) = cache.0.get(&known) {
        return Ok(Some(*id));
    }
    let found = link.finder.find(unit, text, country)?;
    let id = match (found.as_slice(), link.missing) {
        ([id], _) => *id,
        ([], Missing::Ignore) => return Ok(None),
        ([], Missing::Reject) => {
            return Err(CrmError::invalid("link.unknown", "there is no record with this key"));
        }
        ([], Missing::Create) => {
            let record_type = std::sync::Arc::clone(&link.finder.record_type);
            let mut data = RecordData::empty(&record_type);
            if let Some(position) = link.finder.position() {
                data.values[position] = Value::Text(text.to_owned());
            }
            unit.create(&record_type, data, Origin::Host)?.id()
        }
        _ => return Err(CrmError::invalid("link.ambiguous", "there are several records with this value")),
    };
    if cache.0.len() >= LinkCache::MOST {
        cache.clear();
    }
    cache.0.insert(known, id);
    Ok(Some(id))
}

/// Makes lists of the parts. Where the mapping states a country, or that what is invalid is to be left out, the
/// lists are brought into their normal form here; otherwise the unit of work does it.
fn finish_parts(
    unit: &UnitOfWork<'_>,
    mapping: &Compiled,
    built: &mut Built,
    mut parts: Vec<Part>,
) -> Result<(), Refused> {
    parts.retain(|part| part.filled);
    sort::by_key(&mut parts, |part| (part.position, part.item));
    let context = PartContext { default_country: built.country };
    let plain = built.country == unit.engine.part_context().default_country;
    while let Some(position) = parts.first().map(|part| part.position) {
        let count = parts.iter().take_while(|part| part.position == position).count();
        let mut list: Vec<Part> = parts.drain(..count).collect();
        let field = &mapping.record_type.fields[position];
        let FieldKind::Parts(kind) = field.kind() else { continue };
        let lenient = mapping
            .rules
            .iter()
            .any(|rule| rule.position == position && rule.declared.invalid == Invalid::Skip);
        let existing = list[0].existing;
        let json = loop {
            let json =
                list.iter().map(|part| Json::Object(part.members.clone())).collect::<Json>().to_string();
            if plain && !lenient || list.is_empty() {
                break json;
            }
            match (kind.normalise)(&json, &context, field.descriptor.max_length) {
                Ok(normal) => break normal,
                Err(error) => leave_out(mapping, built, &mut list, position, error)?,
            }
        };
        if !list.is_empty() {
            built.items.push((position, list.iter().map(|part| part.item).collect()));
            built.sets.push(Set { position, value: Value::Json(json), existing });
        }
    }
    Ok(())
}

/// Leaves out the member, or the part, that an error is about, if the mapping says so.
fn leave_out(
    mapping: &Compiled,
    built: &mut Built,
    list: &mut Vec<Part>,
    position: usize,
    error: CrmError,
) -> Result<(), Refused> {
    let path = error.path().unwrap_or_default().to_owned();
    let (place, name) = list_path(&path);
    let place = place.unwrap_or(0);
    let Some(part) = list.get_mut(place) else { return Err(error.into()) };
    let item = part.item;
    let rule = member_rule(mapping, position, item, name);
    let column = rule.and_then(|rule| column(mapping, rule));
    let error = match rule {
        Some(rule) => named(error, rule),
        None => error.within(mapping.record_type.fields[position].name()),
    };
    if rule.is_none_or(|rule| rule.declared.invalid != Invalid::Skip) {
        return Err(Refused { column, error });
    }
    let twice = error.code() == "parts.twice";
    built.warnings.push(Refused { column, error });
    part.members.remove(name.unwrap_or_default());
    let any_left = mapping.rules.iter().any(|rule| {
        rule.position == position
            && matches!(&rule.place, Place::Member { item: own, member }
                if *own == item && part.members.contains_key(member.name))
            && matches!(rule.source, Source::Cells { .. })
    });
    if twice || !any_left {
        list.remove(place);
    }
    Ok(())
}

/// The number and the member of a path such as `[1].address`.
fn list_path(path: &str) -> (Option<usize>, Option<&str>) {
    let Some(rest) = path.strip_prefix('[') else { return (None, None) };
    let Some((number, member)) = rest.split_once(']') else { return (None, None) };
    (number.parse().ok(), member.strip_prefix('.'))
}

/// The rule that fills a member; when none does, the first that fills the part.
fn member_rule<'m>(
    mapping: &'m Compiled,
    position: usize,
    item: usize,
    name: Option<&str>,
) -> Option<&'m Rule> {
    let of_part = |rule: &&Rule| {
        rule.position == position
            && matches!(&rule.place, Place::Member { item: own, .. } if *own == item)
            && matches!(rule.source, Source::Cells { .. })
    };
    let exact = |rule: &&Rule| {
        of_part(rule) && matches!(&rule.place, Place::Member { member, .. } if Some(member.name) == name)
    };
    mapping.rules.iter().find(exact).or_else(|| mapping.rules.iter().find(of_part))
}

impl Built {
    /// The column that an error of the unit of work is about, by its path.
    pub(crate) fn column_of(&self, mapping: &Compiled, error: &CrmError) -> Option<String> {
        let path = error.path()?;
        let name = path.split(['[', '.']).next().unwrap_or(path);
        let position = mapping.record_type.field(name)?.position;
        let rest = path.strip_prefix(name).unwrap_or_default();
        let (place, member) = list_path(rest);
        let items = self.items.iter().find(|(known, _)| *known == position).map(|(_, items)| items);
        let item = items.and_then(|items| items.get(place.unwrap_or(0)).copied());
        let rule = match item {
            Some(item) => member_rule(mapping, position, item, member),
            None => mapping.rules.iter().find(|rule| rule.position == position),
        };
        rule.and_then(|rule| column(mapping, rule))
    }
}
