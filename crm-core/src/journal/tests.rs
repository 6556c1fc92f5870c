#![expect(clippy::cast_possible_truncation, reason = "tests run on 64 bits")]

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::leaf::{EntryHeader, payload_hash};
use super::proof::{ConsistencyProof, InclusionProof, TreeHead};
use super::tree::{Frontier, Hash, NodeSource, empty_root, leaf_hash, node_hash};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;

/// The leaves of the tests of certificate-transparency's Merkle tree.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Their roots for 0 to 8 leaves.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const N01: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const N23: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const N47: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const N4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const N67: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const N45: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2).unwrap(), 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Stored hashes, as the engine would have them, counting what is read.
#[derive(Default)]
struct Store {
    leaves: Vec<Hash>,
    tiles: HashMap<u32, Vec<Hash>>,
    rows: AtomicU64,
    /// The root after each number of leaves.
    roots: Vec<Hash>,
}

impl Store {
    fn new(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut store = Self { roots: vec![empty_root()], ..Self::default() };
        let mut tree = Frontier::new();
        for leaf in leaves {
            store.leaves.push(leaf);
            for tile in tree.push(leaf) {
                let level = store.tiles.entry(tile.level).or_default();
                assert_eq!(level.len() as u64, tile.index);
                level.push(tile.hash);
            }
            store.roots.push(tree.root());
        }
        store
    }

    fn head(&self, size: u64) -> TreeHead {
        TreeHead { size, root: self.roots[size as usize] }
    }

    fn slice(&self, hashes: &[Hash], from: u64, count: u64) -> Vec<Hash> {
        assert!((1..=256).contains(&count));
        self.rows.fetch_add(count, Ordering::Relaxed);
        hashes.iter().skip(from as usize).take(count as usize).copied().collect()
    }
}

impl NodeSource for Store {
    fn leaf_hashes(&self, from: u64, count: u64) -> Result<Vec<Hash>> {
        Ok(self.slice(&self.leaves, from, count))
    }

    fn tile_hashes(&self, level: u32, from: u64, count: u64) -> Result<Vec<Hash>> {
        Ok(self.slice(&self.tiles[&level], from, count))
    }
}

/// The definitions of RFC 6962 §2.1 word by word, with remembered subtrees.
struct Reference<'a> {
    leaves: &'a [Hash],
    known: HashMap<(u64, u64), Hash>,
}

impl<'a> Reference<'a> {
    fn new(leaves: &'a [Hash]) -> Self {
        Self { leaves, known: HashMap::new() }
    }

    fn split(length: u64) -> u64 {
        let mut k = 1;
        while k * 2 < length {
            k *= 2;
        }
        k
    }

    fn root(&mut self, from: u64, to: u64) -> Hash {
        match to - from {
            0 => empty_root(),
            1 => self.leaves[from as usize],
            length => {
                if let Some(hash) = self.known.get(&(from, to)) {
                    return *hash;
                }
                let k = Self::split(length);
                let hash = node_hash(&self.root(from, from + k), &self.root(from + k, to));
                self.known.insert((from, to), hash);
                hash
            }
        }
    }

    fn path(&mut self, index: u64, from: u64, to: u64) -> Vec<Hash> {
        if to - from == 1 {
            return Vec::new();
        }
        let k = from + Self::split(to - from);
        let (mut path, last) = if index < k {
            (self.path(index, from, k), self.root(k, to))
        } else {
            (self.path(index, k, to), self.root(from, k))
        };
        path.push(last);
        path
    }

    fn subproof(&mut self, old: u64, from: u64, to: u64, whole: bool) -> Vec<Hash> {
        if old == to {
            return if whole { Vec::new() } else { vec![self.root(from, to)] };
        }
        let k = from + Self::split(to - from);
        let (mut path, last) = if old <= k {
            (self.subproof(old, from, k, whole), self.root(k, to))
        } else {
            (self.subproof(old, k, to, false), self.root(from, k))
        };
        path.push(last);
        path
    }
}

