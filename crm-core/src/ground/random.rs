//! The randomness port: identifiers, keys and nonces come from here and from nowhere else.

use std::sync::Mutex;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{AeadInOut, Nonce},
};
use zeroize::Zeroizing;

/// Where the engine takes random bytes from. They must be fit for cryptographic keys.
pub trait Random: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// A key stream of ChaCha20 under a seed: fast, and fit for keys when the seed is.
///
/// Every block of output replaces the key first, so a later look at the memory does not tell earlier output.
///
/// ```
/// use crm_core::{Random, SeededRandom};
/// let (a, b) = (SeededRandom::new([7; 32]), SeededRandom::new([7; 32]));
/// let (mut x, mut y) = ([0; 16], [0; 16]);
/// a.fill(&mut x);
/// b.fill(&mut y);
/// assert_eq!(x, y);
/// ```
pub struct SeededRandom(Mutex<Stream>);

struct Stream {
    key: Zeroizing<[u8; 32]>,
    buffer: Zeroizing<[u8; BUFFER]>,
    used: usize,
}

const BUFFER: usize = 1024;

impl SeededRandom {
    /// A stream under this seed. The same seed gives the same bytes: use a fixed one in tests only.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(Mutex::new(Stream {
            key: Zeroizing::new(seed),
            buffer: Zeroizing::new([0; BUFFER]),
            used: BUFFER,
        }))
    }

    /// A stream seeded by the operating system. Not available on wasm32, where the host passes a seed.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal) when the operating system gives no randomness.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn from_system() -> crate::error::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|_| crate::error::CrmError::internal("the operating system gives no randomness"))?;
        Ok(Self::new(seed))
    }
}

impl Stream {
    fn refill(&mut self) {
        self.buffer.fill(0);
        // The cipher over zeros is its key stream; the key changes each time, so a fixed nonce never repeats.
        let cipher = XChaCha20Poly1305::new((&*self.key).into());
        cipher
            .encrypt_inout_detached(
                &Nonce::<XChaCha20Poly1305>::default(),
                &[],
                (&mut self.buffer[..]).into(),
            )
            .expect("the buffer is far below the cipher's limit");
        self.key.copy_from_slice(&self.buffer[..32]);
        self.buffer[..32].fill(0);
        self.used = 32;
    }
}

impl Random for SeededRandom {
    fn fill(&self, mut out: &mut [u8]) {
        let mut stream = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while !out.is_empty() {
            if stream.used == BUFFER {
                stream.refill();
            }
            let take = out.len().min(BUFFER - stream.used);
            let (head, rest) = out.split_at_mut(take);
            let from = stream.used;
            head.copy_from_slice(&stream.buffer[from..from + take]);
            stream.buffer[from..from + take].fill(0);
            stream.used += take;
            out = rest;
        }
    }
}
