//! What calls give.

use std::fmt;
use std::marker::PhantomData;

use ::uniffi::{Lift, Lower, LowerReturn, MetadataBuffer, RustBuffer, RustCallError, TypeId};

use super::{Form, Shape};
use crate::UniFfiTag;
use crate::uniffi::bridge::JsonText;

/// A value that is laid out for UniFFI already. The other language sees a `T`: what carries it there is the same buffer
/// that a `T` would be written into.
pub struct Lowered<T> {
    buffer: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T: Lift<UniFfiTag>> Lowered<T> {
    /// The value, for Rust. `None` when the buffer is not as the type says, which is a defect.
    pub fn lift(&self) -> Option<T> {
        let mut rest = self.buffer.as_slice();
        let value = T::try_read(&mut rest).ok()?;
        rest.is_empty().then_some(value)
    }
}

// What is in it may be personal.
impl<T> fmt::Debug for Lowered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lowered").finish_non_exhaustive()
    }
}

impl<T: TypeId<UniFfiTag>> TypeId<UniFfiTag> for Lowered<T> {
    const TYPE_ID_META: MetadataBuffer = T::TYPE_ID_META;
}

// SAFETY: the buffer comes from a vector, as that which `T` is lowered into, and the caller gets it whole.
unsafe impl<T: Lower<UniFfiTag, FfiType = RustBuffer>> LowerReturn<UniFfiTag> for Lowered<T> {
    type ReturnType = RustBuffer;

    fn lower_return(value: Self) -> Result<RustBuffer, RustCallError> {
        Ok(RustBuffer::from_vec(value.buffer))
    }
}

/// What a typed call may give.
pub(crate) trait Outcome: Sized {
    /// How it is laid out in a buffer.
    const SHAPE: &'static Shape;

    /// The outcome from its buffer; `None` when the buffer is not as the shape says.
    fn of(buffer: Vec<u8>) -> Option<Self>;
}

impl<T: Form> Outcome for Lowered<T> {
    const SHAPE: &'static Shape = T::SHAPE;

    fn of(buffer: Vec<u8>) -> Option<Self> {
        Some(Self { buffer, of: PhantomData })
    }
}

/// Nothing, which is null in JSON.
impl Outcome for () {
    const SHAPE: &'static Shape = &Shape::Optional(&Shape::Json);

    fn of(_: Vec<u8>) -> Option<Self> {
        Some(())
    }
}

/// What UniFFI passes by itself and not in a buffer of this layout.
macro_rules! plain {
    ($($plain:ty)+) => {$(
        impl Outcome for $plain {
            const SHAPE: &'static Shape = <$plain as Form>::SHAPE;

            fn of(buffer: Vec<u8>) -> Option<Self> {
                <Self as Lift<UniFfiTag>>::try_read(&mut buffer.as_slice()).ok()
            }
        }
    )+};
}

plain!(bool i32 i64 u32 u64 f64 String JsonText);
