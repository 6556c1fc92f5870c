//! Where time, randomness and the place of a panic come from and go to: the JavaScript host.

use crm_core::{Clock, CrmError, Result, SeededRandom, Timestamp};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_random(buffer: &mut [u8]) -> std::result::Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn print_error(text: &str);
}

/// The clock of the host, which counts milliseconds.
pub(crate) struct HostClock;

impl Clock for HostClock {
    fn now(&self) -> Timestamp {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "dates of JavaScript end within 54 bits of milliseconds"
        )]
        let milliseconds = js_sys::Date::now() as i64;
        Timestamp::from_micros(milliseconds.saturating_mul(1_000))
    }
}

/// A key stream under a seed of the host's.
pub(crate) fn host_random() -> Result<SeededRandom> {
    let mut seed = [0; 32];
    fill_random(&mut seed).map_err(|_| CrmError::internal("the host gives no randomness"))?;
    Ok(SeededRandom::new(seed))
}

/// Prints where a panic happened before the instance ends. Not what it said: that may hold a value of a record.
#[wasm_bindgen(start)]
pub(crate) fn print_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            print_error(&format!("crm-core: a defect at {}:{}", place.file(), place.line()));
        }
    }));
}
