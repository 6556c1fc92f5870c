//! Which groups are suppressed, so that none of fewer people than the least can be known, nor be worked out from what is
//! shown. Pure: numbers in, a pattern out.
//!
//! Who reads a table of groups may also read the totals over each of its keys, and subtract. So a group that is too small
//! takes others with it (complementary suppression; Cox, *Suppression methodology and statistical disclosure control*, JASA
//! 75, 1980) until every suppressed number could be another one with all shown numbers and totals the same. Which others are
//! taken along depends on the numbers; what somebody could conclude from the choice alone is not looked after.

/// What becomes of a table of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// For each group, whether it is suppressed.
    Groups(Vec<bool>),
    /// No group is shown, nor that it is there: all of them together are too few.
    Nothing,
}

impl Pattern {
    fn hides(&self, place: usize) -> bool {
        match self {
            Self::Groups(suppressed) => suppressed[place],
            Self::Nothing => true,
        }
    }
}

fn is_small(people: u64, least: u64) -> bool {
    (1..least).contains(&people)
}

/// The pattern for the groups over one key, by how many people are in each.
///
/// The suppressed ones are at least two, together at least `least` people, and more people than groups: otherwise
/// their total, which can be had, would tell how many are in each.
pub(crate) fn over_one_key(people: &[u64], least: u64) -> Pattern {
    let mut suppressed: Vec<bool> = people.iter().map(|people| is_small(*people, least)).collect();
    if !suppressed.contains(&true) {
        return Pattern::Groups(suppressed);
    }
    loop {
        let hidden = || people.iter().zip(&suppressed).filter(|(_, suppressed)| **suppressed);
        let (groups, sum) = (hidden().count() as u64, hidden().map(|(people, _)| people).sum::<u64>());
        if groups >= 2 && sum >= least.max(groups + 1) {
            break;
        }
        // A group of nobody hides nothing.
        let shown = (0..people.len()).filter(|place| !suppressed[*place] && people[*place] > 0);
        match shown.min_by_key(|place| people[*place]) {
            Some(next) => suppressed[next] = true,
            None => return Pattern::Nothing,
        }
    }
    // That all are suppressed would itself say how small they are.
    let some_shown = people.iter().zip(&suppressed).any(|(people, suppressed)| !suppressed && *people > 0);
    if some_shown { Pattern::Groups(suppressed) } else { Pattern::Nothing }
}

/// A group over two keys: the places of its keys, from 0, and how many people are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) people: u64,
}

/// The pattern for the groups over two keys. `rows` and `columns` say how many people are in the groups over each key
/// alone: those are suppressed by [`over_one_key`] where they are asked for, and must not come out of this table either.
pub(crate) fn over_two_keys(cells: &[Cell], rows: &[u64], columns: &[u64], least: u64) -> Pattern {
    let (hidden_rows, hidden_columns) = (over_one_key(rows, least), over_one_key(columns, least));
    let mut table = Table { entries: Vec::new(), lines: rows.len() + 1, least };
    for cell in cells {
        let suppressed = is_small(cell.people, least);
        table.entries.push(Entry {
            suppressed,
            row: cell.row + 1,
            column: cell.column + 1,
            people: cell.people,
        });
    }
    // The totals are entries of the table, too: row 0 and column 0.
    let sum = |of: &dyn Fn(&&Cell) -> bool| cells.iter().filter(of).map(|cell| cell.people).sum();
    for row in 0..rows.len() {
        let people = sum(&|cell| cell.row == row);
        table.entries.push(Entry { suppressed: hidden_rows.hides(row), row: row + 1, column: 0, people });
    }
    for column in 0..columns.len() {
        let people = sum(&|cell| cell.column == column);
        let suppressed = hidden_columns.hides(column);
        table.entries.push(Entry { suppressed, row: 0, column: column + 1, people });
    }
    while let Some(next) = table.next_to_suppress(cells.len()) {
        match next {
            Some(entry) => table.entries[entry].suppressed = true,
            None => return Pattern::Nothing,
        }
    }
    let suppressed: Vec<bool> = table.entries[..cells.len()].iter().map(|entry| entry.suppressed).collect();
    let some_shown = cells.iter().zip(&suppressed).any(|(cell, suppressed)| !suppressed && cell.people > 0);
    if some_shown || !suppressed.contains(&true) { Pattern::Groups(suppressed) } else { Pattern::Nothing }
}

