//! Stand-ins until the room revocation lands its own types.
#![allow(missing_docs)]
use crate::Rule;
macro_rules! pending { ($($n:ident)*) => { $(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct $n { pub rule: Rule, pub code: &'static str, pub message: String }
    impl $n { pub fn rule(&self) -> Rule { self.rule } pub fn code(&self) -> &'static str { self.code } }
    impl std::fmt::Display for $n { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.message) } }
)* } }
pending! { RevocationEvidence RevocationFailure }
impl RevocationFailure {
    pub fn missing(&self) -> Vec<String> {
        Vec::new()
    }
    pub fn near_miss(&self) -> Option<super::RevocationNearMiss> {
        None
    }
}
