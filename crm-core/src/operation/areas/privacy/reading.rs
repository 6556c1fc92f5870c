//! Operations on what sessions may read, who read it, and to whom data were given.

use crate::contacts::PersonId;
use crate::operation::declare::operations;
use crate::privacy::disclosure::{DisclosedTo, Register};
use crate::privacy::reading::{ReadLogEntry, ReadableType};
use crate::record::query::DEFAULT_LIMIT;

/// How a document is written down.
#[derive(Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum DocumentFormat {
    /// Text in Markdown.
    #[default]
    Markdown,
    /// A page of HTML that needs nothing else.
    Html,
}

operations! {
    /// Lists the personal fields of a record type, or of all types, and which of them this session may read.
    query "privacy.readable" (context, input {
        /// Only this type.
        record_type: Option<String>,
    }) -> Vec<ReadableType> ["type.unknown"] {
        context.readable(input.record_type.as_deref())
    }

    /// Lists the logged readings of a person's data, the latest first (GDPR Article 15).
    query "privacy.reads_of" (context, input {
        /// The person.
        person: PersonId,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<ReadLogEntry> ["record.not_found", "query.limit"] {
        context.read_logs().of_person(input.person, input.limit)
    }

    /// Lists to whom a person's data were given, the latest first (GDPR Article 15(1)(c)).
    query "privacy.disclosures_of" (context, input {
        /// The person.
        person: PersonId,
    }) -> Vec<DisclosedTo> ["record.not_found"] {
        context.disclosures().of_person(input.person)
    }

    /// Draws up the register of processing activities from what is declared and on record (GDPR Article 30).
    query(Administer) "privacy.register" (context, input {}) -> Register [] {
        context.processing_register()
    }

    /// Draws up the register of processing activities as a document.
    query(Administer) "privacy.register_document" (context, input {
        /// The format.
        format: DocumentFormat = DocumentFormat::default(),
    }) -> String [] {
        let register = context.processing_register()?;
        Ok(match input.format {
            DocumentFormat::Markdown => register.to_markdown(),
            DocumentFormat::Html => register.to_html(),
        })
    }
}
