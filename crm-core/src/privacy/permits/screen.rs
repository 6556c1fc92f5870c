//! Screening a campaign: the same decision for many people.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::area::{extra_rules, rules};
use super::collect::Collector;
use super::request::ContactRequest;
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::time::Timestamp;
use crate::privacy::kinds::PermitOutcome;
use crate::privacy::permit::{Decision, may_contact};
use crate::record::door::Reader;
use crate::record::filter::Filter;
use crate::record::list;
use crate::record::query::{Cursor, Query};

/// Which people are screened for what.
#[derive(Clone, Debug, Default)]
pub struct ScreeningRequest {
    /// The contact that is planned; its person and address are left out.
    pub contact: ContactRequest,
    /// Which people; all when nothing is said.
    pub filter: Option<Filter>,
    /// How many at most; all when nothing is said.
    pub limit: Option<u64>,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// The decision for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// The person.
    pub person: PersonId,
    /// The decision; none for a person without an address for the channel.
    pub decision: Option<Decision>,
}

/// What a screening came to.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScreeningSummary {
    /// How many people were screened.
    pub people: u64,
    /// How many may be contacted now.
    pub permitted: u64,
    /// How many may be contacted later.
    pub deferred: u64,
    /// How many may not be contacted.
    pub refused: u64,
    /// How many have no address for the channel.
    pub without_address: u64,
    /// How often each reason refused.
    pub refusals: BTreeMap<String, u64>,
    /// The first moment at which anybody who was put off may be contacted.
    pub next_at: Option<Timestamp>,
    /// Where to go on; nothing at the end.
    pub next: Option<Cursor>,
}

/// How many people are read at once.
const PAGE: u32 = 1_000;

/// Screens people, the oldest first.
pub(super) fn run(
    reader: &Reader<'_>,
    request: &ScreeningRequest,
    each: &mut dyn FnMut(Screened) -> ControlFlow<()>,
) -> Result<ScreeningSummary> {
    let contact = &request.contact;
    let collector = Collector::new(reader, &contact.purpose, contact.at)?;
    let question = collector.contact_question(contact);
    let (rules, extra) = (rules(reader), extra_rules(reader));
    let person_type = reader.schema.require("person")?;
    let mut summary = ScreeningSummary::default();
    let mut left = request.limit.unwrap_or(u64::MAX);
    let mut query = Query::new().limit(PAGE);
    query.filter.clone_from(&request.filter);
    query.cursor.clone_from(&request.cursor);
    while left > 0 {
        query.limit = PAGE.min(u32::try_from(left).unwrap_or(PAGE));
        let (people, next) = list::identifiers(reader, person_type, &query)?;
        left -= people.len() as u64;
        for person in people.into_iter().map(PersonId::from) {
            let decision = match collector.target(Some(person), None, contact.channel) {
                Ok(mut target) => {
                    let facts = collector.contact_facts(contact, &mut target)?;
                    Some(may_contact(rules, &facts, &question, &extra))
                }
                Err(error) if error.code() == "permit.address_missing" => None,
                Err(error) => return Err(error),
            };
            summary.take(decision.as_ref());
            if each(Screened { person, decision }).is_break() {
                let reason = "the host cancelled it";
                return Err(CrmError::new(ErrorKind::Interrupted, "screening.cancelled", reason));
            }
        }
        summary.next.clone_from(&next);
        let Some(next) = next else { break };
        query.cursor = Some(next);
    }
    Ok(summary)
}

impl ScreeningSummary {
    fn take(&mut self, decision: Option<&Decision>) {
        self.people += 1;
        let Some(decision) = decision else {
            self.without_address += 1;
            return;
        };
        match decision.outcome {
            PermitOutcome::Permit | PermitOutcome::PermitWithObligations => self.permitted += 1,
            PermitOutcome::Defer => {
                self.deferred += 1;
                self.next_at = [self.next_at, decision.not_before].into_iter().flatten().min();
            }
            PermitOutcome::Refused => {
                self.refused += 1;
                for reason in decision.refusals() {
                    *self.refusals.entry(reason.code.key().to_owned()).or_default() += 1;
                }
            }
        }
    }
}
