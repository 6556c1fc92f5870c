//! A filter as JSON that reads back as an equal filter, and the serde forms.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::ast::{ChildTest, Children, Filter, HasMode, TextMatch};
use super::operand::{Literal, Operand};
use crate::error::CrmError;

impl Filter {
    /// The JSON form: what [`from_json`](super::from_json) reads.
    ///
    /// ```
    /// let filter: crm_core::record::filter::Filter = r#"name starts with "A" or owner = me"#.parse()?;
    /// let expected = r#"{"or":[{"field":"name","op":"starts_with","value":"A"},{"field":"owner","op":"=","value":{"me":true}}]}"#;
    /// assert_eq!(filter.to_json().to_string(), expected);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn to_json(&self) -> Json {
        match self {
            Self::All => Json::Bool(true),
            Self::And(filters) => json!({ "and": filters.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Or(filters) => json!({ "or": filters.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Not(inner) => json!({ "not": inner.to_json() }),
            Self::Compare { path, op, operand } => {
                condition(path, op.symbol(), Some(value(&operand.literal)))
            }
            Self::In { path, operands } => condition(path, "in", Some(values(operands))),
            Self::Between { path, low, high } => {
                condition(path, "between", Some(json!([value(&low.literal), value(&high.literal)])))
            }
            Self::IsNull { path } => condition(path, "is_null", None),
            Self::Match { path, how, text } => condition(path, how.name(), Some(json!(text))),
            Self::Has { path, mode: HasMode::Any, operands } => {
                condition(path, "has_any", Some(values(operands)))
            }
            Self::Has { path, mode: HasMode::All, operands } => {
                condition(path, "has_all", Some(values(operands)))
            }
            Self::Children(children) => of_children(children),
        }
    }
}

fn condition(path: &super::Path, op: &str, value: Option<Json>) -> Json {
    let mut object = Map::new();
    object.insert("field".into(), path.to_string().into());
    object.insert("op".into(), op.into());
    if let Some(value) = value {
        object.insert("value".into(), value);
    }
    Json::Object(object)
}

fn of_children(children: &Children) -> Json {
    let mut inner = Map::new();
    inner.insert("child".into(), children.child.text.clone().into());
    if let Some(via) = &children.via {
        inner.insert("via".into(), via.text.clone().into());
    }
    if children.filter != Filter::All {
        inner.insert("where".into(), children.filter.to_json());
    }
    match children.test {
        ChildTest::Exists => json!({ "exists": inner }),
        ChildTest::None => json!({ "none": inner }),
        ChildTest::Count(op, number) => json!({ "count": inner, "op": op.symbol(), "value": number }),
    }
}

fn values(operands: &[Operand]) -> Json {
    operands.iter().map(|operand| value(&operand.literal)).collect()
}

/// What JSON has no type for is an object with one member that names the type.
fn value(literal: &Literal) -> Json {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Boolean(value) => json!(value),
        Literal::Number(number) => of_number(*number),
        Literal::Date(date) => json!({ "date": date.to_string() }),
        Literal::Timestamp(time) => json!({ "time": time }),
        Literal::Money { amount, currency } => {
            json!({ "amount": amount.to_string(), "currency": currency.code() })
        }
        Literal::Me => json!({ "me": true }),
        Literal::MyTeam => json!({ "my_team": true }),
        Literal::Period(period) => json!({ "relative": period.to_string() }),
        Literal::Now(now) => json!({ "relative": now.to_string() }),
    }
}

/// A JSON number where it is exact, text in an object where it is not.
fn of_number(number: Decimal) -> Json {
    if let Ok(whole) = i64::try_from(number)
        && number.is_integer()
    {
        return json!(whole);
    }
    let read = serde_json::from_str::<Json>(&number.to_string()).ok();
    match read.filter(|read| super::parse_json::number_of(read) == Some(number)) {
        Some(read) => read,
        None => json!({ "number": number.to_string() }),
    }
}

impl TextMatch {
    /// The operator in JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
        }
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// Reads the JSON form, or the text form as a JSON string.
impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        super::from_json(&json).map_err(|error: CrmError| serde::de::Error::custom(error))
    }
}
