//! The settings that the specification names, each with its values, its default and its rule.

mod choice;
mod client_version;
mod ruleset;

pub(crate) use ruleset::{PurposeRule, TemplateRule};

use choice::choice;

choice! {
    /// Which generation of the documentation applies (rule R-1).
    Ruleset "ruleset" rule R1 default Ours {
        /// 2012 to 1706.
        #[default]
        Cb1706 = "cb1706",
        /// 1710 to 2103.
        Cb1710 = "cb1710",
        /// 2107 and later.
        Cb2107 = "cb2107",
    }
}
choice! {
    /// What happens when several certificates pass every step (rule L-2).
    OnMultiple "on_multiple" rule L2 default Documented {
        /// Fails with 0x87D00282, as bare CCMSetup and the readiness tool do.
        #[default]
        Fail = "fail",
        /// Selects the longest validity period, as a site-managed client does.
        SelectLongest = "select-longest",
    }
}
choice! {
    /// What "the longest validity period" compares first (rule L-1).
    LongestBy "longest_by" rule L1 default Assumed {
        /// notAfter minus notBefore, the literal reading.
        #[default]
        Period = "period",
        /// Only notAfter.
        NotAfter = "not-after",
    }
}
choice! {
    /// Where the criteria come from, which decides whether `SubjectStr:` may search the SAN (rule C-5).
    CriteriaSource "criteria_source" rule C5 default Documented {
        /// A client.msi property or the readiness tool.
        #[default]
        CcmSetup = "ccm-setup",
        /// The site's setting.
        Site = "site",
    }
}
choice! {
    /// What text `SubjectStr:` and rule P-6 search (rule C-4).
    SubjectText "subject_text" rule C4 default Assumed {
        /// The attribute values joined by `, `, without keys.
        #[default]
        SimpleName = "simple-name",
        /// The X.500 string, with keys.
        X500 = "x500",
    }
}
choice! {
    /// Which SAN values count (rule A-4).
    SanValues "san_values" rule A4 default Documented {
        /// The first of each kind of general name.
        #[default]
        FirstOnly = "first-only",
        /// All of them.
        All = "all",
    }
}
choice! {
    /// How an issuers entry written as text is compared (rule I-4).
    IssuerMatch "issuer_match" rule I4 default Assumed {
        /// Every listed attribute must be present in the root's subject.
        #[default]
        ListedAttributes = "listed-attributes",
        /// Listed attributes and subject must be the same.
        WholeName = "whole-name",
    }
}
choice! {
    /// Which certificate of the chain is compared with the issuers list (rule I-5).
    IssuerScope "issuer_scope" rule I5 default Observed {
        /// The last one.
        #[default]
        RootOnly = "root-only",
        /// Any CA of the chain.
        AnyCaInChain = "any-ca-in-chain",
    }
}
choice! {
    /// How attributes of one issuers entry are separated (rule I-9).
    IssuerSyntax "issuer_syntax" rule I9 default Observed {
        /// By `,` or `;`, as documented.
        #[default]
        Documented = "documented",
        /// Only by `;`, as real clients were seen to do.
        SemicolonOnly = "semicolon-only",
    }
}
choice! {
    /// Whether revocation is checked (rule V-7).
    Revocation "revocation" rule V7 default Documented {
        /// The whole chain except the root.
        #[default]
        Check = "check",
        /// Not at all (`/NoCRLCheck`).
        Off = "off",
    }
}
choice! {
    /// What an unknown revocation status means (rule V-8).
    UnknownStatus "unknown_status" rule V8 default Documented {
        /// As if every certificate of the chain were revoked.
        #[default]
        TreatAsRevoked = "treat-as-revoked",
        /// It passes.
        Accept = "accept",
    }
}
choice! {
    /// Which keys may sign a CRL (rule V-9).
    CrlSigner "crl_signer" rule V9 default Documented {
        /// The key that signed the certificate.
        #[default]
        SameKey = "same-key",
        /// Any key of the CRL's issuer whose own path leads to the same root (RFC 5280 6.3.3).
        SameName = "same-name",
    }
}
choice! {
    /// Whether a base CRL that names a freshest CRL needs a current delta (rule V-9).
    DeltaCrl "delta_crl" rule V9 default Documented {
        /// It does, as in Windows.
        #[default]
        Required = "required",
        /// It does not.
        Optional = "optional",
    }
}
choice! {
    /// How weak signatures and keys are judged (rule V-11).
    SignaturePolicy "signature_policy" rule V11 default Documented {
        /// SHA-1 and RSA of 1024 to 2047 bits pass with a warning.
        #[default]
        Windows = "windows",
        /// Both are rejected.
        Strict = "strict",
    }
}
choice! {
    /// What counts as an anchor (rule V-5).
    Anchors "anchors" rule V5 default Documented {
        /// Self-signed certificates of `ROOT`.
        #[default]
        SelfSigned = "self-signed",
        /// Every certificate of `ROOT`.
        AnyInRoot = "any-in-root",
    }
}
choice! {
    /// Whether an ECC key passes (rule V-4).
    EccKeys "ecc_keys" rule V4 default Documented {
        /// It is rejected.
        #[default]
        Reject = "reject",
        /// It passes.
        Accept = "accept",
    }
}
choice! {
    /// Whether keys in a key storage provider can be opened (`/CCMPKICERTOPTIONS`, rule V-4).
    CngKeys "cng_keys" rule V4 default Documented {
        /// As the ruleset has it.
        #[default]
        ByRuleset = "by-ruleset",
        /// They cannot (`/CCMPKICERTOPTIONS=0`).
        Off = "off",
    }
}
choice! {
    /// What a certificate without any extended key usage may do (rule P-2).
    NoEku "no_eku" rule P2 default Assumed {
        /// Every purpose.
        #[default]
        AllPurposes = "all-purposes",
        /// It is not for client authentication.
        NotClientAuth = "not-client-auth",
    }
}
choice! {
    /// Whether key usage must allow digitalSignature (rule P-7).
    KeyUsagePolicy "key_usage" rule P7 default Assumed {
        /// It must, when present.
        #[default]
        Enforce = "enforce",
        /// It is not looked at.
        Ignore = "ignore",
    }
}
choice! {
    /// Whether an empty Subject passes the name step of `cb2107` (rule P-6).
    EmptySubject "empty_subject" rule P6 default Documented {
        /// It does.
        #[default]
        Exempt = "exempt",
        /// It does not.
        Rejected = "rejected",
    }
}
choice! {
    /// Whether the name step of `cb2107` is done (`CCMCERTNAMECHECK`, rule R-2).
    NameCheck "name_check" rule R2 default Documented {
        /// It is.
        #[default]
        On = "on",
        /// It is waived.
        Waived = "waived",
    }
}
choice! {
    /// How much a log has: the client.msi property `CCMLOGLEVEL`, 0 to 3. It decides nothing about the selection.
    LogLevel "log_level" rule Q1 default Documented {
        /// Every line (`0`).
        #[default]
        Verbose = "verbose",
        /// Those of type 0 are left out, so that a good validation is two lines (`1`).
        Normal = "normal",
        /// Warnings and errors (`2`).
        Warnings = "warnings",
        /// Errors (`3`).
        Errors = "errors",
    }
}
choice! {
    /// Whether a valid policy is required from the start (RFC 5280 6.1.1 initial-explicit-policy).
    ExplicitPolicy "explicit_policy" rule V5 default Documented {
        /// It is not.
        #[default]
        NotRequired = "not-required",
        /// It is.
        Required = "required",
    }
}
choice! {
    /// Whether policies may be mapped (RFC 5280 6.1.1 initial-policy-mapping-inhibit).
    PolicyMapping "policy_mapping" rule V5 default Documented {
        /// They may.
        #[default]
        Allowed = "allowed",
        /// They may not.
        Inhibited = "inhibited",
    }
}
choice! {
    /// Whether anyPolicy counts (RFC 5280 6.1.1 initial-any-policy-inhibit).
    AnyPolicy "any_policy" rule V5 default Documented {
        /// It does.
        #[default]
        Allowed = "allowed",
        /// It does not.
        Inhibited = "inhibited",
    }
}
