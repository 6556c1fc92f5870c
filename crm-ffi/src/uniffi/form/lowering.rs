//! Writing an output into the buffer that UniFFI's readers read.

use std::fmt::Display;
use std::io::Write;

use crm_core::operation::{Container, Sink, TextSink};

use super::input::is_custom;
use super::object::Object;
use super::shape::Shape;
use super::stored;

/// Takes the pieces of an output and lays them out as its shape says. What is not as the shape says is a defect, because
/// the shapes and the engine are of one build: the first is kept, and what comes after it is not looked at.
pub(in crate::uniffi) struct Lowering {
    out: Vec<u8>,
    /// The shape of the whole.
    shape: &'static Shape,
    /// What was begun and not ended yet, the outermost first.
    open: Vec<Open>,
    /// Where the members of open objects begin in the buffer, those of the outermost first.
    places: Vec<usize>,
    /// What is written as JSON text first.
    aside: Option<Aside>,
    /// What was expected where something else came.
    fault: Option<&'static str>,
}

/// For how much of a list room is made beforehand, at most, in bytes: what is said of its size may be wrong.
const MOST_AT_ONCE: usize = 1 << 20;

/// What holds other values and was begun.
enum Open {
    List(Values),
    Map(Values),
    Object(Object),
}

/// The values of a list or a map.
struct Values {
    shape: &'static Shape,
    /// Where their number stands in the buffer.
    place: usize,
    /// How many began so far.
    count: usize,
    /// How many there will be, as far as that is known.
    size: usize,
}

impl Values {
    /// Makes room for the rest, as if all were a little larger than the first: a buffer that grows as it goes is copied
    /// over and over, and hosts whose allocator gives memory back at once pay for every page again.
    fn reserve(&self, out: &mut Vec<u8>) {
        let rest = (out.len() - self.place).saturating_mul(self.size.saturating_sub(1));
        out.reserve(rest.saturating_add(rest / 8).min(MOST_AT_ONCE));
    }
}

/// A value that is written as JSON text.
struct Aside {
    text: String,
    /// How many lists and objects in it are open.
    depth: usize,
    becomes: Becomes,
}

/// What becomes of a JSON text.
enum Becomes {
    /// The value that was awaited.
    Value,
    /// The custom field with this name.
    Custom(String),
    /// Nothing: the type has no such member.
    Nothing,
}

/// A value that holds no others.
enum Piece<'p> {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Number(f64),
    Text(&'p str),
    Shown(&'p dyn Display),
}

impl Piece<'_> {
    fn integer<N: TryFrom<i64> + TryFrom<u64>>(&self) -> Option<N> {
        match *self {
            Self::Integer(value) => value.try_into().ok(),
            Self::Unsigned(value) => value.try_into().ok(),
            _ => None,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "as JSON does it where a number has no fraction")]
    fn number(&self) -> Option<f64> {
        match *self {
            Self::Integer(value) => Some(value as f64),
            Self::Unsigned(value) => Some(value as f64),
            Self::Number(value) => Some(value),
            _ => None,
        }
    }

    fn give(self, sink: &mut dyn Sink) {
        match self {
            Self::Null => sink.null(),
            Self::Boolean(value) => sink.boolean(value),
            Self::Integer(value) => sink.integer(value),
            Self::Unsigned(value) => sink.unsigned(value),
            Self::Number(value) => sink.number(value),
            Self::Text(value) => sink.text(value),
            Self::Shown(value) => sink.shown(value),
        }
    }
}

impl Lowering {
    pub(in crate::uniffi) fn new(shape: &'static Shape) -> Self {
        Self { out: Vec::new(), shape, open: Vec::new(), places: Vec::new(), aside: None, fault: None }
    }

