//! The language of the decision tables: facts and questions in one line each.
//!
//! A fact: `lives DE`, `number US-FL`, `device US-CA`, `seat DE`, `zone Europe/Berlin`, `kind sole_trader`,
//! `born 2012-02-29`, `band under_13`, `deceased`, `erased`, `restricted DAY`, `charity`, `person` (what follows is about
//! another one), `consent PURPOSE STATUS TIME …`, `suppressed SCOPE[=KEY] REASON TIME …`, `objection PURPOSE OUTCOME …`,
//! `event KIND TIME …`, `basis PURPOSE BASIS …`, `screened REGISTER TIME clear|listed`, `signal KIND TIME`,
//! `contacted TIME`, `cap 3/24`.
//!
//! A question: `CHANNEL CLASS TIME …` or `process CLASS TIME …`. A word `name` or `name=value` says more.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::borrow::Cow;

use crm_core::privacy::permit::{
    Age, Asked, BasisFact, ConsentFact, ContactCap, ContactQuestion, ContentFacts, Facts, ObjectionFact,
    ProcessQuestion, RelationshipFact, ScreeningFact, SignalFact, SignalKind, SubjectFacts, SuppressionFact,
};
use crm_core::privacy::regimes::zones::zones_of;
use crm_core::privacy::{ConsentExpression, ContactChannel, PurposeClass, SuppressionScope};
use crm_core::{RecordId, Timestamp, parse_date};

/// The words of a line, with those that say more apart.
struct Words<'a> {
    plain: std::vec::IntoIter<&'a str>,
    more: Vec<&'a str>,
}

impl<'a> Words<'a> {
    /// The first `count` words, and the rest as what says more.
    fn of(line: &'a str, count: usize) -> Self {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let more = words.split_off(count.min(words.len()));
        Self { plain: words.into_iter(), more }
    }

    fn next(&mut self) -> &'a str {
        self.plain.next().expect("the line has too few words")
    }

    fn has(&mut self, word: &str) -> bool {
        let found = self.more.iter().position(|more| *more == word);
        found.map(|at| self.more.remove(at)).is_some()
    }

    fn value(&mut self, name: &str) -> Option<&'a str> {
        let matches = |more: &&str| more.split_once('=').is_some_and(|(left, _)| left == name);
        let at = self.more.iter().position(matches)?;
        self.more.remove(at).split_once('=').map(|(_, value)| value)
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        if self.has(name) { Some(true) } else { self.value(name).map(|value| value.parse().unwrap()) }
    }

    /// A table with a misspelt word would test less than it says.
    fn finish(mut self) {
        assert!(self.more.is_empty() && self.plain.next().is_none(), "not understood: {:?}", self.more);
    }
}

/// A time stamp; a date stands for its first moment in UTC.
pub(crate) fn time(text: &str) -> Timestamp {
    if text.len() == 10 { Timestamp::start_of(parse_date(text).unwrap()) } else { text.parse().unwrap() }
}

/// An identifier by its number.
pub(crate) fn id(number: usize) -> RecordId {
    RecordId::from_bytes((number as u128 + 1).to_be_bytes())
}

/// The facts of some lines.
pub(crate) fn facts(lines: &[String]) -> Facts<'static> {
    let mut facts = Facts::default();
    for (number, line) in lines.iter().enumerate() {
        add(&mut facts, line, number);
    }
    for subject in &mut facts.subjects {
        if subject.zones.is_empty() {
            if let Some(place) = subject.residence {
                subject.zones = zones_of(place).iter().map(|name| name.parse().unwrap()).collect();
            }
        }
    }
    if let Some(place) = facts.address.place.filter(|_| facts.address.zones.is_empty()) {
        facts.address.zones = zones_of(place).iter().map(|name| name.parse().unwrap()).collect();
    }
    facts
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn subject<'a>(facts: &'a mut Facts<'static>) -> &'a mut SubjectFacts<'static> {
    if facts.subjects.is_empty() {
        facts.subjects.push(SubjectFacts { id: id(1_000), ..SubjectFacts::default() });
    }
    facts.subjects.last_mut().unwrap()
}

