//! Contacts: cards, type-ahead, full text, lists, timelines, permits.

use std::hint::black_box;

use crate::measure::{Bench, Gate, Step, Who};
use crate::support::floor::{Floor, Place};
use crate::support::ours::Ours;

/// Keeps the compiler from leaving out what nobody looks at.
pub(crate) fn used<T>(value: T) {
    black_box(value);
}

const CARD: &str = "get: card of a contact, in a snapshot";
const RECORD: &str = "get: contact, the whole record";
const SUGGEST: &str = "search: type-ahead, top 20";
const SEARCH: &str = "search: full text, two words, top 20";
const SNIPPETS: &str = "search: the same with snippets";
const PAGE: &str = "list: page of 50 by name";
const ACCOUNT: &str = "filter: contacts of an account by name";
const TIMELINE: &str = "timeline page of 20";
const PERMIT: &str = "permit: may this contact be mailed";

/// The steps that read contacts.
pub(crate) const STEPS: [&str; 9] =
    [CARD, RECORD, SUGGEST, SEARCH, SNIPPETS, PAGE, ACCOUNT, TIMELINE, PERMIT];

/// How many contacts have notes and a consent, and how many notes each.
const KNOWN: usize = 200;
const NOTES: usize = 30;

const fn reading(name: &'static str, most: f64, operations: usize) -> Step {
    Step { name, floor: Who::F0, gate: Gate::Times(most), operations }
}

impl Bench {
    pub(crate) fn people(&mut self) {
        if !self.any_wanted(&STEPS) {
            return;
        }
        let ids = self.data.scattered(5_000);
        self.step(reading(CARD, 2.0, ids.len()), |bench, who, _| match who {
            Who::Engine => {
                bench.ours.snapshot(|at| ids.iter().for_each(|id| used(bench.ours.card(at, *id))));
            }
            _ => bench.f0.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
        });
        let whole = Step { gate: Gate::None, ..reading(RECORD, 0.0, ids.len()) };
        self.step(whole, |bench, who, _| match who {
            Who::Engine => {
                bench.ours.snapshot(|at| ids.iter().for_each(|id| used(bench.ours.person_record(at, *id))));
            }
            _ => bench.f0.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
        });
        self.searches();
        self.lists();
        self.known();
    }

    fn searches(&mut self) {
        let times = 10;
        let queries = self.data.queries.len() * times;
        self.step(reading(SUGGEST, 2.0, queries), |bench, who, _| {
            let queries = || std::iter::repeat_n(&bench.data.queries, times).flatten();
            match who {
                Who::Engine => {
                    bench.ours.snapshot(|at| queries().for_each(|q| assert!(Ours::suggest(at, q) > 0)));
                }
                _ => bench.f0.snapshot(|floor| queries().for_each(|q| assert!(floor.suggest(q) > 0))),
            }
        });
        for (name, most, snippets) in [(SEARCH, 1.3, false), (SNIPPETS, 2.0, true)] {
            self.step(reading(name, most, queries), |bench, who, _| {
                let queries = || std::iter::repeat_n(&bench.data.queries, times).flatten();
                match who {
                    Who::Engine => bench
                        .ours
                        .snapshot(|at| queries().for_each(|q| assert!(Ours::search(at, q, snippets) > 0))),
                    _ => bench.f0.snapshot(|floor| queries().for_each(|q| assert!(floor.search(q) > 0))),
                }
            });
        }
    }

    fn lists(&mut self) {
        let pages = 20;
        self.step(reading(PAGE, 1.5, pages), |bench, who, _| match who {
            Who::Engine => bench.ours.snapshot(|at| {
                let mut cursor = None;
                for _ in 0..pages {
                    cursor = Ours::page(at, cursor.as_ref());
                }
            }),
            _ => bench.f0.snapshot(|floor: &Floor| {
                let mut place = Place::default();
                for _ in 0..pages {
                    place = floor.page(&place);
                }
            }),
        });
        let accounts = self.accounts();
        self.step(reading(ACCOUNT, 1.5, accounts.len()), |bench, who, _| match who {
            Who::Engine => {
                bench.ours.snapshot(|at| {
                    accounts.iter().for_each(|one| used(bench.ours.page_of_account(at, *one)));
                });
            }
            _ => bench.f0.snapshot(|floor| accounts.iter().for_each(|one| used(floor.page_of_account(*one)))),
        });
    }

    /// Numbers of accounts in no order.
    pub(crate) fn accounts(&self) -> Vec<usize> {
        self.data.scattered(200).iter().map(|number| number % self.data.accounts.len() + 1).collect()
    }

    /// What is asked about contacts of whom more is known.
    fn known(&mut self) {
        if !self.any_wanted(&[TIMELINE, PERMIT]) {
            return;
        }
        let mut contacts = self.data.scattered(KNOWN);
        contacts.sort_unstable();
        contacts.dedup();
        let note = "Asked for an offer of two hundred licences by the end of the month";
        self.f0.notes(&contacts, NOTES, note);
        self.f1.notes(&contacts, NOTES, note);
        self.ours.notes(&contacts, NOTES, note);
        self.weigh("a note of 70 letters", contacts.len() * NOTES);
        self.f0.consents(&contacts);
        self.ours.consents(&contacts);
        let times = 10;
        let all = || std::iter::repeat_n(&contacts, times).flatten();
        let operations = contacts.len() * times;
        let timeline = Step { gate: Gate::None, ..reading(TIMELINE, 0.0, operations) };
        self.step(timeline, |bench, who, _| match who {
            Who::Engine => {
                bench.ours.snapshot(|at| all().for_each(|one| assert_eq!(bench.ours.timeline(at, *one), 20)))
            }
            _ => bench.f0.snapshot(|floor| all().for_each(|one| assert_eq!(floor.timeline(*one), 20))),
        });
        let permit = Step { gate: Gate::None, ..reading(PERMIT, 0.0, operations) };
        self.step(permit, |bench, who, _| match who {
            Who::Engine => all().for_each(|one| used(bench.ours.may_contact(*one))),
            _ => all().for_each(|one| assert!(bench.f0.may_contact(*one))),
        });
    }
}
