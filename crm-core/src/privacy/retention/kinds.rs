//! The words of retention.

use crate::record::select::select;

select! {
    /// What is done with a record whose time is over.
    pub enum RetentionAction {
        /// Somebody looks at it.
        #[default]
        Review = "review",
        /// It stays without its personal values, so that reports do not change.
        Anonymise = "anonymise",
        /// It is destroyed. A person is erased with everything about them.
        Erase = "erase",
    }

    /// What a statute calls a record, where it says how long such records are kept.
    pub enum StatutoryClass {
        /// Trading books, inventories, annual accounts.
        Book = "book",
        /// Invoices, received and sent.
        Invoice = "invoice",
        /// Vouchers for entries in the books.
        Voucher = "voucher",
        /// Business letters, received and sent.
        #[default]
        Letter = "letter",
        /// The proof that somebody consented to advertising calls.
        CallConsent = "call_consent",
        /// That somebody does not want to be called.
        DoNotCall = "do_not_call",
        /// Requests of data subjects and how they were answered.
        RightsRequest = "rights_request",
    }
}
