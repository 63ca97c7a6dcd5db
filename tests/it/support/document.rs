//! GraphQL documents made from the published schema, one for each root field.

use serde_json::{Value, json};

/// An id for an argument or an input field of this name.
pub type IdOf<'a> = dyn Fn(&str) -> Value + Send + Sync + 'a;

/// A document for a root field with every argument that it must have; none where there is no such
/// field.
pub fn document(coordinate: &str, id_of: &IdOf<'_>) -> Option<(String, Value)> {
    let (root, field) = coordinate.split_once('.')?;
    let schema = std::fs::read_to_string("schema.graphql").unwrap();
    let operation = root.to_lowercase();
    let body = schema.split(&format!("\ntype {root} {{")).nth(1)?.split("\n}").next()?.to_owned();
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| {
        line.strip_prefix(field).is_some_and(|rest| rest.starts_with(['(', ':']))
    })?;
    let mut arguments = Vec::new();
    if lines[start].ends_with('(') {
        for line in &lines[start + 1..] {
            if line.starts_with(')') {
                break;
            }
            if let Some((name, kind)) = line.trim_end_matches(',').split_once(": ")
                && kind.ends_with('!')
                && !name.contains(' ')
            {
                arguments.push((name.to_owned(), kind.to_owned()));
            }
        }
    }
    let declare = |(name, kind): &(String, String)| format!("${name}: {kind}");
    let inputs = arguments.iter().map(declare).collect::<Vec<_>>().join(" ");
    let pass = |(name, _): &(String, String)| format!("{name}: ${name}");
    let passed = arguments.iter().map(pass).collect::<Vec<_>>().join(" ");
    let wrap = |text: String| if text.is_empty() { text } else { format!("({text})") };
    let query =
        format!("{operation} {} {{ {field}{} {{ __typename }} }}", wrap(inputs), wrap(passed));
    let variables =
        arguments.iter().map(|(name, kind)| (name.clone(), sample(&schema, (name, kind), id_of)));
    Some((query, Value::Object(variables.collect())))
}

/// A well-formed value of a type, for a field of this name.
fn sample(schema: &str, (name, kind): (&str, &str), id_of: &IdOf<'_>) -> Value {
    let kind = kind.trim_end_matches('!');
    if let Some(inner) = kind.strip_prefix('[') {
        return json!([sample(schema, (name, inner.trim_end_matches([']', '!'])), id_of)]);
    }
    match kind {
        "ID" => id_of(name),
        "String" => json!("0123456789ab"),
        "Int" => json!(1),
        "Boolean" => json!(false),
        "PhoneNumber" | "SmsAddress" => json!("+14155550199"),
        "LanguageTag" => json!("en"),
        _ => {
            if let Some(body) = schema.split(&format!("\nenum {kind} {{")).nth(1) {
                let mut words = body.split("\n}").next().unwrap().lines().map(str::trim);
                let is_word = |line: &&str| {
                    !line.is_empty() && line.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                };
                return json!(words.find(is_word).unwrap());
            }
            let body = schema.split(&format!("\ninput {kind} {{")).nth(1).expect(kind);
            let mut fields = serde_json::Map::new();
            for line in body.split("\n}").next().unwrap().lines().map(str::trim) {
                if let Some((name, of)) = line.split_once(": ")
                    && (of.ends_with('!') || of == "ID" || of == "[ID!]")
                    && !name.contains(' ')
                {
                    fields.insert(name.to_owned(), sample(schema, (name, of), id_of));
                }
            }
            Value::Object(fields)
        }
    }
}
