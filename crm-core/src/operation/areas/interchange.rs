//! Operations that take files in and give files out. Their content travels as text.

use std::collections::HashMap;
use std::io::Read;
use std::ops::ControlFlow;

use serde_json::json;

use crate::contacts::OrganisationId;
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::interchange::{
    CsvExport, ExportColumn, Exports, ImportOptions, ImportReport, Job, Mapping, Mode, OnReject,
    Organisations, Plan, Progress, RedactedCell, Transactions, VcardOptions, jsonl::Exported,
    vcard::OutputVersion,
};
use crate::operation::Context;
use crate::operation::declare::operations;
use crate::privacy::{Disclosure, LegalBasis, TransferTool};
use crate::record::filter::Filter;
use crate::record::query::DEFAULT_LIMIT;

/// A file that was written.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ExportedFile {
    /// How many records are in it.
    records: u64,
    /// The text of the file.
    content: String,
    /// The cells that are blank because the session may not see them.
    redactions: Vec<RedactedCell>,
}

impl ExportedFile {
    fn of(records: u64, content: Vec<u8>, exports: &Exports<'_>) -> Result<Self> {
        let content = String::from_utf8(content).map_err(|_| CrmError::internal("an export is no text"))?;
        Ok(Self { records, content, redactions: exports.redactions() })
    }
}

/// To whom an export is given.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ExportRecipient"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipient {
    /// Who gets the data, as one can be named to the people concerned.
    recipient: String,
    /// The organisation that gets them, when it is known here.
    #[serde(default)]
    organisation: Option<OrganisationId>,
    /// The key of the purpose for which they are given; that of the session when nothing is said.
    #[serde(default)]
    purpose: Option<String>,
    /// On which ground.
    #[serde(default)]
    legal_basis: Option<LegalBasis>,
    /// The country that they go to, ISO 3166-1 alpha-2.
    #[serde(default)]
    country: Option<String>,
    /// What makes the transfer there lawful.
    #[serde(default)]
    transfer_tool: TransferTool,
}

/// The exports of the session, to somebody if a recipient is named.
fn exports<'a>(context: &Context<'a>, recipient: Option<Recipient>) -> Result<Exports<'a>> {
    let exports = context.session()?.exports();
    let Some(to) = recipient else { return Ok(exports) };
    Ok(exports.disclosed_to(Disclosure {
        organisation: to.organisation,
        legal_basis: to.legal_basis,
        country: to.country,
        transfer_tool: to.transfer_tool,
        ..Disclosure::to(to.recipient, to.purpose.unwrap_or_default())
    }))
}

