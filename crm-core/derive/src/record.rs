//! The attributes of the struct: `#[record(…)]`.

use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Error, Expr, Ident, LitStr, Result, Token, Type, parenthesized};

use crate::names;

/// What `#[record(…)]` says.
pub(crate) struct RecordAttributes {
    pub(crate) name: LitStr,
    pub(crate) plural: LitStr,
    pub(crate) id: Type,
    pub(crate) optional: Optional,
}

/// The part of it that may be left out.
#[derive(Default)]
pub(crate) struct Optional {
    pub(crate) rules: Option<Expr>,
    pub(crate) subject: Option<LitStr>,
    pub(crate) sort_key: Option<Vec<LitStr>>,
    pub(crate) timeline: Option<Timeline>,
    pub(crate) indexes: Vec<Vec<LitStr>>,
    pub(crate) on_erasure: Option<Ident>,
    pub(crate) owned: Option<()>,
}

/// `timeline(at = "…", subjects("…"))`.
pub(crate) struct Timeline {
    pub(crate) at: LitStr,
    pub(crate) subjects: Vec<LitStr>,
}

impl RecordAttributes {
    /// Reads the attributes of a struct.
    pub(crate) fn of(input: &DeriveInput) -> Result<Self> {
        let (mut name, mut plural, mut id) = (None, None, None);
        let mut optional = Optional::default();
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("record")) {
            attribute.parse_nested_meta(|meta| match word(&meta).as_str() {
                "name" => once(&mut name, &meta, meta.value()?.parse()?),
                "plural" => once(&mut plural, &meta, meta.value()?.parse()?),
                "id" => once(&mut id, &meta, meta.value()?.parse()?),
                other => optional.read(other, &meta),
            })?;
        }
        let missing = |what: &str| {
            Error::new(input.ident.span(), format!("a record type needs `#[record({what} = …)]`"))
        };
        let name: LitStr = name.ok_or_else(|| missing("name"))?;
        let plural = plural.ok_or_else(|| missing("plural"))?;
        names::check(&name)?;
        names::check(&plural)?;
        Ok(Self { name, plural, id: id.ok_or_else(|| missing("id"))?, optional })
    }
}

impl Optional {
    fn read(&mut self, word: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match word {
            "rules" => once(&mut self.rules, meta, meta.value()?.parse()?),
            "subject" => once(&mut self.subject, meta, meta.value()?.parse()?),
            "sort_key" => once(&mut self.sort_key, meta, texts(meta)?),
            "timeline" => once(&mut self.timeline, meta, timeline(meta)?),
            "on_erasure" => once(&mut self.on_erasure, meta, on_erasure(meta)?),
            "owned" => once(&mut self.owned, meta, ()),
            "index" => {
                self.indexes.push(texts(meta)?);
                Ok(())
            }
            _ => Err(meta.error(
                "unknown attribute; known are name, plural, id, sort_key, rules, subject, timeline, \
                 on_erasure, owned, index",
            )),
        }
    }

    /// All names of fields that the attributes mention.
    pub(crate) fn mentioned(&self) -> impl Iterator<Item = &LitStr> {
        let timeline =
            self.timeline.iter().flat_map(|timeline| timeline.subjects.iter().chain([&timeline.at]));
        let lists = self.sort_key.iter().chain(&self.indexes).flatten();
        self.subject.iter().chain(timeline).chain(lists)
    }
}

/// `on_erasure = erase | anonymise`, as the variant.
fn on_erasure(meta: &ParseNestedMeta<'_>) -> Result<Ident> {
    let given: Ident = meta.value()?.parse()?;
    let variant = match given.to_string().as_str() {
        "erase" => "Erase",
        "anonymise" => "Anonymise",
        _ => return Err(Error::new(given.span(), "is not one of: erase, anonymise")),
    };
    Ok(Ident::new(variant, given.span()))
}

fn timeline(meta: &ParseNestedMeta<'_>) -> Result<Timeline> {
    let (mut at, mut subjects) = (None, None);
    meta.parse_nested_meta(|part| match word(&part).as_str() {
        "at" => once(&mut at, &part, part.value()?.parse()?),
        "subjects" => once(&mut subjects, &part, texts(&part)?),
        _ => Err(part.error("unknown attribute; known are at, subjects")),
    })?;
    match (at, subjects) {
        (Some(at), Some(subjects)) => Ok(Timeline { at, subjects }),
        _ => Err(meta.error("a timeline needs `at = \"…\"` and `subjects(\"…\")`")),
    }
}

/// The one word of an attribute; empty for a path, which no attribute is.
pub(crate) fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

/// Puts a value where there was none.
pub(crate) fn once<T>(slot: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new_spanned(&meta.path, "is given twice")),
    }
}

/// A list of texts in parentheses, at least one.
fn texts(meta: &ParseNestedMeta<'_>) -> Result<Vec<LitStr>> {
    let content;
    parenthesized!(content in meta.input);
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    if list.is_empty() {
        return Err(meta.error("names no field"));
    }
    Ok(list.into_iter().collect())
}
