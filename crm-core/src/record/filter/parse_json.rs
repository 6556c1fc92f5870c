//! Reading a filter from JSON.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::ast::{ChildTest, Children, Comparison, Filter, HasMode, Name, Path, Place, TextMatch};
use super::limits::{Budget, MAX_DEPTH, check_length, check_limits, too_deep};
use super::operand::{Literal, Operand};
use super::parse_text::{parse, parse_operand, parse_path};
use crate::error::{CrmError, Result};
use crate::ground::currency::Currency;
use crate::ground::time::{Timestamp, parse_date};

/// Reads a filter from JSON.
///
/// | JSON | Text |
/// |---|---|
/// | `true`, `false` | `true`, `false` |
/// | `{"and": […]}`, `{"or": […]}`, `{"not": …}` | `and`, `or`, `not` |
/// | `{"field": "a.b", "op": "=", "value": 1}` and `!=`, `<`, `<=`, `>`, `>=` | `a.b = 1` |
/// | `"op": "in"`, `"not_in"`, `"has_any"`, `"has_all"` with a list as value | `a in (…)` … |
/// | `"op": "between"` with a list of two | `a between x and y` |
/// | `"op": "is_null"`, `"is_not_null"` without value | `a is null` |
/// | `"op": "contains"`, `"starts_with"`, `"ends_with"`, `"has"` | `a contains "x"` |
/// | `{"exists": {"child": "task", "via": "about", "where": …}}`, `none` | `exists(task via about where …)` |
/// | `{"count": {"child": "deal"}, "op": ">=", "value": 2}` | `count(deal) >= 2` |
/// | a string | the text form |
///
/// Values are strings, numbers, truth values, `null` (with `=` and `!=`), or one of `{"date": "2026-01-31"}`,
/// `{"time": "2026-01-31T10:00:00Z"}`, `{"amount": "10.50", "currency": "EUR"}`, `{"relative": "last 30 days"}`,
/// `{"me": true}`, `{"my_team": true}`, `{"number": "0.1"}`. Dates, times and options may be plain strings.
///
/// # Errors
/// `filter.json` for JSON of another shape, and the errors of [`parse`]; the path is the pointer of the
/// offending member (`/and/0/value`).
pub fn from_json(json: &Json) -> Result<Filter> {
    let mut reader = Reader { pointer: String::new(), depth: 0, budget: Budget::default() };
    let filter = reader.filter(json)?;
    check_limits(&filter)?;
    Ok(filter)
}

/// Reads a filter from the text of a JSON document.
///
/// # Errors
/// As [`from_json`]; `filter.json` at the byte where the text is no JSON; `filter.too_long`.
pub fn from_json_text(text: &str) -> Result<Filter> {
    check_length(text)?;
    let json: Json = serde_json::from_str(text).map_err(|error| {
        CrmError::invalid("filter.json", "is not JSON")
            .at(format!("line {} column {}", error.line(), error.column()))
            .detail("line", error.line())
            .detail("column", error.column())
    })?;
    from_json(&json)
}

