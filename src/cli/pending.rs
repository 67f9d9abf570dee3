use ccmcertsel::*;
use std::sync::Arc;
#[derive(Clone)]
pub struct Crl;
#[derive(Debug)]
pub struct CrlError;
impl std::fmt::Display for CrlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bad crl")
    }
}
impl Crl {
    pub fn from_der(_: &[u8]) -> Result<Crl, CrlError> {
        Ok(Crl)
    }
}
pub struct Selector(Stores, Machine, Settings);
impl Selector {
    pub fn new(a: Stores, b: Machine, c: Settings) -> Self {
        Selector(a, b, c)
    }
    pub fn with_crls(self, _: Vec<Crl>) -> Self {
        self
    }
    pub fn with_verification_cache(self, _: Arc<VerificationCache>) -> Self {
        self
    }
    pub fn stores(&self) -> &Stores {
        &self.0
    }
    pub fn machine(&self) -> &Machine {
        &self.1
    }
    pub fn settings(&self) -> &Settings {
        &self.2
    }
    pub fn select(&self, _: Timestamp) -> Selection {
        unimplemented!()
    }
    pub fn audit(&self, _: Timestamp) -> Selection {
        unimplemented!()
    }
}
