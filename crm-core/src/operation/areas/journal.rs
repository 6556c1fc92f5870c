//! Operations on the journal and the bin.

use serde_json::json;

use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::journal::proof::{ConsistencyProof, Hex, InclusionProof, TreeHead};
use crate::journal::verify::Verification;
use crate::journal::verify_records::RecordsVerification;
use crate::operation::declare::operations;
use crate::record::bin::BinEntry;
use crate::record::query::DEFAULT_LIMIT;

/// An entry of the journal with the proof that it is there.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ProvenEntry {
    /// The hash of the entry, in hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    leaf: Hex,
    /// The way from it to the root.
    proof: InclusionProof,
}

operations! {
    /// Reads the changes from a sequence on, the oldest first: the change feed of a host.
    query "journal.feed" (context, input {
        /// The sequence of the first entry.
        from: u64 = 0,
        /// How many at most, up to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<Entry> ["journal.damaged"] {
        context.journal().feed(input.from, input.limit)
    }

    /// Undoes one change by a new one.
    command "journal.undo" (context, input {
        /// The sequence of the change.
        sequence: u64,
    }) -> () ["journal.unknown", "undo.conflict", "undo.erased", "undo.purged"] {
        context.journal().undo(input.sequence)
    }

    /// Undoes all changes of a job, such as an import, or none. Gives their number.
    command(Administer) "journal.undo_job" (context, input {
        /// The job.
        job: RecordId,
    }) -> u64 ["job.unknown", "undo.conflict", "undo.erased"] {
        context.journal().undo_job(input.job)
    }

    /// Recomputes every entry and the tree, and lists what does not match.
    query "journal.verify" (context, input {}) -> Verification ["journal.damaged"] {
        context.journal().verify()
    }

    /// Compares every record with what the journal says of it, and lists what does not match: damage inside of a value, or a row that was changed past the engine. Progress is `{"compared": …}`.
    query "journal.verify_records" (context, input {}) -> RecordsVerification ["journal.damaged", "journal.sealed", "verify.cancelled"] {
        context.journal().verify_records(&mut |compared| context.report(&json!({ "compared": compared })))
    }

    /// Reads the size and the root of the tree. Kept outside, it shows later whether anything was rewritten.
    query "journal.head" (context, input {}) -> TreeHead [] {
        context.journal().head()
    }

    /// Proves that an entry is in the journal of today.
    query "journal.inclusion_proof" (context, input {
        /// The sequence of the entry.
        sequence: u64,
    }) -> ProvenEntry ["journal.unknown"] {
        let (leaf, proof) = context.journal().inclusion_proof(input.sequence)?;
        Ok(ProvenEntry { leaf: Hex(leaf), proof })
    }

    /// Proves that the journal of an earlier size is the beginning of the journal of today.
    query "journal.consistency_proof" (context, input {
        /// The earlier size.
        old_size: u64,
    }) -> ConsistencyProof ["journal.proof.range"] {
        context.journal().consistency_proof(input.old_size)
    }

    /// Lists what lies in the bin, the latest first.
    query "bin.list" (context, input {
        /// Goes on before the entry with this sequence.
        before: Option<u64>,
        /// How many at most, up to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<BinEntry> [] {
        context.bin().list(input.before, input.limit)
    }
}
