//! The derive macro of crm-core.
