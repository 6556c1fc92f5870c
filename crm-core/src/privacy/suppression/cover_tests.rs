//! What suppressions cover and what lifts them, as tables.

use super::*;
use SuppressionReason::{Bounce, Complaint, Erased, Manual, Objection, Unsubscribe, Withdrawal};
use SuppressionScope::{Brand, Controller, Global, Purpose, Topic};

fn suppression(scope: SuppressionScope, key: &str, reason: SuppressionReason) -> Suppression {
    Suppression {
        scope,
        scope_key: Some(key.to_owned()).filter(|key| !key.is_empty()),
        reason,
        effective_at: Some(Timestamp::from_micros(10)),
        ..Suppression::default()
    }
}

fn lineage(purpose: &str) -> Vec<String> {
    let keys: &[&str] = match purpose {
        "news" => &["news", "direct_marketing"],
        "offers" => &["offers", "direct_marketing"],
        other => return vec![other.to_owned()],
    };
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// A message about `purpose channel brand topic`, a dash for none.
fn covers(suppression: &Suppression, about: &str, class: PurposeClass, at: i64) -> bool {
    let parts: Vec<_> = about.split(' ').map(|part| Some(part).filter(|part| *part != "-")).collect();
    suppression.covers(&Message {
        lineage: &lineage(parts[0].unwrap()),
        class,
        channel: parts[1].unwrap().parse().unwrap(),
        brand: parts[2],
        topic: parts[3],
        at: Timestamp::from_micros(at),
    })
}

#[test]
fn a_suppression_covers_what_its_scope_says() {
    use PurposeClass::{Legal, Marketing, Service, Transactional};
    for (scope, key, about, class, expected) in [
        (Global, "", "news email - -", Marketing, true),
        (Global, "", "orders email - -", Transactional, true),
        (Controller, "", "news email - -", Marketing, true),
        (Controller, "", "orders email - -", Transactional, false),
        (Controller, "", "care email - -", Service, false),
        (Controller, "", "law email - -", Legal, false),
        (Brand, "acme", "news email acme -", Marketing, true),
        (Brand, "acme", "news email other -", Marketing, false),
        (Brand, "acme", "news email - -", Marketing, false),
        (Brand, "acme", "orders email acme -", Transactional, false),
        (Purpose, "news", "news email - -", Marketing, true),
        (Purpose, "direct_marketing", "news email - -", Marketing, true),
        (Purpose, "news", "direct_marketing email - -", Marketing, false),
        (Purpose, "news", "offers email - -", Marketing, false),
        (Topic, "golf", "news email - golf", Marketing, true),
        (Topic, "golf", "news email - chess", Marketing, false),
        (Topic, "golf", "news email - -", Marketing, false),
    ] {
        let suppression = suppression(scope, key, Manual);
        assert_eq!(covers(&suppression, about, class, 10), expected, "{scope} {key}: {about}");
    }
}

#[test]
fn channel_brand_and_time_narrow_it() {
    let marketing = PurposeClass::Marketing;
    let of_email =
        Suppression { channel: Some(ContactChannel::Email), ..suppression(Controller, "", Manual) };
    assert!(covers(&of_email, "news email - -", marketing, 10));
    assert!(!covers(&of_email, "news sms - -", marketing, 10));
    let of_brand = Suppression { brand: Some("acme".into()), ..suppression(Purpose, "news", Manual) };
    assert!(covers(&of_brand, "news email acme -", marketing, 10));
    assert!(!covers(&of_brand, "news email - -", marketing, 10));
    let ended =
        Suppression { expires_at: Some(Timestamp::from_micros(20)), ..suppression(Controller, "", Manual) };
    let lifted =
        Suppression { lifted_at: Some(Timestamp::from_micros(20)), ..suppression(Controller, "", Manual) };
    for suppression in [ended, lifted] {
        for (at, expected) in [(9, false), (10, true), (19, true), (20, false)] {
            assert_eq!(covers(&suppression, "news email - -", marketing, at), expected, "{at}");
        }
    }
}

/// What a consent to `purpose channel brand`, given at 30, does.
fn lift(suppression: &Suppression, about: &str, reinstates: bool) -> Lift {
    let parts: Vec<_> = about.split(' ').map(|part| Some(part).filter(|part| *part != "-")).collect();
    let purpose = parts[0].unwrap();
    let grant = Grant {
        purpose,
        lineage: &lineage(purpose),
        channel: parts[1].map(|key| key.parse().unwrap()),
        brand: parts[2],
        at: Timestamp::from_micros(30),
        reinstates,
    };
    suppression.lift(&grant, &lineage(suppression.scope_key.as_deref().unwrap_or_default()))
}

#[test]
fn a_consent_lifts_what_it_is_about() {
    let part = |text: &str| Lift::For(text.to_owned());
    for (scope, key, reason, about, expected) in [
        (Purpose, "news", Unsubscribe, "news - -", Lift::Whole),
        (Purpose, "news", Withdrawal, "news - -", Lift::Whole),
        (Purpose, "news", Objection, "news - -", Lift::Whole),
        (Purpose, "news", Unsubscribe, "direct_marketing - -", Lift::Whole),
        (Purpose, "news", Unsubscribe, "news email -", part("news:email:")),
        (Purpose, "news", Unsubscribe, "news - acme", part("news::acme")),
        (Purpose, "direct_marketing", Unsubscribe, "news - -", part("news::")),
        (Purpose, "news", Unsubscribe, "offers - -", Lift::None),
        (Controller, "", Unsubscribe, "news email acme", part("news:email:acme")),
        (Brand, "acme", Unsubscribe, "news - acme", part("news::acme")),
        (Brand, "acme", Unsubscribe, "news - other", Lift::None),
        (Topic, "golf", Unsubscribe, "news - -", Lift::None),
        (Purpose, "news", Manual, "news - -", Lift::None),
        (Global, "", Bounce, "news - -", Lift::None),
        (Controller, "", Complaint, "news - -", Lift::None),
        (Global, "", Erased, "news - -", Lift::None),
    ] {
        let suppression = suppression(scope, key, reason);
        assert_eq!(lift(&suppression, about, false), expected, "{scope} {key} {reason}: {about}");
    }
}

#[test]
fn a_complaint_and_an_erasure_are_lifted_by_an_express_wish_only() {
    let complaint = suppression(Controller, "", Complaint);
    assert_eq!(lift(&complaint, "news - -", true), Lift::For("news::".into()));
    assert_eq!(lift(&suppression(Global, "", Erased), "news - -", true), Lift::Whole);
    assert_eq!(lift(&suppression(Global, "", Bounce), "news - -", true), Lift::None);
}

#[test]
fn what_came_after_the_consent_stays() {
    let later = Suppression {
        effective_at: Some(Timestamp::from_micros(31)),
        ..suppression(Purpose, "news", Unsubscribe)
    };
    assert_eq!(lift(&later, "news - -", false), Lift::None);
}

#[test]
fn an_exemption_opens_what_it_names_and_no_more() {
    let marketing = PurposeClass::Marketing;
    let narrowed = Suppression {
        lifted_for: vec!["news:email:a:b".into()],
        ..suppression(Purpose, "direct_marketing", Unsubscribe)
    };
    for (about, expected) in [
        ("news email a:b -", false),
        ("news email other -", true),
        ("news sms a:b -", true),
        ("offers email a:b -", true),
        ("direct_marketing email a:b -", true),
    ] {
        assert_eq!(covers(&narrowed, about, marketing, 40), expected, "{about}");
    }
}