    /// The buffer.
    ///
    /// # Errors
    /// What was expected where something else came.
    pub(in crate::uniffi) fn finish(self) -> Result<Vec<u8>, &'static str> {
        match self.fault {
            Some(expected) => Err(expected),
            // Lengths and numbers of items are signed in a buffer; none of them is above the length of the whole.
            None if i32::try_from(self.out.len()).is_err() => Err("less than 2 GiB"),
            None => Ok(self.out),
        }
    }

    /// The shape of the value that comes.
    fn awaited(&mut self) -> &'static Shape {
        match self.open.last_mut() {
            None => self.shape,
            Some(Open::List(items)) => {
                items.count += 1;
                if items.count == 2 {
                    items.reserve(&mut self.out);
                }
                items.shape
            }
            Some(Open::Map(values)) => values.shape,
            Some(Open::Object(object)) => object.current().shape,
        }
    }

    /// The shape of the value that comes, which is none that stands for no value.
    fn present(&mut self) -> &'static Shape {
        let mut shape = self.awaited();
        while let Shape::Optional(of) = shape {
            self.out.push(1);
            shape = of;
        }
        shape
    }

    fn put(&mut self, piece: Piece<'_>) {
        if self.fault.is_some() {
            return;
        }
        if let Some(aside) = &mut self.aside {
            piece.give(&mut TextSink::at_end_of(&mut aside.text));
            return self.settle_aside();
        }
        if let Piece::Null = piece {
            return self.put_null();
        }
        let shape = self.present();
        let fits = match (shape, &piece) {
            (Shape::Text | Shape::TextOrJson, Piece::Text(value)) => {
                put_text(value, &mut self.out);
                true
            }
            (Shape::Text | Shape::TextOrJson, Piece::Shown(value)) => {
                put_shown(value, &mut self.out);
                true
            }
            (Shape::Boolean, Piece::Boolean(value)) => {
                self.out.push(u8::from(*value));
                true
            }
            (Shape::Signed32, _) => self.put_bytes(piece.integer().map(i32::to_be_bytes)),
            (Shape::Unsigned32, _) => self.put_bytes(piece.integer().map(u32::to_be_bytes)),
            (Shape::Signed64, _) => self.put_bytes(piece.integer().map(i64::to_be_bytes)),
            (Shape::Unsigned64, _) => self.put_bytes(piece.integer().map(u64::to_be_bytes)),
            (Shape::Number, _) => self.put_bytes(piece.number().map(f64::to_be_bytes)),
            (Shape::Key(keys), Piece::Text(value)) => self.put_key(keys, value),
            (Shape::Key(keys), Piece::Shown(value)) => self.put_key(keys, &value.to_string()),
            (Shape::Json | Shape::TextOrJson, _) => {
                self.aside = Some(Aside::of(Becomes::Value));
                return self.put(piece);
            }
            _ => false,
        };
        if !fits {
            self.fault = Some(shape.in_words());
        }
        self.settle();
    }

    fn put_null(&mut self) {
        let shape = self.awaited();
        let may_be_missing = match self.open.last() {
            Some(Open::Object(object)) => object.current().may_be_missing(),
            _ => shape.has_none(),
        };
        if !may_be_missing {
            self.fault = Some(shape.in_words());
        }
        shape.write_empty(&mut self.out);
        self.settle();
    }

    fn put_bytes<const SIZE: usize>(&mut self, bytes: Option<[u8; SIZE]>) -> bool {
        if let Some(bytes) = bytes {
            self.out.extend_from_slice(&bytes);
        }
        bytes.is_some()
    }

    fn put_key(&mut self, keys: &[&str], key: &str) -> bool {
        let number = keys.iter().position(|known| *known == key).and_then(|at| i32::try_from(at + 1).ok());
        self.put_bytes(number.map(i32::to_be_bytes))
    }

    /// What there is to do after a value.
    fn settle(&mut self) {
        if let Some(Open::Object(object)) = self.open.last_mut() {
            object.settle(&mut self.out, &mut self.places);
        }
    }

    /// What there is to do after a piece that went into a JSON text.
    fn settle_aside(&mut self) {
        let Some(Aside { text, becomes, .. }) = self.aside.take_if(|aside| aside.depth == 0) else { return };
        match (becomes, self.open.last_mut()) {
            (Becomes::Value, _) => put_text(&text, &mut self.out),
            (Becomes::Custom(name), Some(Open::Object(object))) => return object.put_custom(&name, &text),
            _ => return,
        }
        self.settle();
    }
}

impl Sink for Lowering {
    fn null(&mut self) {
        self.put(Piece::Null);
    }

