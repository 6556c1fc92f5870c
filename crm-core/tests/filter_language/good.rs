//! Filters and the records that they find, worked out by hand.
#![allow(unreachable_pub, dead_code, reason = "each test takes what it needs")]

use crm_core::record::Schema;
use crm_core::record::filter::compile::compile;
use crm_core::record::filter::{FilterContext, from_json_text, parse};
use crm_core::record::query::count;
use serde_json::json;

use super::support::{Database, context, schema};

/// Two users (101, the acting one, and 102), two teams (201, the acting user's, and 202), four organisations,
/// two people, three stages, five deals (1 to 5, coded A to E) and four tasks.
pub fn database(schema: &Schema) -> Database {
    let database = Database::new(schema);
    let insert = |record_type, number, values| database.insert(schema, record_type, number, values);
    insert("user", 101, json!({"name": "Me"}));
    insert("user", 102, json!({"name": "You"}));
    insert("team", 201, json!({"name": "Mine"}));
    insert("team", 202, json!({"name": "Yours"}));
    insert("organisation", 11, json!({"name": "Alpha", "industry": "Bank"}));
    insert("organisation", 12, json!({"name": "Müller AG", "parent": {"id": 11}, "owner": {"id": 101}}));
    insert("organisation", 13, json!({"name": "Beta_50%", "industry": "BÄCKEREI", "parent": {"id": 12}}));
    insert("organisation", 14, json!({"name": "Empty", "parent": {"id": 13}}));
    insert(
        "person",
        21,
        json!({"given_name": "Ann", "family_name": "Zed", "mail": "ann@example.org", "employer": {"id": 11},
            "emails": [{"address": "Ann@Example.org", "label": "work"}, {"address": "zed@example.com", "label": ""}],
            "addresses": [{"city": "Bern", "street": "Zürich"}]}),
    );
    insert(
        "person",
        22,
        json!({"given_name": "Bob", "family_name": "Ärger", "emails": [], "first_employer": {"id": 12},
            "addresses": [{"city": "Zürich", "street": "Bern"}, {"city": "100%", "street": "x"}]}),
    );
    insert("stage", 31, json!({"name": "Lead", "type": "open", "position": 1, "probability": 100}));
    insert("stage", 32, json!({"name": "Offer", "type": "open", "position": 2, "probability": 505}));
    insert("stage", 33, json!({"name": "Won", "type": "won", "position": 3, "probability": 1000}));
    insert(
        "deal",
        1,
        json!({"code": "A", "name": "Alpha deal", "amount": 100_000, "amount_currency": "EUR", "stage": {"id": 31},
            "organisation": {"id": 11}, "close_date": "2026-11-25", "created_at": "2026-01-01T00:00:00Z",
            "tags": ["vip", "New"], "colours": ["red"], "priority": "low", "rate": 125, "score": 0.5, "count": 1,
            "done": true, "owner": {"id": 101}, "team": {"id": 201}, "true": 7, "notes": "x"}),
    );
    insert(
        "deal",
        2,
        json!({"code": "B", "name": "Bëta Deal", "amount": 99_999, "amount_currency": "EUR", "stage": {"id": 32},
            "organisation": {"id": 12}, "close_date": "2026-12-31", "created_at": "2025-12-31T23:30:00Z",
            "tags": ["vip"], "colours": ["red", "blue"], "priority": "high", "rate": 250, "score": -3.0, "count": 2,
            "done": false, "owner": {"id": 102}, "team": {"id": 202}}),
    );
    insert(
        "deal",
        3,
        json!({"code": "C", "name": "Gamma 50% _x", "amount": 100_000, "amount_currency": "USD",
            "stage": {"id": 33}, "organisation": {"id": 13}, "close_date": "2026-11-21",
            "created_at": "2026-11-21T09:00:00Z", "priority": "medium", "count": 3, "data": "{}"}),
    );
    insert(
        "deal",
        4,
        json!({"code": "D", "name": "delta", "created_at": "2026-11-20T23:00:00Z", "tags": [], "done": false,
            "owner": {"id": 101}, "count": -9_007_199_254_740_993_i64}),
    );
    insert(
        "deal",
        5,
        json!({"code": "E", "name": "Epsilon \\ slash", "amount": 0, "amount_currency": "EUR", "stage": {"id": 33},
            "organisation": {"id": 12}, "close_date": "2026-10-22", "created_at": "2026-03-31T22:00:00Z",
            "tags": ["Ünï"], "colours": ["blue"], "priority": "high", "rate": 1000, "score": 100.0, "done": true,
            "owner": {"id": 102}, "team": {"id": 201}, "notes": "Line one\nΜΕΓΑ"}),
    );
    let deal = |number: u128| format!("deal:{}", super::support::id(number));
    let organisation = format!("organisation:{}", super::support::id(12));
    insert(
        "task",
        41,
        json!({"title": "Call", "about": deal(1), "done": false, "due": "2026-11-22T08:00:00Z"}),
    );
    insert("task", 42, json!({"title": "Mail", "about": deal(1), "done": true}));
    insert(
        "task",
        43,
        json!({"title": "Visit", "about": deal(2), "done": true, "due": "2026-11-20T08:00:00Z"}),
    );
    insert("task", 44, json!({"title": "Post", "about": organisation, "done": false}));
    database
}

