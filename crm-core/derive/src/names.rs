//! Names and doc comments: what a struct says in words.

use syn::{Attribute, Error, Expr, ExprLit, Lit, LitStr, Meta, Result};

/// The columns that every record has. Attributes may name them; a field may not take their names.
pub(crate) const SYSTEM_FIELDS: [&str; 8] =
    ["id", "version", "created_at", "created_by", "updated_at", "updated_by", "owner", "team"];

/// Columns and members that the engine adds to every table and document.
const RESERVED: [&str; 5] = ["name_key", "rowid", "meta", "custom", "redactions"];

/// Refuses a name that cannot be a table or a column.
pub(crate) fn check(name: &LitStr) -> Result<()> {
    let text = name.value();
    let snake_case = text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || other == '_');
    if !snake_case {
        return Err(Error::new(name.span(), format!("`{text}` is not in snake_case")));
    }
    if text.starts_with("x_") {
        return Err(Error::new(name.span(), "names that start with `x_` belong to custom types and fields"));
    }
    Ok(())
}

/// Refuses the name of a field that a record has already.
pub(crate) fn check_field(name: &LitStr) -> Result<()> {
    check(name)?;
    let text = name.value();
    if SYSTEM_FIELDS.contains(&text.as_str()) || RESERVED.contains(&text.as_str()) {
        return Err(Error::new(name.span(), format!("every record has `{text}` already")));
    }
    Ok(())
}

/// The first paragraph of a doc comment, on one line.
pub(crate) fn description(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(doc_text).collect();
    let lines: Vec<&str> = lines.iter().flat_map(|text| text.lines()).map(str::trim).collect();
    let paragraph: Vec<&str> =
        lines.into_iter().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ")
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            // An empty line of a comment is an empty text, which `lines` would leave out.
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(format!("{}\n", text.value())),
            _ => None,
        },
        _ => None,
    }
}
