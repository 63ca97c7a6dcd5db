//! Set-up: what an admin enters wrongly is refused at its field, with what would be right.

use serde_json::{Value, json};

use crate::support::{API_KEY, CUSTOMER_ID, Caller, SUPPORT_NUMBER, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_support_number_is_digits_only_and_there_once() {
    let app = TestApp::start().await;
    let add = |kind: &str, number: &str| json!({ "channelAccountId": app.account, "kind": kind, "number": number });
    for (kind, number, code, part) in [
        ("GEO", "+1 (425) 230-6549", "INVALID", "14252306549"),
        ("GEO", "1425230654x", "INVALID", "1425230654"),
        ("GEO", "abc", "REQUIRED", "no digits"),
        ("GEO", "123456", "OUT_OF_RANGE", "7 to 15"),
        ("SHORT_CODE", "12", "OUT_OF_RANGE", "3 to 8"),
        ("GEO", SUPPORT_NUMBER, "NUMBER_IN_USE", ""),
    ] {
        let refused = app.admin.refused("supportNumberAdd", add(kind, number)).await;
        assert_eq!(refused["code"], code, "{number}: {refused}");
        assert_eq!(refused["field"], json!(["input", "number"]), "{number}");
        assert!(refused["message"].as_str().unwrap().contains(part), "{number}: {refused}");
    }
    let short = app.admin.mutate(
        "supportNumberAdd",
        add("SHORT_CODE", "44421"),
        "supportNumber { number kind }",
    );
    assert_eq!(short.await["supportNumber"], json!({ "number": "44421", "kind": "SHORT_CODE" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let long = "x".repeat(201);
    let nobody = "que_00000000000000000000000000";
    let table: [(&str, Value, &str, &str); 8] = [
        ("queueCreate", json!({ "name": "" }), "REQUIRED", "name"),
        ("queueCreate", json!({ "name": long }), "TOO_LONG", "name"),
        ("queueCreate", json!({ "name": "Support" }), "DUPLICATE", "name"),
        (
            "workstreamCreate",
            json!({ "name": "W", "language": "en", "fallbackQueueId": nobody }),
            "NOT_FOUND",
            "fallbackQueueId",
        ),
        (
            "agentCreate",
            json!({ "email": "nonsense", "displayName": "A", "role": "AGENT" }),
            "INVALID",
            "email",
        ),
        (
            "agentCreate",
            json!({ "email": "anna@acme.example", "displayName": "A", "role": "AGENT" }),
            "DUPLICATE",
            "email",
        ),
        (
            "agentCreate",
            json!({ "email": "a@b.example", "displayName": "A", "role": "AGENT", "password": "short" }),
            "INVALID",
            "password",
        ),
        (
            "apiTokenCreate",
            json!({ "name": "t", "role": "AGENT", "agentId": nobody }),
            "NOT_FOUND",
            "agentId",
        ),
    ];
    for (name, input, code, field) in table {
        let refused = app.admin.refused(name, input.clone()).await;
        assert_eq!(refused["field"], json!(["input", field]), "{name} {input}: {refused}");
        if field != "password" {
            assert_eq!(refused["code"], code, "{name} {input}: {refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_the_keys_tells_apart_what_is_wrong() {
    let app = TestApp::start().await;
    let other = "99999999-EEEE-DDDD-1234-AB1234567890";
    let key = "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5";
    let create = |at: usize, id: &str, key: &str| {
        json!({ "name": format!("Account {at}"), "customerId": id, "apiKey": key,
            "idempotencyKey": at.to_string() })
    };
    let refused = app.admin.refused("channelAccountCreate", create(1, other, key)).await;
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("CREDENTIALS_REJECTED"), &json!(["input", "customerId"]))
    );
    let refused = app.admin.refused("channelAccountCreate", create(2, CUSTOMER_ID, key)).await;
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("CREDENTIALS_REJECTED"), &json!(["input", "apiKey"]))
    );
    assert_eq!(app.database.count("select count(*) from channel_accounts").await, 1);
    for (flag, verdict) in [
        (json!({ "suspended": true }), "ACCOUNT_SUSPENDED"),
        (json!({ "suspended": false, "product_enabled": false }), "PRODUCT_NOT_ENABLED"),
        (json!({ "product_enabled": true, "host_allowed": false }), "WRONG_HOST"),
        (json!({ "host_allowed": true, "ip_allowed": false }), "ADDRESS_NOT_ALLOWED"),
        (json!({ "ip_allowed": true }), "OK"),
    ] {
        let mut body = json!({ "customer_id": CUSTOMER_ID });
        body.as_object_mut().unwrap().extend(flag.as_object().unwrap().clone());
        let answer = app.control("accounts", body).await;
        assert_eq!(answer.get("error"), None, "{answer}");
        let input = json!({ "channelAccountId": app.account });
        let fields = "channelAccount { status lastValidation { verdict explanation } }";
        let payload = app.admin.mutate("channelAccountValidate", input, fields).await;
        let account = &payload["channelAccount"];
        assert_eq!(account["lastValidation"]["verdict"], verdict, "{account}");
        let status = if verdict == "OK" { "VALID" } else { "INVALID" };
        assert_eq!(account["status"], status, "{account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_created_twice_with_one_key_is_one_account() {
    let app = TestApp::start().await;
    let input = json!({
        "name": "Telesign", "customerId": CUSTOMER_ID, "apiKey": API_KEY,
        "idempotencyKey": "account",
    });
    let again =
        app.admin.mutate("channelAccountCreate", input.clone(), "channelAccount { id }").await;
    assert_eq!(again["channelAccount"]["id"], app.account.as_str());
    let mut other = input;
    other["name"] = "Another".into();
    let refused = app.admin.refused("channelAccountCreate", other).await;
    assert_eq!(refused["code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_key_is_nowhere_to_be_read() {
    let app = TestApp::start().await;
    app.annas_conversation("14155550123").await;
    let query = "query ($id: ID!) { channelAccount(id: $id) { id name customerId status callbackUrl
        providerBaseUrl maxSendPerSecond credential { set fingerprint setAt }
        callbackRequestEmail { to subject body } lastValidation { verdict explanation } } }";
    let text = app.admin.data(query, json!({ "id": app.account })).await.to_string();
    assert!(text.contains(CUSTOMER_ID), "{text}");
    assert!(!text.contains(&API_KEY[..16]), "{text}");
    let tables = "select table_name from information_schema.tables where table_schema = 'public'";
    for table in app.database.column(tables).await {
        let rows = app.database.column(&format!("select t::text from \"{table}\" t")).await;
        assert!(!rows.join("\n").contains(&API_KEY[..16]), "the key is in {table}");
    }
    let sdl = std::fs::read_to_string("schema.graphql").unwrap();
    let outputs = sdl.split("\ntype ").skip(1).filter(|part| part.contains("apiKey"));
    let readable = outputs.filter(|part| part.split("\n}").next().unwrap().contains("apiKey"));
    assert_eq!(readable.count(), 0, "no object has a field for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_email_to_the_provider_is_ready_to_send() {
    let app = TestApp::start().await;
    let query = "query ($id: ID!) { channelAccount(id: $id) { callbackUrl
        callbackRequestEmail { to subject body } } }";
    let data = app.admin.data(query, json!({ "id": app.account })).await;
    let account = &data["channelAccount"];
    let body = account["callbackRequestEmail"]["body"].as_str().unwrap();
    assert!(body.contains(account["callbackUrl"].as_str().unwrap()), "{body}");
    assert!(body.contains(CUSTOMER_ID), "{body}");
    assert!(account["callbackRequestEmail"]["to"].as_str().unwrap().contains('@'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstreams_times_keep_their_ranges() {
    let app = TestApp::start().await;
    let ranges = [
        ("openSeconds", 60, 31_536_000),
        ("activeSeconds", 60, 31_536_000),
        ("waitingSeconds", 300, 31_536_000),
        ("wrapUpSeconds", 60, 2_592_000),
    ];
    for (name, least, most) in ranges {
        for wrong in [least - 1, most + 1, -1, 0, i32::MAX] {
            let settings = json!({ "autoResolve": { name: wrong } });
            for (mutation, more) in [
                (
                    "workstreamCreate",
                    json!({ "name": "W", "language": "en", "fallbackQueueId": app.queue }),
                ),
                (
                    "workstreamUpdate",
                    json!({ "workstreamId": app.workstream, "expectedVersion": 1 }),
                ),
            ] {
                let mut input = settings.clone();
                input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                let refused = app.admin.refused(mutation, input).await;
                assert_eq!(refused["code"], "OUT_OF_RANGE", "{mutation} {name} {wrong}");
                assert_eq!(refused["field"], json!(["input", "autoResolve", name]), "{refused}");
            }
        }
        let version = "select version from workstreams";
        for right in [least, most] {
            let input = json!({
                "workstreamId": app.workstream, "autoResolve": { name: right },
                "expectedVersion": app.database.count(version).await,
            });
            let fields = format!("workstream {{ autoResolve {{ {name} }} }}");
            let payload = app.admin.mutate("workstreamUpdate", input, &fields).await;
            assert_eq!(payload["workstream"]["autoResolve"][name], right);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstream_is_changed_by_who_has_seen_its_present_version() {
    let app = TestApp::start().await;
    let update = |version: i32, more: Value| {
        let mut input = json!({ "workstreamId": app.workstream, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let fields = "workstream { version name description active language
        autoResolve { openSeconds waitingSeconds } }";
    let all = json!({
        "name": "Vendite", "description": "Sells", "language": "it-IT", "active": false,
        "autoResolve": { "openSeconds": 90 },
    });
    let payload = app.admin.mutate("workstreamUpdate", update(1, all), fields).await;
    let expected = json!({
        "version": 2, "name": "Vendite", "description": "Sells", "active": false,
        "language": "it-IT", "autoResolve": { "openSeconds": 90, "waitingSeconds": 86_400 },
    });
    assert_eq!(payload["workstream"], expected, "what is left out stays");
    let stale = update(1, json!({ "name": "Other" }));
    let refused = app.admin.refused("workstreamUpdate", stale).await;
    assert_eq!(
        (&refused["code"], &refused["currentVersion"]),
        (&json!("VERSION_CONFLICT"), &json!(2))
    );
    let cleared = update(2, json!({ "description": null }));
    let payload = app.admin.mutate("workstreamUpdate", cleared, fields).await;
    assert_eq!(payload["workstream"]["description"], Value::Null);
    assert_eq!(payload["workstream"]["name"], "Vendite");
    for (more, code, field) in [
        (json!({ "name": "" }), "REQUIRED", "name"),
        (
            json!({ "fallbackQueueId": "que_00000000000000000000000000" }),
            "NOT_FOUND",
            "fallbackQueueId",
        ),
        (json!({ "workstreamId": app.queue }), "NOT_FOUND", "workstreamId"),
    ] {
        let refused = app.admin.refused("workstreamUpdate", update(3, more.clone())).await;
        assert_eq!(refused["code"], code, "{more}: {refused}");
        assert_eq!(refused["field"], json!(["input", field]), "{more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_says_how_far_it_is_to_whose_it_is_and_to_nobody_else() {
    let app = TestApp::start().await;
    let query = "{ setupState { claimed steps { name done at } } }";
    let done = async |caller: &Caller| {
        let data = caller.data(query, json!({})).await;
        assert_eq!(data["setupState"]["claimed"], true);
        let steps = data["setupState"]["steps"].as_array().unwrap().clone();
        assert!(steps.iter().all(|step| step["done"] == !step["at"].is_null()), "{steps:?}");
        let names = steps.into_iter().filter(|step| step["done"] == true);
        names.map(|step| step["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(done(&app.anna).await, ["CHANNEL_ACCOUNT", "SUPPORT_NUMBER"]);
    let (other, _) = app.other_organization().await;
    let conversation = app.annas_conversation("14155550123").await;
    assert_eq!(done(&app.anna).await, ["CHANNEL_ACCOUNT", "SUPPORT_NUMBER", "FIRST_TEXT"]);
    app.reply(&conversation, "k1", "hello").await;
    let input = json!({ "email": "ada@acme.example", "displayName": "Ada", "role": "ADMIN" });
    app.admin.mutate("agentCreate", input, "").await;
    let all = ["ADMIN", "CHANNEL_ACCOUNT", "SUPPORT_NUMBER", "FIRST_TEXT", "FIRST_REPLY"];
    assert_eq!(done(&app.anna).await, all);
    assert_eq!(done(&other).await, ["CHANNEL_ACCOUNT"], "each sees its own");
    let stranger = app.stranger().data(query, json!({})).await;
    assert_eq!(stranger["setupState"], json!({ "claimed": true, "steps": [] }));
}
