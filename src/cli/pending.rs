//! Stand-in until the selector lands.
use ccmcertsel::*;
use std::sync::Arc;
use time::OffsetDateTime;
pub struct Selector(Arc<Stores>, Machine, Settings);
impl Selector {
    pub fn with_cache(a: impl Into<Arc<Stores>>, b: Machine, c: Settings, _: Arc<VerificationCache>) -> Self {
        Selector(a.into(), b, c)
    }
    pub fn with_crls(self, _: Vec<Crl>) -> Self {
        self
    }
    pub fn stores(&self) -> &Arc<Stores> {
        &self.0
    }
    pub fn machine(&self) -> &Machine {
        &self.1
    }
    pub fn settings(&self) -> &Settings {
        &self.2
    }
    pub fn select(&self, _: OffsetDateTime) -> Selection {
        std::process::exit(3)
    }
    pub fn audit(&self, _: OffsetDateTime) -> Selection {
        std::process::exit(3)
    }
}
