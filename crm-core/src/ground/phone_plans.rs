//! The numbering plans of all countries: as much of them as reading a number asks for.
//!
//! `phone_plans.bin` is a quarter of the data of libphonenumber, in the form that its crate has it in (a
//! `PhoneMetadataCollection` of protocol buffers), compressed (raw DEFLATE). Left out are formats, examples, and which
//! numbers are for what: the kinds stay only where several countries share a calling code, since these are told apart by
//! them. The tests compare what both say of numbers of every kind and country. After an update of the crate
//! `rlibphonenumber`,
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