fn found(database: &Database, context: &FilterContext<'_>, record_type: &str, text: &str) -> Vec<i64> {
    let filter = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    // What is found must not depend on the form in which the filter travels.
    assert_eq!(parse(&filter.to_string()).unwrap(), filter, "{text}");
    assert_eq!(from_json_text(&filter.to_json().to_string()).unwrap(), filter, "{text}");
    let record_type = context.schema.require(record_type).unwrap();
    let selection = compile(&filter, record_type, context).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut statement = selection.statement("SELECT t.row_id").unwrap();
    // Only the words of the language and of the schema may reach the text of a statement.
    for value in ["vip", "Alpha", "deal:", "2026", "EUR", "1000"] {
        assert!(!statement.sql.contains(value), "{text}: {}", statement.sql);
    }
    statement.sql.push_str(" ORDER BY 1");
    let rows = database.numbers(&statement);
    let counted = database.numbers(&count(&filter, record_type, context).unwrap());
    assert_eq!(counted, [i64::try_from(rows.len()).unwrap()], "{text}");
    rows
}

#[test]
fn deals_are_found() {
    let schema = schema();
    let database = database(&schema);
    let context = context(&schema);
    for (text, expected) in [
        // Everything and nothing.
        ("", "ABCDE"),
        ("true", "ABCDE"),
        ("false", ""),
        ("not true or code = \"A\"", "A"),
        // Text.
        (r#"code = "A""#, "A"),
        (r#"code = "a""#, ""),
        (r#"code != "A""#, "BCDE"),
        (r#"code > "B" AND code <= "D""#, "CD"),
        (r#"code in ("A", "E", "X")"#, "AE"),
        (r#"code not in ("A", "E", "X")"#, "BCD"),
        ("code in ()", ""),
        (r#"code between "B" and "D""#, "BCD"),
        (r#"name_key = "BËTA deal""#, "B"),
        (r#"name_key starts with "ALPH""#, "A"),
        (r#"name contains "DEAL""#, "AB"),
        (r#"name starts with "beta""#, "B"),
        (r#"name contains "50%""#, "C"),
        (r#"name contains "%""#, "C"),
        (r#"name contains "_x""#, "C"),
        (r#"name contains "\\ s""#, "E"),
        (r#"name ends with "LTA""#, "D"),
        (r#"notes contains "μεγα""#, "E"),
        (r#"notes contains "line one""#, "E"),
        ("notes is null", "BCD"),
        (r#"not notes contains "line""#, "ABCD"),
        // Numbers.
        ("count = 1", "A"),
        ("count != 1", "BCDE"),
        ("count = -9007199254740993", "D"),
        ("count in (1, 2.0, 5)", "AB"),
        ("count is null", "E"),
        ("count between 2 and 3", "BC"),
        ("rate = 1.25", "A"),
        ("rate >= 2.5", "BE"),
        ("not rate >= 2.5", "ACD"),
        ("score < 0.5", "B"),
        ("score = 0.5 or score = -3", "AB"),
        ("`true` = 7", "A"),
        // Money.
        ("amount = 1000 EUR", "A"),
        ("amount >= 999.99 EUR", "AB"),
        ("amount < 1000 EUR", "BE"),
        ("amount != 1000 EUR", "BCDE"),
        ("not amount < 1000 EUR", "ACD"),
        ("amount in (1000 EUR, 1000 USD)", "AC"),
        ("amount between 0 EUR and 999.99 EUR", "BE"),
        ("amount > 0", "ABC"),
        ("amount = 0", "E"),
        (r#"amount.currency = "USD""#, "C"),
        (r#"amount.currency != "USD""#, "ABDE"),
        (r#"amount.currency in ("USD", "CHF")"#, "C"),
        ("amount is not null", "ABCE"),
        ("amount.currency is null", "D"),
        // Truth.
        ("done = true", "AE"),
        ("done = false", "BD"),
        ("done != true", "BCD"),
        ("not done = true", "BCD"),
        ("done is null", "C"),
        // Dates: today is Saturday, 2026-11-21 in Zurich.
        ("close_date = 2026-11-25", "A"),
        (r#"close_date = "2026-11-25""#, "A"),
        ("close_date < 2026-11-25", "CE"),
        ("close_date between 2026-11-21 and 2026-11-25", "AC"),
        ("close_date in next 30 days", "AC"),
        ("close_date in last 30 days", "CE"),
        ("close_date in last 29 days", "C"),
        ("close_date = today", "C"),
        ("close_date = tomorrow + 3 days", "A"),
        ("close_date >= today - 1 month", "ABCE"),
        ("close_date in this month", "AC"),
        ("close_date in last month", "E"),
        ("close_date in next week", "A"),
        ("close_date in this quarter", "ABCE"),
        ("close_date in this year and close_date > this month", "B"),
        ("close_date < this month", "E"),
        ("close_date <= this month", "ACE"),
        ("close_date not in this month", "BDE"),
        ("close_date in (2026-11-21, next week)", "AC"),
        ("close_date != today", "ABDE"),
        // Times: days are those of Zurich, an hour or two ahead of UTC.
        ("created_at between 2026-01-01 and 2026-03-31", "AB"),
        ("created_at >= 2026-04-01", "CDE"),
        ("created_at = 2026-01-01", "AB"),
        ("created_at > 2026-01-01", "CDE"),
        ("created_at <= 2026-01-01", "AB"),
        ("created_at < 2026-01-01", ""),
        ("created_at = today", "CD"),
        ("created_at = 2026-11-21T09:00:00Z", "C"),
        ("created_at >= 2026-11-21T10:00:00+01:00", "C"),
        ("created_at > now - 2 hours", "C"),
        ("created_at >= now - 11 hours", "CD"),
        ("created_at in last 1 year", "ABCDE"),
        ("created_at in this month", "CD"),
        // Options.
        (r#"priority = "high""#, "BE"),
        (r#"priority != "high""#, "ACD"),
        (r#"priority >= "medium""#, "BCE"),
        (r#"priority < "high""#, "AC"),
        (r#"priority < "low""#, ""),
        (r#"priority in ("low", "medium")"#, "AC"),
        (r#"not priority in ("low", "medium")"#, "BDE"),
        // Lists.
        (r#"tags has "vip""#, "AB"),
        (r#"tags has "VIP""#, "AB"),
        (r#"tags contains "uni""#, "E"),
        (r#"tags starts with "vi""#, "AB"),
        (r#"tags ends with "ew""#, "A"),
        (r#"tags has any ("new", "uni")"#, "AE"),
        (r#"tags has all ("vip", "new")"#, "A"),
        ("tags has any ()", ""),
        ("tags has all ()", "ABCDE"),
        (r#"not tags has "vip""#, "CDE"),
        ("tags is empty", "CD"),
        ("tags is not empty", "ABE"),
        (r#"colours has "red""#, "AB"),
        (r#"colours contains "blue""#, "BE"),
        (r#"colours has all ("red", "blue")"#, "B"),
        ("colours is null", "CD"),
        ("data is null", "ABDE"),
        // Links.
        ("owner = me", "AD"),
        ("owner != me", "BCE"),
        ("owner in (me)", "AD"),
        ("team = my team", "AE"),
        ("team != my team", "BCD"),
        ("owner is null", "C"),
        (r#"owner = "00000000-0000-0000-0000-000000000066""#, "BE"),
        (r#"id = "00000000-0000-0000-0000-000000000003""#, "C"),
        (r#"organisation.name = "Alpha""#, "A"),
        (r#"organisation.name starts with "mul""#, "BE"),
        (r#"organisation.industry contains "backer""#, "C"),
        (r#"organisation.parent.name = "Alpha""#, "BE"),
        (r#"organisation.parent.parent.name = "Alpha""#, "C"),
        ("organisation.parent is null", "AD"),
        (r#"organisation.name != "Alpha""#, "BCDE"),
        (r#"not organisation.name = "Alpha""#, "BCDE"),
        (r#"stage.type = "open" and amount >= 1000 EUR"#, "A"),
        (r#"stage.position > 1 and not stage.type = "won""#, "B"),
        ("organisation.owner = me", "BE"),
        ("stage.probability = 50.5", "B"),
        (r#"owner.name = "You" or organisation.parent.owner.name = "Me""#, "BCE"),
        // Linking records.
        ("exists(tasks)", "AB"),
        ("exists(task via about)", "AB"),
        ("exists(tasks where done = false)", "A"),
        ("none(tasks)", "CDE"),
        ("none(tasks where done = true)", "CDE"),
        ("count(tasks) = 2", "A"),
        ("count(tasks) != 2", "BCDE"),
        ("count(tasks) >= 1 and count(tasks where done = false) = 0", "B"),
        ("exists(tasks where due > now)", "A"),
        // Together.
        (
            r#"stage.type = "open" and amount >= 100 EUR and close_date in next 60 days
               and not (owner is null or tags has "new") and exists(tasks where done = true)
               and name starts with "Bë" and created_at between 2026-01-01 and 2026-03-31"#,
            "B",
        ),
        (r#"code = "A" or code = "B" and done = true"#, "A"),
        (r#"(code = "A" or code = "B") and done = true"#, "A"),
        (r#"(code = "A" or code = "B") and done = false"#, "B"),
        ("not not done = true", "AE"),
    ] {
        let rows = found(&database, &context, "deal", text);
        let codes: String = rows.iter().map(|row| char::from(b'@' + u8::try_from(*row).unwrap())).collect();
        assert_eq!(codes, expected, "{text}");
    }
}

#[test]
fn other_records_are_found() {
    let schema = schema();
    let database = database(&schema);
    let context = context(&schema);
    for (record_type, text, expected) in [
        ("organisation", "count(deals via organisation) >= 2", &[12][..]),
        ("organisation", r#"count(deals where stage.type = "won") >= 1"#, &[12, 13]),
        ("organisation", "none(deals)", &[14]),
        ("organisation", "exists(organisations via parent)", &[11, 12, 13]),
        ("organisation", "exists(organisations where exists(organisations where none(deals)))", &[12]),
        ("organisation", "exists(people via first_employer)", &[12]),
        ("organisation", r#"exists(people via employer where emails.address = "ZED@example.com")"#, &[11]),
        ("organisation", "exists(tasks)", &[12]),
        ("organisation", r#"name = "Beta_50%" or name ends with "PTY""#, &[13, 14]),
        ("person", r#"emails.address = "ann@EXAMPLE.org""#, &[21]),
        ("person", r#"emails.address != "ann@example.org""#, &[22]),
        ("person", r#"emails.address in ("x", "zed@example.com")"#, &[21]),
        ("person", r#"emails.address starts with "ann@""#, &[21]),
        ("person", r#"emails.address ends with "example.com""#, &[21]),
        ("person", r#"emails.address contains "EXAMPLE""#, &[21]),
        ("person", r#"emails.address has "ann@example.org""#, &[21]),
        ("person", r#"emails.address has all ("ann@example.org", "zed@example.com")"#, &[21]),
        ("person", "emails is empty", &[22]),
        ("person", "emails.address is null", &[22]),
        ("person", r#"addresses.city = "Zürich""#, &[22]),
        ("person", r#"addresses.street = "Zürich""#, &[21]),
        ("person", r#"addresses.city starts with "zur""#, &[22]),
        ("person", r#"addresses.city contains "%""#, &[22]),
        ("person", r#"addresses.city contains "city""#, &[]),
        ("person", r#"addresses.city ends with "rich""#, &[22]),
        ("person", "addresses.street is not null", &[21, 22]),
        ("person", r#"addresses.city = """#, &[]),
        ("person", r#"mail = "ANN@example.org""#, &[21]),
        ("person", r#"family_name starts with "arg""#, &[22]),
        ("person", r#"family_name contains "Z""#, &[21]),
        ("person", r#"name_key contains "arger bob""#, &[22]),
        ("task", r#"about = "deal:00000000-0000-0000-0000-000000000001""#, &[41, 42]),
        ("task", r#"about.type = "deal""#, &[41, 42, 43]),
        ("task", r#"about.type != "deal""#, &[44]),
        ("task", r#"about.type in ("organisation", "person")"#, &[44]),
        ("task", "due in last 7 days", &[43]),
        ("task", "due = tomorrow", &[41]),
        ("user", "id = me", &[101]),
        ("user", "exists(deals via owner where done = false)", &[101, 102]),
        ("team", "id = my team", &[201]),
    ] {
        assert_eq!(found(&database, &context, record_type, text), expected, "{record_type}: {text}");
    }
}

#[test]
fn access_is_compiled_into_everything() {
    let schema = schema();
    let database = database(&schema);
    let mut context = context(&schema);
    // Deals of mine, and organisations below Alpha: the second needs a join of its own.
    context.access = &|record_type| match record_type.name() {
        "deal" => Some(parse("owner = me").unwrap()),
        "organisation" => Some(parse(r#"parent.name = "Alpha""#).unwrap()),
        "task" => Some(parse("done = false").unwrap()),
        _ => None,
    };
    for (record_type, text, expected) in [
        ("deal", "", &[1, 4][..]),
        ("deal", "done = true", &[1]),
        ("deal", "not done = true", &[4]),
        // Deal 1 belongs to an organisation that is out of sight.
        ("deal", r#"organisation.name = "Alpha""#, &[]),
        ("deal", "organisation.name is null", &[1, 4]),
        ("deal", "exists(tasks where done = true)", &[]),
        ("deal", "count(tasks) = 1", &[1]),
        ("organisation", "exists(deals)", &[]),
        ("organisation", "none(deals)", &[12]),
        ("user", "count(deals via owner) = 2", &[101]),
        ("user", "count(deals via owner) = 0", &[102]),
        ("task", r#"about.type = "deal""#, &[41]),
    ] {
        assert_eq!(found(&database, &context, record_type, text), expected, "{record_type}: {text}");
    }
}

#[test]
fn fields_out_of_reach_are_refused_wherever_they_stand() {
    let schema = schema();
    let mut context = context(&schema);
    context.check_field = &|_, field| match field.name() {
        "amount" => Err(crm_core::CrmError::invalid("field.forbidden", "may not be read")),
        _ => Ok(()),
    };
    let deal = schema.require("deal").unwrap();
    let check = |text: &str, path: &str| {
        let error = compile(&parse(text).unwrap(), deal, &context).unwrap_err();
        assert_eq!((error.code(), error.path()), ("field.forbidden", Some(path)), "{text}");
    };
    check("amount > 0", "position 0");
    check("code = \"A\" and amount.currency is null", "position 15");
    check(
        "exists(tasks) and organisation.owner is null and not exists(tasks where true) or amount is null",
        "position 81",
    );
    let sorted = crm_core::record::query::Query::new().ascending("amount");
    let error = crm_core::record::query::ListPlan::compile(&sorted, deal, &context).unwrap_err();
    assert_eq!(error.code(), "field.forbidden");
}
