use super::*;

const PC1: LoggedCertificate<'static> = LoggedCertificate { thumbprint: "68C5", issued_to: "it's 'pc1'" };

#[test]
fn what_is_written_is_read_back() {
    let certificate = known::certificate(PC1.thumbprint, PC1.issued_to);
    let written = [
        (known::BEGIN_ISSUERS.to_owned(), LogEvent::BeginIssuers),
        (known::COMPLETED_ISSUERS.to_owned(), LogEvent::CompletedIssuers),
        (known::CRL_CHECK.to_owned(), LogEvent::CrlCheck),
        (known::BEGIN_SELECT.to_owned(), LogEvent::BeginSelect),
        (known::AVAILABLE.to_owned(), LogEvent::Available),
        (known::https_enforced(63), LogEvent::HttpsEnforced),
        (known::issuer(2, "CN=A [1]; DC=b"), LogEvent::Issuer("CN=A [1]; DC=b")),
        (known::chains(1), LogEvent::Chain),
        (known::chain_element("68C5", "", "CN=A"), LogEvent::Chain),
        (known::found("CN='A'", &certificate), LogEvent::Found("CN='A'", PC1)),
        (known::skipping(&certificate, "CN=A's"), LogEvent::Skipping(PC1, "CN=A's")),
        (known::begin_validation(&certificate), LogEvent::BeginValidation(PC1)),
        (known::expired(&certificate), LogEvent::Expired(PC1)),
        (known::chain_result(0x800B_0109), LogEvent::ChainResult(0x800B_0109)),
        (known::completed_validation(&certificate), LogEvent::CompletedValidation(PC1)),
        (known::no_criteria("MY"), LogEvent::NoCriteria("MY")),
        (known::selected(PC1.thumbprint, PC1.issued_to), LogEvent::Selected(PC1)),
    ];
    for (message, event) in written {
        assert_eq!(LogEvent::of(&message), Some(event), "{message}");
    }
}

#[test]
fn published_variants_are_read() {
    let short = LoggedCertificate { thumbprint: "B3EDEBF5...", issued_to: "A-DFSR.contoso.com" };
    let lab = ">>> Client selected the PKI Certificate [B3EDEBF5...] issued to A-DFSR.contoso.com";
    assert_eq!(LogEvent::of(lab), Some(LogEvent::Selected(short)));
    let article = "Certificate [T1] issued to 'DP1' has expired.";
    assert_eq!(
        LogEvent::of(article),
        Some(LogEvent::Expired(LoggedCertificate { thumbprint: "T1", issued_to: "DP1" }))
    );
    let capable = "The Certificate [Thumbprint T6] issued to 'pc1' has 'Client Authentication' capability.";
    let t6 = LoggedCertificate { thumbprint: "T6", issued_to: "pc1" };
    assert_eq!(LogEvent::of(capable), Some(LogEvent::ClientAuthentication(t6)));
    assert_eq!(LogEvent::of("failed, 0x87d00281."), Some(LogEvent::Result(Hresult::NOTHING_MATCHED)));
    assert_eq!(LogEvent::of("0x87D002811 and 0x87d00286"), None);
    assert_eq!(LogEvent::of("[----- STARTUP -----]"), None);
}
