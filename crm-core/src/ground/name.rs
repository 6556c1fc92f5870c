//! Personal names: how they are shown, sorted, shortened, and taken apart when they come in one piece.

use crate::ground::text::{fold, stands_alone};

/// The parts of a person's name. Absent parts are empty.
///
/// ```
/// use crm_core::ground::name::{NameOrder, PersonName};
/// let name = PersonName { salutation: "Dr.", given: "Ana", family: "de Souza", ..PersonName::default() };
/// assert_eq!(name.display(NameOrder::GivenFirst), "Dr. Ana de Souza");
/// assert_eq!(name.display(NameOrder::FamilyComma), "de Souza, Ana");
/// assert_eq!(name.sort_key(), "de souza ana");
/// assert_eq!(name.initials(), "AS");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonName<'a> {
    /// Title or form of address before the name: `Dr.`, `Ms`.
    pub salutation: &'a str,
    /// Given names.
    pub given: &'a str,
    /// Middle names.
    pub middle: &'a str,
    /// Family names, with their particle: `van der Berg`.
    pub family: &'a str,
    /// What follows the name: `Jr.`, `PhD`.
    pub suffix: &'a str,
}

/// In which order a name is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOrder {
    /// As most languages say it: `Dr. Ana Maria Souza, PhD`. Names in Han, kana or Hangul are shown family
    /// name first, as their readers write them.
    GivenFirst,
    /// As in East Asia and Hungary: `Souza Ana Maria`.
    FamilyFirst,
    /// For sorted lists: `Souza, Ana Maria`.
    FamilyComma,
}

impl PersonName<'_> {
    /// The name in one line; empty if all parts are.
    pub fn display(&self, order: NameOrder) -> String {
        let native = is_east_asian(self.family) && is_east_asian(self.given);
        match order {
            NameOrder::GivenFirst | NameOrder::FamilyFirst if native => {
                // No space, and no middle name in these scripts; titles follow the name.
                [self.family, self.given, self.middle].concat() + &prefixed(" ", self.suffix)
            }
            NameOrder::GivenFirst => {
                let name = words(&[self.salutation, self.given, self.middle, self.family]);
                let comma = if is_generation(self.suffix) || name.is_empty() { " " } else { ", " };
                words(&[&(name + &prefixed(comma, self.suffix))])
            }
            NameOrder::FamilyFirst => words(&[self.family, self.given, self.middle]),
            NameOrder::FamilyComma => {
                let rest = words(&[self.given, self.middle]);
                let comma = if self.family.trim().is_empty() { "" } else { ", " };
                self.family.trim().to_owned() + &prefixed(comma, &rest)
            }
        }
    }

    /// The folded form to sort and compare by: family, given and middle names.
    pub fn sort_key(&self) -> String {
        fold(&words(&[self.family, self.given, self.middle]))
    }

    /// Up to two letters for an avatar: the first of the given and of the family name, particles left out.
    /// Of names in Han, kana or Hangul the first character of the family name.
    pub fn initials(&self) -> String {
        let family = self.family.split_whitespace().find(|word| !is_particle(word)).unwrap_or(self.family);
        if is_east_asian(family) {
            return family.chars().take(1).collect();
        }
        let first = |text: &str| text.chars().find(|c| c.is_alphanumeric());
        [self.given, family].into_iter().filter_map(first).flat_map(char::to_uppercase).collect()
    }
}

/// The parts of a name, as taken from one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Title or form of address before the name.
    pub salutation: String,
    /// The first given name.
    pub given: String,
    /// Further given names.
    pub middle: String,
    /// Family names, with their particle.
    pub family: String,
    /// What follows the name.
    pub suffix: String,
}

impl NameParts {
    /// The same parts, borrowed.
    pub fn as_name(&self) -> PersonName<'_> {
        PersonName {
            salutation: &self.salutation,
            given: &self.given,
            middle: &self.middle,
            family: &self.family,
            suffix: &self.suffix,
        }
    }
}

