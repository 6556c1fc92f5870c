//! How operations are listed.

/// Lists operations, each as a function from a typed input to a typed output:
///
/// ```text
/// operations! {
///     /// Moves a deal to another stage.
///     command "deal.move_to" (context, input {
///         /// The deal.
///         deal: DealId,
///         /// How many, at most.
///         limit: u32 = 50,
///     }) -> Deal ["stage.requirements"] {
///         context.deals().move_to(input.deal, input.stage)
///     }
/// }
/// ```
///
/// An operation that every record type has names the type, `(context of record_type, …)`, and may take a whole record as
/// its input: `(context of record_type, record: AnyRecord)`.
///
/// A member of type `Option` may be left out, one with `=` has a default, one with `as` is read by a function of
/// [`input`](super::input). `command(Administer)` asks for a permission
/// other than the usual one.
macro_rules! operations {
    ($(
        $(#[doc = $documentation:literal])+
        $kind:ident $(($permission:ident))? $name:literal $takes:tt -> $output:ty [$($error:literal),* $(,)?] $body:block
    )+) => {
        pub(in $crate::operation) const OPERATIONS: &[$crate::operation::Operation] = &[$(
            $crate::operation::Operation {
                name: $name,
                kind: $crate::operation::declare::kind!($kind),
                permission: $crate::operation::declare::permission!($kind $($permission)?),
                since: "0.1.0",
                stability: $crate::operation::Stability::Stable,
                documentation: if cfg!(feature = "documentation") { concat!($($documentation, "\n"),+) } else { "" },
                errors: if cfg!(feature = "documentation") { &[$($error),*] } else { &[] },
                of_records: $crate::operation::declare::of_records!($takes),
                call: $crate::operation::declare::call!($takes -> $output, $body),
                #[cfg(feature = "schema")]
                input: $crate::operation::declare::input!($takes),
                #[cfg(feature = "schema")]
                output: |generator| generator.subschema_for::<$output>(),
            }
        ),+];
    };
}

/// Whether an operation names the record type that it is for.
macro_rules! of_records {
    (($context:ident of $($rest:tt)+)) => {
        true
    };
    ($takes:tt) => {
        false
    };
}

/// The function that reads the input, runs the operation and writes the output.
macro_rules! call {
    (($context:ident $(of $record_type:ident)?, $input:ident {
        $($(#[doc = $documentation:literal])+ $member:ident: $member_type:ty $(as $reader:ident)? $(= $default:expr)?),* $(,)?
    }) -> $output:ty, $body:block) => {{
        struct Input {
            $($member: $member_type),*
        }

        #[allow(unused_mut, reason = "some operations take no input")]
        fn read(mut members: $crate::operation::input::Members) -> $crate::Result<Input> {
            let input = Input {
                $($member: $crate::operation::declare::take!(members, $member $(as $reader)? $(= $default)?)),*
            };
            $crate::operation::input::finish(&members)?;
            Ok(input)
        }

        $crate::operation::declare::call!(@run $context $($record_type)?, $input: Input = read, $output, $body)
    }};
    (($context:ident of $record_type:ident, $input:ident: $input_type:ty) -> $output:ty, $body:block) => {
        $crate::operation::declare::call!(
            @run $context $record_type, $input: $input_type = $crate::operation::input::whole, $output, $body
        )
    };
    (@run $context:ident $($record_type:ident)?, $input:ident: $input_type:ty = $read:expr, $output:ty, $body:block) => {{
        #[allow(unused_variables, clippy::unnecessary_wraps, reason = "some operations take no input, or cannot fail")]
        fn run(
            $context: &$crate::operation::Context<'_>,
            $($record_type: &str,)?
            $input: $input_type,
        ) -> $crate::Result<$output> $body

        |context, record_type, members, sink| {
            let output = $crate::operation::declare::run!(context, $($record_type)? record_type, $read(members)?)?;
            $crate::operation::output::written(&output, sink)
        }
    }};
}

/// Runs an operation, with the record type if it asks for it.
macro_rules! run {
    ($context:ident, $asks:ident $record_type:ident, $input:expr) => {
        run($context, $record_type, $input)
    };
    ($context:ident, $record_type:ident, $input:expr) => {{
        let _ = $record_type;
        run($context, $input)
    }};
}

/// What describes an input in the schema.
#[cfg(feature = "schema")]
macro_rules! input {
    (($context:ident $(of $record_type:ident)?, $input:ident {
        $($(#[doc = $documentation:literal])+ $member:ident: $member_type:ty $(as $reader:ident)? $(= $default:expr)?),* $(,)?
    })) => {
        |generator| $crate::operation::schema::input_schema(generator, &[$(
            $crate::operation::schema::Member {
                name: stringify!($member),
                documentation: concat!($($documentation, "\n"),+),
                default: $crate::operation::declare::default!($member_type $(, $default)?),
                schema: |generator| generator.subschema_for::<$member_type>(),
            }
        ),*])
    };
    (($context:ident of $record_type:ident, $input:ident: $input_type:ty)) => {
        |generator| generator.subschema_for::<$input_type>()
    };
}

/// One member of an input.
macro_rules! take {
    ($members:ident, $member:ident) => {
        $crate::operation::input::take(&mut $members, stringify!($member))?
    };
    ($members:ident, $member:ident as $reader:ident) => {
        $crate::operation::input::$reader(&mut $members, stringify!($member))?
    };
    ($members:ident, $member:ident = $default:expr) => {
        match $crate::operation::input::take(&mut $members, stringify!($member))? {
            Some(value) => value,
            None => $default,
        }
    };
}

/// The default of a member, for the schema.
#[cfg(feature = "schema")]
macro_rules! default {
    ($member_type:ty) => {
        None
    };
    ($member_type:ty, $default:expr) => {
        Some(|| {
            let default: $member_type = $default;
            serde_json::to_value(default).ok()
        })
    };
}

/// The kind by its word.
macro_rules! kind {
    (query) => {
        $crate::operation::Kind::Query
    };
    (command) => {
        $crate::operation::Kind::Command
    };
}

/// The permission that is named, or the usual one of the kind.
macro_rules! permission {
    (query) => {
        $crate::operation::Permission::Read
    };
    (command) => {
        $crate::operation::Permission::Write
    };
    ($kind:ident $permission:ident) => {
        $crate::operation::Permission::$permission
    };
}

pub(super) use {call, kind, of_records, operations, permission, run, take};
#[cfg(feature = "schema")]
pub(super) use {default, input};
