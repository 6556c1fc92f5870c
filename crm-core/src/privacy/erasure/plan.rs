//! What an erasure does, or would do, line by line. It holds counts and reasons, and nothing about anybody.

use super::decide::Kept;
use super::kinds::HoldGround;
use super::mentions::Mention;
use crate::ground::sort::FewByKey;
use crate::ground::time::Date;

/// Where data lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ErasureStore"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Store {
    /// The rows of records.
    Records,
    /// Deleted records that could be restored.
    Bin,
    /// The sealed payloads of the journal.
    JournalSealed,
    /// The plain payloads of the journal. Their hashes are part of the tree, so they cannot be taken out; they hold no
    /// field that is declared personal, and those in which the person is named all the same are counted for review.
    JournalPlain,
    /// The keys of data subjects.
    SubjectKeys,
    /// The terms of the value index.
    ValueIndex,
    /// The entries of the search index.
    SearchIndex,
    /// The places on timelines.
    Timeline,
    /// From when to when fields had their values.
    Periods,
    /// The content of attachments, in pieces.
    Attachments,
    /// Keys in other systems.
    ExternalKeys,
    /// What imports have noted: counts, places and reasons, never a value.
    ImportJobs,
    /// Sampled values in the statistics of the query planner.
    Statistics,
    /// The write-ahead log, emptied after the commit. Of a server there is no such line: its certificate says what remains.
    WriteAheadLog,
    /// Pages of deleted rows, overwritten in the same transaction. Of a server there is no such line, either.
    FreePages,
    /// Events that wait for a listener: the feed is the journal itself, so none wait elsewhere.
    QueuedEvents,
    /// Texts of other records that may mean the person.
    FreeText,
    /// Addresses that must not be used again.
    Suppression,
}

/// What becomes of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ErasureOutcome"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// They are destroyed.
    Erased,
    /// They stay without what leads to the person, so that reports do not change.
    Anonymised,
    /// They are somebody else's and lose the link to the person.
    Unlinked,
    /// They stay for a while, on a legal ground.
    Kept,
    /// A person has to look.
    Review,
    /// Added, so that the person is not contacted again.
    Suppressed,
    /// There are none.
    None,
}

/// One line: what becomes of how many, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ErasurePlanLine"))]
pub struct PlanLine {
    /// Where they lie.
    pub store: Store,
    /// The record type, for records.
    pub record_type: Option<String>,
    /// What becomes of them.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
    /// On which ground they are kept.
    pub ground: Option<HoldGround>,
    /// Until when they are kept, the day included; nothing when no end is known.
    pub until: Option<Date>,
    /// The statute that keeps them.
    pub source: Option<String>,
}

/// What the erasure of a person does to every store.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasurePlan {
    /// Whether a legal hold on the person forbids the erasure. Nothing else is planned then.
    pub held: bool,
    /// One line for each store, record type, outcome and reason.
    pub lines: Vec<PlanLine>,
    /// The places that somebody must look at.
    pub reviews: Vec<Mention>,
    /// Whether something stays, and with it the name and the postal addresses of the person.
    pub partial: bool,
    /// Until when something stays; nothing when nothing stays or no end is known.
    pub kept_until: Option<Date>,
}

impl ErasurePlan {
    /// The plan for a person on whom there is a legal hold: nothing is done.
    pub(super) fn held() -> Self {
        Self { held: true, lines: Vec::new(), reviews: Vec::new(), partial: false, kept_until: None }
    }
}

/// What a line is counted under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LineKey {
    store: Store,
    record_type: Option<String>,
    outcome: Outcome,
    reason: Option<(String, Option<Date>, Option<String>)>,
}

/// Adds up the lines of a plan.
#[derive(Default)]
pub(super) struct Tally {
    counts: FewByKey<LineKey, (u64, Option<HoldGround>)>,
    ends: Vec<Option<Date>>,
}

impl Tally {
    /// Counts something that is nobody's record.
    pub(super) fn add(&mut self, store: Store, outcome: Outcome, count: u64) {
        if count > 0 {
            let key = LineKey { store, record_type: None, outcome, reason: None };
            self.counts.of(key).0 += count;
        }
    }

    /// Counts a record.
    pub(super) fn record(&mut self, store: Store, record_type: &str, outcome: Outcome) {
        let key = LineKey { store, record_type: Some(record_type.to_owned()), outcome, reason: None };
        self.counts.of(key).0 += 1;
    }

    /// Counts a record that stays.
    pub(super) fn kept(&mut self, store: Store, record_type: &str, kept: &Kept) {
        let reason = Some((kept.ground.key().to_owned(), kept.until, kept.source.clone()));
        let record_type = Some(record_type.to_owned());
        let key = LineKey { store, record_type, outcome: Outcome::Kept, reason };
        let line = self.counts.of(key);
        *line = (line.0 + 1, Some(kept.ground));
        self.ends.push(kept.until);
    }

    /// Says of a store that there is nothing in it, unless there is.
    pub(super) fn none(&mut self, store: Store) {
        if !self.counts.iter().any(|(key, _)| key.store == store) {
            let key = LineKey { store, record_type: None, outcome: Outcome::None, reason: None };
            self.counts.of(key);
        }
    }

    /// The latest day until which something stays; nothing when no end is known.
    pub(super) fn kept_until(&self) -> Option<Date> {
        self.ends.iter().copied().collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The lines, store by store.
    pub(super) fn lines(self) -> Vec<PlanLine> {
        self.counts
            .into_iter()
            .map(|(key, (count, ground))| {
                let (until, source) = key.reason.map_or((None, None), |(_, until, source)| (until, source));
                PlanLine {
                    store: key.store,
                    record_type: key.record_type,
                    outcome: key.outcome,
                    count,
                    ground,
                    until,
                    source,
                }
            })
            .collect()
    }
}
