//! E-mail addresses: what people paste, read by the rules of RFC 5321, 5322, 6531 and 6068.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::error::{CrmError, Result};

/// An e-mail address with the name that came with it.
///
/// ```
/// use crm_core::EmailAddress;
/// let email = EmailAddress::parse("\"García, José\" <J.Garcia@Bücher.example>")?;
/// assert_eq!(email.display_name.as_deref(), Some("García, José"));
/// assert_eq!(email.address, "J.Garcia@xn--bcher-kva.example");
/// assert_eq!(email.normal, "j.garcia@xn--bcher-kva.example");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress {
    /// The name before `<…>`, or in a comment after a bare address.
    pub display_name: Option<String>,
    /// The address to send to: local part as written, domain in lower case and ASCII (IDNA).
    pub address: String,
    /// The form to compare by: like `address`, with the local part in lower case too. Mail servers may tell
    /// `Anna@` from `anna@`, but none that people use does.
    pub normal: String,
}

/// The longest local part, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// The longest address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const ADDRESS_MAX: usize = 254;
/// The longest input that is looked at, in bytes: an address with a name.
const INPUT_MAX: usize = 1000;

impl EmailAddress {
    /// Reads `a@b.example`, `Name <a@b.example>`, `"Name, Quoted" <a@b.example>`, `a@b.example (Name)` or
    /// `mailto:a@b.example`. Space around it and a comma or semicolon after it do not matter.
    ///
    /// # Errors
    /// `email.empty`, `email.no_at`, `email.local`, `email.domain`, `email.too_long`, `email.syntax` (quotes,
    /// brackets), `email.several` (more than one address), `email.control_character`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim().trim_end_matches([',', ';', ' ']);
        if text.is_empty() {
            return Err(CrmError::invalid("email.empty", "is empty"));
        }
        if text.len() > INPUT_MAX {
            return Err(too_long());
        }
        if text.bytes().all(is_plain) && !has_scheme(text) {
            return address_only(text, None);
        }
        if text.chars().any(char::is_control) {
            return Err(CrmError::invalid("email.control_character", "holds a control character"));
        }
        let parts = split_parts(text)?;
        let (address, mut name) = match parts.angle {
            Some(address) => (address, parts.outside),
            None => (parts.outside, String::new()),
        };
        if name.trim().is_empty() {
            name = parts.comment;
        }
        let name = clean_name(&name);
        let address = without_scheme(address.trim())?;
        address_only(&address, (!name.is_empty()).then_some(name))
    }

    /// The domain in lower case and ASCII.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The part before the `@`, as written.
    pub fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The domain as people read it: `bücher.example`.
    pub fn domain_for_display(&self) -> String {
        idna::domain_to_unicode(self.domain()).0
    }
}

/// What an input consists of, without its comments.
#[derive(Default)]
struct Parts {
    outside: String,
    angle: Option<String>,
    comment: String,
}

/// Takes the input apart: comments in round brackets, the address in angle brackets, the rest.
fn split_parts(text: &str) -> Result<Parts> {
    let syntax = |reason: &str| CrmError::invalid("email.syntax", reason);
    let mut parts = Parts::default();
    let (mut in_angle, mut depth) = (false, 0_u32);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if depth > 0 {
            depth = match c {
                '(' => depth + 1,
                ')' => depth - 1,
                _ => depth,
            };
            if depth > 0 {
                parts.comment.push(c);
            }
            continue;
        }
        match c {
            '(' => depth = 1,
            '<' if in_angle => return Err(syntax("has two opening angle brackets")),
            '<' if parts.angle.is_some() => return Err(several()),
            '<' => {
                in_angle = true;
                parts.angle = Some(String::new());
            }
            '>' if in_angle => in_angle = false,
            '>' => return Err(syntax("has a closing angle bracket without an opening one")),
            _ => {
                let out = match &mut parts.angle {
                    Some(angle) if in_angle => angle,
                    Some(_) if c.is_whitespace() => continue,
                    Some(_) if matches!(c, ',' | ';') => return Err(several()),
                    Some(_) => return Err(syntax("has text after the address")),
                    None => &mut parts.outside,
                };
                out.push(c);
                if c == '"' {
                    copy_quoted(&mut characters, out)?;
                }
            }
        }
    }
    if depth > 0 || in_angle {
        return Err(syntax("has a bracket that is not closed"));
    }
    Ok(parts)
}

fn several() -> CrmError {
    CrmError::invalid("email.several", "holds more than one address")
}

fn too_long() -> CrmError {
    CrmError::invalid("email.too_long", "is longer than 64 bytes before the @ or 254 in all")
}

/// Copies the rest of a quoted string with its closing quote; backslashes stay.
fn copy_quoted(characters: &mut std::str::Chars<'_>, out: &mut String) -> Result<()> {
    while let Some(c) = characters.next() {
        out.push(c);
        match c {
            '"' => return Ok(()),
            '\\' => out.extend(characters.next()),
            _ => {}
        }
    }
    Err(CrmError::invalid("email.syntax", "has a quote that is not closed"))
}

/// The name without quotes, backslashes and double spaces, in NFC.
fn clean_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.trim().nfc();
    while let Some(c) = characters.next() {
        match c {
            '"' => {}
            '\\' => plain.extend(characters.next()),
            c => plain.push(c),
        }
    }
    let words: Vec<_> = plain.split_whitespace().collect();
    let joined = words.join(" ");
    // Outlook writes 'Name' in single quotes as well.
    joined.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).map_or(joined.clone(), str::to_owned)
}

