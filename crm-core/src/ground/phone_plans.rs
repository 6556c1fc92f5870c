//! The numbering plans of all countries without what only formats and examples ask for.
//!
//! `phone_plans.bin` is the data of libphonenumber as its crate has it (a `PhoneMetadataCollection` of protocol buffers), two
//! fifths shorter and compressed (raw DEFLATE). The tests compare what both say of numbers of every kind and country. After
//! an update of the crate `rlibphonenumber`,
//! `CRM_PHONE_METADATA=…/src/generated/metadata/metadata.bin cargo test -p crm-core --lib phone_plans -- --ignored`
//! writes the file anew from the file of that name in the sources of the crate.

use miniz_oxide::inflate::decompress_to_vec;
use prost::Message;
use rlibphonenumber::{PhoneMetadataCollection, PhoneNumberUtil};

/// What is known of numbers.
pub(super) fn read() -> PhoneNumberUtil {
    let bytes =
        decompress_to_vec(include_bytes!("phone_plans.bin")).expect("the tests inflate the same file");
    let plans = PhoneMetadataCollection::decode(&*bytes).expect("the tests read the same file");
    PhoneNumberUtil::new_for_metadata(plans).expect("the tests know the same countries")
}

#[cfg(test)]
mod tests;
