//! Section 10: the journal proves that nothing was rewritten.

use crm_core::Result;

use crate::sample::{Demo, Imported};
use crate::support::screen::{bold, dim, done, section};
use crate::support::words::{hex, number};

pub(crate) fn show(demo: &Demo, imported: &Imported) -> Result<()> {
    section(
        10,
        "Journal",
        &["session.journal().verify()? · inclusion_proof(sequence)? · consistency_proof(old.size)?"],
    );
    let journal = demo.system.journal();
    let verified = journal.verify()?;
    let sound = if verified.is_sound() { "every entry and the tree match" } else { "DAMAGED" };
    done(&format!("{} entries recomputed", number(verified.head.size)), sound);
    println!("      {} {}", dim("root"), bold(hex(&verified.head.root)));
    let sequence = verified.head.size / 2;
    let (leaf, proof) = journal.inclusion_proof(sequence)?;
    proof.verify(&leaf, &verified.head)?;
    done(
        &format!("entry {} is in it", number(sequence)),
        &format!("proved with {} hashes instead of {} entries", proof.path.len(), number(verified.head.size)),
    );
    let consistent = journal.consistency_proof(imported.head.size)?;
    consistent.verify(&imported.head, &verified.head)?;
    done(
        &format!("the journal of 19 October ({} entries) is its beginning", number(imported.head.size)),
        &format!("proved with {} hashes", consistent.path.len()),
    );
    let findings = demo.crm.integrity_check()?;
    done(
        "database file",
        if findings.is_empty() { "sound: pages, indexes and links are checked" } else { "DAMAGED" },
    );
    Ok(())
}