/// Takes a name in one line apart, as well as its form tells.
///
/// `Family, Given` is read by its comma; titles, suffixes and particles by lists; a single word is a given name;
/// short Han and Hangul names are split after the family name. Which of several words is a second family name
/// cannot be seen in "José García López", so the last word is the family name unless a particle or `y` tells more.
///
/// ```
/// use crm_core::ground::name::split_display_name;
/// let parts = split_display_name("Dr. Ludwig van der Berg, PhD");
/// assert_eq!((&*parts.salutation, &*parts.given), ("Dr.", "Ludwig"));
/// assert_eq!((&*parts.family, &*parts.suffix), ("van der Berg", "PhD"));
/// ```
pub fn split_display_name(text: &str) -> NameParts {
    let mut sections = text.split([',', '、', '，']).map(str::trim).filter(|section| !section.is_empty());
    let mut main: Vec<&str> = sections.next().unwrap_or_default().split_whitespace().collect();
    let mut parts = NameParts::default();
    let mut suffixes: Vec<&str> = Vec::new();
    let mut after_comma: Vec<&str> = Vec::new();
    for section in sections {
        if section.split_whitespace().all(is_suffix) || !after_comma.is_empty() {
            suffixes.push(section);
        } else {
            after_comma = section.split_whitespace().collect();
        }
    }
    let given_side = if after_comma.is_empty() { &mut main } else { &mut after_comma };
    let titles = given_side.iter().take_while(|word| is_title(word)).count();
    // A title alone is a name after all.
    let titles = if titles == given_side.len() { 0 } else { titles };
    parts.salutation = given_side.drain(..titles).collect::<Vec<_>>().join(" ");
    let mut trailing = Vec::new();
    while given_side.len() > 1 && given_side.last().is_some_and(|word| is_suffix(word)) {
        trailing.extend(given_side.pop());
    }
    trailing.reverse();
    suffixes.splice(0..0, trailing);
    parts.suffix = suffixes.join(", ");

    if !after_comma.is_empty() {
        parts.family = main.join(" ");
        let (given, middle) = after_comma.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        // "Berg, Ludwig van der" carries its particle behind.
        let particle = middle.iter().rposition(|word| !is_particle(word)).map_or(0, |last| last + 1);
        let (middle, particles) = middle.split_at(particle);
        given.clone_into(&mut parts.given);
        parts.middle = middle.join(" ");
        parts.family = words(&[&particles.join(" "), &parts.family]);
        return parts;
    }
    match main.as_slice() {
        [] => {}
        [single] => match split_east_asian(single) {
            Some((family, given)) => {
                family.clone_into(&mut parts.family);
                given.clone_into(&mut parts.given);
            }
            None => (*single).clone_into(&mut parts.given),
        },
        [family, given] if is_east_asian(family) && is_east_asian(given) => {
            (*family).clone_into(&mut parts.family);
            (*given).clone_into(&mut parts.given);
        }
        [given, rest @ ..] => {
            let last = rest.len() - 1;
            // The family name begins with its first particle, or is the last word.
            let start = rest.iter().take(last).position(|word| is_particle(word)).unwrap_or(last);
            // "Ortega y Gasset": a joined name takes the word before with it.
            let joined = rest.iter().take(last).rposition(|word| matches!(*word, "y" | "e" | "i" | "und"));
            let start = joined.map_or(start, |at| start.min(at.saturating_sub(1)));
            let (middle, family) = rest.split_at(start);
            (*given).clone_into(&mut parts.given);
            parts.middle = middle.join(" ");
            parts.family = family.join(" ");
        }
    }
    parts
}

