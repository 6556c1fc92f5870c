//! The files of the shared vectors and how a case of them is run.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

pub mod matching;

use crate::engine_support;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crm_core::surface::{OpenOptions, SessionOptions};
use crm_core::{Config, CrmError, Session};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use matching::{filled, matches};

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorFile {
    /// The area, which is a part of the name of the folder or the file for readers only.
    pub area: String,
    /// The cases.
    pub cases: Vec<Case>,
    /// Where it lies, below `tests/vectors`.
    #[serde(skip)]
    pub path: String,
}

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in its file.
    pub name: String,
    #[serde(default)]
    options: BTreeMap<String, Json>,
    #[serde(default)]
    session: Option<Json>,
    open_error: Option<Json>,
    session_error: Option<Json>,
    /// What is done.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One step of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The operation that is called.
    pub call: Option<String>,
    /// Its input.
    pub input: Option<Json>,
    text: Option<String>,
    session: Option<Json>,
    #[serde(rename = "as")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    expect: Option<Json>,
    /// The error that is expected.
    pub error: Option<Json>,
}

/// A member that is there although it is null.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl Case {
    /// Whether an error is what the case is about.
    pub fn expects_error(&self) -> bool {
        self.open_error.is_some()
            || self.session_error.is_some()
            || self.steps.iter().any(|step| step.error.is_some())
    }

    /// Runs the case on a database of its own, in memory.
    ///
    /// # Errors
    /// What was expected and what came, as text.
    pub fn run(&self) -> Result<(), String> {
        self.run_with(&BTreeMap::new())
    }

    /// Runs the case on a database of its own that is opened with more options; those of the case count first.
    ///
    /// # Errors
    /// What was expected and what came, as text.
    pub fn run_with(&self, more: &BTreeMap<&str, Json>) -> Result<(), String> {
        let mut options = json!({
            "country": "DE", "zone": "Europe/Berlin", "clock": "2026-11-21T10:00:00Z",
            "seed": format!("{:064x}", 1), "key": format!("{:064x}", 2),
        });
        if let Some(url) = engine_support::url() {
            options["path"] = Json::from(url);
        }
        for (name, value) in more {
            options[name] = value.clone();
        }
        for (name, value) in &self.options {
            options[name] = value.clone();
        }
        let opened =
            OpenOptions::parse(&options.to_string()).and_then(|options| options.open(Config::default()));
        if let Some(expected) = &self.open_error {
            return failed(expected, opened.map(|_| "a database"))
                .map_err(|problem| format!("open: {problem}"));
        }
        let crm = opened.map_err(|error| format!("open: {}", error.to_json()))?;
        let begin = |options: &Json| SessionOptions::parse(&options.to_string())?.begin(&crm);
        let begun = begin(self.session.as_ref().unwrap_or(&json!({})));
        if let Some(expected) = &self.session_error {
            return failed(expected, begun.map(|_| "a session"))
                .map_err(|problem| format!("session: {problem}"));
        }
        let mut session = begun.map_err(|error| format!("session: {}", error.to_json()))?;
        let mut saved = HashMap::new();
        for (index, step) in self.steps.iter().enumerate() {
            let at = |problem| match &step.call {
                Some(call) => format!("step {index} ({call}): {problem}"),
                None => format!("step {index}: {problem}"),
            };
            if let Some(options) = &step.session {
                let begun = filled(options, &saved).map_err(at)?;
                match (begin(&begun), &step.error) {
                    (Ok(begun), None) => session = begun,
                    (outcome, Some(expected)) => {
                        failed(expected, outcome.map(|_| "a session")).map_err(at)?
                    }
                    (Err(error), None) => return Err(at(format!("got {}", error.to_json()))),
                }
            } else {
                step.run(&session, &mut saved).map_err(at)?;
            }
        }
        drop(session);
        let closed = crm.close().map_err(|error| error.to_string());
        engine_support::finish();
        closed
    }
}

impl Step {
    fn run(&self, session: &Session, saved: &mut HashMap<String, Json>) -> Result<(), String> {
        let operation = self.call.as_deref().ok_or("the step has neither `call` nor `session`")?;
        let input = match (&self.text, &self.input) {
            (Some(text), None) => text.clone(),
            (None, Some(input)) => filled(input, saved)?.to_string(),
            (None, None) => "{}".to_owned(),
            (Some(_), Some(_)) => return Err("the step has both `text` and `input`".to_owned()),
        };
        let outcome = session.call_text(operation, &input, &mut |_| ControlFlow::Continue(()));
        let outcome: Json = serde_json::from_str(&outcome).map_err(|error| error.to_string())?;
        let got = match (outcome.get("result"), &self.error) {
            (Some(result), None) => result,
            (None, Some(expected)) => return compare(&filled(expected, saved)?, &outcome["error"]),
            _ => {
                let expected = self.error.as_ref().map_or_else(|| "a result".to_owned(), Json::to_string);
                return Err(format!("expected {expected}\n      got {outcome}"));
            }
        };
        if let Some(expected) = &self.expect {
            compare(&filled(expected, saved)?, got)?;
        }
        if let Some(name) = &self.name {
            saved.insert(name.clone(), got.clone());
        }
        Ok(())
    }
}

fn compare(expected: &Json, got: &Json) -> Result<(), String> {
    if matches(expected, got) { Ok(()) } else { Err(format!("expected {expected}\n      got {got}")) }
}

fn failed(expected: &Json, outcome: Result<&str, CrmError>) -> Result<(), String> {
    match outcome {
        Ok(what) => Err(format!("expected {expected}\n      got {what}")),
        Err(error) => compare(expected, &error.to_json()),
    }
}

/// The folder of the vectors.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

/// All files of cases, in the order of their paths.
pub fn files() -> Vec<VectorFile> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> VectorFile {
    let text = std::fs::read_to_string(path).unwrap();
    let mut file: VectorFile =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.path = path.strip_prefix(folder()).unwrap().display().to_string();
    file
}
