//! The phases, and what they mean for a machine by what it can do.

use crate::computer::DeviceKind;
use crate::text::SslState;

/// A phase of the transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TransitionPhase {
    /// HTTP and HTTPS; a PKI certificate is used where there is one.
    Mixed,
    /// HTTPS only, on the intranet.
    HttpsOnly,
    /// HTTPS only, over the Internet by a gateway.
    Internet,
}

impl TransitionPhase {
    /// Every phase, in order.
    pub(crate) const ALL: [TransitionPhase; 3] =
        [TransitionPhase::Mixed, TransitionPhase::HttpsOnly, TransitionPhase::Internet];

    /// `mixed`, `https_only` or `internet`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TransitionPhase::Mixed => "mixed",
            TransitionPhase::HttpsOnly => "https_only",
            TransitionPhase::Internet => "internet",
        }
    }

    /// The phase in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            TransitionPhase::Mixed => "HTTP and HTTPS, with the PKI certificate where one is available",
            TransitionPhase::HttpsOnly => "HTTPS only",
            TransitionPhase::Internet => "Internet, by a gateway",
        }
    }

    /// The site's SSL state with the CRL check on (rule Q-3): 480 in the mixed phase, 63 where only HTTPS is allowed.
    pub(crate) fn ssl_state(self) -> SslState {
        match self {
            TransitionPhase::Mixed => SslState::new(0x1E0),
            TransitionPhase::HttpsOnly | TransitionPhase::Internet => SslState::new(0x3F),
        }
    }

    /// The same with the CRL check off: 448 or 31.
    pub(crate) fn ssl_state_without_crl_check(self) -> SslState {
        SslState::new(self.ssl_state().bits() & !0x20)
    }
}

/// Whether a machine is ready in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It connects over HTTPS.
    Ready,
    /// It stays managed over HTTP, with its self-signed certificate (rule L-3).
    OverHttp,
    /// It would no longer be managed.
    Lost,
}

impl Standing {
    /// Every standing, best first.
    pub(crate) const ALL: [Standing; 3] = [Standing::Ready, Standing::OverHttp, Standing::Lost];

    /// Of a machine that cannot connect over HTTPS in this phase. Only a Windows client has a self-signed certificate to
    /// fall back on: macOS and mobile devices need theirs from a PKI.
    pub(crate) fn without_https(phase: TransitionPhase, device: DeviceKind) -> Standing {
        match (phase, device) {
            (TransitionPhase::Mixed, DeviceKind::Windows) => Standing::OverHttp,
            (TransitionPhase::Mixed, DeviceKind::MacOrMobile)
            | (TransitionPhase::HttpsOnly | TransitionPhase::Internet, _) => Standing::Lost,
        }
    }

    /// `ready`, `over_http` or `lost`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Standing::Ready => "ready",
            Standing::OverHttp => "over_http",
            Standing::Lost => "lost",
        }
    }
}

/// What a site that requires signing, or signing with SHA-256, means for a machine in the mixed phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Signing {
    /// It does not connect over HTTP, so it signs nothing: the channel protects what it sends.
    NotNeeded,
    /// Over HTTP it signs with its self-signed certificate, with SHA-256 as well.
    SelfSigned,
    /// Over HTTP it signs; whether it can do SHA-256 is not known, since its operating system is not stated.
    Sha256Unknown,
    /// Its system cannot do SHA-256: it is refused where the site requires that.
    RefusedWithSha256,
}

impl Signing {
    /// Every kind.
    pub(crate) const ALL: [Signing; 4] =
        [Signing::NotNeeded, Signing::SelfSigned, Signing::Sha256Unknown, Signing::RefusedWithSha256];

    /// By how it connects, and by its operating system as an inventory states it (`Windows Server 2003`, or version 5.2 as
    /// the site's database has it): that one lacks SHA-256 without the hotfix of KB 938397, which the text may name too.
    pub(crate) fn of(standing: Standing, os: Option<&str>) -> Signing {
        let is_2003 =
            |os: &str| os.contains("2003") || os.split(' ').any(|word| word == "5.2" || word.starts_with("5.2."));
        match (standing, os) {
            (Standing::Ready | Standing::Lost, _) => Signing::NotNeeded,
            (Standing::OverHttp, None) => Signing::Sha256Unknown,
            (Standing::OverHttp, Some(os)) if is_2003(os) && !os.contains("938397") => Signing::RefusedWithSha256,
            (Standing::OverHttp, Some(_)) => Signing::SelfSigned,
        }
    }

    /// The word in JSON and CSV.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Signing::NotNeeded => "not_needed",
            Signing::SelfSigned => "self_signed",
            Signing::Sha256Unknown => "sha256_unknown",
            Signing::RefusedWithSha256 => "refused_with_sha256",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssl_states_are_those_of_the_field() {
        let states =
            TransitionPhase::ALL.map(|phase| (phase.ssl_state().bits(), phase.ssl_state_without_crl_check().bits()));
        assert_eq!(states, [(480, 448), (63, 31), (63, 31)]);
        assert!(
            TransitionPhase::Mixed.ssl_state().allows_http()
                && TransitionPhase::Mixed.ssl_state().uses_pki_when_available()
        );
    }

    #[test]
    fn only_what_stays_on_http_signs_and_only_one_system_lacks_sha256() {
        for os in [None, Some("Windows Server 2003 SP2"), Some("Windows 11")] {
            assert_eq!(Signing::of(Standing::Ready, os), Signing::NotNeeded);
            assert_eq!(Signing::of(Standing::Lost, os), Signing::NotNeeded);
        }
        for (os, signing) in [
            ("Windows Server 2003 SP2", Signing::RefusedWithSha256),
            ("Microsoft Windows NT Server 5.2", Signing::RefusedWithSha256),
            ("Windows Server 2003 SP2, KB938397", Signing::SelfSigned),
            ("Microsoft Windows NT Workstation 10.0 (Tablet Edition)", Signing::SelfSigned),
            ("Windows 10 build 15.2", Signing::SelfSigned),
        ] {
            assert_eq!(Signing::of(Standing::OverHttp, Some(os)), signing, "{os}");
        }
        assert_eq!(Signing::of(Standing::OverHttp, None), Signing::Sha256Unknown);
    }
}
