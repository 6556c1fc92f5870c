//! What goes over the whole database: import, export, opening, proof.

use std::io::{BufWriter, Write};

use crate::child;
use crate::measure::{Bench, Gate, Step, Who};
use crate::people::used;
use crate::support::floor::Floor;
use crate::support::ours::Ours;

const IMPORT: &str = "import contacts from CSV";
const EXPORT: &str = "export contacts as CSV";
const VERIFY: &str = "verify the journal, an entry";
const RECORDS: &str = "verify the records, a record";
const OPEN: &str = "open a file and read a card";

/// The steps over whole databases.
pub(crate) const STEPS: [&str; 5] = [IMPORT, EXPORT, VERIFY, RECORDS, OPEN];

/// What nobody keeps.
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Bench {
    pub(crate) fn whole(&mut self) {
        if !self.any_wanted(&STEPS) {
            return;
        }
        self.import();
        let people = self.ours.export(Nowhere);
        let export = Step { name: EXPORT, floor: Who::F0, gate: Gate::None, operations: people };
        self.step(export, |bench, who, _| match who {
            Who::Engine => assert_eq!(bench.ours.export(Nowhere), people),
            _ => used(bench.f0.export(Nowhere)),
        });
        self.proofs();
        let opens = 20;
        let files = Self::files(&self.folder);
        let first = self.ours.contact(1);
        let open = Step { name: OPEN, floor: Who::F0, gate: Gate::Micros(3_000.0), operations: opens };
        self.step(open, |_, who, _| {
            for _ in 0..opens {
                match who {
                    Who::Engine => drop(Ours::open_and_read(&files[2], first)),
                    _ => drop(Floor::open_and_read(&files[0], 1)),
                }
            }
        });
    }

    /// The floor and the engine have as many entries as they made: each is divided by its own.
    fn proofs(&mut self) {
        for (name, gate) in [(VERIFY, Gate::None), (RECORDS, Gate::None)] {
            if !self.wanted(name) {
                continue;
            }
            let mut rounds = Vec::new();
            for _ in 0..3 {
                let mut entries = [1, 1];
                let bare = crate::measure::micros(1, || entries[0] = self.f1.verify());
                let engine = crate::measure::micros(1, || {
                    entries[1] = if name == VERIFY { self.ours.verify() } else { self.ours.verify_records() };
                });
                rounds.push([
                    bare / crate::measure::real(entries[0]),
                    engine / crate::measure::real(entries[1]),
                ]);
            }
            let counted = allocation_counter::measure(|| used(self.ours.verify()));
            let entries = self.ours.verify();
            let allocations = (name == VERIFY).then(|| crate::measure::per(counted.count_total, entries));
            self.note(Step { name, floor: Who::F1, gate, operations: 1 }, &rounds, allocations);
        }
    }

    /// Imports into new files, each in a process of its own, whose memory is seen by itself.
    fn import(&mut self) {
        if !self.wanted(IMPORT) {
            return;
        }
        let path = self.folder.file("contacts.csv");
        let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
        writeln!(file, "Given,Family,Mail,Phone").unwrap();
        for row in &self.data.contacts[..self.data.size] {
            writeln!(file, "{},{},{},{}", row.given, row.family, row.email, row.phone).unwrap();
        }
        file.into_inner().unwrap().sync_all().unwrap();
        let one = |bench: &Self, who: Who, round: usize| {
            let database = bench.folder.file(&format!("import-{round}-{who:?}.db"));
            let done = child::import(who, &path, &database);
            for suffix in ["", "-wal", "-shm", ".key"] {
                let mut name = database.clone().into_os_string();
                name.push(suffix);
                // Which of them there are depends on who made the database.
                let _ = std::fs::remove_file(name);
            }
            assert_eq!(done.rows, bench.data.size);
            done
        };
        let times = if self.data.size > 200_000 { 1 } else { 3 };
        let (mut rounds, mut engine) = (Vec::new(), None);
        for round in 0..times {
            let bare = one(self, Who::F1, round);
            let ours = one(self, Who::Engine, round);
            rounds.push([bare.micros, ours.micros]);
            engine = Some(ours);
        }
        let step = Step { name: IMPORT, floor: Who::F1, gate: Gate::Times(2.0), operations: self.data.size };
        self.note(step, &rounds, engine.as_ref().map(|done| done.allocations));
        if let Some(done) = engine {
            crate::report::terminal::imported(self.data.size, &done);
        }
    }
}