    fn boolean(&mut self, value: bool) {
        self.put(Piece::Boolean(value));
    }

    fn integer(&mut self, value: i64) {
        self.put(Piece::Integer(value));
    }

    fn unsigned(&mut self, value: u64) {
        self.put(Piece::Unsigned(value));
    }

    fn number(&mut self, value: f64) {
        self.put(if value.is_finite() { Piece::Number(value) } else { Piece::Null });
    }

    fn text(&mut self, value: &str) {
        self.put(Piece::Text(value));
    }

    fn shown(&mut self, value: &dyn Display) {
        self.put(Piece::Shown(value));
    }

    fn json(&mut self, text: &str) {
        if let Some(aside) = &mut self.aside {
            TextSink::at_end_of(&mut aside.text).json(text);
            self.settle_aside();
        } else if self.fault.is_none() && !stored::read(text, self) {
            self.fault = Some("JSON");
        }
    }

    fn begin(&mut self, container: Container, size: usize) {
        if self.fault.is_some() {
            return;
        }
        if let Some(aside) = &mut self.aside {
            TextSink::at_end_of(&mut aside.text).begin(container, size);
            aside.depth += 1;
            return;
        }
        let shape = self.present();
        let place = self.out.len();
        let values = |shape| Values { shape, place, count: 0, size };
        let open = match (shape, container) {
            (Shape::List(item), Container::List) => Open::List(values(item)),
            (Shape::Map(value), Container::Object) => Open::Map(values(value)),
            (Shape::Struct(members), Container::Object) => {
                return self.open.push(Open::Object(Object::new(members, false, self.places.len())));
            }
            (Shape::Record(members), Container::Object) => {
                return self.open.push(Open::Object(Object::new(members, true, self.places.len())));
            }
            (Shape::Json | Shape::TextOrJson, _) => {
                self.aside = Some(Aside::of(Becomes::Value));
                return self.begin(container, size);
            }
            _ => {
                self.fault = Some(shape.in_words());
                return;
            }
        };
        put_length(0, &mut self.out);
        self.open.push(open);
    }

    fn name(&mut self, name: &str) {
        if self.fault.is_some() {
            return;
        }
        if let Some(aside) = &mut self.aside {
            return TextSink::at_end_of(&mut aside.text).name(name);
        }
        match self.open.last_mut() {
            Some(Open::Map(values)) => {
                values.count += 1;
                put_text(name, &mut self.out);
            }
            Some(Open::Object(object)) => {
                if !object.turn_to(name, &mut self.out, &mut self.places) {
                    let is_field = object.takes_custom() && is_custom(name);
                    let becomes = if is_field { Becomes::Custom(name.to_owned()) } else { Becomes::Nothing };
                    self.aside = Some(Aside::of(becomes));
                }
            }
            Some(Open::List(_)) | None => {}
        }
    }

    fn end(&mut self, container: Container) {
        if self.fault.is_some() {
            return;
        }
        if let Some(aside) = &mut self.aside {
            TextSink::at_end_of(&mut aside.text).end(container);
            aside.depth -= 1;
            return self.settle_aside();
        }
        match self.open.pop() {
            Some(Open::List(values) | Open::Map(values)) => {
                self.out[values.place..values.place + 4].copy_from_slice(&length(values.count));
            }
            Some(Open::Object(object)) => {
                self.fault = object.close(&mut self.out, &mut self.places).err();
            }
            None => {}
        }
        self.settle();
    }
}

impl Aside {
    fn of(becomes: Becomes) -> Self {
        Self { text: String::new(), depth: 0, becomes }
    }
}

/// A length as buffers have it. One that does not fit is found when the whole buffer is measured.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

pub(super) fn put_length(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&length(count));
}

pub(super) fn put_text(text: &str, out: &mut Vec<u8>) {
    put_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn put_shown(value: &dyn Display, out: &mut Vec<u8>) {
    let place = out.len();
    put_length(0, out);
    write!(out, "{value}").expect("writing to a vector does not fail");
    let written = length(out.len() - place - 4);
    out[place..place + 4].copy_from_slice(&written);
}
