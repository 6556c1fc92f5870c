//! What people were told.

use super::ids::PrivacyNoticeId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::NoticeKind;
use crate::record::{Meta, Record};

/// One version of a notice in one language. A consent names it with the hash of its text, so the text stays as people
/// read it: another text is another version (GDPR Article 7(1); ISO/IEC 29184).
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "privacy_notice",
    plural = "privacy_notices",
    id = PrivacyNoticeId,
    sort_key("key", "notice_version"),
    index("key", "language"),
    rules = super::notice_rules::NoticeRules
)]
pub struct PrivacyNotice {
    /// What every record has.
    pub meta: Meta,
    /// The stable key of the notice, the same in all languages and versions, for example `newsletter_form`.
    #[field(max = 100)]
    pub key: String,
    /// What it tells about.
    #[field(default = NoticeKind::Privacy)]
    pub kind: NoticeKind,
    /// The language, a BCP 47 tag such as `de` or `pt-BR`.
    #[field(max = 35)]
    pub language: String,
    /// The version, for example `2026-11`. A key has each version once in each language.
    #[field(max = 50)]
    pub notice_version: String,
    /// The text, exactly as it was shown.
    #[field(long, search = body)]
    pub text: String,
    /// Where it is published.
    #[field(url)]
    pub url: Option<String>,
    /// Since when it is shown.
    pub effective_from: Option<Timestamp>,
    /// Until when it was shown.
    pub effective_to: Option<Timestamp>,
    /// SHA-256 of the text in UTF-8, as 64 hexadecimal digits.
    #[field(read_only, indexed, max = 64)]
    pub content_hash: Option<String>,
}
