//! The unit of work: the one door for writes.

/// A unit of work.
pub struct UnitOfWork<'a>(std::marker::PhantomData<&'a ()>);

/// A change.
pub struct Change;
