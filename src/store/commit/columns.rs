//! Turns rows into arrays, one for each column, as `unnest` takes them.

/// Collects a column from the members of a batch.
macro_rules! columns {
    ($statement:ident from $rows:expr, $row:ident => { $($field:ident: $value:expr,)* }) => {{
        let rows = $rows;
        let mut statement = $statement::default();
        for $row in rows {
            $(statement.$field.push($value);)*
        }
        statement
    }};
}
pub(super) use columns;
