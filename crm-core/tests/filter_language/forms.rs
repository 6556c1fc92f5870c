//! Laws of the forms: what is printed is read back, and nothing makes the readers panic.

use crm_core::record::filter::compile::compile;
use crm_core::record::filter::moment::Now;
use crm_core::record::filter::{
    ChildTest, Children, Comparison, Filter, HasMode, Literal, Operand, Path, Period, Place, Shift,
    TextMatch, from_json, from_json_text, parse,
};
use crm_core::{Currency, DateUnit, Timestamp, parse_date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::support::{context, schema};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-z0-9_]{0,6}",
        prop::sample::select(vec![
            "not", "TRUE", "false", "exists", "and", "count", "via", "where", "null", "in"
        ])
        .prop_map(str::to_owned),
        "[^\\x00]{1,4}",
    ]
}

fn unit() -> impl Strategy<Value = DateUnit> {
    prop::sample::select(vec![
        DateUnit::Day,
        DateUnit::Week,
        DateUnit::Month,
        DateUnit::Quarter,
        DateUnit::Year,
    ])
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison as C;
    let all = [C::Equal, C::NotEqual, C::Less, C::LessOrEqual, C::Greater, C::GreaterOrEqual];
    prop::sample::select(all.to_vec())
}

fn number() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..10).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn period() -> impl Strategy<Value = Period> {
    let shift = (any::<i32>(), unit()).prop_map(|(count, unit)| Shift { count, unit });
    prop_oneof![
        (-1_i8..=1, prop::option::of(shift)).prop_map(|(offset, shift)| Period::Day { offset, shift }),
        unit().prop_map(Period::This),
        unit().prop_map(Period::Last),
        unit().prop_map(Period::Next),
        (any::<u32>(), unit()).prop_map(|(count, unit)| Period::LastMany(count, unit)),
        (any::<u32>(), unit()).prop_map(|(count, unit)| Period::NextMany(count, unit)),
    ]
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        number().prop_map(Literal::Number),
        any::<bool>().prop_map(Literal::Boolean),
        "[0-9]{3}[1-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
            .prop_map(|text| Literal::Date(parse_date(&text).unwrap())),
        (Timestamp::MIN.micros()..=Timestamp::MAX.micros())
            .prop_map(|micros| Literal::Timestamp(Timestamp::from_micros(micros))),
        (number(), prop::sample::select(vec!["EUR", "JPY", "ALL", "USD"])).prop_map(|(amount, code)| {
            Literal::Money { amount, currency: Currency::from_code(code).unwrap() }
        }),
        Just(Literal::Me),
        Just(Literal::MyTeam),
        period().prop_map(Literal::Period),
        (-1_000_000_000_i64..1_000_000_000).prop_map(|seconds| Literal::Now(Now { seconds })),
    ]
    .prop_map(|literal| Operand::new(literal, Place::Unknown))
}

fn path() -> impl Strategy<Value = Path> {
    prop::collection::vec(name(), 1..4).prop_map(|segments| Path { segments, place: Place::Unknown })
}

fn operands() -> impl Strategy<Value = Vec<Operand>> {
    prop::collection::vec(operand(), 0..4)
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        Just(Filter::All),
        (path(), comparison(), operand()).prop_map(|(path, op, operand)| Filter::Compare {
            path,
            op,
            operand
        }),
        (path(), operands()).prop_map(|(path, operands)| Filter::In { path, operands }),
        (path(), operand(), operand()).prop_map(|(path, low, high)| Filter::Between { path, low, high }),
        path().prop_map(|path| Filter::IsNull { path }),
        (
            path(),
            prop::sample::select(vec![TextMatch::Contains, TextMatch::StartsWith, TextMatch::EndsWith]),
            any::<String>()
        )
            .prop_map(|(path, how, text)| Filter::Match { path, how, text }),
        (path(), prop::sample::select(vec![HasMode::Any, HasMode::All]), operands())
            .prop_map(|(path, mode, operands)| Filter::Has { path, mode, operands }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let test = prop_oneof![
            Just(ChildTest::Exists),
            Just(ChildTest::None),
            (comparison(), any::<u32>()).prop_map(|(op, number)| ChildTest::Count(op, number)),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.clone().prop_map(|filter| !filter),
            (name(), prop::option::of(name()), inner, test).prop_map(|(child, via, filter, test)| {
                let (child, via) = (child.as_str().into(), via.map(|via| via.as_str().into()));
                Filter::Children(Box::new(Children { child, via, filter, test }))
            }),
        ]
    })
}

/// Pieces of the language in any order: nearer to filters than any text is.
fn nearly() -> impl Strategy<Value = String> {
    let pieces = vec![
        "name",
        "stage.type",
        "amount",
        "organisation",
        ".",
        "tags",
        "=",
        "!=",
        "<",
        ">=",
        "in",
        "between",
        "and",
        "or",
        "not",
        "is",
        "null",
        "empty",
        "has",
        "any",
        "all",
        "(",
        ")",
        ",",
        "\"a\"",
        "\"",
        "`",
        "1000",
        "EUR",
        "2026-01-01",
        "2026-13-01",
        "today",
        "-",
        "+",
        "7",
        "days",
        "last",
        "this",
        "week",
        "now",
        "me",
        "my",
        "team",
        "exists",
        "none",
        "count",
        "tasks",
        "deals",
        "via",
        "where",
        "about",
        "true",
        "false",
        "contains",
        "starts",
        "with",
        "\\",
        "é",
        "\u{0}",
        "9999-12-31",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..24).prop_map(|pieces| pieces.join(" "))
}

fn survives(text: &str) {
    let schema = schema();
    let context = context(&schema);
    for filter in [parse(text), from_json_text(text)].into_iter().flatten() {
        assert_eq!(parse(&filter.to_string()).unwrap(), filter);
        assert_eq!(from_json(&filter.to_json()).unwrap(), filter);
        for record_type in schema.types() {
            let _ = compile(&filter, record_type, &context);
        }
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(filter in filter()) {
        let text = filter.to_string();
        prop_assert_eq!(&parse(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?, &filter);
        let json = filter.to_json().to_string();
        prop_assert_eq!(&from_json_text(&json).map_err(|error| TestCaseError::fail(format!("{json}: {error}")))?, &filter);
        let through_serde: Filter = serde_json::from_str(&serde_json::to_string(&filter).unwrap()).unwrap();
        prop_assert_eq!(through_serde, filter);
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn nearly_filters_are_survived(text in nearly()) {
        survives(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_filter_compiles_or_is_refused(filter in filter()) {
        let schema = schema();
        let context = context(&schema);
        for record_type in schema.types() {
            let _ = compile(&filter, record_type, &context);
        }
    }
}
