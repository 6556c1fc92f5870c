//! What is suppressed, and that nothing of it can be worked out by who knows how it was done.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn patterns_over_one_key() {
    let check = |people: &[u64], expected: Option<&[usize]>| {
        let pattern = over_one_key(people, 5);
        let expected = match expected {
            None => Pattern::Nothing,
            Some(places) => Pattern::Groups((0..people.len()).map(|place| places.contains(&place)).collect()),
        };
        assert_eq!(pattern, expected, "{people:?}");
    };
    check(&[], Some(&[]));
    check(&[5, 9], Some(&[]));
    check(&[0, 9], Some(&[]));
    check(&[1, 9, 20], Some(&[0, 1]));
    check(&[4, 2, 20], Some(&[0, 1]));
    check(&[1, 1, 20, 30], Some(&[0, 1, 2]));
    check(&[1, 1, 1, 1, 1, 30, 40], Some(&[0, 1, 2, 3, 4, 5]));
    check(&[1, 20], None);
    check(&[3], None);
    check(&[1, 1, 1, 1, 1], None);
}

/// Every list of so many numbers of people, none above a most.
fn every(groups: usize, most: u64) -> Vec<Vec<u64>> {
    (0..groups).fold(vec![Vec::new()], |lists, _| {
        lists
            .iter()
            .flat_map(|list| (0..=most).map(move |next| list.iter().copied().chain([next]).collect()))
            .collect()
    })
}

/// What is shown of groups over one key, with their total, which another question gives.
fn shown(people: &[u64], least: u64) -> (u64, Option<Vec<Option<u64>>>) {
    let groups = match over_one_key(people, least) {
        Pattern::Nothing => None,
        Pattern::Groups(suppressed) => {
            Some(people.iter().zip(suppressed).map(|(n, hidden)| (!hidden).then_some(*n)).collect())
        }
    };
    (people.iter().sum(), groups)
}

#[test]
fn who_knows_the_rule_and_the_total_learns_no_suppressed_group() {
    for (groups, most, least) in [(2, 9, 3), (3, 7, 3), (4, 6, 3), (3, 9, 5), (5, 3, 2)] {
        // All that would look the same, with what each group would be then.
        let mut alike: BTreeMap<_, Vec<BTreeSet<u64>>> = BTreeMap::new();
        let tables = every(groups, most);
        for people in &tables {
            let total: u64 = people.iter().sum();
            let values = alike.entry(shown(people, least)).or_insert_with(|| vec![BTreeSet::new(); groups]);
            if total >= least {
                values.iter_mut().zip(people).for_each(|(values, n)| drop(values.insert(*n)));
            }
        }
        for people in tables.iter().filter(|people| people.iter().sum::<u64>() >= least) {
            let seen = shown(people, least);
            let values = &alike[&seen];
            let hidden = |place: usize| match &seen.1 {
                None => true,
                Some(groups) => groups[place].is_none(),
            };
            for place in (0..groups).filter(|place| hidden(*place) && is_small(people[*place], least)) {
                // At the edge of what is tried, larger alternatives are missing.
                if people.iter().sum::<u64>() <= most {
                    assert!(values[place].len() > 1, "{people:?} of {least}: {seen:?}");
                }
            }
        }
    }
}

/// All tables of named groups whose shown numbers, and whose shown totals, are those of a table.
fn tables_like(cells: &[Cell], rows: usize, columns: usize, least: u64, most: u64) -> Vec<BTreeSet<u64>> {
    let totals = |people: &[u64]| {
        let sum = |of: &dyn Fn(&Cell) -> bool| -> u64 {
            cells.iter().zip(people).filter(|(cell, _)| of(cell)).map(|(_, n)| n).sum()
        };
        let by_row: Vec<u64> = (0..rows).map(|row| sum(&|cell| cell.row == row)).collect();
        let by_column: Vec<u64> = (0..columns).map(|column| sum(&|cell| cell.column == column)).collect();
        (by_row, by_column)
    };
    let own: Vec<u64> = cells.iter().map(|cell| cell.people).collect();
    let (by_row, by_column) = totals(&own);
    let Pattern::Groups(suppressed) = over_two_keys(cells, &by_row, &by_column, least) else {
        return Vec::new();
    };
    let visible = |people: &[u64]| {
        let (by_row, by_column) = totals(people);
        (shown(&by_row, least), shown(&by_column, least))
    };
    let seen = visible(&own);
    let mut values = vec![BTreeSet::new(); cells.len()];
    for people in every(cells.len(), most) {
        let named = people.iter().all(|n| *n > 0);
        let same = (0..people.len()).all(|place| suppressed[place] || people[place] == own[place]);
        if named && same && visible(&people) == seen {
            values.iter_mut().zip(&people).for_each(|(values, n)| drop(values.insert(*n)));
        }
    }
    (0..cells.len()).filter(|place| suppressed[*place]).map(|place| values[place].clone()).collect()
}

#[test]
fn no_group_over_two_keys_follows_from_the_totals() {
    let least = 3;
    let mut small = 0;
    let mut shown_in_part = 0;
    for people in every(6, 5).into_iter().filter(|people| people.iter().all(|n| *n > 0)).step_by(37) {
        let cells: Vec<Cell> = people
            .iter()
            .enumerate()
            .map(|(place, people)| Cell { row: place / 3, column: place % 3, people: *people })
            .collect();
        small += u32::from(people.iter().any(|n| is_small(*n, least)));
        let values = tables_like(&cells, 2, 3, least, 7);
        shown_in_part += u32::from(!values.is_empty());
        for values in values {
            assert!(values.len() > 1, "{people:?}: {values:?}");
        }
    }
    assert!(
        small > 50 && shown_in_part > 5,
        "{small} tables with small groups, {shown_in_part} of them shown"
    );
}

#[test]
fn patterns_over_two_keys() {
    let table = |numbers: [[u64; 3]; 3]| {
        let mut cells = Vec::new();
        for (row, line) in numbers.iter().enumerate() {
            for (column, people) in line.iter().enumerate().filter(|(_, people)| **people > 0) {
                cells.push(Cell { row, column, people: *people });
            }
        }
        let rows: Vec<u64> = numbers.iter().map(|line| line.iter().sum()).collect();
        let columns: Vec<u64> = (0..3).map(|column| numbers.iter().map(|line| line[column]).sum()).collect();
        over_two_keys(&cells, &rows, &columns, 5)
    };
    assert_eq!(table([[9, 9, 9], [9, 9, 9], [9, 9, 9]]), Pattern::Groups(vec![false; 9]));
    // One small group takes one in its row and one in its column with it, and the corner that closes the ring.
    let Pattern::Groups(suppressed) = table([[2, 9, 30], [8, 20, 30], [30, 30, 30]]) else {
        panic!("all is lost")
    };
    assert_eq!(suppressed, [true, true, false, true, true, false, false, false, false]);
    // A total that is too small is not to come out of groups that are shown.
    let Pattern::Groups(suppressed) = table([[2, 0, 0], [30, 30, 30], [30, 30, 30]]) else {
        panic!("all is lost")
    };
    assert!(
        suppressed[0] && suppressed.iter().filter(|suppressed| **suppressed).count() >= 3,
        "{suppressed:?}"
    );
}
