use std::collections::HashMap;

use prost::Message;
use rlibphonenumber::{PhoneMetadataCollection, PhoneNumberType};

use super::*;

/// The kinds of numbers that countries tell apart.
const KINDS: [PhoneNumberType; 11] = [
    PhoneNumberType::FixedLine,
    PhoneNumberType::Mobile,
    PhoneNumberType::FixedLineOrMobile,
    PhoneNumberType::TollFree,
    PhoneNumberType::PremiumRate,
    PhoneNumberType::SharedCost,
    PhoneNumberType::VoIP,
    PhoneNumberType::PersonalNumber,
    PhoneNumberType::Pager,
    PhoneNumberType::UAN,
    PhoneNumberType::VoiceMail,
];

/// What is said of a text: the number, where it belongs, and whether it is possible.
fn said(util: &PhoneNumberUtil, text: &str, region: Option<rlibphonenumber::Region>) -> String {
    let Ok(number) = util.parse(text, region) else { return "no number".to_owned() };
    format!(
        "{number:?} {:?} {:?}",
        util.get_region_for_number(&number),
        util.is_possible_number_with_reason(&number),
    )
}

#[test]
#[cfg(feature = "phone-details")]
fn numbers_of_every_kind_and_country_are_the_same() {
    let (ours, whole) = (read(), PhoneNumberUtil::new().unwrap());
    let mut compared = 0;
    let mut check = |text: &str, region| {
        assert_eq!(said(&ours, text, region), said(&whole, text, region), "{text} {region:?}");
        compared += 1;
    };
    for region in whole.get_supported_regions() {
        for kind in KINDS {
            let Ok(number) = whole.get_example_number_for_type_and_region(region, kind) else { continue };
            let digits = number.national_number.to_string();
            let international = format!("+{}{digits}", number.country_code);
            check(&international, None);
            // As it is dialled, too short, too long, with another beginning, and as its neighbours.
            for text in [&digits, &format!("0{digits}"), &format!("{digits}7"), &digits[1..]] {
                check(text, Some(region));
            }
            for digit in 0..10 {
                check(&format!("{}{digit}", &international[..international.len() - 1]), None);
                check(&format!("+{}{digit}{}", number.country_code, &digits[1..]), None);
            }
        }
    }
    for code in whole.get_supported_global_network_calling_codes() {
        for digits in ["12345678", "123456789", "1234567890"] {
            check(&format!("+{code}{digits}"), None);
        }
    }
    assert!(compared > 20_000, "{compared}");
}

#[test]
#[ignore = "writes the file"]
#[allow(deprecated, reason = "the crate means those who take its wrapper for the data, which this is")]
fn write() {
    let file = std::env::var("CRM_PHONE_METADATA").expect("the file of the crate");
    let mut plans = PhoneMetadataCollection::decode(&*std::fs::read(file).unwrap()).unwrap();
    let mut regions: HashMap<Option<i32>, usize> = HashMap::new();
    for plan in &plans.metadata {
        *regions.entry(plan.country_code).or_default() += 1;
    }
    for plan in &mut plans.metadata {
        plan.number_format.clear();
        plan.intl_number_format.clear();
        // Only the crates for short numbers and for dialling ask for these.
        for unused in [
            &mut plan.emergency,
            &mut plan.short_code,
            &mut plan.standard_rate,
            &mut plan.carrier_specific,
            &mut plan.sms_services,
            &mut plan.no_international_dialling,
        ] {
            *unused = None;
        }
        let kinds = [
            &mut plan.fixed_line,
            &mut plan.mobile,
            &mut plan.toll_free,
            &mut plan.premium_rate,
            &mut plan.shared_cost,
            &mut plan.personal_number,
            &mut plan.voip,
            &mut plan.pager,
            &mut plan.uan,
            &mut plan.voicemail,
        ];
        for kind in kinds {
            match kind {
                Some(kind) if regions[&plan.country_code] > 1 => kind.example_number = None,
                _ => *kind = None,
            }
        }
        if let Some(general) = &mut plan.general_desc {
            general.example_number = None;
        }
    }
    let bytes = miniz_oxide::deflate::compress_to_vec(&plans.encode_to_vec(), 10);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ground/phone_plans.bin");
    std::fs::write(path, bytes).unwrap();
}
