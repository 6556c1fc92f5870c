//! Filters from any text and any JSON: what is read prints as text and JSON that read back to an equal filter,
//! and compiling it never panics.
#![no_main]

use std::sync::OnceLock;

use crm_core::record::filter::compile::compile;
use crm_core::record::filter::{FilterContext, from_json, from_json_text, parse};
use crm_core::record::{FieldDescriptor, FieldKind, OnDelete, Schema, SelectOption, TypeDescriptor};
use crm_core::storage::Dialect;
use crm_core::{RecordId, Timestamp};
use libfuzzer_sys::fuzz_target;

/// One field of every kind that filters treat differently.
fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let on_delete = OnDelete::Clear;
        let options = || vec![SelectOption::new("low"), SelectOption::new("high")];
        let mut deal = TypeDescriptor::new("deal", "deals").sort_key(&["name"]);
        for (name, kind) in [
            ("name", FieldKind::Text),
            ("notes", FieldKind::LongText),
            ("count", FieldKind::Integer),
            ("score", FieldKind::Number),
            ("rate", FieldKind::Decimal { scale: 2 }),
            ("amount", FieldKind::Money),
            ("done", FieldKind::Boolean),
            ("day", FieldKind::Date),
            ("at", FieldKind::Timestamp),
            ("priority", FieldKind::Select(options())),
            ("colours", FieldKind::MultiSelect(options())),
            ("parent", FieldKind::Link { target: "deal".into(), on_delete }),
            ("about", FieldKind::Reference { on_delete }),
            ("tags", FieldKind::List),
            ("url", FieldKind::Url),
            ("mail", FieldKind::Email),
            ("data", FieldKind::Json),
        ] {
            deal = deal.field(FieldDescriptor::new(name, kind));
        }
        let types = vec![TypeDescriptor::new("user", "users"), TypeDescriptor::new("team", "teams"), deal];
        Schema::build(types, &mut std::collections::BTreeMap::new()).expect("the schema is sound")
    })
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut context =
        FilterContext::new(schema(), Dialect::Sqlite, Timestamp::from_micros(1_795_257_000_000_000));
    context.me = Some(RecordId::NIL);
    for filter in [parse(text), from_json_text(text)].into_iter().flatten() {
        assert_eq!(parse(&filter.to_string()).as_ref(), Ok(&filter));
        assert_eq!(from_json(&filter.to_json()).as_ref(), Ok(&filter));
        for record_type in schema().types() {
            if let Ok(selection) = compile(&filter, record_type, &context) {
                let _ = selection.statement("SELECT t.row_id");
            }
        }
    }
});
