//! Web addresses.

use crate::error::{CrmError, Result};

/// The stored form of a web address: with a scheme, scheme and host in lower case.
///
/// # Errors
/// `url.scheme` for anything but http and https; `url.invalid` for a missing host or spaces.
///
/// ```
/// use crm_core::ground::url::normalise;
/// assert_eq!(normalise("WWW.Example.com/Path")?, "https://www.example.com/Path");
/// assert!(normalise("javascript:alert(1)").is_err());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn normalise(text: &str) -> Result<String> {
    let invalid = |reason: &str| CrmError::invalid("url.invalid", reason);
    let text = text.trim();
    if text.chars().any(char::is_whitespace) {
        return Err(invalid("holds a space"));
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None if has_scheme(text) => return Err(scheme_error()),
        None => ("https".to_owned(), text.trim_start_matches("//")),
    };
    if scheme != "http" && scheme != "https" {
        return Err(scheme_error());
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if authority.contains('@') {
        return Err(invalid("holds a user name"));
    }
    if host.is_empty()
        || host.starts_with('.')
        || host.contains("..")
        || !host.contains(['.', ':']) && host != "localhost"
    {
        return Err(invalid("has no host"));
    }
    Ok(format!("{scheme}://{}{path}", host.to_lowercase()))
}

fn scheme_error() -> CrmError {
    CrmError::invalid("url.scheme", "takes http and https only")
}

/// Whether a text without `://` starts with a scheme all the same; `host:8080` does not.
fn has_scheme(text: &str) -> bool {
    let Some((head, rest)) = text.split_once(':') else { return false };
    let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    !is_port && head.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
