//! Operations on erasures.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::contacts::PersonId;
use crate::error::CrmError;
use crate::operation::declare::operations;
use crate::privacy::erasure::{
    ByteScan, ErasureOptions, ErasurePlan, ErasureReport, FinishReport, RewrapReport,
};
use crate::record::Reference;

operations! {
    /// Tells what erasing a person would do, store by store: what is destroyed, what stays without the person, what is kept
    /// on which legal ground and until when, and what somebody must look at. It is the erasure itself, rolled back.
    query(Administer) "privacy.plan_erasure" (context, input {
        /// The person.
        person: PersonId,
    }) -> ErasurePlan ["record.not_found"] {
        context.session()?.erasure().plan(input.person)
    }

    /// Erases a person: from records, indexes, bin, journal, keys and files. It cannot be undone. While a reader holds on to
    /// the write-ahead log the erasure is pending, and `privacy.finish_erasures` goes on.
    command(Administer) "privacy.erase" (context, input {
        /// The person.
        person: PersonId,
        /// The request that it answers.
        request: Option<Reference>,
        /// Whether the addresses of the person are looked for in all bytes of the database afterwards.
        verify: bool = true,
    }) -> ErasureReport ["record.not_found", "privacy.erasure.held"] {
        let options = ErasureOptions { request: input.request, verify: input.verify };
        context.session()?.erasure().erase(input.person, options)
    }

    /// Goes on with erasures that wait: for a reader to let go of the log, for the ledger, for a signature, or for the end of
    /// a period in which a law or a hold keeps something.
    command(Administer) "privacy.finish_erasures" (context, input {}) -> FinishReport [] {
        context.session()?.erasure().finish()
    }

    /// Looks for texts in all files of the database and in further files, in every form in which they may lie there. Tells
    /// where and in which form, never what.
    query(Administer) "privacy.verify_erasure" (context, input {
        /// The texts, of at least four bytes each.
        needles: Vec<String>,
        /// Further files, by their paths: exports, backups. Not in the browser.
        files: Vec<String> = Vec::new(),
    }) -> ByteScan ["privacy.needle.short", "privacy.scan.file"] {
        let files: Vec<PathBuf> = input.files.into_iter().map(PathBuf::from).collect();
        context.session()?.erasure().verify(&input.needles, &files)
    }

    /// Gives the ledger of erasures: pseudonyms and times. Keep it apart from backups, and give it to a restored backup when
    /// it is opened (`erasure_ledger`), which then erases again before anything is read.
    query(Administer) "privacy.erasure_ledger" (context, input {}) -> Json [] {
        let ledger = context.session()?.erasure().ledger()?;
        serde_json::from_str(&ledger.to_string()).map_err(|_| CrmError::internal("a ledger is JSON"))
    }

    /// Wraps the keys of all data subjects under the current epoch of the host's key, so that the host can destroy the older
    /// key, and with it what backups hold of those who were erased.
    command(Administer) "privacy.rewrap_keys" (context, input {}) -> RewrapReport ["privacy.key.*"] {
        let mut progress =
            |report: &RewrapReport| context.report(&json!({ "done": report.done, "of": report.keys }));
        context.session()?.erasure().rewrap_keys(&mut progress)
    }
}
