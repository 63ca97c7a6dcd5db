use super::{KeywordKind::*, *};

fn found(language: &str, text: &str) -> Option<KeywordKind> {
    Keywords::default().find(language, text).map(|keyword| keyword.kind)
}

#[test]
fn the_whole_text_is_the_word_whatever_surrounds_it() {
    let table = [
        ("STOP", OptOut),
        ("stop", OptOut),
        ("Stop.", OptOut),
        ("  stop \n", OptOut),
        ("\"STOP\"", OptOut),
        ("«Stop!»", OptOut),
        ("STOP!!!", OptOut),
        ("🛑 STOP 🛑", OptOut),
        ("stop ✋🏽", OptOut),
        ("stop all", OptOut),
        ("STOP  ALL", OptOut),
        ("StopAll", OptOut),
        ("opt-out", OptOut),
        ("Opt out", OptOut),
        ("OPTOUT", OptOut),
        ("quit", OptOut),
        ("End", OptOut),
        ("revoke", OptOut),
        ("Cancel", OptOut),
        ("UNSUBSCRIBE", OptOut),
        ("remove", OptOut),
        ("TD", OptOut),
        ("Arret", OptOut),
        ("START", OptIn),
        ("unstop", OptIn),
        ("Opt-In", OptIn),
        ("HELP?", Help),
        ("info", Help),
    ];
    for (text, kind) in table {
        assert_eq!(found("en", text), Some(kind), "{text:?}");
    }
}

#[test]
fn a_text_that_only_contains_the_word_is_conversation() {
    let table = [
        "",
        " ",
        "🛑",
        "...",
        "stop it",
        "please stop",
        "stop please",
        "stop texting me",
        "nonstop",
        "stops",
        "stopp",
        "st op",
        "s.t.o.p",
        "STOP 12345",
        "stop 2",
        "bus stop",
        "don't stop",
        "cancel my order",
        "the end",
        "ending",
        "quit my job",
        "yes",
        "ok",
        "start now",
        "help me",
        "I need help",
        "stop\u{0}stop",
    ];
    for text in table {
        assert_eq!(found("en", text), None, "{text:?}");
    }
    let long = format!("stop{}", " stop".repeat(400));
    assert_eq!(found("en", &long), None);
    assert_eq!(
        found("en", &format!("{}stop{}", " ".repeat(5_000), "\n".repeat(5_000))),
        Some(OptOut)
    );
}

#[test]
fn compatibility_forms_fold_and_lookalikes_of_other_scripts_do_not() {
    let table = [
        ("ＳＴＯＰ", Some(OptOut)),
        ("𝐒𝐓𝐎𝐏", Some(OptOut)),
        ("ⓢⓣⓞⓟ", Some(OptOut)),
        ("ſtop", Some(OptOut)),
        ("S\u{200B}T\u{2060}O\u{FEFF}P", Some(OptOut)),
        ("\u{202E}stop\u{202C}", Some(OptOut)),
        ("st\u{00AD}op", Some(OptOut)),
        // Cyrillic and Greek letters that look like ours.
        ("ЅТОР", None),
        ("STΟP", None),
        ("stор", None),
        ("5TOP", None),
        ("ST0P", None),
    ];
    for (text, kind) in table {
        assert_eq!(found("en", text), kind, "{text:?}");
    }
}

#[test]
fn words_of_a_language_hold_in_its_conversations_only() {
    let table = [
        ("it", "Basta!", Some(OptOut)),
        ("it-CH", "FINE", Some(OptOut)),
        ("en", "fine", None),
        ("en-US", "Fine.", None),
        ("it", "aiuto", Some(Help)),
        ("en", "aiuto", None),
        ("fr", "ARRÊT", Some(OptOut)),
        ("fr", "Arre\u{0302}t", Some(OptOut)),
        ("fr-CA", "désabonner", Some(OptOut)),
        ("fr", "aide", Some(Help)),
        ("es", "¡ALTO!", Some(OptOut)),
        ("es-419", "para", Some(OptOut)),
        ("en", "para", None),
        ("ar", "توقف", Some(OptOut)),
        ("ar", "تَوَقَّف", Some(OptOut)),
        ("ar", "توقـــف", Some(OptOut)),
        ("ar-EG", "\u{200F}إيقاف.", Some(OptOut)),
        ("ar", "مساعدة؟", Some(Help)),
        ("tr", "İPTAL", Some(OptOut)),
        ("tr", "IPTAL", Some(OptOut)),
        ("zh-Hant-TW", "退訂", Some(OptOut)),
        ("ja", "ストップ", Some(OptOut)),
        ("ja", "ｽﾄｯﾌﾟ", Some(OptOut)),
        // English ones hold everywhere.
        ("it", "STOP", Some(OptOut)),
        ("ar", "stopall", Some(OptOut)),
        ("zh", "Help", Some(Help)),
        ("xx", "start", Some(OptIn)),
        ("not a tag", "stop", Some(OptOut)),
    ];
    for (language, text, kind) in table {
        assert_eq!(found(language, text), kind, "{language} {text:?}");
    }
}

