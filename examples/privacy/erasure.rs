//! Section 3: an erasure, planned, done, proven down to the bytes, and certified.

use crm_core::Result;
use crm_core::privacy::erasure::ErasureOptions;
use crm_core::privacy::{ContactChannel, ContactRequest};

use crate::campaign::contact;
use crate::sample::World;
use crate::support::screen::{done, heading, refused, section};
use crate::support::table::Table;

/// What must be gone: of the first person of the sample.
const NEEDLES: [&str; 3] = ["person0@example.com", "1 High Street", "+491512341"];

pub(crate) fn show(world: &World) -> Result<()> {
    section(
        3,
        "An erasure (GDPR Article 17)",
        &[
            "session.erasure().plan(person)",
            "session.erasure().erase(person, options)",
            "session.erasure().verify(needles, files)",
        ],
    );
    let session = world.officer();
    let before = session.erasure().verify(&NEEDLES, &[])?;
    let plan = session.erasure().plan(world.ada)?;
    heading("What the plan says", "it is the erasure itself, rolled back");
    let mut table =
        Table::default().left("store", 22).left("records of", 22).left("what happens", 20).right("how many");
    for line in plan.lines.iter().filter(|line| line.count > 0) {
        table.row([
            words(&line.store),
            line.record_type.clone().unwrap_or_default(),
            words(&line.outcome),
            line.count.to_string(),
        ]);
    }
    table.print();
    println!();
    let report = session.erasure().erase(world.ada, ErasureOptions::default())?;
    done(&format!("erased, {}", report.erasure.state), "in one transaction; key destroyed, log emptied");
    let after = session.erasure().verify(&NEEDLES, &[])?;
    done(
        &format!("{} places held the values before, {} now", before.found, after.found),
        &format!("{} files, {} forms of each value", after.files.len(), after.forms),
    );
    let verified = session.journal().verify()?;
    done(
        "the journal still proves itself",
        &format!("{} entries, {} findings", verified.head.size, verified.findings.len()),
    );
    let again =
        ContactRequest { address: Some("person0@example.com".into()), ..contact(ContactChannel::Email) };
    let decision = session.privacy().may_contact(&again)?.explain();
    if let Some(reason) = decision.reasons.iter().find(|reason| reason.code.starts_with("suppression")) {
        refused("the address is not written to again, even if it is imported anew", &reason.text);
    }
    let certificate = report.erasure.certificate.unwrap_or_default();
    heading("The certificate", "no personal data in it; a host signs it with its key");
    let text = serde_json::to_string_pretty(&certificate).unwrap_or_default();
    for line in text.lines().take(24) {
        println!("    {line}");
    }
    Ok(())
}

/// A key in words.
fn words(key: &impl serde::Serialize) -> String {
    let key = serde_json::to_value(key).unwrap_or_default();
    key.as_str().unwrap_or_default().replace('_', " ")
}
