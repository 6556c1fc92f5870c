//! What our generators do to the readers that UniFFI 0.32 writes.
//!
//! A list of records is read from one buffer, tens of thousands of small values of it. UniFFI reads each as if it were the
//! only one, which costs more than the call itself. So parts of what it writes are replaced, each exactly known: when a new
//! version of UniFFI writes something else, generating fails and says so.

pub mod kotlin;
pub mod swift;

use std::fs;
use std::path::Path;

/// A part of what UniFFI writes, and ours in its place.
struct Part {
    theirs: &'static str,
    ours: &'static str,
    /// Whether it stands there once, or once for each type of a kind.
    is_single: bool,
}

/// A part that stands there once.
const fn single(theirs: &'static str, ours: &'static str) -> Part {
    Part { theirs, ours, is_single: true }
}

/// A part that stands there once for each type of a kind.
const fn several(theirs: &'static str, ours: &'static str) -> Part {
    Part { theirs, ours, is_single: false }
}

/// Puts our parts in the place of theirs.
fn replace(text: String, parts: &[Part]) -> Result<String, String> {
    parts.iter().try_fold(text, |text, part| match (text.matches(part.theirs).count(), part.is_single) {
        (1, _) | (2.., false) => Ok(text.replace(part.theirs, part.ours)),
        (count, _) => {
            let begin = part.theirs.trim_start().lines().next().unwrap_or_default();
            Err(format!("this does not stand there as UniFFI 0.32 writes it, but {count} times: {begin}"))
        }
    })
}

/// Replaces parts in every file below a folder whose name ends like this.
fn replace_in_folder(folder: &Path, suffix: &str, parts: &[Part]) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            replace_in_folder(&path, suffix, parts)?;
        } else if path.extension().is_some_and(|extension| extension == suffix) {
            let text = fs::read_to_string(&path).map_err(failed)?;
            fs::write(&path, replace(text, parts)?).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Part, kotlin, replace, swift};

    #[test]
    fn every_part_is_replaced_or_the_text_is_unknown() {
        for parts in [&kotlin::PARTS[..], &swift::PARTS[..]] {
            let theirs =
                |parts: &[Part]| parts.iter().map(|part| part.theirs).collect::<Vec<_>>().join("other\n");
            let replaced = replace(theirs(parts), parts).expect("all parts are there");
            for part in parts {
                assert!(replaced.contains(part.ours), "{}", part.ours);
                assert!(!replaced.contains(part.theirs), "{}", part.theirs);
            }
            for missing in 0..parts.len() {
                let mut text = theirs(&parts[..missing]);
                text.push_str(&theirs(&parts[missing + 1..]));
                assert!(replace(text, parts).is_err(), "{}", parts[missing].theirs);
            }
            let single = parts.iter().find(|part| part.is_single).expect("there is one");
            assert!(replace(theirs(parts) + single.theirs, parts).is_err());
        }
    }
}
