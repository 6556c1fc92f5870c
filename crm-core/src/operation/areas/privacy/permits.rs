//! Operations on permits.

use std::ops::ControlFlow;

use serde_json::json;

use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::privacy::permit::{ContentFacts, Explanation};
use crate::privacy::regimes::RegimeKey;
use crate::privacy::{
    ContactChannel, ContactPermit, ContactPermitId, ContactRequest, IssuedPermit, PermitOutcome,
    ProcessRequest, Replayed, ScreeningRequest, ScreeningSummary,
};
use crate::record::filter::Filter;
use crate::record::query::Cursor;

/// A person of a campaign, screened.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ScreenedPerson {
    /// The person.
    person: PersonId,
    /// The outcome; nothing for a person without an address for the channel.
    outcome: Option<PermitOutcome>,
    /// The first moment at which the contact may be made, when it is put off.
    not_before: Option<Timestamp>,
    /// The codes of the whole chain of reasons, gate by gate.
    reasons: Vec<&'static str>,
    /// The codes of what has to be done.
    obligations: Vec<&'static str>,
}

/// A page of a campaign, screened.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ScreenedPage {
    /// The people, the oldest first.
    people: Vec<ScreenedPerson>,
    /// What it came to.
    summary: ScreeningSummary,
}

/// The rules in force.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct RulesInForce {
    /// Which rules: the day of their version and a hash over them.
    rule_set: String,
    /// The regimes.
    regimes: Vec<RegimeKey>,
}

/// The most people of one page of a screening.
const MOST_SCREENED: u32 = 10_000;

