//! Operations of the search.

use crate::operation::declare::operations;
use crate::search::{Hit, SearchQuery, Suggestion};

operations! {
    /// Searches all record types: words by their beginning, phone numbers in any spelling, e-mail addresses by their parts.
    query "search.run" (context, input {
        /// What is searched for.
        text: String,
        /// Only records of these types.
        record_types: Vec<String> = Vec::new(),
        /// How many hits at most, up to 200.
        limit: u32 = 20,
        /// Whether the last word is a whole word, too.
        whole_words: bool = false,
        /// Whether hits show where the words stand.
        snippets: bool = true,
    }) -> Vec<Hit> ["search.too_long", "search.limit", "search.past", "type.unknown"] {
        let types: Vec<&str> = input.record_types.iter().map(String::as_str).collect();
        let mut query = SearchQuery::new(input.text).of_types(&types).limit(input.limit);
        if input.whole_words {
            query = query.whole_words();
        }
        if !input.snippets {
            query = query.without_snippets();
        }
        context.search().run(&query)
    }

    /// Suggests records of a type whose name begins like this, in the order of their names.
    query "search.suggest" (context, input {
        /// The record type.
        record_type: String,
        /// What was typed.
        prefix: String,
        /// How many at most, up to 50.
        limit: u32 = 20,
    }) -> Vec<Suggestion> ["search.too_long", "search.limit", "search.no_names", "type.unknown", "field.redacted"] {
        context.search().suggest(&input.record_type, &input.prefix, input.limit)
    }
}
