//! What is handed out to a person: everything for a request for access, what the person has provided for portability.
//!
//! Packages are made from the schema: whatever record type links to a person is in, be it built in or a host's own.
//! Where a type needs more than that, a line of `tables` says so. Other people are taken out: links to them, and
//! what is known of them in running text; such texts are listed for review by a human before anything is handed out.

mod access;
mod collect;
mod document;
mod html;
mod language;
mod others;
mod portable;
mod present;
mod processing;
mod tables;

use sha2::{Digest, Sha256};

use super::actions::Handled;
use super::kinds::{SubjectRight, TaskState};
use super::model::{RightsRequest, RightsRequestTask};
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::record::door::Reader;
use crate::record::{FieldType, Record, Value};
use crate::storage::{Param, query_all};

pub use document::ReviewItem;
pub use language::Language;

use crate::record::select::select;

select! {
    /// The form of a package for access.
    pub enum PackageFormat {
        /// For programs.
        #[default]
        Json = "json": "JSON",
        /// For people: a page that needs nothing but itself.
        Html = "html": "HTML",
        /// Both.
        Both = "both",
    }
}

/// How a package for access is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageOptions {
    /// In which form.
    pub format: PackageFormat,
    /// In which language the page speaks; what people have written stays as it is.
    pub language: Language,
    /// The name of the controller and how to reach it, as it shall stand on the package.
    pub controller: Option<String>,
}

/// What is handed out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RightsPackage"))]
pub struct Package {
    /// The files.
    pub files: Vec<PackageFile>,
    /// The SHA-256 of the package, in hexadecimal digits: that of the lines `<SHA-256 of the file>  <name>`, each with
    /// a line feed behind it, as `sha256sum` writes them.
    pub sha256: String,
    /// How many records are in it.
    pub records: usize,
    /// What a human must look at before it is handed out.
    pub review: Vec<ReviewItem>,
    /// The record types of which something is left out, because nothing says that the person has provided it.
    pub left_out: Vec<String>,
}

/// One file of a package.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackageFile {
    /// The name.
    pub name: String,
    /// What sort of file it is (RFC 6838).
    pub media_type: String,
    /// The SHA-256 of the content in UTF-8, in hexadecimal digits.
    pub sha256: String,
    /// The content. All files are text.
    pub content: String,
}

impl PackageFile {
    fn new(name: &str, media_type: &str, content: String) -> Self {
        Self {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            sha256: digest(content.as_bytes()),
            content,
        }
    }
}

impl Package {
    fn of(files: Vec<PackageFile>, records: usize, review: Vec<ReviewItem>, left_out: Vec<String>) -> Self {
        let lines = files.iter().map(|file| [file.sha256.as_str(), "  ", &file.name, "\n"].concat());
        let manifest = lines.collect::<Vec<_>>().concat();
        Self { files, sha256: digest(manifest.as_bytes()), records, review, left_out }
    }
}

/// The package for access.
pub(super) fn access(
    reader: &Reader<'_>,
    person: PersonId,
    request: Option<&RightsRequest>,
    options: &PackageOptions,
) -> Result<Package> {
    sees_all(reader)?;
    access::package(reader, person, request, options)
}

/// The package for portability.
pub(super) fn portability(reader: &Reader<'_>, person: PersonId) -> Result<Package> {
    sees_all(reader)?;
    portable::package(reader, person)
}

/// Notes a package on its request: its hash, and that the lines of work are done if the package is the work.
pub(super) fn note(handled: &mut Handled<'_, '_>, package: &Package) -> Result<()> {
    handled.set(&[("response_hash", Value::Text(package.sha256.clone()))])?;
    if !matches!(handled.request.right, SubjectRight::Access | SubjectRight::Portability) {
        return Ok(());
    }
    let record_type = handled.unit.record_type(RightsRequestTask::NAME)?;
    let lines = query_all(
        handled.unit.connection,
        "SELECT \"id\" FROM rights_request_task WHERE request = ?1 AND state = 'open' ORDER BY row_id",
        &[Param::Id(handled.id().into())],
        |row| row.id(0),
    )?;
    for line in lines.into_iter().flatten() {
        handled.unit.set(&record_type, line, &[("state", TaskState::Done.into_value())])?;
    }
    Ok(())
}

/// Refuses to make a package of a part of the data and call it everything.
fn sees_all(reader: &Reader<'_>) -> Result<()> {
    for record_type in reader.schema.types() {
        if reader.engine.access.predicate(reader.viewer, record_type).is_some() {
            let reason = "the session does not see all records, and a package must hold them all";
            return Err(
                CrmError::new(ErrorKind::Forbidden, "rights.incomplete", reason).at(record_type.name())
            );
        }
    }
    if reader.as_of.is_some() {
        let reason = "a package is made of what is there now";
        return Err(CrmError::invalid("rights.past", reason));
    }
    Ok(())
}

/// The SHA-256 of bytes in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).expect("four bits are a digit")
}
