//! The operation table is complete: every public operation of the engine and the domains is in it.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crm_core::operation::{Kind, RECORD_OPERATIONS, find, table};

/// Methods whose operation has another name, or that are none, with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    // What every record can do.
    ("Records<R>.create", "person.create"),
    ("Records<R>.get", "person.get"),
    ("Records<R>.find", "person.find"),
    ("Records<R>.update", "person.update"),
    ("Records<R>.patch", "person.patch"),
    ("Records<R>.delete", "person.delete"),
    ("Records<R>.restore", "person.restore"),
    ("Records<R>.create_all", "person.create_all"),
    ("Records<R>.update_all", "person.update_all"),
    ("Records<R>.delete_all", "person.delete_all"),
    ("Records<R>.list", "person.list"),
    ("Records<R>.count", "person.count"),
    ("Records<R>.group", "person.group"),
    ("Records<R>.history", "person.history"),
    ("$handle.tags", "tag.list"),
    ("$handle.rename_tag", "tag.rename"),
    ("$handle.remove_tag", "tag.remove"),
    ("$contact.find_by_email", "organisation.find_by_email"),
    ("$contact.find_by_phone", "organisation.find_by_phone"),
    // Two methods, one operation.
    ("Deal.move_with", "deal.move_to"),
    ("Search.find", "search.run"),
    // What privacy tells of reading.
    ("ReadLog.of_person", "privacy.reads_of"),
    ("Disclosure.of_person", "privacy.disclosures_of"),
    ("$door.processing_register", "privacy.register"),
    ("$door.readable", "privacy.readable"),
    ("Exports.disclosed_to", "export.csv"),
    ("Exports.redactions", "export.csv"),
    // Sessions and databases.
    ("Crm.copy_to", "-works on two handles"),
    ("$door.timeline", "timeline.list"),
    ("$door.agenda", "agenda.list"),
    ("Session.transaction", "batch.transaction"),
    ("Session.snapshot", "batch.snapshot"),
    ("Session.as_of", "batch.as_of"),
    ("Session.now", "system.info"),
    ("Crm.schema", "schema.list"),
    ("Crm.integrity_check", "system.integrity_check"),
    ("Session.erasure", "privacy.erase"),
    ("Session.retention", "retention.run"),
    ("Crm.erasure_ledger", "privacy.erasure_ledger"),
    ("Session.viewer", "-tells what the caller has said"),
    ("Session.with_special_categories", "-is an option of beginning a session"),
    ("Crm.session_for", "-every surface has its own way of beginning a session"),
    ("Session.call", "-is how operations are called"),
    ("Session.call_with", "-is how operations are called"),
    ("Session.call_into", "-is how operations are called"),
    ("Session.call_text", "-is how operations are called"),
    ("Session.call_json", "-is how operations are called"),
    ("Crm.session", "-every surface has its own way of beginning a session"),
    ("Crm.interrupt", "-works from outside of a call"),
    ("Crm.backup", "-belongs to the database handle of a surface: it names a file"),
    ("Crm.export_bytes", "-belongs to the database handle of a surface: it gives bytes"),
    ("Crm.database", "-is the driver, for diagnostics in Rust"),
    ("Crm.rekey", "-belongs to the database handle of a surface: the host holds the keys"),
    ("Crm.close", "-belongs to the database handle of a surface"),
    ("Crm.on_commit", "-is the event subscription of a surface"),
];

/// The prefix of the operations of an area type.
fn prefix(area: &str) -> String {
    match area {
        "Imports" => "import".to_owned(),
        "Exports" => "export".to_owned(),
        _ => {
            let mut snake = String::new();
            for (at, character) in area.chars().enumerate() {
                if character.is_uppercase() && at > 0 {
                    snake.push('_');
                }
                snake.extend(character.to_lowercase());
            }
            snake
        }
    }
}

