//! Relay connections: sizes and cursors checked in one place, rows turned into edges.

use async_graphql::{
    Error, OutputType,
    connection::{Connection, Edge},
};
use uuid::Uuid;

use super::{
    cursor::{decode_id, decode_line, decode_sequence},
    error::bad_input,
};
use crate::store::page::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageEnd, Slice};

/// The four arguments of every connection.
pub struct PageArguments {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl PageArguments {
    /// A page of a list that is ordered by id.
    pub fn by_id(self) -> Result<Page<Uuid>, Error> {
        self.page(decode_id)
    }

    /// A page of a conversation's texts.
    pub fn by_sequence(self) -> Result<Page<i32>, Error> {
        self.page(decode_sequence)
    }

    /// A page of a ledger, by its lines.
    pub fn by_line(self) -> Result<Page<i64>, Error> {
        self.page(decode_line)
    }

    fn page<Key>(self, decode: fn(&str) -> Option<Key>) -> Result<Page<Key>, Error> {
        let (end, asked) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(bad_input("give `first` or `last`, not both")),
            (None, Some(last)) => (PageEnd::Last, Some(last)),
            (first, None) => (PageEnd::First, first),
        };
        let size = asked.map_or(PAGE_SIZE_DEFAULT, i64::from);
        if !(0..=PAGE_SIZE_MAX).contains(&size) {
            return Err(bad_input(format!("a page has 0 to {PAGE_SIZE_MAX} items")));
        }
        let place = |name: &str, cursor: Option<String>| match cursor {
            Some(text) => decode(&text)
                .map(Some)
                .ok_or_else(|| bad_input(format!("`{name}` is not a cursor of this list"))),
            None => Ok(None),
        };
        Ok(Page {
            after: place("after", self.after)?,
            before: place("before", self.before)?,
            size,
            end,
        })
    }
}

/// Rows as edges, each with its cursor.
pub fn connect_rows<Row, Node: OutputType>(
    slice: Slice<Row>,
    cursor_of: impl Fn(&Row) -> String,
    node_of: impl Fn(Row) -> Node,
) -> Connection<String, Node> {
    let mut connection = Connection::new(slice.has_previous, slice.has_next);
    connection.edges.extend(slice.rows.into_iter().map(|row| {
        let cursor = cursor_of(&row);
        Edge::new(cursor, node_of(row))
    }));
    connection
}
