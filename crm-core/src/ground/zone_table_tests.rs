//! Writes `zones.bin` out of chrono-tz when `CRM_UPDATE_SNAPSHOTS` is set, and compares the two otherwise.

use std::collections::BTreeMap;

use chrono::{DateTime, LocalResult, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{MICROS, find, name, names, offsets};

/// 1800-01-01, before any zone was.
const FROM: i64 = -5_364_662_400;
/// 2101-01-01, after chrono-tz's last change.
const TO: i64 = 4_133_980_800;

fn offset(zone: Tz, second: i64) -> i32 {
    let time = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
    zone.offset_from_utc_datetime(&time).fix().local_minus_utc()
}

#[test]
fn the_table_is_what_chrono_tz_knows() {
    if std::env::var_os("CRM_UPDATE_SNAPSHOTS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ground/zones.bin");
        std::fs::write(path, miniz_oxide::deflate::compress_to_vec(&written(), 10)).unwrap();
        return;
    }
    let mut expected: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    expected.sort_unstable();
    assert_eq!(names().collect::<Vec<_>>(), expected);
    for zone in TZ_VARIANTS {
        let ours = offsets(find(zone.name()).unwrap());
        for &(from, after) in &ours.changes {
            assert_eq!(offset(zone, from - 1), ours.at(from - 1), "{} before {from}", zone.name());
            assert_eq!(offset(zone, from), after, "{} at {from}", zone.name());
        }
        // A prime number of minutes, so that all times of day and of the year are met.
        for second in (FROM..TO).step_by(60 * 9_973) {
            assert_eq!(offset(zone, second), ours.at(second), "{} at {second}", zone.name());
        }
    }
}

#[test]
fn wall_clocks_are_read_as_chrono_tz_reads_them() {
    for zone in TZ_VARIANTS {
        let ours = offsets(find(zone.name()).unwrap());
        for &(from, _) in &ours.changes {
            for around in [-90_000, -5_400, -1_800, -1, 0, 1, 1_799, 3_600, 7_200, 90_000] {
                let wall = from + i64::from(ours.first) + around;
                check(zone, wall);
                check(zone, from + i64::from(ours.at(from)) + around);
                check(zone, from + i64::from(ours.at(from - 1)) + around);
            }
        }
    }
}

fn check(zone: Tz, wall: i64) {
    let ours = offsets(find(zone.name()).unwrap()).of_wall(wall * MICROS + 7);
    let local = DateTime::from_timestamp(wall, 7_000).unwrap().naive_utc();
    match zone.from_local_datetime(&local) {
        LocalResult::Single(found) | LocalResult::Ambiguous(found, _) => {
            assert_eq!(ours, found.timestamp_micros(), "{} at {local}", zone.name());
        }
        LocalResult::None => {
            // The end of the gap: before it the wall clock is early, from it on it is late.
            let second = ours.div_euclid(MICROS);
            assert_eq!(ours % MICROS, 0);
            assert!(second - 1 + i64::from(offset(zone, second - 1)) < wall, "{} at {local}", zone.name());
            assert!(second + i64::from(offset(zone, second)) > wall, "{} at {local}", zone.name());
        }
    }
}

#[test]
fn names_are_found_as_they_are_written() {
    assert_eq!(find("Europe/Berlin").map(name), Some("Europe/Berlin"));
    for unknown in ["", "europe/berlin", "Europe/Berlin ", "Mars/Base"] {
        assert_eq!(find(unknown), None, "{unknown}");
    }
}

/// The bytes of the file.
fn written() -> Vec<u8> {
    let mut zones: Vec<Vec<u8>> = Vec::new();
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut variants = TZ_VARIANTS;
    variants.sort_by_key(|zone| zone.name());
    let mut file = Vec::new();
    number(&mut file, variants.len() as u64);
    for zone in variants {
        let bytes = zone_bytes(zone);
        let next = zones.len();
        let index = *known.entry(bytes.clone()).or_insert_with(|| {
            zones.push(bytes);
            next
        });
        file.push(u8::try_from(zone.name().len()).unwrap());
        file.extend(zone.name().as_bytes());
        number(&mut file, index as u64);
    }
    number(&mut file, zones.len() as u64);
    for bytes in zones {
        number(&mut file, bytes.len() as u64);
        file.extend(bytes);
    }
    file
}

fn zone_bytes(zone: Tz) -> Vec<u8> {
    let (first, changes) = changes(zone);
    let mut bytes = Vec::new();
    number(&mut bytes, zigzag(i64::from(first)));
    number(&mut bytes, changes.len() as u64);
    let (mut time, mut offset) = (0, i64::from(first));
    for (from, after) in changes {
        difference(&mut bytes, from - time, 3600);
        difference(&mut bytes, i64::from(after) - offset, 900);
        (time, offset) = (from, i64::from(after));
    }
    bytes
}

/// Every change of the offset, found by looking every three hours and then closer.
fn changes(zone: Tz) -> (i32, Vec<(i64, i32)>) {
    const STEP: i64 = 3 * 3600;
    let first = offset(zone, FROM);
    let (mut at, mut last, mut found) = (FROM, first, Vec::new());
    while at < TO {
        if offset(zone, at + STEP) == last {
            at += STEP;
            continue;
        }
        let (mut before, mut after) = (at, at + STEP);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if offset(zone, middle) == last { before = middle } else { after = middle }
        }
        last = offset(zone, after);
        found.push((after, last));
        at = after;
    }
    (first, found)
}

fn difference(bytes: &mut Vec<u8>, seconds: i64, unit: i64) {
    let whole = seconds % unit == 0;
    number(bytes, if whole { zigzag(seconds / unit) << 1 } else { zigzag(seconds) << 1 | 1 });
}

fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}
