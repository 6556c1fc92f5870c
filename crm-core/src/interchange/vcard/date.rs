//! Dates and times of which parts may be missing, RFC 6350 §4.3, in the basic and the extended form of ISO 8601.

use std::fmt::Write as _;

use crate::ground::time::Date;

/// A date, a time, or a part of one: `--0412` is the twelfth of April of no particular year.
///
/// ```
/// use crm_core::interchange::vcard::DateOrTime;
/// let birthday = DateOrTime::parse("--0412").expect("is a date");
/// assert_eq!((birthday.year, birthday.month, birthday.day), (None, Some(4), Some(12)));
/// assert_eq!(DateOrTime::parse("1985-04-12").expect("is a date").to_basic(), "19850412");
/// assert!(DateOrTime::parse("circa 1800").is_none());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateOrTime {
    /// 0 to 9999.
    pub year: Option<u16>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
    /// 0 to 23.
    pub hour: Option<u8>,
    /// 0 to 59.
    pub minute: Option<u8>,
    /// 0 to 60.
    pub second: Option<u8>,
    /// Microseconds of the second; only 3.0 can write them.
    pub microsecond: Option<u32>,
    /// The zone in minutes east of UTC; nothing means the local time of the place.
    pub offset: Option<i16>,
}

impl DateOrTime {
    /// Reads any form of 2.1, 3.0 and 4.0, or gives nothing if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut value = Self::default();
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        if !date.is_empty() {
            value.read_date(date)?;
        } else if time.is_none() {
            return None;
        }
        if let Some(time) = time {
            value.read_time(time)?;
        }
        value.is_possible().then_some(value)
    }

    /// A full date.
    pub fn from_date(date: Date) -> Option<Self> {
        use chrono::Datelike as _;
        let year = u16::try_from(date.year()).ok().filter(|year| *year <= 9999)?;
        let (month, day) = (u8::try_from(date.month()).ok(), u8::try_from(date.day()).ok());
        Some(Self { year: Some(year), month, day, ..Self::default() })
    }

    /// The date, if year, month and day are all there.
    pub fn date(&self) -> Option<Date> {
        Date::from_ymd_opt(i32::from(self.year?), u32::from(self.month?), u32::from(self.day?))
    }

    /// Whether there is any part of a time of day.
    pub fn has_time(&self) -> bool {
        self.hour.is_some() || self.minute.is_some() || self.second.is_some()
    }

    /// The form of 4.0, for example `19850412`, `--0412` or `20090808T1430-0500`. Microseconds are left out.
    pub fn to_basic(&self) -> String {
        self.format("", "")
    }

    /// The form of 3.0, for example `1985-04-12`. Where a part is missing the form of 4.0 is used.
    pub fn to_extended(&self) -> String {
        let full_time = !self.has_time() || (self.hour.is_some() && self.minute.is_some());
        if self.year.is_some() && self.month.is_some() && self.day.is_some() && full_time {
            self.format("-", ":")
        } else {
            self.to_basic()
        }
    }

    fn format(&self, dash: &str, colon: &str) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => write!(text, "{year:04}{dash}{month:02}{dash}{day:02}"),
            (Some(year), Some(month), None) => write!(text, "{year:04}-{month:02}"),
            (Some(year), None, _) => write!(text, "{year:04}"),
            (None, Some(month), Some(day)) => write!(text, "--{month:02}{day:02}"),
            (None, Some(month), None) => write!(text, "--{month:02}"),
            (None, None, Some(day)) => write!(text, "---{day:02}"),
            (None, None, None) => Ok(()),
        };
        if self.has_time() {
            text.push('T');
            let _ = match (self.hour, self.minute, self.second) {
                (Some(hour), Some(minute), Some(second)) => {
                    write!(text, "{hour:02}{colon}{minute:02}{colon}{second:02}")
                }
                (Some(hour), Some(minute), None) => write!(text, "{hour:02}{colon}{minute:02}"),
                (Some(hour), None, _) => write!(text, "{hour:02}"),
                (None, Some(minute), Some(second)) => write!(text, "-{minute:02}{second:02}"),
                (None, Some(minute), None) => write!(text, "-{minute:02}"),
                (None, None, second) => write!(text, "--{:02}", second.unwrap_or_default()),
            };
            if let Some(microsecond) = self.microsecond.filter(|_| !colon.is_empty()) {
                let _ = write!(text, ".{microsecond:06}");
            }
            match self.offset {
                Some(0) => text.push('Z'),
                Some(offset) => {
                    let sign = if offset < 0 { '-' } else { '+' };
                    let offset = offset.unsigned_abs();
                    let _ = write!(text, "{sign}{:02}{colon}{:02}", offset / 60, offset % 60);
                }
                None => {}
            }
        }
        text
    }

    fn read_date(&mut self, text: &str) -> Option<()> {
        let (year, month, day) = if let Some(day) = text.strip_prefix("---") {
            (None, None, Some(day))
        } else if let Some(rest) = text.strip_prefix("--") {
            let (month, day) = rest.split_at_checked(2)?;
            let day = day.strip_prefix('-').unwrap_or(day);
            (None, Some(month), (!day.is_empty()).then_some(day))
        } else {
            let (year, rest) = text.split_at_checked(4)?;
            match (rest.strip_prefix('-'), rest.len()) {
                (_, 0) => (Some(year), None, None),
                (Some(rest), _) => match rest.split_once('-') {
                    Some((month, day)) => (Some(year), Some(month), Some(day)),
                    None => (Some(year), Some(rest), None),
                },
                (None, 4) => {
                    let (month, day) = rest.split_at_checked(2)?;
                    (Some(year), Some(month), Some(day))
                }
                _ => return None,
            }
        };
        self.year = year.map_or(Some(None), |text| digits(text, 4).map(Some))?;
        self.month = month.map_or(Some(None), |text| two(text).map(Some))?;
        self.day = day.map_or(Some(None), |text| two(text).map(Some))?;
        Some(())
    }

    fn read_time(&mut self, text: &str) -> Option<()> {
        // A leading `-` stands for a missing hour or minute; a sign further on opens the zone.
        let missing = text.len() - text.trim_start_matches('-').len();
        let body = text.get(missing..)?;
        let zone = body.find(['Z', 'z', '+', '-']).unwrap_or(body.len());
        let (clock, zone) = body.split_at_checked(zone)?;
        self.offset = if zone.is_empty() { None } else { Some(read_zone(zone)?) };
        let (clock, fraction) = match clock.split_once(['.', ',']) {
            Some((clock, fraction)) => (clock, Some(fraction)),
            None => (clock, None),
        };
        let parts = if clock.contains(':') {
            clock.split(':').map(two).collect::<Option<Vec<u8>>>()?
        } else {
            clock
                .as_bytes()
                .chunks(2)
                .map(|pair| std::str::from_utf8(pair).ok().and_then(two))
                .collect::<Option<_>>()?
        };
        if parts.is_empty() || parts.len() + missing > 3 {
            return None;
        }
        let mut slots = [None; 3];
        for (slot, part) in slots.iter_mut().skip(missing).zip(parts) {
            *slot = Some(part);
        }
        [self.hour, self.minute, self.second] = slots;
        if let Some(fraction) = fraction {
            self.second?;
            let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
            self.microsecond = Some(digits(&six, 6)?);
        }
        Some(())
    }

    fn is_possible(&self) -> bool {
        let within =
            |part: Option<u8>, least: u8, most: u8| part.is_none_or(|part| (least..=most).contains(&part));
        let whole =
            self.year.is_none() || self.month.is_none() || self.day.is_none() || self.date().is_some();
        whole
            && within(self.month, 1, 12)
            && within(self.day, 1, 31)
            && within(self.hour, 0, 23)
            && within(self.minute, 0, 59)
            && within(self.second, 0, 60)
    }
}

