//! The fields of the struct and their attributes: `#[field(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{
    Error, Expr, GenericArgument, Ident, LitInt, LitStr, PathArguments, Result, Token, Type, parenthesized,
};

use crate::names;
use crate::record::{once, word};

const KNOWN: &str = "unknown attribute; known are personal, special, search, required, unique, indexed, unindexed, max, \
                     range, default, on_delete, long, url, email, phone, scale, read_only, at_creation, filled, periods, label, name";

/// A field of the record.
pub(crate) struct FieldDeclaration<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) rust_type: &'a Type,
    pub(crate) name: LitStr,
    pub(crate) description: String,
    /// The kind, when an attribute refines what the Rust type says.
    pub(crate) kind: Option<TokenStream>,
    /// Calls on the descriptor, one per attribute.
    pub(crate) calls: Vec<TokenStream>,
}

/// What has been read of a field's attributes.
struct Attributes<'a> {
    rust_type: &'a Type,
    name: Option<LitStr>,
    kind: Option<TokenStream>,
    calls: Vec<TokenStream>,
    seen: Vec<String>,
}

impl<'a> FieldDeclaration<'a> {
    /// Reads a field of a struct with named fields.
    pub(crate) fn of(field: &'a syn::Field, ident: &'a Ident) -> Result<Self> {
        let mut attributes =
            Attributes { rust_type: &field.ty, name: None, kind: None, calls: Vec::new(), seen: Vec::new() };
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("field")) {
            attribute.parse_nested_meta(|meta| attributes.read(&meta))?;
        }
        let name = attributes.name.unwrap_or_else(|| LitStr::new(&ident.unraw().to_string(), ident.span()));
        names::check_field(&name)?;
        Ok(Self {
            ident,
            rust_type: &field.ty,
            name,
            description: names::description(&field.attrs),
            kind: attributes.kind,
            calls: attributes.calls,
        })
    }
}

