//! The words as they are, before an organization changes them.
//!
//! The union of what United States law names, what carriers and providers document as their own
//! defaults, and the plain words of each language.

/// What opts out by law (47 CFR 64.1200(a)(10)), in plain form: nobody can take these away.
pub const LOCKED: [&str; 7] = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"];

/// The words of one language.
#[derive(Debug)]
pub struct BuiltIn {
    pub language: &'static str,
    pub opt_out: &'static [&'static str],
    pub opt_in: &'static [&'static str],
    pub help: &'static [&'static str],
}

/// Sorted by language. The English ones hold in every conversation.
pub const BUILT_IN: [BuiltIn; 11] = [
    BuiltIn {
        language: "ar",
        opt_out: &[
            "توقف",
            "قف",
            "إيقاف",
            "ايقاف",
            "إلغاء",
            "الغاء",
            "إلغاء الاشتراك",
            "الغاء الاشتراك",
        ],
        opt_in: &["ابدأ", "ابدا", "بدء", "اشتراك"],
        help: &["مساعدة", "مساعده"],
    },
    BuiltIn {
        language: "de",
        opt_out: &["stopp", "stoppen", "abmelden", "abbestellen", "beenden", "ende"],
        opt_in: &["starten"],
        help: &["hilfe"],
    },
    BuiltIn {
        language: "en",
        opt_out: &[
            "stop",
            "quit",
            "end",
            "revoke",
            "opt out",
            "cancel",
            "unsubscribe",
            "stopall",
            "stop all",
            "optout",
            "remove",
            "td",
            "arret",
            "arrêt",
            "arrete",
            "arrett",
        ],
        opt_in: &["start", "unstop", "optin", "opt in"],
        help: &["help", "info"],
    },
    BuiltIn {
        language: "es",
        opt_out: &[
            "alto", "para", "parar", "pare", "baja", "cancelar", "cancela", "detener", "fin",
            "basta", "salir",
        ],
        opt_in: &["alta", "iniciar", "empezar", "comenzar"],
        help: &["ayuda"],
    },
    BuiltIn {
        language: "fr",
        opt_out: &[
            "arret",
            "arrêt",
            "arrete",
            "arrête",
            "arreter",
            "arrêter",
            "annuler",
            "desabonner",
            "désabonner",
            "desinscrire",
            "désinscrire",
            "fin",
        ],
        opt_in: &["demarrer", "démarrer", "commencer"],
        help: &["aide", "infos"],
    },
    BuiltIn {
        language: "it",
        opt_out: &[
            "ferma",
            "fermati",
            "basta",
            "fine",
            "annulla",
            "cancella",
            "cancellami",
            "disiscrivi",
            "disiscrivimi",
            "rimuovi",
            "revoca",
        ],
        opt_in: &["inizia", "riprendi", "iscrivimi"],
        help: &["aiuto", "assistenza"],
    },
    BuiltIn {
        language: "ja",
        opt_out: &["停止", "配信停止", "解除", "ストップ"],
        opt_in: &["開始", "再開"],
        help: &["ヘルプ"],
    },
    BuiltIn {
        language: "nl",
        opt_out: &["stoppen", "afmelden", "uitschrijven", "einde"],
        opt_in: &["starten"],
        help: &["hulp"],
    },
    BuiltIn {
        language: "pt",
        opt_out: &["parar", "pare", "sair", "cancelar", "remover", "descadastrar"],
        opt_in: &["iniciar", "começar", "comecar"],
        help: &["ajuda"],
    },
    BuiltIn {
        language: "tr",
        opt_out: &["dur", "durdur", "iptal", "ret"],
        opt_in: &["başla", "basla"],
        help: &["yardım", "yardim"],
    },
    BuiltIn {
        language: "zh",
        opt_out: &["停止", "退订", "退訂", "取消"],
        opt_in: &["开始", "開始"],
        help: &["帮助", "幫助"],
    },
];
