//! What is suppressed, and that nothing of it follows from what is shown.

use std::collections::BTreeSet;

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

/// What the suppressed groups over one key could be, for somebody who knows the shown ones and the total.
fn possible(people: &[u64], least: u64, most: u64) -> Vec<BTreeSet<u64>> {
    let pattern = over_one_key(people, least);
    let total: u64 = people.iter().sum();
    let mut values = vec![BTreeSet::new(); people.len()];
    for other in every(people.len(), most) {
        let named = pattern == Pattern::Nothing || other.iter().all(|n| *n > 0);
        let alike = (0..people.len()).all(|place| pattern.hides(place) || other[place] == people[place]);
        // That something is suppressed says that something is small.
        let small = (0..people.len()).any(|place| pattern.hides(place) && is_small(other[place], least));
        if named && alike && small && other.iter().sum::<u64>() == total {
            values.iter_mut().zip(&other).for_each(|(values, n)| {
                values.insert(*n);
            });
        }
    }
    values
}

#[test]
fn no_group_over_one_key_follows_from_the_others_and_the_total() {
    let mut seen = 0;
    for (groups, most, least) in [(2, 9, 3), (3, 7, 3), (4, 4, 3), (3, 9, 5), (5, 3, 2)] {
        for people in every(groups, most).into_iter().filter(|people| !people.contains(&0)).step_by(3) {
            // A total of too few people is suppressed itself.
            if people.iter().sum::<u64>() < least || !people.iter().any(|n| is_small(*n, least)) {
                continue;
            }
            let values = possible(&people, least, most + 2);
            for place in (0..groups).filter(|place| is_small(people[*place], least)) {
                seen += 1;
                assert!(values[place].len() > 1, "{people:?} of {least}: {values:?}");
            }
        }
    }
    assert!(seen > 300, "only {seen} small groups");
}

/// What the suppressed groups over two keys could be, for somebody who knows the shown ones and the shown totals.
fn possible_of_two(cells: &[Cell], rows: usize, columns: usize, least: u64, most: u64) -> Vec<BTreeSet<u64>> {
    let totals = |people: &[u64]| -> (Vec<u64>, Vec<u64>) {
        let sum = |of: &dyn Fn(&Cell) -> bool| -> u64 {
            cells.iter().zip(people).filter(|(cell, _)| of(cell)).map(|(_, n)| n).sum()
        };
        let by_row = (0..rows).map(|row| sum(&|cell| cell.row == row)).collect();
        (by_row, (0..columns).map(|column| sum(&|cell| cell.column == column)).collect())
    };
    let own: Vec<u64> = cells.iter().map(|cell| cell.people).collect();
    let (by_row, by_column) = totals(&own);
    let pattern = over_two_keys(cells, &by_row, &by_column, least);
    let (row_pattern, column_pattern) = (over_one_key(&by_row, least), over_one_key(&by_column, least));
    let visible = |pattern: &Pattern, numbers: &[u64]| -> Vec<Option<u64>> {
        numbers.iter().enumerate().map(|(place, n)| (!pattern.hides(place)).then_some(*n)).collect()
    };
    let seen = |people: &[u64]| {
        let (by_row, by_column) = totals(people);
        let shown = (visible(&row_pattern, &by_row), visible(&column_pattern, &by_column));
        (visible(&pattern, people), shown, people.iter().sum::<u64>())
    };
    let (truth, mut values) = (seen(&own), vec![BTreeSet::new(); cells.len()]);
    for people in every(cells.len(), most) {
        let named = pattern == Pattern::Nothing || people.iter().all(|n| *n > 0);
        if named && seen(&people) == truth {
            values.iter_mut().zip(&people).for_each(|(values, n)| {
                values.insert(*n);
            });
        }
    }
    (0..cells.len()).filter(|place| pattern.hides(*place)).map(|place| values[place].clone()).collect()
}

#[test]
fn no_group_over_two_keys_follows_from_the_others_and_the_totals() {
    let (least, mut suppressed, mut in_part) = (3, 0, 0);
    for people in every(6, 5).into_iter().filter(|people| !people.contains(&0)).step_by(181) {
        let cells: Vec<Cell> = people
            .iter()
            .enumerate()
            .map(|(place, people)| Cell { row: place / 3, column: place % 3, people: *people })
            .collect();
        let values = possible_of_two(&cells, 2, 3, least, 6);
        suppressed += u32::from(!values.is_empty());
        in_part += u32::from(!values.is_empty() && values.len() < 6);
        for values in values {
            assert!(values.len() > 1, "{people:?}: {values:?}");
        }
    }
    assert!(
        suppressed > 50 && in_part > 5,
        "{suppressed} tables with suppressed groups, {in_part} shown in part"
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
    // The total of the first row is too small and takes that of the second with it: neither is to come out here, and the
    // total of the first column is not to tell of the group.
    let Pattern::Groups(suppressed) = table([[2, 0, 0], [30, 30, 30], [30, 30, 30]]) else {
        panic!("all is lost")
    };
    assert_eq!(suppressed, [true, true, false, false, false, false, false]);
}