/// Family and given name of a Han or Hangul name without a space.
fn split_east_asian(name: &str) -> Option<(&str, &str)> {
    /// Family names of two characters that are common in China, Taiwan and Korea.
    const DOUBLE: [&str; 16] = [
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "東方", "皇甫", "尉迟",
        "慕容", "남궁", "황보", "선우",
    ];
    let count = name.chars().count();
    let han_or_hangul = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    if !(2..=4).contains(&count) || !name.chars().all(han_or_hangul) {
        return None;
    }
    // Four characters are a Japanese name (two and two) or a name with a double family name.
    let length =
        if count == 4 || DOUBLE.iter().any(|double| name.starts_with(double) && count > 2) { 2 } else { 1 };
    let cut = name.char_indices().nth(length)?.0;
    name.split_at_checked(cut)
}

fn is_east_asian(text: &str) -> bool {
    let alone = |c: char| (stands_alone(c) && c >= '\u{3000}') || ('\u{ac00}'..='\u{d7a3}').contains(&c);
    !text.is_empty() && text.chars().all(alone)
}

fn plain(word: &str) -> String {
    fold(word).replace('.', "")
}

fn is_title(word: &str) -> bool {
    const TITLES: [&str; 62] = [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "fr",
        "br",
        "sr",
        "hon",
        "capt",
        "col",
        "gen",
        "lt",
        "maj",
        "sgt",
        "dr",
        "prof",
        "professor",
        "doctor",
        "doktor",
        "herr",
        "frau",
        "hr",
        "dipl-ing",
        "ing",
        "mag",
        "pd",
        "priv-doz",
        "mme",
        "mlle",
        "monsieur",
        "madame",
        "maitre",
        "sra",
        "srta",
        "senor",
        "senora",
        "don",
        "dona",
        "sig",
        "signor",
        "signora",
        "dott",
        "dottssa",
        "avv",
        "dhr",
        "mevr",
        "mw",
        "drs",
        "ir",
        "pan",
        "pani",
        "mgr",
        "bc",
        "judr",
        "mudr",
        "phdr",
    ];
    let word = plain(word);
    // "Sr" before a name is the Spanish señor; M. alone is the French monsieur only with its dot, too rare to guess.
    TITLES.contains(&word.as_str()) || (word.starts_with("dr-") && word.len() < 8)
}

fn is_suffix(word: &str) -> bool {
    const SUFFIXES: [&str; 40] = [
        "jr", "sr", "jnr", "snr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "ma", "ba", "llm",
        "llb", "jd", "esq", "cpa", "cfa", "cissp", "pmp", "rn", "dds", "dvm", "pe", "obe", "mbe", "cbe",
        "kbe", "frs", "csc", "dphil", "meng", "beng", "junior", "senior", "fils", "filho", "neto",
    ];
    let upper = word.trim_matches(['.', ',']);
    let folded = plain(word);
    SUFFIXES.contains(&folded.as_str())
        // "Ma" and "Ba" are family names unless written as degrees.
        && !(folded.len() == 2 && matches!(folded.as_str(), "ma" | "ba" | "pe" | "md" | "jd")
            && upper.chars().any(char::is_lowercase))
}

fn is_generation(suffix: &str) -> bool {
    matches!(
        plain(suffix).as_str(),
        "jr" | "sr" | "jnr" | "snr" | "ii" | "iii" | "iv" | "filho" | "neto" | ""
    )
}

fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 46] = [
        "von", "vom", "zu", "zum", "zur", "van", "der", "den", "de", "ten", "ter", "te", "het", "'t", "du",
        "des", "la", "le", "les", "del", "della", "delle", "di", "da", "das", "do", "dos", "dal", "dalla",
        "degli", "lo", "las", "los", "af", "av", "al", "el", "bin", "ibn", "bint", "ben", "abu", "st",
        "saint", "san", "santa",
    ];
    PARTICLES.contains(&plain(word).as_str())
}