/// The type that a line implements, if it is one that operations hang off.
fn area_of(line: &str) -> Option<String> {
    let line = line.trim();
    let rest = line.strip_prefix("impl")?;
    if rest.contains(" for ") || !line.ends_with('{') {
        return None;
    }
    let name = rest.trim_end_matches('{').trim();
    let name = name.rsplit_once("> ").map_or(name, |(_, after)| after).trim();
    for area in ["Session", "Crm", "$door", "$handle"] {
        if name == area || name.ends_with(&format!(")? {area}")) {
            return Some(area.to_owned());
        }
    }
    for area in
        ["Search", "Journal", "Bin", "Imports", "Exports", "Consent", "Unsubscribe", "Rights", "Privacy"]
    {
        if name.starts_with(&format!("{area}<")) {
            return Some(area.to_owned());
        }
    }
    if name == "Records<'d, R" || name.starts_with("Records<'d, R>") {
        return Some("Records<R>".to_owned());
    }
    name.strip_prefix("Records<'_, ").map(|record| record.trim_end_matches('>').to_owned())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The public methods by their area, as they stand in the sources.
fn public_methods() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut methods = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut area: Option<(String, String)> = None;
        for line in text.lines() {
            let indent: String = line.chars().take_while(|character| *character == ' ').collect();
            if line.trim_start().starts_with("impl") {
                area = area_of(line).map(|area| (area, indent));
            } else if let Some((name, at)) = &area {
                if line == format!("{at}}}") {
                    area = None;
                } else if let Some(rest) = line.trim().strip_prefix("pub fn ") {
                    let method: String = rest
                        .chars()
                        .take_while(|character| character.is_alphanumeric() || *character == '_')
                        .collect();
                    methods.push((name.clone(), method));
                }
            }
        }
    }
    methods
}

#[test]
fn every_public_operation_is_in_the_table() {
    let otherwise: BTreeMap<&str, &str> = OTHERWISE.iter().copied().collect();
    let methods = public_methods();
    let mut seen = 0;
    for (area, method) in &methods {
        // The areas themselves (`session.people()`), and constructors, are no operations.
        let is_area = matches!(area.as_str(), "Session")
            && matches!(
                method.as_str(),
                "search"
                    | "journal"
                    | "bin"
                    | "imports"
                    | "exports"
                    | "records"
                    | "consent"
                    | "unsubscribe"
                    | "rights"
                    | "privacy"
            );
        let makes =
            area == "Crm" && matches!(method.as_str(), "open" | "memory" | "from_bytes" | "on" | "connect");
        if is_area || makes {
            continue;
        }
        seen += 1;
        let key = format!("{area}.{method}");
        let operation = match otherwise.get(key.as_str()) {
            Some(reason) if reason.starts_with('-') => continue,
            Some(operation) => (*operation).to_owned(),
            None => format!("{}.{method}", prefix(area)),
        };
        assert!(find(&operation).is_ok(), "{key} is no operation: {operation} is not in the table");
    }
    assert!(seen > 90, "the sources were not read: {seen} of {} methods", methods.len());
    for (key, _) in OTHERWISE {
        let there = methods.iter().any(|(area, method)| format!("{area}.{method}") == *key);
        assert!(there, "{key} is an exception, but there is no such method");
    }
}

#[test]
fn every_operation_is_named_documented_and_found() {
    let mut names = std::collections::BTreeSet::new();
    let descriptors = crm_core::record::catalog::descriptors();
    let types: Vec<&str> = descriptors.iter().map(|descriptor| descriptor.name.as_ref()).collect();
    for operation in table() {
        let name = operation.name;
        assert!(names.insert(name), "{name} is there twice");
        assert_eq!(find(name).unwrap().0.name, name);
        let (area, method) = name.split_once('.').unwrap_or_else(|| panic!("{name} has no area"));
        let is_word =
            |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !word.is_empty();
        assert!(is_word(area) && is_word(method), "{name}");
        let hides = types.contains(&area) && RECORD_OPERATIONS.iter().any(|other| other.name == method);
        assert!(!hides, "{name} hides an operation of all records");
    }
    for operation in table().chain(RECORD_OPERATIONS) {
        let documentation = operation.documentation.trim();
        let name = operation.name;
        assert!(documentation.ends_with('.') && documentation.len() > 10, "{name}: {documentation}");
        assert!(documentation.starts_with(char::is_uppercase), "{name}: {documentation}");
        for code in operation.errors {
            assert!(code.contains('.') && !code.contains(' '), "{name}: {code}");
        }
    }
    assert!(table().any(|operation| operation.kind == Kind::Query));
}
