//! Tokens that somebody is told once: random, and kept as a hash only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::values::sha256;
use crate::ground::random::Random;

/// A fresh token: 256 random bits as 43 characters of BASE64 for URLs.
pub(crate) fn fresh(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The hash under which a token is stored and looked up, so that neither the time that it takes nor the database tells
/// anything of tokens that are open. A token is random to 256 bits, so its hash needs no key.
pub(crate) fn hash(token: &str) -> String {
    sha256(token.trim().as_bytes())
}
