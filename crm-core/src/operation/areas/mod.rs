//! The operations of single areas.

pub(super) mod activity;
pub(super) mod attachments;
pub(super) mod contacts;
pub(super) mod customize;
pub(super) mod interchange;
pub(super) mod journal;
pub(super) mod privacy;
pub(super) mod sales;
pub(super) mod search;
pub(super) mod service;
pub(super) mod system;
