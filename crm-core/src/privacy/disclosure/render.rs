//! The register on paper.

use std::borrow::Cow;
use std::fmt::Write;

use super::register::{Activity, ReadData, Register};

/// How the parts of a document are written down.
trait Paper {
    fn heading(&self, text: &str) -> String;
    fn row(&self, label: &str, values: &[String]) -> String;
    fn list(&self, values: &[String]) -> String;
    fn document(&self, title: &str, body: &str) -> String;
}

struct Markdown;
struct Html;

impl Paper for Markdown {
    fn heading(&self, text: &str) -> String {
        format!("\n## {}\n\n", markdown(text))
    }

    fn row(&self, label: &str, values: &[String]) -> String {
        let values: Vec<Cow<'_, str>> = values.iter().map(|value| markdown(value)).collect();
        format!("- **{label}**: {}\n", values.join("; "))
    }

    fn list(&self, values: &[String]) -> String {
        values.iter().fold(String::new(), |list, value| list + "- " + &markdown(value) + "\n")
    }

    fn document(&self, title: &str, body: &str) -> String {
        format!("# {title}\n{body}")
    }
}

impl Paper for Html {
    fn heading(&self, text: &str) -> String {
        format!("<h2>{}</h2>\n", html(text))
    }

    fn row(&self, label: &str, values: &[String]) -> String {
        let values: Vec<Cow<'_, str>> = values.iter().map(|value| html(value)).collect();
        format!("<p><strong>{label}</strong>: {}</p>\n", values.join("; "))
    }

    fn list(&self, values: &[String]) -> String {
        let items = values.iter().fold(String::new(), |list, value| list + "<li>" + &html(value) + "</li>\n");
        format!("<ul>\n{items}</ul>\n")
    }

    fn document(&self, title: &str, body: &str) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <style>body{{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}}\
             h2{{border-top:1px solid #999;padding-top:.7em}}p{{margin:.3em 0}}</style>\n\
             </head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
        )
    }
}

const TITLE: &str = "Register of processing activities";

impl Register {
    /// The register as a Markdown document.
    pub fn to_markdown(&self) -> String {
        self.on(&Markdown)
    }

    /// The register as a page of HTML that needs nothing else. What records say is escaped.
    pub fn to_html(&self) -> String {
        self.on(&Html)
    }

    fn on(&self, paper: &dyn Paper) -> String {
        let mut body = paper.row("Drawn up", &[self.generated_at.to_string()]);
        for activity in &self.activities {
            body.push_str(&paper.heading(&activity.name));
            for (label, values) in rows(activity) {
                let none = ["none on record".to_owned()];
                let values = if values.is_empty() { &none[..] } else { &values };
                body.push_str(&paper.row(label, values));
            }
        }
        body.push_str(&paper.heading("Security measures"));
        write!(body, "{}", paper.list(&self.security_measures)).expect("writing to a string does not fail");
        paper.document(TITLE, &body)
    }
}

/// What is said of an activity, label by label.
fn rows(activity: &Activity) -> Vec<(&'static str, Vec<String>)> {
    let mut purpose = vec![activity.purpose.clone(), activity.class.label().into_owned()];
    purpose.extend(activity.parent.as_ref().map(|parent| format!("below {parent}")));
    purpose.extend(activity.iri.clone());
    let data = |data: &ReadData| {
        format!("{} ({}): {}", data.record_type, data.categories.join(", "), data.fields.join(", "))
    };
    vec![
        ("Purpose", purpose),
        ("Legal bases", activity.legal_bases.clone()),
        ("Personal data", activity.data.iter().map(data).collect()),
        ("Recipients", activity.recipients.clone()),
        ("Transfers", activity.transfers.clone()),
        ("Retention", activity.retention.clone()),
    ]
}

/// A text in Markdown that stands for itself.
fn markdown(text: &str) -> Cow<'_, str> {
    escaped(text, |c| {
        "\\`*_{}[]<>()#+-.!|~"
            .contains(c)
            .then(|| format!("\\{c}"))
            .or_else(|| (c == '\n').then(|| " ".into()))
    })
}

/// A text in HTML that stands for itself.
fn html(text: &str) -> Cow<'_, str> {
    escaped(text, |c| {
        let escape = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => return None,
        };
        Some(escape.to_owned())
    })
}

fn escaped(text: &str, escape: impl Fn(char) -> Option<String>) -> Cow<'_, str> {
    if text.chars().all(|c| escape(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| escape(c).unwrap_or_else(|| c.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::privacy::PurposeClass;

    #[test]
    fn what_records_say_does_not_become_markup() {
        let hostile = "<script>alert('x')</script> **b** [l](http://e) & \"q\"";
        let register = Register {
            generated_at: Timestamp::default(),
            activities: vec![Activity {
                purpose: "newsletter".into(),
                name: hostile.into(),
                parent: Some("direct_marketing".into()),
                class: PurposeClass::Marketing,
                iri: None,
                legal_bases: vec!["consent".into()],
                data: Vec::new(),
                recipients: vec![hostile.into()],
                transfers: Vec::new(),
                retention: Vec::new(),
            }],
            security_measures: vec!["Locks".into()],
        };
        let page = register.to_html();
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;alert(&#39;x&#39;)"), "{page}");
        let text = register.to_markdown();
        assert!(!text.contains("<script>") && text.contains("\\<script\\>"), "{text}");
        assert!(!text.contains("**b**") && text.contains("none on record"), "{text}");
    }
}
