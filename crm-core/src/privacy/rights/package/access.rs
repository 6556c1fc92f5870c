//! The package for access: all records in chapters, as a file for programs and as a page for people.

use super::collect::{Item, Relation, collect};
use super::document::{ChapterOfDocument, Document, FORMAT, RequestInfo, VERSION};
use super::present::Presenter;
use super::tables::Chapter;
use super::{Package, PackageFile, PackageOptions, html, processing};
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::ground::json;
use crate::privacy::rights::model::RightsRequest;
use crate::record::door::Reader;

/// Makes the package.
pub(super) fn package(
    reader: &Reader<'_>,
    person: PersonId,
    request: Option<&RightsRequest>,
    options: &PackageOptions,
) -> Result<Package> {
    let collection = collect(reader, person)?;
    let general = processing::for_everybody(reader)?;
    let mut presenter = Presenter::new(reader, &collection, options.language)?;
    let mut chapters = Vec::new();
    for chapter in Chapter::ALL {
        let of_chapter = |item: &&Item| chapter_of(item) == chapter;
        let mut records = Vec::new();
        for item in collection.items.iter().chain(&general).filter(of_chapter) {
            records.push(presenter.record(item)?);
        }
        if !records.is_empty() {
            let title = options.language.chapter(chapter);
            chapters.push(ChapterOfDocument { key: chapter.key(), title, records });
        }
    }
    let document = Document {
        format: FORMAT,
        version: VERSION,
        generated_at: reader.now(),
        language: options.language,
        controller: options.controller.clone(),
        person: person.into(),
        request: request.map(|request| RequestInfo {
            number: request.number.clone().unwrap_or_default(),
            right: request.right,
            regime: request.regime,
            received_at: request.received_at.unwrap_or_default(),
        }),
        processing: processing::processing(reader, person.into(), &presenter.purposes)?,
        chapters,
    };
    let mut files = Vec::new();
    if options.format.has_json() {
        let json = json::tree(&document)
            .map(|document| format!("{document:#}"))
            .map_err(|_| CrmError::internal("a package does not serialise"))?;
        files.push(PackageFile::new("access.json", "application/json", json + "\n"));
    }
    if options.format.has_html() {
        let zone = reader.engine.config.default_zone;
        files.push(PackageFile::new("access.html", "text/html; charset=utf-8", html::page(&document, zone)));
    }
    let records = document.chapters.iter().map(|chapter| chapter.records.len()).sum();
    Ok(Package::of(files, records, presenter.review, Vec::new()))
}

fn chapter_of(item: &Item) -> Chapter {
    match item.relation {
        Relation::Deleted => Chapter::Deleted,
        _ => Chapter::of(item.record_type.name()),
    }
}
