//! What privacy is decided by, as options: the controller, the laws, the caps of the host.
//!
//! Two things are no options: who signs the certificates of erasures, since a key for signing stays with its owner, and
//! the [rules of the host](crate::Config::extra_rule), since they are code. Only programs in Rust supply them.

use serde::Deserialize;

use crate::error::{CrmError, Result};
use crate::privacy::permit::{ContactCap, ControllerFacts};
use crate::privacy::permits::CONTACTED_DAYS;
use crate::privacy::regimes::{RegimeKey, RegimeSet, RuleSet};

/// The controller, as an option.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ControllerOptions {
    /// Where it is seated: a country by ISO 3166-1 or a part of one by ISO 3166-2, such as `DE` or `US-CA`. The laws of the
    /// seat bind it wherever people live.
    pub seat: Option<String>,
    /// Whether it is a charity.
    pub charity: bool,
}

/// A cap on the contacts of an address, as an option.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactCapOptions {
    /// How many contacts; 0 for none at all.
    pub contacts: u16,
    /// Within how many hours, from 1 to 720: older contacts are not looked at.
    pub hours: u16,
}

/// How many caps there may be: each is gone through for every decision.
const MOST_CAPS: usize = 16;

/// The longest span of a cap in hours: thirty days, as far back as contacts are looked up.
const LONGEST_CAP: u16 = 720;
const _: () = assert!(LONGEST_CAP as i64 == CONTACTED_DAYS * 24);

impl ControllerOptions {
    /// The facts of the evaluator.
    ///
    /// # Errors
    /// `place.unknown` at `seat`.
    pub(super) fn read(&self) -> Result<ControllerFacts> {
        let seat = match &self.seat {
            Some(code) => Some(code.parse().map_err(|error: CrmError| error.at("seat"))?),
            None => None,
        };
        Ok(ControllerFacts { seat, charity: self.charity })
    }
}

/// The rules of the regimes with some keys.
///
/// # Errors
/// `select.unknown`, naming the position; `options.regimes` for none: then no law would ask for anything.
pub(super) fn rule_set(keys: &[String]) -> Result<RuleSet> {
    let mut enabled = RegimeSet::NONE;
    for (position, key) in keys.iter().enumerate() {
        let regime: RegimeKey = key.parse().map_err(|error: CrmError| error.at(format!("[{position}]")))?;
        enabled = enabled.with(regime);
    }
    if keys.is_empty() {
        return Err(CrmError::invalid("options.regimes", "names no regime; leave it out for all of them"));
    }
    Ok(RuleSet::of(enabled))
}

/// The caps of the host.
///
/// # Errors
/// `options.contact_caps`, naming the cap, for one over no time or over more than thirty days, and for more than 16 caps.
pub(super) fn contact_caps(caps: &[ContactCapOptions]) -> Result<Vec<ContactCap>> {
    let wrong = |reason: String| CrmError::invalid("options.contact_caps", reason);
    if caps.len() > MOST_CAPS {
        return Err(wrong(format!("takes at most {MOST_CAPS} caps")));
    }
    if let Some(position) = caps.iter().position(|cap| !(1..=LONGEST_CAP).contains(&cap.hours)) {
        let reason = format!("takes from 1 to {LONGEST_CAP} hours");
        return Err(wrong(reason).at(format!("[{position}].hours")));
    }
    Ok(caps.iter().map(|cap| ContactCap { contacts: cap.contacts, hours: cap.hours }).collect())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::contacts::{Email, Person, Phone};
    use crate::privacy::permit::Decision;
    use crate::privacy::{ContactChannel, ContactRequest, PermitOutcome};
    use crate::surface::{OpenOptions, SessionOptions};

    /// What is decided of an e-mail to somebody in the United States, and of one more after it was sent.
    fn decisions(options: &str) -> [Decision; 2] {
        let crm = OpenOptions::parse(options).unwrap().open(Config::default()).unwrap();
        let session =
            SessionOptions::parse(r#"{"purpose": "direct_marketing"}"#).unwrap().begin(&crm).unwrap();
        let emails = vec![Email::home("ada@example.com")];
        let phones = vec![Phone::mobile("+1 212 555 0123")];
        let given_name = Some("Ada".into());
        let ada = session
            .people()
            .create(Person { given_name, emails, phones, ..Person::default() })
            .unwrap()
            .meta
            .id;
        let request = ContactRequest {
            person: Some(ada.into()),
            purpose: "direct_marketing".into(),
            channel: ContactChannel::Email,
            ..ContactRequest::default()
        };
        let first = session.privacy().may_contact(&request).unwrap();
        if let Some(token) = session.privacy().issue_permit(&request, None).unwrap().token {
            session.privacy().redeem_permit(&token, None).unwrap();
        }
        [first, session.privacy().may_contact(&request).unwrap()]
    }

    fn regimes(decision: &Decision) -> Vec<&'static str> {
        let mut found: Vec<_> = decision.reasons.iter().filter_map(|reason| reason.regime).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|regime| regime.key()).collect()
    }

    #[test]
    fn the_options_decide() {
        let [first, again] = decisions("{}");
        assert!(first.is_permitted() && again.is_permitted());
        assert!(!regimes(&first).contains(&"eu"));
        // The law of the seat binds the controller wherever people live.
        let [german, _] = decisions(r#"{"controller": {"seat": "DE"}}"#);
        assert!(!german.is_permitted() && regimes(&german).contains(&"eu"));
        // Laws that are left out are not gone through.
        let [american, _] = decisions(r#"{"controller": {"seat": "DE"}, "regimes": ["us", "us_states"]}"#);
        assert!(american.is_permitted() && !regimes(&american).contains(&"eu"));
        let [first, again] = decisions(r#"{"contact_caps": [{"contacts": 1, "hours": 24}]}"#);
        assert!(first.is_permitted() && !again.is_permitted());
        assert_eq!(again.outcome, PermitOutcome::Defer);
    }

    #[test]
    fn wrong_options_are_named() {
        let many = format!(r#"{{"contact_caps": [{}]}}"#, [r#"{"contacts": 1, "hours": 1}"#; 17].join(","));
        for (options, code, path) in [
            (r#"{"controller": {"seat": "Atlantis"}}"#, "place.unknown", Some("controller.seat")),
            (r#"{"regimes": []}"#, "options.regimes", Some("regimes")),
            (r#"{"regimes": ["eu", "moon"]}"#, "select.unknown", Some("regimes[1]")),
            (&many, "options.contact_caps", Some("contact_caps")),
            (
                r#"{"contact_caps": [{"contacts": 1, "hours": 720}, {"contacts": 1, "hours": 721}]}"#,
                "options.contact_caps",
                Some("contact_caps[1].hours"),
            ),
            (
                r#"{"contact_caps": [{"contacts": 1, "hours": 0}]}"#,
                "options.contact_caps",
                Some("contact_caps[0].hours"),
            ),
            (r#"{"contact_caps": [{"contacts": 70000, "hours": 1}]}"#, "options.invalid", None),
            (r#"{"contact_caps": [{"contacts": 1}]}"#, "options.invalid", None),
            (r#"{"controller": {"seats": 1}}"#, "options.invalid", None),
            (r#"{"extra_rules": []}"#, "options.invalid", None),
        ] {
            let opened = OpenOptions::parse(options).and_then(|options| options.open(Config::default()));
            let error = opened.map(drop).unwrap_err();
            assert_eq!((error.code(), error.path()), (code, path), "{options}");
        }
    }
}
