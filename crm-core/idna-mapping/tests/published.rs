//! Both crates say the same of every character.

fn characters() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

#[test]
fn maps_as_the_published_crate_does() {
    for c in characters() {
        for ignored_as_errors in [false, true] {
            let ours: String = idna_mapping::Mapper::new([c].into_iter(), ignored_as_errors).collect();
            let theirs: String = published::Mapper::new([c].into_iter(), ignored_as_errors).collect();
            assert_eq!(ours, theirs, "U+{:04X}", u32::from(c));
        }
    }
}

#[test]
fn joins_as_the_published_crate_does() {
    for c in characters() {
        let (ours, theirs) = (idna_mapping::joining_type(c), published::joining_type(c));
        assert_eq!(ours.is_transparent(), theirs.is_transparent(), "U+{:04X}", u32::from(c));
        assert_eq!(
            ours.to_mask().intersects(idna_mapping::LEFT_OR_DUAL_JOINING_MASK),
            theirs.to_mask().intersects(published::LEFT_OR_DUAL_JOINING_MASK),
            "U+{:04X}",
            u32::from(c)
        );
        assert_eq!(
            ours.to_mask().intersects(idna_mapping::RIGHT_OR_DUAL_JOINING_MASK),
            theirs.to_mask().intersects(published::RIGHT_OR_DUAL_JOINING_MASK),
            "U+{:04X}",
            u32::from(c)
        );
    }
}

#[test]
fn maps_a_whole_domain() {
    let mapped: String =
        idna_mapping::Mapper::new("Stra\u{1e9e}e\u{3002}ﬁNAL\u{ad}Σ".chars(), false).collect();
    assert_eq!(mapped, "straße.finalσ");
}
