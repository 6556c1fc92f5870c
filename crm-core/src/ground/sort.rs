//! Sorting, and sorted collections, with one copy of the algorithm.
//!
//! The sorts of the standard library, and the collecting of a `BTreeMap`, which sorts, are compiled anew for each type,
//! to several kilobytes. Our lists are short: these functions sort their positions, and move the items once.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts items; equal ones keep their order.
pub(crate) fn ascending<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

/// Sorts items by what is said of each; equal ones keep their order.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts items by what is said of each, asked once; equal ones keep their order.
pub(crate) fn by_cached_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let places = places(keys.len(), &|one, other| keys[one].cmp(&keys[other]));
    put(places, &mut |one, other| items.swap(one, other));
}

/// Sorts items by a comparison; equal ones keep their order.
pub(crate) fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = places(items.len(), &|one, other| compare(&items[one], &items[other]));
    put(places, &mut |one, other| items.swap(one, other));
}

/// A set of items.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// A map of pairs; of several with one key the last.
pub(crate) fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// Values by their keys, in the order of these.
///
/// It is for what is counted or gathered under a few keys: one list, in which a key is found by halving. A `BTreeMap` is
/// compiled anew for each pair of types, to some 4 KB. A new key moves all that are behind it, so what may come to
/// thousands of keys belongs into a `BTreeMap` all the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FewByKey<K, V>(Vec<(K, V)>);

impl<K, V> Default for FewByKey<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> FewByKey<K, V> {
    /// The value of a key, which is the default one until it is changed.
    pub(crate) fn of(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = self.0.binary_search_by(|(known, _)| known.cmp(&key)).unwrap_or_else(|at| {
            self.0.insert(at, (key, V::default()));
            at
        });
        &mut self.0[at].1
    }

    /// The keys with their values.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }
}

impl<K, V> IntoIterator for FewByKey<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Where each of some items belongs.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    let mut places = vec![0; count];
    for (place, item) in order.into_iter().enumerate() {
        places[item] = place;
    }
    places
}

/// Moves items to their places, each with at most one swap.
fn put(mut places: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for at in 0..places.len() {
        while places[at] != at {
            let to = places[at];
            swap(at, to);
            places.swap(at, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items in prop::collection::vec((0..9_u8, any::<u8>()), 0..60)) {
            let check = |sorted: fn(&mut [(u8, u8)]), expected: fn(&mut [(u8, u8)])| {
                let (mut ours, mut theirs) = (items.clone(), items.clone());
                sorted(&mut ours);
                expected(&mut theirs);
                assert_eq!(ours, theirs);
            };
            check(super::ascending, <[_]>::sort);
            check(|items| super::by_key(items, |item| item.0), |items| items.sort_by_key(|item| item.0));
            check(
                |items| super::by_cached_key(items, |item| item.0.to_string()),
                |items| items.sort_by_cached_key(|item| item.0.to_string()),
            );
            check(
                |items| super::by(items, |one, other| other.0.cmp(&one.0)),
                |items| items.sort_by_key(|item| std::cmp::Reverse(item.0)),
            );
            assert_eq!(super::set(items.clone()), items.iter().copied().collect());
            assert_eq!(super::map(items.clone()), items.iter().copied().collect());
            let (mut ours, mut theirs) = (super::FewByKey::default(), BTreeMap::<u8, Vec<u8>>::new());
            for (key, value) in items {
                Vec::push(ours.of(key), value);
                theirs.entry(key).or_default().push(value);
            }
            assert!(ours.iter().map(|(key, values)| (key, values)).eq(&theirs));
            assert!(ours.into_iter().eq(theirs));
        }
    }
}
