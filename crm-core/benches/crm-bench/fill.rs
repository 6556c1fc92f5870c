//! Filling the tables, 500 rows a transaction: the first lines of the table.

use crate::measure::{Bench, Gate, ROUNDS, Step, Who, marked, micros, per};
use crate::support::floor::Searched;

/// How many rows a transaction has.
const BATCH: usize = 500;

pub(crate) const CONTACTS: &str = "create contacts, 500 a transaction";
pub(crate) const DEALS: &str = "create deals, 500 a transaction";
pub(crate) const CASES: &str = "create cases, 500 a transaction";

impl Bench {
    /// Fills the tables that the wanted steps read.
    pub(crate) fn fill(&mut self) {
        for (batch, accounts) in self.data.accounts.chunks(BATCH).enumerate() {
            self.f0.accounts(batch * BATCH + 1, accounts);
            self.f1.accounts(batch * BATCH + 1, accounts);
            self.ours.accounts(accounts);
        }
        let size = self.data.size;
        self.weigh("accounts, and the empty file", self.data.accounts.len());
        let (people, deals, cases) = self.needs();
        if people {
            self.fill_table(CONTACTS, Gate::Times(2.0), |bench, who, first, end| match who {
                Who::F0 => bench.f0.contacts(first + 1, &bench.data.contacts[first..end]),
                Who::F1 => bench.f1.contacts(first + 1, &bench.data.contacts[first..end]),
                Who::Engine => bench.ours.contacts(&bench.data.contacts[first..end]),
            });
            self.weigh("a contact", size);
        }
        if deals {
            self.fill_table(DEALS, Gate::None, |bench, who, first, end| match who {
                Who::F0 => bench.f0.deals(first + 1, &bench.data.deals[first..end], Searched::Yes),
                Who::F1 => bench.f1.deals(first + 1, &bench.data.deals[first..end], Searched::Yes),
                Who::Engine => bench.ours.deals(&bench.data.deals[first..end]),
            });
            self.weigh("a deal", size);
        }
        if cases {
            self.fill_table(CASES, Gate::None, |bench, who, first, end| match who {
                Who::F0 => bench.f0.cases(first + 1, &bench.data.cases[first..end], Searched::Yes),
                Who::F1 => bench.f1.cases(first + 1, &bench.data.cases[first..end], Searched::Yes),
                Who::Engine => bench.ours.cases(&bench.data.cases[first..end]),
            });
            self.weigh("a case", size);
        }
    }

    /// Fills a table in five rounds of whole batches; the closure is given the places of the first and behind the last row.
    fn fill_table(&mut self, name: &'static str, gate: Gate, fill: impl Fn(&mut Self, Who, usize, usize)) {
        let size = self.data.size;
        let per_round = (size / ROUNDS).next_multiple_of(BATCH);
        let (mut rounds, mut counted) = (Vec::new(), 0);
        for first in (0..size).step_by(per_round) {
            let end = size.min(first + per_round);
            let wanted = self.wanted(name);
            let mut one = |who: Who| {
                let mut work = || {
                    for first in (first..end).step_by(BATCH) {
                        fill(self, who, first, end.min(first + BATCH));
                    }
                };
                // Filling is work of other steps, too.
                micros(end - first, || if wanted { marked(who, work) } else { work() })
            };
            one(Who::F0);
            let bare = one(Who::F1);
            let mut engine = 0.0;
            counted += allocation_counter::measure(|| engine = one(Who::Engine)).count_total;
            rounds.push([bare, engine]);
        }
        let step = Step { name, floor: Who::F1, gate, operations: size };
        self.note(step, &rounds, Some(per(counted, size)));
    }
}
