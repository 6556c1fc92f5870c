//! The terms of the value index: what is stored there, and what a filter looks for.

use std::borrow::Cow;

use crate::record::descriptor::FieldKind;
use crate::record::parts::PartsDescriptor;
use crate::record::schema::Field;

/// The table of the value index: field number, term, row of the record.
pub const VALUE_TABLE: &str = "crm_value";

/// The term under which the value index holds a comparison form of a field's item. Whoever writes the index and
/// whoever reads it come here.
///
/// Lists hold the folded text, multi-selects the key, parts the comparison form of the member. Parts with
/// several indexed members put the member in front, because a street may be named like a city.
pub fn index_term<'t>(field: &Field, member: Option<&str>, form: &'t str) -> Cow<'t, str> {
    match (field.kind(), member) {
        (FieldKind::Parts(parts), Some(member)) if has_several(parts) => {
            Cow::Owned(format!("{member}={form}"))
        }
        _ => Cow::Borrowed(form),
    }
}

fn has_several(parts: &PartsDescriptor) -> bool {
    parts.members.iter().filter(|member| member.indexed.is_some()).count() > 1
}
