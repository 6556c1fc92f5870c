//! The derive macro of crm-core: a record type declared once, as one struct.
//!
//! `#[derive(Record)]` reads the struct, its doc comments and its attributes, and writes
//! `impl crm_core::record::Record`. Nothing else is generated; tables, statements, filters and schemas follow
//! from the descriptor at run time.

mod expand;
mod field;
mod names;
mod record;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `crm_core::record::Record` for a struct.
///
/// The struct has a field `meta: Meta`; every other field is a field of the record, in that order. The first
/// paragraph of a doc comment becomes the description of the type or the field. A field must be given when its
/// Rust type says so (`String`, `i64`, `DealId`) and may be left out otherwise (`Option`, `Vec`, `bool`).
///
/// # `#[record(…)]`
/// - `name = "person"`, `plural = "people"`, `id = PersonId`: always given. The identifier's `TARGET` is the name.
/// - `sort_key("family_name", "given_name")`: the text that names are sorted and found by.
/// - `rules = PersonRules`: a constant expression, what the domain adds to writing such a record.
/// - `subject = "person"`: the link to the person whose data the record holds; the record itself otherwise.
/// - `timeline(at = "starts_at", subjects("person", "deal"))`: when, and on whose timelines, it appears.
/// - `on_erasure = erase | anonymise`: what becomes of the record when the person whose data it holds is erased; by
///   the link when nothing is said.
/// - `owned`: somebody has such records as their work, so that lists by owner and team are quick at any size.
/// - `index("pipeline", "stage")`: an index over several columns; may be repeated.
///
/// # `#[field(…)]`
/// - `personal`, `special`: how personal the field is.
/// - `search = title | detail | body`: where its text goes in the search index.
/// - `required`, `unique`, `indexed`, `read_only`; `unindexed` for a link whose targets are hardly ever deleted.
/// - `at_creation`: read-only, but a host may give it when it creates a record, as an import of history does.
/// - `filled`: the rules of the type find the value when a new record has none, so a host need not give it.
/// - `periods`: how long the record has each value of the link or select is kept and can be asked for.
/// - `max = 100`: the longest text in characters, or the most items of a list.
/// - `range(0, 100)`: the least and the greatest number.
/// - `default = …`: the value of a new record, an expression of the Rust type, or of `T` for an `Option<T>`;
///   a literal is converted with `into`.
/// - `on_delete = restrict | cascade | clear`: what happens when the target of the link is deleted.
/// - `long`, `url`, `email`, `phone`: the kind of a `String`. `scale = 2`: the places of a `Decimal`.
/// - `label = "…"`: what people read. `name = "…"`: the name of the column, when it is not the Rust name.
///
/// # Example
/// ```
/// # mod ids {
/// #     use crm_core::RecordId;
/// #     #[derive(Clone, Copy, Debug, Default, PartialEq)]
/// #     pub struct VenueId(pub RecordId);
/// #     impl From<RecordId> for VenueId { fn from(id: RecordId) -> Self { Self(id) } }
/// #     impl From<VenueId> for RecordId { fn from(id: VenueId) -> Self { id.0 } }
/// #     impl crm_core::record::LinkId for VenueId { const TARGET: &'static str = "venue"; }
/// # }
/// # use ids::VenueId;
/// use crm_core::record::{Meta, Record};
///
/// /// A place for events.
/// #[derive(Clone, Debug, Default, PartialEq, Record)]
/// #[record(name = "venue", plural = "venues", id = VenueId, sort_key("title"))]
/// struct Venue {
///     meta: Meta,
///     /// What the place is called.
///     #[field(search = title, max = 100)]
///     title: String,
///     /// How many people may come in.
///     #[field(range(1, 100_000), default = 50)]
///     seats: Option<i64>,
///     /// Where to ring.
///     #[field(personal, phone, label = "Telephone")]
///     r#contact: Option<String>,
/// }
///
/// let descriptor = Venue::descriptor();
/// assert_eq!(descriptor.description, "A place for events.");
/// assert_eq!(descriptor.fields[0].description, "What the place is called.");
/// assert!(descriptor.fields[0].required);
/// assert_eq!(descriptor.fields[2].label, "Telephone");
/// ```
#[proc_macro_derive(Record, attributes(record, field))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::record(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
