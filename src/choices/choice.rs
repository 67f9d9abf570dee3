//! Settings with a few named values: one macro, so that every one of them has the same text form.

macro_rules! choice {
    (
        $(#[$doc:meta])* $name:ident $setting:literal rule $rule:ident default $basis:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The setting's name in inventories and on the command line.
            pub const SETTING: &'static str = $setting;
            /// The rule that asks for the setting.
            pub const RULE: crate::rules::Rule = crate::rules::Rule::$rule;
            /// What the default rests on: where that is not documentation, the other values are other readings (rule R-5).
            pub const DEFAULT_BASIS: crate::rules::Basis = crate::rules::Basis::$basis;
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The value's name in inventories and on the command line, in kebab case.
            pub(crate) fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::value_error::ValueError;

            fn from_str(s: &str) -> Result<Self, Self::Err> {
                // Names are read in any case, and so are values.
                match s.to_ascii_lowercase().as_str() {
                    $($text => Ok($name::$variant),)*
                    _ => {
                        let values = [$(concat!("`", $text, "`")),*].join(" or ");
                        Err(crate::value_error::ValueError::new(s, concat!("a value of `", $setting, "`"), values))
                    }
                }
            }
        }
    };
}

pub(crate) use choice;
