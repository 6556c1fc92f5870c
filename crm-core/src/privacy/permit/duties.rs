//! Duties that come with a contact, and whether the content meets them already.

use super::chain::{Chain, Source};
use super::question::ContentFacts;
use super::reason::ReasonCode;
use crate::privacy::regimes::rule::Trigger;
use crate::privacy::regimes::{Obligation, ObligationCode};

/// The gate of a duty: what the content is known to have is met, what it is known to lack refuses, the rest is a duty.
pub(super) fn gate(
    chain: &mut Chain,
    content: &ContentFacts,
    duty: Obligation,
    trigger: Trigger,
    source: Source,
) {
    let due = match trigger {
        Trigger::Always => true,
        Trigger::ArtificialVoice => content.artificial_voice == Some(true),
        Trigger::RecordedCall => content.recorded_call == Some(true),
    };
    if !due {
        return;
    }
    match in_content(content, duty.code) {
        Some(true) => chain.say(ReasonCode::ContentMet, source),
        Some(false) => chain.say(ReasonCode::ContentMissing, source),
        None => chain.oblige(duty, source),
    }
}

/// What is known of the part of the content that a duty asks for.
fn in_content(content: &ContentFacts, code: ObligationCode) -> Option<bool> {
    match code {
        ObligationCode::OptOutInMessage => content.opt_out,
        ObligationCode::OneClickUnsubscribe => content.one_click,
        ObligationCode::PostalAddress => content.postal_address,
        ObligationCode::SenderIdentity => content.sender_identified,
        ObligationCode::AdvertisingLabel => content.advertising_label,
        ObligationCode::CallerId => content.caller_id,
        _ => None,
    }
}
