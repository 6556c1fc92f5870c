//! The European Union: electronic mail, faxes and recorded voices.

use super::eu::{CONSENT, SOFT_OPT_IN};
use super::obligation::ObligationCode;
use super::place::Place;
use super::rule::{Ground, Rule, RuleKind};
use super::sets::{BUSINESS, ELECTRONIC_MAIL, FAX, INDIVIDUALS, MARKETING, RECORDED};

/// States whose law asks for consent from companies, too.
const CONSENT_OF_COMPANIES: &[Place] = &[Place::of("DE"), Place::of("AT"), Place::of("ES"), Place::of("IT")];
/// The Netherlands, which except addresses that a company has published for the purpose.
const NETHERLANDS: &[Place] = &[Place::of("NL")];
const NAMED: &[Place] =
    &[Place::of("DE"), Place::of("AT"), Place::of("ES"), Place::of("IT"), Place::of("NL")];

pub(super) const RULES: &[Rule] = &[
    Rule::new(
        RuleKind::Needs(&[CONSENT, SOFT_OPT_IN]),
        "Directive 2002/58/EC Art. 13(1), (2); GDPR Art. 4(11), 7; C-673/17; C-61/19; C-654/23",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING)
    .to(INDIVIDUALS)
    .checked(),
    Rule::new(
        RuleKind::Needs(&[CONSENT, SOFT_OPT_IN]),
        "Directive 2002/58/EC Art. 13(5); UWG § 7(2) no. 2, (3); TKG 2021 § 174(3); \
         LSSI art. 21; Codice privacy art. 130",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING)
    .to(BUSINESS)
    .within(CONSENT_OF_COMPANIES),
    Rule::new(
        RuleKind::Needs(&[CONSENT, SOFT_OPT_IN, Ground::PublishedAddress]),
        "Telecommunicatiewet art. 11.7(1)-(4)",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING)
    .to(BUSINESS)
    .within(NETHERLANDS),
    Rule::new(RuleKind::Needs(&[Ground::NotRefused]), "Directive 2002/58/EC Art. 13(5)")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING)
        .to(BUSINESS)
        .outside(NAMED)
        .checked(),
    Rule::new(RuleKind::Needs(&[CONSENT]), "Directive 2002/58/EC Art. 13(1); UWG § 7(2) no. 2")
        .by(RECORDED)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::Needs(&[CONSENT]), "Directive 2002/58/EC Art. 13(1); UWG § 7(2) no. 2")
        .by(FAX)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty(ObligationCode::OptOutInMessage, "Directive 2002/58/EC Art. 13(2), (4)")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty(
        ObligationCode::SenderIdentity,
        "Directive 2002/58/EC Art. 13(4); Directive 2000/31/EC Art. 6(b)",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING),
    Rule::duty(ObligationCode::AdvertisingLabel, "Directive 2000/31/EC Art. 6(a)")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING),
];
