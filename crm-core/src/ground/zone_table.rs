//! When the offset from UTC changed in each time zone, from 1800 to 2101.
//!
//! `zones.bin` is what chrono-tz knows, each distinct zone once and as differences: 143 KB, 20 KB compressed. As Rust
//! constants in every library that links chrono-tz they are 830 KB, and a fifth of what a browser downloads. The test
//! writes the file and compares every zone with chrono-tz.
//!
//! The file, without its compression (raw DEFLATE): the number of names; for each, in order, its length in one byte, its
//! bytes and the number of its zone; the number of zones; for each its length in bytes, the first offset, the number of
//! changes, and for each change the time since the one before and the difference of the offset, both as
//! [`Reader::difference`] reads them. Numbers are LEB128, those with a sign in zigzag.

use std::sync::{LazyLock, OnceLock};

use miniz_oxide::inflate::decompress_to_vec;

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    decompress_to_vec(include_bytes!("zones.bin")).expect("the tests inflate the same file")
});

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

struct Table {
    /// Sorted, each with the number of its zone.
    names: Vec<(&'static str, usize)>,
    zones: Vec<(&'static [u8], OnceLock<Offsets>)>,
}

/// The offsets of one zone from UTC, in seconds.
#[derive(Debug)]
pub(super) struct Offsets {
    first: i32,
    /// From which second on (Unix time) which offset holds.
    changes: Vec<(i64, i32)>,
}

/// The number of a name, if there is such a zone.
pub(super) fn find(name: &str) -> Option<u16> {
    let at = TABLE.names.binary_search_by_key(&name, |(name, _)| name).ok()?;
    u16::try_from(at).ok()
}

/// The name of a number.
pub(super) fn name(zone: u16) -> &'static str {
    TABLE.names[usize::from(zone)].0
}

/// The offsets of a number, read when they are first asked for.
pub(super) fn offsets(zone: u16) -> &'static Offsets {
    let (bytes, offsets) = &TABLE.zones[TABLE.names[usize::from(zone)].1];
    offsets.get_or_init(|| Offsets::read(bytes))
}

/// All names, sorted.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.names.iter().map(|(name, _)| *name)
}

impl Offsets {
    /// The offset at a second of Unix time.
    pub(super) fn at(&self, second: i64) -> i32 {
        match self.changes.partition_point(|(from, _)| *from <= second) {
            0 => self.first,
            count => self.changes[count - 1].1,
        }
    }

    /// The first microsecond of Unix time at which the wall clock shows a time, in microseconds as if it were UTC; for
    /// a time that is skipped the end of the gap.
    pub(super) fn of_wall(&self, wall: i64) -> i64 {
        /// No zone is further from UTC, and none changes by more.
        const REACH: i64 = 26 * 3600;
        let second = wall.div_euclid(MICROS);
        let start = self.changes.partition_point(|(from, _)| *from <= second - REACH);
        let mut offset = if start == 0 { self.first } else { self.changes[start - 1].1 };
        for &(from, after) in &self.changes[start..] {
            let time = wall.saturating_sub(i64::from(offset) * MICROS);
            if time < from.saturating_mul(MICROS) {
                return time;
            }
            // The wall clock jumps over the time.
            if second < from + i64::from(after) {
                return from.saturating_mul(MICROS);
            }
            offset = after;
        }
        wall.saturating_sub(i64::from(offset) * MICROS)
    }

    fn read(bytes: &'static [u8]) -> Self {
        let mut reader = Reader(bytes);
        let first = seconds(reader.signed());
        let (mut time, mut offset) = (0, first);
        let changes = (0..reader.number())
            .map(|_| {
                time += reader.difference(3600);
                offset += seconds(reader.difference(900));
                (time, offset)
            })
            .collect();
        Self { first, changes }
    }
}

const MICROS: i64 = 1_000_000;

fn seconds(number: i64) -> i32 {
    i32::try_from(number).expect("an offset is less than a day")
}

impl Table {
    fn read() -> Self {
        let mut reader = Reader(&BYTES);
        let names = (0..reader.number())
            .map(|_| {
                let length = usize::from(reader.byte());
                let name = std::str::from_utf8(reader.take(length)).expect("names of zones are ASCII");
                (name, reader.length())
            })
            .collect();
        let zones = (0..reader.number())
            .map(|_| {
                let length = reader.length();
                (reader.take(length), OnceLock::new())
            })
            .collect();
        Self { names, zones }
    }
}

/// Reads the file, which is a part of the library and whole.
struct Reader(&'static [u8]);

impl Reader {
    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number()).expect("lengths are short")
    }

    fn signed(&mut self) -> i64 {
        unzigzag(self.number())
    }

    /// A difference in seconds: its last bit says whether it counts seconds or the usual, larger unit.
    fn difference(&mut self, unit: i64) -> i64 {
        let number = self.number();
        let count = unzigzag(number >> 1);
        if number & 1 == 0 { count * unit } else { count }
    }
}

fn unzigzag(number: u64) -> i64 {
    let magnitude = i64::try_from(number >> 1).expect("the upper bit is free");
    if number & 1 == 0 { magnitude } else { -magnitude - 1 }
}

#[cfg(test)]
#[path = "zone_table_tests.rs"]
mod tests;
