//! JSON as text.

use std::fmt::{self, Display, Write};

use serde::de::IgnoredAny;

use super::{Container, Sink};

/// Writes JSON at the end of a text. What stands there already must be nothing, or end where a value may begin.
#[derive(Debug)]
pub struct TextSink<'t>(&'t mut String);

impl<'t> TextSink<'t> {
    /// A sink that writes at the end of this text.
    pub fn at_end_of(text: &'t mut String) -> Self {
        Self(text)
    }

    /// Puts a comma where one belongs, which the last character tells: text in quotes ends with one of them.
    fn separate(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'[' | b'{' | b':' | b',')) {
            self.0.push(',');
        }
    }

    fn plain(&mut self, text: &str) {
        self.separate();
        self.0.push_str(text);
    }

    fn formatted(&mut self, value: fmt::Arguments<'_>) {
        self.separate();
        self.0.write_fmt(value).expect("writing to a string does not fail");
    }
}

impl Sink for TextSink<'_> {
    fn null(&mut self) {
        self.plain("null");
    }

    fn boolean(&mut self, value: bool) {
        self.plain(if value { "true" } else { "false" });
    }

    fn integer(&mut self, value: i64) {
        self.formatted(format_args!("{value}"));
    }

    fn unsigned(&mut self, value: u64) {
        self.formatted(format_args!("{value}"));
    }

    fn number(&mut self, value: f64) {
        match serde_json::Number::from_f64(value) {
            Some(number) => self.formatted(format_args!("{number}")),
            None => self.null(),
        }
    }

    fn text(&mut self, value: &str) {
        self.separate();
        self.0.push('"');
        escape(value, self.0);
        self.0.push('"');
    }

    fn shown(&mut self, value: &dyn Display) {
        self.separate();
        self.0.push('"');
        write!(Escaped(self.0), "{value}").expect("writing to a string does not fail");
        self.0.push('"');
    }

    fn json(&mut self, text: &str) {
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => self.plain(text.trim_ascii()),
            Err(_) => self.null(),
        }
    }

    fn begin(&mut self, container: Container, _: usize) {
        self.plain(match container {
            Container::List => "[",
            Container::Object => "{",
        });
    }

    fn name(&mut self, name: &str) {
        self.text(name);
        self.0.push(':');
    }

    fn end(&mut self, container: Container) {
        self.0.push(match container {
            Container::List => ']',
            Container::Object => '}',
        });
    }
}

/// What is written into it comes out with the escapes of a JSON text.
struct Escaped<'t>(&'t mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}

/// Appends a text with the escapes that JSON asks for (RFC 8259, §7), each in its shortest form.
fn escape(mut text: &str, out: &mut String) {
    while let Some(at) = text.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        // What is escaped is one byte long, so both places are boundaries of characters.
        let (before, from) = text.split_at(at);
        let (escaped, after) = from.split_at(1);
        out.push_str(before);
        match escaped {
            "\"" => out.push_str("\\\""),
            "\\" => out.push_str("\\\\"),
            "\n" => out.push_str("\\n"),
            "\r" => out.push_str("\\r"),
            "\t" => out.push_str("\\t"),
            "\u{8}" => out.push_str("\\b"),
            "\u{c}" => out.push_str("\\f"),
            control => {
                let number = control.as_bytes()[0];
                write!(out, "\\u{number:04x}").expect("writing to a string does not fail");
            }
        }
        text = after;
    }
    out.push_str(text);
}
