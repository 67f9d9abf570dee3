//! Precedence of sources (rules Q-1, C-5, L-2).

use ccmcertsel::settings::{
    ClientState, CriteriaSource, IssuerSyntax, NameCheck, OnMultiple, Phase, Resolved, Revocation, Ruleset,
    SettingSource, SettingsWarning, Sources,
};
use ccmcertsel::text::{Property, SslState};
use ccmcertsel::{IssuersList, Properties, Settings};

fn properties(line: &str) -> Properties {
    line.parse().unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn all() -> Sources {
    Sources::new()
        .with(SettingSource::CcmSetup, properties("CCMCERTSEL=Subject:setup CCMCERTSTORE=Setup FSP=setup"))
        .with(SettingSource::ClientPush, properties("CCMCERTSEL=Subject:push CCMFIRSTCERT=1 FSP=push"))
        .with(
            SettingSource::ActiveDirectory,
            properties("CCMCERTSEL=Subject:directory CCMCERTISSUERS=CN=a SMSSITECODE=ABC"),
        )
        .with(SettingSource::AssignedSite, properties("CCMCERTSEL=Subject:site CCMCERTISSUERS=CN=b"))
}

fn criteria(resolved: &Resolved) -> (String, SettingSource, Vec<(SettingSource, String)>) {
    let row = resolved.row(Property::CertSel);
    (row.value.expect("criteria"), row.source, row.displaced)
}

#[test]
fn during_installation_the_command_line_wins() {
    let resolved = Settings::resolve(Phase::Installation, &all());
    let (value, source, displaced) = criteria(&resolved);
    assert_eq!((value.as_str(), source), ("Subject:setup", SettingSource::CcmSetup));
    assert_eq!(displaced, [(SettingSource::ClientPush, "Subject:push".to_owned())]);
    assert!(resolved.active_directory_unread());
    assert_eq!(resolved.row(Property::CertIssuers).value, None, "the issuers of the directory are not read");
    assert_eq!(resolved.settings().get::<CriteriaSource>(), CriteriaSource::CcmSetup);
    assert_eq!(resolved.settings().store().as_str(), "Setup");
    assert_eq!(resolved.row(Property::FirstCert).source, SettingSource::ClientPush);
}

#[test]
fn afterwards_a_refresh_overwrites_the_selection_settings() {
    let resolved = Settings::resolve(Phase::Afterwards, &all());
    let (value, source, displaced) = criteria(&resolved);
    assert_eq!((value.as_str(), source), ("Subject:site", SettingSource::AssignedSite));
    let sources: Vec<SettingSource> = displaced.iter().map(|(source, _)| *source).collect();
    let expected = [SettingSource::ActiveDirectory, SettingSource::CcmSetup, SettingSource::ClientPush];
    assert_eq!(sources, expected);
    assert_eq!(resolved.row(Property::CertIssuers).value.as_deref(), Some("CN=b"));
    assert_eq!(resolved.settings().get::<CriteriaSource>(), CriteriaSource::Site);
    // What a refresh does not carry stays as it was installed.
    let row = |property| resolved.row(property);
    assert_eq!(row(Property::CertStore).source, SettingSource::CcmSetup);
    assert_eq!(row(Property::FallbackStatusPoint).value.as_deref(), Some("setup"));
    assert_eq!(row(Property::SiteCode).source, SettingSource::ActiveDirectory);
}

#[test]
fn active_directory_is_read_only_when_ccmsetup_got_nothing() {
    let directory = properties("CCMCERTSEL=SubjectStr:directory");
    let bare = Sources::new().with(SettingSource::ActiveDirectory, directory.clone());
    let resolved = Settings::resolve(Phase::Installation, &bare);
    assert_eq!(criteria(&resolved).1, SettingSource::ActiveDirectory);
    assert_eq!(resolved.settings().get::<CriteriaSource>(), CriteriaSource::Site, "C-5");
    assert!(!resolved.active_directory_unread());

    let any = bare.clone().with(SettingSource::CcmSetup, properties("OTHER=1"));
    assert_eq!(Settings::resolve(Phase::Installation, &any).row(Property::CertSel).value, None);

    let push = bare.with(SettingSource::ClientPush, properties("FSP=x"));
    let resolved = Settings::resolve(Phase::Installation, &push);
    assert_eq!(resolved.row(Property::CertSel).value, None, "client push does not read the directory");
    assert!(resolved.active_directory_unread());
}

#[test]
fn criteria_by_client_push_are_the_sites() {
    let sources = Sources::new().with(SettingSource::ClientPush, properties("CCMCERTSEL=SubjectStr:push"));
    let settings = Settings::resolve(Phase::Installation, &sources).settings();
    assert_eq!(settings.get::<CriteriaSource>(), CriteriaSource::Site, "C-5");
}

#[test]
fn the_two_defaults_for_several_certificates() {
    let on_multiple = |resolved: &Resolved| resolved.settings().get::<OnMultiple>();
    let bare = Settings::resolve(Phase::Installation, &Sources::new());
    assert_eq!(on_multiple(&bare), OnMultiple::Fail);
    assert_eq!(bare.row(Property::FirstCert).source, SettingSource::Default);
    let managed = Sources::new().with(SettingSource::AssignedSite, Properties::new());
    let during = Settings::resolve(Phase::Installation, &managed);
    assert_eq!(on_multiple(&during), OnMultiple::Fail);
    let after = Settings::resolve(Phase::Afterwards, &managed);
    assert_eq!(on_multiple(&after), OnMultiple::SelectLongest);
    let stated = managed.with(SettingSource::CcmSetup, properties("CCMFIRSTCERT=0"));
    assert_eq!(on_multiple(&Settings::resolve(Phase::Afterwards, &stated)), OnMultiple::Fail);
}

#[test]
fn switches_become_settings() {
    let sources =
        Sources::new().with(SettingSource::CcmSetup, properties("/NoCRLCheck CCMCERTNAMECHECK=0 /CCMPKICERTOPTIONS=0"));
    let settings = Settings::resolve(Phase::Installation, &sources).settings();
    assert_eq!(settings.get::<Revocation>(), Revocation::Off);
    assert_eq!(settings.get::<NameCheck>(), NameCheck::Waived);
    assert_eq!(settings.get::<ccmcertsel::settings::CngKeys>().name(), "off");
}

#[test]
fn the_sites_state_overwrites_the_crl_check() {
    let site = Properties::new().with_ssl_state(SslState::new(63));
    let sources =
        Sources::new().with(SettingSource::CcmSetup, properties("/NoCRLCheck")).with(SettingSource::AssignedSite, site);
    let resolved = Settings::resolve(Phase::Afterwards, &sources);
    assert_eq!(resolved.settings().get::<Revocation>(), Revocation::Check);
    let row = resolved.row(Property::NoCrlCheck);
    assert_eq!(row.to_string(), "/NoCRLCheck = check (assigned site; displaced ccmsetup: off)");
}

#[test]
fn a_row_says_who_won_and_what_was_displaced() {
    let rows = Settings::resolve(Phase::Afterwards, &all()).rows();
    let text: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let expected = [
        "/UsePKICert = not set (default)",
        "/NoCRLCheck = check (default)",
        "/CCMPKICERTOPTIONS = by-ruleset (default)",
        "CCMCERTSEL = Subject:site (assigned site; displaced active directory: Subject:directory, ccmsetup: \
         Subject:setup, client push: Subject:push)",
        "CCMCERTISSUERS = CN=b (assigned site; displaced active directory: CN=a)",
        "CCMCERTSTORE = Setup (ccmsetup)",
        "CCMFIRSTCERT = select-longest (client push)",
        "CCMCERTNAMECHECK = on (default)",
        "CCMHTTPSSTATE = not set (default)",
        "CCMLOGLEVEL = verbose (default)",
        "FSP = setup (ccmsetup; displaced client push: push)",
        "SMSSITECODE = ABC (active directory)",
        "SMSROOTKEYPATH = not set (default)",
        "SMSPublicRootKey = not set (default)",
        "RESETKEYINFORMATION = not set (default)",
        "SMSSIGNCERT = not set (default)",
    ];
    assert_eq!(text, expected);
}

/// V-7: `/NoCRLCheck` serves until the client has the site's settings.
#[test]
fn v7_the_command_line_turns_the_crl_check_off_only_during_installation() {
    let setup = Sources::new().with(SettingSource::CcmSetup, properties("/NoCRLCheck"));
    let during = Settings::resolve(Phase::Installation, &setup);
    assert_eq!(during.settings().get::<Revocation>(), Revocation::Off);
    assert_eq!(during.warnings(), [SettingsWarning::NoCrlCheckUntilSite]);

    let after = Settings::resolve(Phase::Afterwards, &setup);
    assert_eq!(after.settings().get::<Revocation>(), Revocation::Check);
    assert_eq!(after.warnings(), [SettingsWarning::NoCrlCheckOver { counts: SettingSource::Default }]);
    let row = after.rows().into_iter().find(|row| row.property == Property::NoCrlCheck).expect("a row");
    assert_eq!(row.to_string(), "/NoCRLCheck = check (default; displaced ccmsetup: off)");

    // The site's own state turns it off for good, whichever way it comes.
    let state = || properties("CCMHTTPSSTATE=31");
    let by_site = [
        setup.clone().with(SettingSource::AssignedSite, state()),
        setup.clone().with(SettingSource::ActiveDirectory, state()),
        setup.clone().with(SettingSource::ClientPush, state()),
        setup.clone().with(SettingSource::MobileClientFile, state()),
    ];
    for sources in by_site {
        let after = Settings::resolve(Phase::Afterwards, &sources);
        assert_eq!(after.settings().get::<Revocation>(), Revocation::Off);
        assert_eq!(after.warnings(), []);
    }
    let checks = setup.with(SettingSource::AssignedSite, properties("CCMHTTPSSTATE=63"));
    let after = Settings::resolve(Phase::Afterwards, &checks);
    assert_eq!(after.warnings(), [SettingsWarning::NoCrlCheckOver { counts: SettingSource::AssignedSite }]);
}

/// the bits of `CCMHTTPSSTATE` are settings; a switch beside it is stronger.
#[test]
fn q3_the_crl_bit_is_a_setting_like_any() {
    let revocation = |line: &str| properties(line).revocation();
    assert_eq!(revocation("CCMHTTPSSTATE=31"), Some(Revocation::Off));
    assert_eq!(revocation("CCMHTTPSSTATE=255"), Some(Revocation::Check));
    assert_eq!(revocation("CCMHTTPSSTATE=0xFF /NoCRLCheck"), Some(Revocation::Off));
    assert_eq!(revocation("SMSSITECODE=ABC"), None);
    assert!(properties("CCMHTTPSSTATE=480").uses_pki_cert());
    assert!(!properties("CCMHTTPSSTATE=224").uses_pki_cert());
}

/// what the client reports of itself counts afterwards, an empty value included.
#[test]
fn q5_the_clients_state_wins_afterwards() {
    let state = ClientState::from_values([
        ("certificateselectioncriteria0", Some("")),
        ("CertificateStore", Some("ConfigMgr")),
        ("SelectFirstCertificate", Some("True")),
        ("HttpsStateFlags", Some("31")),
        ("InternetMPHostName", Some("cmg.contoso.com")),
        ("ClientAlwaysOnInternet", Some("1")),
        ("InstanceKey", Some("x")),
    ])
    .expect("a state");
    assert_eq!((state.always_on_internet(), state.internet_management_point()), (Some(true), Some("cmg.contoso.com")));
    let sources = all().with(SettingSource::ClientState, state.properties().clone());
    let after = Settings::resolve(Phase::Afterwards, &sources);
    assert_eq!(after.row(Property::CertSel).value, None, "the client has no criteria");
    let settings = after.settings();
    assert_eq!((settings.store().as_str(), settings.get::<Revocation>()), ("ConfigMgr", Revocation::Off));
    assert_eq!(settings.get::<OnMultiple>(), OnMultiple::SelectLongest);
    let row = |property| after.row(property).to_string();
    assert_eq!(
        row(Property::CertSel),
        "CCMCERTSEL = not set (client state; displaced assigned site: Subject:site, active directory: Subject:directory, \
         ccmsetup: Subject:setup, client push: Subject:push)"
    );
    assert_eq!(row(Property::CertStore), "CCMCERTSTORE = ConfigMgr (client state; displaced ccmsetup: Setup)");
    assert_eq!(row(Property::HttpsState), "CCMHTTPSSTATE = 31: https only (client state)");

    let during = Settings::resolve(Phase::Installation, &sources);
    assert!(during.row(Property::CertSel).value.is_some());
    assert_eq!(during.warnings(), [SettingsWarning::ClientStateUnread]);
    for (name, value, expected) in [
        ("HttpsStateFlags", "many", "HttpsStateFlags: `many` is not an SSL state"),
        ("SelectFirstCertificate", "2", "SelectFirstCertificate: `2` is not a flag"),
        ("CertificateSelectionCriteria", "contoso", "CertificateSelectionCriteria: no verb"),
        ("Name", "PC1", "this is not the state of a client"),
    ] {
        let error = ClientState::from_values([(name, Some(value))]).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// I-9: the reading of the comma is a setting of the library as well, whatever the list was read under.
#[test]
fn i9_the_issuer_syntax_of_the_settings_counts() {
    let text = "CN=Contoso Root CA, O=Contoso, Ltd, C=US";
    let semicolons = IssuersList::parse(text, IssuerSyntax::SemicolonOnly).expect("a list");
    let documented: IssuersList = text.parse().expect("a list");
    assert_ne!(semicolons, documented);
    for list in [&semicolons, &documented] {
        let settings = Settings::ccm_setup().with_issuers(list.clone());
        assert_eq!(settings.clone().with(IssuerSyntax::SemicolonOnly).issuers(), Some(&semicolons));
        assert_eq!(settings.with(IssuerSyntax::Documented).issuers(), Some(&documented));
    }
    let mut by_name = Settings::ccm_setup().with_properties(&properties(&format!("CCMCERTISSUERS=\"{text}\"")));
    by_name.set("issuer-syntax", "semicolon-only").expect("a setting");
    assert_eq!(by_name.issuers(), Some(&semicolons));
    assert_eq!(semicolons.under(IssuerSyntax::Documented).comma_separated(), [0]);
    assert!(documented.under(IssuerSyntax::SemicolonOnly).documented_reading().is_some(), "for the near miss");
    // Without commas there is one reading, and a value in quotes has no reading by semicolons: nothing can match it.
    let plain: IssuersList = "CN=a; O=b".parse().expect("a list");
    assert_eq!(plain.under(IssuerSyntax::SemicolonOnly), &plain);
    let quoted: IssuersList = "CN=\"a\", O=b".parse().expect("a list");
    assert_eq!(quoted.under(IssuerSyntax::SemicolonOnly).to_string(), "CN=\"CN=\"\"a\"\", O=b\"");
}

/// a client's version, by release or build, is a ruleset.
#[test]
fn r1_a_client_version_is_a_ruleset() {
    use Ruleset::{Cb1706, Cb1710, Cb2107};
    let known = [
        ("1511", Cb1706),
        ("1706", Cb1706),
        ("1710", Cb1710),
        ("2103", Cb1710),
        ("2107", Cb2107),
        (" 2403 ", Cb2107),
        ("5.00.7958.1000", Cb1706),
        ("5.00.8576.1000", Cb1706),
        ("5.00.8577.1000", Cb1710),
        ("5.00.9057.1000", Cb1710),
        ("5.00.9058.1000", Cb2107),
        ("5.0.9128", Cb2107),
    ];
    for (text, ruleset) in known {
        assert_eq!(Ruleset::of_client_version(text), Ok(ruleset), "{text}");
        let mut settings = Settings::ccm_setup();
        settings.set("ruleset", text).expect("a version is a value of the setting");
        assert_eq!(settings.get::<Ruleset>(), ruleset, "{text}");
    }
    for wrong in [
        "",
        "2012",
        "2413",
        "2400",
        "1510",
        "24.03",
        "9128",
        "4.00.6487.2000",
        "5.00",
        "5.00.x.1",
        "+403",
        "5.0.9128.1.2",
    ] {
        let error = Ruleset::of_client_version(wrong).unwrap_err().to_string();
        assert!(error.contains("is not a client version") && error.ends_with("(R-1)"), "{error}");
        assert!(Settings::ccm_setup().set("ruleset", wrong).is_err(), "{wrong}");
    }
}

/// What-if of no value: stated as none, it displaces; absent, it does not.
#[test]
fn no_value_is_not_the_same_as_an_absent_one() {
    let none = Properties::new().without(Property::CertSel).without(Property::CertIssuers).without(Property::CertStore);
    let line = properties("CCMCERTSEL=Subject:a CCMCERTISSUERS=CN=a CCMCERTSTORE=x FSP=f");
    let settings = Settings::ccm_setup().with_properties(&line);
    let changed = settings.clone().with_properties(&none);
    assert_eq!((changed.criteria(), changed.issuers(), changed.store().as_str()), (None, None, "MY"));
    assert!(settings.with_properties(&Properties::new()).criteria().is_some());
    assert_eq!(none.clone().over(line.clone()).to_string(), "FSP=f");
    assert!(line.clone().over(none.clone()).criteria().is_some());
    assert!(none.clone().over(line.clone()).clears(Property::CertSel));
    assert!(!line.over(none).clears(Property::CertSel));
}