fn numbered(count: u64) -> impl Iterator<Item = Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes()))
}

static SMALL: LazyLock<Vec<Hash>> = LazyLock::new(|| numbered(600).collect());
/// Crosses a tile of the second level at 65 536.
static LARGE: LazyLock<Store> = LazyLock::new(|| Store::new(numbered(70_000)));

/// Sizes around the borders of powers of two and of tiles.
fn sizes() -> impl Iterator<Item = u64> {
    (1..=20).chain([63, 64, 65, 127, 128, 129]).chain(255..=258).chain(511..=513).chain([600])
}

#[test]
fn the_vectors_of_certificate_transparency_hold() {
    let store = Store::new(LEAVES.iter().map(|data| leaf_hash(&unhex(data))));
    assert_eq!(store.roots.iter().map(|root| hex(root)).collect::<Vec<_>>(), ROOTS);
    let inclusion: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[N01, N23, N47]),
        (5, 8, &[N4, N67, ROOTS[4]]),
        (2, 3, &[ROOTS[2]]),
        (1, 5, &[ROOTS[1], N23, N4]),
    ];
    for (index, size, expected) in inclusion {
        let proof = InclusionProof::new(index, size, &store).unwrap();
        assert_eq!(
            proof.path.iter().map(|hash| hex(hash)).collect::<Vec<_>>(),
            expected,
            "{index} in {size}"
        );
        proof.verify(&store.leaves[index as usize], &store.head(size)).unwrap();
    }
    let consistency: [(u64, u64, &[&str]); 5] = [
        (1, 1, &[]),
        (0, 8, &[]),
        (1, 8, &[N01, N23, N47]),
        (6, 8, &[N45, N67, ROOTS[4]]),
        (2, 5, &[N23, N4]),
    ];
    for (old, new, expected) in consistency {
        let proof = ConsistencyProof::new(old, new, &store).unwrap();
        assert_eq!(proof.path.iter().map(|hash| hex(hash)).collect::<Vec<_>>(), expected, "{old} to {new}");
        proof.verify(&store.head(old), &store.head(new)).unwrap();
    }
}

#[test]
fn every_inclusion_proof_of_the_definition_verifies() {
    let mut reference = Reference::new(&SMALL);
    for size in 1..=600 {
        let head = TreeHead { size, root: reference.root(0, size) };
        for index in 0..size {
            let proof = InclusionProof { index, size, path: reference.path(index, 0, size) };
            assert!(proof.verify(&SMALL[index as usize], &head).is_ok(), "{index} in {size}");
        }
    }
}

#[test]
fn every_consistency_proof_of_the_definition_verifies() {
    let mut reference = Reference::new(&SMALL);
    let heads: Vec<_> = (0..=300).map(|size| TreeHead { size, root: reference.root(0, size) }).collect();
    for new in &heads {
        for old in heads.iter().take(new.size as usize + 1) {
            let path =
                if old.size == 0 { Vec::new() } else { reference.subproof(old.size, 0, new.size, true) };
            let proof = ConsistencyProof { old_size: old.size, new_size: new.size, path };
            assert!(proof.verify(old, new).is_ok(), "{} to {}", old.size, new.size);
        }
    }
}

#[test]
fn made_proofs_are_those_of_the_definition() {
    let store = Store::new(SMALL.iter().copied());
    let mut reference = Reference::new(&SMALL);
    for size in sizes() {
        assert_eq!(store.roots[size as usize], reference.root(0, size));
        for place in 0..size {
            let inclusion = InclusionProof::new(place, size, &store).unwrap();
            assert_eq!(inclusion.path, reference.path(place, 0, size), "{place} in {size}");
            let consistency = ConsistencyProof::new(place + 1, size, &store).unwrap();
            assert_eq!(
                consistency.path,
                reference.subproof(place + 1, 0, size, true),
                "{} to {size}",
                place + 1
            );
        }
    }
}

