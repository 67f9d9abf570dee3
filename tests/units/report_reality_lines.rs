use super::*;

const PC1: Named<'static> = Named { thumbprint: "68C5", issued_to: "it's 'pc1'" };

#[test]
fn what_is_written_is_read_back() {
    let certificate = known::certificate(PC1.thumbprint, PC1.issued_to);
    let written = [
        (known::BEGIN_ISSUERS.to_owned(), Event::BeginIssuers),
        (known::COMPLETED_ISSUERS.to_owned(), Event::CompletedIssuers),
        (known::CRL_CHECK.to_owned(), Event::CrlCheck),
        (known::BEGIN_SELECT.to_owned(), Event::BeginSelect),
        (known::AVAILABLE.to_owned(), Event::Available),
        (known::https_enforced(63), Event::HttpsEnforced),
        (known::issuer(2, "CN=A [1]; DC=b"), Event::Issuer("CN=A [1]; DC=b")),
        (known::chains(1), Event::Chain),
        (known::chain_element("68C5", "", "CN=A"), Event::Chain),
        (known::found("CN='A'", &certificate), Event::Found("CN='A'", PC1)),
        (known::skipping(&certificate, "CN=A's"), Event::Skipping(PC1, "CN=A's")),
        (known::begin_validation(&certificate), Event::BeginValidation(PC1)),
        (known::expired(&certificate), Event::Expired(PC1)),
        (known::chain_result(0x800B_0109), Event::ChainResult(0x800B_0109)),
        (known::completed_validation(&certificate), Event::CompletedValidation(PC1)),
        (known::no_criteria("MY"), Event::NoCriteria("MY")),
        (known::selected(PC1.thumbprint, PC1.issued_to), Event::Selected(PC1)),
    ];
    for (message, event) in written {
        assert_eq!(Event::of(&message), Some(event), "{message}");
    }
}

#[test]
fn published_variants_are_read() {
    let short = Named { thumbprint: "B3EDEBF5...", issued_to: "A-DFSR.contoso.com" };
    let lab = ">>> Client selected the PKI Certificate [B3EDEBF5...] issued to A-DFSR.contoso.com";
    assert_eq!(Event::of(lab), Some(Event::Selected(short)));
    let article = "Certificate [T1] issued to 'DP1' has expired.";
    assert_eq!(Event::of(article), Some(Event::Expired(Named { thumbprint: "T1", issued_to: "DP1" })));
    let capable = "The Certificate [Thumbprint T6] issued to 'pc1' has 'Client Authentication' capability.";
    let t6 = Named { thumbprint: "T6", issued_to: "pc1" };
    assert_eq!(Event::of(capable), Some(Event::ClientAuthentication(t6)));
    assert_eq!(Event::of("failed, 0x87d00281."), Some(Event::Result(Hresult::NOTHING_MATCHED)));
    assert_eq!(Event::of("0x87D002811 and 0x87d00286"), None);
    assert_eq!(Event::of("[----- STARTUP -----]"), None);
}