fn words(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

fn prefixed(separator: &str, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("{separator}{}", text.trim()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_names_apart() {
        let check = |text: &str, expected: [&str; 5]| {
            let parts = split_display_name(text);
            let name = parts.as_name();
            assert_eq!(
                [name.salutation, name.given, name.middle, name.family, name.suffix],
                expected,
                "{text}"
            );
        };
        check("", ["", "", "", "", ""]);
        check("Anna", ["", "Anna", "", "", ""]);
        check("  Anna   Smith ", ["", "Anna", "", "Smith", ""]);
        check("Dr. María José García López, PhD", ["Dr.", "María", "José García", "López", "PhD"]);
        check("García López, María José", ["", "María", "José", "García López", ""]);
        check("Smith, Dr. Anna M., MD, PhD", ["Dr.", "Anna", "M.", "Smith", "MD, PhD"]);
        check("Prof. Dr. h.c. Max Planck", ["Prof. Dr.", "h.c.", "Max", "Planck", ""]);
        check("Martin Luther King Jr.", ["", "Martin", "Luther", "King", "Jr."]);
        check("Ludwig van Beethoven", ["", "Ludwig", "", "van Beethoven", ""]);
        check("Beethoven, Ludwig van", ["", "Ludwig", "", "van Beethoven", ""]);
        check("Johann Wolfgang von Goethe", ["", "Johann", "Wolfgang", "von Goethe", ""]);
        check("Ana da Silva", ["", "Ana", "", "da Silva", ""]);
        check("José Ortega y Gasset", ["", "José", "", "Ortega y Gasset", ""]);
        check("Van Morrison", ["", "Van", "", "Morrison", ""]);
        check("Jack Ma", ["", "Jack", "", "Ma", ""]);
        check("Jack Miller MA", ["", "Jack", "", "Miller", "MA"]);
        check("Frau Müller", ["Frau", "Müller", "", "", ""]);
        check("Mr.", ["", "Mr.", "", "", ""]);
        check("山田太郎", ["", "太郎", "", "山田", ""]);
        check("山田 太郎", ["", "太郎", "", "山田", ""]);
        check("王小明", ["", "小明", "", "王", ""]);
        check("欧阳娜", ["", "娜", "", "欧阳", ""]);
        check("김민준", ["", "민준", "", "김", ""]);
        check("さくら", ["", "さくら", "", "", ""]);
        check("محمد بن سلمان", ["", "محمد", "بن", "سلمان", ""]);
    }

    #[test]
    fn shows_names() {
        let name =
            PersonName { salutation: "Ms", given: "Anna", middle: "M.", family: "Smith", suffix: "PhD" };
        assert_eq!(name.display(NameOrder::GivenFirst), "Ms Anna M. Smith, PhD");
        assert_eq!(name.display(NameOrder::FamilyFirst), "Smith Anna M.");
        assert_eq!(name.display(NameOrder::FamilyComma), "Smith, Anna M.");
        assert_eq!(
            PersonName { suffix: "Jr.", ..name }.display(NameOrder::GivenFirst),
            "Ms Anna M. Smith Jr."
        );
        let only = PersonName { given: "Anna", ..PersonName::default() };
        assert_eq!(only.display(NameOrder::FamilyComma), "Anna");
        assert_eq!(PersonName::default().display(NameOrder::GivenFirst), "");
        let native = PersonName { given: "太郎", family: "山田", ..PersonName::default() };
        assert_eq!(native.display(NameOrder::GivenFirst), "山田太郎");
        assert_eq!((native.initials().as_str(), name.initials().as_str()), ("山", "AS"));
        let particle = PersonName { given: "élodie", family: "de la Tour", ..PersonName::default() };
        assert_eq!((particle.initials().as_str(), particle.sort_key().as_str()), ("ÉT", "de la tour elodie"));
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[A-Za-zé山, .]{0,30}") {
            let parts = split_display_name(&text);
            let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let name = parts.as_name();
            let all = [name.salutation, name.given, name.middle, name.family, name.suffix].concat();
            prop_assert_eq!(count(&all), count(&text));
        }
    }
}
