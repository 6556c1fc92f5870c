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
/// A member of type `Option` may be left out, one with `=` has a default, one with `as` is read by a function of
/// [`input`](super::input). `command(Administer)` asks for a permission
/// other than the usual one.
macro_rules! operations {
    ($(
        $(#[doc = $documentation:literal])+
        $kind:ident $(($permission:ident))? $name:literal ($context:ident, $input:ident {
            $($(#[doc = $member_documentation:literal])+ $member:ident: $member_type:ty $(as $reader:ident)? $(= $default:expr)?),* $(,)?
        }) -> $output:ty [$($error:literal),* $(,)?] $body:block
    )+) => {
        pub(in $crate::operation) const OPERATIONS: &[$crate::operation::Operation] = &[$(
            $crate::operation::Operation {
                name: $name,
                kind: $crate::operation::declare::kind!($kind),
                permission: $crate::operation::declare::permission!($kind $($permission)?),
                since: "0.1.0",
                stability: $crate::operation::Stability::Stable,
                documentation: concat!($($documentation, "\n"),+),
                errors: &[$($error),*],
                run: $crate::operation::table::Run::Plain({
                    struct Input {
                        $($member: $member_type),*
                    }

                    #[allow(unused_variables, clippy::unnecessary_wraps, reason = "some operations take no input, or cannot fail")]
                    fn run($context: &$crate::operation::Context<'_>, $input: Input) -> $crate::Result<$output> $body

                    #[allow(unused_mut, reason = "some operations take no input")]
                    fn call(
                        context: &$crate::operation::Context<'_>,
                        mut members: $crate::operation::context::Members,
                    ) -> $crate::Result<serde_json::Value> {
                        let input = Input {
                            $($member: $crate::operation::declare::take!(members, $member $(as $reader)? $(= $default)?)),*
                        };
                        $crate::operation::input::finish(&members)?;
                        $crate::operation::input::written(&run(context, input)?)
                    }

                    call
                }),
                #[cfg(feature = "schema")]
                input: |generator| $crate::operation::schema::input_schema(generator, &[$(
                    $crate::operation::schema::Member {
                        name: stringify!($member),
                        documentation: concat!($($member_documentation, "\n"),+),
                        default: $crate::operation::declare::default!($member_type $(, $default)?),
                        schema: |generator| generator.subschema_for::<$member_type>(),
                    }
                ),*]),
                #[cfg(feature = "schema")]
                output: |generator| generator.subschema_for::<$output>(),
            }
        ),+];
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

#[cfg(feature = "schema")]
pub(super) use default;
pub(super) use {kind, operations, permission, take};
