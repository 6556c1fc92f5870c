//! What personal data are about, in a short list.
//!
//! The categories are those of the extension DPV-PD of the Data Privacy Vocabulary, with the kinds of Article 9(1) and
//! Article 10 GDPR one by one, so that a policy can tell health from belief.

use super::descriptor::DataClass;
use super::select::select;

select! {
    /// What a personal field is about. The categories from [`SpecialCategory`](Self::SpecialCategory) on are special ones.
    pub enum DataCategory {
        /// Personal, and no more was said (dpv:PersonalData).
        #[default]
        General = "general",
        /// Who somebody is: names, numbers of documents (dpv-pd:Identifying).
        Identity = "identity",
        /// How somebody is reached: addresses, telephone numbers, profiles (dpv-pd:Contact).
        Contact = "contact",
        /// Age, language, household, the forms of address (dpv-pd:Demographic).
        Demographic = "demographic",
        /// Work: title, department, role (dpv-pd:Professional).
        Professional = "professional",
        /// Money: accounts, income, credit (dpv-pd:Financial).
        Financial = "financial",
        /// What somebody did: purchases, visits, attendance (dpv-pd:Behavioral).
        Behavioural = "behavioural",
        /// What was said or written, and notes about it (dpv-pd:Communication).
        Communication = "communication",
        /// Where somebody is or lives (dpv-pd:Location).
        Location = "location",
        /// What somebody likes or wants (dpv-pd:Preference).
        Preference = "preference",
        /// Devices, identifiers of programs, files (dpv-pd:DeviceBased).
        Technical = "technical",
        /// A special category, and no more was said (dpv:SpecialCategoryPersonalData; GDPR 9(1)).
        SpecialCategory = "special_category",
        /// Health (GDPR 9(1), 4(15); dpv-pd:Health).
        Health = "health",
        /// Religious or philosophical belief (GDPR 9(1); dpv-pd:Religion).
        Belief = "belief",
        /// Political opinion (GDPR 9(1); dpv-pd:PoliticalAffiliation).
        PoliticalOpinion = "political_opinion",
        /// Racial or ethnic origin (GDPR 9(1); dpv-pd:EthnicOrigin).
        EthnicOrigin = "ethnic_origin",
        /// Membership of a trade union (GDPR 9(1); dpv-pd:TradeUnionMembership).
        TradeUnion = "trade_union",
        /// Sex life or sexual orientation (GDPR 9(1); dpv-pd:Sexual).
        Sexuality = "sexuality",
        /// Genetic data (GDPR 9(1), 4(13); dpv-pd:Genetic).
        Genetic = "genetic",
        /// Biometric data that identify somebody (GDPR 9(1), 4(14); dpv-pd:Biometric).
        Biometric = "biometric",
        /// Convictions and offences (GDPR 10; dpv-pd:CriminalOffense).
        CriminalOffence = "criminal_offence",
    }
}

impl DataCategory {
    /// Whether it is a special category (GDPR Article 9(1)), or of convictions and offences (Article 10).
    pub const fn is_special(self) -> bool {
        self as u8 >= Self::SpecialCategory as u8
    }

    /// How personal a field of the category is at least.
    pub const fn class(self) -> DataClass {
        if self.is_special() { DataClass::Special } else { DataClass::Personal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_categories_are_those_of_articles_9_and_10() {
        let special: Vec<&str> =
            DataCategory::ALL.iter().filter(|category| category.is_special()).map(|c| c.key()).collect();
        let expected = [
            "special_category",
            "health",
            "belief",
            "political_opinion",
            "ethnic_origin",
            "trade_union",
            "sexuality",
            "genetic",
            "biometric",
            "criminal_offence",
        ];
        assert_eq!(special, expected);
    }
}