operations! {
    /// Decides whether a person, or whoever has an address, may be contacted: the strictest answer over all who share the address and all regimes that apply. It gives the whole chain of reasons with their legal sources and evidence, what has to be done, and, when the hour or a cap is wrong, the first moment that is right.
    query "privacy.may_contact" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The address, in any spelling; of a person the one to use first, when nothing is said.
        address: Option<String>,
        /// The key of the purpose.
        purpose: String,
        /// The channel.
        channel: ContactChannel,
        /// The brand under which the contact is made.
        brand: Option<String>,
        /// What it is about, such as one newsletter of several.
        topic: Option<String>,
        /// What is known of the content. What is not known becomes a duty where a rule asks for it.
        content: ContentFacts = ContentFacts::default(),
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Explanation [
        "permit.nobody", "permit.address_missing", "purpose.unknown", "record.not_found", "email.*", "phone.*", "address.*",
    ] {
        let request = ContactRequest {
            person: input.person,
            address: input.address,
            purpose: input.purpose,
            channel: input.channel,
            brand: input.brand,
            topic: input.topic,
            content: input.content,
            at: input.at,
        };
        Ok(context.privacy().may_contact(&request)?.explain())
    }

    /// Decides whether data of a person may be processed for a purpose: legal basis, special categories, sale and sharing, minors, restriction and objections.
    query "privacy.may_process" (context, input {
        /// The person.
        person: PersonId,
        /// The key of the purpose.
        purpose: String,
        /// The category of the data, for example `contact`.
        category: String,
        /// Whether the data are of a special category (GDPR Article 9), or sensitive.
        special_category: bool = false,
        /// Whether they leave the country.
        transfer: bool = false,
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Explanation ["purpose.unknown", "record.not_found"] {
        let request = ProcessRequest {
            person: input.person,
            purpose: input.purpose,
            category: input.category,
            special_category: input.special_category,
            transfer: input.transfer,
            at: input.at,
        };
        Ok(context.privacy().may_process(&request)?.explain())
    }

    /// Decides about a contact, keeps the decision with everything that it was made from, and gives the token for the contact when it is permitted. Whoever sends takes nothing but a token.
    command "privacy.issue_permit" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The address, in any spelling; of a person the one to use first, when nothing is said.
        address: Option<String>,
        /// The key of the purpose.
        purpose: String,
        /// The channel.
        channel: ContactChannel,
        /// The brand under which the contact is made.
        brand: Option<String>,
        /// What it is about, such as one newsletter of several.
        topic: Option<String>,
        /// What is known of the content.
        content: ContentFacts = ContentFacts::default(),
        /// When; now when nothing is said.
        at: Option<Timestamp>,
        /// For how many minutes the token is good; 60 when nothing is said, 1,440 at most.
        valid_minutes: Option<u32>,
    }) -> IssuedPermit [
        "permit.nobody", "permit.address_missing", "permit.minutes", "purpose.unknown", "record.not_found", "email.*",
        "phone.*", "address.*",
    ] {
        let request = ContactRequest {
            person: input.person,
            address: input.address,
            purpose: input.purpose,
            channel: input.channel,
            brand: input.brand,
            topic: input.topic,
            content: input.content,
            at: input.at,
        };
        context.privacy().issue_permit(&request, input.valid_minutes)
    }

    /// Uses a permit up, right before the contact. It is good for one contact with the address that it was given for, and only while it would still be given: a withdrawal in between refuses it.
    command "privacy.redeem_permit" (context, input {
        /// The token.
        token: String,
        /// The address that is contacted. A permit for an address without a person needs it.
        address: Option<String>,
    }) -> ContactPermit [
        "permit.token_unknown", "permit.token_used", "permit.token_expired", "permit.address", "permit.address_missing",
        "permit.refused", "email.*", "phone.*", "address.*",
    ] {
        context.privacy().redeem_permit(&input.token, input.address.as_deref())
    }

    /// Makes a kept decision again from what it was made from, and compares the bytes.
    query "privacy.replay_permit" (context, input {
        /// The permit.
        permit: ContactPermitId,
    }) -> Replayed ["record.not_found", "permit.inputs", "permit.rule_set"] {
        context.privacy().replay_permit(input.permit)
    }

    /// Screens the people of a campaign on one channel: the decision of `privacy.may_contact` for each, with the codes of all reasons. Progress is `{"people": …}`.
    query "privacy.screen" (context, input {
        /// Which people; all when there is none.
        filter: Option<Filter> as filter,
        /// The key of the purpose.
        purpose: String,
        /// The channel.
        channel: ContactChannel,
        /// The brand under which the contact is made.
        brand: Option<String>,
        /// What it is about.
        topic: Option<String>,
        /// What is known of the content.
        content: ContentFacts = ContentFacts::default(),
        /// When; now when nothing is said.
        at: Option<Timestamp>,
        /// How many at most, 1 to 10,000.
        limit: u32 = 1_000,
        /// Where to go on: `summary.next` of the page before.
        cursor: Option<Cursor>,
    }) -> ScreenedPage ["purpose.unknown", "filter.*", "cursor.*", "query.*", "screening.cancelled"] {
        let request = ScreeningRequest {
            contact: ContactRequest {
                purpose: input.purpose,
                channel: input.channel,
                brand: input.brand,
                topic: input.topic,
                content: input.content,
                at: input.at,
                ..ContactRequest::default()
            },
            filter: input.filter,
            limit: Some(u64::from(input.limit.clamp(1, MOST_SCREENED))),
            cursor: input.cursor,
        };
        let mut people = Vec::new();
        let summary = context.privacy().screen(&request, &mut |screened| {
            let decision = screened.decision;
            people.push(ScreenedPerson {
                person: screened.person,
                outcome: decision.as_ref().map(|decision| decision.outcome),
                not_before: decision.as_ref().and_then(|decision| decision.not_before),
                reasons: decision.iter().flat_map(|d| &d.reasons).map(|reason| reason.code.key()).collect(),
                obligations: decision.iter().flat_map(|d| &d.obligations).map(|duty| duty.code.key()).collect(),
            });
            if people.len() % 1_000 == 0 {
                return context.report(&json!({ "people": people.len() }));
            }
            ControlFlow::Continue(())
        })?;
        Ok(ScreenedPage { people, summary })
    }

    /// Tells by which rules is decided.
    query "privacy.rule_set" (context, input {}) -> RulesInForce [] {
        let rules = context.privacy().rule_set();
        Ok(RulesInForce {
            rule_set: rules.id().to_string(),
            regimes: rules.regimes().map(|regime| regime.key).collect(),
        })
    }
}
