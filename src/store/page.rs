//! Keyset pages: where a list goes on, and how much of it at a time.

use uuid::Uuid;

/// Largest page of any list.
pub const PAGE_SIZE_MAX: i64 = 100;
/// Page size when none is asked for.
pub const PAGE_SIZE_DEFAULT: i64 = 25;

/// From which end a page is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    First,
    Last,
}

/// A window of a list that is ordered by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Key = Uuid> {
    pub after: Option<Key>,
    pub before: Option<Key>,
    pub size: i64,
    pub end: PageEnd,
}

impl<Key> Page<Key> {
    /// How many rows to read: one more than the page, to know whether the list goes on.
    pub fn limit(&self) -> i64 {
        assert!((0..=PAGE_SIZE_MAX).contains(&self.size), "page sizes are checked at the API");
        self.size + 1
    }

    /// Cuts rows that were read in page order (nearest the page's end first) to the page.
    pub fn cut<Row>(&self, mut rows: Vec<Row>) -> Slice<Row> {
        let size = usize::try_from(self.size).unwrap_or(0);
        let goes_on = rows.len() > size;
        rows.truncate(size);
        let is_first = self.end == PageEnd::First;
        if !is_first {
            rows.reverse();
        }
        Slice {
            rows,
            has_next: if is_first { goes_on } else { self.before.is_some() },
            has_previous: if is_first { self.after.is_some() } else { goes_on },
        }
    }
}

/// Narrows, orders and limits a boxed query to a page.
macro_rules! keyset {
    ($query:expr, $column:expr, $page:expr) => {{
        let mut query = $query;
        if let Some(after) = $page.after {
            query = query.filter($column.gt(after));
        }
        if let Some(before) = $page.before {
            query = query.filter($column.lt(before));
        }
        let query = match $page.end {
            $crate::store::page::PageEnd::First => query.order($column.asc()),
            $crate::store::page::PageEnd::Last => query.order($column.desc()),
        };
        query.limit($page.limit())
    }};
}
pub(super) use keyset;

/// A page that was read, in list order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<Row> {
    pub rows: Vec<Row>,
    pub has_next: bool,
    pub has_previous: bool,
}

impl<Row> Slice<Row> {
    pub fn map<Other>(self, convert: impl FnMut(Row) -> Other) -> Slice<Other> {
        Slice {
            rows: self.rows.into_iter().map(convert).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }

    pub fn try_map<Other, E>(
        self,
        convert: impl FnMut(Row) -> Result<Other, E>,
    ) -> Result<Slice<Other>, E> {
        Ok(Slice {
            rows: self.rows.into_iter().map(convert).collect::<Result<_, E>>()?,
            has_next: self.has_next,
            has_previous: self.has_previous,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(end: PageEnd) -> Page<i32> {
        Page { after: None, before: None, size: 2, end }
    }

    #[test]
    fn a_page_tells_whether_the_list_goes_on() {
        let slice = page(PageEnd::First).cut(vec![1, 2, 3]);
        assert_eq!(slice, Slice { rows: vec![1, 2], has_next: true, has_previous: false });
        let slice = page(PageEnd::First).cut(vec![1, 2]);
        assert!(!slice.has_next);
    }

    #[test]
    fn the_last_page_comes_in_list_order() {
        let slice = page(PageEnd::Last).cut(vec![9, 8, 7]);
        assert_eq!(slice, Slice { rows: vec![8, 9], has_next: false, has_previous: true });
    }
}
