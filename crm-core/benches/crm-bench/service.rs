//! Writes in transactions of their own on the filled tables.

use std::slice::from_ref;

use crate::measure::{Bench, Gate, Step, WRITES, Who};
use crate::support::floor::Searched;
use crate::{fill, people, sales, whole};

const CONTACT: &str = "create a contact, own transaction";
const CASE: &str = "create a case, own transaction";

impl Bench {
    /// Which tables the wanted steps need: contacts, deals, cases.
    pub(crate) fn needs(&self) -> (bool, bool, bool) {
        let cases = self.any_wanted(&[fill::CASES, CASE]);
        let deals = self.any_wanted(&[fill::DEALS]) || self.any_wanted(&sales::STEPS);
        let people = self.any_wanted(&[fill::CONTACTS, CONTACT])
            || self.any_wanted(&people::STEPS)
            || self.any_wanted(&whole::STEPS);
        (people || cases, deals, cases)
    }

    /// Writes contacts, deals and cases.
    pub(crate) fn writes(&mut self) {
        let start = self.data.size;
        let contact = Step { name: CONTACT, floor: Who::F1, gate: Gate::Times(1.5), operations: WRITES };
        self.step(contact, |bench, who, round| {
            let Self { data, f0, f1, ours, .. } = bench;
            let first = start + round * WRITES;
            let rows = (first + 1..).zip(&data.contacts[first..first + WRITES]);
            match who {
                Who::F0 => rows.for_each(|(at, row)| f0.contacts(at, from_ref(row))),
                Who::F1 => rows.for_each(|(at, row)| f1.contacts(at, from_ref(row))),
                Who::Engine => rows.for_each(|(_, row)| ours.create_contact(row)),
            }
        });
        self.sales_writes();
        let case = Step { name: CASE, floor: Who::F1, gate: Gate::Times(1.5), operations: WRITES };
        self.step(case, |bench, who, round| {
            let Self { data, f0, f1, ours, .. } = bench;
            let first = start + round * WRITES;
            let rows = (first + 1..).zip(&data.cases[first..first + WRITES]);
            match who {
                Who::F0 => rows.for_each(|(at, row)| f0.cases(at, from_ref(row), Searched::Yes)),
                Who::F1 => rows.for_each(|(at, row)| f1.cases(at, from_ref(row), Searched::Yes)),
                Who::Engine => rows.for_each(|(_, row)| ours.create_case(row)),
            }
        });
    }
}