#[test]
fn a_frontier_comes_back_from_stored_hashes_and_from_bytes() {
    let store = Store::new(numbered(70_000));
    for size in sizes().chain([0, 65_535, 65_536, 65_537, 66_048, 70_000]) {
        store.rows.store(0, Ordering::Relaxed);
        let loaded = Frontier::load(size, &store).unwrap();
        assert_eq!((loaded.size(), loaded.root()), (size, store.roots[size as usize]));
        assert!(
            store.rows.load(Ordering::Relaxed) <= 3 * 256,
            "{} rows for {size}",
            store.rows.load(Ordering::Relaxed)
        );
        assert_eq!(Frontier::from_bytes(&loaded.to_bytes()).unwrap(), loaded);
        // It must also go on in the same way, tiles included.
        let (mut grown, mut next) = (loaded.clone(), size);
        while next < 70_000 && next < size + 3 {
            for tile in grown.push(store.leaves[next as usize]) {
                assert_eq!(tile.hash, store.tiles[&tile.level][tile.index as usize]);
            }
            next += 1;
            assert_eq!(grown.root(), store.roots[next as usize]);
        }
    }
    assert_eq!(
        store.tiles.iter().map(|(level, tiles)| (*level, tiles.len())).collect::<HashMap<_, _>>(),
        HashMap::from([(1, 273), (2, 1)])
    );
}