impl Attributes<'_> {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let word = word(meta);
        // `personal, special` contradict each other as much as a word that is given twice.
        let group = if word == "special" { "personal" } else { word.as_str() };
        if self.seen.iter().any(|seen| seen == group) {
            return Err(Error::new_spanned(&meta.path, "is given twice, or contradicts another attribute"));
        }
        self.seen.push(group.to_owned());
        match word.as_str() {
            "name" => once(&mut self.name, meta, meta.value()?.parse()?),
            "long" | "url" | "email" | "phone" | "scale" => self.read_kind(&word, meta),
            _ => {
                let call = self.call(&word, meta)?;
                self.calls.push(call);
                Ok(())
            }
        }
    }

    fn read_kind(&mut self, word: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let (expected, kind) = match word {
            "scale" => ("Decimal", scale(meta)?),
            "long" => ("String", quote!(LongText)),
            "url" => ("String", quote!(Url)),
            "email" => ("String", quote!(Email)),
            _ => ("String", quote!(Phone)),
        };
        if !is_named(inner_type(self.rust_type), expected) {
            return Err(Error::new_spanned(&meta.path, format!("needs a field of type `{expected}`")));
        }
        once(&mut self.kind, meta, quote!(::crm_core::record::FieldKind::#kind))
    }

    fn call(&self, word: &str, meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
        Ok(match word {
            "personal" | "special" => category(word, meta)?,
            "required" => quote!(.required()),
            "unique" => quote!(.unique()),
            "indexed" => quote!(.indexed()),
            "unindexed" => quote!(.unindexed()),
            "read_only" => quote!(.read_only()),
            "at_creation" => quote!(.at_creation()),
            "filled" => quote!(.filled()),
            "periods" => quote!(.periods()),
            "max" => {
                let most: LitInt = meta.value()?.parse()?;
                quote!(.max_length(#most))
            }
            "label" => {
                let label: LitStr = meta.value()?.parse()?;
                quote!(.label(#label))
            }
            "search" => {
                let role = choice(meta, &[("title", "Title"), ("detail", "Detail"), ("body", "Body")])?;
                quote!(.search(::crm_core::record::SearchRole::#role))
            }
            "range" => range(meta)?,
            "default" => default(self.rust_type, &meta.value()?.parse()?),
            "on_delete" => self.on_delete(meta)?,
            _ => return Err(meta.error(KNOWN)),
        })
    }

    fn on_delete(&self, meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
        const VALUES: [&str; 9] =
            ["String", "bool", "i64", "f64", "Decimal", "Money", "Date", "Timestamp", "Vec"];
        if VALUES.iter().any(|name| is_named(inner_type(self.rust_type), name)) {
            return Err(Error::new_spanned(&meta.path, "needs a link to another record"));
        }
        let rule = choice(meta, &[("restrict", "Restrict"), ("cascade", "Cascade"), ("clear", "Clear")])?;
        Ok(quote!(.on_delete(::crm_core::record::OnDelete::#rule)))
    }
}

/// `personal`, `special`, or with what the data are about: `personal = contact`.
fn category(word: &str, meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    if !meta.input.peek(Token![=]) {
        return Ok(if word == "special" { quote!(.special()) } else { quote!(.personal()) });
    }
    let choices = if word == "special" { SPECIAL } else { PERSONAL };
    let category = choice(meta, choices)?;
    Ok(quote!(.category(::crm_core::record::DataCategory::#category)))
}

/// The categories of personal data, as `DataCategory` of the core has them.
const PERSONAL: &[(&str, &str)] = &[
    ("general", "General"),
    ("identity", "Identity"),
    ("contact", "Contact"),
    ("demographic", "Demographic"),
    ("professional", "Professional"),
    ("financial", "Financial"),
    ("behavioural", "Behavioural"),
    ("communication", "Communication"),
    ("location", "Location"),
    ("preference", "Preference"),
    ("technical", "Technical"),
];

/// The special categories.
const SPECIAL: &[(&str, &str)] = &[
    ("special_category", "SpecialCategory"),
    ("health", "Health"),
    ("belief", "Belief"),
    ("political_opinion", "PoliticalOpinion"),
    ("ethnic_origin", "EthnicOrigin"),
    ("trade_union", "TradeUnion"),
    ("sexuality", "Sexuality"),
    ("genetic", "Genetic"),
    ("biometric", "Biometric"),
    ("criminal_offence", "CriminalOffence"),
];

fn scale(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let scale: LitInt = meta.value()?.parse()?;
    match scale.base10_parse::<u32>() {
        Ok(0..=9) => Ok(quote!(Decimal { scale: #scale })),
        _ => Err(Error::new(scale.span(), "a decimal has 0 to 9 places")),
    }
}

fn range(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let content;
    parenthesized!(content in meta.input);
    let least: Expr = content.parse()?;
    content.parse::<Token![,]>()?;
    let greatest: Expr = content.parse()?;
    content.parse::<Option<Token![,]>>()?;
    if content.is_empty() {
        Ok(quote!(.range(#least, #greatest)))
    } else {
        Err(content.error("a range has a least and a greatest number"))
    }
}

fn default(rust_type: &Type, value: &Expr) -> TokenStream {
    let inner = inner_type(rust_type);
    // A literal may be of a simpler type: `"open"` for a `String`, `10` for a `Decimal`.
    let value = match value {
        Expr::Lit(_) => quote!(::core::convert::Into::into(#value)),
        _ => quote!(#value),
    };
    quote!(.default_value(<#inner as ::crm_core::record::FieldType>::into_value(#value)))
}

/// One of several words, as the variant that it stands for.
fn choice(meta: &ParseNestedMeta<'_>, choices: &[(&str, &str)]) -> Result<Ident> {
    let given: Ident = meta.value()?.parse()?;
    match choices.iter().find(|(word, _)| given == word) {
        Some((_, variant)) => Ok(Ident::new(variant, given.span())),
        None => {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            Err(Error::new(given.span(), format!("is not one of: {}", words.join(", "))))
        }
    }
}

/// `T` of an `Option<T>`, any other type itself.
fn inner_type(rust_type: &Type) -> &Type {
    if let Type::Path(path) = rust_type
        && let Some(last) = path.path.segments.last()
        && last.ident == "Option"
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(GenericArgument::Type(inner)) = arguments.args.first()
    {
        return inner;
    }
    rust_type
}

fn is_named(rust_type: &Type, name: &str) -> bool {
    matches!(rust_type, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}