/// The exact number that a JSON number is written as.
pub(super) fn number_of(json: &Json) -> Option<Decimal> {
    let text = json.as_number()?.to_string();
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

struct Reader {
    pointer: String,
    depth: usize,
    budget: Budget,
}

impl Reader {
    fn place(&self) -> Place {
        Place::Json(self.pointer.as_str().into())
    }

    fn wrong(&self, reason: impl Into<String>) -> CrmError {
        self.place().locate(CrmError::invalid("filter.json", reason), "filter")
    }

    /// Reads something one step further in, and takes the step back.
    fn inside<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        let found = read(self)?;
        self.pointer.truncate(length);
        Ok(found)
    }

    fn filter(&mut self, json: &Json) -> Result<Filter> {
        if self.depth >= MAX_DEPTH {
            return Err(self.place().locate(too_deep(), "filter"));
        }
        self.budget.node().map_err(|error| self.place().locate(error, "filter"))?;
        let object = match json {
            Json::Bool(true) => return Ok(Filter::All),
            Json::Bool(false) => return Ok(!Filter::All),
            Json::String(text) => return self.text(text),
            Json::Object(object) => object,
            _ => return Err(self.wrong("is not a filter: an object, a text, true or false")),
        };
        self.depth += 1;
        let filter = self.object(object)?;
        self.depth -= 1;
        Ok(filter)
    }

    fn text(&self, text: &str) -> Result<Filter> {
        parse(text).map_err(|error| match error.path().map(str::to_owned) {
            Some(position) => error.at(format!("{}: {position}", self.pointer)),
            None => error.at(self.pointer.clone()),
        })
    }

    fn object(&mut self, object: &Map<String, Json>) -> Result<Filter> {
        const FORMS: [(&str, &[&str]); 7] = [
            ("field", &["op", "value"]),
            ("and", &[]),
            ("or", &[]),
            ("not", &[]),
            ("exists", &[]),
            ("none", &[]),
            ("count", &["op", "value"]),
        ];
        let found = FORMS.iter().find(|(name, _)| object.contains_key(*name));
        let Some((form, others)) = found else {
            return Err(self.wrong("has none of the members field, and, or, not, exists, none, count"));
        };
        self.only(object, |name| name == *form || others.contains(&name))?;
        let inner = &object[*form];
        match *form {
            "and" => self.list("and", inner).map(Filter::all_of),
            "or" => self.list("or", inner).map(Filter::any_of),
            "not" => Ok(!self.inside("not", |reader| reader.filter(inner))?),
            "field" => self.condition(object),
            form => self.children(form, inner, object),
        }
    }

    fn only(&mut self, object: &Map<String, Json>, known: impl Fn(&str) -> bool) -> Result<()> {
        match object.keys().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                let step = name.replace('~', "~0").replace('/', "~1");
                self.inside(&step, |reader| Err(reader.wrong("is not a member that belongs here")))
            }
        }
    }

    fn list(&mut self, step: &str, json: &Json) -> Result<Vec<Filter>> {
        self.inside(step, |reader| {
            let items = json.as_array().ok_or_else(|| reader.wrong("is not a list of filters"))?;
            items
                .iter()
                .enumerate()
                .map(|(position, item)| reader.inside(&position.to_string(), |reader| reader.filter(item)))
                .collect()
        })
    }

    fn string<'j>(&mut self, object: &'j Map<String, Json>, name: &str) -> Result<&'j str> {
        self.inside(name, |reader| {
            object.get(name).and_then(Json::as_str).ok_or_else(|| reader.wrong("is not a text"))
        })
    }

    fn comparison(&mut self, object: &Map<String, Json>) -> Result<Comparison> {
        let symbol = self.string(object, "op")?;
        let unknown = "is not an operator: =, !=, <, <=, > or >=";
        self.inside("op", |reader| Comparison::from_symbol(symbol).ok_or_else(|| reader.wrong(unknown)))
    }

    fn children(&mut self, form: &str, inner: &Json, object: &Map<String, Json>) -> Result<Filter> {
        let mut children = self.inside(form, |reader| {
            let inner = inner.as_object().ok_or_else(|| reader.wrong("is not an object"))?;
            reader.only(inner, |name| matches!(name, "child" | "via" | "where"))?;
            let child = reader.name(inner, "child")?;
            let via = if inner.contains_key("via") { Some(reader.name(inner, "via")?) } else { None };
            let filter = match inner.get("where") {
                None => Filter::All,
                Some(filter) => reader.inside("where", |reader| reader.filter(filter))?,
            };
            Ok(Children { child, via, filter, test: ChildTest::Exists })
        })?;
        children.test = match form {
            "exists" => ChildTest::Exists,
            "none" => ChildTest::None,
            _ => {
                let op = self.comparison(object)?;
                let number = object.get("value").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
                let wrong = "is not a whole number";
                ChildTest::Count(
                    op,
                    self.inside("value", |reader| number.ok_or_else(|| reader.wrong(wrong)))?,
                )
            }
        };
        Ok(Filter::Children(Box::new(children)))
    }

    fn name(&mut self, object: &Map<String, Json>, name: &str) -> Result<Name> {
        let text = self.string(object, name)?.to_owned();
        self.inside(name, |reader| Ok(Name { text, place: reader.place() }))
    }

    fn condition(&mut self, object: &Map<String, Json>) -> Result<Filter> {
        let text = self.string(object, "field")?;
        let path = self.inside("field", |reader| {
            let path = parse_path(text).map_err(|_| reader.wrong("is not a field or a path of fields"))?;
            Ok(Path { place: reader.place(), ..path })
        })?;
        let op = self.string(object, "op")?;
        let value = object.get("value");
        if matches!(op, "is_null" | "is_not_null") {
            if value.is_some() {
                return self
                    .inside("value", |reader| Err(reader.wrong("does not belong to a test for null")));
            }
            let null = Filter::IsNull { path };
            return Ok(if op == "is_null" { null } else { !null });
        }
        if let Some(op) = Comparison::from_symbol(op) {
            if op.is_equality() && value == Some(&Json::Null) {
                let null = Filter::IsNull { path };
                return Ok(if op == Comparison::Equal { null } else { !null });
            }
            return Ok(Filter::Compare { path, op, operand: self.operand_member(value)? });
        }
        let matching = [TextMatch::Contains, TextMatch::StartsWith, TextMatch::EndsWith];
        if let Some(how) = matching.into_iter().find(|how| how.name() == op) {
            let text = self.string(object, "value")?.to_owned();
            return Ok(Filter::Match { path, how, text });
        }
        if op == "has" {
            let operands = vec![self.operand_member(value)?];
            return Ok(Filter::Has { path, mode: HasMode::Any, operands });
        }
        if !matches!(op, "in" | "not_in" | "has_any" | "has_all" | "between") {
            return self.inside("op", |reader| Err(reader.wrong("is not an operator")));
        }
        let mut operands = self.inside("value", |reader| {
            let items = value.and_then(Json::as_array).ok_or_else(|| reader.wrong("is not a list"))?;
            let read = |(position, item): (usize, &Json)| {
                reader.inside(&position.to_string(), |reader| reader.operand(item))
            };
            items.iter().enumerate().map(read).collect::<Result<Vec<_>>>()
        })?;
        Ok(match op {
            "in" => Filter::In { path, operands },
            "not_in" => !Filter::In { path, operands },
            "has_any" => Filter::Has { path, mode: HasMode::Any, operands },
            "has_all" => Filter::Has { path, mode: HasMode::All, operands },
            _ => match (operands.pop(), operands.pop(), operands.is_empty()) {
                (Some(high), Some(low), true) => Filter::Between { path, low, high },
                _ => return self.inside("value", |reader| Err(reader.wrong("is not a list of two values"))),
            },
        })
    }

    fn operand_member(&mut self, value: Option<&Json>) -> Result<Operand> {
        self.inside("value", |reader| match value {
            Some(value) => reader.operand(value),
            None => Err(reader.wrong("is missing")),
        })
    }

    fn operand(&mut self, json: &Json) -> Result<Operand> {
        let place = self.place();
        self.budget.operands(1).map_err(|error| place.locate(error, "filter"))?;
        let literal = match json {
            Json::String(text) => Literal::Text(text.clone()),
            Json::Bool(value) => Literal::Boolean(*value),
            Json::Number(_) => Literal::Number(
                number_of(json).ok_or_else(|| self.wrong("is a number of more than 28 digits"))?,
            ),
            Json::Object(object) => self.typed(object)?,
            Json::Null => return Err(self.wrong("is null, which only = and != compare with")),
            Json::Array(_) => return Err(self.wrong("is a list, where one value is expected")),
        };
        Ok(Operand::new(literal, place))
    }

    fn typed(&mut self, object: &Map<String, Json>) -> Result<Literal> {
        let member = |name: &str| object.get(name).and_then(Json::as_str);
        let located = |error: CrmError| self.place().locate(error, "filter");
        if object.len() == 2
            && let (Some(amount), Some(currency)) = (member("amount"), member("currency"))
        {
            let amount =
                Decimal::from_str_exact(amount).map_err(|_| self.wrong("has an amount that is no number"))?;
            return Ok(Literal::Money { amount, currency: Currency::from_code(currency).map_err(located)? });
        }
        if object.len() == 1 {
            if let Some(date) = member("date") {
                return parse_date(date).map(Literal::Date).map_err(located);
            }
            if let Some(time) = member("time") {
                return time.parse::<Timestamp>().map(Literal::Timestamp).map_err(located);
            }
            if let Some(number) = member("number") {
                let number = Decimal::from_str_exact(number).ok();
                return number.map(Literal::Number).ok_or_else(|| self.wrong("is not a number"));
            }
            if let Some(text) = member("relative") {
                let read = parse_operand(text).ok();
                return read
                    .filter(|literal| matches!(literal, Literal::Period(_) | Literal::Now(_)))
                    .ok_or_else(|| self.wrong("is not a period such as last 30 days, or now"));
            }
            for (name, literal) in [("me", Literal::Me), ("my_team", Literal::MyTeam)] {
                if object.get(name) == Some(&Json::Bool(true)) {
                    return Ok(literal);
                }
            }
        }
        Err(self.wrong("is not a value: date, time, amount with currency, relative, me, my_team or number"))
    }
}