#[test]
fn damaged_stores_and_impossible_questions_are_errors() {
    let mut store = Store::new(SMALL.iter().copied());
    let code = |outcome: Result<()>| outcome.unwrap_err().code().to_owned();
    assert_eq!(code(InclusionProof::new(600, 600, &store).map(drop)), "journal.proof.range");
    assert_eq!(code(InclusionProof::new(0, 0, &store).map(drop)), "journal.proof.range");
    assert_eq!(code(ConsistencyProof::new(2, 1, &store).map(drop)), "journal.proof.range");
    assert_eq!(code(InclusionProof::new(0, u64::MAX, &store).map(drop)), "journal.tree.size");
    assert_eq!(code(ConsistencyProof::new(1, u64::MAX, &store).map(drop)), "journal.tree.size");
    assert_eq!(code(Frontier::load(u64::MAX, &store).map(drop)), "journal.tree.size");
    store.leaves.truncate(590);
    assert_eq!(code(Frontier::load(600, &store).map(drop)), "journal.tree.corrupt");
    assert_eq!(code(InclusionProof::new(1, 600, &store).map(drop)), "journal.tree.corrupt");
    let bytes = Frontier::load(7, &store).unwrap().to_bytes();
    let huge = [&u64::MAX.to_be_bytes()[..], &[0; 64 * 32]].concat();
    for broken in [&bytes[..7], &bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat(), &[], &huge] {
        assert_eq!(code(Frontier::from_bytes(broken).map(drop)), "journal.tree.corrupt");
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut hash = *hash;
    hash[bit / 8 % 32] ^= 1 << (bit % 8);
    hash
}

/// Every way to change a path a little.
fn changed_paths(path: &[Hash], bit: usize) -> Vec<Vec<Hash>> {
    let mut changed = Vec::new();
    for at in 0..path.len() {
        let mut flip = path.to_vec();
        flip[at] = flipped(&flip[at], bit);
        changed.push(flip);
        let mut shorter = path.to_vec();
        shorter.remove(at);
        changed.push(shorter);
        let mut doubled = path.to_vec();
        doubled.insert(at, path[at]);
        changed.push(doubled);
        if at > 0 {
            let mut swapped = path.to_vec();
            swapped.swap(at - 1, at);
            changed.push(swapped);
        }
    }
    changed.push([path, &[[0; 32]]].concat());
    changed
}

fn check_tampering(store: &Store, index: u64, old: u64, size: u64, bit: usize) {
    let (leaf, head) = (store.leaves[index as usize], store.head(size));
    let proof = InclusionProof::new(index, size, store).unwrap();
    proof.verify(&leaf, &head).unwrap();
    assert!(proof.verify(&flipped(&leaf, bit), &head).is_err());
    assert!(proof.verify(&leaf, &TreeHead { root: flipped(&head.root, bit), ..head }).is_err());
    for path in changed_paths(&proof.path, bit) {
        assert!(InclusionProof { path, ..proof.clone() }.verify(&leaf, &head).is_err());
    }
    for other in [index ^ 1, index + 1, index.wrapping_sub(1), index ^ (1 << (bit % 64)), size, u64::MAX] {
        assert!(InclusionProof { index: other, ..proof.clone() }.verify(&leaf, &head).is_err());
    }
    for other in [size + 1, size - 1, size ^ (1 << (bit % 64)), 0, u64::MAX] {
        assert!(InclusionProof { size: other, ..proof.clone() }.verify(&leaf, &head).is_err());
    }

    let old_head = store.head(old);
    let proof = ConsistencyProof::new(old, size, store).unwrap();
    proof.verify(&old_head, &head).unwrap();
    assert!(proof.verify(&TreeHead { root: flipped(&old_head.root, bit), ..old_head }, &head).is_err());
    assert!(
        proof.verify(&old_head, &TreeHead { root: flipped(&head.root, bit), ..head }).is_err() || old == 0
    );
    for path in changed_paths(&proof.path, bit) {
        assert!(ConsistencyProof { path, ..proof.clone() }.verify(&old_head, &head).is_err());
    }
    for other in [old + 1, old.wrapping_sub(1), old ^ (1 << (bit % 64)), u64::MAX] {
        assert!(ConsistencyProof { old_size: other, ..proof.clone() }.verify(&old_head, &head).is_err());
    }
    for other in [size + 1, size - 1, size ^ (1 << (bit % 64)), 0] {
        assert!(ConsistencyProof { new_size: other, ..proof.clone() }.verify(&old_head, &head).is_err());
    }
}

#[test]
fn whatever_is_tampered_with_a_small_proof_fails() {
    let store = Store::new(SMALL.iter().take(40).copied());
    for size in 1..=40 {
        for index in 0..size {
            check_tampering(&store, index, index + 1, size, (index * 7 + size) as usize);
        }
        check_tampering(&store, 0, 0, size, 3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn large_proofs_hold_and_tampered_ones_do_not(
        size in 1_u64..=70_000, index in any::<u64>(), old in any::<u64>(), bit in 0_usize..256,
    ) {
        let store = &*LARGE;
        let (index, old) = (index % size, old % size + 1);
        prop_assert_eq!(Reference::new(&store.leaves).root(0, size), store.roots[size as usize]);
        store.rows.store(0, Ordering::Relaxed);
        InclusionProof::new(index, size, store).unwrap();
        prop_assert!(store.rows.load(Ordering::Relaxed) <= 3 * 3 * 256, "{} rows", store.rows.load(Ordering::Relaxed));
        check_tampering(store, index, old, size, bit);
    }

    #[test]
    fn any_bytes_are_a_frontier_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(tree) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(tree.to_bytes(), bytes);
        }
    }
}

#[test]
fn proofs_travel_as_json() {
    let store = Store::new(LEAVES.iter().map(|data| leaf_hash(&unhex(data))));
    let proof = InclusionProof::new(2, 3, &store).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    assert_eq!(text, format!(r#"{{"index":2,"size":3,"path":["{}"]}}"#, ROOTS[2]));
    assert_eq!(serde_json::from_str::<InclusionProof>(&text).unwrap(), proof);
    let proof = ConsistencyProof::new(2, 5, &store).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    assert_eq!(text, format!(r#"{{"old_size":2,"new_size":5,"path":["{N23}","{N4}"]}}"#));
    assert_eq!(serde_json::from_str::<ConsistencyProof>(&text).unwrap(), proof);
    let text = serde_json::to_string(&store.head(8)).unwrap();
    assert_eq!(text, format!(r#"{{"size":8,"root":"{}"}}"#, ROOTS[8]));
    assert_eq!(serde_json::from_str::<TreeHead>(&text).unwrap(), store.head(8));
    for wrong in
        [ROOTS[1].to_uppercase(), N4.replacen("bc", "", 1), format!("{N4}00"), "é".repeat(32), "g".repeat(64)]
    {
        let text = format!(r#"{{"size":8,"root":"{wrong}"}}"#);
        assert!(serde_json::from_str::<TreeHead>(&text).is_err(), "{text}");
    }
}

fn header() -> EntryHeader {
    EntryHeader {
        sequence: 0x0102_0304_0506_0708,
        at: "2026-11-21T10:30:00.25Z".parse().unwrap(),
        actor: RecordId::from_bytes([0xa1; 16]),
        purpose: 7,
        cause: None,
        record_type: 0x1122_3344,
        record: RecordId::from_bytes([0xb2; 16]),
        operation: 2,
        version: -1,
        subject: Some(RecordId::from_bytes([0xc3; 16])),
    }
}

#[test]
fn the_canonical_header_and_leaf_never_change() {
    let expected = [
        "01",
        "0102030405060708",
        "000660c6d7c7ca90",
        &"a1".repeat(16),
        "00000007",
        &"00".repeat(17),
        "11223344",
        &"b2".repeat(16),
        "02",
        &"ff".repeat(8),
        &format!("01{}", "c3".repeat(16)),
    ]
    .concat();
    let header = header();
    assert_eq!(hex(&header.to_bytes()), expected);
    let with_cause = EntryHeader { cause: Some(RecordId::NIL), subject: None, ..header };
    assert_eq!(hex(&with_cause.to_bytes()[37..54]), format!("01{}", "00".repeat(16)));
    assert_eq!(hex(&with_cause.to_bytes()[83..]), "00".repeat(17));

    let (plain, sealed) = (payload_hash(b"{\"stage\":\"won\"}"), payload_hash(b"sealed"));
    let leaf = header.leaf_hash(&plain, &sealed);
    // The same by way of the general leaf hash.
    assert_eq!(leaf, leaf_hash(&[&header.to_bytes()[..], &plain, &sealed].concat()));
    assert_eq!(hex(&leaf), "e8fad91e8e62f53210418da592d4e900f57ec8e94f250d8057e0100f2249617c");
    assert_eq!(hex(&payload_hash(b"")), ROOTS[0]);
}

#[test]
fn every_field_counts_in_the_leaf() {
    let (base, id) = (header(), RecordId::from_bytes([9; 16]));
    let (plain, sealed) = ([1; 32], [2; 32]);
    let mut leaves: Vec<Hash> = [
        base,
        EntryHeader { sequence: 1, ..base },
        EntryHeader { at: Timestamp::MIN, ..base },
        EntryHeader { actor: id, ..base },
        EntryHeader { purpose: 8, ..base },
        EntryHeader { cause: Some(id), ..base },
        EntryHeader { cause: Some(RecordId::NIL), ..base },
        EntryHeader { record_type: 1, ..base },
        EntryHeader { record: id, ..base },
        EntryHeader { operation: 3, ..base },
        EntryHeader { version: 1, ..base },
        EntryHeader { subject: Some(id), ..base },
        EntryHeader { subject: None, ..base },
    ]
    .iter()
    .map(|header| header.leaf_hash(&plain, &sealed))
    .collect();
    leaves.extend([base.leaf_hash(&sealed, &plain), base.leaf_hash(&plain, &plain)]);
    let all = leaves.len();
    leaves.sort_unstable();
    leaves.dedup();
    assert_eq!(leaves.len(), all);
}