/// A number of the table, be it of a group or a total.
struct Entry {
    row: usize,
    column: usize,
    people: u64,
    suppressed: bool,
}

impl Entry {
    fn is_total(&self) -> bool {
        self.row == 0 || self.column == 0
    }

    /// Whether the number could be one more on the side of the groups. A total stands on the other side of its sum.
    fn can_grow(&self) -> bool {
        !self.is_total() || self.people >= 2
    }

    /// Whether it could be one less there; a group that is named has somebody in it.
    fn can_shrink(&self) -> bool {
        self.is_total() || self.people >= 2
    }
}

struct Table {
    entries: Vec<Entry>,
    /// How many rows there are, with that of the totals.
    lines: usize,
    least: u64,
}

impl Table {
    /// What is to be suppressed next: `None` when nothing is, `Some(None)` when something is and nothing is left. Only
    /// the first `groups` entries are groups.
    #[expect(clippy::option_option, reason = "done, stuck and a place are three answers")]
    fn next_to_suppress(&self, groups: usize) -> Option<Option<usize>> {
        let shown = |place: &usize| !self.entries[*place].suppressed && self.entries[*place].people > 0;
        let smallest = |place: &usize| self.entries[*place].people;
        let shown = || (0..groups).filter(shown);
        let best = if let Some(line) = self.thin_line() {
            shown().filter(|place| line.has(&self.entries[*place])).min_by_key(smallest)
        } else if self.exposed() {
            // A ring needs a corner where a row and a column with suppressed numbers meet.
            let meets = |place: &usize| {
                let Entry { row, column, .. } = self.entries[*place];
                self.suppressed().any(|other| other.row == row)
                    && self.suppressed().any(|other| other.column == column)
            };
            shown().filter(meets).min_by_key(smallest)
        } else {
            return None;
        };
        Some(best.or_else(|| shown().min_by_key(smallest)))
    }

    /// A row or a column with a total that is shown, whose suppressed groups are together fewer people than the least: the
    /// difference would be shown.
    fn thin_line(&self) -> Option<Line> {
        self.entries.iter().filter(|total| total.is_total() && !total.suppressed).find_map(|total| {
            let line = if total.column == 0 { Line::Row(total.row) } else { Line::Column(total.column) };
            let hidden = self.suppressed().filter(|entry| !entry.is_total() && line.has(entry));
            let people: u64 = hidden.map(|entry| entry.people).sum();
            is_small(people, self.least).then_some(line)
        })
    }

    /// Whether a suppressed number could be worked out.
    fn exposed(&self) -> bool {
        self.suppressed().any(|entry| !self.is_open(entry))
    }

    /// Whether a suppressed number could be another one: whether there is a ring of suppressed numbers that grow and
    /// shrink by turns, so that no row and no column adds up to anything else.
    fn is_open(&self, entry: &Entry) -> bool {
        entry.people == 0
            || (entry.can_grow() && self.closes(entry, false))
            || (entry.can_shrink() && self.closes(entry, true))
    }

    /// Whether a way leads from the column of an entry to its row, on which the next number grows or shrinks.
    fn closes(&self, from: &Entry, grow: bool) -> bool {
        let mut reached = vec![false; self.lines];
        let mut columns = vec![from.column];
        let mut seen = vec![from.column];
        while let Some(column) = columns.pop() {
            for step in self.suppressed().filter(|step| step.column == column && !std::ptr::eq(*step, from)) {
                let fits = if grow { step.can_grow() } else { step.can_shrink() };
                if !fits || reached[step.row] {
                    continue;
                }
                if step.row == from.row {
                    return true;
                }
                reached[step.row] = true;
                for back in self.suppressed().filter(|back| back.row == step.row) {
                    let fits = if grow { back.can_shrink() } else { back.can_grow() };
                    if fits && !seen.contains(&back.column) {
                        seen.push(back.column);
                        columns.push(back.column);
                    }
                }
            }
        }
        false
    }

    fn suppressed(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.suppressed)
    }
}

/// A row or a column.
enum Line {
    Row(usize),
    Column(usize),
}

impl Line {
    fn has(&self, entry: &Entry) -> bool {
        match self {
            Self::Row(row) => entry.row == *row,
            Self::Column(column) => entry.column == *column,
        }
    }
}

#[cfg(test)]
#[path = "suppression_tests.rs"]
mod tests;
