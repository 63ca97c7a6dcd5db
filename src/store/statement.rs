//! Statements with a fixed text and array parameters, for the path that every text takes.
//!
//! Diesel never keeps `sql_query` or a vector insert as a prepared statement, since their text may
//! change; these say that theirs does not, so PostgreSQL plans them once for each connection. A
//! `?` in the text stands for the next parameter.

/// Defines a statement: its parameters with their SQL types, its result columns, its text.
macro_rules! static_statement {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $rust:ty => $sql:ty,)* } -> $out:ty, $text:expr) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $name { $(pub(super) $field: $rust,)* }

        impl diesel::query_builder::QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::Query for $name {
            type SqlType = $out;
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut pass: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                let mut pieces = $text.split('?');
                pass.push_sql(pieces.next().unwrap_or_default());
                $(
                    pass.push_bind_param::<$sql, _>(&self.$field)?;
                    pass.push_sql(pieces.next().unwrap_or_default());
                )*
                Ok(())
            }
        }
    };
}
pub(super) use static_statement;
