//! Operations on the files that belong to records. Content travels in Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::activity::{Attachment, AttachmentId};
use crate::error::CrmError;
use crate::operation::declare::operations;
use crate::operation::input::RecordInput;

/// A file with its content.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct AttachmentContent {
    /// The file.
    attachment: Attachment,
    /// Its content, in Base64.
    content: String,
}

operations! {
    /// Adds a file to a record.
    command "attachment.add" (context, input {
        /// The file: what it belongs to and its name; size and hash are noted by the engine.
        attachment: RecordInput<Attachment>,
        /// The content, in Base64.
        content: String,
    }) -> Attachment ["attachment.*", "field.*", "link.broken"] {
        let content = STANDARD
            .decode(&input.content)
            .map_err(|_| CrmError::invalid("input.type", "is not Base64").at("content"))?;
        let attachment = input.attachment.typed(context).map_err(|error| error.within("attachment"))?;
        context.attachments().add(attachment, &mut content.as_slice())
    }

    /// Reads the content of a file, and checks its hash.
    query "attachment.read_content" (context, input {
        /// The file.
        id: AttachmentId,
    }) -> AttachmentContent ["record.not_found", "field.redacted", "attachment.damaged"] {
        let mut content = Vec::new();
        let attachment = context.attachments().read_content(input.id, &mut content)?;
        Ok(AttachmentContent { attachment, content: STANDARD.encode(content) })
    }

    /// Destroys the content of a file that lies in the bin. The file cannot be restored then.
    command(Administer) "attachment.purge_content" (context, input {
        /// The file.
        id: AttachmentId,
    }) -> () ["record.not_in_bin"] {
        context.attachments().purge_content(input.id)
    }
}
