//! Operations on custom fields and record types.

use crate::customize::CustomFieldId;
use crate::operation::declare::operations;

operations! {
    /// Gives up a deleted custom field for good: drops its column with all values. This rewrites the table.
    command(Administer) "custom_field.purge" (context, input {
        /// The field.
        id: CustomFieldId,
    }) -> () ["record.not_in_bin"] {
        context.custom_fields().purge(input.id)
    }
}
