//! The rows of the benchmark: the same for the floors and for the engine, and the same in every run.
//!
//! A port of the generator that the floors were measured with (a 64-bit linear congruential generator), so that
//! figures compare: accounts N/10, then N contacts, N deals and N cases, 100 queries.

/// A company.
pub(crate) struct Account {
    /// Its name.
    pub(crate) name: String,
}

/// A person with an e-mail address and a phone number.
pub(crate) struct Contact {
    /// The number of the account, from 1.
    pub(crate) account: usize,
    /// The given name.
    pub(crate) given: String,
    /// The family name.
    pub(crate) family: String,
    /// The e-mail address.
    pub(crate) email: String,
    /// The phone number in E.164.
    pub(crate) phone: String,
}

/// An opportunity of an account.
pub(crate) struct Deal {
    /// The number of the account, from 1.
    pub(crate) account: usize,
    /// What it is called.
    pub(crate) name: String,
    /// The amount in whole euros.
    pub(crate) amount: i64,
}

/// A problem of a contact.
pub(crate) struct Case {
    /// The number of the contact, from 1.
    pub(crate) contact: usize,
    /// What it is about.
    pub(crate) subject: String,
    /// The priority, 0 to 3.
    pub(crate) priority: i64,
}

/// A name that is searched for.
pub(crate) struct Query {
    /// The first three letters of the family name.
    pub(crate) prefix: String,
    /// Given and family name.
    pub(crate) words: String,
}

/// All rows. `contacts`, `deals` and `cases` have more than N: the rest is for writes on filled tables.
pub(crate) struct Data {
    /// How many rows fill the tables.
    pub(crate) size: usize,
    /// The companies.
    pub(crate) accounts: Vec<Account>,
    /// The people.
    pub(crate) contacts: Vec<Contact>,
    /// The opportunities.
    pub(crate) deals: Vec<Deal>,
    /// The cases.
    pub(crate) cases: Vec<Case>,
    /// What is searched for.
    pub(crate) queries: Vec<Query>,
}

const CONSONANTS: &[u8] = b"bcdfghjklmnprstvz";
const VOWELS: &[u8] = b"aeiou";
const FORMS: [&str; 8] = ["GmbH", "Ltd", "Inc", "SARL", "AG", "KG", "BV", "SpA"];

struct Generator(u64);

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit
    }

    fn word(&mut self, syllables: usize) -> String {
        let mut word = String::new();
        for syllable in 0..syllables {
            let consonant = char::from(CONSONANTS[self.below(CONSONANTS.len())]);
            word.push(if syllable == 0 { consonant.to_ascii_uppercase() } else { consonant });
            word.push(char::from(VOWELS[self.below(VOWELS.len())]));
        }
        word
    }

    fn words(&mut self, count: usize, longer: usize) -> Vec<String> {
        (0..count).map(|index| self.word(2 + index % longer)).collect()
    }

    /// A skewed pick: the square of a uniform number.
    fn pick<'a>(&mut self, list: &'a [String]) -> &'a str {
        let uniform = self.below(1 << 20);
        &list[(uniform * uniform * list.len()) >> 40]
    }
}

struct Vocabulary {
    given: Vec<String>,
    family: Vec<String>,
    company: Vec<String>,
    noun: Vec<String>,
    accounts: usize,
}

impl Vocabulary {
    fn contact(&self, random: &mut Generator, number: usize) -> Contact {
        let (given, family) = (random.pick(&self.given).to_owned(), random.pick(&self.family).to_owned());
        let account = random.below(self.accounts) + 1;
        let local = format!("{}.{}", given.to_lowercase(), family.to_lowercase());
        Contact {
            account,
            email: format!("{local}{number}@example.com"),
            phone: format!("+4930{}", 10_000_000 + number),
            given,
            family,
        }
    }

    fn title(&self, random: &mut Generator, kind: &str, number: usize) -> String {
        let (first, second) = (random.pick(&self.noun), random.pick(&self.noun));
        format!("{first} {second} {kind} {number}")
    }

    fn deal(&self, random: &mut Generator, number: usize) -> Deal {
        let account = random.below(self.accounts) + 1;
        let name = self.title(random, "deal", number);
        Deal { account, name, amount: 100 + i64::try_from(random.below(99_900)).unwrap_or_default() }
    }

    fn case(&self, random: &mut Generator, number: usize, contacts: usize) -> Case {
        let contact = random.below(contacts) + 1;
        let subject = self.title(random, "problem", number);
        Case { contact, subject, priority: i64::try_from(random.below(4)).unwrap_or_default() }
    }
}

impl Data {
    /// The rows for tables of this size, and `extra` more of each for writes on the filled tables.
    pub(crate) fn generate(size: usize, extra: usize) -> Self {
        let random = &mut Generator(88_172_645_463_325_252);
        let vocabulary = Vocabulary {
            given: random.words(1_200, 2),
            family: random.words(8_000, 3),
            company: random.words(3_000, 2),
            noun: random.words(4_000, 2).iter().map(|word| word.to_lowercase()).collect(),
            accounts: (size / 10).max(1),
        };
        let accounts = (0..vocabulary.accounts)
            .map(|_| {
                let (first, second) = (random.pick(&vocabulary.company), random.pick(&vocabulary.company));
                let name = format!("{first} {second} {}", FORMS[random.below(8)]);
                Account { name }
            })
            .collect();
        let mut contacts: Vec<Contact> = (1..=size).map(|i| vocabulary.contact(random, i)).collect();
        let mut deals: Vec<Deal> = (1..=size).map(|i| vocabulary.deal(random, i)).collect();
        let mut cases: Vec<Case> = (1..=size).map(|i| vocabulary.case(random, i, size)).collect();
        let queries = contacts
            .iter()
            .skip(96)
            .step_by(97)
            .cycle()
            .map(|contact| Query {
                prefix: contact.family.chars().take(3).collect(),
                words: format!("{} {}", contact.given, contact.family),
            })
            .take(100)
            .collect();
        let more = size + 1..=size + extra;
        contacts.extend(more.clone().map(|i| vocabulary.contact(random, i)));
        deals.extend(more.clone().map(|i| vocabulary.deal(random, i)));
        cases.extend(more.map(|i| vocabulary.case(random, i, size)));
        Self { size, accounts, contacts, deals, cases, queries }
    }

    /// Numbers of contacts in no order, the same in every run.
    pub(crate) fn scattered(&self, count: usize) -> Vec<usize> {
        (0..count as u64)
            .map(|i| usize::try_from(i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20).unwrap_or_default())
            .map(|i| i % self.size + 1)
            .collect()
    }
}