/// Minutes east of UTC: `Z`, `-05`, `-0500` or `-05:00`.
fn read_zone(text: &str) -> Option<i16> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_at_checked(2)?;
    let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
    let minutes = if minutes.is_empty() { 0 } else { two(minutes)? };
    let hours = two(hours)?;
    (hours <= 23 && minutes <= 59).then(|| sign * (i16::from(hours) * 60 + i16::from(minutes)))
}

fn two(text: &str) -> Option<u8> {
    digits(text, 2)
}

fn digits<T: std::str::FromStr>(text: &str, count: usize) -> Option<T> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_all_versions() {
        let check = |text: &str, basic: &str, extended: &str| {
            let value = DateOrTime::parse(text).unwrap_or_else(|| panic!("{text} is a date"));
            assert_eq!(
                (value.to_basic().as_str(), value.to_extended().as_str()),
                (basic, extended),
                "{text}"
            );
            assert_eq!(DateOrTime::parse(extended), Some(value), "{text}");
        };
        check("19850412", "19850412", "1985-04-12");
        check("1985-04-12", "19850412", "1985-04-12");
        check("1985-04", "1985-04", "1985-04");
        check("1985", "1985", "1985");
        check("--0412", "--0412", "--0412");
        check("--04-12", "--0412", "--0412");
        check("--04", "--04", "--04");
        check("---12", "---12", "---12");
        check("T10", "T10", "T10");
        check("T1022", "T1022", "T1022");
        check("T102200Z", "T102200Z", "T102200Z");
        check("T-2200", "T-2200", "T-2200");
        check("T--00", "T--00", "T--00");
        check("T-22", "T-22", "T-22");
        check("19961022T140000-0500", "19961022T140000-0500", "1996-10-22T14:00:00-05:00");
        check("20090808T1430-0500", "20090808T1430-0500", "2009-08-08T14:30-05:00");
        check("--1022T140000", "--1022T140000", "--1022T140000");
        check("---22T14", "---22T14", "---22T14");
        check("1953-10-15T23:10:00Z", "19531015T231000Z", "1953-10-15T23:10:00Z");
        check("1987-09-27T08:30:00-06:00", "19870927T083000-0600", "1987-09-27T08:30:00-06:00");
        check("1995-10-31T22:27:10.5Z", "19951031T222710Z", "1995-10-31T22:27:10.500000Z");
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "T",
            "circa 1800",
            "19851301",
            "1985-02-30",
            "198504",
            "--",
            "----12",
            "T25",
            "T1060",
            "1985-4-12",
            "19850412T",
            "T10:2",
            "T102",
            "é985",
            "T10+5",
            "19850412TÄ",
            "T-----00",
            "12/04/1985",
        ] {
            assert_eq!(DateOrTime::parse(text), None, "{text:?}");
        }
    }
}
