//! The page for people: one file that needs nothing but itself, for the screen, for paper and for screen readers.
//!
//! Every text that comes out of the database goes through [`escape`], and the page forbids scripts and whatever lies
//! outside of it, so that nothing that somebody has typed into a field can act in it.

use serde_json::Value as Json;

use super::collect::Relation;
use super::document::{
    ChangeOfDocument, ChapterOfDocument, Document, FieldOfDocument, RecordOfDocument, Shown,
};
use super::language::{self, Language, Words};
use crate::ground::zone::Zone;
use crate::journal::entry::Operation;
use crate::record::descriptor::{DataClass, label_of};

/// Forbids everything that the page does not need: it has a style and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("page.css");

/// The page of a document; times are those of the zone.
pub(super) fn page(document: &Document, zone: Zone) -> String {
    let mut page = Page { out: String::with_capacity(64 * 1024), language: document.language, zone };
    page.whole(document);
    page.out
}

struct Page {
    out: String,
    language: Language,
    zone: Zone,
}

impl Page {
    fn whole(&mut self, document: &Document) {
        let title = self.say(language::TITLE);
        self.raw("<!DOCTYPE html>\n<html lang=\"");
        self.text(self.language.key());
        self.raw(
            "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
        );
        self.text(POLICY);
        self.raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.raw(
            "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n",
        );
        self.element("title", title);
        self.raw("\n<style>\n");
        self.raw(STYLE);
        self.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#data\">");
        self.text(self.say(language::SKIP));
        self.raw("</a>\n<header>\n");
        self.element("h1", title);
        self.raw("\n<p class=\"lead\">");
        self.text(self.say(language::INTRODUCTION));
        self.raw("</p>\n");
        self.facts(document);
        self.raw("</header>\n");
        self.contents(document);
        self.raw("<main id=\"data\">\n");
        self.processing(document);
        for chapter in &document.chapters {
            self.chapter(chapter);
        }
        self.raw("<section id=\"rights\">\n");
        self.element("h2", self.say(language::RIGHTS));
        self.raw("\n<p>");
        self.text(self.say(language::RIGHTS_TEXT));
        self.raw("</p>\n</section>\n</main>\n</body>\n</html>\n");
    }

    /// Who has made the page, when, and for which request.
    fn facts(&mut self, document: &Document) {
        self.raw("<dl class=\"facts\">\n");
        if let Some(controller) = &document.controller {
            self.fact(language::CONTROLLER, controller);
        }
        if let Some(request) = &document.request {
            let regime = request.regime.label();
            self.fact(language::REQUEST, &format!("{} ({regime})", request.number));
            self.fact(language::RECEIVED, &self.language.time(request.received_at, self.zone));
        }
        // The zone is said once; all times are of it.
        let generated = self.language.time(document.generated_at, self.zone);
        self.fact(language::GENERATED, &format!("{generated} ({})", self.zone.name()));
        self.raw("</dl>\n");
    }

    fn fact(&mut self, name: Words, value: &str) {
        self.raw("<div><dt>");
        self.text(self.say(name));
        self.raw("</dt><dd>");
        self.text(value);
        self.raw("</dd></div>\n");
    }

