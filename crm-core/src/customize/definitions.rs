//! Reading the definitions of custom fields and types into the schema.

use crate::error::Result;
use crate::record::TypeDescriptor;
use crate::storage::Connection;

/// The built-in types with the custom fields, and the custom types.
pub(crate) fn extend(
    _connection: &dyn Connection,
    builtin: Vec<TypeDescriptor>,
) -> Result<Vec<TypeDescriptor>> {
    Ok(builtin)
}
