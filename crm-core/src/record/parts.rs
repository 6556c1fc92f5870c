//! Parts: small structs that a record owns as a list, such as the e-mail addresses of a person.
//!
//! They live in one JSON column of their record, so reading a record is one row and its history is one value;
//! the members that must be found by themselves go into the value index.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{CrmError, Result, reason_of};
use crate::ground::country::CountryCode;
use crate::ground::json;

/// The name of the parts that are phone numbers: the search finds their `number` in any spelling, whatever type has
/// them.
pub const PHONE: &str = "phone";

/// What the feature `schema` asks of a part besides.
#[cfg(feature = "schema")]
pub trait PartSchema: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<P: schemars::JsonSchema> PartSchema for P {}

/// What the feature `schema` asks of a part besides: nothing without it.
#[cfg(not(feature = "schema"))]
pub trait PartSchema {}
#[cfg(not(feature = "schema"))]
impl<P> PartSchema for P {}

/// A struct of which a record owns a list.
pub trait Part: Serialize + DeserializeOwned + PartSchema + Clone + PartialEq + 'static {
    /// Describes the part for schemas, filters and import columns.
    const DESCRIPTOR: &'static PartsDescriptor;

    /// Checks the part and brings it into its normal form.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with the member as its path.
    fn normalise(&mut self, context: &PartContext) -> Result<()>;

    /// The values under which the record is found: the member's name and the comparison form.
    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String));

    /// The words that go into the search index.
    fn search_text(&self, add: &mut dyn FnMut(&str));

    /// Checks the list as a whole, for example that at most one is primary.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    fn normalise_list(_list: &mut Vec<Self>) -> Result<()> {
        Ok(())
    }
}

/// What parts may need to know to normalise themselves.
#[derive(Clone, Copy, Debug)]
pub struct PartContext {
    /// The country whose spelling of phone numbers is assumed, ISO 3166-1 alpha-2.
    pub default_country: Option<CountryCode>,
}

/// Describes a part type. Built by [`parts_descriptor`].
#[derive(Debug)]
pub struct PartsDescriptor {
    /// The name of the part, singular.
    pub name: &'static str,
    /// Its members.
    pub members: &'static [PartMember],
    /// Normalises the JSON text of a list.
    pub normalise: fn(&str, &PartContext, u32) -> Result<String>,
    /// Lists what the value index and the search index take from the JSON text of a list.
    pub extract: fn(&str, &mut PartsSink<'_>) -> Result<()>,
}

impl PartialEq for PartsDescriptor {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// One member of a part.
#[derive(Debug)]
pub struct PartMember {
    /// The name in JSON.
    pub name: &'static str,
    /// How a filter's operand is brought into the comparison form; `None` when the member is not indexed.
    pub indexed: Option<fn(&str, &PartContext) -> Vec<String>>,
    /// The JSON type: `string`, `boolean`, `date`.
    pub json_type: &'static str,
}

/// Where [`PartsDescriptor::extract`] puts what it finds.
pub struct PartsSink<'a> {
    /// Takes a member's name and a comparison form.
    pub term: &'a mut dyn FnMut(&'static str, String),
    /// Takes text for the search index.
    pub text: &'a mut dyn FnMut(&str),
}

/// The descriptor of a part type, for its `DESCRIPTOR`.
pub const fn parts_descriptor<P: Part>(
    name: &'static str,
    members: &'static [PartMember],
) -> PartsDescriptor {
    PartsDescriptor { name, members, normalise: normalise::<P>, extract: extract::<P> }
}

fn parse<P: Part>(json: &str) -> Result<Vec<P>> {
    serde_json::from_str(json).map_err(|error| wrong_item::<P>(json).unwrap_or_else(|| invalid(&error)))
}

/// The error for the first item that is none of these parts, with its place.
fn wrong_item<P: Part>(json: &str) -> Option<CrmError> {
    let items: Vec<serde_json::Value> = serde_json::from_str(json).ok()?;
    items.into_iter().enumerate().find_map(|(position, item)| {
        let error = serde_json::from_str::<P>(&item.to_string()).err()?;
        Some(invalid(&error).at(format!("[{position}]")))
    })
}

fn invalid(error: &serde_json::Error) -> CrmError {
    CrmError::invalid("parts.invalid", reason_of(error))
}

fn normalise<P: Part>(json: &str, context: &PartContext, most: u32) -> Result<String> {
    let mut list: Vec<P> = parse(json)?;
    if list.len() > most as usize {
        return Err(CrmError::new(
            crate::ErrorKind::Limit,
            "parts.too_many",
            format!("has more than {most} items"),
        ));
    }
    for (position, part) in list.iter_mut().enumerate() {
        part.normalise(context).map_err(|error| error.within(&format!("[{position}]")))?;
    }
    P::normalise_list(&mut list)?;
    to_json(&list)
}

fn extract<P: Part>(json: &str, sink: &mut PartsSink<'_>) -> Result<()> {
    for part in parse::<P>(json)? {
        part.index_terms(sink.term);
        part.search_text(sink.text);
    }
    Ok(())
}

/// The JSON text of a list of parts.
pub(crate) fn to_json<P: Part>(list: &[P]) -> Result<String> {
    json::text(&list).map_err(|_| CrmError::internal("a part does not serialise"))
}

/// The list of parts in a JSON text.
pub(crate) fn from_json<P: Part>(json: &str) -> Result<Vec<P>> {
    parse(json)
}
