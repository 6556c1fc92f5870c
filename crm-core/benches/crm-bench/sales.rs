//! Deals: moves, boards, the past, histories, undo.

use std::slice::from_ref;

use crate::measure::{Bench, Gate, Step, WRITES, Who};
use crate::people::used;
use crate::support::floor::Searched;

const FILTERED: &str = "filter: deals of an account above an amount";
const BOARD: &str = "board";
const SCANNED: &str = "board with a filter, against a covering scan";
const PAST: &str = "board as of before the moves";
const CREATE: &str = "create a deal, own transaction";
const MOVE: &str = "move a deal, own transaction";
const HISTORY: &str = "history of a deal";
const UNDO: &str = "undo the move of a deal";

/// The steps that read or write deals.
pub(crate) const STEPS: [&str; 8] = [FILTERED, BOARD, SCANNED, PAST, CREATE, MOVE, HISTORY, UNDO];

impl Bench {
    /// What is read before anything is written.
    pub(crate) fn sales_reads(&mut self) {
        if !self.any_wanted(&STEPS) {
            return;
        }
        let accounts = self.accounts();
        let step = Step { name: FILTERED, floor: Who::F0, gate: Gate::None, operations: accounts.len() };
        self.step(step, |bench, who, _| match who {
            Who::Engine => bench.ours.snapshot(|at| {
                accounts.iter().for_each(|one| used(bench.ours.deals_above(at, *one, 50_000)))
            }),
            _ => bench
                .f0
                .snapshot(|floor| accounts.iter().for_each(|one| used(floor.deals_above(*one, 50_000)))),
        });
    }

    /// Creates and moves deals on the filled table, each in a transaction of its own.
    pub(crate) fn sales_writes(&mut self) {
        let start = self.data.size;
        let create = Step { name: CREATE, floor: Who::F1, gate: Gate::Times(1.5), operations: WRITES };
        self.step(create, |bench, who, round| {
            let Self { data, f0, f1, ours, .. } = bench;
            let first = start + round * WRITES;
            let rows = (first + 1..).zip(&data.deals[first..first + WRITES]);
            match who {
                Who::F0 => rows.for_each(|(at, row)| f0.deals(at, from_ref(row), Searched::Yes)),
                Who::F1 => rows.for_each(|(at, row)| f1.deals(at, from_ref(row), Searched::Yes)),
                Who::Engine => rows.for_each(|(_, row)| ours.create_deal(row)),
            }
        });
    }

    /// Moves deals, and reads boards of now and of before.
    pub(crate) fn sales_past(&mut self) {
        if !self.any_wanted(&STEPS) {
            return;
        }
        let deals = self.data.scattered(WRITES);
        let (before, last_move) = (self.ours.now(), self.f1.last_move());
        let moving = Step { name: MOVE, floor: Who::F1, gate: Gate::Times(1.5), operations: WRITES };
        self.step(moving, |bench, who, round| bench.move_all(&deals, who, round));
        // Without a move, the boards would have all deals in one stage.
        self.move_all(&deals, Who::F0, 0);
        if !self.wanted(MOVE) {
            self.move_all(&deals, Who::F1, 0);
            self.move_all(&deals, Who::Engine, 0);
        }
        self.boards();
        let past = Step { name: PAST, floor: Who::F1, gate: Gate::None, operations: 3 };
        let size = self.data.size;
        self.step(past, |bench, who, _| {
            for _ in 0..3 {
                match who {
                    Who::Engine => used(bench.ours.board_at(before)),
                    _ => used(bench.f1.board_after(last_move, size)),
                }
            }
        });
        let history = Step { name: HISTORY, floor: Who::F1, gate: Gate::None, operations: deals.len() };
        self.step(history, |bench, who, _| match who {
            Who::Engine => bench
                .ours
                .snapshot(|at| deals.iter().for_each(|deal| assert!(bench.ours.history(at, *deal) > 1))),
            _ => bench.f1.snapshot(|floor| deals.iter().for_each(|deal| assert!(floor.history(*deal) > 1))),
        });
        let undo = Step { name: UNDO, floor: Who::F1, gate: Gate::None, operations: deals.len() };
        self.step_after(
            undo,
            |bench, who, round| bench.move_all(&deals, who, round),
            |bench, who, _| match who {
                Who::Engine => deals.iter().for_each(|deal| bench.ours.undo_move(*deal)),
                _ => deals.iter().for_each(|deal| bench.f1.undo_move(*deal)),
            },
        );
    }

    /// Moves deals to another stage than in the round before.
    fn move_all(&mut self, deals: &[usize], who: Who, round: usize) {
        let Self { f0, f1, ours, .. } = self;
        let stage = 1 + round % 3;
        match who {
            Who::F0 => deals.iter().for_each(|deal| f0.move_deal(*deal, stage)),
            Who::F1 => deals.iter().for_each(|deal| f1.move_deal(*deal, stage)),
            Who::Engine => deals.iter().for_each(|deal| ours.move_deal(*deal, stage)),
        }
    }

    fn boards(&mut self) {
        let times = 100;
        let kept = Step { name: BOARD, floor: Who::F0, gate: Gate::Micros(100.0), operations: times };
        self.step(kept, |bench, who, _| match who {
            Who::Engine => bench.ours.snapshot(|at| (0..times).for_each(|_| used(bench.ours.board(at)))),
            _ => bench.f0.snapshot(|floor| (0..times).for_each(|_| used(floor.kept_board()))),
        });
        let times = 3;
        let scanned = Step { name: SCANNED, floor: Who::F0, gate: Gate::None, operations: times };
        self.step(scanned, |bench, who, _| match who {
            Who::Engine => {
                bench.ours.snapshot(|at| (0..times).for_each(|_| used(bench.ours.filtered_board(at))));
            }
            _ => bench.f0.snapshot(|floor| (0..times).for_each(|_| used(floor.scanned_board()))),
        });
        if self.wanted(BOARD) {
            self.ours.snapshot(|at| {
                let [kept, filtered] = [self.ours.board(at), self.ours.filtered_board(at)];
                assert_eq!(kept.columns, filtered.columns, "all deals are worth something");
            });
        }
    }
}