fn has_scheme(text: &str) -> bool {
    text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"))
}

/// The address of a `mailto:` link: without the scheme and the headers, percent signs decoded.
fn without_scheme(text: &str) -> Result<Cow<'_, str>> {
    if !has_scheme(text) {
        return Ok(Cow::Borrowed(text));
    }
    let syntax = || CrmError::invalid("email.syntax", "is not a well-formed mailto link");
    let path = text.get(7..).and_then(|rest| rest.split('?').next()).unwrap_or_default();
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(syntax);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| syntax())?);
    }
    let decoded = String::from_utf8(bytes).map_err(|_| syntax())?;
    if decoded.chars().any(char::is_control) {
        return Err(CrmError::invalid("email.control_character", "holds a control character"));
    }
    Ok(Cow::Owned(decoded.trim().to_owned()))
}

fn address_only(text: &str, display_name: Option<String>) -> Result<EmailAddress> {
    let (local, domain) =
        text.rsplit_once('@').ok_or_else(|| CrmError::invalid("email.no_at", "has no @"))?;
    let (local, domain) = (local.trim_end(), domain.trim_start());
    if text.contains([',', ';']) && !local.starts_with('"') {
        return Err(several());
    }
    let local = local_part(local)?;
    let domain = ascii_domain(domain)?;
    let mut address = String::with_capacity(local.len() + 1 + domain.len());
    address.push_str(&local);
    address.push('@');
    address.push_str(&domain);
    if address.len() > ADDRESS_MAX {
        return Err(too_long());
    }
    let normal = comparison_form(&address);
    Ok(EmailAddress { display_name, address, normal })
}

/// The form to compare by of an [address](EmailAddress::address) that was read before.
pub(crate) fn comparison_form(address: &str) -> String {
    if address.is_ascii() {
        return address.to_ascii_lowercase();
    }
    // Lower-casing can decompose a letter, so the normal form is made last.
    address.to_lowercase().nfc().collect()
}

/// The local part in NFC, without quotes that it does not need.
fn local_part(text: &str) -> Result<Cow<'_, str>> {
    let invalid = |reason: &str| CrmError::invalid("email.local", reason);
    let local: Cow<'_, str> =
        if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() };
    if local.is_empty() {
        return Err(invalid("has nothing before the @"));
    }
    if local.len() > LOCAL_MAX {
        return Err(too_long());
    }
    if let Some(quoted) = local.strip_prefix('"') {
        let quoted = quoted.strip_suffix('"').ok_or_else(|| invalid("has a quote that is not closed"))?;
        let mut content = String::with_capacity(quoted.len());
        let mut characters = quoted.chars();
        while let Some(c) = characters.next() {
            match c {
                '"' => return Err(invalid("has a quote inside quotes")),
                '\\' => content.push(characters.next().ok_or_else(|| invalid("ends with a backslash"))?),
                c => content.push(c),
            }
        }
        if content.is_empty() {
            return Err(invalid("has nothing before the @"));
        }
        return Ok(if dot_atom(&content).is_ok() {
            content.into()
        } else {
            local.clone().into_owned().into()
        });
    }
    dot_atom(&local).map_err(invalid)?;
    Ok(local)
}

/// Checks an unquoted local part: words of allowed characters between single dots.
fn dot_atom(local: &str) -> std::result::Result<(), &'static str> {
    let mut previous = '.';
    for c in local.chars() {
        if c == '.' && previous == '.' {
            return Err("has a dot at the start or two dots in a row before the @");
        }
        let allowed = if c.is_ascii() {
            c == '.' || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
        } else {
            !c.is_whitespace() && !c.is_control()
        };
        if !allowed {
            return Err("has a character before the @ that is not allowed there");
        }
        previous = c;
    }
    if previous == '.' { Err("has a dot before the @") } else { Ok(()) }
}

/// The domain in lower case and ASCII.
fn ascii_domain(text: &str) -> Result<Cow<'_, str>> {
    let invalid = |reason: &str| CrmError::invalid("email.domain", reason);
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err(invalid("has nothing after the @"));
    }
    if text.starts_with('[') {
        return Err(invalid("has a network address after the @ in place of a domain name"));
    }
    // Most domains are plain ASCII, and those do not need the tables of IDNA.
    let has_prefix = || text.as_bytes().windows(2).any(|pair| pair == b"--") && may_be_encoded(text);
    let domain: Cow<'_, str> = if !text.is_ascii() || has_prefix() {
        idna::domain_to_ascii_strict(text)
            .map_err(|_| invalid("has a domain that is not a valid international domain name"))?
            .into()
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().into()
    } else {
        text.into()
    };
    if domain.len() > 253 {
        return Err(too_long());
    }
    let mut labels = 0;
    let mut last = "";
    for label in domain.split('.') {
        let fits = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        if !fits || !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(invalid("has a domain with an empty, too long or malformed part"));
        }
        labels += 1;
        last = label;
    }
    if labels < 2 || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid("has a domain without a top-level domain"));
    }
    Ok(domain)
}

/// Whether a part of the domain has the prefix of an encoded international name.
fn may_be_encoded(domain: &str) -> bool {
    domain.split('.').any(|label| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
}

/// The bytes of an address without quotes, comments, brackets and spaces.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'(' | b')' | b'<' | b'>' | b'\\')
}

#[cfg(test)]
#[path = "email_tests.rs"]
mod tests;