fn import(
    context: &Context<'_>,
    dry_run: bool,
    on_reject: OnReject,
    transactions: Transactions,
    run: impl FnOnce(ImportOptions<'_>) -> Result<ImportReport>,
) -> Result<ImportReport> {
    let mut progress =
        |progress: &Progress| context.report(&json!({ "file": progress.file, "counts": progress.total }));
    run(ImportOptions {
        dry_run,
        on_reject,
        transactions,
        progress: Some(&mut progress),
        ..ImportOptions::default()
    })
}

fn records_done<'c>(context: &'c Context<'_>) -> impl FnMut(&Exported) -> ControlFlow<()> + 'c {
    |exported| context.report(&json!({ "records": exported.records, "of": exported.of }))
}

operations! {
    /// Imports a file of separated values. All or nothing; every rejected row is in the report, and the whole import
    /// can be undone by its job.
    command(Administer) "import.csv" (context, input {
        /// The text of the file.
        content: String,
        /// How its rows become records.
        mapping: Mapping,
        /// Whether everything is done but nothing stored.
        dry_run: bool = false,
        /// What a rejected row does to the import.
        on_reject: OnReject = OnReject::default(),
        /// How it is committed.
        transactions: Transactions = Transactions::default(),
    }) -> ImportReport ["mapping.*", "csv.*", "type.unknown", "field.unknown", "import.cancelled", "import.rejected"] {
        let session = context.session()?;
        import(context, input.dry_run, input.on_reject, input.transactions, |options| {
            session.imports().csv(input.content.as_bytes(), &input.mapping, options)
        })
    }

    /// Imports several files as one, under one job.
    command(Administer) "import.plan" (context, input {
        /// The files in their order, each with its mapping.
        plan: Plan,
        /// The texts of the files, by their names.
        files: HashMap<String, String>,
        /// Whether everything is done but nothing stored.
        dry_run: bool = false,
        /// What a rejected row does to the import.
        on_reject: OnReject = OnReject::default(),
        /// How it is committed.
        transactions: Transactions = Transactions::default(),
    }) -> ImportReport ["mapping.*", "csv.*", "type.unknown", "field.unknown", "import.*"] {
        let session = context.session()?;
        let files = &input.files;
        let open = |name: &str| {
            let text = files.get(name).ok_or_else(|| {
                CrmError::invalid("import.file_missing", "is not among the files").at("files")
            })?;
            Ok(Box::new(text.as_bytes()) as Box<dyn Read + '_>)
        };
        import(context, input.dry_run, input.on_reject, input.transactions, |options| {
            session.imports().plan(&input.plan, open, options)
        })
    }

    /// Imports vCards of version 2.1, 3.0 or 4.0 as people and organisations, without losing a property.
    command(Administer) "import.vcards" (context, input {
        /// The text of the file.
        content: String,
        /// What is done with a card whose UID was imported before.
        mode: Mode = Mode::Upsert,
        /// The name of the address book, under which the UIDs are kept.
        source: String = "vcard".to_owned(),
        /// What becomes of the organisations that the cards of people name.
        organisations: Organisations = Organisations::default(),
        /// The country whose spelling of phone numbers is assumed; the database's when there is none.
        country: Option<CountryCode>,
        /// Whether everything is done but nothing stored.
        dry_run: bool = false,
        /// What a rejected card does to the import.
        on_reject: OnReject = OnReject::default(),
    }) -> ImportReport ["vcard.*", "import.cancelled", "import.rejected"] {
        let session = context.session()?;
        let (mode, source) = (input.mode, input.source);
        let taking = VcardOptions { mode, source, organisations: input.organisations, country: input.country };
        import(context, input.dry_run, input.on_reject, Transactions::default(), |options| {
            session.imports().vcards(input.content.as_bytes(), &taking, options)
        })
    }

    /// Reads an export of `export.jsonl` into this database, which must be empty. Gives how many records it had.
    command(Administer) "import.jsonl" (context, input {
        /// The text of the export.
        content: String,
    }) -> u64 ["jsonl.*", "field.*", "link.broken"] {
        let imports = context.session()?.imports();
        Ok(imports.jsonl(input.content.as_bytes(), &mut records_done(context))?.records)
    }

    /// Lists the imports, the latest first.
    query "import.list" (context, input {
        /// Goes on before this job.
        before: Option<RecordId>,
        /// How many at most, up to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<Job> [] {
        context.session()?.imports().list(input.before, input.limit)
    }

    /// Takes a whole import back. Gives the number of changes that were undone.
    command(Administer) "import.undo" (context, input {
        /// The job of the import.
        job: RecordId,
    }) -> u64 ["job.unknown", "undo.conflict"] {
        context.session()?.imports().undo(input.job)
    }

    /// Undoes imports in batches that a crash has broken off. To be called when no other import runs. Gives their jobs.
    command(Administer) "import.recover" (context, input {}) -> Vec<RecordId> ["undo.conflict"] {
        context.session()?.imports().recover()
    }

    /// Writes records of one type as a file of separated values (RFC 4180).
    query "export.csv" (context, input {
        /// The record type.
        record_type: String,
        /// The columns: paths such as `name`, `emails[0].address`, `organisation.name`.
        columns: Vec<String>,
        /// Their headings; the paths when there are none.
        headings: Option<Vec<String>>,
        /// Which records; all when there is none.
        filter: Option<Filter> as filter,
        /// What separates the columns.
        delimiter: char = ',',
        /// Whether a text that a spreadsheet would take for a formula gets an apostrophe in front.
        guard_formulas: bool = false,
        /// To whom the file is given: a disclosure is written then.
        recipient: Option<Recipient>,
    }) -> ExportedFile ["type.unknown", "field.unknown", "field.redacted", "filter.*", "export.headings", "disclosure.*"] {
        let headings = input.headings.unwrap_or_else(|| input.columns.clone());
        if headings.len() != input.columns.len() {
            return Err(CrmError::invalid("export.headings", "has not one heading for each column").at("headings"));
        }
        let columns = input.columns.into_iter().zip(headings).map(|(path, label)| ExportColumn { path, label });
        let export = CsvExport {
            record_type: input.record_type,
            columns: columns.collect(),
            filter: input.filter,
            delimiter: input.delimiter,
            guard_formulas: input.guard_formulas,
        };
        let mut content = Vec::new();
        let exports = exports(context, input.recipient)?;
        let records = exports.csv(&mut content, &export)?;
        ExportedFile::of(records, content, &exports)
    }

    /// Writes the vCards of people and organisations, in the order of the list.
    query "export.vcards" (context, input {
        /// The people and organisations.
        ids: Vec<RecordId>,
        /// The version of the format.
        version: OutputVersion = OutputVersion::V4_0,
        /// To whom the file is given: a disclosure is written then.
        recipient: Option<Recipient>,
    }) -> ExportedFile ["record.not_found", "disclosure.*"] {
        let mut content = Vec::new();
        let exports = exports(context, input.recipient)?;
        let records = exports.vcards(&mut content, &input.ids, input.version)?;
        ExportedFile::of(records, content, &exports)
    }

    /// Writes the whole database as JSON Lines, from one state.
    query(Administer) "export.jsonl" (context, input {
        /// To whom the file is given: a disclosure is written then.
        recipient: Option<Recipient>,
    }) -> ExportedFile ["export.forbidden", "export.cancelled", "disclosure.*"] {
        let mut content = Vec::new();
        let exports = exports(context, input.recipient)?;
        let exported = exports.jsonl(&mut content, &mut records_done(context))?;
        ExportedFile::of(exported.records, content, &exports)
    }
}
