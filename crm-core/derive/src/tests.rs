//! What the macro refuses, and with which words.

use proc_macro2::TokenStream;

use crate::expand;

fn expand(attributes: &str, body: &str) -> syn::Result<TokenStream> {
    expand::record(&syn::parse_str(&format!("{attributes} {body}"))?)
}

const GOOD: &str = r#"#[record(name = "deal", plural = "deals", id = DealId)]"#;

#[test]
fn accepts_a_struct() {
    let text = expand(GOOD, "struct Deal { meta: Meta, r#type: String }").unwrap().to_string();
    assert!(text.contains("\"type\""), "{text}");
}

#[test]
fn refuses_what_is_wrong() {
    let rows = [
        (GOOD, "enum Deal { A }", "a record type is a struct"),
        (GOOD, "struct Deal(Meta);", "named fields"),
        (GOOD, "struct Deal<T> { meta: Meta, value: T }", "no generic parameters"),
        (GOOD, "struct Deal { name: String }", "has a field `meta: Meta`"),
        (r#"#[record(name = "deal", plural = "deals")]"#, "struct Deal { meta: Meta }", "#[record(id = …)]"),
        (r#"#[record(plural = "deals", id = DealId)]"#, "struct Deal { meta: Meta }", "#[record(name = …)]"),
        ("", "struct Deal { meta: Meta }", "#[record(name = …)]"),
        (r#"#[record(name = "Deal", plural = "deals", id = D)]"#, "struct Deal { meta: Meta }", "snake_case"),
        (r#"#[record(name = "a", name = "b")]"#, "struct Deal { meta: Meta }", "given twice"),
        (r#"#[record(title = "deal")]"#, "struct Deal { meta: Meta }", "unknown attribute; known are name"),
        (r#"#[record(timeline(at = "a"))]"#, "struct Deal { meta: Meta }", "a timeline needs"),
        (r"#[record(sort_key())]", "struct Deal { meta: Meta }", "names no field"),
    ];
    for (attributes, body, expected) in rows {
        check(attributes, body, expected);
    }
    for (field, expected) in [
        ("#[field(persnal)] a: String", "unknown attribute; known are personal"),
        ("#[field(long, long)] a: String", "given twice"),
        ("#[field(long, url)] a: String", "given twice"),
        ("#[field(personal, special)] a: String", "contradicts"),
        ("#[field(search = headline)] a: String", "is not one of: title, detail, body"),
        ("#[field(on_delete = keep)] a: DealId", "is not one of: restrict, cascade, clear"),
        ("#[field(on_delete = clear)] a: Option<String>", "needs a link"),
        ("#[field(long)] a: i64", "needs a field of type `String`"),
        ("#[field(scale = 2)] a: f64", "needs a field of type `Decimal`"),
        ("#[field(scale = 10)] a: Decimal", "0 to 9 places"),
        ("#[field(range(1, 2, 3))] a: i64", "a least and a greatest"),
        ("#[field(name = \"b\")] a: String, b: String", "another field has this name"),
        ("owner: String", "every record has `owner` already"),
        ("x_a: String", "belong to custom"),
    ] {
        check(GOOD, &format!("struct Deal {{ meta: Meta, {field} }}"), expected);
    }
    for mention in
        [r#"subject = "b""#, r#"sort_key("a", "b")"#, r#"index("b")"#, r#"timeline(at = "a", subjects("b"))"#]
    {
        let attributes = format!(r#"#[record(name = "deal", plural = "deals", id = DealId, {mention})]"#);
        check(&attributes, "struct Deal { meta: Meta, a: String }", "there is no field `b`");
    }
}

fn check(attributes: &str, body: &str, expected: &str) {
    let error = expand(attributes, body).expect_err(body).to_string();
    assert!(error.contains(expected), "{attributes} {body}: {error}");
}
