//! Phone numbers in any spelling.

use std::ops::ControlFlow;

use crate::error::Result;
use crate::ground::phone::search_digits;
use crate::record::FieldKind;
use crate::record::door::Reader;
use crate::record::filter::terms::{VALUE_TABLE, index_term};
use crate::record::parts::PHONE;
use crate::storage::Param;

/// Gives the type number and the row of every record with a phone number that begins like the query.
pub(super) fn entries(
    reader: &Reader<'_>,
    text: &str,
    take: &mut dyn FnMut(i64, i64) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let forms = search_digits(text, Some(reader.engine.config.default_country));
    if forms.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT record FROM {VALUE_TABLE} WHERE field = ?1 AND value >= ?2 AND value < ?3");
    for record_type in reader.schema.types() {
        let phones = record_type.fields.iter().filter(|field| match field.kind() {
            FieldKind::Parts(parts) => parts.name == PHONE,
            _ => false,
        });
        for field in phones.filter(|field| reader.scope.reason(record_type, field).is_none()) {
            for form in &forms {
                let from = index_term(field, Some("number"), form);
                // Digits come before the colon, so this is the end of all numbers that begin like it.
                let until = format!("{from}:");
                let parameters = [Param::Integer(field.number), Param::Text(&from), Param::Text(&until)];
                reader.connection.query(&sql, &parameters, &mut |row| {
                    take(record_type.number, row.integer(0)?.unwrap_or_default())
                })?;
            }
        }
    }
    Ok(())
}