    fn contents(&mut self, document: &Document) {
        self.raw("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">");
        self.text(self.say(language::CONTENTS));
        self.raw("</h2>\n<ol>\n");
        for chapter in &document.chapters {
            self.entry_of_contents(chapter.key, chapter.title, Some(chapter.records.len()));
        }
        self.entry_of_contents("rights", self.say(language::RIGHTS), None);
        self.raw("</ol>\n</nav>\n");
    }

    fn entry_of_contents(&mut self, key: &str, title: &str, count: Option<usize>) {
        self.raw("<li><a href=\"#");
        self.text(key);
        self.raw("\">");
        self.text(title);
        self.raw("</a>");
        if let Some(count) = count {
            self.raw(" <span class=\"count\">");
            self.text(&count.to_string());
            self.raw("</span>");
        }
        self.raw("</li>\n");
    }

    fn processing(&mut self, document: &Document) {
        let processing = &document.processing;
        self.raw("<section id=\"summary\">\n");
        self.element("h2", self.say(language::PURPOSES));
        self.raw("\n<ul>\n");
        for purpose in &processing.purposes {
            self.raw("<li>");
            self.text(&self.language.name_of(&purpose.key, &purpose.name));
            self.raw(" <span class=\"count\">");
            self.text(&format!("{} {}", purpose.changes, self.say(language::TIMES)));
            self.raw("</span></li>\n");
        }
        self.raw("</ul>\n<p>");
        self.text(&format!("{}: {}", self.say(language::REFUSALS), processing.refusals));
        self.raw("</p>\n</section>\n");
    }

    fn chapter(&mut self, chapter: &ChapterOfDocument) {
        self.raw("<section id=\"");
        self.text(chapter.key);
        self.raw("\">\n");
        self.element("h2", chapter.title);
        self.raw("\n");
        for record in &chapter.records {
            self.record(record);
        }
        self.raw("</section>\n");
    }

    fn record(&mut self, record: &RecordOfDocument) {
        self.raw("<article>\n<h3><span class=\"type\">");
        self.text(&record.type_label);
        self.raw("</span>");
        if !record.title.is_empty() {
            self.raw(" <bdi>");
            self.text(&record.title);
            self.raw("</bdi>");
        }
        self.raw("</h3>\n");
        let remark = match record.relation {
            Relation::Person | Relation::Subject | Relation::Named | Relation::General => None,
            Relation::Mentioned => Some(language::MENTIONED),
            Relation::Attached => Some(language::ATTACHED),
            Relation::Context => Some(language::CONTEXT),
            Relation::Deleted => Some(language::DELETED),
        };
        if let Some(remark) = remark {
            self.raw("<p class=\"remark\">");
            self.text(self.say(remark));
            self.raw("</p>\n");
        }
        self.raw("<dl class=\"fields\">\n");
        for field in &record.fields {
            self.field(field);
        }
        for (name, at) in [(language::CREATED, record.created_at), (language::UPDATED, record.updated_at)] {
            if let Some(at) = at {
                self.fact(name, &self.language.time(at, self.zone));
            }
        }
        for source in &record.sources {
            self.fact(language::SOURCES, &format!("{}: {}", source.source, source.key));
        }
        self.raw("</dl>\n");
        self.changes(&record.changes);
        self.raw("</article>\n");
    }

    fn field(&mut self, field: &FieldOfDocument) {
        self.raw("<div><dt>");
        self.text(&field.label);
        if field.class == DataClass::Special {
            self.raw(" <span class=\"count\">");
            self.text(self.say(language::SPECIAL));
            self.raw("</span>");
        }
        self.raw("</dt><dd>");
        self.shown(&field.shown);
        self.raw("</dd></div>\n");
    }

    fn shown(&mut self, shown: &Shown) {
        match &shown.text {
            Some(text) => self.value(&Json::from(text.as_str())),
            None => self.value(&shown.value),
        }
    }

    /// A value of any shape: texts as they were typed, lists as lists, members by their names.
    fn value(&mut self, value: &Json) {
        match value {
            Json::Null => self.raw("<span class=\"none\">–</span>"),
            Json::Bool(is) => self.text(self.say(if *is { language::YES } else { language::NO })),
            Json::Number(number) => self.text(&number.to_string()),
            Json::String(text) => {
                self.raw("<bdi class=\"text\">");
                self.text(text);
                self.raw("</bdi>");
            }
            Json::Array(items) => {
                self.raw("<ul>");
                for item in items {
                    self.raw("<li>");
                    self.value(item);
                    self.raw("</li>");
                }
                self.raw("</ul>");
            }
            Json::Object(members) => {
                self.raw("<span class=\"members\">");
                for (name, member) in members {
                    self.raw("<span><span class=\"member\">");
                    self.text(&self.language.name_of(name, &label_of(name)));
                    self.raw("</span> ");
                    self.value(member);
                    self.raw("</span> ");
                }
                self.raw("</span>");
            }
        }
    }

    fn changes(&mut self, changes: &[ChangeOfDocument]) {
        // When it was stored is said already.
        if matches!(changes, [] | [ChangeOfDocument { operation: Operation::Create, erased: false, .. }]) {
            return;
        }
        self.raw("<details open>\n<summary>");
        self.text(&format!("{} ({})", self.say(language::CHANGES), changes.len()));
        self.raw("</summary>\n<table>\n<thead><tr>");
        for heading in [language::WHEN, language::BY, language::FIELD, language::BEFORE, language::AFTER] {
            self.raw("<th scope=\"col\">");
            self.text(self.say(heading));
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for change in changes {
            self.change(change);
        }
        self.raw("</tbody>\n</table>\n</details>\n");
    }

    fn change(&mut self, change: &ChangeOfDocument) {
        let lines = change.fields.len().max(1);
        self.raw("<tr><td rowspan=\"");
        self.text(&lines.to_string());
        self.raw("\">");
        self.text(&self.language.time(change.at, self.zone));
        self.raw("</td><td rowspan=\"");
        self.text(&lines.to_string());
        self.raw("\">");
        let by = if change.by == "system" { language::SYSTEM } else { language::STAFF_MEMBER };
        self.text(self.say(by));
        self.raw("</td>");
        if change.fields.is_empty() {
            self.raw("<td colspan=\"3\">");
            let done = match change.operation {
                Operation::Create => language::CREATE,
                Operation::Update => language::UPDATE,
                Operation::Delete => language::DELETE,
                Operation::Restore => language::RESTORE,
                Operation::Purge => language::PURGE,
            };
            self.text(self.say(done));
            if change.erased {
                self.text(" – ");
                self.text(self.say(language::ERASED));
            }
            self.raw("</td></tr>\n");
            return;
        }
        for (place, field) in change.fields.iter().enumerate() {
            if place > 0 {
                self.raw("<tr>");
            }
            self.raw("<td>");
            self.text(&field.label);
            self.raw("</td><td>");
            self.shown(&field.before);
            self.raw("</td><td>");
            self.shown(&field.after);
            self.raw("</td></tr>\n");
        }
    }

    fn say(&self, words: Words) -> &'static str {
        self.language.say(words)
    }

    /// An element with a text.
    fn element(&mut self, name: &'static str, text: &str) {
        self.raw("<");
        self.raw(name);
        self.raw(">");
        self.text(text);
        self.raw("</");
        self.raw(name);
        self.raw(">");
    }

    /// A text of any origin.
    fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// Markup of the page itself. That it lives for ever is how nothing out of the database can come in here.
    fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }
}

/// Writes a text so that it is a text wherever it stands, between tags or in an attribute in double quotes.
///
/// Control characters but line feeds and tabs are not allowed in HTML; they become the replacement character, so that
/// it shows that something was there.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(character),
            _ if character.is_control() => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_hostile_stays_markup() {
        for (text, expected) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("a & b &lt;", "a &amp; b &amp;lt;"),
            ("one\ntwo\tthree", "one\ntwo\tthree"),
            ("nul\0esc\u{1b}", "nul\u{fffd}esc\u{fffd}"),
            ("Zoë ✓", "Zoë ✓"),
        ] {
            let mut out = String::new();
            escape(&mut out, text);
            assert_eq!(out, expected);
        }
    }
}