#[test]
fn an_organization_changes_words_and_never_loses_those_of_the_law() {
    let own = KeywordSet {
        language: "en".into(),
        opt_out: vec!["Enough!".into()],
        opt_in: vec!["Yes".into()],
        help: vec![],
    };
    let keywords = Keywords::new(vec![own.checked().unwrap()]);
    let find =
        |language: &str, text: &str| keywords.find(language, text).map(|keyword| keyword.kind);
    for locked in LOCKED {
        for language in ["en", "it", "ar"] {
            assert_eq!(find(language, &locked.to_uppercase()), Some(OptOut), "{locked}");
        }
    }
    assert_eq!(find("en", "ENOUGH"), Some(OptOut));
    assert_eq!(find("it", "enough"), Some(OptOut));
    assert_eq!(find("en", "yes"), Some(OptIn));
    assert_eq!(find("en", "stopall"), None, "what is not locked can be taken away");
    assert_eq!(find("en", "help"), None);
    assert_eq!(find("it", "basta"), Some(OptOut), "other languages stay as they were");
}

#[test]
fn words_that_cannot_be_are_refused() {
    let set = |opt_out: &[&str], opt_in: &[&str], help: &[&str]| {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let set = KeywordSet {
            language: "en".into(),
            opt_out: words(opt_out),
            opt_in: words(opt_in),
            help: words(help),
        };
        set.checked()
    };
    assert_eq!(set(&["!"], &[], &[]), Err(InvalidKeywords::Word("!".into())));
    let long = "a".repeat(WORD_CHARACTERS_MAX + 1);
    assert_eq!(set(&[], &[&long], &[]), Err(InvalidKeywords::Word(long.clone())));
    assert_eq!(set(&[], &["Stop."], &[]), Err(InvalidKeywords::Locked("stop".into())));
    assert_eq!(set(&[], &[], &["opt-out"]), Err(InvalidKeywords::Locked("opt out".into())));
    assert_eq!(set(&["basta"], &["BASTA"], &[]), Err(InvalidKeywords::Twice("basta".into())));
    let many: Vec<String> = (0..=WORDS_MAX).map(|number| format!("w{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(set(&many, &[], &[]), Err(InvalidKeywords::TooMany));
    let kept = set(&["Basta", "basta!"], &[], &[]).unwrap();
    assert_eq!(kept.opt_out, ["basta"], "each once");
}

#[test]
fn the_tables_are_sound() {
    assert!(BUILT_IN.is_sorted_by(|one, next| one.language < next.language));
    for table in &BUILT_IN {
        assert_eq!(language::canonical(table.language).as_deref(), Ok(table.language));
        let set = KeywordSet::from(table);
        let words = set.opt_out.len() + set.opt_in.len() + set.help.len();
        let checked = set.checked().unwrap_or_else(|error| panic!("{}: {error}", table.language));
        let kept = checked.opt_out.len() + checked.opt_in.len() + checked.help.len();
        assert_eq!(kept, words, "{}: a word stands there twice", table.language);
    }
    let english = BUILT_IN.iter().find(|table| table.language == COMMON).unwrap();
    for locked in LOCKED {
        assert_eq!(plain(locked), locked);
        assert!(english.opt_out.contains(&locked), "{locked} is shown");
    }
}

#[test]
fn a_stop_of_any_language_is_enough_to_hold_texts_back() {
    let keywords = Keywords::default();
    for text in ["STOP", "basta", "توقف", "退订"] {
        assert!(keywords.may_opt_out(text), "{text}");
    }
    for text in ["START", "stop it", "", "hello"] {
        assert!(!keywords.may_opt_out(text), "{text}");
    }
}