fn add(facts: &mut Facts<'static>, line: &str, number: usize) {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let id = id(number);
    match verb {
        "lives" => subject(facts).residence = Some(rest.parse().unwrap()),
        "device" => subject(facts).device = Some(rest.parse().unwrap()),
        "number" => facts.address.place = Some(rest.parse().unwrap()),
        "seat" => facts.controller.seat = Some(rest.parse().unwrap()),
        "zone" => subject(facts).zones.push(rest.parse().unwrap()),
        "kind" => subject(facts).kind = rest.parse().unwrap(),
        "born" => subject(facts).age = Age::Born(parse_date(rest).unwrap()),
        "band" => subject(facts).age = Age::Band(rest.parse().unwrap()),
        "deceased" => subject(facts).deceased = true,
        "erased" => subject(facts).erased = true,
        "restricted" => subject(facts).restricted_since = Some(time(rest)),
        "charity" => facts.controller.charity = true,
        "person" => facts.subjects.push(SubjectFacts { id, ..SubjectFacts::default() }),
        "consent" => {
            let consent = consent(rest, id);
            subject(facts).consents.push(consent);
        }
        "suppressed" => facts.address.suppressions.push(suppression(rest, id)),
        "objection" => {
            let mut words = Words::of(rest, 2);
            let objection = ObjectionFact {
                id,
                purpose: owned(words.next()),
                outcome: words.next().parse().unwrap(),
                channel: words.value("channel").map(|channel| channel.parse().unwrap()),
            };
            words.finish();
            subject(facts).objections.push(objection);
        }
        "event" => {
            let event = event(rest, id);
            subject(facts).relationship.push(event);
        }
        "basis" => {
            let basis = basis(rest, id);
            subject(facts).bases.push(basis);
        }
        "screened" => {
            let mut words = Words::of(rest, 3);
            facts.address.screenings.push(ScreeningFact {
                id,
                register: words.next().parse().unwrap(),
                fetched_at: time(words.next()),
                listed: match words.next() {
                    "listed" => true,
                    "clear" => false,
                    other => panic!("not understood: {other}"),
                },
            });
            words.finish();
        }
        "signal" => {
            let mut words = Words::of(rest, 2);
            let kind = match words.next() {
                "gpc" => SignalKind::GlobalPrivacyControl,
                "sale_opt_out" => SignalKind::SaleOptOut,
                "limit_sensitive" => SignalKind::LimitSensitive,
                other => panic!("not understood: {other}"),
            };
            let at = time(words.next());
            words.finish();
            subject(facts).signals.push(SignalFact { id, kind, at });
        }
        "contacted" => facts.address.contacted.push(time(rest)),
        "cap" => {
            let (contacts, hours) = rest.split_once('/').unwrap();
            let cap = ContactCap { contacts: contacts.parse().unwrap(), hours: hours.parse().unwrap() };
            facts.address.caps.push(cap);
        }
        _ => panic!("not understood: {line}"),
    }
}

fn consent(rest: &str, id: RecordId) -> ConsentFact<'static> {
    let mut words = Words::of(rest, 3);
    let fact = ConsentFact {
        id,
        purpose: owned(words.next()),
        status: words.next().parse().unwrap(),
        at: time(words.next()),
        channel: words.value("channel").map(|channel| channel.parse().unwrap()),
        brand: words.value("brand").map(owned),
        expression: words
            .value("expression")
            .map_or(ConsentExpression::Expressed, |expression| expression.parse().unwrap()),
        expires_at: words.value("until").map(time),
        notice: (!words.has("no_notice")).then_some(id),
        confirmed: words.flag("confirmed"),
        by_guardian: words.has("guardian"),
    };
    words.finish();
    fact
}

