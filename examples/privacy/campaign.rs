//! Section 1: who may be contacted by which channel, and why.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crm_core::Result;
use crm_core::contacts::PersonId;
use crm_core::privacy::permit::{Decision, Effect, Explanation};
use crm_core::privacy::{ContactChannel, ContactRequest, PermitOutcome, ScreeningRequest};

use crate::sample::{PLACES, World};
use crate::support::bars::bar;
use crate::support::screen::{bad, dim, good, heading, say, section, warm};
use crate::support::table::Table;
use crate::support::words::{moment, number};

const CHANNELS: [(ContactChannel, &str); 3] = [
    (ContactChannel::Email, "by e-mail"),
    (ContactChannel::Sms, "by text message"),
    (ContactChannel::VoiceLive, "by a call"),
];

/// Counts of one place.
#[derive(Default)]
struct Counts {
    now: u64,
    later: u64,
    never: u64,
    why: BTreeMap<&'static str, u64>,
}

pub(crate) fn show(world: &World) -> Result<()> {
    section(1, "The campaign: who may be contacted now", &["session.privacy().screen(request, each)"]);
    let session = world.marketing();
    for (channel, words) in CHANNELS {
        let request = ScreeningRequest { contact: contact(channel), ..ScreeningRequest::default() };
        let mut places: Vec<Counts> = PLACES.iter().map(|_| Counts::default()).collect();
        let mut shown: Option<(PersonId, Decision)> = None;
        let mut place = 0;
        let summary = session.privacy().screen(&request, &mut |screened| {
            // People were made place by place.
            if let Some(decision) = screened.decision {
                places[place].take(&decision);
                if decision.outcome == PermitOutcome::Defer || shown.is_none() {
                    shown = Some((screened.person, decision));
                }
            }
            place = (place + 1) % PLACES.len();
            ControlFlow::Continue(())
        })?;
        heading(
            words,
            &format!("{} now, {} later, {} never", summary.permitted, summary.deferred, summary.refused),
        );
        table(&places);
        if let Some((_, decision)) = shown.filter(|_| channel == ContactChannel::VoiceLive) {
            example(&decision.explain());
        }
        println!();
    }
    Ok(())
}

pub(crate) fn contact(channel: ContactChannel) -> ContactRequest {
    ContactRequest { purpose: "direct_marketing".into(), channel, ..ContactRequest::default() }
}

impl Counts {
    fn take(&mut self, decision: &Decision) {
        match decision.outcome {
            PermitOutcome::Permit | PermitOutcome::PermitWithObligations => self.now += 1,
            PermitOutcome::Defer => self.later += 1,
            _ => self.never += 1,
        }
        // The first refusal is the one that people ask about.
        if let Some(reason) = decision.refusals().next() {
            *self.why.entry(reason.code.text()).or_default() += 1;
        }
    }
}

fn table(places: &[Counts]) {
    let mut table = Table::default()
        .left("Where", 18)
        .right("now")
        .right("later")
        .right("never")
        .left("", 16)
        .left("mostly because", 44);
    for (place, counts) in PLACES.iter().zip(places) {
        let all = counts.now + counts.later + counts.never;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let now = bar(counts.now as f64, all as f64, 16);
        let why = counts.why.iter().max_by_key(|(_, count)| **count);
        table.row([
            place.name.to_owned(),
            good(number(counts.now)).to_string(),
            warm(number(counts.later)).to_string(),
            bad(number(counts.never)).to_string(),
            good(now).to_string(),
            why.map(|(text, count)| format!("{text} ({count})")).unwrap_or_default(),
        ]);
    }
    table.print();
}

/// One decision with its whole chain of reasons.
fn example(decision: &Explanation) {
    println!();
    let when = decision.not_before.map(|at| format!(", not before {} UTC", moment(at))).unwrap_or_default();
    say(format!("One of them, with the whole chain: {}{when}", decision.outcome));
    for reason in decision.reasons.iter().filter(|reason| reason.effect != Effect::Notes) {
        let regime =
            reason.regime.map(|regime| regime.label().into_owned()).unwrap_or_else(|| "everywhere".into());
        say(format!("  {:<24} {}", reason.code, reason.text));
        say(dim(format!("  {:<24} {regime}: {}", "", reason.source.unwrap_or("holds everywhere")))
            .to_string());
    }
}