fn suppression(rest: &str, id: RecordId) -> SuppressionFact<'static> {
    let mut words = Words::of(rest, 3);
    let scope = words.next();
    let (scope, key) = scope.split_once('=').map_or((scope, None), |(scope, key)| (scope, Some(key)));
    let fact = SuppressionFact {
        id,
        scope: scope.parse::<SuppressionScope>().unwrap(),
        key: key.map(owned),
        reason: words.next().parse().unwrap(),
        from: time(words.next()),
        channel: words.value("channel").map(|channel| channel.parse().unwrap()),
        until: words.value("until").map(time),
    };
    words.finish();
    fact
}

fn event(rest: &str, id: RecordId) -> RelationshipFact<'static> {
    let mut words = Words::of(rest, 2);
    let fact = RelationshipFact {
        id,
        kind: words.next().parse().unwrap(),
        at: time(words.next()),
        brand: words.value("brand").map(owned),
        same_controller: !words.has("other_controller"),
        own_similar_goods: words.flag("similar"),
        opt_out_offered: words.flag("offered"),
    };
    words.finish();
    fact
}

fn basis(rest: &str, id: RecordId) -> BasisFact<'static> {
    let mut words = Words::of(rest, 2);
    let fact = BasisFact {
        id,
        purpose: owned(words.next()),
        basis: words.next().parse().unwrap(),
        special_category: words.value("special").map(|ground| ground.parse().unwrap()),
        assessed: words.has("assessed"),
        informed: words.has("informed"),
        objected: words.has("objected"),
        from: words.value("from").map(time),
        until: words.value("until").map(time),
    };
    words.finish();
    fact
}

/// The purposes that a class has when a line names none.
fn purposes_of(class: PurposeClass) -> &'static [&'static str] {
    match class {
        PurposeClass::Marketing => &["newsletter", "direct_marketing"],
        PurposeClass::Profiling => &["personalised_advertising", "direct_marketing"],
        PurposeClass::SaleShare => &["sell_data_to_third_parties"],
        PurposeClass::Service => &["communication_for_customer_care", "customer_care"],
        PurposeClass::Transactional => &["customer_order_management"],
        PurposeClass::Legal => &["legal_compliance"],
        PurposeClass::Security => &["technical_service_provision"],
        PurposeClass::Analytics => &["analytics"],
        PurposeClass::AiTraining => &["ai_training"],
        _ => panic!("a class without purposes"),
    }
}

/// The question of a line.
pub(crate) fn question(line: &str) -> Asked<'static> {
    let mut words = Words::of(line, 3);
    let kind = words.next();
    let class: PurposeClass = words.next().parse().unwrap();
    let at = time(words.next());
    let purposes: Vec<Cow<'static, str>> = match words.value("purposes") {
        Some(given) => given.split('>').map(owned).collect(),
        None => purposes_of(class).iter().map(|key| Cow::Borrowed(*key)).collect(),
    };
    let asked = if kind == "process" {
        Asked::Process(ProcessQuestion {
            purposes,
            class,
            category: owned(words.value("category").unwrap_or("contact")),
            special_category: words.has("special"),
            transfer: words.has("transfer"),
            at,
        })
    } else {
        let channel: ContactChannel = kind.parse().unwrap();
        let content = ContentFacts {
            commercial: words.flag("commercial"),
            advertising_label: words.flag("advertising_label"),
            postal_address: words.flag("postal_address"),
            opt_out: words.flag("opt_out"),
            one_click: words.flag("one_click"),
            sender_identified: words.flag("sender_identified"),
            caller_id: words.flag("caller_id"),
            artificial_voice: words.flag("artificial_voice"),
            recorded_call: words.flag("recorded_call"),
            running_contract: words.flag("running_contract"),
            solicited: words.flag("solicited"),
            own_similar_goods: words.flag("own_similar_goods"),
            relevant_to_role: words.flag("relevant_to_role"),
            asks_for_consent: words.flag("asks_for_consent"),
        };
        let brand = words.value("brand").map(owned);
        let topic = words.value("topic").map(owned);
        Asked::Contact(ContactQuestion { purposes, class, channel, brand, topic, content, at })
    };
    words.finish();
    asked
}
